//! The grid of noise and nonlinearity.

use super::config::{Config, RecordSchedule};
use crate::network::Activation;

/// Negative slopes of the leaky ReLU in the grid, from the most linear down to the ReLU itself.
pub const GRID_SLOPES: [f64; 5] = [1.0, 0.6, 0.3, 0.1, 0.0];
/// Shares of wrong labels in the grid.
pub const GRID_NOISE: [f64; 5] = [0.0, 0.1, 0.2, 0.35, 0.5];

/// What the report calls the entry of a field of the grid.
pub fn grid_id(negative_slope: f64, label_noise: f64) -> String {
    format!("grid-{negative_slope}-{label_noise}")
}

/// The run of the grid with these: the default, measured at its ends alone.
pub fn grid_config(negative_slope: f64, label_noise: f64) -> Config {
    Config { activation: Activation::LeakyRelu, negative_slope, label_noise, records: RecordSchedule::Ends, ..Config::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_can_be_trained() {
        for slope in GRID_SLOPES {
            for noise in GRID_NOISE {
                assert_eq!(grid_config(slope, noise).check(), Ok(()));
            }
        }
    }
}
