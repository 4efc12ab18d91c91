//! Yielding to the event loop.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// How long a thread computes before the event loop gets its turn, in milliseconds: with the step that comes before it is noticed, half a frame.
pub const RESTLESS_MS: f64 = 4.0;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since this thread started, in windows, workers and Node alike.
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;
}

/// Gives the event loop its turn whenever this thread has computed for `RESTLESS_MS`.
pub struct Rest {
    since: f64,
}

impl Rest {
    /// A thread that starts computing now.
    pub fn new() -> Self {
        Self { since: now() }
    }

    /// Awaits a turn of the event loop if one is due.
    pub async fn if_due(&mut self) {
        if now() - self.since >= RESTLESS_MS {
            turn().await;
            self.since = now();
        }
    }
}

/// One turn of the event loop, by a message to oneself: browsers throttle setTimeout to 4 ms and more, but not messages.
async fn turn() {
    // Where the channel or the promise cannot be made, computing on without a rest is the better failure.
    let Ok(channel) = MessageChannel::new() else { return };
    let message = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(message).await;
    }
    // An open port keeps Node alive.
    channel.port1().close();
}
