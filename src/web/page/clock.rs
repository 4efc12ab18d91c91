//! How fast a run trains, to tell the time left.

/// Training speed as the page sees it, to tell the time left.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    last: Option<(f64, f64)>,
    epochs_per_ms: f64,
}

impl Clock {
    /// Time over which the speed is averaged, in milliseconds.
    const MEMORY_MS: f64 = 2000.0;
    /// The least time without news that may have been slept, in milliseconds.
    const SLEEP_MS: f64 = 10_000.0;

    /// The run is at `epoch` at `now` milliseconds.
    pub fn tick(&mut self, now: f64, epoch: f64) {
        if let Some((then, before)) = self.last.replace((now, epoch)).filter(|(then, _)| now > *then) {
            let speed = (epoch - before) / (now - then);
            // A machine that slept for an hour has trained no more slowly for that.
            let slept = now - then > Self::SLEEP_MS && 10.0 * speed < self.epochs_per_ms;
            let share = if self.epochs_per_ms == 0.0 { 1.0 } else { 1.0 - (-(now - then) / Self::MEMORY_MS).exp() };
            if !slept {
                self.epochs_per_ms += share * (speed - self.epochs_per_ms);
            }
        }
    }

    /// Seconds that `epochs` more take; none while the speed is unknown.
    pub fn seconds(&self, epochs: f64) -> Option<f64> {
        (self.epochs_per_ms > 0.0).then(|| epochs / self.epochs_per_ms / 1000.0)
    }
}
