//! The directory of NumPy's .npz format: a zip archive of .npy files, stored or deflated.
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>
//!
//! A reader of its own instead of the zip crate, which would add 87 KB (gzip) to the worker's module and reserves memory for as many
//! entries as an archive claims to have.

use super::ReadSeek;
use super::array::{Array, Place};
use super::error::{Fault, FeatureError, clean};
use super::file::Ignored;
use super::npy;
use super::stream::Stream;
use std::io::SeekFrom;

/// What a zip archive begins with: an entry, or the end of an archive without any.
pub(super) const MAGICS: [&[u8]; 2] = [b"PK\x03\x04", END];
/// What the end of the directory begins with.
const END: &[u8] = b"PK\x05\x06";
/// What an entry of the directory begins with.
const ENTRY: &[u8] = b"PK\x01\x02";
/// Bytes of the end of the directory, without the comment.
const END_LENGTH: usize = 22;
/// Bytes of an entry in the directory, without names.
const ENTRY_LENGTH: usize = 46;
/// Bytes of an entry's header before its bytes, without names.
const LOCAL_LENGTH: usize = 30;
/// Most bytes of a directory.
const MOST_OF_DIRECTORY: u64 = 1 << 24;
/// A byte of deflate yields at most so many.
const MOST_OF_DEFLATE: u64 = 1032;

/// Reads the directory and the header of each array, in the directory's order; and what is no array.
///
/// # Errors
/// If the archive, or an array's header, is malformed.
pub(super) fn read(file: &mut dyn ReadSeek, name: &str, length: u64) -> Result<(Vec<Array>, Vec<Ignored>), FeatureError> {
    let whole = |fault: Fault| fault.of(name, None);
    let (directory, count) = directory(file, length).map_err(whole)?;
    let (mut arrays, mut ignored) = (Vec::new(), Vec::new());
    let mut rest = &directory[..];
    for _ in 0..count {
        let entry = Entry::next(&mut rest).ok_or_else(|| whole(malformed("its directory is cut off")))?;
        let entry_name = String::from_utf8_lossy(entry.name);
        let Some(array_name) = entry_name.strip_suffix(".npy") else {
            ignored.push(Ignored { file: name.to_owned(), array: clean(&entry_name), reason: Fault::NotArray });
            continue;
        };
        let array_name = clean(array_name);
        let array = entry.array(file, length, array_name.clone()).map_err(|fault| fault.of(name, Some(&array_name)))?;
        arrays.push(array);
    }
    if arrays.is_empty() { Err(whole(Fault::NoArrays)) } else { Ok((arrays, ignored)) }
}

/// The directory and its number of entries.
fn directory(file: &mut dyn ReadSeek, length: u64) -> Result<(Vec<u8>, u16), Fault> {
    // A comment of up to 65,535 bytes may follow the end.
    let tail = length.min(END_LENGTH as u64 + u64::from(u16::MAX));
    let tail = bytes(file, length - tail, tail)?;
    let at = (0..(tail.len() + 1).saturating_sub(END_LENGTH)).rev().find(|&at| tail[at..].starts_with(END));
    let end = &tail[at.ok_or_else(|| malformed("its directory is missing: it is cut off"))?..];
    let (count, size, start) = (number(end, 10, 2), number(end, 12, 4), number(end, 16, 4));
    if count == u64::from(u16::MAX) || size == u64::from(u32::MAX) || start == u64::from(u32::MAX) {
        return Err(Fault::Zip64);
    }
    if size > MOST_OF_DIRECTORY {
        return Err(Fault::HeaderLength { bytes: size, most: MOST_OF_DIRECTORY });
    }
    if start + size > length {
        return Err(malformed("its directory lies outside the file"));
    }
    Ok((bytes(file, start, size)?, count as u16))
}

/// An entry of the directory.
struct Entry<'a> {
    name: &'a [u8],
    flags: u64,
    method: u64,
    checksum: u32,
    /// Bytes in the file.
    packed: u64,
    /// Bytes that they yield.
    size: u64,
    /// Where its own header is.
    start: u64,
}

impl<'a> Entry<'a> {
    /// Takes an entry from the directory; None where it is cut off.
    fn next(directory: &mut &'a [u8]) -> Option<Self> {
        let fixed = directory.get(..ENTRY_LENGTH).filter(|entry| entry.starts_with(ENTRY))?;
        let [name, extra, comment] = [28, 30, 32].map(|at| number(fixed, at, 2) as usize);
        let entry = Self {
            name: directory.get(ENTRY_LENGTH..ENTRY_LENGTH + name)?,
            flags: number(fixed, 8, 2),
            method: number(fixed, 10, 2),
            checksum: number(fixed, 16, 4) as u32,
            packed: number(fixed, 20, 4),
            size: number(fixed, 24, 4),
            start: number(fixed, 42, 4),
        };
        *directory = directory.get(ENTRY_LENGTH + name + extra + comment..)?;
        Some(entry)
    }

    /// Reads the header of the array in it.
    fn array(&self, file: &mut dyn ReadSeek, length: u64, name: String) -> Result<Array, Fault> {
        if [self.packed, self.size, self.start].contains(&u64::from(u32::MAX)) {
            return Err(Fault::Zip64);
        }
        if self.flags & 1 != 0 {
            return Err(Fault::Encrypted);
        }
        let deflated = match self.method {
            0 => false,
            8 => true,
            other => return Err(Fault::Compression(other as u16)),
        };
        let outside = || malformed("it lies outside the file");
        if self.start + LOCAL_LENGTH as u64 > length {
            return Err(outside());
        }
        let local = bytes(file, self.start, LOCAL_LENGTH as u64)?;
        if !local.starts_with(MAGICS[0]) {
            return Err(malformed("the directory points at something else"));
        }
        let start = self.start + LOCAL_LENGTH as u64 + number(&local, 26, 2) + number(&local, 28, 2);
        if start + self.packed > length {
            return Err(outside());
        }
        let place = Place { start, length: self.packed, header: 0, deflated, checksum: Some(self.checksum) };
        let array = npy::read(&mut Stream::open(file, &place)?, name, place)?;
        let most = if deflated { self.packed.saturating_mul(MOST_OF_DEFLATE) } else { self.packed };
        let has = self.size.min(most).saturating_sub(array.place.header);
        // What an entry says of itself must be what its shape needs: neither less nor a bomb. Of other dtypes the need is not known.
        if array.element.is_ok() && (has != array.bytes || self.size > most) {
            return Err(Fault::Length { expected: array.bytes, has: has.max(self.size.saturating_sub(array.place.header)) });
        }
        Ok(array)
    }
}

/// `length` bytes from `start`, which lie in the file.
fn bytes(file: &mut dyn ReadSeek, start: u64, length: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = vec![0; length as usize];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A little-endian number of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> u64 {
    bytes[at..at + size].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn malformed(reason: &str) -> Fault {
    Fault::Header(reason.to_owned())
}
