//! Each class's own curve, D_k over the layers.

use super::super::spread::spread;
use super::{DecayCurve, DrawingBackend, Drawn, Frame, Label, Pen, Typesetting, pieces};

/// The curve of one class.
#[derive(Clone, Copy, Debug)]
pub struct ClassCurve<'a> {
    /// The class in the dataset: its colour and mark.
    pub class: usize,
    /// Its name.
    pub name: &'a str,
    /// D_k by layer.
    pub fuzziness: &'a [Option<f64>],
}

/// Radius of a class's mark, CSS px.
const MARK: f64 = 4.5;

/// A name at the end of a curve.
struct End<'a> {
    y: f64,
    name: &'a str,
    class: Option<usize>,
}

impl DecayCurve<'_> {
    pub(super) fn class_curves<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        for curve in self.classes {
            let color = pen.theme.classes[curve.class % pen.theme.classes.len()];
            let points = frame.points(curve.fuzziness);
            for piece in pieces(&points, frame.ends()) {
                pen.line(&piece, color, 1.5)?;
            }
            for point in frame.shown(&points) {
                pen.mark(curve.class, point, MARK.min(frame.disc), color)?;
            }
        }
        Ok(())
    }

    /// The names of all curves in a column at their ends, each as near to its own as the others let it.
    pub(super) fn class_names<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        let end = |fuzziness: &[Option<f64>]| frame.shown(&frame.points(fuzziness)).last().map(|&(_, y)| y);
        let splits = [(self.train, self.labels.training), (self.test, self.labels.test)];
        let splits = splits.into_iter().filter_map(|(split, name)| Some(End { y: end(&split?.fuzziness)?, name, class: None }));
        let classes = self.classes.iter().filter_map(|c| Some(End { y: end(c.fuzziness)?, name: c.name, class: Some(c.class) }));
        let mut ends: Vec<End> = Vec::new();
        for end in splits.chain(classes) {
            ends.insert(ends.partition_point(|before| before.y <= end.y), end);
        }
        let size = frame.small;
        // Closer where there are more names than room.
        let gap = (1.15 * size).min((frame.bottom - frame.top) / (ends.len() as f64 - 1.0).max(1.0));
        let places = spread(&ends.iter().map(|end| end.y).collect::<Vec<_>>(), gap, (frame.top, frame.bottom));
        // Where the longest of them ends: a curve that is compared with may go on.
        let own = [self.train, self.test].into_iter().flatten().map(|split| split.fuzziness.len());
        let longest = own.chain(self.classes.iter().map(|curve| curve.fuzziness.len())).max().unwrap_or_default().min(self.layers);
        let x = frame.x(longest as f64 - 1.0) + 15.0;
        for (end, y) in ends.iter().zip(places) {
            let label = Label::new(end.name, size, pen.theme.ink2).halo();
            let label = if end.class.is_none() { label.bold() } else { label };
            if let Some(class) = end.class {
                pen.mark(class, (x, y), MARK, pen.theme.classes[class % pen.theme.classes.len()])?;
            }
            let indent = if end.class.is_some() { 9.0 } else { -MARK };
            pen.text((x + indent, y + 0.35 * size), &label)?;
        }
        Ok(())
    }
}
