//! A backend that measures its texts.
//!
//! plotters-canvas measures a text by adding a styled `<span>` to the document: a forced layout for each label, refused by a strict
//! Content-Security-Policy, a panic where there is no document. plotters-svg divides sizes by 1.24, and each backend has its own idea of
//! where a text stands. [`Measured`] wraps either: sizes are px, widths are measured, and a text's y is its baseline.

use super::text::advance;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters_backend::text_anchor::{Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily, FontStyle, FontTransform,
};

/// An area to draw a figure on.
pub type Sheet<B, T> = DrawingArea<Measured<B, T>, plotters::coord::Shift>;

/// Why drawing fails: the backend's own error, which neither a canvas nor an SVG in memory has.
pub type Fault<B> = DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>;

/// What drawing returns.
pub type Drawn<B> = Result<(), Fault<B>>;

/// How a backend's texts are measured and put in their place.
pub trait Typesetting {
    /// Advance width of `text`, px.
    fn width<S: BackendTextStyle>(&self, text: &str, style: &S) -> f64;

    /// How to ask the backend for a text of `style` whose baseline is at y = 0: the size, the anchor and its y, px.
    fn place<S: BackendTextStyle>(&self, style: &S) -> (f64, VPos, f64);
}

/// Delegates drawing to `backend` and texts' sizes to `typesetting`.
pub struct Measured<B, T> {
    backend: B,
    typesetting: T,
}

impl<B, T> Measured<B, T> {
    /// Wraps `backend`.
    pub fn new(backend: B, typesetting: T) -> Self {
        Self { backend, typesetting }
    }
}

/// A style with another size and anchor.
struct Placed<'a, S> {
    style: &'a S,
    size: f64,
    anchor: Pos,
}

impl<S: BackendTextStyle> BackendTextStyle for Placed<'_, S> {
    type FontError = S::FontError;

    fn color(&self) -> BackendColor {
        self.style.color()
    }

    fn size(&self) -> f64 {
        self.size
    }

    fn transform(&self) -> FontTransform {
        self.style.transform()
    }

    fn style(&self) -> FontStyle {
        self.style.style()
    }

    fn anchor(&self) -> Pos {
        self.anchor
    }

    fn family(&self) -> FontFamily<'_> {
        self.style.family()
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Self::FontError> {
        self.style.layout_box(text)
    }

    fn draw<E, D: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        pos: BackendCoord,
        draw: D,
    ) -> Result<Result<(), E>, Self::FontError> {
        self.style.draw(text, pos, draw)
    }
}

impl<B: DrawingBackend, T: Typesetting> DrawingBackend for Measured<B, T> {
    type ErrorType = B::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.backend.get_size()
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.fill_polygon(vertices, style)
    }

    /// The anchor's vertical part is ignored: `pos` is on the baseline.
    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        let (size, v_pos, offset) = self.typesetting.place(style);
        let anchor = Pos::new(style.anchor().h_pos, v_pos);
        let y = (f64::from(y) + offset).round() as i32;
        self.backend.draw_text(text, &Placed { style, size, anchor }, (x, y))
    }

    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, style: &S) -> Result<(u32, u32), DrawingErrorKind<B::ErrorType>> {
        Ok((self.typesetting.width(text, style).ceil() as u32, style.size().ceil() as u32))
    }

    fn blit_bitmap(&mut self, pos: BackendCoord, size: (u32, u32), source: &[u8]) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.backend.blit_bitmap(pos, size, source)
    }
}

/// Typesetting of SVG, which nothing measures: widths by a table of Helvetica's letters.
pub struct WidthTable;

impl Typesetting for WidthTable {
    fn width<S: BackendTextStyle>(&self, text: &str, style: &S) -> f64 {
        // Helvetica Bold is 8 % wider than the regular, Times Italic a tenth narrower.
        let factor = match style.style() {
            FontStyle::Bold => 1.08,
            FontStyle::Italic | FontStyle::Oblique => 0.9,
            FontStyle::Normal => 1.0,
        };
        advance(text) * style.size() * factor
    }

    fn place<S: BackendTextStyle>(&self, style: &S) -> (f64, VPos, f64) {
        // plotters-svg's "top" is a dy of 0.76 em, the only one of its anchors that does not depend on the font.
        (style.size() * 1.24, VPos::Top, -0.76 * style.size())
    }
}
