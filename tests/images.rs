//! Files of images: what NumPy wrote, against Pillow's pixels; the bundled data from Fashion-MNIST's own files; and files that lie.

#![cfg(not(target_arch = "wasm32"))]

#[path = "features/make.rs"]
#[allow(dead_code)]
mod make;

use flate2::{Compression, write::GzEncoder};
use make::{Entry, floats, labels, npy, npz};
use separation_playground::dataset::idx::{self, write_images, write_labels};
use separation_playground::dataset::{BUNDLED, FILES, load};
use separation_playground::experiment::{Config, Run};
use separation_playground::features::FeatureFile;
use separation_playground::images::{Images, Resize, Wanted};
use std::collections::HashMap;
use std::io::{Cursor, Write};

const SMALL: Wanted = Wanted { side: Some(10), per_class: 100, seed: 666 };
const NATIVE: Wanted = Wanted { side: None, ..SMALL };

fn read(files: &[(&str, &[u8])], wanted: &Wanted) -> Result<Images, String> {
    let open = |(name, bytes): &(&str, &[u8])| FeatureFile::open(Cursor::new(bytes.to_vec()), name).map_err(|error| error.to_string());
    let mut files = files.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    Images::read(&mut files, wanted).map_err(|error| error.to_string())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `count` images of `side` x `side` that differ, of the classes 0, 1, 2, 0, ...
fn idx(count: usize, side: usize) -> (Vec<u8>, Vec<u8>) {
    let pixels: Vec<u8> = (0..count * side * side).map(|i| (i * 37 / (side * side) + i * 5 % 31) as u8).collect();
    let labels: Vec<u8> = (0..count).map(|i| (i % 3) as u8).collect();
    (write_images(idx::Images { count, rows: side, columns: side, pixels: &pixels }), write_labels(&labels))
}

/// Pillow's images: of each key the pixels of every image.
fn golden() -> (HashMap<String, Vec<Vec<u8>>>, Vec<u8>) {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden/images/golden.json")).unwrap();
    let labels = serde_json::from_value(golden["labels"].clone()).unwrap();
    let images = ["grey", "colour", "wide", "tiny"].map(|key| (key.to_owned(), serde_json::from_value(golden[key].clone()).unwrap()));
    (images.into(), labels)
}

#[test]
fn pixels_are_pillows() {
    let (golden, labels) = golden();
    let files: [(&str, &[u8], &Wanted, &str); 6] = [
        ("colour.npz", include_bytes!("golden/images/colour.npz"), &SMALL, "colour"),
        ("colour.npz", include_bytes!("golden/images/colour.npz"), &NATIVE, "grey"),
        ("planar.npz", include_bytes!("golden/images/planar.npz"), &SMALL, "colour"),
        ("float.npz", include_bytes!("golden/images/float.npz"), &SMALL, "colour"),
        ("wide.npz", include_bytes!("golden/images/wide.npz"), &SMALL, "wide"),
        ("tiny.npz", include_bytes!("golden/images/tiny.npz"), &SMALL, "tiny"),
    ];
    for (name, bytes, wanted, key) in files {
        let images = read(&[(name, bytes)], wanted).unwrap();
        assert_eq!(images.train.pixels, golden[key].concat(), "{name} {wanted:?}");
        assert_eq!(images.class_names, ["0", "2"], "{name}");
        assert_eq!(images.train.labels, labels.iter().map(|&label| label / 2).collect::<Vec<_>>(), "{name}");
        if name == "colour.npz" {
            let test: Vec<u8> = golden[key].iter().rev().flatten().copied().collect();
            assert_eq!(images.test.unwrap().pixels, test);
            assert!(images.origin.colour && !images.origin.held_out);
        } else {
            assert_eq!(images.test, None, "{name}: none is left");
        }
    }
}

#[test]
fn fashion_mnists_golden_images() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden/resize.json")).unwrap();
    let resize = Resize::new(28, 10);
    let examples = golden["examples"].as_array().unwrap();
    assert_eq!(examples.len(), 4);
    for example in examples {
        let pixels = |key: &str| serde_json::from_value::<Vec<u8>>(example[key].clone()).unwrap();
        assert_eq!(resize.apply(&pixels("pixels_28x28")), pixels("pixels_10x10"), "image {}", example["index"]);
    }
}

#[test]
fn the_bundled_files_give_the_bundled_points() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let files = FILES.map(|file| std::fs::read(folder.join(BUNDLED[0].id).join(format!("{file}.gz"))).unwrap());
    let files: Vec<(&str, &[u8])> = FILES.into_iter().zip(files.iter().map(Vec::as_slice)).collect();
    let expected = load(&BUNDLED[0], &folder).unwrap();
    for wanted in [SMALL, NATIVE] {
        let data = read(&files, &wanted).unwrap().dataset().unwrap();
        assert_eq!((data.train, data.test), (expected.train.clone(), expected.test.clone()));
    }
}

#[test]
fn plain_and_gzipped_files_in_any_order_are_the_same() {
    let (images, labels) = idx(90, 12);
    let (test_images, test_labels) = idx(30, 12);
    let plain = [("train-images", &images[..]), ("train-labels", &labels), ("t10k-images", &test_images), ("t10k-labels", &test_labels)];
    let wanted = Wanted { per_class: 20, ..SMALL };
    let expected = read(&plain, &wanted).unwrap();
    assert_eq!((expected.train.labels.len(), expected.test.as_ref().unwrap().labels.len()), (60, 30));
    let packed = plain.map(|(name, bytes)| (name, gzip(bytes)));
    let mut packed = packed.each_ref().map(|(name, bytes)| (*name, &bytes[..]));
    packed.reverse();
    let found = read(&packed, &wanted).unwrap();
    assert_eq!((found.train, found.test, found.class_names), (expected.train, expected.test, expected.class_names));
}

#[test]
fn a_choice_depends_on_files_settings_and_seed_alone() {
    let (images, labels) = idx(300, 8);
    let files = [("images", &images[..]), ("labels", &labels[..])];
    let of = |seed, per_class| read(&files, &Wanted { side: None, per_class, seed }).unwrap();
    let first = of(1, 20);
    assert_eq!(first, of(1, 20));
    assert_ne!(first.train, of(2, 20).train);
    assert_eq!(first.dataset().unwrap().train.class_counts(3), [20; 3]);
    // What is left of the training points is the test, none of them twice.
    let test = first.test.unwrap();
    assert!(first.origin.held_out && test.labels.len() == 60);
    let images = |pixels: &[u8]| pixels.chunks_exact(64).map(<[u8]>::to_vec).collect::<std::collections::HashSet<_>>();
    assert!(images(&first.train.pixels).is_disjoint(&images(&test.pixels)));
    assert_eq!(of(1, 95).test, None, "5 of each class are too few");
}

#[test]
fn arrays_are_found_by_shape_and_name() {
    let (pixels, few) = (vec![7; 6 * 4 * 4], [0, 1, 2, 0, 1, 2]);
    let grey = |n: usize| npy("|u1", false, &format!("({n}, 4, 4)"), &pixels[..n * 16]);
    let entry = |name: &str, content: &[u8]| Entry::stored(name, content);
    let medmnist = npz(&["train", "val", "test"]
        .map(|part| {
            [entry(&format!("{part}_images.npy"), &grey(6)), entry(&format!("{part}_labels.npy"), &npy("|u1", false, "(6, 1)", &few))]
        })
        .concat());
    let images = read(&[("bloodmnist.npz", &medmnist)], &NATIVE).unwrap();
    assert_eq!((images.train.labels.len(), images.test.unwrap().labels.len(), images.origin.held_out), (6, 6, false));
    // Kuzushiji-MNIST: one array a file, all of one name.
    let alone = |content: Vec<u8>| npz(&[Entry::deflated("arr_0.npy", &content)]);
    let [train, train_labels, test, test_labels] = [grey(6), labels(&few), grey(3), labels(&few[..3])].map(alone);
    let kmnist = [
        ("kmnist-train-imgs.npz", &train[..]),
        ("kmnist-train-labels.npz", &train_labels),
        ("kmnist-test-imgs.npz", &test),
        ("kmnist-test-labels.npz", &test_labels),
    ];
    let images = read(&kmnist, &NATIVE).unwrap();
    assert_eq!((images.train.labels, images.test.unwrap().labels), (few.to_vec(), few[..3].to_vec()));
    // Several integer vectors: the one with the name.
    let two = npz(&[entry("x.npy", &grey(6)), entry("index.npy", &labels(&[9, 8, 7, 6, 5, 4])), entry("y.npy", &labels(&few))]);
    assert_eq!(read(&[("a.npz", &two)], &NATIVE).unwrap().train.labels, few);
    // Only a part for testing: it is trained on.
    assert_eq!(read(&[("test.npz", &npz(&[entry("x.npy", &grey(6)), entry("y.npy", &labels(&few))]))], &NATIVE).unwrap().train.labels, few);
}

#[test]
fn a_run_trains_on_them() {
    let (images, labels) = idx(90, 12);
    let images = read(&[("images", &images), ("labels", &labels)], &Wanted { per_class: 20, ..SMALL }).unwrap();
    assert_eq!(images.pictures().len(), 300);
    let config = Config::from_json(&serde_json::json!({ "dataset": "own", "hidden": [8, 8], "epochs": 2 })).unwrap();
    let run = Run::new(config, &images.dataset().unwrap()).unwrap();
    assert_eq!((run.points_in_epoch(), run.sample().class_counts.len(), &run.sample().dataset.class_names[2][..]), (60, 3, "2"));
}

#[test]
fn what_lies_is_named_by_file_array_and_reason() {
    let (images, labels_of) = idx(6, 4);
    let images_and = |name, labels: &[u8]| read(&[("i", &images), (name, labels)], &NATIVE).unwrap_err();
    let error = |name, bytes: &[u8]| read(&[(name, bytes)], &NATIVE).unwrap_err();
    let with_labels =
        |array: Vec<u8>, labels: Vec<u8>| error("a.npz", &npz(&[Entry::stored("x.npy", &array), Entry::stored("y.npy", &labels)]));
    let few = || labels(&[0, 1, 2, 0, 1, 2]);
    let of_x = |descr: &str, shape: &str, bytes: usize| with_labels(npy(descr, false, shape, &vec![1; bytes]), few());

    assert_eq!(error("a", b""), "a: it is empty; .npy, .npz, .safetensors and IDX files are accepted");
    assert!(error("a.png", b"\x89PNG\r\n\x1a\n").starts_with("a.png: it begins with the bytes 89 50"));
    assert_eq!(error("i", &images), "i: no labels are found; an integer array of one label a point is needed, best named \"labels\"");
    assert_eq!(
        error("l", &labels_of),
        "l: no images are found; an array [n, rows, columns] or one with 1, 3 or 4 channels as its second or last axis is needed"
    );
    assert_eq!(
        images_and("l", &write_labels(&[1; 5])),
        "i, array i: it has 6 images, and 5 labels are with them; one label an image is needed"
    );
    assert_eq!(images_and("l", &write_labels(&[1; 6])), "l, array l: every label is 1; separation needs at least two classes");
    assert_eq!(error("i", &images[..50]), "i: its header asks for 96 bytes of numbers, but there are 34: it is cut off or damaged");
    let mut lying = images.clone();
    lying[4] = 0x7f;
    assert!(error("i", &lying).contains("its header asks for 34091303008 bytes of numbers, but there are 96"), "{}", error("i", &lying));
    assert_eq!(error("i", &[0, 0, 7, 3, 0, 0]), "i: its header is malformed: 0x07 is none of IDX's kinds of numbers");
    assert!(error("i", &images[..9]).starts_with("i: its header is malformed: it is cut off"));

    let packed = gzip(&images);
    for cut in [3, 12, 30, packed.len() - 9] {
        let error = read(&[("i.gz", &packed[..cut]), ("l", &labels_of)], &NATIVE).unwrap_err();
        assert!(error.starts_with("i.gz"), "{cut}: {error}");
    }
    let mut spoilt = packed.clone();
    let end = spoilt.len();
    spoilt[end - 6] ^= 1;
    assert_eq!(
        read(&[("i.gz", &spoilt), ("l", &labels_of)], &NATIVE).unwrap_err(),
        "i.gz, array i: its checksum is wrong: the file is damaged"
    );
    assert_eq!(
        error("i.gz", &gzip(b"hello, world")),
        "i.gz: its header is malformed: what is gzipped is no IDX file, for it does not begin with 00 00"
    );
    // A bomb: much more than its header promises.
    let bomb = gzip(&[&images[..], &[0; 5_000_000]].concat());
    assert!(read(&[("i.gz", &bomb), ("l", &labels_of)], &NATIVE).unwrap_err().starts_with("i.gz, array i: its header asks for 96 bytes"));

    assert_eq!(
        of_x("|u1", "(6, 1, 1, 1, 1, 1, 1, 1, 1, 16)", 96),
        "a.npz, array x: its shape is (6, 1, 1, 1, 1, 1, 1, 1, 1, 16); images are [n, rows, columns], or have 1, 3 or 4 channels as their second or last axis"
    );
    assert_eq!(
        of_x("|u1", "(6, 16)", 96),
        "a.npz, array x: its shape is (6, 16); images are [n, rows, columns], or have 1, 3 or 4 channels as their second or last axis"
    );
    assert!(of_x("|O", "(6, 4, 4)", 96).starts_with("a.npz, array x: its dtype is object; "));
    assert_eq!(of_x("|u1", "(6, 16, 1)", 96), "a.npz, array x: its images are 16 x 1 pixels; 2 x 2 to 1024 x 1024 pixels are accepted");
    assert_eq!(
        of_x("|u1", "(6, 40, 40)", 9600),
        "a.npz, array x: its images are 40 x 40 pixels; up to 32 x 32 can stay as they are: resize them to 10 x 10"
    );
    assert!(of_x("|u1", "(0, 4, 4)", 0).contains("the shape (0, 4, 4) has no numbers"));
    let mut values = vec![0.5; 96];
    values[50] = -0.5;
    assert_eq!(
        with_labels(floats("(6, 4, 4)", &values), few()),
        "a.npz, array x: image 3 has the value -0.5; 0 to 255, or 0 to 1, are accepted"
    );
    values[50] = f32::NAN;
    assert_eq!(
        with_labels(floats("(6, 4, 4)", &values), few()),
        "a.npz, array x: row 3 is NaN in column 2; every number must be finite as float32"
    );
    let good = npy("|u1", false, "(6, 4, 4)", &[9; 96]);
    assert!(
        with_labels(good.clone(), floats("(6,)", &[0.0, 1.0, 0.5, 0.0, 1.0, 0.5]))
            .starts_with("a.npz, array y: it is float32 of shape (6) and cannot be the labels")
    );
    let many: Vec<u8> = (0..120).collect();
    let hundred = npz(&[Entry::stored("x.npy", &npy("|u1", false, "(120, 2, 2)", &[9; 480])), Entry::stored("y.npy", &labels(&many))]);
    assert_eq!(error("a.npz", &hundred), "a.npz, array y: it has 120 different labels; at most 100 classes are accepted");
    let tests = npz(&[("x_train", good.clone()), ("y_train", few()), ("x_test", good.clone()), ("y_test", labels(&[0, 1, 2, 3, 0, 1]))]
        .map(|(name, array)| Entry::stored(&format!("{name}.npy"), &array)));
    assert_eq!(error("a.npz", &tests), "a.npz, array y_test: label 3 is not among the labels trained on");
    let twins =
        npz(&[("a", good.clone()), ("b", good.clone()), ("y", few())].map(|(name, array)| Entry::stored(&format!("{name}.npy"), &array)));
    assert_eq!(
        error("a.npz", &twins),
        "a.npz: each of a in a.npz, b in a.npz could be the images; leave out the others, or name them x_train, y_train, x_test, y_test"
    );
    let names = "<img src=x onerror=alert(1)>.npz";
    assert!(error(names, b"").starts_with(names), "names stay, to be shown as text");
}

#[test]
fn more_than_memory_is_planned_for_is_refused_before_it_is_read() {
    let count = 20_000;
    let images = write_images(idx::Images { count, rows: 32, columns: 32, pixels: &vec![3; count * 1024] });
    let labels = write_labels(&(0..count).map(|i| (i % 2) as u8).collect::<Vec<_>>());
    let error = read(&[("i", &images), ("l", &labels)], &Wanted { side: None, per_class: 10_000, seed: 1 }).unwrap_err();
    assert_eq!(
        error,
        "i, array i: so many points take 20480000 bytes; at most 16000000 are accepted: take fewer of each class, or resize to 10 x 10"
    );
}
