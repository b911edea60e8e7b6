//! Walks over JSON, and copies it so that no reader stumbles over it.

use super::text;
use crate::json::{self, Scan, Writer};

/// Calls `found` with the key and the raw value of each member of an object, and with each element of a list (its key is empty). Ends where
/// the text is neither.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn each<'r>(raw: &'r str, found: &mut dyn FnMut(&'r str, &'r str)) {
    let object = raw.as_bytes().first() == Some(&b'{');
    let (open, close) = if object { (b'{', b'}') } else { (b'[', b']') };
    let mut scan = Scan::new(raw);
    let mut first = true;
    if scan.expect(open).is_none() {
        return;
    }
    while scan.another(close, &mut first) == Some(true) {
        let key = if object { scan.key() } else { Some("") };
        let Some((key, value)) = key.zip(scan.value()) else { return };
        found(key, value);
    }
}

/// A JSON text from its inside.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn quoted(out: &mut Writer, inside: &str) {
    out.raw("\"");
    out.raw(&text::whole(inside));
    out.raw("\"");
}

/// `"name":"inside"`, where there is something inside.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn member(out: &mut Writer, name: &str, inside: &str) {
    if !inside.is_empty() {
        out.key(name);
        quoted(out, inside);
    }
}

/// What a member is to be called, from the way to it (names with points between; lists do not count): nothing to keep its name, nothing
/// within to leave the member out.
pub(super) type Naming<'n> = &'n dyn Fn(&str) -> Option<Option<&'n str>>;

/// Copies `raw`, which stands at `path`, with the names that `naming` gives.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn copy(out: &mut Writer, raw: &str, path: &str, naming: Naming<'_>) {
    if let Some(inside) = json::inside(raw) {
        return quoted(out, inside);
    }
    let Some(close) = (match raw.as_bytes().first() {
        Some(b'{') => Some("}"),
        Some(b'[') => Some("]"),
        _ => None,
    }) else {
        return out.raw(raw);
    };
    out.raw(&raw[..1]);
    each(raw, &mut |key, value| {
        if close == "]" {
            out.comma();
            return copy(out, value, path, naming);
        }
        let path = join(path, key);
        if let Some(name) = naming(&path).unwrap_or(Some(key)) {
            out.comma();
            quoted(out, name);
            out.raw(":");
            copy(out, value, &path, naming);
        }
    });
    out.raw(close);
}

/// A copy of `raw` with its own names.
pub(super) fn copied(raw: &str) -> String {
    let mut out = Writer::default();
    copy(&mut out, raw, "", &|_| None);
    out.into_string()
}

/// `key` within `path`.
pub(super) fn join(path: &str, key: &str) -> String {
    let mut out = Writer::default();
    out.raw(path);
    if !path.is_empty() {
        out.raw(".");
    }
    out.raw(key);
    out.into_string()
}

/// `raw`, where it is a number.
pub(super) fn number(raw: &str) -> Option<&str> {
    matches!(raw.as_bytes().first(), Some(b'-' | b'0'..=b'9')).then_some(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_minified_and_have_no_halves_of_pairs() {
        for raw in ["{}", "[]", "-0.5e+10", r#"{"a":[1,{"b":null},"x\u00e4"],"c":0}"#, "\"\"", "true"] {
            assert_eq!(copied(raw), raw);
        }
        assert_eq!(copied("{ \"a\" : [ 1 , 2 ] }"), r#"{"a":[1,2]}"#);
        assert_eq!(copied(r#"{"\ud800":"\udfff"}"#), "{\"\u{FFFD}\":\"\u{FFFD}\"}");
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
        copy(&mut out, raw, "", each);
        assert_eq!(out.as_str(), r#"{"items":[{"sku":2},{"sku":3}],"id":4,"x":[]}"#);
    }
}
