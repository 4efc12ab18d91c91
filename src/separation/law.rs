//! The law of data separation: D_l = rho^l D_0.

use serde::{Deserialize, Serialize};

/// Least-squares fit of ln D_l on the layer l.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Law {
    /// Decay ratio exp(slope): the share of D that each layer keeps.
    pub rho: f64,
    /// Pearson correlation of l and ln D_l; alone it is no evidence.
    pub pearson: f64,
    /// Its square.
    pub r_squared: f64,
    /// ln D of the fitted line at layer 0.
    pub intercept: f64,
    /// Layers that halve D, ln 2 / ln(1/rho); null if rho >= 1.
    pub half_life: Option<f64>,
    /// The layers that the fit used.
    pub layers: Vec<usize>,
}

/// Fits the law to D by layer; layers where D is undefined or 0 are left out. None with fewer than 3 left.
pub fn fit_law(fuzziness: &[Option<f64>]) -> Option<Law> {
    let _ = fuzziness;
    todo!()
}
