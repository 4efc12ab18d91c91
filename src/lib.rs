//! Watch the law of data separation happen.
//!
//! In a trained classifier every layer does the same share of the work. Measure how far the classes are from being separated
//! by the *separation fuzziness* D = Tr(SSw SSb<sup>+</sup>), the within-class scatter as the between-class scatter sees it. Then
//! D falls by about the same factor at each layer, so that ln D lies on a straight line (He & Su, PNAS 2023). This crate trains small
//! multilayer perceptrons, measures D at every layer while they learn, and draws it: in a browser, as WebAssembly, or natively.
//!
//! # The law in two calls
//!
//! ```
//! use separation_playground::separation::{fit_law, separation_fuzziness};
//! use ndarray::array;
//!
//! // Two classes on a line, at -1, 1 and 3, 5: their means are 4 apart, every point is 1 off its mean.
//! let pixels = separation_fuzziness(array![[-1.0], [1.0], [3.0], [5.0]].view(), &[0, 0, 1, 1], 2)?;
//! assert!((pixels.total - 0.25).abs() < 1e-12);
//!
//! // D at the input and behind three layers, each of which halves it.
//! let law = fit_law(&[Some(8.0), Some(4.0), Some(2.0), Some(1.0)]).unwrap();
//! assert!((law.rho - 0.5).abs() < 1e-12 && (law.pearson + 1.0).abs() < 1e-12);
//! # Ok::<(), separation_playground::separation::SeparationError>(())
//! ```
//!
//! # A network in training
//!
//! ```
//! use separation_playground::dataset::{Given, own};
//! use separation_playground::experiment::{Config, Run};
//!
//! # pollster::block_on(async {
//! // Three classes on three noisy rays.
//! let features = (0..600).map(|i| ((i / 2 % 3 * 2 + i % 2) as f32).sin() * 2.0 + (i as f32 * 12.9898).sin()).collect();
//! let labels = (0..300).map(|i| i % 3).collect();
//! let data = own(3, 2, Given { features, labels }, None)?;
//!
//! let config = Config::from_json(&serde_json::json!({ "dataset": "own", "hidden": [16, 16, 16], "epochs": 20 }))?;
//! let mut run = Run::new(config, &data)?;
//! let before = run.record(async || ()).await?;
//! while run.epoch() < f64::from(run.epochs()) {
//!     run.train(run.steps_left_in_epoch()).await?;
//! }
//! let after = run.record(async || ()).await?;
//! assert!(after.loss < before.loss);
//! assert!(after.train.law.unwrap().rho < before.train.law.unwrap().rho);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! # Layout
//!
//! The data flow one way, and the modules stand in that order: [`dataset`] -> [`network`] -> [`engine`] -> [`separation`],
//! [`collapse`] -> [`experiment`] -> `chart` -> `web`; [`features`] brings another network's layers to [`separation`] and [`collapse`],
//! [`images`] the reader's own images to [`dataset`]. Whoever only wants to measure needs [`separation`] alone.
//!
//! # Features
//!
//! - `api` (default): the JavaScript API, on wasm32. The npm package is built with this one alone.
//! - `page` (default): the figures (`chart`) and, on wasm32, the page and its worker. The site is built with this one alone.

#[cfg(feature = "page")]
pub mod chart;
pub mod collapse;
pub mod dataset;
pub mod engine;
pub mod experiment;
pub mod features;
pub mod images;
pub mod network;
pub mod random;
pub mod separation;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
compile_error!("the engine needs SIMD: RUSTFLAGS replaced the flags of .cargo/config.toml; add -Ctarget-feature=+simd128");
