//! The classes' marks: a second code beside the colour.

use super::backend::{Drawn, Typesetting};
use super::pen::{Pen, Point};
use plotters::style::{Color, RGBColor};
use plotters_backend::DrawingBackend;

/// Half the width of a plus's arms, in its radius.
const ARM: f64 = 0.36;

/// Points around the origin, `radius(i)` away from it, the first one `turn` degrees clockwise from the top.
fn around(count: u32, turn: f64, radius: impl Fn(u32) -> f64) -> Vec<Point> {
    let point = |i| {
        let (sin, cos) = libm::sincos((turn + 360.0 * f64::from(i) / f64::from(count)).to_radians());
        (radius(i) * sin, -radius(i) * cos)
    };
    (0..count).map(point).collect()
}

/// A plus, turned by `turn` degrees.
fn plus(turn: f64) -> Vec<Point> {
    let (sin, cos) = libm::sincos(turn.to_radians());
    let corners = [(ARM, -1.0), (ARM, -ARM), (1.0, -ARM), (1.0, ARM), (ARM, ARM), (ARM, 1.0)];
    let half = corners.into_iter().chain(corners.map(|(x, y)| (-x, -y)));
    half.map(|(x, y)| (x * cos - y * sin, x * sin + y * cos)).collect()
}

/// The outline of a class's mark in a circle of radius 1, in Fashion-MNIST's order; none for the disc.
fn outline(class: usize) -> Option<Vec<Point>> {
    Some(match class % 10 {
        0 => return None,
        1 => vec![(-0.45, -1.0), (0.45, -1.0), (0.45, 1.0), (-0.45, 1.0)],
        2 => around(4, 45.0, |_| 1.15),
        3 => around(3, 0.0, |_| 1.15),
        4 => around(4, 0.0, |_| 1.15),
        5 => plus(45.0),
        6 => plus(0.0),
        7 => around(3, 180.0, |_| 1.15),
        8 => around(6, 0.0, |_| 1.0),
        _ => around(10, 0.0, |i| if i % 2 == 0 { 1.2 } else { 0.5 }),
    })
}

impl<B: DrawingBackend, T: Typesetting> Pen<'_, B, T> {
    /// The mark of a class.
    pub fn mark(&self, class: usize, (x, y): Point, radius: f64, color: RGBColor) -> Drawn<B> {
        match outline(class) {
            None => self.disc((x, y), radius, color),
            Some(points) => {
                let points: Vec<_> = points.iter().map(|(dx, dy)| (x + radius * dx, y + radius * dy)).collect();
                self.area(&points, color.to_rgba())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_classes_have_ten_marks_of_one_size() {
        let marks: Vec<_> = (0..10).map(outline).collect();
        for (class, mark) in marks.iter().enumerate() {
            assert!(!marks[..class].contains(mark), "class {class} looks like another one");
            let reach = mark.iter().flatten().map(|(x, y)| x.hypot(*y)).fold(0.0, f64::max);
            assert!(mark.is_none() || (0.9..=1.25).contains(&reach), "class {class} reaches {reach}");
        }
    }
}
