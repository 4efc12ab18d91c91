//! Files of features, written by hand so that they can be wrong.

use flate2::Crc;
use flate2::write::DeflateEncoder;
use std::io::Write;

/// An npy file of version 1: the header's text as it is given, and what follows.
pub fn npy_of(header: &str, data: &[u8]) -> Vec<u8> {
    let mut file = b"\x93NUMPY\x01\0".to_vec();
    file.extend_from_slice(&(header.len() as u16).to_le_bytes());
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(data);
    file
}

/// An npy file.
pub fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let fortran = if fortran { "True" } else { "False" };
    npy_of(&format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n"), data)
}

/// An npy file of float32.
pub fn floats(shape: &str, data: &[f32]) -> Vec<u8> {
    npy("<f4", false, shape, &f32_bytes(data))
}

/// An npy file of bytes as labels.
pub fn labels(data: &[u8]) -> Vec<u8> {
    npy("|u1", false, &format!("({},)", data.len()), data)
}

pub fn f32_bytes(data: &[f32]) -> Vec<u8> {
    data.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// An entry of an archive, each field of which may lie.
#[derive(Clone)]
pub struct Entry {
    pub name: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub checksum: u32,
    pub size: u32,
    pub packed: Vec<u8>,
}

impl Entry {
    pub fn stored(name: &str, content: &[u8]) -> Self {
        let mut crc = Crc::new();
        crc.update(content);
        let (checksum, size) = (crc.sum(), content.len() as u32);
        Self { name: name.as_bytes().to_vec(), flags: 0, method: 0, checksum, size, packed: content.to_vec() }
    }

    pub fn deflated(name: &str, content: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(content).unwrap();
        Self { method: 8, packed: encoder.finish().unwrap(), ..Self::stored(name, content) }
    }
}

/// An npz file.
pub fn npz(entries: &[Entry]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let start = file.len() as u32;
        let sizes = [entry.checksum, entry.packed.len() as u32, entry.size].map(u32::to_le_bytes).concat();
        let common = [&[20, 0][..], &entry.flags.to_le_bytes(), &entry.method.to_le_bytes(), &[0; 4], &sizes].concat();
        let name = (entry.name.len() as u16).to_le_bytes();
        file.extend([b"PK\x03\x04", &common[..], &name, &[0; 2], &entry.name, &entry.packed].concat());
        directory.extend([b"PK\x01\x02\x14\0", &common[..], &name, &[0; 12], &start.to_le_bytes(), &entry.name].concat());
    }
    let (count, start) = ((entries.len() as u16).to_le_bytes(), file.len() as u32);
    file.extend_from_slice(&directory);
    file.extend(
        [b"PK\x05\x06", &[0; 4][..], &count, &count, &(directory.len() as u32).to_le_bytes(), &start.to_le_bytes(), &[0; 2]].concat(),
    );
    file
}

/// A safetensors file.
pub fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}
