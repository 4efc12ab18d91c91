//! Minority Collapse over the imbalance, setting by setting.

use super::{LayerPeeled, LayerPeeledError};

/// Settings of a sweep: R = 10^0, 10^0.1, ... 10^4, as in the figure of the paper.
pub const SWEEP_SETTINGS: usize = 41;
/// R of the last.
const SWEEP_MOST: f64 = 1e4;

/// The minority classifiers at one imbalance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SweepPoint {
    /// R.
    pub imbalance: f64,
    /// Cosine between any two minority classifiers; None with fewer than two, or where they are zero.
    pub cos_minority: Option<f64>,
    /// |w_k| of a minority class; None without minority classes.
    pub norm_minority: Option<f64>,
}

/// A model solved at imbalances from 1 to 10^4, one at each `next`, so that a page can draw or stop in between.
#[derive(Clone, Debug)]
pub struct Sweep {
    model: LayerPeeled,
    done: usize,
}

impl Sweep {
    /// A sweep of `model` over the imbalance; its own does not matter.
    ///
    /// # Errors
    /// If another setting is out of its range.
    pub fn new(model: LayerPeeled) -> Result<Self, LayerPeeledError> {
        let model = LayerPeeled { imbalance: 1.0, ..model };
        model.check()?;
        Ok(Self { model, done: 0 })
    }

    /// R_0, see [`LayerPeeled::threshold`]; None where the minority classifiers differ over the whole sweep.
    pub fn threshold(&self) -> Option<f64> {
        self.model.threshold(SWEEP_MOST).unwrap_or(None)
    }
}

impl Iterator for Sweep {
    type Item = SweepPoint;

    fn next(&mut self) -> Option<SweepPoint> {
        let exponent = self.done as f64 / (SWEEP_SETTINGS - 1) as f64;
        let imbalance = libm::pow(SWEEP_MOST, exponent);
        (self.done < SWEEP_SETTINGS).then(|| {
            self.done += 1;
            LayerPeeled { imbalance, ..self.model }.point()
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (SWEEP_SETTINGS - self.done, Some(SWEEP_SETTINGS - self.done))
    }
}

impl ExactSizeIterator for Sweep {}
