//! How the URL writes values: `100x7` or `100,500,500`, `0,1,8`, `900:constant:0-9,600:thirds:10-19`.

use super::config::Phase;
use super::keys::{Kind, MOST_HIDDEN};
use serde_json::{Value, json};

/// The value that `text` stands for, within bounds or not; nothing if it cannot be read as a value of this kind.
pub(super) fn parse(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Choice(_) => Some(text.into()),
        Kind::Flag => flag(text).map(Value::from),
        Kind::Integer { .. } | Kind::Among(_) | Kind::Number { .. } => number(text),
        Kind::Widths => widths(text),
        Kind::Labels if matches!(text, "" | "all") => Some(Value::Null),
        Kind::Labels => text.split(',').map(number).collect(),
        Kind::Phases if text == "none" => Some(Value::Null),
        Kind::Phases => text.split(',').map(phase).collect(),
    }
}

/// An accepted value as `parse` reads it.
pub(super) fn write(kind: Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Labels, Value::Null) => "all".to_owned(),
        (Kind::Phases, Value::Null) => "none".to_owned(),
        (Kind::Labels, Value::Array(labels)) => labels.iter().map(scalar).collect::<Vec<_>>().join(","),
        (Kind::Phases, Value::Array(phases)) => {
            let phases = phases.iter().filter_map(|phase| serde_json::from_value::<Phase>(phase.clone()).ok());
            let write = |phase: Phase| {
                let schedule = scalar(&json!(phase.schedule));
                format!("{}:{schedule}:{}-{}", phase.epochs, phase.train[0], phase.train[1])
            };
            phases.map(write).collect::<Vec<_>>().join(",")
        }
        (_, Value::Array(items)) => runs(items),
        _ => scalar(value),
    }
}

/// Any value as a message shows it: short, numbers as people write them.
pub(super) fn shown(value: &Value) -> String {
    short(match value {
        Value::String(_) => value.to_string(),
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_number) => runs(items),
        _ => scalar(value),
    })
}

/// `text` as a message shows it, cut where it is long.
pub(super) fn short(text: String) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// A flag that is there without a value is set.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        "" | "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from)
}

/// Widths with repeats; no longer than a network can be, so that `1x1000000000` costs nothing.
fn widths(text: &str) -> Option<Value> {
    let mut widths = Vec::new();
    for part in text.split(',') {
        let (width, times) = part.split_once('x').unwrap_or((part, "1"));
        let times = times.trim().parse::<usize>().ok().filter(|times| (1..=MOST_HIDDEN - widths.len()).contains(times))?;
        widths.resize(widths.len() + times, number(width)?);
    }
    Some(widths.into())
}

fn phase(text: &str) -> Option<Value> {
    let mut parts = text.split(':');
    let (epochs, schedule, train) = (parts.next()?, parts.next()?, parts.next()?);
    let (first, last) = train.split_once('-')?;
    let whole = |text: &str| text.parse::<u32>().ok();
    parts.next().is_none().then_some(json!({ "epochs": whole(epochs)?, "schedule": schedule, "train": [whole(first)?, whole(last)?] }))
}

/// Equal neighbours taken together: `100x4,500x3`.
fn runs(items: &[Value]) -> String {
    let write = |run: &[Value]| match run.len() {
        1 => scalar(&run[0]),
        times => format!("{}x{times}", scalar(&run[0])),
    };
    items.chunk_by(|a, b| a == b).map(write).collect::<Vec<_>>().join(",")
}

/// A word without quotes, a number in plain decimals that read back to the same bits, anything else as JSON.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_repeat_and_mix() {
        let read = |text| parse(Kind::Widths, text);
        assert_eq!(read("1000x2,100"), Some(json!([1000.0, 1000.0, 100.0])));
        assert_eq!(write(Kind::Widths, &json!([100, 500, 500, 2500, 2500, 500])), "100,500x2,2500x2,500");
        assert_eq!([read("1x1000000000"), read("100x0"), read("100x"), read("")], [None, None, None, None]);
        assert_eq!(read("100, 500 x 2"), Some(json!([100.0, 500.0, 500.0])));
        assert!(read("1x63").is_some() && read("1x64").is_none() && read("1x63,1").is_none());
    }

    #[test]
    fn phases_read_as_they_are_written() {
        let text = "900:constant:0-9,600:thirds:10-19";
        let phases = parse(Kind::Phases, text).unwrap();
        assert_eq!(phases[1], json!({ "epochs": 600, "schedule": "thirds", "train": [10, 19] }));
        assert_eq!(write(Kind::Phases, &phases), text);
        for bad in ["900", "900:constant", "900:constant:9", "900:constant:0-9:1", "900:constant:0--9", "-1:constant:0-9"] {
            assert_eq!(parse(Kind::Phases, bad), None, "{bad}");
        }
    }

    #[test]
    fn messages_show_values_briefly() {
        assert_eq!(shown(&json!(40.0)), "40");
        assert_eq!(shown(&json!(0.00001)), "0.00001");
        assert_eq!(shown(&json!("adamw")), "\"adamw\"");
        assert_eq!(shown(&json!([100, 100, -5])), "100x2,-5");
        assert_eq!(shown(&json!([])), "[]");
        assert_eq!(shown(&json!(vec!["é"; 1000])).chars().count(), 63);
    }
}
