//! `cargo xtask bench`: our speed beside other libraries'.

use crate::Result;

/// Times a training step in every engine, and measuring.
pub fn run(_args: &[String]) -> Result {
    Err("not yet".into())
}
