//! The figures' colours: the page's tokens as the browser computes them, so that dark mode and forced colours reach the canvases.

use super::dom::{find, root, window};
use crate::chart::Theme;
use plotters::style::RGBColor;
use web_sys::HtmlElement;

/// The theme that the page has now.
pub fn current() -> Theme {
    let probe = find::<HtmlElement>("probe");
    let computed = window().get_computed_style(&probe).ok().flatten();
    // Tokens use light-dark(), so only a computed color tells which one is meant.
    let color = |token: &str, otherwise: RGBColor| {
        let _ = probe.style().set_property("color", &format!("var(--{token})"));
        computed.as_ref().and_then(|style| style.get_property_value("color").ok()).and_then(|color| parse(&color)).unwrap_or(otherwise)
    };
    let light = Theme::LIGHT;
    let root = window().get_computed_style(&root()).ok().flatten();
    let number = |property: &str, otherwise: f64| {
        let value = root.as_ref().and_then(|style| style.get_property_value(property).ok());
        value.and_then(|value| value.trim().trim_end_matches("px").parse().ok()).unwrap_or(otherwise)
    };
    Theme {
        paper: color("paper", light.paper),
        rail: color("rail", light.rail),
        ink: color("ink", light.ink),
        ink2: color("ink-2", light.ink2),
        edge: color("edge", light.edge),
        rule: color("rule", light.rule),
        mesh: color("mesh", light.mesh),
        law: color("law", light.law),
        test: color("test", light.test),
        ghost: color("ghost", light.ghost),
        warn: color("warn", light.warn),
        classes: std::array::from_fn(|class| color(&format!("c{class}"), light.classes[class])),
        // Letters as large as the reader's browser has them.
        present: number("--present", 1.0) * number("font-size", 16.0) / 16.0,
        ..light
    }
}

/// "rgb(19, 32, 43)", as browsers write computed colours.
fn parse(color: &str) -> Option<RGBColor> {
    let mut numbers =
        color.strip_prefix("rgb")?.trim_start_matches(['a', '(']).trim_end_matches(')').split(',').map(|n| n.trim().parse::<u8>());
    Some(RGBColor(numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?))
}
