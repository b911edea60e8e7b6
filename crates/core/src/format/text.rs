//! Text in its many coats: within JSON, within JSON within JSON, in addresses, in base 64.

use crate::json::{Writer, unescape};

/// `plain` as it stands between the quotes of a JSON text. Twice applied it is JSON within JSON.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn escaped(plain: &str) -> String {
    let mut out = Writer::default();
    let mut done = 0;
    for (at, byte) in plain.bytes().enumerate() {
        if byte < b' ' || matches!(byte, b'"' | b'\\') {
            out.raw(&plain[done..at]);
            if byte < b' ' {
                out.raw("\\u00");
                hex(&mut out, byte, "0123456789abcdef");
            } else {
                out.raw("\\");
                out.raw(&plain[at..=at]);
            }
            done = at + 1;
        }
    }
    out.raw(&plain[done..]);
    out.into_string()
}

fn hex(out: &mut Writer, byte: u8, digits: &str) {
    out.one_of(digits, usize::from(byte >> 4));
    out.one_of(digits, usize::from(byte & 15));
}

/// The inside of a JSON text in which half a pair of surrogates gives way to U+FFFD: no other JSON reader takes it, and it would spoil
/// the whole batch.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn whole(inside: &str) -> String {
    let mut out = Writer::default();
    unescape(inside, &mut |before, escape, sign| {
        out.raw(before);
        out.raw(if sign == '\u{FFFD}' { "\u{FFFD}" } else { escape });
    });
    out.into_string()
}

/// `plain` as a part of an address, as RFC 3986 has it: all but the unreserved is encoded.
pub(super) fn percent(out: &mut Writer, plain: &str) {
    for (at, byte) in plain.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.raw(&plain[at..=at]);
        } else {
            out.raw("%");
            hex(out, byte, "0123456789ABCDEF");
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
        assert_eq!(whole(r"\ud83d x\ude00\ud83d\ud83d\ude00"), "\u{FFFD} x\u{FFFD}\u{FFFD}\\ud83d\\ude00");
    }

    proptest::proptest! {
        #[test]
        fn what_is_escaped_comes_back(text in ".*") {
            let inside = escaped(&text);
            let back: String = serde_json::from_str(&format!("\"{inside}\"")).unwrap();
            proptest::prop_assert_eq!(&back, &text);
            proptest::prop_assert_eq!(crate::json::plain(&inside), text);
        }

        #[test]
        fn any_inside_becomes_one_that_every_reader_takes(
            parts in proptest::collection::vec("(\\\\u[dD][89abcdefABCDEF][0-9a-f]{2}|\\\\n|\\\\\\\\|\\\\\"|ä|x|\\\\u00e4)", 0..12)
        ) {
            let inside = whole(&parts.concat());
            let read: String = serde_json::from_str(&format!("\"{inside}\"")).unwrap();
            proptest::prop_assert_eq!(crate::json::plain(&parts.concat()), read);
        }
    }
}
