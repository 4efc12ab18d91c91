//! A file of arrays, whatever its format.

use super::array::{Array, Place};
use super::error::{Fault, FeatureError, clean};
use super::{ReadSeek, idx, npy, npz, safetensors};
use std::io::SeekFrom;

/// A file of arrays, open. Only its headers have been read, and what is read later is never held whole by it.
pub struct FeatureFile {
    file: Box<dyn ReadSeek>,
    name: String,
    arrays: Vec<Array>,
    ignored: Vec<Ignored>,
}

/// Something in a file that is no layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignored {
    /// Name of the file.
    pub file: String,
    /// Its name.
    pub array: String,
    /// Why.
    pub reason: Fault,
}

impl FeatureFile {
    /// Opens a file by its content, which decides the format; `name` is for messages, and the array of an npy or IDX file is called by it.
    ///
    /// # Errors
    /// If it is none of .npy, .npz, .safetensors and IDX, or its headers are malformed or promise what is not there.
    pub fn open(file: impl ReadSeek + 'static, name: &str) -> Result<Self, FeatureError> {
        Self::of(Box::new(file), clean(name))
    }

    fn of(mut file: Box<dyn ReadSeek>, name: String) -> Result<Self, FeatureError> {
        let whole = |fault: Fault| fault.of(&name, None);
        let (start, length) = start(&mut *file).map_err(whole)?;
        let (mut arrays, mut ignored) = (Vec::new(), Vec::new());
        if start.is_empty() {
            return Err(whole(Fault::Empty));
        } else if start.starts_with(npy::MAGIC) {
            arrays.push(single(&mut *file, &name, length).map_err(whole)?);
        } else if npz::MAGICS.iter().any(|magic| start.starts_with(magic)) {
            (arrays, ignored) = npz::read(&mut *file, &name, length)?;
        } else if safetensors::is(&start) {
            arrays = safetensors::read(&mut *file, &name, length)?;
        } else if idx::is(&start) || start.starts_with(idx::GZIP) {
            let stem = name.strip_suffix(".gz").unwrap_or(&name).to_owned();
            arrays.push(idx::read(&mut *file, stem, length).map_err(whole)?);
        } else {
            let bytes: Vec<String> = start.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            return Err(whole(Fault::Format(bytes.join(" "))));
        }
        Ok(Self { file, name, arrays, ignored })
    }

    /// Its name, cleaned: to be shown as text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its arrays, in the order of the file: of an npz the directory's, of safetensors the bytes'.
    pub fn arrays(&self) -> &[Array] {
        &self.arrays
    }

    /// What it holds beside arrays.
    pub fn ignored(&self) -> &[Ignored] {
        &self.ignored
    }

    /// An array that there is, the file's name and its bytes.
    pub(super) fn split(&mut self, array: usize) -> (&Array, &str, &mut dyn ReadSeek) {
        (&self.arrays[array], &self.name, &mut *self.file)
    }

    /// An error of one of its arrays.
    pub(super) fn error(&self, array: usize, fault: Fault) -> FeatureError {
        fault.of(&self.name, self.arrays.get(array).map(|array| &array.name[..]))
    }
}

/// The first bytes, up to 9, and how many there are.
fn start(file: &mut dyn ReadSeek) -> Result<(Vec<u8>, u64), Fault> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut start = vec![0; length.min(9) as usize];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut start)?;
    Ok((start, length))
}

/// The array of an npy file.
fn single(file: &mut dyn ReadSeek, name: &str, length: u64) -> Result<Array, Fault> {
    file.seek(SeekFrom::Start(0))?;
    let place = Place { start: 0, length, header: 0, deflated: false, checksum: None };
    let array_name = name.strip_suffix(".npy").unwrap_or(name).to_owned();
    let mut header = std::io::Read::take(&mut *file, length);
    let array = npy::read(&mut header, array_name, place)?;
    let has = length - array.place.header;
    if array.element.is_ok() && has != array.bytes { Err(Fault::Length { expected: array.bytes, has }) } else { Ok(array) }
}
