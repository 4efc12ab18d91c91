//! Every parser of what comes from outside, as a function of bytes that must not panic. `cargo test` replays the corpus beside this file,
//! `cargo xtask fuzz` looks for more.

use separation_playground::dataset::idx;
use separation_playground::experiment::{Config, History, PageState, Record, file::load};
use separation_playground::features::{Analysis, FeatureFile, Limits, Selection, Spatial};
use separation_playground::images::{ImageError, Images, Wanted};
use std::io::Cursor;
use std::ops::ControlFlow;

/// A parser: takes bytes and says what became of them. Inputs of which it says the same took the same way.
pub type Target = fn(&[u8]) -> String;

/// Each with the name of its folder in the corpus.
pub const TARGETS: [(&str, Target); 6] =
    [("idx", idx_file), ("features", features), ("images", images), ("run", run_file), ("url", url), ("messages", messages)];

/// Images or labels of MNIST's format.
fn idx_file(bytes: &[u8]) -> String {
    let images = idx::read_images(bytes).map(|images| (images.count, images.rows, images.columns));
    format!("{images:?} {:?}", idx::read_labels(bytes).map(<[u8]>::len))
}

/// .npy, .npz and .safetensors, whichever it is, all the way to the measures; with so little memory that layers are read in chunks too.
fn features(bytes: &[u8]) -> String {
    let analyze = |memory| {
        let mut files = [FeatureFile::open(Cursor::new(bytes.to_vec()), "f")?];
        let selection = Selection::find(&files, None, if memory == 0 { Spatial::Flatten } else { Spatial::Average })?;
        pollster::block_on(Analysis::of(&mut files, &selection, Limits { memory }, &mut async |_| ControlFlow::Continue(())))
    };
    // The kind of each fault, without its numbers.
    let outcome =
        |memory| analyze(memory).map_or_else(|error| error.fault.to_string(), |analysis| format!("{} layers", analysis.layers.len()));
    format!("{} / {}", outcome(0), outcome(1 << 20))
}

/// Files of images: two numbers of 16 bits are the lengths of the first two, the third is the rest; empty ones are none. To the pixels, as they
/// are and small.
fn images(bytes: &[u8]) -> String {
    let length = |at: usize| bytes.get(at..at + 2).map_or(0, |bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])));
    let rest = bytes.get(4..).unwrap_or_default();
    let (first, rest) = rest.split_at(length(0).min(rest.len()));
    let (second, third) = rest.split_at(length(2).min(rest.len()));
    let read = |side| {
        let files = [("x_train", first), ("y_train", second), ("test", third)].into_iter().filter(|(_, file)| !file.is_empty());
        let mut files = files.map(|(name, file)| FeatureFile::open(Cursor::new(file.to_vec()), name)).collect::<Result<Vec<_>, _>>()?;
        let images = Images::read(&mut files, &Wanted { side, per_class: 3, seed: 1 })?;
        let data = images.dataset().expect("what is read fits together");
        assert_eq!(images.pictures().len(), 100 * data.classes);
        Ok::<_, ImageError>(format!("{} x {}, {:?}", images.side, data.train.labels.len(), images.test.map(|test| test.labels.len())))
    };
    // The kind of each fault, without its numbers.
    let outcome = |side| read(side).unwrap_or_else(|error| error.fault.to_string());
    format!("{} / {}", outcome(None), outcome(Some(10)))
}

/// A saved run. The checksum is made right, or nothing would be read behind it.
fn run_file(bytes: &[u8]) -> String {
    let body = bytes.split_last_chunk::<8>().map_or(bytes, |(body, _)| body);
    let add = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let sum = body.iter().fold(0xcbf2_9ce4_8422_2325, add);
    let outcome = |bytes: &[u8]| match load(bytes) {
        Ok(saved) => format!("{:?}", serde_json::from_str::<History>(&saved.records).map(|history| history.records().len()).ok()),
        Err(error) => error.to_string(),
    };
    format!("{} / {}", outcome(bytes), outcome(&[body, &sum.to_le_bytes()].concat()))
}

/// The page's query string; what it means must come back from what it is written as.
fn url(bytes: &[u8]) -> String {
    let (state, errors) = PageState::parse(&String::from_utf8_lossy(bytes));
    let (again, none) = PageState::parse(&state.to_query());
    assert!(none.is_empty() && again.to_query() == state.to_query(), "{} has {none:?}", state.to_query());
    errors.iter().map(ToString::to_string).collect()
}

/// What pages, workers and embedding documents tell each other, as far as it is read natively: settings and records in JSON.
fn messages(bytes: &[u8]) -> String {
    let record = serde_json::from_slice::<Record>(bytes).map(|record| record.size());
    let config = serde_json::from_slice(bytes).map(|json| Config::from_json(&json).map(|config| config.hidden.len()));
    format!("{} / {config:?}", record.map_or_else(|error| error.to_string(), |size| size.to_string()))
}
