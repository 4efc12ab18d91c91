//! Matrix products in f32: packed strips and a 4 x 8 tile of SIMD accumulators; at the right edge a narrower one.
//!
//! The shapes are those of backpropagation: y = x W, dW = x^T dy, dx = dy W^T. A transposed operand is only packed
//! differently, so one kernel serves all three. Each entry of the product is summed in the order of k by one
//! accumulator, in blocks of [`BLOCK`]: the same bits on every machine.

use bytemuck::{cast_slice, cast_slice_mut};
use wide::f32x4;

/// Rows of a tile.
const ROWS: usize = 4;
/// Columns of a tile.
const COLUMNS: usize = 8;
/// Terms summed before a tile is written back: an 8-column strip of them stays in the first-level cache.
const BLOCK: usize = 256;
/// Lanes of a register.
const LANES: usize = 4;

/// A matrix in row-major order, or the transpose of one.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    transposed: bool,
}

impl<'a> Matrix<'a> {
    /// The first `rows` x `columns` of `values`, row-major.
    pub fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        Self { values: &values[..rows * columns], rows, columns, transposed: false }
    }

    /// Its transpose; nothing moves.
    pub fn t(self) -> Self {
        Self { values: self.values, rows: self.columns, columns: self.rows, transposed: !self.transposed }
    }

    /// Writes rows `start .. start + W` (zeros beyond the last) of columns `from .. from + strip.len() / W`, interleaved by column.
    fn pack<const W: usize>(&self, start: usize, from: usize, strip: &mut [f32]) {
        let width = W.min(self.rows - start);
        if width < W {
            strip.fill(0.0);
        }
        if self.transposed {
            let rows = self.values.chunks_exact(self.rows).skip(from);
            for (packed, row) in strip.chunks_exact_mut(W).zip(rows) {
                match row.get(start..start + W) {
                    Some(whole) => packed.copy_from_slice(whole),
                    None => packed[..width].copy_from_slice(&row[start..start + width]),
                }
            }
        } else {
            let length = strip.len() / W;
            let row = |lane: usize| &self.values[(start + lane) * self.columns + from..][..length];
            let whole = width / LANES * LANES;
            for lane in (0..whole).step_by(LANES) {
                interleave(&[row(lane), row(lane + 1), row(lane + 2), row(lane + 3)], lane, W, strip);
            }
            for lane in whole..width {
                for (packed, &value) in strip.chunks_exact_mut(W).zip(row(lane)) {
                    packed[lane] = value;
                }
            }
        }
    }
}

/// Writes four rows into lanes `lane ..` of a strip of `width` lanes: four by four they are turned in registers.
fn interleave(rows: &[&[f32]; LANES], lane: usize, width: usize, strip: &mut [f32]) {
    let fours = rows.map(|row| row.as_chunks::<LANES>().0);
    for (group, packed) in strip.chunks_exact_mut(LANES * width).enumerate() {
        let turned = f32x4::transpose(fours.map(|row| f32x4::new(row[group])));
        for (packed, values) in packed.chunks_exact_mut(width).zip(turned) {
            packed[lane..lane + LANES].copy_from_slice(values.as_array());
        }
    }
    let done = fours[0].len() * LANES;
    for (column, packed) in strip.chunks_exact_mut(width).enumerate().skip(done) {
        for (value, row) in packed[lane..].iter_mut().zip(rows) {
            *value = row[column];
        }
    }
}

/// Space for packed operands, allocated once.
pub struct Packing {
    left: Vec<f32x4>,
    right: Vec<f32x4>,
}

impl Packing {
    /// Space for right operands of up to `columns` columns.
    pub fn new(columns: usize) -> Self {
        let registers = |floats: usize| vec![f32x4::ZERO; floats / LANES];
        Self { left: registers(ROWS * BLOCK), right: registers(columns.next_multiple_of(LANES) * BLOCK) }
    }

    /// `out` [m x n] = `a` [m x k] `b` [k x n], row-major.
    pub fn product(&mut self, a: Matrix, b: Matrix, out: &mut [f32]) {
        let (m, terms, n) = (a.rows, a.columns, b.columns);
        assert_eq!(terms, b.rows, "inner dimensions differ");
        let out = &mut out[..m * n];
        let blocks = terms.div_ceil(BLOCK).max(1);
        let block = terms.div_ceil(blocks);
        for from in (0..terms).step_by(block.max(1)) {
            let length = block.min(terms - from);
            let strips = || (0..n).step_by(COLUMNS).map(|column| (column, n - column > LANES));
            let right: &mut [f32] = &mut cast_slice_mut(&mut self.right)[..n.next_multiple_of(LANES) * length];
            for (column, whole) in strips() {
                let packed = &mut right[column * length..];
                if whole {
                    b.t().pack::<COLUMNS>(column, from, &mut packed[..COLUMNS * length]);
                } else {
                    b.t().pack::<LANES>(column, from, packed);
                }
            }
            let left = &mut cast_slice_mut(&mut self.left)[..length * ROWS];
            for (strip, rows) in out.chunks_mut(ROWS * n).enumerate() {
                a.pack::<ROWS>(strip * ROWS, from, left);
                for (column, whole) in strips() {
                    let packed = &right[column * length..];
                    if whole {
                        write(tile::<2>(cast_slice(left), cast_slice(&packed[..COLUMNS * length])), rows, n, column, from > 0);
                    } else {
                        write(tile::<1>(cast_slice(left), cast_slice(packed)), rows, n, column, from > 0);
                    }
                }
            }
        }
    }
}

/// Writes a tile to the rows [.. x n] at `column`, or adds it; what lies beyond the last row and the last column is left out.
#[inline(always)]
fn write<const REGISTERS: usize>(tile: [[f32x4; REGISTERS]; ROWS], rows: &mut [f32], n: usize, column: usize, add: bool) {
    for (row, sums) in rows.chunks_exact_mut(n).zip(&tile) {
        let sums: &[f32] = cast_slice(sums);
        let row = &mut row[column..];
        // A whole tile's width is known when this is compiled: it is copied by registers, not by a call.
        match row.get_mut(..sums.len()) {
            Some(row) if add => row.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum),
            Some(row) => row.copy_from_slice(sums),
            None if add => row.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum),
            None => row.iter_mut().zip(sums).for_each(|(total, sum)| *total = *sum),
        }
    }
}

/// The sums of products of two packed strips, 4 x 8 or 4 x 4. Kept out of line: inlined into a large function, engines spill its accumulators.
#[inline(never)]
fn tile<const REGISTERS: usize>(left: &[[f32; ROWS]], right: &[[f32x4; REGISTERS]]) -> [[f32x4; REGISTERS]; ROWS] {
    let mut sums = [[f32x4::ZERO; REGISTERS]; ROWS];
    let mut terms = left.iter().zip(right);
    loop {
        // Four terms a round, since browsers look for interrupts in each; a way out after every one, since without it the compiler
        // loads the operands of all four first, more than there are registers.
        for _ in 0..4 {
            let Some((a, b)) = terms.next() else { return sums };
            for (sums, &value) in sums.iter_mut().zip(a) {
                let value = f32x4::splat(value);
                sums.iter_mut().zip(b).for_each(|(sum, &b)| *sum += value * b);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, in float64.
    fn naive(a: Matrix, b: Matrix) -> Vec<f32> {
        let at =
            |m: &Matrix, i: usize, j: usize| f64::from(if m.transposed { m.values[j * m.rows + i] } else { m.values[i * m.columns + j] });
        (0..a.rows * b.columns)
            .map(|e| (0..a.columns).map(|k| at(&a, e / b.columns, k) * at(&b, k, e % b.columns)).sum::<f64>() as f32)
            .collect()
    }

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed * 104_729) % 1000) as f32 / 500.0 - 1.0).collect()
    }

    #[test]
    fn agrees_with_the_definition_on_ragged_shapes_and_transposes() {
        let sizes: [usize; 13] = std::array::from_fn(|i| i + 1);
        let mut cases: Vec<_> = sizes.iter().flat_map(|&m| sizes.iter().flat_map(move |&k| sizes.map(|n| (m, k, n)))).collect();
        cases.extend([(104, 100, 100), (128, 100, 10), (10, 300, 20), (7, 513, 9)]);
        for (m, k, n) in cases {
            let (x, y) = (numbers(m * k, 1), numbers(k * n, 2));
            for (a, b) in [
                (Matrix::new(&x, m, k), Matrix::new(&y, k, n)),
                (Matrix::new(&x, k, m).t(), Matrix::new(&y, k, n)),
                (Matrix::new(&x, m, k), Matrix::new(&y, n, k).t()),
            ] {
                let mut out = vec![f32::NAN; m * n];
                Packing::new(n).product(a, b, &mut out);
                for (fast, exact) in out.iter().zip(naive(a, b)) {
                    assert!((fast - exact).abs() <= 2e-6 * k as f32, "{m} x {k} x {n}: {fast} is not {exact}");
                }
            }
        }
    }
}
