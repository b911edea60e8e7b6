//! Numbers that begin with letters: accounts, VAT numbers, and those of persons in Spain and the United Kingdom.

use super::Kind;
use super::check::{iso_11_10, luhn, modulo, weighted};
use super::labels::Class;
use super::national::spain;
use super::number::label;
use super::scan::Scan;
use super::text::Text;

/// What begins at `at` with a word that ends at `end`.
pub(super) fn find(scan: &Scan, at: usize, end: usize) -> Option<(Kind, usize)> {
    let text = scan.text;
    if text.runs_in(at) {
        return None;
    }
    let (first, second) = (text.at(at).to_ascii_uppercase(), text.at(at + 1).to_ascii_uppercase());
    if first.is_ascii_uppercase() && second.is_ascii_uppercase() {
        if let Some(end) = iban(text, at) {
            return Some((Kind::Iban, end));
        }
        if let Some(end) = vat(text, at, [first, second]) {
            return Some((Kind::VatId, end));
        }
        if let Some(end) = nino(text, at, [first, second])
            && !saved(scan, at, end)
        {
            return Some((Kind::UkNino, end));
        }
    } else if matches!(first, b'X' | b'Y' | b'Z')
        && (text.at(at + 1).is_ascii_digit() || end == at + 1)
        && let Some(end) = nie(text, at)
        && !saved(scan, at, end)
    {
        return Some((Kind::EsNie, end));
    }
    None
}

/// Where a number ends that is written as an account's in groups of four, and is none: what is in it is nothing else either.
pub(super) fn spoiled(text: Text, at: usize, end: usize) -> Option<usize> {
    let digits = text.part(at + 2, end).iter().all(u8::is_ascii_digit);
    if end != at + 4 || !digits || !text.at(at).is_ascii_alphabetic() || !text.at(at + 1).is_ascii_alphabetic() {
        return None;
    }
    let mut to = end;
    loop {
        let from = to + text.space(to).max(text.dash(to));
        let next = text.word_end(from);
        if from == to || next > from + 4 || next == from {
            break;
        }
        to = next;
        if next < from + 4 {
            break;
        }
    }
    (to >= at + 12).then_some(to)
}

/// Whether a label says that it is another number.
pub(super) fn saved(scan: &Scan, at: usize, end: usize) -> bool {
    matches!(label(scan, at, end), Class::Order | Class::Version)
}

/// Letters and digits from `at` on, small letters as capitals, single separators left out; and where they end.
struct Signs {
    signs: [u8; 36],
    count: usize,
    end: usize,
    /// Separators stand only behind each fourth.
    fours: bool,
}

fn signs(text: Text, mut at: usize, most: usize) -> Signs {
    let mut signs = Signs { signs: [0; 36], count: 0, end: at, fours: true };
    while signs.count < most {
        let byte = text.at(at);
        if byte.is_ascii_alphanumeric() {
            signs.signs[signs.count] = byte.to_ascii_uppercase();
            signs.count += 1;
            at += 1;
            signs.end = at;
            continue;
        }
        let gap = text.space(at).max(text.dash(at)).max(usize::from(byte == b'.'));
        if gap == 0 || at != signs.end {
            break;
        }
        signs.fours &= signs.count % 4 == 0;
        at += gap;
    }
    signs
}

/// The values of ASCII digits; nothing where there is another sign.
fn values(signs: &[u8]) -> Option<[u8; 12]> {
    let mut values = [0; 12];
    for (value, sign) in values.iter_mut().zip(signs) {
        if !sign.is_ascii_digit() {
            return None;
        }
        *value = sign - b'0';
    }
    Some(values)
}

/// Countries, and how long their account numbers are: the letter so many behind `A`, and 14 (ISO 13616, the registry of SWIFT).
const LENGTHS: &[u8] = b"ADKAEJALOATGAZOBAGBECBGIBHIBINBRPBYOCHHCRICYOCZKDEIDJNDKEDOOEEGEGPESKFIEFKEFOEFRNGBIGEIGIJGLEGRNGTOHNOHRHHUOIEIILJIQJISMITNJOQKWQKZGLBO\
    LCSLIHLTGLUGLVHLYLMCNMDKMEIMKFMNGMRNMTRMUQNIONLENOBOMJPKKPLOPSPPTLQAPROKRSIRUTSAKSCRSDESEKSIFSKKSMNSOJSTLSVOTLJTNKTRMUAPVAIVGKXKGYEQ";

/// Where the account number that begins at `at` ends.
fn iban(text: Text, at: usize) -> Option<usize> {
    if !text.at(at + 2).is_ascii_digit() || !text.at(at + 3).is_ascii_digit() {
        return None;
    }
    let country = [text.at(at).to_ascii_uppercase(), text.at(at + 1).to_ascii_uppercase()];
    let length = LENGTHS.chunks_exact(3).find(|entry| entry[..2] == country)?[2];
    let length = usize::from(length - b'A') + 14;
    let signs = signs(text, at, length);
    // With letters in it, other gaps than those behind each fourth are the sentence's.
    let one = signs.fours || signs.signs[4..length].iter().all(u8::is_ascii_digit);
    if signs.count < length || !one || text.runs_on(signs.end) {
        return None;
    }
    // The first four go to the end; letters are 10 to 35.
    let mut rest = 0;
    for nth in 0..length {
        let sign = signs.signs[(nth + 4) % length];
        let longer = if sign.is_ascii_digit() {
            rest * 10 + u32::from(sign - b'0')
        } else {
            rest * 100 + u32::from(sign - b'A' + 10)
        };
        rest = longer % 97;
    }
    (rest == 1).then_some(signs.end)
}

/// Where the VAT number that begins at `at` ends: of the countries whose check is public.
fn vat(text: Text, at: usize, country: [u8; 2]) -> Option<usize> {
    let length = match &country {
        b"FI" => 10,
        b"DE" | b"EE" | b"ES" => 11,
        b"FR" => 13,
        b"SE" => 14,
        _ => return None,
    };
    // In small letters and by themselves they are words: `es 12345678Z`, `de 136695976`.
    if text.at(at).is_ascii_lowercase() && !text.at(at + 2).is_ascii_alphanumeric() {
        return None;
    }
    let signs = signs(text, at, length);
    let sign = &signs.signs[2..length];
    let valid = match &country {
        b"ES" => spanish(sign),
        _ => {
            let digits = &values(sign)?[..length - 2];
            match &country {
                b"FI" => (11 - weighted(digits, &[7, 9, 10, 5, 8, 4, 2]) % 11) % 11 == u32::from(digits[7]),
                b"DE" => iso_11_10(digits),
                b"EE" => weighted(digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0,
                // The two digits in front check the nine of the company.
                b"FR" => (12 + 3 * modulo(&digits[2..], 97)) % 97 == modulo(&digits[..2], 97),
                _ => digits[11] > 0 && digits[10] == 0 && luhn(&digits[..10]),
            }
        }
    };
    (signs.count == length && valid && !text.runs_on(signs.end)).then_some(signs.end)
}

/// A Spanish tax number: a person's, or a letter, seven digits and a check.
fn spanish(sign: &[u8]) -> bool {
    if let Some(digits) = values(&sign[..8]) {
        return spain(&digits[..8]) == sign[8];
    }
    let Some(digits) = values(&sign[1..8]) else { return false };
    match sign[0] {
        b'X'..=b'Z' => foreigner(sign),
        b'A'..=b'W' => {
            // As Luhn, of the digits without a check.
            let mut all = [0; 8];
            all[..7].copy_from_slice(&digits[..7]);
            (0..10).any(|check| {
                all[7] = check;
                luhn(&all) && (sign[8] == check + b'0' || sign[8] == b"JABCDEFGHI"[usize::from(check)])
            })
        }
        _ => false,
    }
}

/// `X`, `Y` or `Z` for 0, 1 or 2, seven digits and the letter.
fn foreigner(sign: &[u8]) -> bool {
    let Some(digits) = values(&sign[1..8]) else { return false };
    let mut all = [sign[0] - b'X'; 8];
    all[1..].copy_from_slice(&digits[..7]);
    spain(&all) == sign[8]
}

/// Where the number of a foreigner in Spain that begins at `at` ends.
fn nie(text: Text, at: usize) -> Option<usize> {
    let signs = signs(text, at, 9);
    (signs.count == 9 && foreigner(&signs.signs[..9]) && !text.runs_on(signs.end)).then_some(signs.end)
}

/// Where the British number that begins at `at` ends: two letters, six digits, a letter. The prefixes that are never given out are HMRC's.
fn nino(text: Text, at: usize, prefix: [u8; 2]) -> Option<usize> {
    let signs = signs(text, at, 9);
    let sign = &signs.signs;
    let never = |letter: u8| b"DFIQUV".contains(&letter);
    if signs.count < 9
        || never(prefix[0])
        || never(prefix[1])
        || prefix[1] == b'O'
        || [*b"BG", *b"GB", *b"KN", *b"NK", *b"NT", *b"TN", *b"ZZ"].contains(&prefix)
        || values(&sign[2..8]).is_none()
        || !(b'A'..=b'D').contains(&sign[8])
        || text.runs_on(signs.end)
    {
        return None;
    }
    // A letter by itself in a sentence is written small.
    (text.at(signs.end - 2).is_ascii_digit() || text.at(signs.end - 1).is_ascii_uppercase()).then_some(signs.end)
}
