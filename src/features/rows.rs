//! The rows of an array, some at a time, as rows of a layer in float32.

use super::ReadSeek;
use super::array::{Array, Layout, Spatial};
use super::element::Element;
use super::error::{Fault, FeatureError};
use super::file::FeatureFile;
use super::layer::finite;
use super::stream::Stream;
use std::io::{Read, SeekFrom};

/// Bytes that are read in one go.
const BLOCK: usize = 1 << 18;

/// The rows of an array, some at a time, as rows of a layer in float32.
pub struct Rows<'a> {
    array: &'a Array,
    name: &'a str,
    element: Element,
    layout: Layout,
    source: Source<'a>,
    /// The next row.
    at: usize,
}

/// Where the numbers come from.
enum Source<'a> {
    /// One after the other.
    Stream(Option<Stream<'a>>),
    /// Column by column, each from the file where it is: a part of an array in Fortran order.
    Columns(&'a mut dyn ReadSeek),
}

impl FeatureFile {
    /// The rows of an array, in C order, from the first.
    ///
    /// # Errors
    /// If it is no layer (see [`Array::layout`]), or the file cannot be read.
    pub fn rows(&mut self, array: usize, spatial: Spatial) -> Result<Rows<'_>, FeatureError> {
        self.check_rows(array, spatial).map_err(|fault| self.error(array, fault))?;
        let (array, name, file) = self.split(array);
        Rows::open(array, name, file, spatial).map_err(|fault| fault.of(name, Some(&array.name)))
    }

    fn check_rows(&self, array: usize, spatial: Spatial) -> Result<(), Fault> {
        self.arrays().get(array).ok_or(Fault::NoSuchArray)?.layout(spatial).map(|_| ())
    }
}

impl<'a> Rows<'a> {
    fn open(array: &'a Array, name: &'a str, file: &'a mut dyn ReadSeek, spatial: Spatial) -> Result<Self, Fault> {
        let (element, layout) = (array.element.clone()?, array.layout(spatial)?);
        let source = if array.fortran && !array.place.deflated {
            Source::Columns(file)
        } else {
            let mut stream = Stream::open(file, &array.place)?;
            std::io::copy(&mut (&mut stream).take(array.place.header), &mut std::io::sink())?;
            Source::Stream(Some(stream))
        };
        Ok(Self { array, name, element, layout, source, at: 0 })
    }

    /// How they become rows of a layer.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Whether they can only be had all in one go: deflated and in Fortran order.
    pub fn only_whole(&self) -> bool {
        self.array.fortran && self.array.place.deflated
    }

    /// An error of this array.
    fn error(&self, fault: Fault) -> FeatureError {
        fault.of(self.name, Some(&self.array.name))
    }

    /// Appends the next `count` rows `[count x d]`, fewer at the end; returns how many there were. Where they can only be had whole
    /// ([`Self::only_whole`]) they all come.
    ///
    /// # Errors
    /// If they are not there, or one is not finite; the message names it.
    pub fn next(&mut self, count: usize, to: &mut Vec<f32>) -> Result<usize, FeatureError> {
        let left = self.layout.points - self.at;
        let count = if self.only_whole() { left } else { count.min(left) };
        let before = to.len();
        self.read(count, to).map_err(|fault| self.error(fault))?;
        finite(&to[before..], self.layout.columns, self.at).map_err(|fault| self.error(fault))?;
        self.at += count;
        Ok(count)
    }

    fn read(&mut self, count: usize, to: &mut Vec<f32>) -> Result<(), Fault> {
        if count == 0 {
            return Ok(());
        }
        let room = count.checked_mul(self.layout.columns).ok_or(Fault::Memory(u64::MAX))?;
        to.try_reserve(room).map_err(|_| Fault::Memory(4 * room as u64))?;
        if self.array.fortran { self.columns(count, to) } else { self.in_order(count, to) }?;
        match &mut self.source {
            Source::Stream(stream) if self.at + count == self.layout.points => {
                stream.take().map_or(Ok(()), |stream| stream.end(self.array.bytes))
            }
            _ => Ok(()),
        }
    }

    /// Rows as they follow each other.
    fn in_order(&mut self, count: usize, to: &mut Vec<f32>) -> Result<(), Fault> {
        let (layout, mut number) = (self.layout, 0);
        let mut sums = vec![0.0; if layout.averaged > 1 { layout.columns } else { 0 }];
        self.numbers(0, count * layout.numbers, &mut |floats| {
            if layout.averaged == 1 {
                to.extend_from_slice(floats);
                return;
            }
            for &float in floats {
                sums[layout.column(number)] += f64::from(float);
                number += 1;
                if number == layout.numbers {
                    to.extend(sums.iter().map(|sum| (sum / layout.averaged as f64) as f32));
                    sums.fill(0.0);
                    number = 0;
                }
            }
        })
    }

    /// Rows of which each column follows the one before.
    fn columns(&mut self, count: usize, to: &mut Vec<f32>) -> Result<(), Fault> {
        let layout = self.layout;
        let room = if layout.averaged > 1 { count * layout.columns } else { 0 };
        let mut sums: Vec<f64> = Vec::new();
        sums.try_reserve_exact(room).map_err(|_| Fault::Memory(8 * room as u64))?;
        sums.resize(room, 0.0);
        let before = to.len();
        to.resize(before + count * layout.columns, 0.0);
        for number in 0..layout.numbers {
            let column = layout.column(self.in_c_order(number));
            let mut at = column;
            self.numbers(number * layout.points + self.at, count, &mut |floats| {
                for &float in floats {
                    if layout.averaged > 1 {
                        sums[at] += f64::from(float)
                    } else {
                        to[before + at] = float
                    }
                    at += layout.columns;
                }
            })?;
        }
        to[before..].iter_mut().zip(&sums).for_each(|(to, sum)| *to = (sum / layout.averaged as f64) as f32);
        Ok(())
    }

    /// The number of a point, in C order, that is `number` in Fortran order.
    fn in_c_order(&self, number: usize) -> usize {
        let (mut left, mut step, mut index) = (number, self.layout.numbers, 0);
        for &size in &self.array.shape[1..] {
            step /= size;
            index += left % size * step;
            left /= size;
        }
        index
    }

    /// Hands out `count` numbers in blocks: the next ones of a stream, or those from number `from` of the file.
    fn numbers(&mut self, from: usize, count: usize, to: &mut dyn FnMut(&[f32])) -> Result<(), Fault> {
        let (size, place) = (self.element.size(), self.array.place);
        if let Source::Columns(file) = &mut self.source {
            file.seek(SeekFrom::Start(place.start + place.header + from as u64 * size as u64))?;
        }
        let (mut bytes, mut floats) = (vec![0; BLOCK.min(count.saturating_mul(size))], Vec::new());
        let mut left = count;
        while left > 0 {
            let block = left.min(BLOCK / size);
            let bytes = &mut bytes[..block * size];
            match &mut self.source {
                Source::Stream(Some(stream)) => stream.read_exact(bytes),
                Source::Stream(None) => Err(std::io::ErrorKind::UnexpectedEof.into()),
                Source::Columns(file) => file.read_exact(bytes),
            }
            .map_err(|error| if place.deflated { Fault::Compressed(error.to_string()) } else { error.into() })?;
            floats.clear();
            self.element.floats(bytes, &mut floats);
            to(&floats);
            left -= block;
        }
        Ok(())
    }
}
