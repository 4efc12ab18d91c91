//! `cargo xtask recording`: trains the default run natively, which gives the browser's bits, and writes www/recording.json.

use pollster::block_on;
use separation_playground::dataset::{BUNDLED, load};
use separation_playground::experiment::{Config, Recording, Run};
use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let www = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www");
    let data = load(&BUNDLED[0], &www.join("data"))?;
    let mut run = Run::new(Config::default(), &data)?;
    run.film();
    let mut records = vec![block_on(run.record(async || ()))?];
    while run.epoch() < f64::from(run.epochs()) {
        block_on(run.train(run.steps_left_in_epoch()))?;
        if run.record_due() {
            records.push(block_on(run.record(async || ()))?);
        }
    }
    let json = serde_json::to_string(&Recording::new(&records))? + "\n";
    println!("www/recording.json: {} records, {} bytes", records.len(), json.len());
    fs::write(www.join("recording.json"), json)?;
    Ok(())
}
