//! Bytes as letters, as the one file holds them; www/single.js reads them.

/// Bytes as text that may stand in a `<script>`: 13 bits, the lowest first, are two of 91 letters, and up to 6 at the end are one. That is 23 %
/// more than the bytes; base64 is 33 %. The letters are ASCII's from # to }, with ~ for <, which could end the script.
pub fn letters(bytes: &[u8]) -> String {
    let letter = |value: u32| match char::from(b'#' + (value % 91) as u8) {
        '<' => '~',
        letter => letter,
    };
    let mut text = String::with_capacity(bytes.len() * 16 / 13 + 2);
    let (mut held, mut bits) = (0u32, 0);
    for &byte in bytes {
        held |= u32::from(byte) << bits;
        bits += 8;
        if bits >= 13 {
            let value = held & 0x1fff;
            text.extend([letter(value), letter(value / 91)]);
            held >>= 13;
            bits -= 13;
        }
    }
    if bits > 0 {
        text.push(letter(held));
    }
    if bits > 6 {
        text.push(letter(held / 91));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn thirteen_bits_are_two_letters_and_none_ends_a_script() {
        assert_eq!(letters(&[]), "");
        assert_eq!(letters(&[0x3f]), "b#", "63 is one letter's 63 and another's 0: 8 bits are more than 6");
        assert_eq!(letters(&[0xff, 0x1f]), "$}#", "8191 is 90 * 91 + 1, and 3 bits are one letter");
        assert_eq!(letters(&[25]), "~#", "25 is the place of <");
        let all = letters(&(0..=255).cycle().take(4096).collect::<Vec<u8>>());
        assert!(all.len() == 4096 * 8 / 13 * 2 + 2 && !all.contains('<'), "{}", all.len());
    }
}
