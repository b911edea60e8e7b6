//! Small steps over the raw JSON of definitions: they are read where they stand, as a tree of them would cost the module more than the reading.

use crate::data::find;
use crate::json::{Scan, inside};

/// The elements of the list `raw`, as far as it is one; a value that is none is a list of one.
pub(super) fn list(raw: &str) -> List<'_> {
    let mut scan = Scan::new(raw);
    let one = if scan.expect(b'[').is_some() { "" } else { raw };
    List { scan, one, first: true, done: raw.is_empty() }
}

/// See [`list`].
pub(super) struct List<'a> {
    scan: Scan<'a>,
    /// The value that is no list.
    one: &'a str,
    first: bool,
    done: bool,
}

impl<'a> Iterator for List<'a> {
    type Item = &'a str;

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn next(&mut self) -> Option<&'a str> {
        if self.done {
            return None;
        }
        self.done = true;
        if !self.one.is_empty() {
            return Some(self.one);
        }
        if self.scan.another(b']', &mut self.first)? {
            let item = self.scan.value();
            self.done = item.is_none();
            return item;
        }
        None
    }
}

/// Calls `each` with the members of the object `raw`; says whether it is one.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn members<'a>(raw: &'a str, each: &mut dyn FnMut(&'a str, &'a str)) -> Option<()> {
    let mut scan = Scan::new(raw);
    scan.expect(b'{')?;
    let mut first = true;
    while scan.another(b'}', &mut first)? {
        let key = scan.key()?;
        each(key, scan.value()?);
    }
    Some(())
}

/// The text of a member; nothing where there is none.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn text<'a>(raw: &'a str, key: &str) -> &'a str {
    find(raw, key).and_then(inside).unwrap_or_default()
}

/// The whole number of a member; `other` where there is none.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn number_or(raw: &str, key: &str, other: u64) -> u64 {
    find(raw, key).and_then(crate::words::number).unwrap_or(other)
}

/// Whether the list `raw` holds the text `word`.
pub(super) fn holds(raw: &str, word: &str) -> bool {
    list(raw).any(|item| inside(item) == Some(word))
}

/// A share, in millionths: `0.25`, `1`, `0`.
pub(super) fn share(raw: &str) -> Option<u64> {
    let (whole, rest) = crate::words::cut(raw, b'.');
    let mut millionths = crate::words::number(whole)?.min(1) * 1_000_000;
    let mut unit = 100_000;
    for byte in rest.bytes() {
        let digit = u64::from(byte.wrapping_sub(b'0'));
        if digit > 9 {
            return None;
        }
        millionths += digit * unit;
        unit /= 10;
    }
    Some(millionths.min(1_000_000))
}

/// Whether `text` is what `pattern` writes, in which `*` stands for any run.
pub(super) fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut star) = (0, None);
    let mut from = 0;
    while from < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                star = Some((at, from));
            }
            Some(byte) if *byte == text[from] => {
                at += 1;
                from += 1;
            }
            // The last star takes one more.
            _ => match &mut star {
                Some((after, taken)) => {
                    *taken += 1;
                    (at, from) = (*after, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_what_is_none() {
        let all = |raw| list(raw).collect::<Vec<_>>();
        assert_eq!(all(r#"["a", {"b":[1]}, 2]"#), ["\"a\"", r#"{"b":[1]}"#, "2"]);
        assert_eq!(all(r#"{"a":1}"#), [r#"{"a":1}"#]);
        assert!(all("").is_empty() && all("[]").is_empty());
        assert_eq!(all("[1,,2]"), ["1"], "what is damaged ends it");
    }

    #[test]
    fn shares_are_millionths() {
        for (raw, millionths) in [("0", 0), ("1", 1_000_000), ("0.25", 250_000), ("0.0000019", 1), ("7", 1_000_000)] {
            assert_eq!(share(raw), Some(millionths), "{raw}");
        }
        for raw in ["", "-1", "1e-7", "\"1\"", "0.x"] {
            assert_eq!(share(raw), None, "{raw}");
        }
    }

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, text) in
            [("*", ""), ("/p/*", "/p/x"), ("*a*b*", "xxaxxbxx"), ("/*/x", "/a/b/x"), ("", ""), ("a", "a")]
        {
            assert!(glob(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("/p/*", "/p"), ("*a", "ab"), ("a*b", "acbd")] {
            assert!(!glob(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
    }
}
