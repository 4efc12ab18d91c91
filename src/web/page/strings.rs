//! The page's texts: www/strings/en.json, which boot.js has loaded and used already.

use super::host;

/// The text of `key`; the key itself where the strings lack it.
pub fn text(key: &str) -> String {
    js_sys::Reflect::get(&host::strings(), &key.into()).ok().and_then(|text| text.as_string()).unwrap_or_else(|| key.to_owned())
}

/// The text of `key` with each {name} replaced by its value.
pub fn fill(key: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text(key), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
