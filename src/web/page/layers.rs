//! What layers are called: by their number, the first by what it is, and in a residual network by what they end.

use super::strings::{fill, text};
use crate::experiment::Config;

/// The name of a layer of the network that `config` describes.
pub fn name(config: &Config, layer: usize) -> String {
    let number = layer.to_string();
    match (layer, config.blocks().iter().position(|&end| end == layer)) {
        (0, _) => text("table.pixels"),
        (_, Some(1)) => fill("layer.stem", &[("layer", &number)]),
        (_, Some(end)) => fill("layer.block", &[("layer", &number), ("block", &(end - 1).to_string())]),
        (_, None) => number,
    }
}
