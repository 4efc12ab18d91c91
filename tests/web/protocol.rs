//! What page and worker say to each other survives the way there.

use ndarray::array;
use separation_playground::experiment::{BatchNormMode, Config, Record, Split};
use separation_playground::images::{Images, Origin, Part, Wanted};
use separation_playground::separation::{Cast, Film, Whitened};
use separation_playground::web::protocol::{Command, Event, Report, pack, unpack};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

fn split() -> Split {
    Split {
        mode: BatchNormMode::Running,
        fuzziness: vec![Some(36.379), None],
        per_class: vec![vec![Some(0.1), None]; 2],
        rank: vec![9, 0],
        law: None,
        film: None,
    }
}

fn record() -> Record {
    Record {
        epoch: 0.125,
        loss: 2.3,
        learning_rate: 1e-3,
        train_accuracy: 0.1,
        test_accuracy: None,
        train: split(),
        train_running: split(),
        test: None,
        collapse: None,
        minority: None,
    }
}

fn images() -> Images {
    let part = |labels: &[u8]| Part { pixels: [0, 255, 7, 9].repeat(labels.len()), labels: labels.to_vec() };
    let wanted = Wanted { side: None, per_class: 100, seed: u32::MAX };
    let origin = Origin {
        files: vec!["<b>.npz".to_owned()],
        count: 3,
        rows: 2,
        columns: 2,
        colour: true,
        held_out: false,
        least: 1,
        smallest: 0,
        wanted,
    };
    Images {
        side: 2,
        class_names: vec!["-9223372036854775808".to_owned(), "7".to_owned()],
        train: part(&[0, 1, 1]),
        test: Some(part(&[1])),
        origin,
    }
}

#[wasm_bindgen_test]
fn the_readers_images_survive() {
    let report = Report { run: 0, event: Event::Images { images: Box::new(Images { test: None, ..images() }) } };
    assert_eq!(unpack::<Report>(pack(&report).unwrap()).unwrap(), report);
}

#[wasm_bindgen_test]
fn commands_survive() {
    let config = Box::new(Config { seed: u32::MAX, learning_rate: 0.1 + 0.2, ..Config::default() });
    for command in [
        Command::Configure { run: 3, config: config.clone(), film: true },
        Command::Recall { run: 4, config },
        Command::Open { run: 5, file: vec![0, 255] },
        Command::Save { run: 3 },
        Command::Train { run: 3 },
        Command::Images { images: Box::new(images()) },
        Command::Pause,
        Command::Step { run: 4 },
    ] {
        assert_eq!(unpack::<Command>(pack(&command).unwrap()).unwrap(), command);
    }
}

#[wasm_bindgen_test]
fn records_survive_with_null_for_what_is_undefined() {
    let report = Report { run: 7, event: Event::Record { record: Box::new(record()) } };
    let packed = pack(&report).unwrap();
    let json = String::from(js_sys::JSON::stringify(&packed).unwrap());
    assert!(json.contains("\"fuzziness\":[36.379,null]") && json.contains("\"testAccuracy\":null"), "{json}");
    assert_eq!(unpack::<Report>(packed).unwrap(), report);
}

#[wasm_bindgen_test]
fn a_film_crosses_as_bytes() {
    let (features, labels) = (array![[0.0], [0.5], [2.0], [2.5]], [0, 0, 1, 1]);
    let cast = Cast::new(&labels, &[0, 1]);
    let mut film = Film::new(&cast);
    film.push(&cast, Whitened::new(features.view(), &labels, 2).ok().as_ref());
    film.push(&cast, None);
    let filmed = Record { train: Split { film: Some(film), ..split() }, ..record() };
    let report = Report { run: 7, event: Event::Record { record: Box::new(filmed) } };
    let packed = pack(&report).unwrap();
    let path = ["event", "record", "record", "train", "film", "places"];
    let places = path.into_iter().fold(packed.clone(), |value, key| js_sys::Reflect::get(&value, &key.into()).unwrap());
    assert!(places.is_instance_of::<js_sys::Uint8Array>());
    assert_eq!(unpack::<Report>(packed).unwrap(), report);
}

#[wasm_bindgen_test]
fn anything_else_is_refused() {
    for json in ["{}", "{\"explode\":{}}", "7", "null"] {
        assert!(unpack::<Command>(js_sys::JSON::parse(json).unwrap()).is_err(), "{json}");
    }
}
