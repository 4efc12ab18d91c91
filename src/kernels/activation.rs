//! Activations and their derivatives, the latter from the activation's output.

use serde::{Deserialize, Serialize};

/// The nonlinearity after each hidden layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// max(x, 0)
    Relu,
    /// x for x > 0, else `negative_slope` times x
    LeakyRelu,
    /// The hyperbolic tangent.
    Tanh,
    /// No nonlinearity: the linear network, in which the law does not appear.
    Identity,
}

/// Calls `$body` with `$f` bound to the activation, a closure that the compiler inlines into `$body`'s loops.
macro_rules! with_activation {
    ($activation:expr, $slope:expr, |$f:ident| $body:expr) => {{
        let slope: f32 = $slope;
        match $activation {
            // Written so that NaN stays NaN: a diverged network must not look alive.
            Activation::Relu => {
                let $f = |x: f32| if x < 0.0 { 0.0 } else { x };
                $body
            }
            Activation::LeakyRelu => {
                let $f = move |x: f32| if x < 0.0 { slope * x } else { x };
                $body
            }
            Activation::Tanh => {
                let $f = |x: f32| libm::tanhf(x);
                $body
            }
            Activation::Identity => {
                let $f = |x: f32| x;
                $body
            }
        }
    }};
}
pub(super) use with_activation;

/// `delta` times the activation's derivative, in place; `output` is what the activation gave.
pub fn activation_backward(activation: Activation, slope: f32, output: &[f32], delta: &mut [f32]) {
    let pairs = delta.iter_mut().zip(output);
    match activation {
        Activation::Relu => pairs.for_each(|(d, &a)| *d = if a > 0.0 { *d } else { 0.0 }),
        Activation::LeakyRelu => pairs.for_each(|(d, &a)| *d *= if a > 0.0 { 1.0 } else { slope }),
        Activation::Tanh => pairs.for_each(|(d, &a)| *d *= 1.0 - a * a),
        Activation::Identity => {}
    }
}
