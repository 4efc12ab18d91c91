//! Why an engine stops.

/// Why a GPU cannot be had, or cannot go on. The CPU does not fail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// No WebGPU, or no adapter behind it.
    #[error("WebGPU is not available: {0}")]
    Unavailable(String),
    /// More than one buffer of this device holds. Nothing has been allocated.
    #[error("{what} need {bytes} bytes in one buffer; this GPU's buffers hold at most {limit}.")]
    TooLarge {
        /// What would have been in it.
        what: &'static str,
        /// Its size.
        bytes: u64,
        /// The device's largest buffer.
        limit: u64,
    },
    /// The device has not the memory that it was asked for.
    #[error("The GPU is out of memory: {0}")]
    OutOfMemory(String),
    /// The driver accepts a shader or a command not: a defect here or there.
    #[error("The GPU's driver refused a command: {0}")]
    Refused(String),
    /// Reset, unplugged, destroyed.
    #[error("The GPU was lost: {0}")]
    Lost(String),
}
