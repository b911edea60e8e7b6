//! Text in its many coats: within JSON, within JSON within JSON, in addresses, in base 64.

use crate::json::Writer;

/// `plain` as it stands between the quotes of a JSON text. Twice applied it is JSON within JSON.
pub(super) fn escaped(plain: &str) -> String {
    let mut out = Writer::default();
    let mut done = 0;
    for (at, byte) in plain.bytes().enumerate() {
        if byte < b' ' || matches!(byte, b'"' | b'\\') {
            out.raw(&plain[done..at]);
            match byte {
                b'"' => out.raw("\\\""),
                b'\\' => out.raw("\\\\"),
                b'\n' => out.raw("\\n"),
                byte => {
                    out.raw("\\u00");
                    out.one_of("0123456789abcdef", usize::from(byte >> 4));
                    out.one_of("0123456789abcdef", usize::from(byte & 15));
                }
            }
            done = at + 1;
        }
    }
    out.raw(&plain[done..]);
    out.into_string()
}

/// The code unit that the escape `\uXXXX` at `at` writes.
fn unit(inside: &str, at: usize) -> Option<u32> {
    let hex = inside.get(at..at + 6)?.strip_prefix("\\u")?;
    u32::from_str_radix(hex, 16).ok()
}

/// The inside of a JSON text in which half a pair of surrogates gives way to U+FFFD: no other JSON reader takes it, and it would spoil
/// the whole batch.
pub(super) fn whole(inside: &str) -> String {
    let mut out = Writer::default();
    let mut done = 0;
    let mut at = 0;
    let bytes = inside.as_bytes();
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match unit(inside, at) {
            Some(0xD800..0xDC00) if matches!(unit(inside, at + 6), Some(0xDC00..0xE000)) => at += 12,
            Some(0xD800..0xE000) => {
                out.raw(&inside[done..at]);
                out.raw("\u{FFFD}");
                at += 6;
                done = at;
            }
            _ => at += 2,
        }
    }
    out.raw(&inside[done..]);
    out.into_string()
}

/// What the inside of a JSON text says.
pub(super) fn plain(inside: &str) -> String {
    let mut out = String::new();
    let mut rest = inside.chars();
    // Half a pair that waits for its other half.
    let mut high = 0;
    while let Some(sign) = rest.next() {
        if sign != '\\' {
            out.push(sign);
            continue;
        }
        match rest.next() {
            Some('u') => {
                let text = rest.as_str();
                let unit = text.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0xFFFD);
                rest = text.get(4..).unwrap_or_default().chars();
                let pair = (high > 0 && unit & 0xFC00 == 0xDC00)
                    .then(|| char::from_u32(0x1_0000 + ((high & 0x3FF) << 10) + (unit & 0x3FF)))
                    .flatten();
                if let Some(pair) = pair {
                    // The first half was taken for something broken.
                    out.pop();
                    out.push(pair);
                } else {
                    out.push(char::from_u32(unit).unwrap_or('\u{FFFD}'));
                }
                high = if unit & 0xFC00 == 0xD800 && rest.as_str().starts_with("\\u") { unit } else { 0 };
            }
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{C}'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// `plain` as a part of an address, as RFC 3986 has it: all but the unreserved is encoded.
pub(super) fn percent(out: &mut Writer, plain: &str) {
    for (at, byte) in plain.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.raw(&plain[at..=at]);
        } else {
            out.raw("%");
            out.one_of("0123456789ABCDEF", usize::from(byte >> 4));
            out.one_of("0123456789ABCDEF", usize::from(byte & 15));
        }
    }
}

/// `plain` in base 64 for addresses (RFC 4648, 5), without padding.
pub(super) fn base64(out: &mut Writer, plain: &str) {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for three in plain.as_bytes().chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..=three.len() {
            out.one_of(ALPHABET, bits >> (18 - 6 * at) & 63);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(plain: &str) -> [String; 2] {
        let (mut in_base64, mut in_percent) = (Writer::default(), Writer::default());
        base64(&mut in_base64, plain);
        percent(&mut in_percent, plain);
        [in_base64.into_string(), in_percent.into_string()]
    }

    #[test]
    fn encodings_are_those_of_the_standards() {
        assert_eq!(encoded(""), ["", ""]);
        assert_eq!(encoded("f"), ["Zg", "f"]);
        assert_eq!(encoded("fo"), ["Zm8", "fo"]);
        assert_eq!(encoded("foobar"), ["Zm9vYmFy", "foobar"]);
        assert_eq!(encoded("ä?>~ +/"), ["w6Q_Pn4gKy8", "%C3%A4%3F%3E~%20%2B%2F"]);
    }

    #[test]
    fn halves_of_pairs_are_replaced_and_pairs_stay() {
        assert_eq!(whole(r"a\ud83d\ude00b\\ud83d\n"), r"a\ud83d\ude00b\\ud83d\n");
        assert_eq!(whole(r"\ud83d x\ude00\ud83d\ud83d\ude00\ud8"), "\u{FFFD} x\u{FFFD}\u{FFFD}\\ud83d\\ude00\\ud8");
    }

    proptest::proptest! {
        #[test]
        fn what_is_escaped_comes_back(text in ".*") {
            let inside = escaped(&text);
            let back: String = serde_json::from_str(&format!("\"{inside}\"")).unwrap();
            proptest::prop_assert_eq!(&back, &text);
            proptest::prop_assert_eq!(plain(&inside), text);
        }

        #[test]
        fn any_inside_becomes_one_that_every_reader_takes(
            parts in proptest::collection::vec("(\\\\u[dD][89abcdefABCDEF][0-9a-f]{2}|\\\\n|\\\\\\\\|\\\\\"|ä|x|\\\\u00e4)", 0..12)
        ) {
            let inside = whole(&parts.concat());
            let read: String = serde_json::from_str(&format!("\"{inside}\"")).unwrap();
            proptest::prop_assert_eq!(plain(&parts.concat()), read);
        }
    }
}
