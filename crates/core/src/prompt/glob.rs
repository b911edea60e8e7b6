//! Patterns of `matches`: `*` is any run of characters, `|` stands between alternatives, and case makes no difference. No regular expressions:
//! nobody can write one that takes for ever, and the engine for them is larger than the prompt.

use crate::words;

/// Whether one of the alternatives in `pattern` fits the whole of `text`.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let text = small(text);
    words::parts(pattern, b'|').any(|one| fits(&small(one), &text))
}

/// The text without its case. Every letter that has one here is written with one byte or two, and so is the small one.
fn small(text: &str) -> Vec<u8> {
    let mut small = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some([sign, rest @ ..]) = small.get_mut(at..) {
        match (*sign, rest) {
            (0xC2..=0xDF, [second, ..]) => {
                let code = folded(u32::from(*sign & 0x1F) << 6 | u32::from(*second & 0x3F));
                *sign = 0xC0 | (code >> 6) as u8;
                *second = 0x80 | (code & 0x3F) as u8;
            }
            (0..0x80, _) => *sign = folded(u32::from(*sign)) as u8,
            _ => {}
        }
        at += 1;
    }
    small
}

/// One alternative: goes on where it can, and where it cannot lets the last `*` swallow one byte more. Bytes will do: none that a letter is made of
/// is a star.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut star = None;
    while let Some(&sign) = text.get(read) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(wanted) if *wanted == sign => {
                at += 1;
                read += 1;
            }
            _ => match star {
                Some((place, swallowed)) => {
                    star = Some((place, swallowed + 1));
                    at = place + 1;
                    read = swallowed + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|sign| *sign == b'*')
}

/// A letter without its case, for the alphabets of the languages that Polku speaks and their neighbours: Latin, Greek, Cyrillic. The standard
/// library's tables know every script and are larger than all of this module.
fn folded(code: u32) -> u32 {
    match code {
        0x41..=0x5A | 0xC0..=0xD6 | 0xD8..=0xDE | 0x391..=0x3A9 | 0x410..=0x42F => code + 0x20,
        0x400..=0x40F => code + 0x50,
        // In most of Latin Extended-A the even code is the capital, in two stretches the odd one.
        0x139..=0x148 | 0x179..=0x17E => code + (code & 1),
        0x178 => 0xFF,
        0x100..=0x177 if code != 0x138 => code | 1,
        _ => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_alternatives() {
        for (pattern, text) in [
            ("*late*|*slow*", "It came LATE."),
            ("*late*|*slow*", "slow"),
            ("late", "Late"),
            ("a*b*c", "aXXbYYbc"),
            ("*", ""),
            ("**x", "xx"),
            ("*ÄÄ*", "määrä"),
            ("*žal*|*ŠUK*", "pošuk"),
            ("*ПОЧТА*", "Почта"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("late", "too late"), ("late*", "too late"), ("", ""), ("a*b", "abc"), ("|", "x"), ("*late*|", "slow")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn case_is_that_of_the_standard_library_where_both_know_the_letter() {
        for sign in ('\0'..'\u{530}').filter(|sign| !matches!(sign, '\u{130}' | '\u{131}' | '\u{3A2}')) {
            let small = char::from_u32(folded(sign.into())).unwrap();
            let lower: Vec<char> = sign.to_lowercase().collect();
            assert!(small == sign || vec![small] == lower, "{sign} became {small}");
        }
        let plain = "ABCÄÖÅÕÜŠŽÆØÑÇÉÈÊËÎÏÔÙÛŒß".chars();
        assert!(
            plain
                .clone()
                .all(|sign| vec![char::from_u32(folded(sign.into())).unwrap()]
                    == sign.to_lowercase().collect::<Vec<_>>())
        );
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        let pattern = "*a".repeat(100) + "b";
        assert!(!matches(&pattern, &"a".repeat(500)));
    }
}
