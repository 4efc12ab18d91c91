//! `cargo xtask recording`: trains the default run natively, which gives the browser's bits, and writes www/recording.json and, made from it,
//! www/opening.svg; and www/garments.bin, the classes' mean images.

mod garments;
mod opening;

use pollster::block_on;
use separation_playground::dataset::{BUNDLED, load};
use separation_playground::experiment::{Config, Recording, Run};
use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let www = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www");
    let data = load(&BUNDLED[0], &www.join("data"))?;
    fs::write(www.join("garments.bin"), garments::mean_images(&data))?;
    let mut run = Run::new(Config::default(), &data)?;
    run.film();
    let mut records = vec![block_on(run.record(async || ()))?];
    while run.epoch() < f64::from(run.epochs()) {
        block_on(run.train(run.steps_left_in_epoch()))?;
        if run.record_due() {
            records.push(block_on(run.record(async || ()))?);
        }
    }
    let recording = Recording::new(&records);
    let opening = opening::svg(&recording.history(&Config::default()));
    println!("www/opening.svg: {} bytes", opening.len());
    fs::write(www.join("opening.svg"), opening)?;
    let json = serde_json::to_string(&recording)? + "\n";
    println!("www/recording.json: {} records, {} bytes", records.len(), json.len());
    fs::write(www.join("recording.json"), json)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_images_are_those_of_the_bundled_set() {
        let data = load(&BUNDLED[0], &Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/data")).unwrap();
        assert_eq!(garments::mean_images(&data), include_bytes!("../../www/garments.bin"));
    }

    #[test]
    fn the_opening_picture_is_the_recordings() {
        let recording: Recording = serde_json::from_str(include_str!("../../www/recording.json")).unwrap();
        let opening = opening::svg(&recording.history(&Config::default()));
        assert_eq!(opening, include_str!("../../www/opening.svg"), "cargo xtask recording writes it anew");
    }
}
