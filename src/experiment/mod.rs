//! A run: its configuration, what is recorded of it, and how it is driven.

mod config;
mod record;
mod run;

pub use config::{BatchNormMode, Config, DatasetName, EngineChoice, Phase, RecordSchedule};
pub use record::{Record, Split};
pub use run::{Run, RunError};
