//! The header of the safetensors format: a length, then JSON. <https://huggingface.co/docs/safetensors>
//!
//! By serde_json, as everything here that is JSON: the safetensors crate wants the whole file in memory to tell what is in it, and would add
//! 38 KB (gzip) to the worker's module.

use super::ReadSeek;
use super::array::{Array, Place};
use super::element::Element;
use super::error::{Fault, FeatureError, clean};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::io::SeekFrom;

/// Most bytes of a header: a hundred thousand arrays.
const MOST_OF_HEADER: u64 = 1 << 24;

/// Whether a file that begins so is of this format.
pub(super) fn is(start: &[u8]) -> bool {
    start.get(8) == Some(&b'{')
}

/// Reads the header of each array, in the order of their bytes.
///
/// # Errors
/// If the header is malformed, or the arrays in it do not cover the file's bytes, each its own.
pub(super) fn read(file: &mut dyn ReadSeek, name: &str, length: u64) -> Result<Vec<Array>, FeatureError> {
    let whole = |fault: Fault| fault.of(name, None);
    let (header, start) = header(file, length).map_err(whole)?;
    let Entries(mut entries) = serde_json::from_slice(&header).map_err(|error| whole(Fault::Header(error.to_string())))?;
    entries.sort_by_key(|(_, entry)| entry.data_offsets);
    let mut end = 0;
    let mut arrays = Vec::with_capacity(entries.len());
    for (array, Entry { dtype, shape, data_offsets: (from, to) }) in entries {
        let array = clean(&array);
        let of_array = |fault: Fault| fault.of(name, Some(&array));
        let data = length - start;
        if from != end || to < from || to > data {
            let reason = format!("its bytes {from} to {to} must begin at {end} and end within the {data} that the file has");
            return Err(of_array(Fault::Header(reason)));
        }
        end = to;
        let place = Place { start: start + from, length: to - from, header: 0, deflated: false, checksum: None };
        let found = Array::new(array.clone(), &dtype, Element::of_safetensors(&dtype), &shape, false, place).map_err(of_array)?;
        if found.element.is_ok() && found.bytes != to - from {
            return Err(of_array(Fault::Length { expected: found.bytes, has: to - from }));
        }
        arrays.push(found);
    }
    if end != length - start {
        return Err(whole(Fault::Length { expected: end, has: length - start }));
    }
    Ok(arrays)
}

/// The JSON, and where what follows it begins.
fn header(file: &mut dyn ReadSeek, length: u64) -> Result<(Vec<u8>, u64), Fault> {
    let mut size = [0; 8];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut size)?;
    let size = u64::from_le_bytes(size);
    if size > MOST_OF_HEADER {
        return Err(Fault::HeaderLength { bytes: size, most: MOST_OF_HEADER });
    }
    if size + 8 > length {
        return Err(Fault::Header("it is longer than the file: the file is cut off".to_owned()));
    }
    let mut header = vec![0; size as usize];
    file.read_exact(&mut header)?;
    Ok((header, size + 8))
}

/// An array in the header.
#[derive(serde::Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

/// The arrays of a header, without `__metadata__`.
struct Entries(Vec<(String, Entry)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;

            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("an object of arrays")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        map.next_value::<IgnoredAny>()?;
                    } else {
                        entries.push((name, map.next_value()?));
                    }
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
