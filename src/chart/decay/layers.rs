//! Where the layers and their ln D are on a figure, so that a pointer finds them.

use super::super::frame::LnAxis;
use super::{DecayCurve, DrawingBackend, Fault, Pen, Sheet, Theme, Typesetting};

/// The axes, CSS px from the sheet's top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerAxis {
    /// Where layer 0 is.
    pub first: f64,
    /// From layer to layer.
    pub pitch: f64,
    /// Layers on the axis, the input included.
    pub layers: usize,
    /// The y axis.
    pub ln: LnAxis,
}

impl LayerAxis {
    /// Where a layer is.
    pub fn x(&self, layer: usize) -> f64 {
        self.first + self.pitch * layer as f64
    }

    /// The layer nearest to `x`; none on an axis without layers.
    pub fn nearest(&self, x: f64) -> Option<usize> {
        let layer = ((x - self.first) / self.pitch).round().max(0.0) as usize;
        self.layers.checked_sub(1).map(|last| layer.min(last))
    }
}

impl DecayCurve<'_> {
    /// The layers as [`DecayCurve::draw`] places them on the same sheet.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn layer_axis<B: DrawingBackend, T: Typesetting>(
        &self,
        sheet: &Sheet<B, T>,
        theme: &Theme,
        scale: f64,
    ) -> Result<LayerAxis, Fault<B>> {
        Ok(self.frame(&Pen { sheet, theme, scale })?.axis())
    }
}

#[cfg(test)]
mod tests {
    use super::{LayerAxis, LnAxis};

    const LN: LnAxis = LnAxis { top: 30.0, bottom: 230.0, low: -1.0, high: 4.0, peak: None };

    #[test]
    fn a_pointer_finds_the_nearest_layer() {
        let axis = LayerAxis { first: 50.0, pitch: 100.0, layers: 4, ln: LN };
        assert_eq!([0.0, 99.0, 101.0, 250.0, 9000.0].map(|x| axis.nearest(x)), [0, 0, 1, 2, 3].map(Some));
        assert_eq!(LayerAxis { layers: 0, ..axis }.nearest(3.0), None);
    }

    #[test]
    fn a_pointer_finds_ln_d_and_stays_on_the_axis() {
        assert_eq!([30.0, 230.0, 110.0].map(|y| LN.at(y)), [4.0, -1.0, 2.0]);
        assert_eq!([0.0, 900.0].map(|y| LN.at(y)), [4.0, -1.0]);
        let linear = LnAxis { low: -3.0, peak: Some(40.0), ..LN };
        for value in [-1.0, 0.0, 3.0] {
            assert!((linear.at(linear.y(value)) - value).abs() < 1e-9, "{value}");
        }
        assert_eq!(linear.at(229.99), -3.0, "below what the axis tells apart");
    }
}
