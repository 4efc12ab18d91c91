//! A film in letters: fewer points at coarser places, small enough to travel as text.

use super::{ABSENT, Film};

/// The first of the 64 letters, one for each 1/16 from -2 to 2; the last is '~'.
const FIRST: u8 = b'?';

/// Steps of a place in a letter's.
const COARSER: i16 = 4;

impl Film {
    /// The same film with the first `most` points of each class only.
    pub fn first(&self, most: u8) -> Self {
        let mut at = 0;
        let kept = self.counts.iter().map(|&count| {
            at += usize::from(count);
            at - usize::from(count)..at - usize::from(count.saturating_sub(most))
        });
        let kept = kept.collect::<Vec<_>>();
        let layer = |places: &[u8]| kept.iter().flat_map(|points| places[2 * points.start..2 * points.end].to_vec()).collect::<Vec<_>>();
        Self {
            counts: self.counts.iter().map(|&count| count.min(most)).collect(),
            places: self.places.chunks_exact((2 * self.points()).max(1)).flat_map(layer).collect(),
        }
    }

    /// A layer in two letters a point; empty where it has no picture.
    pub fn letters(&self, layer: usize) -> String {
        let length = 2 * self.points();
        let places = self.places.get(layer * length..(layer + 1) * length).unwrap_or_default();
        let letter = |&step: &u8| char::from(FIRST + ((i16::from(step as i8) - i16::from(ABSENT)) / COARSER) as u8);
        if places.first() == Some(&(ABSENT as u8)) { String::new() } else { places.iter().map(letter).collect() }
    }

    /// A film of `counts` points of each class, from the letters of its layers; one without a pair for each point has no picture.
    pub fn from_letters<'a>(counts: &[u8], layers: impl IntoIterator<Item = &'a str>) -> Self {
        let mut film = Self { counts: counts.to_vec(), places: Vec::new() };
        let length = 2 * film.points();
        // The middle of the steps that a letter stands for.
        let step =
            |letter: u8| ((i16::from(letter.saturating_sub(FIRST).min(63)) * COARSER + COARSER / 2) as u8).wrapping_add(ABSENT as u8);
        for letters in layers {
            if letters.len() == length {
                film.places.extend(letters.bytes().map(step));
            } else {
                film.places.extend(std::iter::repeat_n(ABSENT as u8, length));
            }
        }
        film
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(counts: &[u8], places: &[i8]) -> Film {
        Film { counts: counts.to_vec(), places: places.iter().map(|&x| x as u8).collect() }
    }

    #[test]
    fn the_first_points_of_each_class_stay_in_every_layer() {
        let before = film(&[2, 0, 3], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10]);
        assert_eq!(before.first(1), film(&[1, 0, 1], &[1, 2, 5, 6, -1, -2, -5, -6]));
        assert_eq!(before.first(2), film(&[2, 0, 2], &[1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -3, -4, -5, -6, -7, -8]));
        assert_eq!(before.first(9), before);
    }

    #[test]
    fn letters_keep_every_place_to_half_a_letter() {
        let places = (-127..=127).chain([0]).collect::<Vec<i8>>();
        let before = film(&[128], &places);
        let letters = before.letters(0);
        assert!(letters.bytes().all(|letter| (b'?'..=b'~').contains(&letter)), "{letters}");
        let after = Film::from_letters(&[128], [letters.as_str()]);
        for (&a, &b) in before.places.iter().zip(&after.places) {
            assert!((i16::from(a as i8) - i16::from(b as i8)).abs() <= 2, "{} became {}", a as i8, b as i8);
        }
        assert_eq!(after.letters(0), letters, "letters keep themselves");
    }

    #[test]
    fn a_layer_without_a_picture_has_no_letters() {
        let before = film(&[1], &[ABSENT, ABSENT, 2, 2]);
        assert_eq!([0, 1, 2].map(|layer| before.letters(layer)), ["", "__", ""]);
        assert_eq!(Film::from_letters(&[1], ["", "__"]), before);
        assert_eq!(Film::from_letters(&[1], ["_", "~~~"]), film(&[1], &[ABSENT; 4]), "nor has one of another length");
    }
}
