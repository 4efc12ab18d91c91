//! The axis of epochs on which the law appears: logarithmic, so that both its first steps and its last epochs can be seen.

use super::backend::{Drawn, Fault, Typesetting};
use super::pen::{Label, Pen};
use super::theme::Theme;
use plotters_backend::DrawingBackend;

/// Room between the axis and what stands beside its end, CSS px.
const GAP: f64 = 14.0;

/// Epochs that get their number where there is room; the ends come first.
const ROUND: [f64; 8] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0];

/// An axis, CSS px from the sheet's left. Its scale is the logarithm of epoch + 1, which has a place for 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochAxis {
    /// Where epoch 0 is.
    pub left: f64,
    /// Where the last one is.
    pub right: f64,
    /// The last epoch, at least 1.
    pub last: f64,
}

impl EpochAxis {
    /// One of at least `last` epochs that leaves the names `beside` it their room: figures with the same names line up.
    pub(super) fn new<'a, B: DrawingBackend, T: Typesetting>(
        pen: &Pen<B, T>,
        last: f64,
        beside: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Fault<B>> {
        let Theme { small, present, ink, .. } = *pen.theme;
        let mut names = 0.0_f64;
        for name in beside {
            names = names.max(pen.width(&Label::new(name, small * present, ink).bold())?);
        }
        Ok(Self { left: 48.0 * present, right: pen.size().0 - names - GAP, last: last.max(1.0) })
    }

    /// Where an epoch is.
    pub fn x(&self, epoch: f64) -> f64 {
        self.left + (self.right - self.left) * epoch.clamp(0.0, self.last).ln_1p() / self.last.ln_1p()
    }

    /// The epoch at `x`.
    pub fn epoch(&self, x: f64) -> f64 {
        (((x - self.left) / (self.right - self.left)).clamp(0.0, 1.0) * self.last.ln_1p()).exp_m1()
    }

    /// The ends and round epochs, as many as have room, on `baseline`, and the axis's name below.
    pub(super) fn draw<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, baseline: f64, name: &str) -> Drawn<B> {
        let Theme { small, present, ink, ink2, .. } = *pen.theme;
        let small = small * present;
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for epoch in [0.0, self.last].into_iter().chain(ROUND.into_iter().filter(|&epoch| epoch < self.last).rev()) {
            let text = format!("{epoch:.0}");
            let label = Label::new(&text, small, ink2).centered();
            let (x, half) = (self.x(epoch), pen.width(&label)? / 2.0);
            if taken.iter().all(|&(from, to)| x + half + 6.0 < from || to + 6.0 < x - half) {
                pen.text((x, baseline), &label)?;
                taken.push((x - half, x + half));
            }
        }
        pen.text((self.left, baseline + 1.2 * small), &Label::new(name, small, ink)).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::EpochAxis;

    const AXIS: EpochAxis = EpochAxis { left: 48.0, right: 1048.0, last: 600.0 };

    #[test]
    fn first_steps_and_last_epochs_have_their_room() {
        assert_eq!([0.0, 600.0, 9999.0, -1.0].map(|epoch| AXIS.x(epoch)), [48.0, 1048.0, 1048.0, 48.0]);
        assert!(AXIS.x(0.125) - AXIS.x(0.0) > 15.0 && AXIS.x(600.0) - AXIS.x(580.0) > 5.0);
        assert!((450.0..650.0).contains(&AXIS.x(20.0)), "the turn of 20 layers stands in the middle");
    }

    #[test]
    fn a_place_has_its_epoch() {
        for epoch in [0.0, 0.125, 1.0, 30.0, 599.0, 600.0] {
            assert!((AXIS.epoch(AXIS.x(epoch)) - epoch).abs() < 1e-9 * (1.0 + epoch));
        }
        assert_eq!([AXIS.epoch(0.0), AXIS.epoch(5000.0).round()], [0.0, 600.0]);
    }
}
