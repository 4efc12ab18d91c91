//! Texts of the figures: faces within a label, numbers, and how wide letters are where nothing can measure them.

/// What a stretch of a label is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// The label's own weight, sans-serif.
    Sans,
    /// Upright mathematics: "ln" in a sans reads as "In".
    Math,
    /// An italic variable.
    Variable,
}

/// Splits a label at its marks: `*D*` is a variable, `_ln_` upright mathematics. A mark without its partner stands for itself.
pub(super) fn runs(label: &str) -> Vec<(&str, Face)> {
    let mut runs = Vec::new();
    let mut rest = label;
    let mut plain = 0;
    while let Some(open) = rest[plain..].find(['*', '_']).map(|at| plain + at) {
        let mark = if rest.as_bytes()[open] == b'*' { '*' } else { '_' };
        match rest[open + 1..].find(mark) {
            Some(length) if length > 0 => {
                let close = open + 1 + length;
                runs.push((&rest[..open], Face::Sans));
                runs.push((&rest[open + 1..close], if mark == '*' { Face::Variable } else { Face::Math }));
                rest = &rest[close + 1..];
                plain = 0;
            }
            _ => plain = open + 1,
        }
    }
    runs.push((rest, Face::Sans));
    runs.retain(|(text, _)| !text.is_empty());
    runs
}

/// A number to two or three digits, with a power of ten where decimals would be unreadable: 0.638, 37.4, 1.2×10⁻⁵.
pub fn number(value: f64) -> String {
    match value {
        v if !v.is_finite() => "–".to_owned(),
        0.0 => "0".to_owned(),
        v if !(1e-3..1e5).contains(&v.abs()) => {
            let scientific = format!("{v:.1e}");
            let (digits, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
            let power: String = power.chars().map(superscript).collect();
            format!("{}×10{power}", minus(digits))
        }
        v if v.abs() >= 100.0 => minus(&format!("{v:.0}")),
        v if v.abs() >= 10.0 => minus(&format!("{v:.1}")),
        v if v.abs() >= 1.0 => minus(&format!("{v:.2}")),
        v if v.abs() >= 0.01 => minus(&format!("{v:.3}")),
        v => minus(&format!("{v:.4}")),
    }
}

/// The number with a true minus sign, U+2212.
pub(super) fn minus(number: &str) -> String {
    number.replace('-', "\u{2212}")
}

fn superscript(digit: char) -> char {
    match digit {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '-' => '⁻',
        '0' | '4'..='9' => char::from_u32('⁰' as u32 + (digit as u32 - '0' as u32)).unwrap_or(digit),
        other => other,
    }
}

/// Advance widths of Helvetica, Arial and Liberation Sans from space to tilde, in thousandths of the size (Adobe's font metrics).
const ADVANCES: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// Width of a regular sans-serif text, in sizes. Ideographs count as a whole size, other unknown letters as a digit.
pub(super) fn advance(text: &str) -> f64 {
    let of = |letter: char| match letter {
        ' '..='~' => ADVANCES[letter as usize - 32],
        '\u{a0}' => 278,
        '\u{202f}' => 200,
        '\u{2212}' | '×' | '÷' => 584,
        '¹' | '²' | '³' | '⁰'..='⁻' => 340,
        '\u{1100}'.. => 1000,
        _ => 556,
    };
    text.chars().map(|letter| f64::from(of(letter)) / 1000.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_split_a_label_into_faces() {
        assert_eq!(runs("half of *D* in 1.2 layers"), [("half of ", Face::Sans), ("D", Face::Variable), (" in 1.2 layers", Face::Sans)]);
        assert_eq!(runs("_ln_ *D*"), [("ln", Face::Math), (" ", Face::Sans), ("D", Face::Variable)]);
        assert_eq!(runs("Training"), [("Training", Face::Sans)]);
        assert_eq!(runs(""), []);
    }

    #[test]
    fn a_mark_without_partner_stands_for_itself() {
        assert_eq!(runs("2 * 3"), [("2 * 3", Face::Sans)]);
        assert_eq!(runs("my_run *D*"), [("my_run ", Face::Sans), ("D", Face::Variable)]);
        assert_eq!(runs("**"), [("**", Face::Sans)]);
    }

    #[test]
    fn numbers_keep_two_or_three_digits() {
        for (value, text) in [
            (0.638144, "0.638"),
            (5.86386, "5.86"),
            (37.4452, "37.4"),
            (512.3, "512"),
            (0.001797, "0.0018"),
            (0.0, "0"),
            (1.234e-5, "1.2×10⁻⁵"),
            (1e12, "1.0×10¹²"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(-0.9986), "\u{2212}0.999");
    }

    #[test]
    fn widths_follow_the_letters() {
        assert!((advance("Training") - 3.666).abs() < 0.3);
        assert!(advance("WWW") > advance("iii"));
        assert_eq!(advance("ab"), advance("a") + advance("b"));
    }
}
