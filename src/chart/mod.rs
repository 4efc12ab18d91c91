//! Figures: pure functions from data to a plotters drawing area, so that they render on a canvas and to SVG alike.
//!
//! A figure is a plain struct with a `draw` method. It is laid out in CSS px from the area's size, which `scale` (area px in a CSS px)
//! relates to the area's own: plotters' coordinates are integers, so a scale of 2 or more keeps moving marks from jittering. Every
//! word comes from the caller, with `*D*` for an italic variable and `_ln_` for upright mathematics.

mod backend;
#[cfg(target_arch = "wasm32")]
mod canvas;
mod cosines;
mod decay;
mod emergence;
mod epoch_axis;
mod film;
mod frame;
mod marks;
mod measures;
mod minority;
mod paper;
mod pen;
mod playhead;
mod robustness;
mod scene;
mod simplex;
mod sketch;
mod spread;
mod sweep;
mod text;
mod theme;
mod timeline;
mod tween;

pub use backend::{Drawn, Fault, Measured, Sheet, Typesetting, WidthTable};
#[cfg(target_arch = "wasm32")]
pub use canvas::{CanvasText, canvas, canvas_of};
pub use cosines::Cosines;
pub use decay::{Blocks, ClassCurve, DecayCurve, DecayLabels, Ghost, Kind, LN_RANGE, LayerAxis, ln_range, ln_range_of};
pub use emergence::{Emergence, EmergenceLabels, Moment};
pub use epoch_axis::EpochAxis;
pub use film::Strip;
pub use frame::LnAxis;
pub use measures::{MeasureCurve, MeasureCurves};
pub use minority::{MinorityFigure, MinorityLabels, TrainedPoint};
pub use paper::{Paper, PaperFault, PaperSheet, Typecase, svg};
pub use playhead::{DAWN, Playhead};
pub use robustness::{RobustnessFigure, RobustnessLabels};
pub use scene::{Place, Scene};
pub use simplex::{Camera, ClassSign, Disk, SimplexFigure, Thumbnail};
pub use sketch::Sketch;
pub use sweep::{QUANTITIES, Quantity, SweepCurve, SweepCurves, SweepMeasure, SweepMeasures};
pub use text::number;
pub use theme::Theme;
pub use timeline::{Accuracy, Step, Timeline, TimelineLabels};
pub use tween::{Tween, Tweened};
