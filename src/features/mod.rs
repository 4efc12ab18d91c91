//! Features of any network, from files: the arrays of .npy, .npz, .safetensors and IDX, which of them are labels and layers, and the separation
//! and collapse of each layer.
//!
//! ```
//! use separation_playground::features::{Analysis, FeatureFile, Limits, Selection, Spatial};
//! use std::io::Cursor;
//! use std::ops::ControlFlow;
//!
//! // Two classes of two points each, and one layer, as safetensors.
//! let header = br#"{"labels":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"h1":{"dtype":"F32","shape":[4,1],"data_offsets":[4,20]}}"#;
//! let mut file = (header.len() as u64).to_le_bytes().to_vec();
//! file.extend_from_slice(header);
//! file.extend_from_slice(&[7, 7, 9, 9]);
//! [-1.0f32, 1.0, 3.0, 5.0].iter().for_each(|x| file.extend_from_slice(&x.to_le_bytes()));
//!
//! # pollster::block_on(async {
//! let mut files = [FeatureFile::open(Cursor::new(file), "small.safetensors")?];
//! let selection = Selection::find(&files, None, Spatial::Flatten)?;
//! let analysis = Analysis::of(&mut files, &selection, Limits::default(), &mut async |_| ControlFlow::Continue(())).await?;
//! assert_eq!((analysis.classes, &analysis.layers[0].array[..]), (vec![7, 9], "h1"));
//! assert!((analysis.layers[0].measures.fuzziness.unwrap() - 0.25).abs() < 1e-12);
//! # Ok::<(), separation_playground::features::FeatureError>(())
//! # }).unwrap();
//! ```
//!
//! What a file says of itself is not trusted: no memory is reserved for what is not there, and every fault is a [`FeatureError`] with the
//! names of file and array.

mod analysis;
mod arrangement;
mod array;
mod checksum;
mod element;
mod error;
mod file;
mod idx;
mod labels;
mod layer;
mod npy;
mod npz;
mod rows;
mod safetensors;
mod selection;
mod stream;

pub use analysis::{Analysis, LayerAnalysis, Limits, Progress};
pub use arrangement::{Arrangement, Part};
pub use array::{Array, Layout, Spatial};
pub use error::{Fault, FeatureError};
pub(crate) use error::{clean, shown};
pub use file::{FeatureFile, Ignored};
pub use labels::Labels;
pub use layer::LayerMeasures;
pub use rows::Rows;
pub use selection::{Place, Selection, possible_labels};

use std::io::{Read, Seek};

/// What a file is read from: `std::fs::File`, a `Cursor`, or a browser's file in a worker.
pub trait ReadSeek: Read + Seek {}

impl<R: Read + Seek> ReadSeek for R {}
