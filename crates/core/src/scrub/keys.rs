//! Keys and tokens of machines: what is too random to be a word.

use super::Kind;
use super::net;
use super::text::Text;

/// What keys begin with, each with how many signs follow at least. A final `!` is for those that are capitals and digits alone.
/// Sources: the services' own documentation of their key formats.
const BEGINNINGS: &str = "sk_live_ sk_test_ pk_live_ pk_test_ rk_live_ rk_test_ sk-proj- sk-ant- whsec_ ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xoxb- xoxp- xoxa- xoxr- xoxs- xapp- \
     AKIA ASIA AIza ya29. npm_ pypi- hf_ shpat_ shpss_ shpca_ SG. dop_v1_ key- EAAC";

/// Signs behind a beginning, at least.
const BEHIND: usize = 12;
/// From here on what mixes classes of signs is no word any more.
const RANDOM: usize = 32;

/// Where the run of signs that keys are made of ends.
pub(super) fn end(text: Text, mut at: usize) -> usize {
    loop {
        match text.at(at) {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-' | b'+' | b'/' | b'=' | b'.' => at += 1,
            _ => return at,
        }
    }
}

/// The key that begins at `at` with a word that ends at `word`.
pub(super) fn find(text: Text, at: usize, word: usize) -> Option<(Kind, usize)> {
    if text.part(at, at + 3) == b"eyJ"
        && let Some(end) = jwt(text, at)
    {
        return Some((Kind::Jwt, end));
    }
    if word == at + 8
        && let Some(end) = net::uuid(text, at)
    {
        return Some((Kind::Uuid, end));
    }
    if at > 0 && text.at(at - 1) == b'_' {
        return None;
    }
    let behind = run(text, at, false);
    let mut begins = BEGINNINGS.as_bytes().split(|byte| *byte == b' ');
    if begins.any(|begin| {
        text.part(at, at + begin.len()) == begin && behind >= at + begin.len() + BEHIND && has(text.part(at, behind))
    }) {
        return Some((Kind::ApiKey, behind));
    }
    if matches!(word - at, 32 | 40 | 64) && is_hex(text.part(at, word)) && !matches!(text.at(word), b'_' | b'-') {
        return Some((Kind::ApiKey, word));
    }
    let end = run(text, at, true);
    (end - at >= RANDOM && is_random(text.part(at, end))).then_some((Kind::ApiKey, end))
}

/// Where the signs of one key end: letters, digits, `_` and `-`, with `base64` also `+`, `/` and `=`.
fn run(text: Text, mut at: usize, base64: bool) -> usize {
    let start = at;
    loop {
        match text.at(at) {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-' => at += 1,
            b'+' | b'/' if base64 => at += 1,
            // Padding, at the end.
            b'=' if base64 && matches!(text.at(at + 1), b'=')
                || base64 && text.at(at) == b'=' && !text.at(at + 1).is_ascii_alphanumeric() =>
            {
                at += 1
            }
            // Some keys have one dot behind their beginning.
            b'.' if !base64 && at < start + 5 => at += 1,
            _ => break,
        }
    }
    // A dash at the end is the sentence's.
    while at > start && matches!(text.at(at - 1), b'-' | b'/' | b'.') {
        at -= 1;
    }
    at
}

/// Letters and digits both.
fn has(key: &[u8]) -> bool {
    key.iter().any(u8::is_ascii_digit)
}

fn is_hex(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_hexdigit) && has(word) && word.iter().any(u8::is_ascii_alphabetic)
}

/// How often the class of the signs changes: words and numbers keep theirs, what is random changes it at every second sign or so.
pub(super) fn is_random(key: &[u8]) -> bool {
    let (mut changes, mut digits, mut upper, mut lower) = (0, 0, 0, 0);
    let mut before = 0;
    for byte in key {
        let class = match byte {
            b'0'..=b'9' => {
                digits += 1;
                1
            }
            b'A'..=b'Z' => {
                upper += 1;
                2
            }
            b'a'..=b'z' => {
                lower += 1;
                3
            }
            _ => 0,
        };
        changes += usize::from(class != before && class > 0 && before > 0);
        before = class;
    }
    digits > 0
        && upper + lower > 0
        && if upper > 0 && lower > 0 { changes * 4 >= key.len() } else { changes * 3 >= key.len() }
}

/// A JSON Web Token: three parts, of which the first is JSON that names its algorithm (RFC 7515).
fn jwt(text: Text, at: usize) -> Option<usize> {
    let first = part(text, at);
    if text.at(first) != b'.' {
        return None;
    }
    let second = part(text, first + 1);
    if second < first + 3 {
        return None;
    }
    let mut header = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in text.part(at, first) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            _ => 63,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            header.push((bits >> count) as u8);
        }
    }
    if !header.windows(5).any(|name| name == b"\"alg\"") {
        return None;
    }
    // Without a signature there is still the dot before it.
    Some(if text.at(second) == b'.' { part(text, second + 1) } else { second })
}

fn part(text: Text, mut at: usize) -> usize {
    while text.at(at).is_ascii_alphanumeric() || matches!(text.at(at), b'-' | b'_') {
        at += 1;
    }
    at
}
