//! Whether the law of data separation holds: a straight line alone is no evidence.

use super::record::Split;
use crate::separation::Law;

/// The Pearson correlation must not be above this.
pub const HIGHEST_PEARSON: f64 = -0.97;
/// The decay ratio must not be above this: a linear network of 20 layers is straight at 0.97, and nothing happens.
pub const HIGHEST_RHO: f64 = 0.9;
/// The training accuracy must not be below this.
pub const LOWEST_ACCURACY: f64 = 0.99;

/// Whether the law holds. Its words are the page's.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Straight, falling, and learnt.
    Holds,
    /// The conditions that fail, in the order of [`Shortfall`]; at least one.
    Fails(Vec<Shortfall>),
}

/// A condition of the law that is not met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shortfall {
    /// Fewer than 3 layers have a D to fit.
    NoFit,
    /// ln D is not on a falling straight line: r > -0.97.
    NotStraight {
        /// Pearson's r.
        pearson: f64,
    },
    /// The layers hardly separate: rho > 0.9.
    NotFalling {
        /// The decay ratio.
        rho: f64,
    },
    /// The network has not learnt its training points: accuracy < 0.99.
    NotLearnt {
        /// Share of training points classified as labelled.
        accuracy: f64,
    },
}

impl Verdict {
    /// The verdict on `split` of a network with this training accuracy.
    pub fn new(split: &Split, train_accuracy: f64) -> Self {
        Self::of(split.law.as_ref(), train_accuracy)
    }

    /// The verdict on a fit.
    pub fn of(law: Option<&Law>, train_accuracy: f64) -> Self {
        let mut shortfalls = Vec::new();
        match law {
            None => shortfalls.push(Shortfall::NoFit),
            Some(law) => {
                if law.pearson > HIGHEST_PEARSON {
                    shortfalls.push(Shortfall::NotStraight { pearson: law.pearson });
                }
                if law.rho > HIGHEST_RHO {
                    shortfalls.push(Shortfall::NotFalling { rho: law.rho });
                }
            }
        }
        if train_accuracy < LOWEST_ACCURACY {
            shortfalls.push(Shortfall::NotLearnt { accuracy: train_accuracy });
        }
        if shortfalls.is_empty() { Self::Holds } else { Self::Fails(shortfalls) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::BatchNormMode;

    fn verdict(fit: Option<(f64, f64)>, accuracy: f64) -> Verdict {
        let law =
            fit.map(|(pearson, rho)| Law { rho, pearson, r_squared: pearson * pearson, intercept: 3.6, half_life: None, layers: vec![] });
        let split = Split { mode: BatchNormMode::Running, fuzziness: vec![], per_class: vec![], rank: vec![], law, film: None };
        Verdict::new(&split, accuracy)
    }

    #[test]
    fn it_holds_at_its_bounds() {
        assert_eq!(verdict(Some((-0.97, 0.9)), 0.99), Verdict::Holds);
        assert_eq!(verdict(Some((-0.999, 0.53)), 1.0), Verdict::Holds);
    }

    #[test]
    fn each_condition_that_fails_is_named() {
        let (straight, falling, learnt) =
            (Shortfall::NotStraight { pearson: -0.96 }, Shortfall::NotFalling { rho: 0.972 }, Shortfall::NotLearnt { accuracy: 0.1 });
        assert_eq!(verdict(Some((-0.96, 0.53)), 1.0), Verdict::Fails(vec![straight]));
        assert_eq!(verdict(Some((-0.976, 0.972)), 1.0), Verdict::Fails(vec![falling]));
        assert_eq!(verdict(Some((-0.999, 0.53)), 0.1), Verdict::Fails(vec![learnt]));
        assert_eq!(verdict(Some((-0.96, 0.972)), 0.1), Verdict::Fails(vec![straight, falling, learnt]));
        assert_eq!(verdict(None, 0.1), Verdict::Fails(vec![Shortfall::NoFit, learnt]));
    }
}
