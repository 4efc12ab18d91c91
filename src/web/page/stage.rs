//! How far a run is.

/// How far the run is; its name stands in `document.documentElement.dataset.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The run is being made.
    Loading,
    /// It stands at epoch 0.
    Ready,
    /// It trains.
    Training,
    /// It was stopped before its end.
    Paused,
    /// All its epochs are trained.
    Finished,
    /// It could not be made, or cannot go on.
    Failed,
}

impl Stage {
    /// Where a run of `epochs` epochs stands at `epoch` while nothing trains it.
    pub fn at(epoch: f64, epochs: u32) -> Self {
        match epoch {
            0.0 => Self::Ready,
            epoch if epoch >= f64::from(epochs) => Self::Finished,
            _ => Self::Paused,
        }
    }

    /// The name in the DOM.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Ready => "ready",
            Self::Training => "training",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }
}
