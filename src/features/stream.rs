//! The bytes of an array, unpacked, in the order of the file.

use super::ReadSeek;
use super::array::Place;
use super::checksum::Checksum;
use super::error::Fault;
use flate2::read::DeflateDecoder;
use std::io::{self, Read, SeekFrom};

/// The bytes of an array and of its header, unpacked, in the order of the file.
pub(super) struct Stream<'a> {
    bytes: Bytes<'a>,
    /// Of what was read so far, and of all.
    checksum: Option<(Checksum, u32)>,
}

enum Bytes<'a> {
    Plain(io::Take<&'a mut dyn ReadSeek>),
    Deflated(Box<DeflateDecoder<io::Take<&'a mut dyn ReadSeek>>>),
}

impl<'a> Stream<'a> {
    /// Of what is at `place`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn open(file: &'a mut dyn ReadSeek, place: &Place) -> io::Result<Self> {
        file.seek(SeekFrom::Start(place.start))?;
        let bytes = file.take(place.length);
        let bytes = if place.deflated { Bytes::Deflated(Box::new(DeflateDecoder::new(bytes))) } else { Bytes::Plain(bytes) };
        Ok(Self { bytes, checksum: place.checksum.map(|checksum| (Checksum::new(), checksum)) })
    }

    /// To be called after the last byte that is needed.
    ///
    /// # Errors
    /// If there are more, or all were not those that the file was written with.
    pub fn end(mut self, expected: u64) -> Result<(), Fault> {
        let Some((crc, checksum)) = self.checksum.take() else { return Ok(()) };
        let more = self.read(&mut [0]).map_err(|error| Fault::Compressed(error.to_string()))?;
        if more > 0 {
            return Err(Fault::Length { expected, has: expected + 1 });
        }
        if crc.sum() == checksum { Ok(()) } else { Err(Fault::Checksum) }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.bytes {
            Bytes::Plain(bytes) => bytes.read(to),
            Bytes::Deflated(bytes) => bytes.read(to),
        }?;
        if let Some((crc, _)) = &mut self.checksum {
            crc.add(&to[..count]);
        }
        Ok(count)
    }
}
