//! Colours and type of the figures, one theme at a time.

use plotters::style::RGBColor;
use std::borrow::Cow;

/// What a figure looks like. [`Theme::LIGHT`] and [`Theme::DARK`] equal the page's tokens; in the browser the page fills in the colours
/// that the style sheet computes, so that forced colours reach the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Background.
    pub paper: RGBColor,
    /// Background of boxes within a figure.
    pub rail: RGBColor,
    /// What is measured, and texts.
    pub ink: RGBColor,
    /// Texts of the second rank.
    pub ink2: RGBColor,
    /// Borders that must be seen.
    pub edge: RGBColor,
    /// Hairlines.
    pub rule: RGBColor,
    /// Edges of the ideal simplex.
    pub mesh: RGBColor,
    /// The law, and nothing else.
    pub law: RGBColor,
    /// Test points.
    pub test: RGBColor,
    /// What was before.
    pub ghost: RGBColor,
    /// Warnings.
    pub warn: RGBColor,
    /// Classes, in Fashion-MNIST's order.
    pub classes: [RGBColor; 10],
    /// CSS font family list of texts.
    pub sans: Cow<'static, str>,
    /// CSS font family list of variables and "ln".
    pub math: Cow<'static, str>,
    /// Labels, CSS px.
    pub text: f64,
    /// Ticks and names of classes, CSS px.
    pub small: f64,
    /// Factor on all texts and their margins: 1, or more on a projector.
    pub present: f64,
}

const fn rgb(hex: u32) -> RGBColor {
    RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// On white.
    pub const LIGHT: Self = Self {
        paper: rgb(0xffffff),
        rail: rgb(0xf2f5f7),
        ink: rgb(0x13202b),
        ink2: rgb(0x46555f),
        edge: rgb(0x7b8b96),
        rule: rgb(0xd3dbe1),
        mesh: rgb(0xc3ced6),
        law: rgb(0xc42d17),
        test: rgb(0x1763a6),
        ghost: rgb(0x7b8a95),
        warn: rgb(0x855400),
        classes: [
            rgb(0x2c8bfc),
            rgb(0x3458b3),
            rgb(0xbc7e15),
            rgb(0xda3e69),
            rgb(0x0e582b),
            rgb(0x8c2d7d),
            rgb(0x561610),
            rgb(0x0d878d),
            rgb(0x766c28),
            rgb(0x400e65),
        ],
        sans: Cow::Borrowed(r#""Segoe UI", -apple-system, Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif"#),
        math: Cow::Borrowed(r#"Cambria, "STIX Two Text", Palatino, "Liberation Serif", serif"#),
        text: 15.0,
        small: 14.0,
        present: 1.0,
    };

    /// On near-black.
    pub const DARK: Self = Self {
        paper: rgb(0x10161d),
        rail: rgb(0x171f28),
        ink: rgb(0xedf2f5),
        ink2: rgb(0xb3c0ca),
        edge: rgb(0x70808c),
        rule: rgb(0x2b3742),
        mesh: rgb(0x3a4854),
        law: rgb(0xff8466),
        test: rgb(0x74b8f5),
        ghost: rgb(0x8293a0),
        warn: rgb(0xf0b95a),
        classes: [
            rgb(0x94bff8),
            rgb(0x1473d3),
            rgb(0xf3d29f),
            rgb(0xf88eb6),
            rgb(0x06b876),
            rgb(0x9f5c7f),
            rgb(0xd35128),
            rgb(0x85fafe),
            rgb(0xb6b90d),
            rgb(0x9c87f1),
        ],
        ..Self::LIGHT
    };
}
