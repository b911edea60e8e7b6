//! Raw values into Rust's.

use std::borrow::Cow;

/// The text of a raw string; `None` where `raw` is none. Half a surrogate pair becomes U+FFFD.
#[must_use]
pub fn as_text(raw: &str) -> Option<Cow<'_, str>> {
    let inside = raw.strip_prefix('"')?.strip_suffix('"')?;
    if !inside.contains('\\') {
        return Some(Cow::Borrowed(inside));
    }
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let mut chars = rest[at + 1..].chars();
        match chars.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'u' => {
                let (c, after) = unicode(chars.as_str())?;
                out.push(c);
                rest = after;
                continue;
            }
            other => out.push(other),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

/// The character after `\u`, with the other half of a pair where one follows.
fn unicode(text: &str) -> Option<(char, &str)> {
    let hex = |text: &str| u32::from_str_radix(text.get(..4)?, 16).ok();
    let high = hex(text)?;
    let after = &text[4..];
    if (0xD800..0xDC00).contains(&high)
        && let Some(low) = after.strip_prefix("\\u").and_then(hex)
        && (0xDC00..0xE000).contains(&low)
    {
        let pair = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return Some((char::from_u32(pair)?, &after[6..]));
    }
    Some((char::from_u32(high).unwrap_or('\u{FFFD}'), after))
}

/// The raw number, as its text.
#[must_use]
pub fn as_number(raw: &str) -> Option<&str> {
    raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then_some(raw)
}

/// A whole number of 0 or more.
#[must_use]
pub fn as_u64(raw: &str) -> Option<u64> {
    raw.parse().ok()
}

/// A truth value.
#[must_use]
pub fn as_bool(raw: &str) -> Option<bool> {
    match raw {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(as_text(r#""a\n\"\\\/\u00e4\ud83d\ude00""#).unwrap(), "a\n\"\\/ä😀");
        assert_eq!(as_text(r#""\ud83d!""#).unwrap(), "\u{FFFD}!");
        assert_eq!(as_text(r#""\u12""#), None);
        assert_eq!(as_text("12"), None);
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
