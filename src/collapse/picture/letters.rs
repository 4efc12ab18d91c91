//! A simplex picture in letters: its last layer, with fewer points at coarser places, small enough to travel as text.

use super::{STEPS, Simplex, numbers, put};

/// The first of the 64 letters; the last is '~'.
const FIRST: u8 = b'?';
const LETTERS: f64 = 64.0;

/// Means and classifier stand in two letters a coordinate, from -2 to 2.
const REACH: f64 = 2.0;

/// A number from -1 to 1 in `count` letters.
fn spell(text: &mut String, value: f64, count: i32) {
    let steps = LETTERS.powi(count);
    let mut rest = ((value.clamp(-1.0, 1.0) + 1.0) / 2.0 * (steps - 1.0)).round() as u32;
    for _ in 0..count {
        text.push(char::from(FIRST + (rest % 64) as u8));
        rest /= 64;
    }
}

/// And back.
fn read(letters: &[u8]) -> f64 {
    let rest = letters.iter().rev().fold(0.0, |sum, letter| LETTERS * sum + f64::from(letter.saturating_sub(FIRST).min(63)));
    2.0 * rest / (LETTERS.powi(letters.len() as i32) - 1.0) - 1.0
}

impl Simplex {
    /// The last layer, with the first `share` points of each class: means, classifier, the farthest that a point is off its mean in a
    /// coordinate, and each point as a part of that. Empty where that layer has no picture, no classifier, or a class fewer points.
    pub fn letters(&self, share: u8) -> String {
        let (mut text, dim) = (String::new(), self.dim());
        let last = self.layers().saturating_sub(1);
        let (Some(means), Some(classifier), Some(points)) = (self.means(last), self.classifier(last), self.points(last)) else {
            return text;
        };
        if self.counts.iter().any(|&count| count < share) {
            return text;
        }
        means.iter().chain(&classifier).for_each(|x| spell(&mut text, x / REACH, 2));
        let mut offsets = Vec::new();
        let mut at = 0;
        for (mean, &count) in means.chunks_exact(dim).zip(&self.counts) {
            let of_class = &points[at * dim..(at + usize::from(share)) * dim];
            offsets.extend(of_class.iter().zip(mean.iter().cycle()).map(|(x, mean)| x - mean));
            at += usize::from(count);
        }
        let farthest = offsets.iter().fold(f64::MIN_POSITIVE, |farthest: f64, x| farthest.max(x.abs()));
        let mut spelled = String::new();
        spell(&mut spelled, farthest / (4.0 * REACH), 2);
        text += &spelled;
        // Above 0: of an even number of steps none stands for 0 itself, and it is rounded up.
        let farthest = 4.0 * REACH * read(spelled.as_bytes());
        offsets.iter().for_each(|x| spell(&mut text, x / farthest, 1));
        text
    }

    /// A picture of `layers` layers of which only the last is known, from its [`letters`](Self::letters); None if they are not as many as
    /// they must be.
    pub fn from_letters(ring: &[u16], layers: usize, share: u8, letters: &str) -> Option<Self> {
        let (letters, dim) = (letters.as_bytes(), ring.len().checked_sub(1)?);
        let (corners, shown) = (ring.len() * dim, ring.len() * usize::from(share) * dim);
        if letters.len() != 4 * corners + 2 + shown || layers == 0 {
            return None;
        }
        let (places, points) = letters.split_at(4 * corners);
        let places: Vec<_> = places.chunks_exact(2).map(|pair| REACH * read(pair)).collect();
        let (farthest, points) = points.split_at(2);
        let farthest = 4.0 * REACH * read(farthest);
        let mut picture = Self {
            ring: ring.to_vec(),
            counts: vec![share; ring.len()],
            means: Vec::new(),
            classifier: Vec::new(),
            points: vec![0; 2 * shown * (layers - 1)],
        };
        put(&mut picture.means, &vec![f64::NAN; corners * (layers - 1)]);
        put(&mut picture.means, &places[..corners]);
        put(&mut picture.classifier, &places[corners..]);
        for (points, mean) in points.chunks_exact(usize::from(share) * dim).zip(places.chunks_exact(dim)) {
            for (letter, mean) in points.iter().zip(mean.iter().cycle()) {
                let x = mean + farthest * read(&[*letter]);
                picture.points.extend_from_slice(&((x * STEPS).round() as i16).to_le_bytes());
            }
        }
        Some(picture)
    }

    /// `share` of the way to a picture of the same classes, layers and points: each place straight.
    pub fn between(&self, to: &Self, share: f64) -> Self {
        let places = |from: &[u8], to: &[u8]| {
            let (from, to) = (numbers(from.as_chunks().0), numbers(to.as_chunks().0));
            let mut bytes = Vec::new();
            put(&mut bytes, &from.iter().zip(&to).map(|(from, to)| from + share * (to - from)).collect::<Vec<_>>());
            bytes
        };
        let points = self.points.as_chunks().0.iter().zip(to.points.as_chunks().0).flat_map(|(&from, &to)| {
            let [from, to] = [from, to].map(|bytes| f64::from(i16::from_le_bytes(bytes)));
            ((from + share * (to - from)).round() as i16).to_le_bytes()
        });
        Self {
            ring: to.ring.clone(),
            counts: to.counts.clone(),
            means: places(&self.means, &to.means),
            classifier: places(&self.classifier, &to.classifier),
            points: points.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three classes of two points, the last of two layers, `spread` off their means.
    fn picture(spread: f64) -> Simplex {
        let mut picture =
            Simplex { ring: vec![0, 2, 1], counts: vec![2; 3], means: Vec::new(), classifier: Vec::new(), points: vec![0; 24] };
        let ideal = picture.ideal();
        put(&mut picture.means, &[f64::NAN; 6]);
        put(&mut picture.means, &ideal);
        put(&mut picture.classifier, &ideal);
        for (at, x) in ideal.chunks_exact(2).flat_map(|mean| mean.repeat(2)).enumerate() {
            let off = if at % 3 == 0 { spread } else { -spread / 2.0 };
            picture.points.extend_from_slice(&(((x + off) * STEPS).round() as i16).to_le_bytes());
        }
        picture
    }

    fn near(a: &[f64], b: &[f64], most: f64) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= most)
    }

    #[test]
    fn letters_keep_means_to_a_thousandth_and_points_to_a_part_of_their_spread() {
        let before = picture(0.5);
        let letters = before.letters(2);
        assert!(letters.bytes().all(|letter| (b'?'..=b'~').contains(&letter)), "{letters}");
        let after = Simplex::from_letters(&[0, 2, 1], 2, 2, &letters).unwrap();
        let farthest = 4.0 * REACH * read(&letters.as_bytes()[24..26]);
        assert!((farthest - 0.5).abs() < 3e-3, "{farthest}");
        assert_eq!((after.layers(), after.means(0), after.letters(2)), (2, None, letters));
        assert!(near(&after.means(1).unwrap(), &before.means(1).unwrap(), 5e-4));
        assert!(near(&after.classifier(1).unwrap(), &before.classifier(1).unwrap(), 5e-4));
        assert!(near(&after.points(1).unwrap(), &before.points(1).unwrap(), 0.5 / 63.0 + 2e-3));
        let one = Simplex::from_letters(&[0, 2, 1], 2, 1, &before.letters(1)).unwrap();
        let firsts: Vec<f64> = before.points(1).unwrap().chunks(4).flat_map(|of_class| of_class[..2].to_vec()).collect();
        assert!(near(&one.points(1).unwrap(), &firsts, 0.5 / 63.0 + 2e-3));
        let of_four = Simplex::from_letters(&[0, 2, 1], 4, 2, &after.letters(2)).unwrap();
        assert_eq!((of_four.layers(), of_four.means(2), of_four.means(3), of_four.points(3)), (4, None, after.means(1), after.points(1)));
    }

    #[test]
    fn letters_are_missing_where_points_are_and_refused_where_they_do_not_fit() {
        assert_eq!(picture(0.5).letters(3), "");
        assert_eq!(Simplex::from_letters(&[0, 2, 1], 2, 2, ""), None);
        assert_eq!(Simplex::from_letters(&[0, 1], 2, 2, &picture(0.5).letters(2)), None);
    }

    #[test]
    fn between_two_pictures_places_go_straight() {
        let middle = picture(0.0).between(&picture(0.5), 0.5);
        assert_eq!(middle.means(0), None);
        assert!(near(&middle.points(1).unwrap(), &picture(0.25).points(1).unwrap(), 2e-3));
        let mut twice = picture(0.0);
        let doubled: Vec<f64> = twice.ideal().iter().map(|x| 2.0 * x).collect();
        (twice.means, twice.classifier) = (Vec::new(), Vec::new());
        put(&mut twice.means, &[f64::NAN; 6]);
        put(&mut twice.means, &doubled);
        put(&mut twice.classifier, &doubled);
        let quarter = picture(0.0).between(&twice, 0.25);
        let expected: Vec<f64> = twice.ideal().iter().map(|x| 1.25 * x).collect();
        assert!(near(&quarter.means(1).unwrap(), &expected, 1e-6) && near(&quarter.classifier(1).unwrap(), &expected, 1e-6));
    }
}
