//! The run in a sentence for screen readers, said at most every five seconds.

use super::dom::{find, show, window};
use super::format::{amount, epoch, pearson, rho};
use super::state::State;
use super::strings::{fill, sentences, text};
use super::{Page, Stale};
use crate::experiment::{Record, Split};
use crate::web::rest::now;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Milliseconds between two sentences.
const PAUSE: f64 = 5000.0;

/// When a sentence was said last, and whether the next one waits.
#[derive(Default)]
pub struct Summary {
    said: Cell<Option<f64>>,
    waiting: Cell<bool>,
}

impl Page {
    /// Says how the run stands; later, if something was said just now.
    pub(super) fn summarize(self: &Rc<Self>, state: &State) {
        let sentence =
            state.record().map_or_else(String::new, |record| sentences(&sentence(state.split(record), record), &state.guess_said()));
        let Summary { said, waiting } = &self.summary;
        let line = find::<web_sys::Element>("summary");
        if line.text_content().as_deref() == Some(&sentence) || waiting.get() {
            return;
        }
        let left = said.get().map_or(0.0, |then| then + PAUSE - now());
        if left <= 0.0 {
            said.set(Some(now()));
            return show(&line, &sentence);
        }
        waiting.set(true);
        let page = self.clone();
        let later = Closure::once_into_js(move || {
            page.summary.waiting.set(false);
            page.refresh(Stale::Everything);
        });
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), left as i32 + 1);
    }
}

fn sentence(split: &Split, record: &Record) -> String {
    let Some(law) = &split.law else { return text("verdict.no-fit") };
    let end = |value: Option<&Option<f64>>| value.copied().flatten().map_or_else(|| "–".to_owned(), amount);
    let values = [
        ("epoch", epoch(record.epoch)),
        ("first", end(split.fuzziness.first())),
        ("last", end(split.fuzziness.last())),
        ("layers", (split.fuzziness.len() - 1).to_string()),
        ("rho", rho(law.rho)),
        // Screen readers skip the true minus sign.
        ("pearson", pearson(law.pearson).replace('\u{2212}', &text("minus"))),
    ];
    fill("summary", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}
