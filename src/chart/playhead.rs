//! How fast a picture moves over the epochs: slowly where the line appears.

/// Epochs in which the line appears.
pub const DAWN: f64 = 30.0;

/// How long a picture spends on them, and on all that follow, in milliseconds.
const DAWN_MS: f64 = 5000.0;
const DAY_MS: f64 = 5000.0;

/// The longest that a frame counts for, in milliseconds: a page that was hidden goes on from where it was.
const FRAME_MS: f64 = 100.0;

/// Where a moving picture stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playhead {
    /// Epochs, fractional.
    pub epoch: f64,
    moved: Option<f64>,
}

impl Playhead {
    /// A picture that stands at `epoch`, and moves from its first frame on.
    pub fn at(epoch: f64) -> Self {
        Self { epoch, moved: None }
    }

    /// A picture that has moved for `ms` milliseconds, from the start of a run of `epochs`.
    pub fn after(ms: f64, epochs: f64) -> Self {
        let mut head = Self::at(0.0);
        head.go(ms, epochs);
        head
    }

    /// Moves on to `now` milliseconds, `speed` times as fast as usual, in a run of `epochs`; not past epoch `end`.
    pub fn advance(&mut self, now: f64, speed: f64, epochs: f64, end: f64) {
        let then = self.moved.replace(now).unwrap_or(now);
        self.go((now - then).clamp(0.0, FRAME_MS) * speed, epochs);
        self.epoch = self.epoch.min(end);
    }

    fn go(&mut self, ms: f64, epochs: f64) {
        let mut left = ms;
        if self.epoch < DAWN {
            let dawn = (DAWN - self.epoch) * DAWN_MS / DAWN;
            self.epoch = if left < dawn { self.epoch + left * DAWN / DAWN_MS } else { DAWN };
            left = (left - dawn).max(0.0);
        }
        self.epoch += left * (epochs - DAWN).max(DAWN) / DAY_MS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds that a run takes to play from `from` to `to`, in frames of 10.
    fn time(from: f64, to: f64, speed: f64) -> f64 {
        let mut head = Playhead::at(from);
        let mut now = 1000.0;
        head.advance(now, speed, 600.0, 600.0);
        while head.epoch < to {
            now += 10.0;
            head.advance(now, speed, 600.0, 600.0);
        }
        now - 1000.0
    }

    #[test]
    fn the_first_thirty_epochs_take_as_long_as_all_the_others() {
        assert!((time(0.0, DAWN, 1.0) - 5000.0).abs() <= 10.0);
        assert!((time(0.0, 600.0, 1.0) - 10_000.0).abs() <= 10.0);
        assert!((time(0.0, 600.0, 4.0) - 2500.0).abs() <= 10.0);
    }

    #[test]
    fn a_picture_that_moved_elsewhere_goes_on_from_there() {
        assert_eq!([0.0, 2500.0, 7500.0].map(|ms| Playhead::after(ms, 600.0).epoch), [0.0, 15.0, 315.0]);
    }

    #[test]
    fn it_stops_at_the_end() {
        let mut head = Playhead::at(0.0);
        (0..100).for_each(|frame| head.advance(f64::from(frame) * 50.0, 1.0, 600.0, 3.5));
        assert_eq!(head.epoch, 3.5);
    }

    #[test]
    fn a_hidden_page_goes_on_from_where_it_was() {
        let mut head = Playhead::at(0.0);
        head.advance(0.0, 1.0, 600.0, 600.0);
        head.advance(1e6, 1.0, 600.0, 600.0);
        assert_eq!(head.epoch, 0.6);
    }
}
