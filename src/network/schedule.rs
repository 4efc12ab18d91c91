//! Learning-rate schedules.

use serde::{Deserialize, Serialize};

/// How the learning rate changes over the epochs of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Epoch e = 0, 1, ... runs at 1, 0.1, 0.01 of the rate for e < ceil(E/3), e < ceil(2E/3), else.
    Thirds,
    /// The same rate throughout.
    Constant,
}

impl Schedule {
    /// The factor on the learning rate in epoch `epoch` (0-based) of `epochs`; past the end the last one stays.
    pub fn factor(self, epoch: u32, epochs: u32) -> f64 {
        match self {
            Schedule::Constant => 1.0,
            Schedule::Thirds if epoch < epochs.div_ceil(3) => 1.0,
            Schedule::Thirds if u64::from(epoch) < (2 * u64::from(epochs)).div_ceil(3) => 0.1,
            Schedule::Thirds => 0.01,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_hundred_epochs_step_where_the_released_code_steps() {
        let at = |e| Schedule::Thirds.factor(e, 600);
        assert_eq!([at(0), at(199), at(200), at(399), at(400), at(599), at(9999)], [1.0, 1.0, 0.1, 0.1, 0.01, 0.01, 0.01]);
    }

    #[test]
    fn epochs_that_three_does_not_divide_round_up() {
        assert_eq!((0..5).map(|e| Schedule::Thirds.factor(e, 5)).collect::<Vec<_>>(), [1.0, 1.0, 0.1, 0.1, 0.01]);
    }
}
