//! The header of NumPy's .npy format, versions 1 to 3.
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
//!
//! A reader of one line of Python instead of a crate: npyz would add 84 KB (gzip) to the worker's module for its grammar of Python.

use super::array::{Array, Place};
use super::element::Element;
use super::error::Fault;
use std::io::Read;

/// What an npy file begins with.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
/// Most bytes of the text in a header, NumPy's own limit.
const MOST_OF_HEADER: u64 = 10_000;

/// Reads the header of an array from `file`; where its numbers begin is put into `place`.
///
/// # Errors
/// If it is none, or none that can be trusted.
pub(super) fn read(file: &mut dyn Read, name: String, place: Place) -> Result<Array, Fault> {
    let bytes = |count: usize, file: &mut dyn Read| {
        let mut bytes = vec![0; count];
        file.read_exact(&mut bytes).map_err(|_| malformed("it is cut off")).map(|()| bytes)
    };
    let start = bytes(8, file)?;
    if !start.starts_with(MAGIC) {
        return Err(malformed("it does not begin as .npy files do"));
    }
    let width = match start[6] {
        1 => 2,
        2 | 3 => 4,
        _ => return Err(malformed("its version is none of 1, 2 and 3")),
    };
    let length = bytes(width, file)?.iter().rev().fold(0, |length, &byte| length << 8 | u64::from(byte));
    if length > MOST_OF_HEADER {
        return Err(Fault::HeaderLength { bytes: length, most: MOST_OF_HEADER });
    }
    let text = bytes(length as usize, file)?;
    let text = str::from_utf8(&text).map_err(|_| malformed("its text is not UTF-8"))?;
    let Header { descr, fortran, shape } = parse(text).ok_or_else(|| malformed("it is no dictionary of descr, fortran_order and shape"))?;
    let (dtype, element) = match descr {
        Some(descr) => (descr, Element::of_numpy(descr)),
        None => ("structured", None),
    };
    let header = 8 + width as u64 + length;
    let array = Array::new(name, in_words(dtype), element, &shape, fortran, Place { header, ..place })?;
    Ok(array)
}

/// The dtypes that people come with, in words.
fn in_words(descr: &str) -> &str {
    match descr {
        "|O" => "object",
        "<c8" | ">c8" => "complex64",
        "<c16" | ">c16" => "complex128",
        other => other,
    }
}

fn malformed(reason: &str) -> Fault {
    Fault::Header(reason.to_owned())
}

/// The dictionary.
#[derive(Debug, PartialEq)]
struct Header<'a> {
    /// None for a structured dtype.
    descr: Option<&'a str>,
    fortran: bool,
    shape: Vec<u64>,
}

/// Of the text of a header; None if it has not all three keys once, or something else.
fn parse(text: &str) -> Option<Header<'_>> {
    let mut text = Text(text);
    let (mut descr, mut fortran, mut shape) = (None, None, None);
    text.skip("{")?;
    while text.skip("}").is_none() {
        let key = text.string()?;
        text.skip(":")?;
        let again = match key {
            "descr" => descr.replace(if text.0.starts_with('[') { text.list().map(|()| None) } else { text.string().map(Some) }?).is_some(),
            "fortran_order" => fortran.replace(text.boolean()?).is_some(),
            "shape" => shape.replace(text.tuple()?).is_some(),
            _ => return None,
        };
        if again || (text.skip(",").is_none() && !text.0.starts_with('}')) {
            return None;
        }
    }
    text.0.is_empty().then_some(Header { descr: descr?, fortran: fortran?, shape: shape? })
}

/// What is left of a text; white space after each piece is skipped.
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    fn skip(&mut self, piece: &str) -> Option<()> {
        self.0 = self.0.trim_ascii_start().strip_prefix(piece)?.trim_ascii_start();
        Some(())
    }

    fn string(&mut self) -> Option<&'a str> {
        let quote = self.0.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let (string, rest) = self.0[1..].split_once(quote)?;
        self.0 = rest.trim_ascii_start();
        Some(string)
    }

    fn boolean(&mut self) -> Option<bool> {
        self.skip("True").map(|()| true).or_else(|| self.skip("False").map(|()| false))
    }

    /// Sizes in parentheses, as Python 2 wrote them too: (3L, 4L).
    fn tuple(&mut self) -> Option<Vec<u64>> {
        self.skip("(")?;
        let mut sizes = Vec::new();
        while self.skip(")").is_none() {
            let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
            sizes.push(self.0[..digits].parse().ok()?);
            self.0 = &self.0[digits..];
            self.0 = self.0.strip_prefix('L').unwrap_or(self.0);
            if self.skip(",").is_none() && !self.0.trim_ascii_start().starts_with(')') {
                return None;
            }
        }
        Some(sizes)
    }

    /// A list of whatever: where it ends.
    fn list(&mut self) -> Option<()> {
        let (mut depth, mut quote) = (0_usize, None);
        for (at, c) in self.0.char_indices() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(c),
                (None, '[') => depth += 1,
                (None, ']') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.0 = self.0[at + c.len_utf8()..].trim_ascii_start();
                return Some(());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_numpy_writes_them() {
        let parsed = |text| parse(text).unwrap();
        let header = parsed("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }          \n");
        assert_eq!(header, Header { descr: Some("<f4"), fortran: false, shape: vec![3, 4] });
        assert_eq!(parsed("{\"shape\":(3L,),'descr':'|O','fortran_order':True}").shape, [3]);
        assert_eq!(parsed("{'descr': '<f8', 'fortran_order': False, 'shape': ()}").shape, [0; 0]);
        assert_eq!(parsed("{'descr': [('a]', '<f4'), ('b', [('c', '<i4')])], 'fortran_order': False, 'shape': (2,), }").descr, None);
    }

    #[test]
    fn anything_else_is_none() {
        let rest = "'fortran_order': False, 'shape': (3, 4)}";
        for text in [
            "",
            "{",
            "{}",
            "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)} exit()",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 4)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3.5, 4)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 4)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3 4)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4",
            "{'descr': '<f4', 'fortran_order': None, 'shape': (3, 4)}",
            "{'descr': '<f4' 'fortran_order': False, 'shape': (3, 4)}",
            "{'é': 1}",
            &format!("{{'descr': {}, {rest}", "[".repeat(5000)),
            &format!("{{'descr': '<f4, {rest}"),
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
