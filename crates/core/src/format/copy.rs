//! Copies JSON, and leaves nothing in it that a strict reader would refuse: what is copied may have come from anywhere.

use super::text;
use crate::json::{self, Scan, Writer};

/// Deeper than this nothing of ours is nested, and a reader's stack would pay for it.
const DEPTH: u32 = 32;

/// Whether `raw` is a number by JSON's grammar.
fn is_number(raw: &str) -> bool {
    let mut rest = raw.strip_prefix('-').unwrap_or(raw).bytes().peekable();
    let digits = |rest: &mut std::iter::Peekable<std::str::Bytes<'_>>| {
        let mut any = false;
        while rest.next_if(u8::is_ascii_digit).is_some() {
            any = true;
        }
        any
    };
    let leading = rest.peek() == Some(&b'0');
    if leading {
        rest.next();
    } else if !digits(&mut rest) {
        return false;
    }
    if rest.next_if_eq(&b'.').is_some() && !digits(&mut rest) {
        return false;
    }
    if rest.next_if(|byte| matches!(byte, b'e' | b'E')).is_some() {
        rest.next_if(|byte| matches!(byte, b'+' | b'-'));
        if !digits(&mut rest) {
            return false;
        }
    }
    rest.next().is_none()
}

/// A value without members: a text, a number, a truth value or nothing.
pub(super) fn leaf(out: &mut Writer, raw: &str) -> Option<()> {
    if let Some(inside) = json::inside(raw) {
        out.raw("\"");
        out.raw(&text::whole(inside));
        out.raw("\"");
    } else if matches!(raw, "true" | "false" | "null") || is_number(raw) {
        out.raw(raw);
    } else {
        return None;
    }
    Some(())
}

/// What a member is to be called, from the way to it (names with points between; lists do not count): nothing to keep its name, nothing
/// within to leave the member out.
pub(super) type Naming<'n> = &'n dyn Fn(&str) -> Option<Option<&'n str>>;

/// Copies the value that comes next, which stands at `path`, with the names that `each` gives.
fn value(out: &mut Writer, scan: &mut Scan<'_>, path: &str, depth: u32, each: Naming<'_>) -> Option<()> {
    let open = scan.next();
    let close = match open {
        b'{' => b'}',
        b'[' => b']',
        _ => return leaf(out, scan.value()?),
    };
    if depth == 0 {
        return None;
    }
    scan.expect(open)?;
    out.raw(if open == b'{' { "{" } else { "[" });
    let mut first = true;
    let mut written = false;
    while scan.another(close, &mut first)? {
        let mut inner = String::new();
        let at = out.as_str().len();
        if std::mem::replace(&mut written, true) {
            out.raw(",");
        }
        if open == b'{' {
            let key = scan.key()?;
            inner = join(path, key);
            let Some(name) = each(&inner).unwrap_or(Some(key)) else {
                written = out.as_str().len() > at;
                out.truncate(at);
                scan.value()?;
                continue;
            };
            out.raw("\"");
            out.raw(&text::whole(name));
            out.raw("\":");
        }
        value(out, scan, if open == b'{' { &inner } else { path }, depth - 1, each)?;
    }
    out.raw(if open == b'{' { "}" } else { "]" });
    Some(())
}

/// `key` within `path`.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { [path, ".", key].concat() }
}

/// A copy of the one value that `raw` is.
pub(super) fn copied(raw: &str) -> Option<String> {
    let mut out = Writer::default();
    let mut scan = Scan::new(raw);
    value(&mut out, &mut scan, "", DEPTH, &|_| None)?;
    scan.end()?;
    Some(out.into_string())
}

/// Copies `raw`, which stands at `path`, with the names that `each` gives.
pub(super) fn renamed(out: &mut Writer, raw: &str, path: &str, each: Naming<'_>) -> Option<()> {
    value(out, &mut Scan::new(raw), path, DEPTH, each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_what_a_strict_reader_takes() {
        for raw in ["{}", "[]", "-0.5e+10", r#"{"a":[1,{"b":null},"x\u00e4"],"c":0}"#, "\"\"", "true"] {
            assert_eq!(copied(raw).as_deref(), Some(raw));
        }
        assert_eq!(copied(" { \"a\" : [ 1 , 2 ] } ").as_deref(), Some(r#"{"a":[1,2]}"#));
        assert_eq!(copied(r#"{"\ud800":"\udfff"}"#).as_deref(), Some("{\"\u{FFFD}\":\"\u{FFFD}\"}"));
        for raw in [
            "", "01", "1.", ".5", "1e", "-", "+1", "--1", "1-2", "tru", "{\"a\":}", "[1,]", "[1 2]", "{a:1}", "1 2",
            "'a'",
        ] {
            assert_eq!(copied(raw), None, "{raw}");
        }
        assert!(copied(&("[".repeat(32) + &"]".repeat(32))).is_some());
        assert!(copied(&("[".repeat(33) + &"]".repeat(33))).is_none());
    }

    #[test]
    fn members_are_renamed_and_left_out_by_their_way() {
        let mut out = Writer::default();
        let each: Naming<'_> = &|path| match path {
            "items.id" => Some(Some("sku")),
            "secret" | "items.x" => Some(None),
            _ => None,
        };
        let raw = r#"{"secret":1,"items":[{"x":1,"id":2},{"id":3,"x":{}}],"id":4,"x":[]}"#;
        renamed(&mut out, raw, "", each).unwrap();
        assert_eq!(out.as_str(), r#"{"items":[{"sku":2},{"sku":3}],"id":4,"x":[]}"#);
    }

    proptest::proptest! {
        #[test]
        fn copies_are_json_or_nothing(raw in r#"[\[\]{}",:a1.\-e\\u ]{0,24}"#) {
            let strict = serde_json::from_str::<serde_json::Value>(&raw);
            // The library reads numbers that are too large for it as none.
            if !raw.contains('e') {
                proptest::prop_assert_eq!(copied(&raw).is_some(), strict.is_ok(), "{}", raw);
            }
            if let Some(copy) = copied(&raw) {
                serde_json::from_str::<serde::de::IgnoredAny>(&copy).unwrap();
            }
        }
    }
}
