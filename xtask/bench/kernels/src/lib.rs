//! One matrix product, by this project's kernel and by the crates that could take its place: each gets the same operands, as a training
//! step has them, and none may allocate more than it must.

use gemm::Parallelism;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2};
use separation_kernels::{Matrix, Packing};

/// Who multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// separation-kernels.
    Own,
    /// ndarray's `dot`, that is matrixmultiply.
    Ndarray,
    /// The crate gemm.
    Gemm,
}

/// All of them, in the order of their numbers.
pub const CONTENDERS: [Contender; 3] = [Contender::Own, Contender::Ndarray, Contender::Gemm];

/// Which operand is transposed: the three products of backpropagation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// y = x W
    Forward,
    /// dW = x^T dy: the left one is stored [k x m].
    WeightGradient,
    /// dx = dy W^T: the right one is stored [n x k].
    InputGradient,
}

/// All of them, in the order of their numbers.
pub const FORMS: [Form; 3] = [Form::Forward, Form::WeightGradient, Form::InputGradient];

/// Operands [m x k] and [k x n], and room for their product.
pub struct Case {
    shape: [usize; 3],
    form: Form,
    left: Vec<f32>,
    right: Vec<f32>,
    packing: Packing,
    out: Array2<f32>,
}

impl Case {
    /// Operands of this shape, m x k x n, with entries of about 1.
    pub fn new(shape: [usize; 3], form: Form) -> Self {
        let [m, k, n] = shape;
        let numbers = |count: usize| (0..count).map(|i| ((i * 7919) % 1000) as f32 / 500.0 - 1.0).collect();
        Self { shape, form, left: numbers(m * k), right: numbers(k * n), packing: Packing::new(n), out: Array2::zeros((m, n)) }
    }

    /// Multiplies once, and gives the product's last entry: all contenders must agree on it.
    pub fn multiply(&mut self, contender: Contender) -> f32 {
        let [m, k, n] = self.shape;
        let (tall, wide) = (self.form == Form::WeightGradient, self.form == Form::InputGradient);
        let view = |values, (rows, columns), transposed| {
            let view = |shape| ArrayView2::from_shape(shape, values).expect("made to this shape");
            if transposed { view((columns, rows)).reversed_axes() } else { view((rows, columns)) }
        };
        let (a, b) = (view(&self.left, (m, k), tall), view(&self.right, (k, n), wide));
        match contender {
            Contender::Own => {
                let a = if tall { Matrix::new(&self.left, k, m).t() } else { Matrix::new(&self.left, m, k) };
                let b = if wide { Matrix::new(&self.right, n, k).t() } else { Matrix::new(&self.right, k, n) };
                self.packing.product(a, b, self.out.as_slice_mut().expect("made in one piece"));
            }
            Contender::Ndarray => general_mat_mul(1.0, &a, &b, 0.0, &mut self.out),
            Contender::Gemm => multiply_by_gemm(a, b, &mut self.out),
        }
        self.out[[m - 1, n - 1]]
    }
}

/// SAFETY: pointers, shapes and strides are those of views that live through the call, and `out` overlaps neither operand.
#[allow(unsafe_code)]
fn multiply_by_gemm(a: ArrayView2<f32>, b: ArrayView2<f32>, out: &mut Array2<f32>) {
    let (m, k, n) = (a.nrows(), a.ncols(), b.ncols());
    let (out_strides, a_strides, b_strides) = ([out.strides()[0], out.strides()[1]], a.strides(), b.strides());
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            out_strides[1],
            out_strides[0],
            false,
            a.as_ptr(),
            a_strides[1],
            a_strides[0],
            b.as_ptr(),
            b_strides[1],
            b_strides[0],
            0.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::{CONTENDERS, Case, FORMS};
    use wasm_bindgen::prelude::wasm_bindgen;

    /// A case of xtask/bench/products.mjs.
    #[wasm_bindgen]
    pub struct Product(Case);

    #[wasm_bindgen]
    impl Product {
        /// Operands of shape m x k x n in form number `form`.
        #[wasm_bindgen(constructor)]
        pub fn new(m: usize, k: usize, n: usize, form: usize) -> Self {
            Self(Case::new([m, k, n], FORMS[form]))
        }

        /// Contender number `contender` multiplies `times` times.
        pub fn multiply(&mut self, contender: usize, times: usize) -> f32 {
            (0..times).map(|_| self.0.multiply(CONTENDERS[contender])).sum()
        }
    }
}
