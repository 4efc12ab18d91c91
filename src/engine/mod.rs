//! Engines: what trains a network and passes points through it.

pub mod cpu;
mod state;

pub use state::State;
