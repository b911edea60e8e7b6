//! Addresses of machines, and UUIDs: groups of hexadecimal digits.

use super::Kind;
use super::text::Text;

/// What begins at `at` with a word that ends at `end`.
pub(super) fn find(text: Text, at: usize, end: usize) -> Option<(Kind, usize)> {
    if text.runs_in(at) && text.at(at - 1) != b':' {
        return None;
    }
    let sign = text.at(end);
    let mac = match (sign, end - at) {
        (b':' | b'-', 2) => groups(text, at, &[2; 6], sign),
        // Digits alone are a card's.
        (b'.', 4) => {
            groups(text, at, &[4; 3], sign).filter(|end| text.part(at, *end).iter().any(u8::is_ascii_alphabetic))
        }
        _ => None,
    };
    if let Some(end) = mac
        && text.at(end) != sign
    {
        return Some((Kind::Mac, end));
    }
    if sign == b':' {
        return Some((Kind::Ipv6, ipv6(text, at)?));
    }
    None
}

/// Where the UUID that begins at `at` ends.
pub(super) fn uuid(text: Text, at: usize) -> Option<usize> {
    groups(text, at, &[8, 4, 4, 4, 12], b'-').filter(|_| !text.runs_in(at))
}

/// Where groups of so many hexadecimal digits end, with `sign` between them.
fn groups(text: Text, mut at: usize, lens: &[usize], sign: u8) -> Option<usize> {
    for (nth, &len) in lens.iter().enumerate() {
        if nth > 0 {
            if text.at(at) != sign {
                return None;
            }
            at += 1;
        }
        for _ in 0..len {
            if !text.at(at).is_ascii_hexdigit() {
                return None;
            }
            at += 1;
        }
    }
    (text.word_sign(at) == 0).then_some(at)
}

/// Where the IPv6 address that begins at `at` ends (RFC 4291, 2.2).
pub(super) fn ipv6(text: Text, start: usize) -> Option<usize> {
    let mut at = start;
    let (mut count, mut gap, mut digits) = (0, false, false);
    loop {
        let from = at;
        while text.at(at).is_ascii_hexdigit() && at < from + 4 {
            digits |= text.at(at).is_ascii_digit();
            at += 1;
        }
        if text.at(at) == b'.'
            && at > from
            && let Some(end) = ipv4_end(text, from)
        {
            // The last 32 bits may be written as an IPv4 address.
            (at, count) = (end, count + 2);
            break;
        }
        if at > from {
            count += 1;
        }
        match (text.at(at), text.at(at + 1)) {
            (b':', b':') if !gap => {
                gap = true;
                at += 2;
                if !text.at(at).is_ascii_hexdigit() {
                    break;
                }
            }
            (b':', next) if at > from && next.is_ascii_hexdigit() => at += 1,
            _ => break,
        }
    }
    let whole = if gap { (1..8).contains(&count) } else { count == 8 };
    // `::1` is everybody's own machine.
    if !whole || !digits && count < 3 || text.word_sign(at) > 0 || text.part(start, at) == b"::1" {
        return None;
    }
    if text.at(at) == b':' && text.word_sign(at + 1) > 0 {
        return None;
    }
    // A zone.
    if text.at(at) == b'%' && text.word_sign(at + 1) > 0 {
        at = text.word_end(at + 1);
    }
    Some(at)
}

/// Where the IPv4 address that begins at `at` ends; nothing for this machine's own.
pub(super) fn ipv4(text: Text, at: usize) -> Option<usize> {
    let end = ipv4_end(text, at)?;
    let own = text.part(at, at + 4) == b"127.";
    (!own && !text.runs_in(at) && !(text.at(end) == b'.' && text.at(end + 1).is_ascii_digit())).then_some(end)
}

fn ipv4_end(text: Text, mut at: usize) -> Option<usize> {
    for nth in 0..4 {
        if nth > 0 {
            if text.at(at) != b'.' {
                return None;
            }
            at += 1;
        }
        let from = at;
        let mut value = 0;
        while text.at(at).is_ascii_digit() && at < from + 3 {
            value = value * 10 + u32::from(text.at(at) - b'0');
            at += 1;
        }
        if at == from || value > 255 || at - from > 1 && text.at(from) == b'0' {
            return None;
        }
    }
    (text.word_sign(at) == 0).then_some(at)
}
