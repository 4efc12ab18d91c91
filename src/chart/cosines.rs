//! The cosines between class means as a matrix: the ideal value is blank, closer is filled, farther is hollow, so that no hue is needed.

use super::backend::{Drawn, Sheet, Typesetting};
use super::pen::{Label, Pen, Point};
use super::simplex::{ClassSign, mixed};
use super::text::minus;
use super::theme::Theme;
use plotters_backend::DrawingBackend;

/// From this side on, CSS px, a cell has its number.
const NUMBERED: f64 = 44.0;

/// Share of a cell that its square fills, and of the square that the hole of a hollow one does.
const FILLED: f64 = 0.9;
const HOLE: f64 = 0.6;

/// The matrix.
#[derive(Clone, Copy, Debug)]
pub struct Cosines<'a> {
    /// Cosine between the means of two classes [K x K], row-major.
    pub values: &'a [f64],
    /// What each class looks like `[K]`.
    pub signs: &'a [ClassSign<'a>],
}

/// Where the matrix is on its sheet, CSS px.
struct Grid {
    corner: Point,
    cell: f64,
}

impl Cosines<'_> {
    /// The cosine of the ideal simplex, -1/(K-1).
    pub fn ideal(&self) -> f64 {
        -1.0 / (self.signs.len().max(2) - 1) as f64
    }

    /// How dark a square is: 0 at the ideal, 1 where it is missed by 1.
    fn ink(&self, cosine: f64) -> f64 {
        (cosine - self.ideal()).abs().min(1.0).sqrt()
    }

    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let classes = self.signs.len();
        let (width, height) = pen.size();
        let size = theme.small * theme.present;
        let mut name = 0.0_f64;
        for sign in self.signs {
            name = name.max(pen.width(&Label::new(sign.name, size, theme.ink))?);
        }
        let (left, top) = (name + 34.0, 28.0);
        let side = (width - left - 2.0).min(height - top - 2.0);
        let cell = (side / classes.max(1) as f64).floor();
        if cell < 4.0 || self.values.len() != classes * classes {
            return Ok(());
        }
        // In the middle of what is left, names included.
        let side = cell * classes as f64;
        let grid = Grid { corner: (left + (width - left - side) / 2.0, top + (height - top - side) / 2.0), cell };
        for (at, sign) in self.signs.iter().enumerate() {
            let (color, mark) = (theme.classes[sign.color % theme.classes.len()], (0.36 * cell).min(7.0));
            let along = (at as f64 + 0.5) * cell;
            let (row, column) = (grid.corner.1 + along, grid.corner.0 + along);
            pen.text((grid.corner.0 - 28.0, row + 0.35 * size), &Label::new(sign.name, size, theme.ink).ending())?;
            pen.mark(sign.color, (grid.corner.0 - 14.0, row), mark, color)?;
            pen.mark(sign.color, (column, grid.corner.1 - 14.0), mark, color)?;
            for other in 0..classes {
                self.cell(&pen, &grid, at, other)?;
            }
        }
        Ok(())
    }

    fn cell<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, grid: &Grid, row: usize, column: usize) -> Drawn<B> {
        let Theme { paper, rail, ink, present, small, .. } = *pen.theme;
        let cosine = self.values[row * self.signs.len() + column];
        let middle = (grid.corner.0 + (column as f64 + 0.5) * grid.cell, grid.corner.1 + (row as f64 + 0.5) * grid.cell);
        let square = |half: f64, color| pen.bar((middle.0 - half, middle.1 - half), (middle.0 + half, middle.1 + half), color);
        let half = FILLED * grid.cell / 2.0;
        // A mean and itself say nothing.
        if row == column {
            return square(half * 0.2, rail);
        }
        let share = self.ink(cosine);
        let color = mixed(rail, ink, share);
        square(half, color)?;
        let hollow = cosine < self.ideal();
        if hollow {
            square(half * HOLE, rail)?;
        }
        if grid.cell < NUMBERED {
            return Ok(());
        }
        let text = minus(&format!("{cosine:.2}"));
        let color = if hollow || share < 0.5 { ink } else { paper };
        pen.text((middle.0, middle.1 + 0.35 * small), &Label::new(&text, small * present, color).centered()).map(drop)
    }
}
