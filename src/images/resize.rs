//! Pillow's bilinear resize of 8-bit grey images, byte for byte: what made the bundled 10 x 10 data.
//!
//! A port of the fixed-point arithmetic of Pillow's Resample.c, because no crate has it: fast_image_resize 6.1, which follows Pillow-SIMD,
//! gives another byte for 11 % of Fashion-MNIST's pixels at 10 x 10, and for 1 % with Pillow's order of passes and all the precision it has.

/// Fractional bits of a weight.
const PRECISION: u32 = 22;

/// The pixels that make one pixel of the result, along one axis.
struct Window {
    first: usize,
    /// Sum to 2^22, but for rounding.
    weights: Vec<i32>,
}

/// Resizes square images from one side to another.
pub struct Resize {
    side: usize,
    windows: Vec<Window>,
}

impl Resize {
    /// From [side x side] to [to x to], both at least 1: triangles as wide as the reduction, which makes them anti-aliased, and as two
    /// pixels where images grow.
    pub fn new(side: usize, to: usize) -> Self {
        let scale = side as f64 / to as f64;
        let support = scale.max(1.0);
        let window = |i| {
            let center = (i as f64 + 0.5) * scale;
            let first = (center - support + 0.5).max(0.0) as usize;
            let end = ((center + support + 0.5) as usize).min(side);
            let weights: Vec<f64> = (first..end).map(|x| (1.0 - ((x as f64 - center + 0.5) / support).abs()).max(0.0)).collect();
            let sum: f64 = weights.iter().sum();
            Window { first, weights: weights.iter().map(|weight| (0.5 + weight / sum * f64::from(1 << PRECISION)) as i32).collect() }
        };
        Self { side, windows: (0..to).map(window).collect() }
    }

    /// An image, row-major: rows first, rounded, then columns. One of the side asked for stays as it is.
    pub fn apply(&self, image: &[u8]) -> Vec<u8> {
        let to = self.windows.len();
        if to == self.side {
            return image.to_vec();
        }
        let rows = image.chunks_exact(self.side);
        let narrow: Vec<u8> = rows.flat_map(|row| self.windows.iter().map(|window| window.apply(row.iter()))).collect();
        let columns = |window: &Window| (0..to).map(|x| window.apply(narrow[x..].iter().step_by(to))).collect::<Vec<_>>();
        self.windows.iter().flat_map(columns).collect()
    }
}

impl Window {
    fn apply<'a>(&self, line: impl Iterator<Item = &'a u8>) -> u8 {
        let sum: i32 = self.weights.iter().zip(line.skip(self.first)).map(|(weight, &pixel)| weight * i32::from(pixel)).sum();
        ((sum + (1 << (PRECISION - 1))) >> PRECISION).clamp(0, 255) as u8
    }
}
