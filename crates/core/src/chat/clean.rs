//! What a shopper writes, as it is sent and drawn.

use crate::words::slice;

/// The most characters of one message, as the protocol has it.
pub const LONGEST: usize = 4_000;

/// Without what only a program would write: control characters, and those that turn the direction of other people's words. Space at both ends falls off.
/// What is clean stays as it is, so the server may do the same again.
#[must_use]
pub fn clean(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut at, mut done, mut count) = (0, 0, 0);
    while at < bytes.len() && count < LONGEST {
        let sign = |nth: usize| bytes.get(at + nth).copied().unwrap_or_default();
        // How long the character is, and what stands in its place.
        let (len, kept) = match (sign(0), sign(1), sign(2)) {
            (b'\n', ..) => (1, None),
            (b'\r', b'\n', _) => (1, Some("")),
            (b'\r', ..) => (1, Some("\n")),
            (b'\t', ..) => (1, Some(" ")),
            (0..=0x1f | 0x7f, ..) => (1, Some("")),
            (0xc2, 0x80..=0x9f, _) => (2, Some("")),
            // Ends of lines and paragraphs; switches of direction, and what else cannot be seen beside them.
            (0xe2, 0x80, 0xa8 | 0xa9) => (3, Some("\n")),
            (0xe2, 0x80, 0xaa..=0xae) | (0xe2, 0x81, 0xa0..=0xaf) | (0xef, 0xbb, 0xbf) => (3, Some("")),
            (0..=0x7f, ..) => (1, None),
            (0..=0xdf, ..) => (2, None),
            (0..=0xef, ..) => (3, None),
            _ => (4, None),
        };
        if let Some(kept) = kept {
            out.push_str(slice(text, done, at));
            out.push_str(kept);
            done = at + len;
        }
        at += len;
        count += usize::from(kept != Some(""));
    }
    out.push_str(slice(text, done, at));
    out.trim_ascii().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_tricks_go() {
        for (given, kept) in [
            ("  Hei!\r\nMissä tilaus?\t1 ", "Hei!\nMissä tilaus? 1"),
            ("\u{202e}gnp.exe\u{2066}", "gnp.exe"),
            ("a\0b\u{7}c\u{9b}", "abc"),
            ("\u{202a} \u{202c}", ""),
            ("שלום (hei)", "שלום (hei)"),
            ("👩‍👩‍👧", "👩‍👩‍👧"),
        ] {
            assert_eq!(clean(given), kept);
        }
        assert_eq!(clean(&"ä".repeat(5_000)), "ä".repeat(LONGEST));
        assert_eq!(clean(&"\u{202e}😀".repeat(5_000)), "😀".repeat(LONGEST));
    }

    proptest::proptest! {
        #[test]
        fn what_is_clean_stays(text in ".*") {
            let once = clean(&text);
            proptest::prop_assert_eq!(clean(&once), once);
        }
    }
}
