//! E-mail addresses, also those whose signs are written as words.

use super::Kind;
use super::labels::{Class, class};
use super::scan::Scan;
use super::text::Text;

/// The longest name before the `@`, in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL: usize = 64;

/// The address around the `@` at `at`, which has so many bytes.
pub(super) fn around(scan: &Scan, at: usize, bytes: usize) -> Option<(Kind, usize, usize)> {
    let start = local(scan, at)?;
    let end = domain(scan.text, at + bytes, false)?;
    Some((Kind::Email, start, end))
}

/// Where the name that ends at `end` begins.
fn local(scan: &Scan, end: usize) -> Option<usize> {
    let text = scan.text;
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
    (start < end).then_some(start)
}

/// Where the domain that begins at `at` ends. `words`: its dots may be words.
fn domain(text: Text, at: usize, words: bool) -> Option<usize> {
    let (mut label, mut end) = (at, None);
    loop {
        let mut to = label;
        let mut letters = true;
        loop {
            match text.word_sign(to) {
                0 if text.dash(to) == 1 && to > label && text.word_sign(to + 1) > 0
                    || text.at(to) == b'-' && text.at(to + 1) == b'-' && to > label =>
                {
                    to += 1
                }
                0 => break,
                bytes => {
                    letters &= !text.at(to).is_ascii_digit();
                    to += bytes;
                }
            }
        }
        if to == label {
            return end;
        }
        // The last part has two letters at least, and no digits but where it is Punycode.
        let last = letters && to - label >= 2 || text.part(label, label + 4).eq_ignore_ascii_case(b"xn--");
        if label > at && last {
            end = Some(to);
        }
        label = match text.at(to) {
            b'.' => to + 1,
            _ if words => match in_word(text, to, Class::Dot) {
                Some(next) => next,
                None => return end,
            },
            _ => return end,
        };
    }
}

/// Where what follows a word of `wanted` begins, which stands at `at` with spaces around it or in brackets.
fn in_word(text: Text, at: usize, wanted: Class) -> Option<usize> {
    let mut from = at + text.space(at);
    let bracket = matches!(text.at(from), b'(' | b'[' | b'{' | b'<');
    if from == at && !bracket {
        return None;
    }
    from += usize::from(bracket);
    let mut to = text.word_end(from);
    if to == from && text.at(to) == b'.' {
        to += 1;
    } else if class(text.part(from, to)) != wanted {
        return None;
    }
    if bracket {
        if !matches!(text.at(to), b')' | b']' | b'}' | b'>') {
            return None;
        }
        return Some(to + 1 + text.space(to + 1));
    }
    let space = text.space(to);
    (space > 0).then_some(to + space)
}

/// The address around an `at` in words, from `at` to `end`.
pub(super) fn in_words(scan: &Scan, at: usize, end: usize) -> Option<(Kind, usize, usize)> {
    let text = scan.text;
    let bracket = matches!(text.at(at.wrapping_sub(1)), b'(' | b'[' | b'{' | b'<');
    let (mut left, mut right) = (at - usize::from(bracket), end);
    if bracket {
        if !matches!(text.at(end), b')' | b']' | b'}' | b'>') {
            return None;
        }
        right += 1;
    }
    let spaces = (left > 0 && text.space(text.before(left)) > 0, text.space(right));
    if spaces.0 {
        left = text.before(left);
    } else if !bracket {
        return None;
    }
    if spaces.1 == 0 && !bracket {
        return None;
    }
    right += spaces.1;
    let mut start = local(scan, left)?;
    let to = domain(text, right, true)?;
    // `us at shop.example` is a sentence, `anna.v at shop.example` is none.
    let name = text.part(start, left);
    let dots = text.part(right, to).contains(&b' ')
        || text.part(right, to).contains(&b'(')
        || text.part(right, to).contains(&b'[');
    if !bracket && !dots {
        let odd = name.iter().any(|byte| matches!(byte, b'.' | b'_' | b'0'..=b'9'));
        let mut words = scan.words.iter().rev().filter(|word| word.end <= start);
        if !odd && !words.next().is_some_and(|word| word.class == Class::Mail) {
            return None;
        }
    }
    // The name may have dots in words too.
    for _ in 0..3 {
        let Some(dot) = before(text, start, scan.done) else { break };
        match local(scan, dot) {
            Some(from) if from >= scan.done => start = from,
            _ => break,
        }
    }
    (start >= scan.done).then_some((Kind::Email, start, to))
}

/// Where a dot in words before `at` begins.
fn before(text: Text, at: usize, done: usize) -> Option<usize> {
    let mut from = at;
    // No dot in words is longer, with its brackets and spaces.
    for _ in 0..9 {
        if from <= done {
            return None;
        }
        from = text.before(from);
        if in_word(text, from, Class::Dot) == Some(at)
            && !(text.space(from) == 0 && from > 0 && text.space(text.before(from)) > 0)
        {
            return Some(from);
        }
    }
    None
}
