//! Small steps over text, byte by byte. The standard library's searches are general, and every page would pay for that.

/// `text` before and after the first `sign`, an ASCII character; all of it and nothing where there is none.
#[must_use]
pub fn cut(text: &str, sign: u8) -> (&str, &str) {
    for (at, byte) in text.bytes().enumerate() {
        if byte == sign {
            return (&text[..at], &text[at + 1..]);
        }
    }
    (text, "")
}

/// Calls `each` with the parts of `text` between the `sign`s.
pub fn split<'a>(mut text: &'a str, sign: u8, each: &mut dyn FnMut(&'a str)) {
    while !text.is_empty() {
        let (part, rest) = cut(text, sign);
        each(part);
        text = rest;
    }
}

/// The whole number that `text` writes with digits alone.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    let mut number: u64 = 0;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    (!text.is_empty()).then_some(number)
}

/// The first `chars` characters of `text`.
#[must_use]
pub fn first_chars(text: &str, mut chars: usize) -> &str {
    for (at, byte) in text.bytes().enumerate() {
        // A byte that does not continue a character begins one.
        if byte & 0xC0 != 0x80 {
            if chars == 0 {
                return &text[..at];
            }
            chars -= 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_signs() {
        assert_eq!(cut("a b c", b' '), ("a", "b c"));
        assert_eq!(cut("abc", b' '), ("abc", ""));
        let mut parts = Vec::new();
        split("/ä//b", b'/', &mut |part| parts.push(part));
        assert_eq!(parts, ["", "ä", "", "b"]);
    }

    #[test]
    fn numbers_are_digits_alone() {
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        for text in ["", "-1", "+1", "1.0", "18446744073709551616", "1 ", "٣"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn characters_are_not_torn() {
        assert_eq!(first_chars("äö€😀x", 3), "äö€");
        assert_eq!(first_chars("äö", 2), "äö");
        assert_eq!(first_chars("x", 0), "");
    }
}
