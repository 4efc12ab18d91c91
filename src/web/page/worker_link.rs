//! The page's end of the line to a worker.

use super::host;
use super::strings::text;
use crate::web::protocol::{pack, unpack};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

/// A worker; without this it is gone.
pub struct WorkerLink {
    worker: Worker,
}

impl WorkerLink {
    /// Starts a worker of that name, which says what it does: see `start` in src/web/worker.rs. `on_report` gets what it says, `on_error`
    /// why it cannot go on.
    ///
    /// # Errors
    /// If the browser refuses to start one.
    pub fn start<R: DeserializeOwned>(
        name: &str,
        on_report: impl Fn(R) + 'static,
        on_error: impl Fn(String) + 'static,
    ) -> Result<Self, JsValue> {
        let worker = host::worker(name)?;
        let receive = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| match unpack(message.data()) {
            Ok(report) => on_report(report),
            Err(error) => web_sys::console::error_1(&error),
        });
        worker.set_onmessage(Some(receive.into_js_value().unchecked_ref()));
        let fail = Closure::<dyn Fn(JsValue)>::new(move |error| on_error(reason(&error)));
        worker.set_onerror(Some(fail.into_js_value().unchecked_ref()));
        Ok(Self { worker })
    }

    /// Sends a command. Commands sent before the worker is ready wait for it.
    pub fn send(&self, command: &impl Serialize) {
        if let Err(error) = pack(command).and_then(|message| self.worker.post_message(&message)) {
            web_sys::console::error_1(&error);
        }
    }
}

/// Why a worker cannot go on.
fn reason(error: &JsValue) -> String {
    match js_sys::Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string()) {
        // A panic has words of its own: what traps without any is an allocation that got nothing.
        Some(message) if message.to_ascii_lowercase().contains("unreachable") => text("error.memory"),
        Some(message) => message,
        // A worker that could not be loaded gives a plain event without a message.
        None => "worker.js".to_owned(),
    }
}

impl Drop for WorkerLink {
    fn drop(&mut self) {
        self.worker.set_onerror(None); // it hears of its end too: see www/boot.js
        self.worker.terminate();
    }
}
