//! The committed data against independently computed hashes and fuzziness, and files that are not what they should be.

#![cfg(not(target_arch = "wasm32"))]

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use separation_playground::dataset::idx::{IdxError, read_images, read_labels, write_images};
use separation_playground::dataset::{BUNDLED, Bundled, BundledError, DatasetName, FILES, LoadError, Points, load};
use separation_playground::dataset::{Sampling, sample};
use separation_playground::separation::separation_fuzziness;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data")
}

fn bundled(name: DatasetName) -> &'static Bundled {
    name.bundled().unwrap()
}

/// The subset's four files, decompressed.
fn files(name: DatasetName) -> [Vec<u8>; 4] {
    FILES.map(|file| {
        let gzipped = fs::File::open(folder().join(bundled(name).id).join(format!("{file}.gz"))).unwrap();
        let mut bytes = Vec::new();
        GzDecoder::new(gzipped).read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// SHA-256 over the pixels of the first `per_class` images of each class.
fn hash(images: &[u8], labels: &[u8], per_class: usize) -> String {
    let (images, labels) = (read_images(images).unwrap(), read_labels(labels).unwrap());
    let mut left = [per_class; 10];
    let mut hasher = Sha256::new();
    for (image, &label) in images.pixels.chunks_exact(images.rows * images.columns).zip(labels) {
        let left = &mut left[usize::from(label)];
        if *left > 0 {
            *left -= 1;
            hasher.update(image);
        }
    }
    assert_eq!(left, [0; 10], "each class has {per_class} images");
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn committed_images_have_the_golden_hashes() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden/resize.json")).unwrap();
    let [train, train_labels, test, test_labels] = files(DatasetName::Fashion10);
    let [large_train, large_train_labels, large_test, large_test_labels] = files(DatasetName::Fashion10Large);
    let [wide_train, wide_train_labels, _, _] = files(DatasetName::Fashion28);

    assert_eq!(golden["first_100_per_class_train_10x10_sha256"], hash(&train, &train_labels, 100));
    assert_eq!(golden["first_1000_per_class_train_10x10_sha256"], hash(&large_train, &large_train_labels, 1000));
    assert_eq!(golden["test_10x10_sha256"], hash(&large_test, &large_test_labels, 1000));
    assert_eq!(golden["first_100_per_class_train_28x28_sha256"], hash(&wide_train, &wide_train_labels, 100));
    // The small subset is the beginning of the large one.
    assert_eq!(hash(&test, &test_labels, 100), hash(&large_test, &large_test_labels, 100));
    assert_eq!(hash(&train, &train_labels, 100), hash(&large_train, &large_train_labels, 100));
}

#[test]
fn every_subset_has_the_points_that_it_promises() {
    for subset in &BUNDLED {
        let data = load(subset, &folder()).unwrap();
        let test = data.test.unwrap();
        assert_eq!(data.train.class_counts(10), [subset.train_per_class; 10], "{}", subset.id);
        assert_eq!(test.class_counts(10), [subset.test_per_class; 10], "{}", subset.id);
        assert_eq!(data.train.features.ncols(), subset.side * subset.side);
        assert_eq!((data.class_names.len(), data.class_names[9].as_str()), (10, "Ankle boot"));
        // Black is -1; batches are measured in file order, so classes must be mixed.
        assert_eq!(data.train.features.iter().copied().fold(1.0, f32::min), -1.0);
        assert!((0..10).all(|class| data.train.labels[..100].contains(&class)), "{}", subset.id);
    }
}

#[test]
fn the_10_x_10_and_the_28_x_28_subset_begin_with_the_same_points() {
    let labels = |name| {
        let data = load(bundled(name), &folder()).unwrap();
        let sampling = Sampling {
            classes: None,
            per_class: Some(100),
            majority_classes: 0,
            imbalance: 1.0,
            oversample: false,
            label_noise: 0.0,
            seed: 0,
        };
        sample(&data, &sampling).unwrap().dataset.train.labels
    };
    assert_eq!(labels(DatasetName::Fashion10), labels(DatasetName::Fashion28));
    assert_eq!(labels(DatasetName::Fashion10), labels(DatasetName::Fashion10Large));
}

#[test]
fn fuzziness_of_the_pixels_is_the_released_codes() {
    let fuzziness = |points: &Points| separation_fuzziness(points.features.view(), &points.labels, 10).unwrap();
    let small = load(bundled(DatasetName::Fashion10), &folder()).unwrap();
    let large = load(bundled(DatasetName::Fashion10Large), &folder()).unwrap();
    for (points, expected) in [(&small.train, 36.379), (&small.test.unwrap(), 36.726), (&large.test.unwrap(), 47.991)] {
        let found = fuzziness(points);
        assert!((found.total - expected).abs() < 1e-3 && found.rank == 9, "{found:?}, not {expected}");
    }
}

/// Building the small subset after `spoil` has changed its files.
fn spoiled(spoil: impl FnOnce(&mut [Vec<u8>; 4])) -> String {
    let mut files = files(DatasetName::Fashion10);
    spoil(&mut files);
    bundled(DatasetName::Fashion10).from_files(files).unwrap_err().to_string()
}

#[test]
fn spoiled_files_are_named_with_what_is_wrong() {
    assert_eq!(
        spoiled(|files| files[0].truncate(5000)),
        "train-images-idx3-ubyte cannot be read: it has 5000 bytes; its header asks for 100016"
    );
    assert_eq!(
        spoiled(|files| files[1][2] = 9),
        "train-labels-idx1-ubyte cannot be read: it starts with 0x00000901; an IDX file of labels starts with 0x00000801"
    );
    assert_eq!(spoiled(|files| files[3][8 + 17] = 10), "test-labels-idx1-ubyte has label 10 at position 17; labels are 0 to 9");
    assert_eq!(spoiled(|files| files[2] = Vec::new()), "test-images-idx3-ubyte cannot be read: it has 0 bytes; its header asks for 16");
}

#[test]
fn files_of_another_subset_are_refused() {
    let wide = files(DatasetName::Fashion28);
    let size = "train-images-idx3-ubyte has images of 28 x 28 pixels; fashion-mnist-10x10 has 10 x 10";
    assert_eq!(spoiled(|files| files[0] = wide[0].clone()), size);
    let large = files(DatasetName::Fashion10Large);
    let count = "train-labels-idx1-ubyte has 10000 entries; fashion-mnist-10x10 has 1000";
    assert_eq!(spoiled(|files| files[1] = large[1].clone()), count);
    let fewer = |files: &mut [Vec<u8>; 4]| {
        let mut images = read_images(&files[0]).unwrap();
        images.count = 999;
        images.pixels = &images.pixels[..99900];
        files[0] = write_images(images);
    };
    assert_eq!(spoiled(fewer), "train-images-idx3-ubyte has 999 entries; fashion-mnist-10x10 has 1000");
}

#[test]
fn unreadable_files_on_disk_are_named_by_their_path() {
    let data = std::env::temp_dir().join(format!("separation-playground-{}", std::process::id()));
    let subset = bundled(DatasetName::Fashion10);
    let own = data.join(subset.id);
    fs::create_dir_all(&own).unwrap();
    let first = own.join("train-images-idx3-ubyte.gz");

    let missing = load(subset, &data).unwrap_err();
    assert!(matches!(&missing, LoadError::Io { path, .. } if *path == first), "{missing}");
    assert!(missing.to_string().starts_with(&first.display().to_string()));

    let whole = fs::read(folder().join(subset.id).join("train-images-idx3-ubyte.gz")).unwrap();
    for garbled in [&whole[..whole.len() / 2], b"<!DOCTYPE html>"] {
        fs::write(&first, garbled).unwrap();
        let error = load(subset, &data).unwrap_err();
        assert!(matches!(&error, LoadError::Io { path, .. } if *path == first), "{error}");
    }

    for file in FILES {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"\0\0\x08\x03").unwrap();
        fs::write(own.join(format!("{file}.gz")), encoder.finish().unwrap()).unwrap();
    }
    let error = IdxError::Length { expected: 16, has: 4 };
    assert!(
        matches!(load(subset, &data).unwrap_err(), LoadError::Bundled(BundledError::Unreadable { error: found, .. }) if found == error)
    );
    fs::remove_dir_all(data).unwrap();
}
