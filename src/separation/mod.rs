//! The separation fuzziness of labelled points and the law that it follows over the layers (He & Su, PNAS 2023).

mod bend;
mod between;
mod cast;
mod distance;
mod eigen;
mod error;
mod film;
mod fuzziness;
mod law;
mod linear;
mod ring;
mod robustness;
mod singular;
mod sums;
mod tridiagonal;
mod whitened;

pub use bend::bend;
pub use between::Between;
pub use cast::Cast;
pub use distance::distance;
pub use error::{MOST_CLASSES, SeparationError};
pub use film::Film;
pub use fuzziness::{Fuzziness, separation_fuzziness};
pub use law::{Law, fit_law};
pub(crate) use linear::{dot, times};
pub(crate) use ring::corner;
pub use robustness::{Robustness, RobustnessError};
pub use separation_kernels::Feature;
pub(crate) use singular::Singular;
pub use sums::{ClassSums, Scatter};
pub use whitened::Whitened;
