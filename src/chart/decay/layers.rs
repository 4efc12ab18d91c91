//! Where the layers are on the decay curve's axis, so that a pointer finds them.

use super::{DecayCurve, DrawingBackend, Fault, Pen, Sheet, Theme, Typesetting};

/// The x axis, CSS px from the sheet's left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerAxis {
    /// Where layer 0 is.
    pub first: f64,
    /// From layer to layer.
    pub pitch: f64,
    /// Layers on the axis, the input included.
    pub layers: usize,
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
        let frame = self.frame(&Pen { sheet, theme, scale })?;
        Ok(LayerAxis { first: frame.x(0.0), pitch: frame.pitch, layers: self.layers })
    }
}

#[cfg(test)]
mod tests {
    use super::LayerAxis;

    #[test]
    fn a_pointer_finds_the_nearest_layer() {
        let axis = LayerAxis { first: 50.0, pitch: 100.0, layers: 4 };
        assert_eq!([0.0, 99.0, 101.0, 250.0, 9000.0].map(|x| axis.nearest(x)), [0, 0, 1, 2, 3].map(Some));
        assert_eq!(LayerAxis { layers: 0, ..axis }.nearest(3.0), None);
    }
}
