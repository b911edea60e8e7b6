//! Raw values, as far as their text can be used without a copy.

/// What stands between the quotes of a raw string, with its escapes; `None` where `raw` is no string.
#[must_use]
pub fn inside(raw: &str) -> Option<&str> {
    match raw.as_bytes() {
        [b'"', .., b'"'] => raw.get(1..raw.len() - 1),
        _ => None,
    }
}

/// The first `chars` characters of `inside` (the inside of a raw string); an escape is one, and is not torn.
#[must_use]
pub fn first_chars(inside: &str, mut chars: usize) -> &str {
    let bytes = inside.as_bytes();
    // Natively the short way for short texts; a page would pay more bytes for it than it gains.
    #[cfg(not(target_arch = "wasm32"))]
    if bytes.len() <= chars {
        return inside;
    }
    let mut at = 0;
    while at < bytes.len() {
        if chars == 0 {
            return &inside[..at];
        }
        chars -= 1;
        at += match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(b'u')) => 6,
            (b'\\', _) => 2,
            _ => 1,
        };
        // A byte that continues a character does not begin one.
        while bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
            at += 1;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_told_from_other_values() {
        assert_eq!(inside(r#""a\"b""#), Some(r#"a\"b"#));
        assert_eq!(inside(r#""""#), Some(""));
        for other in ["12", "\"", "", "null"] {
            assert_eq!(inside(other), None);
        }
    }

    #[test]
    fn neither_characters_nor_escapes_are_torn() {
        assert_eq!(first_chars(r#"ä\n\u00e4😀x"#, 4), r#"ä\n\u00e4😀"#);
        assert_eq!(first_chars(r#"\"\"\""#, 2), r#"\"\""#);
        assert_eq!(first_chars("äö", 2), "äö");
        assert_eq!(first_chars("x", 0), "");
    }

    proptest::proptest! {
        #[test]
        fn a_cut_string_is_still_json(text in ".*", chars in 0_usize..20) {
            let raw = serde_json::to_string(&text).unwrap();
            let cut = first_chars(inside(&raw).unwrap(), chars);
            let back: String = serde_json::from_str(&format!("\"{cut}\"")).unwrap();
            proptest::prop_assert_eq!(back, text.chars().take(chars).collect::<String>());
        }
    }
}
