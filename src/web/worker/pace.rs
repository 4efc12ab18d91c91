//! How fast a run trains.

use crate::web::rest::now;

/// Time between two progress events, in milliseconds.
const PROGRESS_MS: f64 = 100.0;

/// How fast training goes, measuring left out. Times in milliseconds.
pub struct Pace {
    /// Steps since the last report.
    pub steps: f64,
    busy: f64,
    since: f64,
    reported: f64,
    last: f64,
}

impl Pace {
    /// A clock that runs from now on.
    pub fn new() -> Self {
        Self { steps: 0.0, busy: 0.0, since: now(), reported: now(), last: 0.0 }
    }

    /// Stops the clock.
    pub fn hold(&mut self) {
        self.busy += now() - self.since;
    }

    /// Starts it again.
    pub fn go_on(&mut self) {
        self.since = now();
    }

    /// Steps a second since the last report.
    pub fn per_second(&self) -> f64 {
        let busy = self.busy + now() - self.since;
        if self.steps > 0.0 && busy > 0.0 { 1000.0 * self.steps / busy } else { self.last }
    }

    /// Steps a second, when the page should hear of them.
    pub fn report(&mut self) -> Option<f64> {
        (now() - self.reported >= PROGRESS_MS).then(|| {
            *self = Self { last: self.per_second(), ..Self::new() };
            self.last
        })
    }
}
