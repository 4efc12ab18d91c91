//! Numbers as people read them. The full ones stand in data-value.

use super::strings::fill;
use crate::chart::number;

/// `value` with `decimals` decimals and a true minus sign, which a value that rounds to 0 has not.
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|byte| matches!(byte, b'0' | b'.')) => digits.to_owned(),
        Some(digits) => format!("\u{2212}{digits}"),
        None => text,
    }
}

/// Pearson's r: four decimals, since it is mostly close to -1.
pub fn pearson(value: f64) -> String {
    fixed(value, 4)
}

/// The decay ratio rho.
pub fn rho(value: f64) -> String {
    fixed(value, 3)
}

/// A separation fuzziness, a loss or a half-life: about three digits.
pub fn amount(value: f64) -> String {
    number(value)
}

/// A share in percent without its sign, one decimal unless it is whole: 100, 79.7.
pub fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    fixed(tenths / 10.0, usize::from((tenths / 10.0).fract() != 0.0))
}

/// Epochs, with two decimals within one.
pub fn epoch(value: f64) -> String {
    fixed(value, if value.fract() == 0.0 { 0 } else { 2 })
}

/// A stretch of time: seconds, from two minutes on minutes.
pub fn time(seconds: f64) -> String {
    let (key, n) = if seconds < 119.5 { ("time.seconds", seconds.ceil()) } else { ("time.minutes", (seconds / 60.0).ceil()) };
    fill(key, &[("n", &fixed(n, 0))])
}
