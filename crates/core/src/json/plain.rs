//! What the escapes in a JSON text say.

/// The code unit that the escape `\uXXXX` at `at` writes; 0 where there is none.
fn unit(inside: &str, at: usize) -> u32 {
    let mut unit = 0;
    match inside.as_bytes().get(at..at + 6) {
        Some([b'\\', b'u', digits @ ..]) => {
            for digit in digits {
                unit = unit << 4 | char::from(*digit).to_digit(16).unwrap_or_default();
            }
        }
        _ => return 0,
    }
    unit
}

/// How long the escape at `at` is, and the character that it writes: a pair of surrogates is one, and half of a pair is U+FFFD.
fn escape(inside: &str, at: usize) -> (usize, char) {
    let (first, second) = (unit(inside, at), unit(inside, at + 6));
    match (first, second) {
        (0xD800..0xDC00, 0xDC00..0xE000) => {
            let both = 0x1_0000 + ((first & 0x3FF) << 10) + (second & 0x3FF);
            (12, char::from_u32(both).unwrap_or('\u{FFFD}'))
        }
        (0, _) if inside.as_bytes().get(at + 1) != Some(&b'u') => {
            let sign = match inside.as_bytes().get(at + 1) {
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                Some(b't') => '\t',
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{C}',
                Some(byte) => char::from(*byte),
                None => '\u{FFFD}',
            };
            (2, sign)
        }
        _ => (6, char::from_u32(first).unwrap_or('\u{FFFD}')),
    }
}

/// Calls `found` with each stretch of `inside` without escapes, and with the escape after it and what that says.
pub(crate) fn unescape(inside: &str, found: &mut dyn FnMut(&str, &str, char)) {
    let bytes = inside.as_bytes();
    let (mut done, mut at) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            let (len, sign) = escape(inside, at);
            let end = (at + len).min(bytes.len());
            found(inside.get(done..at).unwrap_or_default(), inside.get(at..end).unwrap_or_default(), sign);
            at = end;
            done = end;
        } else {
            at += 1;
        }
    }
    found(inside.get(done..).unwrap_or_default(), "", '\0');
}

/// What the inside of a JSON text says.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn plain(inside: &str) -> String {
    let mut out = String::new();
    unescape(inside, &mut |before, escape, sign| {
        out.push_str(before);
        if !escape.is_empty() {
            out.push(sign);
        }
    });
    out
}
