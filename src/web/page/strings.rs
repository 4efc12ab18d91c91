//! The page's texts: a file of www/strings, which boot.js has loaded and used already.

use super::dom::{set, show};
use super::host;
use web_sys::Element;

/// The text of `key`; the key itself where the strings lack it.
pub fn text(key: &str) -> String {
    js_sys::Reflect::get(&host::strings(), &key.into()).ok().and_then(|text| text.as_string()).unwrap_or_else(|| key.to_owned())
}

/// The text of `key` with each {name} replaced by its value.
pub fn fill(key: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text(key), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// Gives `element` the text of `key`, in this language and in one that is chosen later.
pub fn label(element: &Element, key: &str) {
    set(element, "data-text", Some(key));
    show(element, &text(key));
}

/// One sentence behind the other.
pub fn sentences(first: &str, second: &str) -> String {
    if first.is_empty() || second.is_empty() { format!("{first}{second}") } else { format!("{first}{}{second}", text("join.sentences")) }
}

/// The items of a list, one behind the other.
pub fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().collect::<Vec<_>>().join(&text("join.list"))
}
