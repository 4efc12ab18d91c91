//! What figures are drawn on: a canvas of the page, or an SVG document in memory. One type, so that the module holds each figure once.

use super::backend::{Drawn, Measured, Sheet, Typesetting, WidthTable};
#[cfg(target_arch = "wasm32")]
use super::canvas::CanvasText;
use plotters::drawing::IntoDrawingArea;
use plotters::prelude::SVGBackend;
use plotters_backend::text_anchor::VPos;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
#[cfg(target_arch = "wasm32")]
use plotters_canvas::CanvasBackend;

/// A backend of one kind or the other.
pub enum Paper<'a> {
    /// Pixels.
    #[cfg(target_arch = "wasm32")]
    Canvas(CanvasBackend),
    /// Text.
    Svg(SVGBackend<'a>),
}

/// How texts are set on it.
pub enum Typecase {
    /// As the browser measures them.
    #[cfg(target_arch = "wasm32")]
    Canvas(CanvasText),
    /// By a table.
    Svg(WidthTable),
}

/// A sheet of paper.
pub type PaperSheet<'a> = Sheet<Paper<'a>, Typecase>;

/// What a backend said when it failed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PaperFault(String);

fn fault<E: std::error::Error + Send + Sync>(error: DrawingErrorKind<E>) -> DrawingErrorKind<PaperFault> {
    DrawingErrorKind::DrawingError(PaperFault(error.to_string()))
}

/// Calls the backend, whichever it is.
macro_rules! each {
    ($kind:ident, $of:expr, $backend:ident => $call:expr) => {
        match $of {
            #[cfg(target_arch = "wasm32")]
            $kind::Canvas($backend) => $call,
            $kind::Svg($backend) => $call,
        }
    };
}

type Done = Result<(), DrawingErrorKind<PaperFault>>;

impl DrawingBackend for Paper<'_> {
    type ErrorType = PaperFault;

    fn get_size(&self) -> (u32, u32) {
        each!(Paper, self, backend => backend.get_size())
    }

    fn ensure_prepared(&mut self) -> Done {
        each!(Paper, self, backend => backend.ensure_prepared().map_err(fault))
    }

    fn present(&mut self) -> Done {
        each!(Paper, self, backend => backend.present().map_err(fault))
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Done {
        each!(Paper, self, backend => backend.draw_pixel(point, color).map_err(fault))
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        each!(Paper, self, backend => backend.draw_line(from, to, style).map_err(fault))
    }

    fn draw_rect<S: BackendStyle>(&mut self, upper_left: BackendCoord, bottom_right: BackendCoord, style: &S, fill: bool) -> Done {
        each!(Paper, self, backend => backend.draw_rect(upper_left, bottom_right, style, fill).map_err(fault))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        each!(Paper, self, backend => backend.draw_path(path, style).map_err(fault))
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Done {
        each!(Paper, self, backend => backend.draw_circle(center, radius, style, fill).map_err(fault))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, vertices: I, style: &S) -> Done {
        each!(Paper, self, backend => backend.fill_polygon(vertices, style).map_err(fault))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Done {
        each!(Paper, self, backend => backend.draw_text(text, style, at).map_err(fault))
    }
}

impl Typesetting for Typecase {
    fn width<S: BackendTextStyle>(&self, text: &str, style: &S) -> f64 {
        each!(Typecase, self, typesetting => typesetting.width(text, style))
    }

    fn place<S: BackendTextStyle>(&self, style: &S) -> (f64, VPos, f64) {
        each!(Typecase, self, typesetting => typesetting.place(style))
    }
}

/// The SVG document that `draw` makes, `width` x `height` CSS px; positions are rounded to 1 / `scale` px.
///
/// # Errors
/// Those of `draw`; writing to memory has none of its own.
pub fn svg(
    (width, height): (u32, u32),
    scale: f64,
    draw: impl for<'a> FnOnce(&PaperSheet<'a>) -> Drawn<Paper<'a>>,
) -> Result<String, super::Fault<Paper<'static>>> {
    let inner = |length: u32| (f64::from(length) * scale).round() as u32;
    let (inner_width, inner_height) = (inner(width), inner(height));
    let mut document = String::new();
    {
        let paper = Paper::Svg(SVGBackend::with_string(&mut document, (inner_width, inner_height)));
        let sheet = Measured::new(paper, Typecase::Svg(WidthTable)).into_drawing_area();
        draw(&sheet)?;
        sheet.present()?;
    }
    let size = |w, h| format!(r#"<svg width="{w}" height="{h}" "#);
    Ok(document.replacen(&size(inner_width, inner_height), &size(width, height), 1))
}
