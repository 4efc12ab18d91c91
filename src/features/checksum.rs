//! CRC-32 as zip archives have it (ISO 3309, reflected).
//!
//! Eight bytes a step, by tables that are made when they are needed: those of the crc32fast crate, which come ready-made, would add 16 KB to
//! the worker's module, and nothing packs them.

/// The polynomial, its bits reversed.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The checksum of bytes that come in parts.
pub(super) struct Checksum {
    /// What a byte, followed by so many zeros, does to the state.
    tables: Box<[[u32; 256]; 8]>,
    state: u32,
}

impl Checksum {
    pub fn new() -> Self {
        let mut tables = Box::new([[0; 256]; 8]);
        for byte in 0..256 {
            let shift = |state: u32| state >> 1 ^ if state & 1 == 1 { POLYNOMIAL } else { 0 };
            tables[0][byte] = (0..8).fold(byte as u32, |state, _| shift(state));
        }
        for zeros in 1..8 {
            for byte in 0..256 {
                let before = tables[zeros - 1][byte];
                tables[zeros][byte] = before >> 8 ^ tables[0][(before & 0xff) as usize];
            }
        }
        Self { tables, state: u32::MAX }
    }

    pub fn add(&mut self, bytes: &[u8]) {
        let tables = &self.tables;
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            let state = self.state.to_le_bytes();
            let mixed = |at: usize| usize::from(eight[at] ^ state.get(at).copied().unwrap_or(0));
            self.state = (0..8).fold(0, |sum, at| sum ^ tables[7 - at][mixed(at)]);
        }
        for &byte in rest {
            self.state = self.state >> 8 ^ tables[0][usize::from(self.state as u8 ^ byte)];
        }
    }

    pub fn sum(&self) -> u32 {
        !self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_flate2_in_whatever_parts_the_bytes_come() {
        let bytes: Vec<u8> = (0..1000_u32).map(|i| ((i * i) >> 3) as u8).collect();
        let mut oracle = flate2::Crc::new();
        oracle.update(&bytes);
        for part in [1, 7, 8, 9, 1000] {
            let mut checksum = Checksum::new();
            bytes.chunks(part).for_each(|part| checksum.add(part));
            assert_eq!(checksum.sum(), oracle.sum(), "{part} bytes a part");
        }
        // The check value of the catalogue of CRC algorithms.
        let mut check = Checksum::new();
        check.add(b"123456789");
        assert_eq!(check.sum(), 0xcbf4_3926);
    }
}
