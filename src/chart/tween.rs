//! Gliding from one record's curve, class curves, film or scene to the next. Only pictures glide: what is written is the record's own.

use crate::experiment::Split;
use crate::separation::{Film, fit_law};

/// How long a curve glides, in milliseconds.
const GLIDE_MS: f64 = 320.0;

/// What glides.
pub trait Tweened: Clone + PartialEq {
    /// Whether there is a way from one to the other.
    fn alike(&self, other: &Self) -> bool;

    /// `share` of the way to `to`.
    fn between(&self, to: &Self, share: f64) -> Self;
}

/// A curve or scene on its way.
#[derive(Clone, Debug)]
pub struct Tween<T> {
    from: T,
    to: T,
    start: f64,
}

impl<T: Tweened> Tween<T> {
    /// At rest.
    pub fn at(rest: T) -> Self {
        Self { from: rest.clone(), to: rest, start: f64::NEG_INFINITY }
    }

    /// Turns to `to` at `now` milliseconds, from wherever this is. Where there is no way, it is there at once.
    pub fn turn(&mut self, to: &T, now: f64) {
        if self.to == *to {
            return;
        }
        if self.to.alike(to) {
            *self = Self { from: self.now(now), to: to.clone(), start: now };
        } else {
            *self = Self::at(to.clone());
        }
    }

    /// Where it is at `now` milliseconds.
    pub fn now(&self, now: f64) -> T {
        if self.moves(now) { self.from.between(&self.to, ease((now - self.start) / GLIDE_MS)) } else { self.to.clone() }
    }

    /// Whether it is still on its way.
    pub fn moves(&self, now: f64) -> bool {
        now - self.start < GLIDE_MS
    }
}

impl Tweened for Split {
    /// Curves of one depth.
    fn alike(&self, other: &Self) -> bool {
        self.fuzziness.len() == other.fuzziness.len()
    }

    /// Each D straight in ln D, with the line that fits it; each point of the film straight. What is missing at either end is at `to` already.
    fn between(&self, to: &Self, share: f64) -> Self {
        let fuzziness = between_all(&self.fuzziness, &to.fuzziness, share);
        let classes = |(layer, to): (usize, &Vec<_>)| between_all(self.per_class.get(layer).map_or(&[], |from| from), to, share);
        let film = |to: &Film| self.film.as_ref().map_or_else(|| to.clone(), |from| from.between(to, share));
        Self {
            mode: to.mode,
            // Least squares is linear in ln D, so the line glides as evenly as the points.
            law: to.law.as_ref().and_then(|_| fit_law(&fuzziness)),
            fuzziness,
            per_class: to.per_class.iter().enumerate().map(classes).collect(),
            rank: to.rank.clone(),
            film: to.film.as_ref().map(film),
        }
    }
}

/// Each D straight in ln D, unless it is undefined or 0 at either end.
fn between_all(from: &[Option<f64>], to: &[Option<f64>], share: f64) -> Vec<Option<f64>> {
    let ln = |d: Option<&Option<f64>>| d.copied().flatten().filter(|d| *d > 0.0 && d.is_finite()).map(f64::ln);
    let at = |(at, &end): (usize, &Option<f64>)| match (ln(from.get(at)), ln(Some(&end))) {
        (Some(a), Some(b)) => Some((a + share * (b - a)).exp()),
        _ => end,
    };
    to.iter().enumerate().map(at).collect()
}

/// cubic-bezier(.2, .7, .2, 1): how far along at this share of the time.
fn ease(time: f64) -> f64 {
    let bezier = |a: f64, b: f64, t: f64| 3.0 * a * t * (1.0 - t).powi(2) + 3.0 * b * t * t * (1.0 - t) + t.powi(3);
    let (mut low, mut high) = (0.0, 1.0);
    // Twenty halvings: a millionth of the way, well below a pixel.
    for _ in 0..20 {
        let middle = (low + high) / 2.0;
        if bezier(0.2, 0.2, middle) < time {
            low = middle;
        } else {
            high = middle;
        }
    }
    bezier(0.7, 1.0, low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::BatchNormMode;
    use crate::separation::{Cast, Whitened};
    use ndarray::array;

    fn split(fuzziness: &[Option<f64>]) -> Split {
        Split { fuzziness: fuzziness.to_vec(), law: fit_law(fuzziness), ..Split::new(BatchNormMode::Running, 0, &[]) }
    }

    fn near(a: &Split, b: &[Option<f64>]) -> bool {
        a.fuzziness.len() == b.len()
            && a.fuzziness
                .iter()
                .zip(b)
                .all(|(a, b)| a.zip(*b).is_none_or(|(a, b)| (a / b - 1.0).abs() < 1e-9) && a.is_some() == b.is_some())
    }

    #[test]
    fn half_the_way_is_the_geometric_mean_and_what_is_missing_at_an_end_does_not_glide() {
        let from = split(&[Some(1.0), Some(4.0), None, Some(3.0), Some(0.0)]);
        let to = split(&[Some(1.0), Some(1.0), Some(5.0), None, Some(7.0)]);
        assert!(near(&from.between(&to, 0.5), &[Some(1.0), Some(2.0), Some(5.0), None, Some(7.0)]));
        assert!(near(&from.between(&to, 1.0), &to.fuzziness));
    }

    #[test]
    fn class_curves_and_film_glide_with_the_curve() {
        // Two points around each of two means, `spread` off.
        let film = |spread: f64| {
            let (labels, features) = ([0, 0, 1, 1], array![[-spread], [spread], [4.0 - spread], [4.0 + spread]]);
            let cast = Cast::new(&labels, &[0, 1]);
            let mut film = Film::new(&cast);
            film.push(&cast, Whitened::new(features.view(), &labels, 2).ok().as_ref());
            film
        };
        let at =
            |d: f64, spread: f64| Split { per_class: vec![vec![Some(d), None]; 3], film: Some(film(spread)), ..split(&[Some(1.0); 3]) };
        let middle = at(1.0, 0.0).between(&at(4.0, 0.5), 0.5);
        assert_eq!(middle.per_class, vec![vec![Some(2.0), None]; 3]);
        assert_eq!(middle.film, Some(film(0.0).between(&film(0.5), 0.5)));
        assert!(middle.film != Some(film(0.0)) && middle.film != Some(film(0.5)));
        let unseen = Split { per_class: vec![Vec::new(); 3], film: None, ..at(1.0, 0.0) };
        assert_eq!(unseen.between(&at(4.0, 0.5), 0.5), at(4.0, 0.5), "what was not seen is there at once");
        assert_eq!(at(4.0, 0.5).between(&unseen, 0.5), unseen);
    }

    #[test]
    fn the_line_glides_between_the_two_fits() {
        let (from, to) = (split(&[Some(8.0), Some(7.0), Some(9.0)]), split(&[Some(8.0), Some(4.0), Some(1.0)]));
        let slope = |split: &Split| split.law.as_ref().map_or(f64::NAN, |law| law.rho.ln());
        let middle = slope(&from.between(&to, 0.5));
        assert!((middle - (slope(&from) + slope(&to)) / 2.0).abs() < 1e-9, "{middle}");
    }

    #[test]
    fn the_easing_is_the_css_one() {
        assert!(ease(0.0).abs() < 1e-4 && (ease(1.0) - 1.0).abs() < 1e-4);
        // At the curve's own middle x = 0.275 and y = 0.7625.
        assert!((ease(0.275) - 0.7625).abs() < 1e-4, "{}", ease(0.275));
    }

    #[test]
    fn a_curve_that_turns_on_its_way_does_not_jump_and_arrives_exactly() {
        let mut curve = Tween::at(split(&[Some(8.0); 3]));
        assert!(!curve.moves(0.0));
        curve.turn(&split(&[Some(1.0); 3]), 100.0);
        let before = curve.now(200.0);
        curve.turn(&split(&[Some(3.0); 3]), 200.0);
        assert!(near(&curve.now(200.0), &before.fuzziness), "{:?}", curve.now(200.0).fuzziness);
        assert!(curve.moves(519.0) && !curve.moves(520.0));
        assert_eq!(curve.now(520.0), split(&[Some(3.0); 3]));
    }

    #[test]
    fn a_curve_of_another_depth_is_there_at_once() {
        let mut curve = Tween::at(split(&[Some(8.0); 3]));
        curve.turn(&split(&[Some(1.0); 5]), 0.0);
        assert_eq!(curve.now(0.0).fuzziness, [Some(1.0); 5]);
    }
}
