//! A run as bytes: saved, loaded, and trained on as if nothing had happened.
//!
//! "SEPPLAY" and the format's version, the header's length (u32), the header (in the notation of the page's links: all of the config, and
//! where the run stands), the numbers (f32), the records (JSON: a list, or nothing at all), and a checksum (FNV-1a, 64 bits) of all before
//! it; everything little-endian.

use super::config::{Config, EngineChoice};
use super::keys::KEYS;
use super::run::{Position, Run, RunError};
use super::validate::ConfigError;
use crate::dataset::{Dataset, DatasetName};
use crate::engine::{EngineError, State};
use form_urlencoded::Serializer;

const MAGIC: &[u8; 7] = b"SEPPLAY";
const VERSION: u8 = 1;
const CHECKSUM_BYTES: usize = 8;
/// Far beyond what anyone trains, and far from overflowing.
const MOST_EPOCHS: usize = 100_000_000;

/// Why bytes are not a run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FileError {
    /// Something else altogether.
    #[error("This is not a run of Separation Playground: it does not begin with \"SEPPLAY\".")]
    Foreign,
    /// From a later version.
    #[error("The file has version {0}; this program reads version {VERSION}.")]
    Version(u8),
    /// Cut short or changed.
    #[error("The file is damaged: its checksum does not match its {0} bytes.")]
    Damaged(usize),
    /// Intact, but not what this version writes.
    #[error("The file's contents do not fit together: {0}.")]
    Contents(String),
    /// Its config is not accepted.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Its config does not fit the data.
    #[error(transparent)]
    Run(#[from] RunError),
    /// It was trained on others.
    #[error(
        "The data are not those that the run was trained on: their checksum is {found:016x}, not {expected:016x}. Give the same points in the same order."
    )]
    OtherData {
        /// Checksum of the points given; 0 where they are none of the user's own.
        found: u64,
        /// Of those that the run was trained on.
        expected: u64,
    },
}

/// What the numbers of a file are.
#[derive(Default)]
struct Header {
    config: Config,
    position: Position,
    /// Updates that each layer has had.
    updates: Vec<u32>,
    /// Lengths of parameters, running statistics, first and second moments.
    lengths: Vec<usize>,
    /// Checksum of the data, where they are the user's own: nothing else tells them apart from others of the same shape.
    data: Option<u64>,
}

impl Header {
    fn write(&self) -> String {
        let list = |numbers: &[usize]| numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        let updates: Vec<usize> = self.updates.iter().map(|&updates| updates as usize).collect();
        let mut pairs = Serializer::new(String::new());
        for key in &KEYS {
            // Every key has a text.
            pairs.append_pair(key.name, &self.config.text(key.name).unwrap_or_default());
        }
        pairs.append_pair("position", &list(&[self.position.epoch as usize, self.position.batch]));
        pairs.append_pair("updates", &list(&updates));
        pairs.append_pair("lengths", &list(&self.lengths));
        if let Some(data) = self.data {
            pairs.append_pair("data", &data.to_string());
        }
        pairs.finish()
    }

    fn read(text: &[u8]) -> Result<Self, FileError> {
        let mut header = Self::default();
        for (name, text) in form_urlencoded::parse(text) {
            let no_list = || FileError::Contents(format!("{name} is {text}"));
            let list = || -> Result<Vec<usize>, FileError> {
                text.split(',').filter(|number| !number.is_empty()).map(|number| number.parse().map_err(|_| no_list())).collect()
            };
            match &*name {
                "position" => match list()?[..] {
                    [epoch, batch] if epoch <= MOST_EPOCHS => header.position = Position { epoch: epoch as u32, batch },
                    _ => return Err(no_list()),
                },
                "updates" => {
                    let small = |updates: usize| u32::try_from(updates).ok().filter(|&updates| updates <= u32::MAX / 2).ok_or_else(no_list);
                    header.updates = list()?.into_iter().map(small).collect::<Result<_, _>>()?;
                }
                "lengths" => header.lengths = list()?,
                "data" => header.data = Some(text.parse().map_err(|_| no_list())?),
                key => header.config.set(key, &text)?,
            }
        }
        header.config.check()?;
        Ok(header)
    }
}

/// A saved run, not yet joined with its data.
pub struct Saved {
    /// What the run is made of; its dataset says which data it needs.
    pub config: Config,
    /// What was recorded of it before it was saved, a [`History`](super::History) in JSON; empty, if it was saved without.
    pub records: String,
    position: Position,
    state: State,
    /// Checksum of the points that it was trained on, where they are the user's own.
    pub data: Option<u64>,
}

/// Records for a file, as text; they need not lie in this module's memory, which would hold them twice.
pub trait Text {
    /// Its length in UTF-8.
    fn bytes(&self) -> usize;
    /// Fills `place`, which has that length.
    fn write(&self, place: &mut [u8]);
}

impl Text for str {
    fn bytes(&self) -> usize {
        self.len()
    }

    fn write(&self, place: &mut [u8]) {
        place.copy_from_slice(self.as_bytes());
    }
}

/// `run` as bytes, with what was recorded of it: a [`History`](super::History) in JSON, or nothing. As text, because a browser reads and
/// writes JSON faster than this module does.
///
/// # Errors
/// If the run's engine fails.
pub async fn save(run: &Run, records: &(impl Text + ?Sized)) -> Result<Vec<u8>, EngineError> {
    let State { parameters, running, moments: [first, second], updates } = run.snapshot().await?;
    let slabs = [parameters, running, first, second];
    let lengths: Vec<usize> = slabs.iter().map(Vec::len).collect();
    let numbers_bytes = 4 * lengths.iter().sum::<usize>();
    let engine = if run.engine() == "webgpu" { EngineChoice::Webgpu } else { EngineChoice::Cpu };
    let config = Config { engine, ..run.config().clone() };
    let header = Header { config, position: run.position(), updates, lengths, data: own_data(run) }.write();
    // Once and for all: megabytes of records in a buffer that grows would take twice their room.
    let mut bytes = Vec::with_capacity(MAGIC.len() + 1 + 4 + header.len() + numbers_bytes + records.bytes() + CHECKSUM_BYTES);
    bytes.extend(MAGIC);
    bytes.push(VERSION);
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header.as_bytes());
    slabs.iter().flatten().for_each(|value| bytes.extend(value.to_le_bytes()));
    let start = bytes.len();
    bytes.resize(start + records.bytes(), 0);
    records.write(&mut bytes[start..]);
    bytes.extend(checksum(&bytes).to_le_bytes());
    Ok(bytes)
}

/// Reads what [`save`] wrote.
///
/// # Errors
/// If `bytes` are anything else.
pub fn load(bytes: &[u8]) -> Result<Saved, FileError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(FileError::Foreign)?;
    let damaged = || FileError::Damaged(bytes.len());
    match rest.first() {
        Some(&VERSION) => {}
        Some(&other) => return Err(FileError::Version(other)),
        None => return Err(damaged()),
    }
    let (body, sum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or_else(damaged)?;
    if checksum(body) != u64::from_le_bytes(*sum) {
        return Err(damaged());
    }
    let rest = body.get(MAGIC.len() + 1..).ok_or_else(damaged)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let (header, numbers) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(damaged)?;
    let header = Header::read(header)?;
    let &[parameters, running, first, second] = &header.lengths[..] else {
        return Err(FileError::Contents(format!("it announces {} lists of numbers, not 4", header.lengths.len())));
    };
    let length = header.lengths.iter().try_fold(0usize, |sum, &length| sum.checked_add(length));
    let split = length.and_then(|length| length.checked_mul(4)).and_then(|bytes| numbers.split_at_checked(bytes));
    let Some((numbers, records)) = split else {
        return Err(FileError::Contents(format!(
            "it has {} bytes of numbers, its header announces {:?} numbers",
            numbers.len(),
            header.lengths
        )));
    };
    let mut numbers = numbers.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
    if numbers.clone().any(|number| !number.is_finite()) {
        return Err(FileError::Contents("not all of its numbers are finite".to_owned()));
    }
    let records = String::from_utf8(records.to_vec()).map_err(|error| FileError::Contents(error.to_string()))?;
    let [parameters, running, first, second] = [parameters, running, first, second].map(|length| numbers.by_ref().take(length).collect());
    let state = State { parameters, running, moments: [first, second], updates: header.updates };
    Ok(Saved { config: header.config, records, position: header.position, state, data: header.data })
}

impl Saved {
    /// The run, on its data, as it stood.
    ///
    /// # Errors
    /// If the data do not fit the config or are others, or the saved network is not the config's.
    pub async fn resume(self, data: &Dataset) -> Result<Run, FileError> {
        let mut run = Run::new(self.config, data)?;
        if self.data != own_data(&run) {
            let [found, expected] = [own_data(&run), self.data].map(Option::unwrap_or_default);
            return Err(FileError::OtherData { found, expected });
        }
        if !run.restore(self.position, self.state).await.map_err(RunError::from)? {
            return Err(FileError::Contents("its network is not the one that its config describes".to_owned()));
        }
        Ok(run)
    }
}

/// Checksum of the points that `run` trains on, if they are the user's own.
fn own_data(run: &Run) -> Option<u64> {
    let points = &run.sample().dataset.train;
    (run.config().dataset == DatasetName::Own)
        .then(|| fnv(points.features.iter().map(|x| x.to_bits()).chain(points.labels.iter().map(|&label| label.into()))))
}

/// Checksum of a file.
fn checksum(bytes: &[u8]) -> u64 {
    fnv(bytes.iter().map(|&byte| byte.into()))
}

/// FNV-1a: enough to notice damage; nothing guards against intent.
fn fnv(words: impl Iterator<Item = u32>) -> u64 {
    words.fold(0xcbf2_9ce4_8422_2325, |hash, word| (hash ^ u64::from(word)).wrapping_mul(0x0000_0100_0000_01b3))
}
