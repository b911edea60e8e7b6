//! The key of the inbox.

use crate::access::sign::random;
use axum::http::{HeaderMap, header};

/// Letters of a drawn key: 32 of them, so that a byte's five low bits are one; none looks like another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Letters in a drawn key: 130 bits.
const LENGTH: usize = 26;

/// Draws a key.
pub(super) fn draw() -> std::io::Result<String> {
    // Not from a file: an image without any has none.
    Ok(random()?.iter().take(LENGTH).map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect())
}

/// Whether a chosen key is long enough, and can stand in a header.
pub(super) fn is_good(key: &str) -> bool {
    (16..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether the request bears this key: `authorization: Bearer …`.
pub(super) fn opens(key: &str, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes()).unwrap_or_default();
    let (kind, given) = given.split_at_checked(7).unwrap_or_default();
    kind.eq_ignore_ascii_case(b"bearer ") && same(key.as_bytes(), given.trim_ascii())
}

/// Takes as long whatever the first difference is: how long an answer takes must not tell how much of a guess was right.
fn same(key: &[u8], given: &[u8]) -> bool {
    let mut differs = u8::from(key.len() != given.len());
    for (at, byte) in key.iter().enumerate() {
        differs |= byte ^ given.get(at).copied().unwrap_or_default();
    }
    std::hint::black_box(differs) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_the_key_opens() {
        let bearing =
            |value: &str| HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
        for good in ["Bearer abc", "bearer abc", "Bearer  abc "] {
            assert!(opens("abc", &bearing(good)), "{good}");
        }
        for bad in ["", "abc", "Bearer", "Bearer ", "Bearer ab", "Bearer abcd", "Bearer abd", "Basic abc"] {
            assert!(!opens("abc", &bearing(bad)), "{bad}");
        }
        assert!(!opens("abc", &HeaderMap::new()));
    }

    #[test]
    fn drawn_keys_differ_and_are_good() {
        let (one, other) = (draw().unwrap(), draw().unwrap());
        assert!(one != other && is_good(&one) && one.len() == LENGTH);
        assert!(!is_good("short") && !is_good("with a space in it all") && !is_good("ä".repeat(16).as_str()));
    }
}
