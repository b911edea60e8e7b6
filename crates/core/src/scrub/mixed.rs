//! Numbers that begin with letters: accounts, VAT numbers, and those of persons in Spain and the United Kingdom.

use super::Kind;
use super::check::{iso_11_10, luhn, modulo, weighted};
use super::hit::Hit;
use super::labels::Class;
use super::national::spain;
use super::number::label;
use super::scan::Scan;
use super::text::{Signs, Text};

/// What begins at `at`.
pub(super) fn find(scan: &Scan, at: usize) -> Hit {
    let text = scan.text;
    if text.runs_in(at) {
        return Hit::NONE;
    }
    let signs = &mut [0; 36];
    let end = iban(text, at, signs);
    if end > 0 {
        return Hit::new(Kind::Iban, end);
    }
    let end = vat(text, at, signs);
    if end > 0 {
        return Hit::new(Kind::VatId, end);
    }
    let end = nino(text, at, signs);
    let hit = if end > 0 { Hit::new(Kind::UkNino, end) } else { Hit::new(Kind::EsNie, nie(text, at, signs)) };
    if !hit.is_none() && matches!(label(scan, at, hit.end()), Class::Order | Class::Version) { Hit::NONE } else { hit }
}

/// Where a number ends that is written as an account's in groups of four, and is none: what is in it is nothing else either.
pub(super) fn spoiled(text: &Text, at: usize) -> usize {
    if !text.begins(at, b"aadd") {
        return 0;
    }
    let (mut from, mut to) = (at, at + 4);
    while to == from + 4 {
        from = to + text.space(to) + text.dash(to);
        let end = text.word_end(from);
        if end == from || end > from + 4 {
            break;
        }
        to = end;
    }
    if to >= at + 12 { to } else { 0 }
}

/// Countries, and how long their account numbers are: the letter so many behind `A`, and 14 (ISO 13616, the registry of SWIFT).
const LENGTHS: &[u8] = b"ADKAEJALOATGAZOBAGBECBGIBHIBINBRPBYOCHHCRICYOCZKDEIDJNDKEDOOEEGEGPESKFIEFKEFOEFRNGBIGEIGIJGLEGRNGTOHNOHRHHUOIEIILJIQJISMITNJOQKWQKZGLBO\
    LCSLIHLTGLUGLVHLYLMCNMDKMEIMKFMNGMRNMTRMUQNIONLENOBOMJPKKPLOPSPPTLQAPROKRSIRUTSAKSCRSDESEKSIFSKKSMNSOJSTLSVOTLJTNKTRMUAPVAIVGKXKGYEQ";

/// Where the account number that begins at `at` ends.
fn iban(text: &Text, at: usize, signs: &mut Signs) -> usize {
    let country = [text.at(at).to_ascii_uppercase(), text.at(at + 1).to_ascii_uppercase()];
    let Some(entry) = LENGTHS.chunks_exact(3).find(|entry| entry[..2] == country) else { return 0 };
    let length = usize::from(entry[2] - b'A') + 14;
    let end = text.shape(at, b"aadd~wwww~wwww~wwww~wwww~wwww~wwww~wwww~ww", length, signs);
    // The first four go to the end; letters are 10 to 35.
    let mut rest = 0;
    for nth in 0..length {
        let sign = u32::from(signs[(nth + 4) % length]);
        let longer = if sign < 10 { rest * 10 + sign } else { rest * 100 + sign + 10 - u32::from(b'A') };
        rest = longer % 97;
    }
    if rest == 1 { end } else { 0 }
}

/// Where the VAT number that begins at `at` ends: of the countries whose check is public.
fn vat(text: &Text, at: usize, signs: &mut Signs) -> usize {
    let country = [text.at(at).to_ascii_uppercase(), text.at(at + 1).to_ascii_uppercase()];
    let pattern: &[u8] = match &country {
        b"FI" => b"FI~ddddddd~d",
        b"DE" => b"DE~ddd~ddd~ddd",
        b"EE" => b"EE~ddd~ddd~ddd",
        b"FR" => b"FR~dd~ddd~ddd~ddd",
        b"SE" => b"SE~dddddd~dddd~dd",
        b"ES" => b"ES~w~ddddddd~w",
        _ => return 0,
    };
    let end = text.shape(at, pattern, 36, signs);
    // In small letters and by themselves they are words: `es 12345678Z`, `de 136695976`.
    if end == 0 || text.at(at).is_ascii_lowercase() && !text.at(at + 2).is_ascii_alphanumeric() {
        return 0;
    }
    let signs = &signs[2..];
    let valid = match &country {
        b"FI" => (11 - weighted(signs, &[7, 9, 10, 5, 8, 4, 2]) % 11) % 11 == u32::from(signs[7]),
        b"DE" => iso_11_10(&signs[..9]),
        b"EE" => weighted(signs, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10),
        // The two digits in front check the nine of the company.
        b"FR" => (12 + 3 * modulo(&signs[2..11], 97)) % 97 == modulo(&signs[..2], 97),
        b"SE" => signs[11] > 0 && signs[10] == 0 && luhn(&signs[..10]),
        _ => spanish(signs),
    };
    if valid { end } else { 0 }
}

/// A Spanish tax number: a person's, or a letter, seven digits and a check.
fn spanish(signs: &[u8]) -> bool {
    if signs[0] < 10 || signs[0] > b'W' {
        return foreigner(signs);
    }
    // As Luhn, of the digits without a check.
    let mut all = [0; 8];
    all[..7].copy_from_slice(&signs[1..8]);
    while !luhn(&all) {
        all[7] += 1;
    }
    signs[8] == all[7] || signs[8] == b"JABCDEFGHI"[usize::from(all[7] % 10)]
}

/// Eight digits and their letter; `X`, `Y` or `Z` is 0, 1 or 2.
fn foreigner(signs: &[u8]) -> bool {
    let mut all = [signs[0]; 8];
    all[1..].copy_from_slice(&signs[1..8]);
    if all[0] > 9 {
        all[0] = all[0].wrapping_sub(b'X');
    }
    all[0] < 10 && spain(&all) == signs[8]
}

/// Where the number of a foreigner in Spain that begins at `at` ends.
fn nie(text: &Text, at: usize, signs: &mut Signs) -> usize {
    let end = text.shape(at, b"a~ddddddd~a", 36, signs);
    if end > 0 && signs[0] >= b'X' && foreigner(signs) { end } else { 0 }
}

/// Where the British number that begins at `at` ends: two letters, six digits, a letter. The prefixes that are never given out are HMRC's.
fn nino(text: &Text, at: usize, signs: &mut Signs) -> usize {
    let end = text.shape(at, b"aa~dd~dd~dd~a", 36, signs);
    let never = b"BGGBKNNKNTTNZZ".chunks_exact(2).any(|prefix| prefix == &signs[..2]);
    // A letter by itself in a sentence is written small.
    if end == 0
        || never
        || matches!(signs[0], b'D' | b'F' | b'I' | b'Q' | b'U' | b'V')
        || matches!(signs[1], b'D' | b'F' | b'I' | b'O' | b'Q' | b'U' | b'V')
        || signs[8] > b'D'
        || !text.at(end - 2).is_ascii_digit() && text.at(end - 1).is_ascii_lowercase()
    {
        return 0;
    }
    end
}
