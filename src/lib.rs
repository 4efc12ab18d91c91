//! Watch the law of data separation happen.

#[cfg(feature = "page")]
pub mod chart;
pub mod dataset;
pub mod engine;
pub mod experiment;
pub mod network;
pub mod random;
pub mod separation;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
compile_error!("the engine needs SIMD: RUSTFLAGS replaced the flags of .cargo/config.toml; add -Ctarget-feature=+simd128");
