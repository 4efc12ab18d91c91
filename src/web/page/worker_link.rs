//! The page's end of the line to the worker.

use super::host;
use crate::web::protocol::{Command, Report, pack, unpack};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

/// A worker that trains and measures.
pub struct WorkerLink {
    worker: Worker,
}

impl WorkerLink {
    /// Starts a worker that keeps the run of `session`, or where that is empty keeps nothing. `on_report` gets what it says, `on_error` why it cannot go on.
    ///
    /// # Errors
    /// If the browser refuses to start one.
    pub fn start(session: &str, on_report: Box<dyn Fn(Report)>, on_error: Box<dyn Fn(String)>) -> Result<Self, JsValue> {
        let worker = host::worker(session)?;
        let receive = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| match unpack(message.data()) {
            Ok(report) => on_report(report),
            Err(error) => web_sys::console::error_1(&error),
        });
        worker.set_onmessage(Some(receive.into_js_value().unchecked_ref()));
        // A worker that could not be loaded gives a plain event without a message.
        let reason = |error: &JsValue| js_sys::Reflect::get(error, &"message".into()).ok()?.as_string();
        let fail = Closure::<dyn Fn(JsValue)>::new(move |error| on_error(reason(&error).unwrap_or_else(|| "worker.js".to_owned())));
        worker.set_onerror(Some(fail.into_js_value().unchecked_ref()));
        Ok(Self { worker })
    }

    /// Sends a command. Commands sent before the worker is ready wait for it.
    pub fn send(&self, command: &Command) {
        if let Err(error) = pack(command).and_then(|message| self.worker.post_message(&message)) {
            web_sys::console::error_1(&error);
        }
    }
}

impl Drop for WorkerLink {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
