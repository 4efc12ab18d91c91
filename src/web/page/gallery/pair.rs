//! Two networks of a gallery on one axis, and their test accuracies side by side.

use super::panel::sketch;
use crate::chart::{Ghost, Kind, Theme};
use crate::web::page::dom::{part, show};
use crate::web::page::render::share;
use crate::web::page::strings::{fill, label, text};
use crate::web::page::trials::Trial;
use std::cell::Cell;
use web_sys::Element;

/// Their place in the document, behind the panels.
pub struct Pair {
    /// Whether the picture is not what it should be.
    pub stale: Cell<bool>,
    said: Element,
    picture: Element,
}

impl Pair {
    /// At the end of the `list` of panels.
    pub fn new(list: &Element) -> Self {
        let place = part(&part(list, "li"), "div");
        label(&part(&place, "b"), "gallery.pair");
        let said = part(&place, "small");
        let picture = part(&place, "span");
        picture.set_class_name("canvas");
        let key = part(&place, "small");
        key.set_class_name("look");
        label(&key, "gallery.pair.key");
        Self { stale: Cell::new(true), said, picture }
    }

    /// Says how `whole`, trained at once, and `halved`, trained half by half, do on the test images.
    pub fn write(&self, [whole, halved]: [&Trial; 2]) {
        let test = |trial: &Trial| trial.whole().map(|outcome| share(outcome.test_accuracy));
        let words = match (test(whole), test(halved)) {
            (Some(whole), Some(halved)) => fill("gallery.pair.said", &[("whole", &whole), ("halved", &halved)]),
            _ => text("gallery.pair.none"),
        };
        show(&self.said, &words);
    }

    /// Draws both curves with their fits, that of `whole` in grey.
    pub fn draw(&self, [whole, halved]: [&Trial; 2], range: (i32, i32), theme: &Theme) {
        self.stale.set(false);
        let config = &halved.config;
        let [whole, halved] = [whole, halved].map(|trial| trial.outcome().map(|outcome| outcome.split()));
        let behind = whole.as_ref().map(|split| Ghost { fuzziness: &split.fuzziness, label: "", kind: Kind::Compared(split.law.as_ref()) });
        sketch(&self.picture, config, halved.as_ref(), behind.as_slice(), range, theme);
    }
}
