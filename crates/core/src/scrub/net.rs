//! Addresses of machines, and UUIDs: groups of hexadecimal digits.

use super::Kind;
use super::hit::Hit;
use super::text::Text;

/// What begins at `at` with a word that ends at `end`.
pub(super) fn find(text: &Text, at: usize, end: usize) -> Hit {
    let sign = text.at(end);
    // A label may stand right before it.
    if text.runs_in(at) && text.at(at - 1) != b':' {
        return Hit::NONE;
    }
    let signs = &mut [0; 36];
    let mac: &[u8] = match (sign, end - at) {
        (b'-', 8) => return Hit::new(Kind::Uuid, text.shape(at, b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", 36, signs)),
        (b':', 2) => b"xx:xx:xx:xx:xx:xx",
        (b'-', 2) => b"xx-xx-xx-xx-xx-xx",
        (b'.', 4) => b"xxxx.xxxx.xxxx",
        _ => b"!",
    };
    let end = text.shape(at, mac, 12, signs);
    // With dots and digits alone it is a card's.
    if end > 0 && (sign != b'.' || signs.iter().any(|sign| *sign > 9)) {
        return Hit::new(Kind::Mac, end);
    }
    Hit::new(Kind::Ipv6, if sign == b':' { ipv6(text, at) } else { 0 })
}

/// Where the IPv6 address that begins at `at` ends (RFC 4291, 2.2).
pub(super) fn ipv6(text: &Text, start: usize) -> usize {
    let mut at = start;
    let (mut count, mut gap, mut digits) = (0, false, false);
    loop {
        let from = at;
        while text.at(at).is_ascii_hexdigit() && at < from + 4 {
            digits |= text.at(at).is_ascii_digit();
            at += 1;
        }
        if text.at(at) == b'.' && at > from && text.at(at + 1).is_ascii_digit() {
            // The last 32 bits may be written as an IPv4 address.
            at = ipv4_end(text, from);
            if at == 0 {
                return 0;
            }
            count += 2;
            break;
        }
        count += usize::from(at > from);
        if text.at(at) != b':' {
            break;
        }
        if text.at(at + 1) == b':' && !gap {
            gap = true;
            at += 2;
            if !text.at(at).is_ascii_hexdigit() {
                break;
            }
        } else if at > from && text.at(at + 1).is_ascii_hexdigit() {
            at += 1;
        } else {
            break;
        }
    }
    let whole = if gap { (1..8).contains(&count) } else { count == 8 };
    // `::1` is everybody's own machine.
    if !whole || !digits && count < 3 || text.word_sign(at) > 0 || at == start + 3 && text.at(start) == b':' {
        return 0;
    }
    if text.at(at) == b':' && text.word_sign(at + 1) > 0 {
        return 0;
    }
    // A zone.
    if text.at(at) == b'%' { text.word_end(at + 1) } else { at }
}

/// Where the IPv4 address that begins at `at` ends; 0 for this machine's own.
pub(super) fn ipv4(text: &Text, at: usize) -> usize {
    let end = ipv4_end(text, at);
    let own = text.part(at, at + 4) == b"127.";
    if own || text.at(end) == b'.' && text.at(end + 1).is_ascii_digit() { 0 } else { end }
}

fn ipv4_end(text: &Text, mut at: usize) -> usize {
    for nth in 0..4 {
        if nth > 0 {
            if text.at(at) != b'.' {
                return 0;
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
            return 0;
        }
    }
    if text.word_sign(at) > 0 { 0 } else { at }
}
