//! A run: its configuration, what is recorded of it, and how it is driven.

mod config;
mod history;
mod record;
mod run;
mod verdict;

pub use config::{BatchNormMode, Config, DatasetName, EngineChoice, Phase, RecordSchedule};
pub use history::History;
pub use record::{Record, Split};
pub use run::{Run, RunError};
pub use verdict::{HIGHEST_PEARSON, HIGHEST_RHO, LOWEST_ACCURACY, Shortfall, Verdict};
