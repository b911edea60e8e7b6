//! Raw values into Rust's.

use std::borrow::Cow;

use crate::words;

/// The text of a raw string; `None` where `raw` is none.
///
/// Browsers escape with `\u` what is no character by itself (a control, half a surrogate pair); halves become U+FFFD.
#[must_use]
pub fn as_text(raw: &str) -> Option<Cow<'_, str>> {
    let [b'"', .., b'"'] = raw.as_bytes() else { return None };
    let inside = &raw[1..raw.len() - 1];
    let (before, mut rest) = words::cut(inside, b'\\');
    if before.len() == inside.len() {
        return Some(Cow::Borrowed(inside));
    }
    let mut out = before.to_owned();
    loop {
        let escaped = *rest.as_bytes().first()?;
        let mut used = 1;
        match escaped {
            b'n' => out.push('\n'),
            b't' => out.push('\t'),
            b'r' => out.push('\r'),
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'u' => {
                out.push(char::from_u32(hex(rest.get(1..5)?)?).unwrap_or('\u{FFFD}'));
                used = 5;
            }
            b'"' | b'\\' | b'/' => out.push(char::from(escaped)),
            _ => return None,
        }
        let (plain, after) = words::cut(&rest[used..], b'\\');
        out.push_str(plain);
        if plain.len() == rest.len() - used {
            return Some(Cow::Owned(out));
        }
        rest = after;
    }
}

fn hex(text: &str) -> Option<u32> {
    let mut number = 0;
    for byte in text.bytes() {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            _ => (byte | 0x20).wrapping_sub(b'a').checked_add(10).filter(|digit| (10..16).contains(digit))?,
        };
        number = number << 4 | u32::from(digit);
    }
    Some(number)
}

/// The raw number, as its text.
#[must_use]
pub fn as_number(raw: &str) -> Option<&str> {
    matches!(raw.as_bytes(), [b'-' | b'0'..=b'9', ..]).then_some(raw)
}

/// A whole number of 0 or more.
#[must_use]
pub fn as_u64(raw: &str) -> Option<u64> {
    words::number(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(as_text(r#""a\n\"\\\/\u00e4\u001F😀""#).unwrap(), "a\n\"\\/ä\u{1f}😀");
        assert_eq!(as_text(r#""\ud83d!\\""#).unwrap(), "\u{FFFD}!\\");
        for wrong in [r#""\u12""#, r#""\x""#, r#""\u00g0""#, "12", "\"", ""] {
            assert_eq!(as_text(wrong), None, "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn text_that_a_json_library_wrote_comes_back(text in ".*") {
            let raw = serde_json::to_string(&text).unwrap();
            proptest::prop_assert_eq!(as_text(&raw).unwrap(), text);
        }

        #[test]
        fn any_text_is_survived(raw in ".*") {
            let _ = as_text(&format!("\"{raw}\""));
        }
    }
}
