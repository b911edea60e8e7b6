//! The short rule for text that every page's module can afford: no e-mail address and no long number leaves.
//!
//! The prompt's module will carry the full scrubber; this one is for search terms and property values too.

/// Seven digits: the shortest run that can be a phone number or an identifier, and longer than prices, years and sizes.
pub(crate) const LONG_NUMBER: usize = 7;

/// `text` without e-mail addresses and long numbers: `[email]` and `[number]` stand in their places.
///
/// A number may hold single spaces, dashes, dots, slashes or brackets between its digits, and a leading plus.
#[must_use]
pub fn scrub_short(text: &str) -> String {
    numbers(&addresses(text))
}

/// What may leave of a short value (a search term, a property): all of it, or only what kind of thing it held. Every page's
/// module can afford no more; what is written at length goes through [`scrub_short`] in the prompt's.
pub(crate) fn short_rule(text: &str) -> &str {
    let mut digits = 0;
    for byte in text.bytes() {
        match byte {
            b'@' => return "[email]",
            b'0'..=b'9' => digits += 1,
            _ => {}
        }
    }
    if digits < LONG_NUMBER { text } else { "[number]" }
}

/// Whether `byte` can stand in an address, on either side of its `@`.
fn in_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-')
}

fn addresses(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte != b'@' || at < done {
            continue;
        }
        let start = at - bytes[done..at].iter().rev().take_while(|&&byte| in_address(byte)).count();
        let mut end = at + 1 + bytes[at + 1..].iter().take_while(|&&byte| in_address(byte)).count();
        // The full stop behind an address ends the sentence.
        while matches!(bytes[end - 1], b'.' | b'-' | b'+' | b'_' | b'%') {
            end -= 1;
        }
        if start < at && end > at && bytes[at..end].contains(&b'.') {
            out.push_str(&text[done..start]);
            out.push_str("[email]");
            done = end;
        }
    }
    out.push_str(&text[done..]);
    out
}

fn numbers(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut at = 0;
    while at < bytes.len() {
        let (digits, long, short) = number(&bytes[at..]);
        if digits >= LONG_NUMBER {
            out.push_str(&text[done..at]);
            out.push_str("[number]");
            at += long;
            done = at;
        } else {
            at += short.max(1);
        }
    }
    out.push_str(&text[done..]);
    out
}

/// The number at the start of `bytes`: its digits, its length, and the length of its first run of digits.
fn number(bytes: &[u8]) -> (usize, usize, usize) {
    let (mut digits, mut end, mut first, mut gap) = (0, 0, 0, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                end = at + 1;
                if first + 1 == end {
                    first = end;
                }
                gap = 0;
            }
            b'+' | b'(' if digits == 0 && at < 2 => {}
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' if digits > 0 && gap < 2 => gap += 1,
            _ => break,
        }
    }
    (digits, end, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_long_numbers_go() {
        for (text, clean) in [
            ("write to anna.virtanen@example.fi, please", "write to [email], please"),
            ("(anna@example.com).", "([email])."),
            ("mail ääni.työ@esimerkki.fi.", "mail [email]."),
            ("anna1234567@example.fi", "[email]"),
            ("call +358 40 123 4567 today", "call [number] today"),
            ("card 4111 1111 1111 1111", "card [number]"),
            ("id 131052-3082", "id [number]"),
            ("see x12345678y", "see x[number]y"),
            ("(09) 1234567", "[number]"),
        ] {
            assert_eq!(scrub_short(text), clean);
        }
    }

    #[test]
    fn prices_sizes_and_words_stay() {
        for text in [
            "",
            " ",
            "47,90 € for 2 x 250 g",
            "size 42 @ home",
            "a@b",
            "ääkköset 2026",
            "  two  spaces ",
            "100 % good",
            "@",
            "12.5. - 13.5.",
        ] {
            assert_eq!(scrub_short(text), text);
        }
    }

    #[test]
    fn short_values_leave_whole_or_as_their_kind() {
        for (text, kept) in [
            ("espresso 250 g", "espresso 250 g"),
            ("mail a@b.fi", "[email]"),
            ("+358 40 1234567", "[number]"),
            ("", ""),
        ] {
            assert_eq!(short_rule(text), kept);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived_and_a_clean_look_means_unchanged(text in r"(\PC|[0-9@. +-]){0,60}") {
            let scrubbed = scrub_short(&text);
            if short_rule(&text) == text {
                proptest::prop_assert_eq!(&scrubbed, &text);
            }
            proptest::prop_assert_eq!(scrub_short(&scrubbed), scrubbed);
        }
    }
}
