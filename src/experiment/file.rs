//! A run as bytes: saved, loaded, and trained on as if nothing had happened.
//!
//! "SEPPLAY" and the format's version, the header's length (u32), the header (JSON), the numbers (f32), and a checksum (FNV-1a, 64 bits) of
//! all before it; everything little-endian.

use super::config::Config;
use super::run::{Position, Run, RunError};
use super::validate::ConfigError;
use crate::dataset::Dataset;
use crate::engine::State;
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 7] = b"SEPPLAY";
const VERSION: u8 = 1;
const CHECKSUM_BYTES: usize = 8;
/// Far beyond what anyone trains, and far from overflowing.
const MOST_EPOCHS: u32 = 100_000_000;

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
}

#[derive(Serialize, Deserialize)]
struct Header {
    config: serde_json::Value,
    position: Position,
    updates: Vec<u32>,
    /// Lengths of parameters, running statistics, first and second moments.
    lengths: [usize; 4],
}

/// A saved run, not yet joined with its data.
pub struct Saved {
    /// What the run is made of; its dataset says which data it needs.
    pub config: Config,
    position: Position,
    state: State,
}

/// `run` as bytes.
pub async fn save(run: &Run) -> Vec<u8> {
    let State { parameters, running, moments: [first, second], updates } = run.snapshot().await;
    let slabs = [parameters, running, first, second];
    let header =
        Header { config: run.config().to_json(), position: run.position(), updates, lengths: [0, 1, 2, 3].map(|i| slabs[i].len()) };
    let header = serde_json::to_vec(&header).unwrap_or_default();
    let mut bytes = Vec::with_capacity(64 + header.len() + 4 * slabs.iter().map(Vec::len).sum::<usize>());
    bytes.extend(MAGIC);
    bytes.push(VERSION);
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    slabs.iter().flatten().for_each(|value| bytes.extend(value.to_le_bytes()));
    bytes.extend(checksum(&bytes).to_le_bytes());
    bytes
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
    let header: Header = serde_json::from_slice(header).map_err(|error| FileError::Contents(error.to_string()))?;
    let config = Config::from_json(&header.config)?;

    let (numbers, rest) = numbers.as_chunks::<4>();
    let present = numbers.len();
    let mut numbers = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes));
    if !rest.is_empty() || numbers.clone().any(|number| !number.is_finite()) {
        return Err(FileError::Contents("its numbers are cut off or not finite".to_owned()));
    }
    if header.position.epoch > MOST_EPOCHS || header.updates.iter().any(|&updates| updates > u32::MAX / 2) {
        return Err(FileError::Contents(format!("it says that {} epochs are trained", header.position.epoch)));
    }
    if header.lengths.iter().try_fold(0usize, |sum, &length| sum.checked_add(length)) != Some(present) {
        return Err(FileError::Contents(format!("it has {present} numbers, its header announces {:?}", header.lengths)));
    }
    let [parameters, running, first, second] = header.lengths.map(|length| numbers.by_ref().take(length).collect());
    let state = State { parameters, running, moments: [first, second], updates: header.updates };
    Ok(Saved { config, position: header.position, state })
}

impl Saved {
    /// The run, on its data, as it stood.
    ///
    /// # Errors
    /// If the data do not fit the config, or the saved network is not the config's.
    pub async fn resume(self, data: &Dataset) -> Result<Run, FileError> {
        let mut run = Run::new(self.config, data)?;
        if !run.restore(self.position, self.state).await {
            return Err(FileError::Contents("its network is not the one that its config describes".to_owned()));
        }
        Ok(run)
    }
}

/// FNV-1a: enough to notice damage; nothing guards against intent.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
