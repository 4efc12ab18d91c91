//! The law by residual blocks, for which the released code claims it: D at the input, behind the stem and behind each block.

use super::config::Config;
use crate::separation::{Law, fit_law};

impl Config {
    /// The layers that the fit by blocks uses: the input, the stem's and the blocks' outputs. None in a network without blocks.
    pub fn blocks(&self) -> Vec<usize> {
        if self.residual_block == 0 { Vec::new() } else { self.architecture(0, 0).blocks() }
    }

    /// The fit of ln D on the number of the block, 0 the input and 1 the stem, as are the `layers` that it names. None in a network
    /// without blocks, and where fewer than 3 of them have a D.
    pub fn block_law(&self, fuzziness: &[Option<f64>]) -> Option<Law> {
        fit_law(&self.blocks().into_iter().map(|layer| fuzziness.get(layer).copied().flatten()).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn blocks_halve_what_their_layers_do_not() {
        let config = &preset("residual-2").unwrap().config;
        assert_eq!(config.blocks(), [0, 1, 3, 5, 7, 9]);
        // Within a block nothing happens at first.
        let staircase = [32.0, 16.0, 16.0, 8.0, 8.0, 4.0, 4.0, 2.0, 2.0, 1.0].map(Some);
        let law = config.block_law(&staircase).unwrap();
        assert!((law.rho - 0.5).abs() < 1e-12 && (law.pearson + 1.0).abs() < 1e-12, "{law:?}");
        assert_eq!(law.layers, [0, 1, 2, 3, 4, 5]);
        assert!(fit_law(&staircase).unwrap().pearson > -0.995);
    }

    #[test]
    fn a_block_without_a_d_is_left_out_and_a_plain_network_has_none() {
        let config = &preset("residual-3").unwrap().config;
        let mut fuzziness = [Some(1.0); 11];
        fuzziness[4] = None;
        assert_eq!(config.block_law(&fuzziness).map(|law| law.layers), Some(vec![0, 1, 3, 4]));
        let plain = Config::default();
        assert_eq!((plain.blocks(), plain.block_law(&[Some(1.0); 8])), (vec![], None));
    }

    /// PyTorch's runs of tests/golden/experiments.json: by blocks r is nearer to -1 in each of them.
    #[test]
    fn the_golden_residual_runs_are_straighter_by_blocks() {
        let golden: serde_json::Value = serde_json::from_str(include_str!("../../tests/golden/experiments.json")).unwrap();
        let mut compared = 0;
        for experiment in golden["experiments"].as_array().unwrap() {
            let Some(preset) = experiment["name"].as_str().filter(|name| name.starts_with("residual")).and_then(preset) else { continue };
            for run in experiment["runs"].as_array().unwrap() {
                let layers = run["batches_of_100"]["fuzziness"].as_array().unwrap();
                let fuzziness = layers.iter().map(serde_json::Value::as_f64).collect::<Vec<_>>();
                let (by_layer, by_block) = (fit_law(&fuzziness).unwrap(), preset.config.block_law(&fuzziness).unwrap());
                assert!(by_block.pearson < by_layer.pearson && by_block.pearson < -0.985, "{} {by_block:?}", preset.id);
                compared += 1;
            }
        }
        assert_eq!(compared, 6);
    }
}
