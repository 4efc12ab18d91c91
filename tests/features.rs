//! Files of features: what real NumPy and PyTorch wrote, against NumPy's values; every reading order against each other; and files that lie.

#![cfg(not(target_arch = "wasm32"))]

#[path = "features/make.rs"]
mod make;
#[path = "features/pytorch.rs"]
mod pytorch;

use make::{Entry, f32_bytes, floats, labels, npy, npy_of, npz, safetensors};
use proptest::prelude::*;
use separation_playground::features::{
    Analysis, Arrangement, Fault, FeatureError, FeatureFile, Labels, LayerAnalysis, LayerMeasures, Limits, Place, Progress, Selection,
    Spatial,
};
use separation_playground::separation::{fit_law, separation_fuzziness};
use std::collections::HashMap;
use std::io::Cursor;
use std::ops::ControlFlow;

#[derive(serde::Deserialize)]
struct Golden {
    flatten: HashMap<String, Measures>,
    average: HashMap<String, Measures>,
    bfloat16: Measures,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measures {
    fuzziness: f64,
    per_class: Vec<f64>,
    rank: usize,
    nc1: f64,
    equinorm: f64,
    angles: f64,
    ncc_accuracy: f64,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/features/golden.json")).unwrap()
}

const PLAIN: &[u8] = include_bytes!("golden/features/plain.npz");
const DEFLATED: &[u8] = include_bytes!("golden/features/deflated.npz");
const SAFETENSORS: &[u8] = include_bytes!("golden/features/features.safetensors");
const SEPARATE: [(&str, &[u8]); 3] = [
    ("input.npy", include_bytes!("golden/features/input.npy")),
    ("h2.npy", include_bytes!("golden/features/h2.npy")),
    ("labels.npy", include_bytes!("golden/features/labels.npy")),
];

fn open(name: &str, bytes: &[u8]) -> Result<FeatureFile, FeatureError> {
    FeatureFile::open(Cursor::new(bytes.to_vec()), name)
}

fn analyze(files: &mut [FeatureFile], selection: &Selection, limits: Limits) -> Result<Analysis, FeatureError> {
    pollster::block_on(Analysis::of(files, selection, limits, &mut async |_| ControlFlow::Continue(())))
}

/// Opened, found and analyzed.
fn whole(name: &str, bytes: &[u8], spatial: Spatial, limits: Limits) -> Result<Analysis, FeatureError> {
    let mut files = [open(name, bytes)?];
    let selection = Selection::find(&files, None, spatial)?;
    analyze(&mut files, &selection, limits)
}

fn error(name: &str, bytes: &[u8]) -> String {
    whole(name, bytes, Spatial::Flatten, Limits::default()).unwrap_err().to_string()
}

fn assert_measures(layer: &LayerAnalysis, golden: &Measures) {
    let close = |found: Option<f64>, expected: f64| {
        let found = found.unwrap_or_else(|| panic!("{layer:?}"));
        assert!((found - expected).abs() <= 1e-5 * expected.abs().max(1e-3), "{}: {found} instead of {expected}", layer.array);
    };
    close(layer.measures.fuzziness, golden.fuzziness);
    layer.measures.per_class.iter().zip(&golden.per_class).for_each(|(found, expected)| close(*found, *expected));
    assert_eq!(
        (layer.measures.rank, layer.measures.per_class.len(), &layer.measures.undefined),
        (golden.rank, golden.per_class.len(), &None)
    );
    close(layer.measures.nc1, golden.nc1);
    close(layer.measures.equinorm, golden.equinorm);
    close(layer.measures.angles, golden.angles);
    close(layer.measures.ncc_accuracy, golden.ncc_accuracy);
}

#[test]
fn files_of_numpy_and_pytorch_have_numpys_values() {
    let golden = golden();
    for (name, bytes) in [("plain.npz", PLAIN), ("deflated.npz", DEFLATED), ("features.safetensors", SAFETENSORS)] {
        for (spatial, expected) in [(Spatial::Flatten, &golden.flatten), (Spatial::Average, &golden.average)] {
            let analysis = whole(name, bytes, spatial, Limits::default()).unwrap();
            assert_eq!((analysis.points, &analysis.classes, &analysis.counts), (60, &vec![-3, 0, 7, 1000], &vec![24, 18, 12, 6]));
            assert_eq!(analysis.layers.len(), 7);
            for layer in &analysis.layers {
                let bfloat16 = name == "features.safetensors" && layer.array == "h1";
                assert_measures(layer, if bfloat16 { &golden.bfloat16 } else { &expected[&layer.array] });
            }
            assert_eq!(analysis.law, fit_law(&analysis.layers.iter().map(|layer| layer.measures.fuzziness).collect::<Vec<_>>()));
            assert_eq!(analysis.simplex.unwrap().layers(), 7);
        }
    }
}

#[test]
fn several_npy_files_are_layers_in_their_order() {
    let golden = golden();
    let mut files: Vec<_> = SEPARATE.iter().map(|(name, bytes)| open(name, bytes).unwrap()).collect();
    let selection = Selection::find(&files, None, Spatial::Flatten).unwrap();
    let analysis = analyze(&mut files, &selection, Limits::default()).unwrap();
    assert_eq!(analysis.layers.iter().map(|layer| &layer.array[..]).collect::<Vec<_>>(), ["input", "h2"]);
    analysis.layers.iter().for_each(|layer| assert_measures(layer, &golden.flatten[&layer.array]));
    assert_eq!(analysis.law, None, "two layers are no fit");
}

#[test]
fn headers_tell_all_about_arrays_and_what_is_no_layer_is_named() {
    let file = open("plain.npz", PLAIN).unwrap();
    let arrays: Vec<_> = file.arrays().iter().map(|a| (&a.name[..], &a.dtype[..], &a.shape[..], a.fortran, a.bytes)).collect();
    assert_eq!(
        arrays,
        [
            ("labels", "int64", &[60][..], false, 480),
            ("input", "float32", &[60, 12], false, 2880),
            ("h1", "float16", &[60, 8], false, 960),
            ("conv", "float32", &[60, 3, 4, 5], false, 14400),
            ("h2", "float64", &[60, 6], true, 2880),
            ("tokens", "float32", &[60, 7, 5], true, 8400),
            ("codes", "int16", &[60, 9], false, 1080),
            ("h3", "float32", &[60, 5], false, 1200),
            ("epoch", "int64", &[], false, 8),
            ("names", "<U1", &[2], false, 0),
            ("means", "float32", &[4, 5], false, 80),
        ]
    );
    let selection = Selection::find(&[file], None, Spatial::Flatten).unwrap();
    let ignored: Vec<_> = selection.ignored.iter().map(|ignored| (&ignored.array[..], ignored.reason.clone())).collect();
    assert_eq!(
        ignored,
        [("epoch", Fault::Dimensions(0)), ("names", Fault::Dtype("<U1".to_owned())), ("means", Fault::FirstAxis { has: 4, labels: 60 }),]
    );
}

#[test]
fn layers_of_the_golden_fuzziness_have_its_values() {
    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        n: usize,
        d: usize,
        fuzziness: f64,
        labels: Vec<u8>,
        features: Vec<f64>,
    }
    #[derive(serde::Deserialize)]
    struct Cases {
        cases: Vec<Case>,
    }
    let Cases { cases } = serde_json::from_str(include_str!("golden/separation_fuzziness.json")).unwrap();
    assert_eq!(cases.len(), 14);
    for case in cases {
        let data: Vec<u8> = case.features.iter().flat_map(|x| x.to_be_bytes()).collect();
        let layer = npy(">f8", false, &format!("({}, {})", case.n, case.d), &data);
        let file = npz(&[Entry::deflated("x.npy", &layer), Entry::stored("y.npy", &labels(&case.labels))]);
        let analysis = whole("case.npz", &file, Spatial::Flatten, Limits::default()).unwrap();
        let found = analysis.layers[0].measures.fuzziness.unwrap();
        assert!((found - case.fuzziness).abs() <= 1e-5 * case.fuzziness + 1e-12, "{}: {found} instead of {}", case.name, case.fuzziness);
    }
}

/// Numbers without structure but for their class.
fn noise(points: usize, columns: usize) -> Vec<f32> {
    let number = |i: usize| (i as f32 * 12.9898).sin() + ((i / columns % 3 * (1 + i % columns)) as f32).sin();
    (0..points * columns).map(number).collect()
}

#[test]
fn a_layer_read_twice_in_chunks_has_the_values_of_one_that_is_held() {
    // 2,500,000 numbers: more than are read in one go.
    let (points, columns) = (2500, 1000);
    let data = noise(points, columns);
    let mut transposed = vec![0.0; data.len()];
    data.iter().enumerate().for_each(|(i, &x)| transposed[i % columns * points + i / columns] = x);
    let classes: Vec<u8> = (0..points).map(|i| (i % 3) as u8).collect();
    let shape = "(2500, 1000)";
    let c = floats(shape, &data);
    let fortran = npy("<f4", true, shape, &f32_bytes(&transposed));
    let of = |layer: Entry, memory| {
        let analysis = whole("f.npz", &npz(&[Entry::stored("y.npy", &labels(&classes)), layer]), Spatial::Flatten, Limits { memory });
        analysis.map(|analysis| (analysis.layers, analysis.simplex))
    };
    let features = ndarray::Array2::from_shape_vec((points, columns), data).unwrap();
    let oracle = separation_fuzziness(features.view(), &classes.iter().map(|&y| y.into()).collect::<Vec<_>>(), 3).unwrap();
    let (held, simplex) = of(Entry::stored("h.npy", &c), 256_000_000).unwrap();
    assert!((held[0].measures.fuzziness.unwrap() / oracle.total - 1.0).abs() < 1e-12 && held[0].measures.rank == oracle.rank);
    for (entry, what) in [
        (Entry::stored("h.npy", &c), "stored"),
        (Entry::deflated("h.npy", &c), "deflated"),
        (Entry::stored("h.npy", &fortran), "stored, Fortran order"),
        (Entry::deflated("h.npy", &fortran), "deflated, Fortran order"),
    ] {
        for memory in [256_000_000, 3_000_000] {
            let found = of(entry.clone(), memory);
            if what == "deflated, Fortran order" && memory < 10_000_000 {
                let fault = found.unwrap_err().fault;
                assert!(matches!(fault, Fault::FortranDeflated { bytes: 10_000_000, .. }), "{fault}");
            } else {
                assert!(found.unwrap() == (held.clone(), simplex.clone()), "{what}, {memory} bytes");
            }
        }
    }
}

#[test]
fn a_layer_in_memory_has_the_values_of_one_in_a_file() {
    let (points, columns) = (700, 3000);
    let data = noise(points, columns);
    let classes: Vec<u8> = (0..points).map(|i| (i % 30 * 5) as u8).collect();
    let file = npz(&[Entry::stored("y.npy", &labels(&classes)), Entry::stored("h.npy", &floats("(700, 3000)", &data))]);
    let expected = whole("f.npz", &file, Spatial::Flatten, Limits::default()).unwrap().layers.remove(0).measures;
    let held = Labels::new(classes.iter().map(|&label| label.into())).unwrap();
    assert_eq!((held.values.len(), held.values[29], held.counts.iter().sum()), (30, 145, points));
    let single = ndarray::Array2::from_shape_vec((points, columns), data).unwrap();
    let double = single.mapv(f64::from);
    let mut heard = Vec::new();
    let found = pollster::block_on(LayerMeasures::of(single.view(), &held, &mut async |done| {
        heard.push(done);
        ControlFlow::Continue(())
    }));
    assert!(heard.len() > 15 && heard.is_sorted() && heard.last() == Some(&1.0), "a turn for others between pieces of work: {heard:?}");
    assert_eq!(found.unwrap(), expected);
    let of = |features: ndarray::ArrayView2<f64>| {
        pollster::block_on(LayerMeasures::of(features, &held, &mut async |_| ControlFlow::Continue(())))
    };
    assert_eq!(of(double.view()).unwrap(), expected);
    // Column after column; then with rows for points.
    let turned = double.t().as_standard_layout().into_owned();
    assert_eq!(of(turned.t()).unwrap(), expected);
    assert_eq!(of(double.t()), Err(Fault::FirstAxis { has: columns, labels: points }));
    let mut spoiled = double.clone();
    spoiled[(699, 2)] = 1e300;
    assert_eq!(of(spoiled.view()), Err(Fault::NotFinite { row: 699, column: 2, value: f32::INFINITY }));
    let cancelled = pollster::block_on(LayerMeasures::of(single.view(), &held, &mut async |_| ControlFlow::Break(())));
    assert_eq!(cancelled, Err(Fault::Cancelled));
    assert_eq!(Labels::new([4, 4]), Err(Fault::OneClass(4)));
}

#[test]
fn progress_rises_to_the_end_of_each_layer_and_a_break_cancels() {
    let mut files = [open("plain.npz", PLAIN).unwrap()];
    let selection = Selection::find(&files, None, Spatial::Flatten).unwrap();
    let mut heard: Vec<Progress> = Vec::new();
    pollster::block_on(Analysis::of(&mut files, &selection, Limits::default(), &mut async |progress| {
        heard.push(progress);
        ControlFlow::Continue(())
    }))
    .unwrap();
    assert!(heard.is_sorted_by_key(|progress| (progress.layer, (1e6 * progress.done) as u32)));
    assert!((0..7).all(|layer| heard.iter().any(|progress| (progress.layer, progress.layers, progress.done) == (layer, 7, 1.0))));
    let mut calls = 0;
    let cancelled = pollster::block_on(Analysis::of(&mut files, &selection, Limits::default(), &mut async |_| {
        calls += 1;
        if calls == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }));
    assert_eq!((cancelled.unwrap_err().to_string(), calls), ("plain.npz, array h1: the analysis was cancelled".to_owned(), 4));
}

#[test]
fn layers_may_be_left_out_and_put_in_another_order_and_blocks_be_fitted_alone() {
    let mut files = [open("plain.npz", PLAIN).unwrap()];
    let mut selection = Selection::find(&files, None, Spatial::Flatten).unwrap();
    let all = analyze(&mut files, &selection, Limits::default()).unwrap();
    selection.layers.swap(0, 6);
    selection.layers.remove(1);
    let some = analyze(&mut files, &selection, Limits::default()).unwrap();
    assert_eq!(some.layers.iter().map(|layer| &layer.array[..]).collect::<Vec<_>>(), ["h3", "conv", "h2", "tokens", "codes", "input"]);
    let d = |layer: usize| all.layers[layer].measures.fuzziness;
    let mut arrangement = Arrangement::new(7);
    [3, 6].into_iter().for_each(|block| arrangement.part_mut(block).unwrap().block = true);
    assert_eq!(arrangement.block_law(&all), fit_law(&[d(0), d(3), d(6)]));
    assert_eq!(arrangement.law(&all), all.law);
}

#[test]
fn labels_are_found_by_name_and_else_by_being_the_only_ones_that_fit() {
    let h = floats("(4, 1)", &[-1.0, 1.0, 3.0, 5.0]);
    let found = |entries: &[(&str, Vec<u8>)], chosen: Option<usize>| {
        let entries: Vec<_> = entries.iter().map(|(name, content)| Entry::stored(name, content)).collect();
        let files = [open("f.npz", &npz(&entries)).unwrap()];
        let chosen = chosen.map(|array| Place { file: 0, array });
        Selection::find(&files, chosen, Spatial::Flatten).map(|selection| selection.labels.array).map_err(|error| error.to_string())
    };
    let (a, b) = (labels(&[0, 0, 1, 1]), labels(&[5, 5, 6]));
    assert_eq!(found(&[("h.npy", h.clone()), ("epochs.npy", b.clone()), ("kind.npy", a.clone())], None), Ok(2));
    assert_eq!(found(&[("h.npy", h.clone()), ("kind.npy", a.clone()), ("Targets.npy", a.clone()), ("y.npy", a.clone())], None), Ok(3));
    let two = [("h.npy", h.clone()), ("a.npy", a.clone()), ("b.npy", a.clone())];
    assert_eq!(found(&two, None), Err("f.npz: each of a, b could be the labels; choose one, or name it \"labels\"".to_owned()));
    assert_eq!(found(&two, Some(2)), Ok(2));
    assert_eq!(found(&two, Some(3)), Err("f.npz: there is no such array".to_owned()));
    let none = "f.npz: no labels are found; an integer array of one label a point is needed, best named \"labels\"";
    assert_eq!(found(&[("h.npy", h.clone()), ("epochs.npy", b)], None), Err(none.to_owned()));
    let column = npy("<i4", false, "(4, 1)", &[1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0]);
    assert_eq!(found(&[("h.npy", h), ("y.npy", column)], None), Ok(1));
}

/// A file of labels and a layer.
fn with(layer: &[u8]) -> Vec<u8> {
    npz(&[Entry::stored("labels.npy", &labels(&[0, 0, 1, 1])), Entry::stored("h.npy", layer)])
}

#[test]
fn other_formats_and_empty_files_are_named_by_their_first_bytes() {
    assert_eq!(error("a.npz", b""), "a.npz: it is empty; .npy, .npz, .safetensors and IDX files are accepted");
    assert_eq!(
        error("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        "a.png: it begins with the bytes 89 50 4e 47 0d 0a 1a 0a, which is neither .npy nor .npz nor .safetensors nor IDX; these are accepted"
    );
    assert!(error("a.npz", b"PK").contains("50 4b"));
    let pickle = npz(&[Entry::stored("archive/data.pkl", b"\x80\x02")]);
    assert_eq!(error("a.pt", &pickle), "a.pt: it holds no .npy array; save with numpy.savez, or as .safetensors");
    assert_eq!(error("a.npz", &npz(&[])), error("a.npz", &npz(&[])));
}

#[test]
fn every_truncation_is_an_error() {
    for (name, bytes) in
        [("a.npz", &with(&floats("(4, 1)", &[-1.0, 1.0, 3.0, 5.0]))[..]), ("h2.npy", SEPARATE[1].1), ("a.safetensors", SAFETENSORS)]
    {
        let step = (bytes.len() / 400).max(1);
        for length in (0..bytes.len()).step_by(step) {
            assert!(open(name, &bytes[..length]).is_err(), "{name} of {length} bytes");
        }
    }
}

#[test]
fn headers_that_lie_about_the_length() {
    let short = with(&floats("(4, 2)", &[0.0; 4]));
    assert_eq!(
        error("a.npz", &short),
        "a.npz, array h: its header asks for 32 bytes of numbers, but there are 16: it is cut off or damaged"
    );
    let long = with(&floats("(4, 2)", &[0.0; 12]));
    assert_eq!(
        error("a.npz", &long),
        "a.npz, array h: its header asks for 32 bytes of numbers, but there are 48: it is cut off or damaged"
    );
    let mut endless = b"\x93NUMPY\x02\0".to_vec();
    endless.extend_from_slice(&[0xff; 40]);
    assert_eq!(error("h.npy", &endless), "h.npy: its header claims 4294967295 bytes; at most 10000 are accepted");
    assert!(error("h.npy", b"\x93NUMPY\x07\0\0\0").contains("its version is none of 1, 2 and 3"));
    assert!(error("h.npy", b"\x93NUMPY\x01\0\x50\0{").contains("it is cut off"));
    assert!(error("h.npy", &npy_of("import os", b"")).contains("it is no dictionary of descr, fortran_order and shape"));
}

#[test]
fn shapes_that_overflow_or_hold_nothing() {
    let overflow = npy("<f4", false, "(4294967296, 4294967296, 4)", b"");
    let expected = "h.npy: the shape [4294967296, 4294967296, 4] has more numbers than any memory; check the file";
    assert_eq!(error("h.npy", &overflow), expected);
    assert!(error("h.npy", &npy("<f8", false, "(2305843009213693952, 1)", b"")).contains("more numbers than any memory"));
    assert!(error("h.npy", &npy("<f8", false, "(0, 4294967296, 4294967296)", b"")).contains("more numbers than any memory"));
    assert_eq!(
        error("a.npz", &with(&npy("<f4", false, "(4, 0)", b""))),
        "a.npz, array h: the shape (4, 0) has no numbers; at least one point and one column are needed"
    );
}

#[test]
fn a_bomb_is_not_inflated_beyond_its_shape() {
    let zeros = Entry::deflated("h.npy", &[floats("(4, 1)", &[0.0; 4]), vec![0; 50_000_000]].concat());
    let labels = Entry::stored("labels.npy", &labels(&[0, 0, 1, 1]));
    // It says what it is.
    let honest = npz(&[labels.clone(), zeros.clone()]);
    assert!(error("a.npz", &honest).starts_with("a.npz, array h: its header asks for 16 bytes of numbers, but there are 50000016"));
    // It says that it is what its shape needs.
    let small = floats("(4, 1)", &[0.0; 4]).len() as u32;
    let lying = npz(&[labels.clone(), Entry { size: small, ..zeros.clone() }]);
    assert!(error("a.npz", &lying).starts_with("a.npz, array h: its header asks for 16 bytes of numbers, but there are 17"));
    // Its shape needs more than its bytes can yield.
    let large = Entry { size: 0xffff_fff0, ..Entry::deflated("h.npy", &floats("(4, 1000000)", &[0.0; 4])) };
    assert!(error("a.npz", &npz(&[labels.clone(), large])).contains("its header asks for 16000000 bytes of numbers"));
    // It yields less than it says.
    let content = floats("(4, 4000)", &[0.5; 16000]);
    let cut = Entry::deflated("h.npy", &content[..content.len() / 2]);
    let less =
        npz(&[labels, Entry { size: content.len() as u32, packed: [cut.packed, vec![0; 200]].concat(), ..Entry::stored("h.npy", &[]) }]);
    assert!(error("a.npz", &less).starts_with("a.npz, array h: "), "{}", error("a.npz", &less));
}

#[test]
fn damaged_and_unusual_archives() {
    let layer = floats("(4, 1)", &[-1.0, 1.0, 3.0, 5.0]);
    let labels = Entry::stored("labels.npy", &labels(&[0, 0, 1, 1]));
    let of = |entry: Entry| error("a.npz", &npz(&[labels.clone(), entry]));
    let stored = Entry::stored("h.npy", &layer);
    assert_eq!(of(Entry { checksum: 1, ..stored.clone() }), "a.npz, array h: its checksum is wrong: the file is damaged");
    assert_eq!(of(Entry { flags: 1, ..stored.clone() }), "a.npz, array h: it is encrypted; save it without a password");
    assert!(of(Entry { method: 12, ..stored.clone() }).contains("compressed by method 12; stored and deflated entries are accepted"));
    assert!(of(Entry { size: u32::MAX, ..stored.clone() }).contains("4 GB or more"));
    let mut packed = Entry::deflated("h.npy", &layer);
    packed.packed[0] = 0xff;
    assert!(of(packed).starts_with("a.npz, array h: "));
    let file = npz(&[labels.clone(), stored]);
    let end = file.len() - 22;
    let with = |at: usize, bytes: &[u8]| {
        let mut file = file.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        error("a.npz", &file)
    };
    assert!(with(end + 10, &[9, 0]).contains("its directory is cut off"));
    assert!(with(end + 10, &[0xff, 0xff]).contains("4 GB or more"));
    assert!(with(end + 12, &[0, 0, 0, 0x7f]).contains("its header claims 2130706432 bytes; at most 16777216 are accepted"));
    assert!(with(end + 16, &[0, 0, 0, 0x7f]).contains("its directory lies outside the file"));
    assert!(with(end, &[0]).contains("its directory is missing"));
    // Where the first entry is.
    let first = file.windows(4).position(|magic| magic == b"PK\x01\x02").unwrap() + 42;
    assert!(with(first, &[0, 0, 0, 0x7f]).contains("it lies outside the file"));
    assert!(with(first, &[1]).contains("the directory points at something else"));
}

#[test]
fn dtypes_and_dimensions_that_no_layer_has() {
    let reason = |layer: &[u8]| error("a.npz", &with(layer));
    let accepted = "float16, bfloat16, float32, float64, int8 to int64, uint8 to uint64 and bool are accepted";
    assert_eq!(reason(&npy("|O", false, "(4, 1)", b"\x80\x04]")), format!("a.npz, array h: its dtype is object; {accepted}"));
    assert_eq!(reason(&npy("<c8", false, "(4, 1)", &[0; 32])), format!("a.npz, array h: its dtype is complex64; {accepted}"));
    let structured = npy_of("{'descr': [('x', '<f4'), ('y', '<i4')], 'fortran_order': False, 'shape': (4, 1)}", &[0; 32]);
    assert_eq!(reason(&structured), format!("a.npz, array h: its dtype is structured; {accepted}"));
    assert_eq!(
        reason(&floats("(4, 1, 1, 1, 1, 1, 1, 1, 1, 1)", &[0.0; 4])),
        "a.npz, array h: it has 10 dimensions; layers have 2 [n, d], 3 [n, t, d] or 4 [n, c, h, w]"
    );
    assert_eq!(
        reason(&floats("(3, 1)", &[0.0; 3])),
        "a.npz, array h: its first axis is 3, and there are 4 labels; a layer has one row a label"
    );
    let alone = error("labels.npy", &labels(&[0, 1]));
    assert_eq!(alone, "labels.npy: no layer is found; arrays of numbers whose first axis is as long as the labels are needed");
}

#[test]
fn labels_that_are_none() {
    let of = |labels: Vec<u8>, points: usize| {
        let layer = floats(&format!("({points}, 1)"), &noise(points, 1));
        error("a.npz", &npz(&[Entry::stored("labels.npy", &labels), Entry::deflated("h.npy", &layer)]))
    };
    assert_eq!(
        of(floats("(4,)", &[0.0, 0.5, 1.0, 1.5]), 4),
        "a.npz, array labels: it is float32 of shape (4) and cannot be the labels; one integer a point is accepted"
    );
    assert!(of(npy("|u1", false, "(2, 2)", &[0; 4]), 4).contains("it is uint8 of shape (2, 2) and cannot be the labels"));
    assert_eq!(of(labels(&[7; 4]), 4), "a.npz, array labels: every label is 7; separation needs at least two classes");
    let million: Vec<u8> = (0..1_000_000i32).flat_map(i32::to_le_bytes).collect();
    assert_eq!(
        of(npy("<i4", false, "(1000000,)", &million), 1_000_000),
        "a.npz, array labels: more than 1000 different labels; at most so many classes are accepted"
    );
    let large = npy("<u8", false, "(4,)", &[[0; 8], [1; 8], [255; 8], [2; 8]].concat());
    assert!(of(large, 4).starts_with("a.npz, array labels: the label in row 2 is above 9223372036854775807"));
    let many = npz(&[
        Entry::deflated("y.npy", &labels(&vec![0; 10_000_001])),
        Entry::deflated("h.npy", &floats("(10000001, 1)", &vec![0.0; 10_000_001])),
    ]);
    assert_eq!(error("a.npz", &many), "a.npz, array y: it has 10000001 points; at most 10000000 are accepted");
}

#[test]
fn numbers_that_are_not_finite_are_named_with_array_row_and_column() {
    for (value, shown) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (f32::NEG_INFINITY, "-inf")] {
        let expected = format!("a.npz, array h: row 2 is {shown} in column 1; every number must be finite as float32");
        assert_eq!(error("a.npz", &with(&floats("(4, 2)", &[0.0, 1.0, 2.0, 3.0, 4.0, value, 6.0, 7.0]))), expected);
        assert_eq!(error("a.npz", &with(&npy("<f4", true, "(4, 2)", &f32_bytes(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, value, 7.0])))), expected);
    }
    let large = npy("<f8", false, "(4, 1)", &[1.0, 2.0, 1e300, 4.0f64].map(f64::to_le_bytes).concat());
    assert!(error("a.npz", &with(&large)).contains("row 2 is inf in column 0"));
}

#[test]
fn layers_without_separation_are_said_to_be_so_and_the_others_measured() {
    let constant = floats("(4, 1)", &[2.0; 4]);
    let layer = floats("(4, 1)", &[-1.0, 1.0, 3.0, 5.0]);
    let file = npz(&[
        Entry::stored("labels.npy", &labels(&[0, 0, 1, 1])),
        Entry::stored("constant.npy", &constant),
        Entry::stored("h.npy", &layer),
    ]);
    let analysis = whole("a.npz", &file, Spatial::Flatten, Limits::default()).unwrap();
    let undefined = analysis.layers[0].measures.undefined.as_deref().unwrap();
    assert!(undefined.contains("all class means are equal") && analysis.layers[0].measures.fuzziness.is_none());
    assert!((analysis.layers[1].measures.fuzziness.unwrap() - 0.25).abs() < 1e-12);
    assert_eq!(analysis.simplex.unwrap().layers(), 2);
}

#[test]
fn class_means_that_memory_is_not_planned_for() {
    let layer = floats("(4, 2000001)", &vec![0.0; 8_000_004]);
    assert_eq!(
        error("a.npz", &with(&layer)),
        "a.npz, array h: its 2000001 columns are too many for 2 classes; at most 2000000 are accepted: average over space"
    );
}

#[test]
fn names_are_text_and_nothing_else() {
    let layer = floats("(4, 1)", &[-1.0, 1.0, 3.0, f32::NAN]);
    let of = |name: &[u8]| {
        let entry = Entry { name: name.to_vec(), ..Entry::stored("", &layer) };
        error("x\u{202e}.npz\n", &npz(&[Entry::stored("labels.npy", &labels(&[0, 0, 1, 1])), entry]))
    };
    let reason = ": row 3 is NaN in column 0; every number must be finite as float32";
    assert_eq!(of(b"<img src=x onerror=alert(1)>.npy"), format!("x\u{fffd}.npz\u{fffd}, array <img src=x onerror=alert(1)>{reason}"));
    assert_eq!(of(b"../../etc/passwd.npy"), format!("x\u{fffd}.npz\u{fffd}, array ../../etc/passwd{reason}"));
    assert_eq!(of(b"\xff\xfe\0.npy"), format!("x\u{fffd}.npz\u{fffd}, array \u{fffd}\u{fffd}\u{fffd}{reason}"));
    let long = [&[b'a'; 5000][..], b".npy"].concat();
    assert_eq!(of(&long), format!("x\u{fffd}.npz\u{fffd}, array {}…{reason}", "a".repeat(100)));
}

#[test]
fn safetensors_headers_that_lie() {
    let of = |header: &str, data: &[u8]| error("a.safetensors", &safetensors(header, data));
    let h = |shape: &str, from: u64, to: u64| format!(r#""h":{{"dtype":"F32","shape":{shape},"data_offsets":[{from},{to}]}}"#);
    let y = r#""labels":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#;
    let data = [&[0, 0, 1, 1][..], &f32_bytes(&[-1.0, 1.0, 3.0, 5.0])].concat();
    let good = format!("{{{},{}}}", y, h("[4,1]", 4, 20));
    whole("a.safetensors", &safetensors(&good, &data), Spatial::Flatten, Limits::default()).unwrap();
    assert!(
        of(&format!("{{{},{}}}", y, h("[4,1]", 2, 18)), &data)
            .contains("array h: its header is malformed: its bytes 2 to 18 must begin at 4")
    );
    assert!(of(&format!("{{{},{}}}", y, h("[4,1]", 4, 1 << 60)), &data).contains("end within the 20 that the file has"));
    assert!(
        of(&format!("{{{},{}}}", y, h("[4,2]", 4, 20)), &data)
            .contains("array h: its header asks for 32 bytes of numbers, but there are 16")
    );
    assert!(of(&format!("{{{},{}}}", y, h("[4,1]", 4, 3)), &data).contains("its bytes 4 to 3"));
    assert!(of(&format!("{{{},{}}}", y, h("[18446744073709551615,9]", 4, 20)), &data).contains("more numbers than any memory"));
    assert!(of(&format!("{{{},{}}}", y, h("[-4,1]", 4, 20)), &data).contains("its header is malformed: invalid value"));
    assert!(of(&format!("{{{y}}}"), &data).contains("its header asks for 4 bytes of numbers, but there are 20"));
    assert!(of(&good[..good.len() - 3], &data).contains("its header is malformed"));
    assert!(of(&format!("{{\"a\":{}", "[".repeat(100_000)), b"").contains("its header is malformed"));
    let mut long = safetensors(&good, &data);
    long[..8].fill(0xff);
    assert_eq!(error("a.safetensors", &long), "a.safetensors: its header claims 18446744073709551615 bytes; at most 16777216 are accepted");
    long[..8].copy_from_slice(&1_000_000u64.to_le_bytes());
    assert!(error("a.safetensors", &long).contains("it is longer than the file"));
    let float8 = format!("{{{},{}}}", y, r#""h":{"dtype":"F8_E4M3","shape":[4,4],"data_offsets":[4,20]}"#);
    assert!(of(&float8, &data).contains("array h: its dtype is F8_E4M3"));
}

/// Changes some bytes of a file and cuts it off.
fn mutated(mut file: Vec<u8>, changes: &[(prop::sample::Index, u8)], length: Option<prop::sample::Index>) -> Vec<u8> {
    if let Some(length) = length {
        file.truncate(length.index(file.len()) + 1);
    }
    changes.iter().for_each(|(at, byte)| {
        let at = at.index(file.len());
        file[at] = *byte;
    });
    file
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_mutation_of_a_file_panics(
        which in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        length in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        let layer = floats("(4, 1)", &[-1.0, 1.0, 3.0, 5.0]);
        let small = npz(&[Entry::stored("labels.npy", &labels(&[0, 0, 1, 1])), Entry::deflated("h.npy", &layer)]);
        let file = [SAFETENSORS, SEPARATE[1].1, &small, DEFLATED][which].to_vec();
        let _ = whole("mutated", &mutated(file, &changes, length), Spatial::Average, Limits::default());
    }

    #[test]
    fn averages_are_numpys_in_both_orders(
        shape in prop::collection::vec(1..4_usize, 3..5), numbers in prop::collection::vec(-1.0..1.0f32, 81 * 3),
    ) {
        // Rows are asked for one at a time or all at once; by definition, element by element.
        let count: usize = shape.iter().product();
        let data = &numbers[..count];
        let text = format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", "));
        let index = |mut at: usize| {
            let mut index = vec![0; shape.len()];
            for axis in (0..shape.len()).rev() {
                index[axis] = at % shape[axis];
                at /= shape[axis];
            }
            index
        };
        let mut fortran = vec![0.0; count];
        for (at, &x) in data.iter().enumerate() {
            let place = index(at).iter().zip(&shape).rev().fold(0, |place, (i, size)| place * size + i);
            fortran[place] = x;
        }
        let columns = if shape.len() == 4 { shape[1] } else { shape[2] };
        let mut expected = vec![0.0; shape[0] * columns];
        for (at, &x) in data.iter().enumerate() {
            let index = index(at);
            expected[index[0] * columns + index[if shape.len() == 4 { 1 } else { 2 }]] += f64::from(x);
        }
        let averaged = count / shape[0] / columns;
        for (file, flat) in [(floats(&text, data), data), (npy("<f4", true, &text, &f32_bytes(&fortran)), data)] {
            for step in [1, 2, 100] {
                let mut opened = open("h.npy", &file).unwrap();
                let (mut flattened, mut means) = (Vec::new(), Vec::new());
                let mut rows = opened.rows(0, Spatial::Flatten).unwrap();
                while rows.next(step, &mut flattened).unwrap() > 0 {}
                let mut rows = opened.rows(0, Spatial::Average).unwrap();
                while rows.next(step, &mut means).unwrap() > 0 {}
                prop_assert_eq!(&flattened[..], flat);
                for (found, sum) in means.iter().zip(&expected) {
                    prop_assert!((f64::from(*found) - sum / averaged as f64).abs() < 1e-7);
                }
                prop_assert_eq!(means.len(), expected.len());
            }
        }
    }
}
