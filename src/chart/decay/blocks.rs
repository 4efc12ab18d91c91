//! Residual blocks on the decay curve.

use super::{DecayCurve, DrawingBackend, Drawn, Frame, Law, Pen, Typesetting, pieces};

/// How small the discs within a block are.
const WITHIN: f64 = 0.6;

/// The blocks of a residual network.
#[derive(Clone, Copy, Debug)]
pub struct Blocks<'a> {
    /// The layers that end one, the input and the stem included, in order.
    pub layers: &'a [usize],
    /// The fit of ln D on their number.
    pub law: Option<&'a Law>,
}

impl DecayCurve<'_> {
    /// How large a layer's disc is beside others.
    pub(super) fn prominence(&self, layer: usize) -> f64 {
        if self.blocks.is_none_or(|blocks| blocks.layers.contains(&layer)) { 1.0 } else { WITHIN }
    }

    /// The fit by blocks, dashed: straight from each to the next.
    pub(super) fn block_law<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        let Some(Blocks { layers, law: Some(law) }) = self.blocks else { return Ok(()) };
        let at = |(block, &layer): (usize, &usize)| (frame.x(layer as f64), frame.y(law.intercept + law.rho.ln() * block as f64));
        // A line this steep is no fit, and cutting it would lose every digit.
        let points = layers.iter().enumerate().map(at).map(|point| Some(point).filter(|point| point.1.abs() < 1e9)).collect::<Vec<_>>();
        for piece in pieces(&points, frame.ends()) {
            pen.dashes(&piece, pen.theme.law, 2.0, 5.0)?;
        }
        Ok(())
    }
}
