//! The layer-peeled model (Fang, He, Long & Su, PNAS 2021): what the features and classifiers of a network would be, were they free.
//!
//! ```text
//! minimise over W, H   sum_k (n_k / n) CE(W h_k, k)   subject to   (1/K) sum |w_k|^2 <= E_W,   (1/K) sum |h_k|^2 <= E_H
//! ```
//!
//! with one feature vector h_k and one classifier w_k a class, no bias, and CE the cross-entropy. With equal n_k the optimum is a simplex
//! equiangular tight frame: neural collapse. With R times more points in each majority class the minority classifiers close up, and from
//! a ratio R_0 on they are equal: Minority Collapse.
//!
//! Nothing is descended here: the model is convex in the logits and symmetric in the classes, which leaves four numbers
//! (`spectrum.rs`), so that the answer is the global optimum to rounding, with no starts and no seed, some microseconds after the question.

mod root;
mod spectrum;
mod sweep;

use ndarray::Array2;
use spectrum::Spectrum;
pub use sweep::{SWEEP_SETTINGS, Sweep, SweepPoint};

/// Classes that are accepted: beyond, the vectors are many megabytes and no picture shows them.
const MOST_CLASSES: usize = 1000;
/// Dimensions that are accepted: the default for the most classes.
const MOST_DIMENSIONS: usize = 2 * MOST_CLASSES;
/// Imbalances that are accepted.
const MOST_IMBALANCE: f64 = 1e6;
/// Energies that are accepted: below, the loss is that of guessing, above, it is 0 in float64.
const ENERGIES: [f64; 2] = [1e-3, 1e4];
/// Accuracy of R_0, relative.
const THRESHOLD_ACCURACY: f64 = 1e-9;

/// The settings of a layer-peeled model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerPeeled {
    /// K, the number of classes, 2 to 1000.
    pub classes: usize,
    /// K_A, how many of the first classes are majority classes, 0 to K. At 0 and at K all classes are alike, whatever the imbalance.
    pub majority: usize,
    /// R, how many times more points a majority class has than a minority class, 1 to 10^6.
    pub imbalance: f64,
    /// E_H, the mean of |h_k|^2, 0.001 to 10^4.
    pub energy_features: f64,
    /// E_W, the mean of |w_k|^2, 0.001 to 10^4.
    pub energy_classifiers: f64,
    /// p, the dimensions of the vectors, K to 2000; 2K if None. The optimum spans K - 1, so that more change nothing but the zeros at the end.
    pub dimensions: Option<usize>,
}

/// A setting that is not accepted; the message names it as the JavaScript API does.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{key} is {value}. Use {least} to {most}.")]
pub struct LayerPeeledError {
    /// The setting.
    pub key: &'static str,
    /// What it is.
    pub value: f64,
    /// The least that it may be.
    pub least: f64,
    /// The most that it may be.
    pub most: f64,
}

/// The global optimum of a layer-peeled model. Of all rotations of the vectors, the one at which the classifiers are a symmetric matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPeeledOptimum {
    /// Mean cross-entropy in nats, weighted n_k/n.
    pub loss: f64,
    /// Cosine between any two majority classifiers; None with fewer than two, or where they are zero.
    pub cos_majority: Option<f64>,
    /// Cosine between any two minority classifiers; None with fewer than two, or where they are zero. Exactly 1 from R_0 on.
    pub cos_minority: Option<f64>,
    /// Cosine between a majority and a minority classifier; None where there is no such pair, or one is zero.
    pub cos_between: Option<f64>,
    /// |w_k| by class `[K]`.
    pub norms_w: Vec<f64>,
    /// |h_k| by class `[K]`.
    pub norms_h: Vec<f64>,
    /// | W/|W|_F - H/|H|_F |_F^2, as NC3: 0 where each h_k is parallel to its w_k, as in a simplex.
    pub duality: f64,
    /// The classifiers, one a row `[K x p]`.
    pub w: Array2<f64>,
    /// The features, one a row `[K x p]`.
    pub h: Array2<f64>,
}

impl LayerPeeled {
    /// Solves the model.
    ///
    /// ```
    /// use separation_playground::collapse::layer_peeled::LayerPeeled;
    ///
    /// let model = LayerPeeled { classes: 10, majority: 5, imbalance: 1.0, energy_features: 5.0, energy_classifiers: 1.0, dimensions: None };
    /// let simplex = model.solve()?;
    /// assert!((simplex.cos_minority.unwrap() + 1.0 / 9.0).abs() < 1e-12);
    /// let collapsed = LayerPeeled { imbalance: 100.0, ..model }.solve()?;
    /// assert_eq!(collapsed.cos_minority, Some(1.0));
    /// # Ok::<(), separation_playground::collapse::layer_peeled::LayerPeeledError>(())
    /// ```
    ///
    /// # Errors
    /// If a setting is out of its range.
    pub fn solve(&self) -> Result<LayerPeeledOptimum, LayerPeeledError> {
        self.check()?;
        let (optimum, sizes, k) = (self.spectrum(), self.sizes(), self.classes);
        let dimensions = self.dimensions.unwrap_or(2 * k);
        let (scale_w, scale_h) = self.scales();
        let group = |class: usize| usize::from(class >= self.majority);
        let (edge, root) = (self.edge(), optimum.between.sqrt());
        // Z = U S V^T; the rows of W are those of scale_w U S^1/2 Q, of H those of scale_h V S^1/2 Q. With the rotation Q = U^T,
        // W is scale_w times the root of a P_A + b P_B + s e e^T, and H differs from it in the left factor of the last term alone.
        let rows = |scale: f64, along: [f64; 2]| {
            Array2::from_shape_fn((k, dimensions), |(class, j)| {
                if j >= k {
                    return 0.0;
                }
                let (row, column) = (group(class), group(j));
                let within = if row == column { f64::from(class == j) - 1.0 / sizes[row] as f64 } else { 0.0 };
                scale * (optimum.within[row].sqrt() * within + root * along[row] * edge[column])
            })
        };
        let (along_w, along_h) = (edge, self.feature_edge(&optimum));
        let norms = |scale, along: [f64; 2]| (0..k).map(|class| scale * self.square(&optimum, along, group(class)).sqrt()).collect();
        Ok(LayerPeeledOptimum {
            loss: optimum.loss,
            cos_majority: self.cos_within(&optimum, 0),
            cos_minority: self.cos_within(&optimum, 1),
            cos_between: self.cos_between(&optimum),
            norms_w: norms(scale_w, along_w),
            norms_h: norms(scale_h, along_h),
            duality: self.duality(&optimum),
            w: rows(scale_w, along_w),
            h: rows(scale_h, along_h),
        })
    }

    /// R_0: the least imbalance at which the minority classifiers are all equal, to 9 digits; None if they are not at `most`, or if
    /// there are no majority classes or fewer than two minority classes. The imbalance of `self` does not matter.
    ///
    /// No tolerance decides: the difference between minority classifiers has a singular value of its own, which is exactly 0 from R_0 on.
    /// Their cosine is then exactly 1, or undefined where they are equal because they are all zero.
    ///
    /// # Errors
    /// If a setting or `most` is out of its range.
    pub fn threshold(&self, most: f64) -> Result<Option<f64>, LayerPeeledError> {
        Self { imbalance: most, ..*self }.check()?;
        let collapsed = |imbalance: f64| Self { imbalance, ..*self }.spectrum().within[1] == 0.0;
        if self.majority == 0 || self.classes < self.majority + 2 || !collapsed(most) {
            return Ok(None);
        }
        // At R = 1 there is a simplex.
        let (mut apart, mut equal) = (1.0, most);
        while equal / apart > 1.0 + THRESHOLD_ACCURACY {
            let middle = (apart * equal).sqrt();
            *(if collapsed(middle) { &mut equal } else { &mut apart }) = middle;
        }
        Ok(Some(equal))
    }

    fn check(&self) -> Result<(), LayerPeeledError> {
        let k = self.classes as f64;
        let [least_energy, most_energy] = ENERGIES;
        for (key, value, least, most) in [
            ("classes", k, 2.0, MOST_CLASSES as f64),
            ("majority", self.majority as f64, 0.0, k),
            ("imbalance", self.imbalance, 1.0, MOST_IMBALANCE),
            ("energyFeatures", self.energy_features, least_energy, most_energy),
            ("energyClassifiers", self.energy_classifiers, least_energy, most_energy),
            ("p", self.dimensions.map_or(k, |p| p as f64), k, MOST_DIMENSIONS as f64),
        ] {
            if !(least..=most).contains(&value) {
                return Err(LayerPeeledError { key, value, least, most });
            }
        }
        Ok(())
    }

    /// Majority and minority classes.
    fn sizes(&self) -> [usize; 2] {
        [self.majority, self.classes - self.majority]
    }

    fn spectrum(&self) -> Spectrum {
        let budget = self.classes as f64 * (self.energy_features * self.energy_classifiers).sqrt();
        Spectrum::optimal(self.sizes(), self.imbalance, budget)
    }

    /// What the balanced factors of the logits are multiplied by to have the energies, W and H.
    fn scales(&self) -> (f64, f64) {
        let scale = (self.energy_classifiers / self.energy_features).sqrt().sqrt();
        (scale, 1.0 / scale)
    }

    /// The unit vector e of `spectrum.rs`: constant on majority and on minority classes, with sum 0.
    fn edge(&self) -> [f64; 2] {
        let [majority, minority] = self.sizes().map(|size| size as f64);
        if majority == 0.0 || minority == 0.0 {
            return [0.0; 2];
        }
        let classes = majority + minority;
        [(minority / (classes * majority)).sqrt(), -(majority / (classes * minority)).sqrt()]
    }

    /// The right singular vector that goes with e.
    fn feature_edge(&self, optimum: &Spectrum) -> [f64; 2] {
        let [x, y] = optimum.direction;
        let [majority, minority] = self.sizes().map(|size| size.max(1) as f64);
        [x / majority.sqrt(), -y / minority.sqrt()]
    }

    /// |w_k|^2 or |h_k|^2 of a class of group `g`, before scaling.
    fn square(&self, optimum: &Spectrum, along: [f64; 2], g: usize) -> f64 {
        optimum.within[g] * (1.0 - 1.0 / self.sizes()[g] as f64) + optimum.between * along[g] * along[g]
    }

    fn cos_within(&self, optimum: &Spectrum, g: usize) -> Option<f64> {
        let (edge, size) = (self.edge(), self.sizes()[g]);
        let product = optimum.between * edge[g] * edge[g] - optimum.within[g] / size as f64;
        let square = self.square(optimum, edge, g);
        (size >= 2 && square > 0.0).then(|| product / square)
    }

    fn cos_between(&self, optimum: &Spectrum) -> Option<f64> {
        if self.sizes().contains(&0) {
            return None;
        }
        let edge = self.edge();
        let squares = self.square(optimum, edge, 0) * self.square(optimum, edge, 1);
        (squares > 0.0).then(|| (optimum.between * edge[0] * edge[1] / squares.sqrt()).max(-1.0))
    }

    /// 2 - 2 tr Z / |Z|_*: only the part between the groups has other vectors at the left than at the right.
    fn duality(&self, optimum: &Spectrum) -> f64 {
        let (left, right, sizes) = (self.edge(), self.feature_edge(optimum), self.sizes());
        let apart: f64 = (0..2).map(|g| sizes[g] as f64 * (left[g] - right[g]) * (left[g] - right[g])).sum();
        optimum.between * apart / (self.classes as f64 * (self.energy_features * self.energy_classifiers).sqrt())
    }

    /// What a sweep shows of a setting that has been checked.
    fn point(&self) -> SweepPoint {
        let optimum = self.spectrum();
        let minority = (self.majority < self.classes).then(|| self.scales().0 * self.square(&optimum, self.edge(), 1).sqrt());
        SweepPoint { imbalance: self.imbalance, cos_minority: self.cos_within(&optimum, 1), norm_minority: minority }
    }
}
