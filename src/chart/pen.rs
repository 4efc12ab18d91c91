//! Drawing in CSS px: lines, marks and labels, the same in every figure.

use super::backend::{Drawn, Fault, Sheet, Typesetting};
use super::text::{Face, runs};
use super::theme::Theme;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, RGBColor, ShapeStyle, TextStyle};
use plotters_backend::{BackendCoord, DrawingBackend};
use std::f64::consts::FRAC_PI_4;

/// A place, CSS px from the top left.
pub(super) type Point = (f64, f64);

/// A line of text, in the markup of [`runs`].
pub(super) struct Label<'a> {
    pub text: &'a str,
    /// CSS px.
    pub size: f64,
    pub color: RGBColor,
    pub bold: bool,
    /// Where the text's point is.
    pub anchor: HPos,
    /// Whether paper shines around the letters, for a label that crosses lines.
    pub halo: bool,
}

impl<'a> Label<'a> {
    /// Regular, from its left end.
    pub fn new(text: &'a str, size: f64, color: RGBColor) -> Self {
        Self { text, size, color, bold: false, anchor: HPos::Left, halo: false }
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub fn centered(self) -> Self {
        Self { anchor: HPos::Center, ..self }
    }

    pub fn ending(self) -> Self {
        Self { anchor: HPos::Right, ..self }
    }

    pub fn halo(self) -> Self {
        Self { halo: true, ..self }
    }
}

/// How far a halo reaches beyond the letters, CSS px.
const HALO: f64 = 2.5;

/// Draws on a sheet.
pub(super) struct Pen<'a, B: DrawingBackend, T: Typesetting> {
    pub sheet: &'a Sheet<B, T>,
    pub theme: &'a Theme,
    /// Px of the sheet in a CSS px.
    pub scale: f64,
}

impl<B: DrawingBackend, T: Typesetting> Pen<'_, B, T> {
    /// Width and height of the sheet, CSS px.
    pub fn size(&self) -> Point {
        let (width, height) = self.sheet.dim_in_pixel();
        (f64::from(width) / self.scale, f64::from(height) / self.scale)
    }

    fn at(&self, (x, y): Point) -> BackendCoord {
        ((x * self.scale).round() as i32, (y * self.scale).round() as i32)
    }

    fn length(&self, length: f64) -> u32 {
        (length * self.scale).round().max(1.0) as u32
    }

    fn stroke(&self, color: RGBColor, width: f64) -> ShapeStyle {
        color.stroke_width(self.length(width))
    }

    /// A line through points.
    pub fn line(&self, points: &[Point], color: RGBColor, width: f64) -> Drawn<B> {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        self.sheet.draw(&PathElement::new(points, self.stroke(color, width)))
    }

    /// A line of dashes, as long as the gaps between them.
    pub fn dashes(&self, points: &[Point], color: RGBColor, width: f64, dash: f64) -> Drawn<B> {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        let dash = self.length(dash);
        self.sheet.draw(&DashedPathElement::new(points, dash, dash, self.stroke(color, width)))
    }

    /// A filled rectangle; also every straight hairline, which stays crisp this way.
    pub fn bar(&self, from: Point, to: Point, color: RGBColor) -> Drawn<B> {
        let ((x0, y0), (x1, y1)) = (self.at(from), self.at(to));
        // A hairline may round to nothing.
        let corners = [(x0, y0), (x1.max(x0 + 1), y1.max(y0 + 1))];
        self.sheet.draw(&Rectangle::new(corners, color.filled()))
    }

    /// A filled polygon.
    pub fn area(&self, points: &[Point], color: RGBAColor) -> Drawn<B> {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        self.sheet.draw(&Polygon::new(points, color.filled()))
    }

    /// A filled disc.
    pub fn disc(&self, center: Point, radius: f64, color: RGBColor) -> Drawn<B> {
        self.sheet.draw(&Circle::new(self.at(center), self.length(radius), color.filled()))
    }

    /// A disc of paper with a border of `width` on its `radius`.
    pub fn ring(&self, center: Point, radius: f64, color: RGBColor, width: f64) -> Drawn<B> {
        self.disc(center, radius + width / 2.0, color)?;
        self.disc(center, radius - width / 2.0, self.theme.paper)
    }

    /// A circle, nothing within.
    pub fn outline(&self, center: Point, radius: f64, color: RGBColor, width: f64) -> Drawn<B> {
        self.sheet.draw(&Circle::new(self.at(center), self.length(radius), self.stroke(color, width)))
    }

    /// A square of paper with sides of `2 * half` and a border of `width` on them.
    pub fn square(&self, (x, y): Point, half: f64, color: RGBColor, width: f64) -> Drawn<B> {
        for (half, color) in [(half + width / 2.0, color), (half - width / 2.0, self.theme.paper)] {
            self.bar((x - half, y - half), (x + half, y + half), color)?;
        }
        Ok(())
    }

    /// The label's width, CSS px.
    pub fn width(&self, label: &Label) -> Result<f64, Fault<B>> {
        runs(label.text).into_iter().try_fold(0.0, |sum, (text, face)| Ok(sum + self.run_width(text, face, label)?))
    }

    /// Sets a label with its anchor at `point`, on the baseline, moved where it would leave the sheet. Returns its right end, CSS px.
    pub fn text(&self, (x, y): Point, label: &Label) -> Result<f64, Fault<B>> {
        let share = match label.anchor {
            HPos::Left => 0.0,
            HPos::Center => 0.5,
            HPos::Right => 1.0,
        };
        let (width, (right, bottom)) = (self.width(label)?, self.size());
        let margin = if label.halo { HALO } else { 1.0 };
        let left = (x - share * width).min(right - margin - width).max(margin);
        let y = y.min(bottom - margin - 0.22 * label.size).max(margin + 0.75 * label.size);
        let runs = runs(label.text);
        if label.halo {
            for eighth in 0..8 {
                let (sin, cos) = libm::sincos(f64::from(eighth) * FRAC_PI_4);
                self.runs((left + HALO * cos, y + HALO * sin), share, &runs, label, self.theme.paper)?;
            }
        }
        self.runs((left, y), share, &runs, label, label.color)?;
        Ok(left + width)
    }

    /// Sets the first of `wordings` that fits between `point` and `right`, in the second rank.
    pub fn fitting(&self, point: Point, right: f64, wordings: impl IntoIterator<Item = impl AsRef<str>>, size: f64) -> Drawn<B> {
        for wording in wordings {
            let label = Label::new(wording.as_ref(), size, self.theme.ink2);
            if point.0 + self.width(&label)? < right {
                return self.text(point, &label).map(drop);
            }
        }
        Ok(())
    }

    /// Sets the runs one after the other. A lone one is anchored where the label is, so that a width that is off does no harm.
    fn runs(&self, (left, y): Point, share: f64, runs: &[(&str, Face)], label: &Label, color: RGBColor) -> Drawn<B> {
        if let [(text, face)] = *runs {
            let x = left + share * self.run_width(text, face, label)?;
            return self.sheet.draw(&Text::new(text, self.at((x, y)), self.style(face, label, color, label.anchor)));
        }
        let mut x = left;
        for &(text, face) in runs {
            // SVG drops spaces at the ends of a text.
            let inner = text.trim_start();
            let start = x + self.run_width(&text[..text.len() - inner.len()], face, label)?;
            x += self.run_width(text, face, label)?;
            if inner.is_empty() {
                continue;
            }
            self.sheet.draw(&Text::new(inner.trim_end(), self.at((start, y)), self.style(face, label, color, HPos::Left)))?;
        }
        Ok(())
    }

    fn run_width(&self, text: &str, face: Face, label: &Label) -> Result<f64, Fault<B>> {
        let style = self.style(face, label, label.color, HPos::Left);
        Ok(f64::from(self.sheet.estimate_text_size(text, &style)?.0) / self.scale)
    }

    fn style(&self, face: Face, label: &Label, color: RGBColor, anchor: HPos) -> TextStyle<'_> {
        let (family, style) = match face {
            Face::Sans => (&self.theme.sans, if label.bold { FontStyle::Bold } else { FontStyle::Normal }),
            Face::Math => (&self.theme.math, FontStyle::Normal),
            Face::Variable => (&self.theme.math, FontStyle::Italic),
        };
        let font = FontDesc::new(FontFamily::Name(family), label.size * self.scale, style);
        TextStyle { font, color: color.to_backend_color(), pos: Pos::new(anchor, VPos::Bottom) }
    }
}

/// The parts of a curve between `top` and `bottom`, CSS px: cut where it leaves them and where a point is missing.
pub(super) fn pieces(points: &[Option<Point>], (top, bottom): (f64, f64)) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for pair in points.windows(2) {
        let [Some(from), Some(to)] = *pair else { continue };
        let Some((from, to)) = cut(from, to, (top, bottom)) else { continue };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&from) => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces
}

/// The part of a segment with y in a range.
fn cut(from: Point, to: Point, (top, bottom): (f64, f64)) -> Option<(Point, Point)> {
    if from.1.max(to.1) < top || from.1.min(to.1) > bottom {
        return None;
    }
    let inside = |point: Point| {
        let y = point.1.clamp(top, bottom);
        // The guard also keeps a horizontal segment from dividing by 0.
        if y == point.1 { point } else { (from.0 + (to.0 - from.0) * ((y - from.1) / (to.1 - from.1)), y) }
    };
    Some((inside(from), inside(to)))
}

/// The part of a segment on a sheet of that size.
pub(super) fn clipped((from, to): (Point, Point), (width, height): Point) -> Option<(Point, Point)> {
    let turned = |(x, y): Point| (y, x);
    let (from, to) = cut(from, to, (0.0, height))?;
    let (from, to) = cut(turned(from), turned(to), (0.0, width))?;
    Some((turned(from), turned(to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_point_cuts_a_curve() {
        let points = [Some((0.0, 1.0)), Some((1.0, 2.0)), None, Some((3.0, 1.0)), Some((4.0, 1.0))];
        assert_eq!(pieces(&points, (0.0, 9.0)), [vec![(0.0, 1.0), (1.0, 2.0)], vec![(3.0, 1.0), (4.0, 1.0)]]);
    }

    #[test]
    fn a_segment_stops_at_all_four_edges() {
        assert_eq!(clipped(((-1.0, -1.0), (5.0, 5.0)), (4.0, 3.0)), Some(((0.0, 0.0), (3.0, 3.0))));
        assert_eq!(clipped(((1.0, 1.0), (3.0, 2.0)), (4.0, 3.0)), Some(((1.0, 1.0), (3.0, 2.0))));
        assert_eq!(clipped(((5.0, 0.0), (9.0, 1.0)), (4.0, 3.0)), None);
    }

    #[test]
    fn a_curve_stops_at_the_edges() {
        let points = [Some((0.0, -2.0)), Some((2.0, 2.0)), Some((4.0, 6.0)), Some((6.0, 7.0))];
        assert_eq!(pieces(&points, (0.0, 4.0)), [vec![(1.0, 0.0), (2.0, 2.0), (3.0, 4.0)]]);
    }
}
