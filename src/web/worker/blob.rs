//! A file of the reader's as something to read from and to seek in: never held whole.

use js_sys::{Array, Uint8Array};
use std::io::{Error, Read, Result, Seek, SeekFrom};
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync, MessageChannel, MessagePort};

/// Bytes that are read ahead: each call to the browser costs as much as some thousand bytes.
const AHEAD: usize = 1 << 16;

/// Reads a blob. Only workers can: the page's thread has no synchronous reader.
pub struct BlobReader {
    blob: Blob,
    length: u64,
    /// Of the next byte.
    at: u64,
    /// Where `ahead` begins.
    start: u64,
    ahead: Vec<u8>,
    /// A port that nobody listens to.
    nobody: Option<MessagePort>,
}

impl BlobReader {
    /// From its first byte.
    pub fn new(blob: &Blob) -> Self {
        let channel = MessageChannel::new().ok();
        channel.iter().for_each(|channel| channel.port2().close());
        let nobody = channel.map(|channel| channel.port1());
        Self { blob: blob.clone(), length: blob.size() as u64, at: 0, start: 0, ahead: Vec::new(), nobody }
    }

    /// Fills `to` with the bytes from `start`; returns how many there were.
    fn fetch(&self, start: u64, to: &mut [u8]) -> Result<usize> {
        let read = || {
            let part = self.blob.slice_with_f64_and_f64(start as f64, (start + to.len() as u64) as f64)?;
            FileReaderSync::new()?.read_as_array_buffer(&part)
        };
        // A file that was changed or taken away since it was chosen.
        let message = |error: JsValue| js_sys::Reflect::get(&error, &"message".into()).ok().and_then(|text| text.as_string());
        let buffer = read().map_err(|error| Error::other(message(error).unwrap_or_default()))?;
        let bytes = Uint8Array::new(&buffer);
        let count = to.len().min(bytes.length() as usize);
        bytes.subarray(0, count as u32).copy_to(&mut to[..count]);
        // Given away, to nobody: left to the garbage collector, hundreds of megabytes gather before it comes.
        if let Some(nobody) = &self.nobody {
            let _ = nobody.post_message_with_transferable(&JsValue::NULL, &Array::of1(&buffer));
        }
        Ok(count)
    }
}

impl Read for BlobReader {
    fn read(&mut self, to: &mut [u8]) -> Result<usize> {
        let left = self.length.saturating_sub(self.at);
        let count = left.min(to.len() as u64) as usize;
        if count == 0 {
            return Ok(0);
        }
        let held = self.at.checked_sub(self.start).filter(|&offset| offset < self.ahead.len() as u64);
        if held.is_none() && count >= AHEAD {
            let count = self.fetch(self.at, &mut to[..count])?;
            self.at += count as u64;
            return Ok(count);
        }
        let offset = match held {
            Some(offset) => offset as usize,
            None => {
                let mut ahead = std::mem::take(&mut self.ahead);
                ahead.resize(left.min(AHEAD as u64) as usize, 0);
                let count = self.fetch(self.at, &mut ahead)?;
                ahead.truncate(count);
                (self.ahead, self.start) = (ahead, self.at);
                0
            }
        };
        let ready = &self.ahead[offset..];
        let count = count.min(ready.len());
        to[..count].copy_from_slice(&ready[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| Error::other("a place before the first byte"))?;
        Ok(self.at)
    }
}
