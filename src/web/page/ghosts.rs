//! The last runs: grey curves behind the present one, named by what differs, in a list that lets them go.

use super::dom::{all, create, find, set, show};
use super::format::rho;
use super::state::{Shown, State};
use super::strings::{fill, list, text};
use crate::experiment::{Config, Record};
use crate::web::protocol::Processor;
use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

/// How many are kept.
const MOST: usize = 3;

/// A run that was, and where it ended.
#[derive(Clone, Debug)]
pub struct Past {
    /// What it was made of.
    pub config: Config,
    /// Its last record.
    pub record: Record,
    /// What computed it; None for the recording.
    pub processor: Option<Processor>,
    /// Whether the run on show is compared with it.
    pub compared: bool,
}

impl State {
    /// The run that ends becomes a ghost, unless `next` is the same or it never trained.
    pub fn remember(&mut self, next: &Config) {
        let trained = self.history.last().filter(|record| record.epoch > 0.0);
        if let (Some(Shown { config, processor, .. }), Some(record)) = (self.run.as_ref().filter(|run| run.config != *next), trained) {
            self.past.retain(|past| past.config != *config);
            let processor = Some(processor.clone());
            self.past.insert(0, Past { config: config.clone(), record: record.clone(), processor, compared: false });
            self.past.truncate(MOST);
        }
    }

    /// The recording gives way to a run of other settings, and stays as a ghost.
    pub fn remember_recording(&mut self) {
        if let Some(record) = self.recorded.take().and_then(|history| history.last().cloned()) {
            self.past.retain(|past| past.config != Config::default());
            self.past.insert(0, Past { config: Config::default(), record, processor: None, compared: false });
        }
    }

    /// The past runs to show, each with its place and its name; one of the same settings as the present run is hidden behind it.
    pub fn ghosts(&self) -> Vec<(usize, &Past, String)> {
        let named = self.past.iter().enumerate().map(|(at, past)| (at, past, name(&past.config, self.shown())));
        named.filter(|(_, _, name)| !name.is_empty()).collect()
    }

    /// What the figure calls a ghost.
    pub fn ghost_label(&self, past: &Past, name: &str) -> String {
        match &self.split(&past.record).law {
            Some(law) => fill("ghosts.curve", &[("name", name), ("rho", &rho(law.rho))]),
            None => name.to_owned(),
        }
    }
}

/// What of `config` differs from `present`: "4 layers, SGD, rate 0.3"; empty if nothing that trains does.
pub fn name(config: &Config, present: &Config) -> String {
    let differing = config.differing(present).into_iter().map(|key| key.name);
    let parts = differing.filter_map(|key| match key {
        "engine" | "measure" | "records" => None,
        "hidden" => Some(shape(config, present)),
        _ => Some(setting(key, &config.text(key).ok()?)),
    });
    list(parts)
}

/// The hidden layers: by depth or width where that says it all.
fn shape(config: &Config, present: &Config) -> String {
    let uniform = |config: &Config| config.hidden.iter().all(|width| *width == config.hidden[0]);
    let (layers, width) = ((config.hidden.len() + 1).to_string(), config.hidden[0].to_string());
    if !uniform(config) || !uniform(present) {
        return setting("hidden", &config.text("hidden").unwrap_or_default());
    }
    let deeper = (config.hidden.len() != present.hidden.len()).then(|| fill("ghosts.layers", &[("layers", &layers)]));
    let wider = (config.hidden[0] != present.hidden[0]).then(|| setting("width", &width));
    list(deeper.into_iter().chain(wider))
}

/// A setting in words: "SGD", "rate 0.3", "own images".
fn setting(key: &str, value: &str) -> String {
    match (key, worded(key, value)) {
        ("optimizer" | "activation" | "dataset", Some(words)) => words,
        (_, words) => format!("{} {}", JsString::from(text(key)).to_lower_case(), words.as_deref().unwrap_or(value)),
    }
}

/// What the page calls a value of a setting, if it has words for it.
pub fn worded(key: &str, value: &str) -> Option<String> {
    let place = format!("{key}.{value}");
    Some(text(&place)).filter(|words| *words != place)
}

/// Lists the ghosts, only where they changed: a button keeps the keyboard's focus.
pub fn render(state: &State) {
    let list = find::<HtmlElement>("ghosts");
    let ghosts = state.ghosts();
    let signature = ghosts.iter().map(|(at, _, name)| format!("{at} {name}\n")).collect::<String>();
    if list.dataset().get("shown").unwrap_or_default() != signature {
        let _ = list.dataset().set("shown", &signature);
        fill_in(&list, &ghosts);
    }
    for (button, (_, past, _)) in all("#ghosts [data-compare]").iter().zip(&ghosts) {
        set(button, "aria-pressed", Some(if past.compared { "true" } else { "false" }));
    }
}

fn fill_in(list: &HtmlElement, ghosts: &[(usize, &Past, String)]) {
    list.set_text_content(None);
    list.set_hidden(ghosts.is_empty());
    for (at, _, name) in ghosts {
        let item = create("li");
        show(&item, name);
        for (action, shown, key) in [("data-compare", &*text("compare.button"), "compare.label"), ("data-ghost", "×", "ghosts.remove")] {
            let button = create("button");
            show(&button, shown);
            set(&button, "type", Some("button"));
            set(&button, action, Some(&at.to_string()));
            set(&button, "aria-label", Some(&fill(key, &[("name", name)])));
            let _ = item.append_child(&button);
        }
        let _ = list.append_child(&item);
    }
}

/// The place of the ghost that a click in the list lets go, or with `action` "data-compare" compares.
pub fn clicked(target: Option<EventTarget>, action: &str) -> Option<usize> {
    target?.dyn_into::<Element>().ok()?.get_attribute(action)?.parse().ok()
}

/// Gives the keyboard's focus to the next button, or to the figure if there is none.
pub fn focus() {
    let list = find::<Element>("ghosts");
    let next = list.query_selector("button").ok().flatten().and_then(|button| button.dyn_into::<HtmlElement>().ok());
    let _ = next.unwrap_or_else(|| find("figure")).focus();
}
