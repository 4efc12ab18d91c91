//! The page's end of the line to the worker.

use crate::web::protocol::{Command, Report, pack, unpack};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A worker that runs this very module.
pub struct WorkerLink {
    worker: Worker,
}

impl WorkerLink {
    /// Starts a worker. `on_report` gets what it says, `on_error` why it cannot go on.
    ///
    /// # Errors
    /// If the browser refuses to start one.
    pub fn start(on_report: impl Fn(Report) + 'static, on_error: impl Fn(String) + 'static) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("worker.js", &options)?;
        let receive = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| match unpack(message.data()) {
            Ok(report) => on_report(report),
            Err(error) => web_sys::console::error_1(&error),
        });
        worker.set_onmessage(Some(receive.into_js_value().unchecked_ref()));
        let fail = Closure::<dyn Fn(ErrorEvent)>::new(move |error: ErrorEvent| on_error(error.message()));
        worker.set_onerror(Some(fail.into_js_value().unchecked_ref()));
        worker.post_message(&wasm_bindgen::module())?;
        Ok(Self { worker })
    }

    /// Sends a command. Commands sent before the worker is ready wait for it.
    pub fn send(&self, command: &Command) {
        if let Err(error) = pack(command).and_then(|message| self.worker.post_message(&message)) {
            web_sys::console::error_1(&error);
        }
    }
}
