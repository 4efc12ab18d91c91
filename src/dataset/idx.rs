//! IDX, the format of MNIST's files: a big-endian header, then bytes. <http://yann.lecun.com/exdb/mnist/>

/// Header word of a file of labels: unsigned bytes in one dimension.
const LABELS: u32 = 0x0801;
/// Header word of a file of grey images: unsigned bytes in three dimensions.
const IMAGES: u32 = 0x0803;

/// Why bytes are not an IDX file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdxError {
    /// Another format.
    #[error("it starts with {found:#010x}; an IDX file of {kind} starts with {expected:#010x}")]
    Magic {
        /// What the file should hold.
        kind: &'static str,
        /// The first four bytes.
        found: u32,
        /// What they should be.
        expected: u32,
    },
    /// Cut off, or followed by something else.
    #[error("it has {has} bytes; its header asks for {expected}")]
    Length {
        /// Length that the header promises, or of the header itself.
        expected: u64,
        /// Length of the file.
        has: usize,
    },
}

/// Grey images, one byte a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Images<'a> {
    /// Number of images.
    pub count: usize,
    /// Pixels from top to bottom.
    pub rows: usize,
    /// Pixels from left to right.
    pub columns: usize,
    /// `[count x rows x columns]`, row-major, 0 black to 255 white.
    pub pixels: &'a [u8],
}

/// Reads a file of images.
///
/// # Errors
/// If `bytes` start otherwise, or are not as long as their header says.
pub fn read_images(bytes: &[u8]) -> Result<Images<'_>, IdxError> {
    let ([count, rows, columns], pixels) = read(bytes, "images", IMAGES)?;
    Ok(Images { count, rows, columns, pixels })
}

/// Reads a file of labels.
///
/// # Errors
/// If `bytes` start otherwise, or are not as long as their header says.
pub fn read_labels(bytes: &[u8]) -> Result<&[u8], IdxError> {
    read::<1>(bytes, "labels", LABELS).map(|(_, labels)| labels)
}

/// The sizes in the header, and what follows it.
fn read<'a, const DIMENSIONS: usize>(bytes: &'a [u8], kind: &'static str, magic: u32) -> Result<([usize; DIMENSIONS], &'a [u8]), IdxError> {
    let header = 4 + 4 * DIMENSIONS;
    let length = |expected| IdxError::Length { expected, has: bytes.len() };
    let word = |i| bytes.get(4 * i..4 * i + 4).map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]));

    let found = word(0).ok_or(length(header as u64))?;
    if found != magic {
        return Err(IdxError::Magic { kind, found, expected: magic });
    }
    let mut sizes = [0; DIMENSIONS];
    // A garbled header may promise more than any number holds: that, too, is only a wrong length.
    let mut expected = 1u64;
    for (i, size) in sizes.iter_mut().enumerate() {
        let word = word(i + 1).ok_or(length(header as u64))?;
        *size = word as usize;
        expected = expected.saturating_mul(u64::from(word));
    }
    let expected = expected.saturating_add(header as u64);
    if bytes.len() as u64 != expected {
        return Err(length(expected));
    }
    Ok((sizes, &bytes[header..]))
}

/// Writes a file of images.
///
/// # Panics
/// If `pixels` are not `count` x `rows` x `columns`, or a size does not fit in 32 bits.
pub fn write_images(images: Images<'_>) -> Vec<u8> {
    assert_eq!(images.pixels.len(), images.count * images.rows * images.columns);
    write(IMAGES, &[images.count, images.rows, images.columns], images.pixels)
}

/// Writes a file of labels.
///
/// # Panics
/// If there are 2^32 labels or more.
pub fn write_labels(labels: &[u8]) -> Vec<u8> {
    write(LABELS, &[labels.len()], labels)
}

fn write(magic: u32, sizes: &[usize], content: &[u8]) -> Vec<u8> {
    let sizes = sizes.iter().map(|&size| u32::try_from(size).expect("IDX sizes have 32 bits"));
    let header = std::iter::once(magic).chain(sizes).flat_map(u32::to_be_bytes);
    header.chain(content.iter().copied()).collect()
}

/// Whether `bytes` are gzipped. Some servers decompress a .gz file on its way to the browser, so its name does not tell.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Images = Images { count: 2, rows: 1, columns: 3, pixels: &[1, 2, 3, 4, 5, 6] };

    #[test]
    fn what_is_written_can_be_read() {
        assert_eq!(read_images(&write_images(TWO)), Ok(TWO));
        assert_eq!(read_labels(&write_labels(&[9, 0, 7])), Ok(&[9, 0, 7][..]));
        assert_eq!(write_labels(&[7]), [0, 0, 8, 1, 0, 0, 0, 1, 7]);
    }

    #[test]
    fn another_format_is_named_by_its_first_bytes() {
        let error = read_images(&write_labels(&[1, 2])).unwrap_err();
        assert_eq!(error.to_string(), "it starts with 0x00000801; an IDX file of images starts with 0x00000803");
        assert!(matches!(read_labels(b"\x1f\x8b\x08\0 gzip"), Err(IdxError::Magic { found: 0x1f8b0800, .. })));
    }

    #[test]
    fn every_truncation_is_an_error() {
        let whole = write_images(TWO);
        for length in 0..whole.len() {
            let expected = if length < 16 { 16 } else { 22 };
            assert_eq!(read_images(&whole[..length]), Err(IdxError::Length { expected, has: length }));
        }
        let trailing = [whole, vec![0]].concat();
        assert_eq!(read_images(&trailing), Err(IdxError::Length { expected: 22, has: 23 }));
    }

    #[test]
    fn a_header_that_promises_more_than_a_number_holds_is_an_error() {
        let mut garbled = write_images(TWO);
        garbled[4..16].fill(0xff);
        assert_eq!(read_images(&garbled), Err(IdxError::Length { expected: u64::MAX, has: 22 }));
    }

    #[test]
    fn gzip_shows_in_the_first_two_bytes() {
        assert!(is_gzip(&[0x1f, 0x8b, 8]));
        assert!(!is_gzip(&write_labels(&[1])) && !is_gzip(&[0x1f]) && !is_gzip(&[]));
    }
}
