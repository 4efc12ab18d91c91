//! The kinds of numbers that arrays are made of, as float32 or as labels.

use half::{bf16, f16};

/// In words.
pub(super) const ACCEPTED: &str = "float16, bfloat16, float32, float64, int8 to int64, uint8 to uint64 and bool";

/// What a number's bytes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Float,
    Brain,
    Signed,
    Unsigned,
    Bool,
}

/// A number in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    kind: Kind,
    /// Bytes: 1, 2, 4 or 8.
    size: usize,
    big_endian: bool,
}

impl Element {
    /// Of NumPy's `descr`, such as "<f4"; None where it is not accepted.
    pub fn of_numpy(descr: &str) -> Option<Self> {
        let big_endian = match descr.get(..1)? {
            ">" => true,
            "<" | "=" | "|" => false,
            _ => return None,
        };
        let (kind, size) = match descr.get(1..)? {
            "f2" => (Kind::Float, 2),
            "f4" => (Kind::Float, 4),
            "f8" => (Kind::Float, 8),
            "b1" => (Kind::Bool, 1),
            integer => {
                let kind = match integer.get(..1)? {
                    "i" => Kind::Signed,
                    "u" => Kind::Unsigned,
                    _ => return None,
                };
                (kind, ["1", "2", "4", "8"].iter().position(|size| integer.get(1..) == Some(size)).map(|power| 1 << power)?)
            }
        };
        Some(Self { kind, size, big_endian })
    }

    /// Of a safetensors dtype, such as "F32"; None where it is not accepted.
    pub fn of_safetensors(dtype: &str) -> Option<Self> {
        let (kind, size) = match dtype {
            "F16" => (Kind::Float, 2),
            "BF16" => (Kind::Brain, 2),
            "F32" => (Kind::Float, 4),
            "F64" => (Kind::Float, 8),
            "BOOL" => (Kind::Bool, 1),
            "I8" => (Kind::Signed, 1),
            "I16" => (Kind::Signed, 2),
            "I32" => (Kind::Signed, 4),
            "I64" => (Kind::Signed, 8),
            "U8" => (Kind::Unsigned, 1),
            "U16" => (Kind::Unsigned, 2),
            "U32" => (Kind::Unsigned, 4),
            "U64" => (Kind::Unsigned, 8),
            _ => return None,
        };
        Some(Self { kind, size, big_endian: false })
    }

    /// Its name in NumPy.
    pub fn name(self) -> String {
        let kind = match self.kind {
            Kind::Float => "float",
            Kind::Brain => "bfloat",
            Kind::Signed => "int",
            Kind::Unsigned => "uint",
            Kind::Bool => return "bool".to_owned(),
        };
        format!("{kind}{}", 8 * self.size)
    }

    /// Bytes of a number.
    pub fn size(self) -> usize {
        self.size
    }

    /// Whether it can be a label.
    pub fn is_integer(self) -> bool {
        matches!(self.kind, Kind::Signed | Kind::Unsigned | Kind::Bool)
    }

    /// Appends the numbers of `bytes`, rounded to float32.
    pub fn floats(self, bytes: &[u8], to: &mut Vec<f32>) {
        match (self.kind, self.size) {
            (Kind::Float, 2) => self.each(bytes, |bytes| to.push(f16::from_le_bytes(bytes).to_f32())),
            (Kind::Brain, _) => self.each(bytes, |bytes| to.push(bf16::from_le_bytes(bytes).to_f32())),
            (Kind::Float, 4) => self.each(bytes, |bytes| to.push(f32::from_le_bytes(bytes))),
            (Kind::Float, _) => self.each(bytes, |bytes| to.push(f64::from_le_bytes(bytes) as f32)),
            (Kind::Signed, _) => self.integers(bytes, |integer| to.push(integer as i64 as f32)),
            _ => self.integers(bytes, |integer| to.push(integer as f32)),
        }
    }

    /// Appends the integers of `bytes`.
    ///
    /// # Errors
    /// The index of the first that 64 bits with a sign cannot hold.
    pub fn labels(self, bytes: &[u8], to: &mut Vec<i64>) -> Result<(), usize> {
        let (mut at, mut too_large) = (0, None);
        self.integers(bytes, |integer| {
            if self.kind == Kind::Unsigned && integer > i64::MAX as u64 {
                too_large = too_large.or(Some(at));
            }
            to.push(integer as i64);
            at += 1;
        });
        too_large.map_or(Ok(()), Err)
    }

    /// Hands out numbers of `N` bytes, the least first.
    fn each<const N: usize>(self, bytes: &[u8], mut to: impl FnMut([u8; N])) {
        for &number in bytes.as_chunks().0 {
            let mut number: [u8; N] = number;
            if self.big_endian {
                number.reverse();
            }
            to(number);
        }
    }

    /// Hands out integers, widened to 64 bits with their sign.
    fn integers(self, bytes: &[u8], mut to: impl FnMut(u64)) {
        let unused = 64 - 8 * self.size;
        for number in bytes.chunks_exact(self.size) {
            let add = |integer: u64, byte: &u8| integer << 8 | u64::from(*byte);
            let integer = if self.big_endian { number.iter().fold(0, add) } else { number.iter().rev().fold(0, add) };
            to(match self.kind {
                Kind::Signed => ((integer << unused) as i64 >> unused) as u64,
                Kind::Bool => u64::from(integer != 0),
                _ => integer,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floats(descr: &str, bytes: &[u8]) -> Vec<f32> {
        let mut to = Vec::new();
        Element::of_numpy(descr).unwrap().floats(bytes, &mut to);
        to
    }

    #[test]
    fn numbers_of_every_kind_and_both_byte_orders() {
        assert_eq!(floats("<f2", &[0x00, 0x3e, 0x00, 0xfc]), [1.5, f32::NEG_INFINITY]);
        assert_eq!(floats(">f2", &[0x3e, 0x00]), [1.5]);
        assert_eq!(floats(">f4", &(-2.25f32).to_be_bytes()), [-2.25]);
        assert_eq!(floats("<f8", &0.1f64.to_le_bytes()), [0.1]);
        assert_eq!(floats(">f8", &1e300f64.to_be_bytes()), [f32::INFINITY]);
        assert_eq!(floats("|i1", &[0x80, 0xff, 0x7f]), [-128.0, -1.0, 127.0]);
        assert_eq!(floats("|u1", &[0x80, 0xff]), [128.0, 255.0]);
        assert_eq!(floats(">i2", &(-300i16).to_be_bytes()), [-300.0]);
        assert_eq!(floats("<u2", &65535u16.to_le_bytes()), [65535.0]);
        assert_eq!(floats("<i4", &(-70000i32).to_le_bytes()), [-70000.0]);
        assert_eq!(floats("<i8", &(-5i64).to_le_bytes()), [-5.0]);
        assert_eq!(floats("<u8", &u64::MAX.to_le_bytes()), [18446744073709551615.0]);
        assert_eq!(floats("|b1", &[0, 1, 7]), [0.0, 1.0, 1.0]);
        let mut to = Vec::new();
        Element::of_safetensors("BF16").unwrap().floats(&[0xc0, 0x3f], &mut to);
        assert_eq!(to, [1.5]);
    }

    #[test]
    fn labels_keep_all_their_digits() {
        let labels = |descr, bytes: &[u8]| {
            let mut to = Vec::new();
            Element::of_numpy(descr).unwrap().labels(bytes, &mut to).map(|()| to)
        };
        assert_eq!(labels("<i8", &i64::MIN.to_le_bytes()), Ok(vec![i64::MIN]));
        assert_eq!(labels(">u4", &u32::MAX.to_be_bytes()), Ok(vec![i64::from(u32::MAX)]));
        assert_eq!(labels("<u8", &[1u64.to_le_bytes(), u64::MAX.to_le_bytes()].concat()), Err(1));
    }

    #[test]
    fn other_kinds_are_none() {
        for descr in ["", "<", "f4", "<f", "<f3", "<f16", "|O", "<c8", "<U4", "|S3", "<M8[ns]", "|V8", "<i3", "é4", "<é", "<i16"] {
            assert_eq!(Element::of_numpy(descr), None, "{descr}");
        }
        assert_eq!(Element::of_safetensors("F8_E4M3"), None);
    }
}
