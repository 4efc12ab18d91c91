//! How the numbers of an array are pixels.

/// Longest side of an image that is read.
const MOST_READ: usize = 1024;

/// How the numbers of an image are its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    pub rows: usize,
    pub columns: usize,
    /// 1 is grey, 3 colour, 4 colour and opacity, which is left out.
    pub channels: usize,
    /// Whether the channels come one after the other, [channels, rows, columns], instead of together at each pixel.
    planar: bool,
}

impl Grid {
    /// Of an array's shape: [n, rows, columns], [n, rows, columns, channels] or [n, channels, rows, columns]. None if it has no images.
    pub fn of(shape: &[usize]) -> Option<Self> {
        let channels = |count: usize| matches!(count, 1 | 3 | 4);
        match *shape {
            [_, rows, columns] => Some(Self { rows, columns, channels: 1, planar: false }),
            [_, rows, columns, count] if channels(count) => Some(Self { rows, columns, channels: count, planar: false }),
            [_, count, rows, columns] if channels(count) => Some(Self { rows, columns, channels: count, planar: true }),
            _ => None,
        }
    }

    /// "28 x 28 pixels".
    pub fn size(&self) -> String {
        format!("{} x {} pixels", self.rows, self.columns)
    }

    /// Whether it is one of an image that is read.
    pub fn accepted(&self) -> bool {
        [self.rows, self.columns].iter().all(|side| (2..=MOST_READ).contains(side))
    }

    /// The side of the square in the middle.
    pub fn square(&self) -> usize {
        self.rows.min(self.columns)
    }

    /// The grey square in the middle of an image `[rows x columns x channels]` of values 0 to 255. Colour becomes grey as in Pillow's "L".
    pub fn grey(&self, image: &[u8]) -> Vec<u8> {
        let (side, pixels) = (self.square(), self.rows * self.columns);
        let (top, left) = ((self.rows - side) / 2, (self.columns - side) / 2);
        let at = |pixel: usize, channel: usize| {
            u32::from(if self.planar { image[channel * pixels + pixel] } else { image[pixel * self.channels + channel] })
        };
        let grey = |pixel: usize| match self.channels {
            1 => image[pixel],
            _ => ((19595 * at(pixel, 0) + 38470 * at(pixel, 1) + 7471 * at(pixel, 2) + 0x8000) >> 16) as u8,
        };
        (top..top + side).flat_map(|row| (left..left + side).map(move |column| row * self.columns + column)).map(grey).collect()
    }
}
