//! E-mail addresses, also those whose signs are written as words.

use super::Kind;
use super::hit::Hit;
use super::labels::{Class, class};
use super::scan::Scan;
use super::text::Text;

/// The longest name before the `@`, in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL: usize = 64;

/// The address around the `@` at `at`, which has so many bytes.
pub(super) fn around(scan: &mut Scan, at: usize, bytes: usize) -> Hit {
    scan.start = local(scan.text, at);
    let end = domain(scan.text, at + bytes, false);
    if scan.start < at { Hit::new(Kind::Email, end) } else { Hit::NONE }
}

/// Where the name that ends at `end` begins; there where it is none.
fn local(text: &Text, end: usize) -> usize {
    let mut start = end;
    while start > 0 {
        let from = text.before(start);
        let sign = text.at(from);
        if end - from > LOCAL
            || text.word_sign(from) == 0 && !matches!(sign, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'' | b'&')
        {
            break;
        }
        start = from;
    }
    while start < end && matches!(text.at(start), b'.' | b'-' | b'\'' | b'&' | b'+' | b'%') {
        start += 1;
    }
    start
}

/// Where the domain that begins at `at` ends, 0 where none does. `words`: its dots may be words.
fn domain(text: &Text, at: usize, words: bool) -> usize {
    let (mut label, mut end) = (at, 0);
    loop {
        let mut to = label;
        let mut letters = true;
        loop {
            let bytes = text.word_sign(to);
            letters &= !text.at(to).is_ascii_digit();
            // A dash stands inside, or two do.
            if bytes == 0
                && !(to > label && text.at(to) == b'-' && (text.at(to + 1) == b'-' || text.word_sign(to + 1) > 0))
            {
                break;
            }
            to += bytes.max(1);
        }
        if to == label {
            return end;
        }
        // The last part has two letters at least, and no digits but where it is Punycode.
        let last = letters && to - label >= 2 || text.part(label, label + 4).eq_ignore_ascii_case(b"xn--");
        if label > at && last {
            end = to;
        }
        label = match text.at(to) {
            b'.' => to + 1,
            _ if words => in_word(text, to, Class::Dot),
            _ => 0,
        };
        if label == 0 {
            return end;
        }
    }
}

fn opens(sign: u8) -> bool {
    matches!(sign, b'(' | b'[' | b'{' | b'<')
}

/// Where what follows a word of `wanted` begins, which stands at `at` with spaces around it or in brackets; 0 where none does.
fn in_word(text: &Text, at: usize, wanted: Class) -> usize {
    let space = text.space(at);
    let bracket = usize::from(opens(text.at(at + space)));
    let from = at + space + bracket;
    let to = text.word_end(from);
    let dot = wanted == Class::Dot && to == from && bracket > 0 && text.at(to) == b'.';
    if from == at || !dot && class(text.part(from, to)) != wanted {
        return 0;
    }
    let to = to + usize::from(dot);
    let close = to + bracket;
    if bracket > 0 && !matches!(text.at(to), b')' | b']' | b'}' | b'>') {
        return 0;
    }
    let space = text.space(close);
    if bracket == 0 && space == 0 { 0 } else { close + space }
}

/// The address around the word for an `@` that stands at `at`.
pub(super) fn in_words(scan: &mut Scan, at: usize) -> Hit {
    let text = scan.text;
    let bracket = at > 0 && opens(text.at(at - 1));
    let mut left = at - usize::from(bracket);
    if left > 0 && text.space(text.before(left)) > 0 {
        left = text.before(left);
    }
    let right = in_word(text, left, Class::At);
    let mut start = local(text, left);
    let to = domain(text, right, true);
    if right == 0 || to == 0 || start == left || start < scan.done {
        return Hit::NONE;
    }
    // `us at shop.example` is a sentence, `anna.v at shop.example` is none; neither is one with dots in words.
    let odd = text.part(start, left).iter().any(|byte| matches!(byte, b'.' | b'_' | b'0'..=b'9'))
        || text.part(right, to).iter().any(|byte| matches!(byte, b' ' | b'(' | b'['));
    let label = scan.words.iter().rev().find(|word| word.end <= start).is_some_and(|word| word.class == Class::Mail);
    if !bracket && !odd && !label {
        return Hit::NONE;
    }
    // The name may have dots in words too.
    let mut from = start;
    while from > scan.done && from + 10 > start {
        from = text.before(from);
        if in_word(text, from, Class::Dot) == start {
            // The space before it is its own.
            let space = text.before(from);
            let dot = if from > 0 && text.space(space) > 0 { space } else { from };
            let name = local(text, dot);
            if name == dot || name < scan.done {
                break;
            }
            start = name;
            from = name;
        }
    }
    scan.start = start;
    Hit::new(Kind::Email, to)
}
