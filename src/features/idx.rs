//! The header of IDX, the format of MNIST's files, plain or gzipped: big-endian sizes, then numbers. <http://yann.lecun.com/exdb/mnist/>
//!
//! The frame around gzipped bytes is read here (RFC 1952): flate2's own reader would bring a second checksum, 17 KB (gzip) of tables.

use super::ReadSeek;
use super::array::{Array, Place};
use super::element::Element;
use super::error::Fault;
use super::stream::Stream;
use std::io::{Read, SeekFrom};

/// What gzipped bytes begin with; the third says that they are deflated.
pub(super) const GZIP: &[u8] = b"\x1f\x8b";
/// Bytes of a gzip header before its optional parts, and of what follows the deflated bytes.
const GZIP_LENGTH: usize = 10;
const GZIP_END: u64 = 8;
/// Most bytes of a gzip header's optional parts: names and comments.
const MOST_OF_GZIP: u64 = 1 << 17;

/// Whether a file that begins so is of this format, not gzipped. Those of safetensors may begin with zeros too.
pub(super) fn is(start: &[u8]) -> bool {
    start.starts_with(&[0, 0]) && start.get(8) != Some(&b'{')
}

/// The array of an IDX file of `length` bytes, plain or gzipped.
///
/// # Errors
/// If its header is malformed or promises what is not there.
pub(super) fn read(file: &mut dyn ReadSeek, name: String, length: u64) -> Result<Array, Fault> {
    file.seek(SeekFrom::Start(0))?;
    let mut start = [0; 2];
    file.read_exact(&mut start)?;
    let place = match start == GZIP {
        true => gzip(file, length)?,
        false => Place { start: 0, length, header: 0, deflated: false, checksum: None },
    };
    let mut stream = Stream::open(file, &place)?;
    let mut word = || -> Result<[u8; 4], Fault> {
        let mut word = [0; 4];
        stream.read_exact(&mut word).map_err(|error| malformed(&format!("it is cut off or damaged ({error})")))?;
        Ok(word)
    };
    let [0, 0, kind, dimensions] = word()? else {
        return Err(malformed("what is gzipped is no IDX file, for it does not begin with 00 00"));
    };
    let dtype = match kind {
        0x08 => ">u1",
        0x09 => ">i1",
        0x0b => ">i2",
        0x0c => ">i4",
        0x0d => ">f4",
        0x0e => ">f8",
        _ => return Err(malformed(&format!("{kind:#04x} is none of IDX's kinds of numbers"))),
    };
    let sizes = (0..dimensions).map(|_| word().map(|size| u64::from(u32::from_be_bytes(size)))).collect::<Result<Vec<_>, _>>()?;
    let place = Place { header: 4 + 4 * u64::from(dimensions), ..place };
    let array = Array::new(name, dtype, Element::of_numpy(dtype), &sizes, false, place)?;
    let has = length.saturating_sub(place.header);
    if !place.deflated && has != array.bytes { Err(Fault::Length { expected: array.bytes, has }) } else { Ok(array) }
}

/// Where the deflated bytes are.
fn gzip(file: &mut dyn ReadSeek, length: u64) -> Result<Place, Fault> {
    file.seek(SeekFrom::Start(0))?;
    let mut header = vec![0; length.min(GZIP_LENGTH as u64 + MOST_OF_GZIP) as usize];
    file.read_exact(&mut header)?;
    let start = deflated_from(&header).ok_or_else(|| malformed("its gzip header is cut off or damaged"))? as u64;
    let end = length.checked_sub(GZIP_END).filter(|end| *end >= start).ok_or_else(|| malformed("it is cut off in its gzip header"))?;
    file.seek(SeekFrom::Start(end))?;
    let mut checksum = [0; 4];
    file.read_exact(&mut checksum)?;
    Ok(Place { start, length: end - start, header: 0, deflated: true, checksum: Some(u32::from_le_bytes(checksum)) })
}

/// Bytes of a gzip header; None if it is none.
fn deflated_from(header: &[u8]) -> Option<usize> {
    let [_, _, 8, flags, ..] = header else { return None };
    let mut at = GZIP_LENGTH;
    if flags & 4 != 0 {
        at += 2 + usize::from(u16::from_le_bytes([*header.get(at)?, *header.get(at + 1)?]));
    }
    // A name and a comment, each up to a zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += 1 + header.get(at..)?.iter().position(|byte| *byte == 0)?;
        }
    }
    at += if flags & 2 != 0 { 2 } else { 0 };
    (at <= header.len()).then_some(at)
}

fn malformed(reason: &str) -> Fault {
    Fault::Header(reason.to_owned())
}
