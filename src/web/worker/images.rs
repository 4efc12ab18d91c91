//! The worker that reads files of images: one task, then it waits to be let go.

use super::blob::BlobReader;
use crate::features::FeatureFile;
use crate::images::{ImageError, Images};
use crate::web::images::{News, Task};
use crate::web::protocol::{pack, unpack};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

/// Takes tasks from the page from now on.
pub fn start(scope: DedicatedWorkerGlobalScope) {
    let page = scope.clone();
    let receive = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let done = unpack::<Task>(message.data()).and_then(|task| {
            let news = match read(task) {
                Ok(images) => News::Done { images: Box::new(images) },
                Err(error) => News::Failed { message: error.to_string() },
            };
            page.post_message(&pack(&news)?)
        });
        if let Err(error) = done {
            web_sys::console::error_1(&error);
        }
    });
    scope.set_onmessage(Some(receive.into_js_value().unchecked_ref()));
}

fn read(Task { files, wanted }: Task) -> Result<Images, ImageError> {
    let open = |file: JsValue| {
        let file: File = file.unchecked_into();
        FeatureFile::open(BlobReader::new(&file), &file.name())
    };
    Images::read(&mut files.iter().map(open).collect::<Result<Vec<_>, _>>()?, &wanted)
}
