//! `cargo xtask data [FOLDER]`: makes www/data, the bundled subsets, from Fashion-MNIST's four gzipped files.
//!
//! The same files always give the same bytes. Every step that the tests' golden hashes cover is checked before anything is written.

use flate2::{Compression, GzBuilder, read::GzDecoder};
use separation_playground::dataset::idx::{Images, read_images, read_labels, write_images, write_labels};
use separation_playground::dataset::{BUNDLED, FILES};
use separation_playground::images::Resize;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

type Result<T = ()> = std::result::Result<T, String>;

/// Where Debian's package dataset-fashion-mnist puts the files.
const DEBIAN: &str = "/usr/share/datasets/fashion-mnist";

/// Sides of the original images and of the small ones.
const SIDE: usize = 28;
const SMALL_SIDE: usize = 10;

const LICENSE: &str = "\
The images and labels in this folder are a part of Fashion-MNIST (https://github.com/zalandoresearch/fashion-mnist), some of them
reduced to 10 x 10 pixels. Its licence:

The MIT License (MIT)

Copyright (c) 2017 Zalando SE, https://tech.zalando.com

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
\"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR
ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH
THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
";

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    match make(folder.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn make(folder: Option<&Path>) -> Result {
    let source = folder.unwrap_or(Path::new(DEBIAN));
    if !source.is_dir() {
        let hint = "give the folder that holds Fashion-MNIST's four .gz files, or install Debian's package dataset-fashion-mnist";
        return Err(format!("there is no folder {}; {hint}", source.display()));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ lies in the repository");
    let golden = fs::read_to_string(root.join("tests/golden/resize.json")).map_err(|why| format!("tests/golden/resize.json: {why}"))?;
    let golden: serde_json::Value = serde_json::from_str(&golden).map_err(|why| format!("tests/golden/resize.json: {why}"))?;
    let sets = [Set::read(source, "train", "train", &golden)?, Set::read(source, "t10k", "test", &golden)?];

    let target = root.join("www/data");
    for subset in &BUNDLED {
        let folder = target.join(subset.id);
        fs::create_dir_all(&folder).map_err(|why| format!("cannot make {}: {why}", folder.display()))?;
        for (i, (set, per_class)) in sets.iter().zip([subset.train_per_class, subset.test_per_class]).enumerate() {
            let (images, labels) = set.first(per_class, subset.side)?;
            write_gzipped(&folder, FILES[2 * i], &images)?;
            write_gzipped(&folder, FILES[2 * i + 1], &labels)?;
        }
    }
    write(&target.join("LICENSE"), LICENSE.as_bytes())
}

/// Fashion-MNIST's training or test set.
struct Set {
    labels: Vec<u8>,
    /// `[n x 28 x 28]`
    pixels: Vec<u8>,
    /// `[n x 10 x 10]`
    small_pixels: Vec<u8>,
}

impl Set {
    /// Reads the files that begin with `prefix`, and checks them and their small images against the hashes in `golden`.
    fn read(folder: &Path, prefix: &str, part: &str, golden: &serde_json::Value) -> Result<Self> {
        let file = |kind: &str| {
            let name = format!("{prefix}-{kind}-ubyte.gz");
            let path = folder.join(&name);
            let gzipped = fs::read(&path).map_err(|why| format!("cannot read {}: {why}", path.display()))?;
            let mut bytes = Vec::new();
            GzDecoder::new(gzipped.as_slice()).read_to_end(&mut bytes).map_err(|why| format!("{}: {why}", path.display()))?;
            // Of the content: Debian compresses the files anew.
            check(&format!("the decompressed bytes of {}", path.display()), &bytes, &golden["files"][&name])?;
            Ok::<_, String>(bytes)
        };
        let pixels = read_images(&file("images-idx3")?).map_err(|why| why.to_string())?.pixels.to_vec();
        let labels = read_labels(&file("labels-idx1")?).map_err(|why| why.to_string())?.to_vec();
        let resize = Resize::new(SIDE, SMALL_SIDE);
        let small_pixels = pixels.chunks_exact(SIDE * SIDE).flat_map(|image| resize.apply(image)).collect::<Vec<_>>();
        check(&format!("the 10 x 10 {part} images"), &small_pixels, &golden[format!("{part}_10x10_sha256")])?;
        Ok(Self { labels, pixels, small_pixels })
    }

    /// The IDX files of the first `per_class` images of each class, in their order.
    fn first(&self, per_class: usize, side: usize) -> Result<(Vec<u8>, Vec<u8>)> {
        let pixels = match side {
            SIDE => &self.pixels,
            SMALL_SIDE => &self.small_pixels,
            other => return Err(format!("images are made {SIDE} or {SMALL_SIDE} pixels wide, not {other}")),
        };
        let (mut chosen_pixels, mut chosen_labels, mut left) = (Vec::new(), Vec::new(), [per_class; 256]);
        for (image, &label) in pixels.chunks_exact(side * side).zip(&self.labels) {
            let left = &mut left[usize::from(label)];
            if *left > 0 {
                *left -= 1;
                chosen_pixels.extend_from_slice(image);
                chosen_labels.push(label);
            }
        }
        let images = Images { count: chosen_labels.len(), rows: side, columns: side, pixels: &chosen_pixels };
        Ok((write_images(images), write_labels(&chosen_labels)))
    }
}

/// Errors if the SHA-256 of `bytes` is not the `expected` one.
fn check(what: &str, bytes: &[u8], expected: &serde_json::Value) -> Result {
    let found: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if expected == &found { Ok(()) } else { Err(format!("{what} have SHA-256 {found}; tests/golden/resize.json has {expected}")) }
}

/// Writes `bytes` as `name`.gz, without the time, which would make every run's file another one.
fn write_gzipped(folder: &Path, name: &str, bytes: &[u8]) -> Result {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let gzipped = encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|why| format!("cannot compress {name}: {why}"))?;
    write(&folder.join(format!("{name}.gz")), &gzipped)
}

fn write(path: &Path, bytes: &[u8]) -> Result {
    fs::write(path, bytes).map_err(|why| format!("cannot write {}: {why}", path.display()))?;
    println!("{:>9} bytes  {}", bytes.len(), path.display());
    Ok(())
}
