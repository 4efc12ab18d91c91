//! The separation fuzziness of labelled points and the law that it follows over the layers (He & Su, PNAS 2023).

mod between;
mod eigen;
mod film;
mod fuzziness;
mod law;

pub use between::Between;
pub use film::{Cast, Film};
pub use fuzziness::{Fuzziness, MOST_CLASSES, SeparationError, separation_fuzziness};
pub use law::{Law, fit_law};
pub use separation_kernels::Feature;
