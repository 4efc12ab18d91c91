//! A run: its configuration, what is recorded of it, and how it is driven.

mod config;
pub mod file;
mod history;
mod keys;
mod minority;
mod notation;
mod plan;
mod presets;
mod record;
mod recording;
mod reel;
mod run;
mod settled;
mod stills;
mod url;
mod validate;
mod verdict;
mod view;

pub use crate::dataset::DatasetName;
pub use crate::dataset::Part;
pub use config::{BatchNormMode, Config, EngineChoice, Phase, RecordSchedule};
pub use history::History;
pub use keys::{KEYS, Key, Kind};
pub use minority::{MinorityView, TRAINED_RATIOS};
pub use plan::longest;
pub use presets::{Group, Preset, preset, presets};
pub use record::{Record, Split};
pub use recording::Recording;
pub use run::{Measured, Position, Run, RunError};
pub use settled::{WINDOW, settled};
pub use url::{PageState, Theme};
pub use validate::{ConfigError, DataShape, MEMORY_LIMIT};
pub use verdict::{HIGHEST_PEARSON, HIGHEST_RHO, LOWEST_ACCURACY, Shortfall, Verdict};
pub use view::{MeansView, Pace, View};
