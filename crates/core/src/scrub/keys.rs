//! Keys and tokens of machines: what is too random to be a word.

use super::Kind;
use super::hit::Hit;
use super::scan::Scan;
use super::text::Text;
use crate::list;
use crate::words::{List, slice};

/// What keys begin with. Sources: the services' own documentation of their key formats.
const BEGINNINGS: List = list![
    "sk_",
    "pk_",
    "rk_",
    "sk-",
    "whsec_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "xapp-",
    "AKIA",
    "ASIA",
    "AIza",
    "npm_",
    "pypi-",
    "hf_",
    "shp",
    "dop_v1_",
];

/// The shortest of them, in bytes: `AKIA` and 16 more.
const SHORT: usize = 20;
/// From here on what mixes classes of signs is no word any more.
const RANDOM: usize = 32;

/// Where the run of signs that keys are made of ends.
pub(super) fn end(text: &Text, mut at: usize) -> usize {
    while text.at(at).is_ascii_alphanumeric() || matches!(text.at(at), b'_' | b'-' | b'+' | b'/' | b'=' | b'.') {
        at += 1;
    }
    at
}

/// The key that begins at `at` with a word that ends at `word`.
pub(super) fn find(scan: &Scan, at: usize, word: usize) -> Hit {
    let text = scan.text;
    let begins = slice(scan.source, at, end(text, at));
    if begins.starts_with("eyJ") {
        let end = jwt(text, at);
        if end > 0 {
            return Hit::new(Kind::Jwt, end);
        }
    }
    if at > 0 && text.at(at - 1) == b'_' {
        return Hit::NONE;
    }
    let plain = part(text, at);
    let key = text.part(at, plain);
    if plain >= at + SHORT && BEGINNINGS.begins(begins) && key.iter().any(u8::is_ascii_digit) {
        return Hit::new(Kind::ApiKey, plain);
    }
    let hex =
        matches!(word - at, 32 | 40 | 64) && text.part(at, word).iter().all(u8::is_ascii_hexdigit) && plain == word;
    if hex && key.iter().any(u8::is_ascii_digit) && key.iter().any(u8::is_ascii_alphabetic) {
        return Hit::new(Kind::ApiKey, word);
    }
    let mut end = plain;
    while text.at(end).is_ascii_alphanumeric() || matches!(text.at(end), b'_' | b'-' | b'+' | b'/') {
        end += 1;
    }
    // A dash at the end is the sentence's; what fills up the last four signs is the key's.
    while matches!(text.at(end - 1), b'-' | b'/') {
        end -= 1;
    }
    while text.at(end) == b'=' {
        end += 1;
    }
    if end < at + RANDOM || text.word_sign(end) > 0 || !is_random(text.part(at, end)) {
        return Hit::NONE;
    }
    Hit::new(Kind::ApiKey, end)
}

/// How often the class of the signs changes: words and numbers keep theirs, what is random changes it at every second sign or so.
pub(super) fn is_random(key: &[u8]) -> bool {
    let (mut changes, mut seen) = (0, 0_u8);
    let mut before = 0;
    for byte in key {
        let class = match byte {
            b'0'..=b'9' => 1,
            b'A'..=b'Z' => 2,
            b'a'..=b'z' => 4,
            _ => 0,
        };
        seen |= class;
        changes += usize::from(class != before && class > 0 && before > 0);
        before = class;
    }
    match seen {
        7 => changes * 4 >= key.len(),
        3 | 5 => changes * 3 >= key.len(),
        _ => false,
    }
}

/// Where the JSON Web Token that begins at `at` ends: three parts, of which the first is JSON that names its algorithm (RFC 7515).
fn jwt(text: &Text, at: usize) -> usize {
    let first = part(text, at);
    let second = part(text, first + 1);
    // `"alg"` in base64, by where in three bytes it begins.
    let named = (at..first).any(|at| matches!(text.part(at, at + 6), b"ImFsZy" | b"JhbGci" | b"iYWxnI"));
    if !named || text.at(first) != b'.' || second < first + 3 {
        return 0;
    }
    // Without a signature there is still the dot before it.
    if text.at(second) == b'.' { part(text, second + 1) } else { second }
}

fn part(text: &Text, mut at: usize) -> usize {
    while text.at(at).is_ascii_alphanumeric() || matches!(text.at(at), b'-' | b'_') {
        at += 1;
    }
    at
}
