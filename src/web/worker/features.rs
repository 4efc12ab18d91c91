//! The worker that reads files of features: one task, then it waits to be let go.

use super::blob::BlobReader;
use crate::features::{Analysis, FeatureError, FeatureFile, Limits, Progress, Selection, possible_labels};
use crate::web::features::{Candidate, News, Task};
use crate::web::protocol::{pack, unpack};
use crate::web::rest::{Rest, now};
use std::ops::ControlFlow;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

/// Least time between two news of progress, in milliseconds.
const NEWS_MS: f64 = 100.0;

/// Takes tasks from the page from now on.
pub fn start(scope: DedicatedWorkerGlobalScope) {
    let page = scope.clone();
    let receive = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let page = page.clone();
        let tell = move |news: &News| {
            if let Err(error) = pack(news).and_then(|news| page.post_message(&news)) {
                web_sys::console::error_1(&error);
            }
        };
        match unpack::<Task>(message.data()) {
            Ok(task) => spawn_local(async move {
                let last = match work(task, &tell).await {
                    Ok(analysis) => News::Done { analysis: Box::new(analysis) },
                    Err(error) => News::Failed { message: error.to_string() },
                };
                tell(&last);
            }),
            Err(error) => web_sys::console::error_1(&error),
        }
    });
    scope.set_onmessage(Some(receive.into_js_value().unchecked_ref()));
}

async fn work(Task { files, labels, spatial }: Task, tell: &impl Fn(&News)) -> Result<Analysis, FeatureError> {
    let open = |file: JsValue| {
        let file: File = file.unchecked_into();
        FeatureFile::open(BlobReader::new(&file), &file.name())
    };
    let mut files = files.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    tell(&opened(&files));
    let selection = Selection::find(&files, labels, spatial)?;
    let ignored = selection.ignored.iter().map(|ignored| format!("{}, {}: {}", ignored.file, ignored.array, ignored.reason));
    tell(&News::Selected { labels: selection.labels, ignored: ignored.collect() });
    let (mut rest, mut told) = (Rest::new(), f64::NEG_INFINITY);
    let mut pace = async |Progress { layer, layers, done }| {
        if now() - told >= NEWS_MS {
            told = now();
            tell(&News::Progress { layer, layers, done });
        }
        rest.if_due().await;
        ControlFlow::Continue(())
    };
    Analysis::of(&mut files, &selection, Limits::default(), &mut pace).await
}

fn opened(files: &[FeatureFile]) -> News {
    let name = |file: &FeatureFile, array: usize| match files {
        [_] => file.arrays()[array].name.clone(),
        _ => format!("{}: {}", file.name(), file.arrays()[array].name),
    };
    let candidates = possible_labels(files).into_iter().map(|place| Candidate { place, name: name(&files[place.file], place.array) });
    let spatial = files.iter().flat_map(FeatureFile::arrays).any(|array| array.shape.len() > 2);
    News::Opened { candidates: candidates.collect(), spatial }
}
