//! The switches of how a run is shown: axis, curves, pace, tempo, and when it stops by itself.

use super::dom::{find, show};
use super::state::State;
use super::strings::text;
use super::{Page, Stale};
use crate::experiment::{Pace, View};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// Listens to the switches; the link follows them.
pub fn listen(page: &Rc<Page>) {
    let checked = |id| find::<HtmlInputElement>(id).checked();
    let number = |id| find::<HtmlSelectElement>(id).value().parse::<f64>().ok();
    page.on("views", "change", move |page, _| {
        let [linear, test, classes] = ["view-linear", "view-test", "view-classes"].map(checked);
        page.view(|view| View { linear, test, classes, ..view });
    });
    page.on("pace", "change", move |page, _| {
        let pace = if checked("watch") { Pace::Watch } else { Pace::Fast };
        page.view(|view| View { pace: Some(pace), ..view });
    });
    page.on("tempo", "change", move |page, _| page.view(|view| View { tempo: number("tempo").unwrap_or(view.tempo), ..view }));
    page.on("auto-stop", "change", move |page, _| page.view(|view| View { stop: number("auto-stop"), ..view }));
}

impl Page {
    fn view(self: &Rc<Self>, change: impl FnOnce(View) -> View) {
        {
            let view = &mut self.state.borrow_mut().page.view;
            *view = change(*view);
        }
        self.replace();
        self.refresh(Stale::Everything);
    }
}

/// Says beside the switches if the recording lacks what they ask for.
pub fn unrecorded(state: &State) {
    let lacks = state.recorded.is_some() && state.page.view.classes;
    show(&find("unrecorded"), &if lacks { text("recorded.classes") } else { String::new() });
}

/// Shows what the link says.
pub fn render(state: &State) {
    let View { linear, test, classes, tempo, stop, .. } = state.page.view;
    let pace = if state.watches() { "watch" } else { "fast" };
    for (id, on) in [(if linear { "view-linear" } else { "view-log" }, true), ("view-test", test), ("view-classes", classes), (pace, true)]
    {
        find::<HtmlInputElement>(id).set_checked(on);
    }
    find::<HtmlSelectElement>("tempo").set_value(&tempo.to_string());
    find::<HtmlSelectElement>("auto-stop").set_value(&stop.map_or_else(String::new, |bound| bound.to_string()));
}
