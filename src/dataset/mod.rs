//! Labelled points: the IDX format, the bundled subsets, own data, and the sample that a run trains on.

mod bundled;
pub mod idx;
mod own;
mod sample;

pub use bundled::{BUNDLED, Bundled, BundledError, DatasetName, FILES, RELATED};
#[cfg(not(target_arch = "wasm32"))]
pub use bundled::{LoadError, load};
pub use own::{Given, OwnError, own};
pub use sample::{Sample, SampleError, Sampling, sample};

use ndarray::{Array2, Axis};

/// Labelled points.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Features `[n x d]`, row-major.
    pub features: Array2<f32>,
    /// Labels 0 .. K, one a point.
    pub labels: Vec<u16>,
}

impl Points {
    /// Number of points with each label 0 .. `classes`.
    pub fn class_counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        self.labels.iter().for_each(|&label| counts[usize::from(label)] += 1);
        counts
    }

    /// The points at `indices`, in their order.
    fn select(&self, indices: &[u32]) -> Self {
        let indices: Vec<usize> = indices.iter().map(|&i| i as usize).collect();
        Self { features: self.features.select(Axis(0), &indices), labels: indices.iter().map(|&i| self.labels[i]).collect() }
    }
}

/// What a network is trained on and tested with.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Number of classes K.
    pub classes: usize,
    /// Names of the classes, K of them, as keys of the page's strings or as given.
    pub class_names: Vec<String>,
    /// Training points.
    pub train: Points,
    /// Test points, if there are any.
    pub test: Option<Points>,
}

/// Which of a dataset's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Those trained on.
    Train,
    /// Those held out.
    Test,
}

impl Dataset {
    /// The points of one part, if there are any.
    pub fn part(&self, part: Part) -> Option<&Points> {
        match part {
            Part::Train => Some(&self.train),
            Part::Test => self.test.as_ref(),
        }
    }
}
