//! Curves beside the run's: runs before it, the one that it is compared with, and what the reader expects.

use super::{DecayCurve, DrawingBackend, Drawn, Frame, Ghost, Kind, Label, Pen, Place, Typesetting, ln, pieces};

impl DecayCurve<'_> {
    /// Draws `other`, with its name where `named` leaves room.
    pub(super) fn beside<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        frame: &Frame,
        other: &Ghost,
        named: &mut Vec<Place>,
    ) -> Drawn<B> {
        let color = if matches!(other.kind, Kind::Guess) { pen.theme.law } else { pen.theme.ghost };
        let points = frame.points(other.fuzziness);
        if let Kind::Compared(Some(law)) = other.kind {
            self.line(pen, frame, law, other.fuzziness.len().min(self.layers), (color, 4.0))?;
        }
        for piece in pieces(&points, frame.ends()) {
            match other.kind {
                Kind::Before => pen.dashes(&piece, color, 1.5, 5.0)?,
                Kind::Guess => pen.dashes(&piece, color, 2.0, 6.0)?,
                Kind::Compared(_) => {}
            }
        }
        // Runs begin at the same pixels: a mark there would only stand behind the disc, where there is one. Nobody guesses the pixels.
        let begins = |fuzziness: &[Option<f64>]| ln(fuzziness.first().copied().flatten());
        let first = usize::from(self.train.is_some_and(|train| {
            let apart = begins(&train.fuzziness).zip(begins(other.fuzziness)).map(|(own, other)| (own - other).abs());
            matches!(other.kind, Kind::Guess) || apart.is_some_and(|apart| apart < 0.05)
        }));
        let marks = frame.shown(points.get(first..).unwrap_or_default());
        for &point in &marks {
            match other.kind {
                Kind::Compared(_) => {
                    let ring = (frame.disc / 5.0).min(1.0);
                    pen.disc(point, frame.disc + ring, pen.theme.paper)?;
                    pen.disc(point, frame.disc - ring, color)?;
                }
                Kind::Before => pen.ring(point, 4.0_f64.min(frame.disc), color, 1.5)?,
                Kind::Guess => pen.ring(point, 5.0_f64.min(frame.disc), color, 2.0)?,
            }
        }
        // The run that is compared is named where this one is, if that is named at all.
        let aside = matches!(other.kind, Kind::Compared(_)) && frame.named() && self.classes.is_empty();
        let Some(&end) = marks.last().filter(|_| !aside) else { return Ok(()) };
        let label = match other.kind {
            Kind::Guess => Label::new(other.label, frame.text, color).bold().halo(),
            _ => Label::new(other.label, frame.text, pen.theme.ink2).halo(),
        };
        if let Some(place) = frame.place(end, pen.width(&label)?, named) {
            pen.text((place.0, place.2), &label)?;
            named.push(place);
        }
        Ok(())
    }
}
