//! Streets with a number, and what belongs to them: stair, flat, postcode and city.

use super::Kind;
use super::digits::Digits;
use super::hit::Hit;
use super::labels::{Class, class};
use super::scan::Scan;
use super::text::Text;
use crate::list;
use crate::words::{List, slice};

/// How names of streets end, in small letters.
const ENDINGS: List = list![
    "katu",
    "kadun",
    "tie",
    "tien",
    "kuja",
    "polku",
    "kaari",
    "raitti",
    "väylä",
    "puistikko",
    "kadulla",
    "kadulta",
    "tiellä",
    "vägen",
    "gatan",
    "gränd",
    "stigen",
    "torget",
    "allén",
    "backen",
    "veien",
    "vegen",
    "gata",
    "gaten",
    "gate",
    "vei",
    "veg",
    "stien",
    "svingen",
    "vej",
    "gade",
    "stræde",
    "vænget",
    "allé",
    "plads",
    "straße",
    "strasse",
    "str",
    "weg",
    "platz",
    "allee",
    "gasse",
    "damm",
    "ufer",
    "ring",
    "straat",
    "laan",
    "plein",
    "kade",
    "gracht",
    "dijk",
    "singel",
    "steeg",
    "tänav",
];

/// The street that begins at `at` with a word that ends at `end`: its name, then its number.
pub(super) fn street_first(scan: &mut Scan, at: usize, end: usize, known: Class) -> Hit {
    let text = scan.text;
    let mut from = at;
    let mut number = end + usize::from(text.at(end) == b'.');
    if known == Class::StreetFirst {
        // Calle Mayor 12; a single letter is one only with its slash: `C/ Mayor 12`.
        let slash = text.at(end) == b'/';
        if end == at + 1 && !slash {
            return Hit::NONE;
        }
        number = name(text, end + usize::from(slash || text.at(end) == b'.'));
        if number == 0 {
            return Hit::NONE;
        }
        number += usize::from(text.at(number) == b',');
    } else if known == Class::StreetLast {
        // Harju tänav 5, Store gate 5: the word before is the name.
        let Some(before) = scan.words.iter().rev().nth(1) else { return Hit::NONE };
        if before.end + 1 != at || !text.capital(before.start) || before.class != Class::None {
            return Hit::NONE;
        }
        from = before.start;
    } else if !text.at(number + text.space(number)).is_ascii_digit() || !ends_street(scan, at, end) {
        return Hit::NONE;
    }
    let to = house(text, number + text.space(number));
    if to == 0 || from < scan.done {
        return Hit::NONE;
    }
    scan.start = from;
    Hit::new(Kind::Address, rest(text, to))
}

/// Where the name of a street ends that begins behind `at`: up to its last word with a capital, 0 where there is none.
fn name(text: &Text, mut at: usize) -> usize {
    let mut named = 0;
    for _ in 0..6 {
        at += text.space(at);
        // l'Exemple, d'Or.
        if matches!(text.at(at), b'l' | b'd') && text.at(at + 1) == b'\'' {
            at += 2;
        }
        let mut to = text.word_end(at);
        // Saint-Honoré.
        while text.at(to) == b'-' && text.word_sign(to + 1) > 0 {
            to = text.word_end(to + 1);
        }
        if text.capital(at) {
            named = to;
        } else if class(text.part(at, to)) != Class::Particle {
            break;
        }
        at = to;
    }
    named
}

/// Whether a word ends as streets do; the word for a street alone does not.
fn ends_street(scan: &Scan, at: usize, end: usize) -> bool {
    let text = scan.text;
    let word = slice(scan.source, at, end);
    let small = word.len() > 5
        && ENDINGS.lens.iter().enumerate().any(|(nth, len)| {
            let from = word.len().wrapping_sub(usize::from(*len));
            from >= 3 && from < word.len() && slice(word, from, word.len()) == ENDINGS.at(nth)
        });
    small && (text.space(end) > 0 || text.at(end) == b'.')
}

/// Where the address ends that begins with the number at `at`, 0 where it is none: 12 High Street, 12 rue de la Paix.
pub(super) fn number_first(text: &Text, at: usize, run: &Digits) -> usize {
    let mut to = text.word_end(at);
    // 12 bis, 12B.
    if run.lens[0] > 4 || to > at + usize::from(run.lens[0]) + 1 {
        return 0;
    }
    to += usize::from(text.at(to) == b',');
    if text.part(to, to + 5) == b" bis " {
        to += 4;
    }
    let mut word = to + text.space(to);
    let first = text.word_end(word);
    if word == to || first == word {
        return 0;
    }
    if class(text.part(word, first)) == Class::StreetFirst && first > word + 1 {
        let end = name(text, first + usize::from(text.at(first) == b'.'));
        return if end > 0 { rest(text, end) } else { 0 };
    }
    for nth in 0..4 {
        let end = text.word_end(word);
        if !text.capital(word) {
            break;
        }
        if nth > 0 && class(text.part(word, end)) == Class::StreetLast {
            return rest(text, end);
        }
        word = end + text.space(end);
    }
    0
}

/// Where the number of a house ends, with its stair and flat: `12`, `12b`, `5 A 12`, `12-3`, `12, 3º B`.
fn house(text: &Text, at: usize) -> usize {
    let mut end = text.word_end(at);
    if end > at + 5 || !text.at(at).is_ascii_digit() {
        return 0;
    }
    if matches!(text.at(end), b'-' | b'/') && text.at(end + 1).is_ascii_digit() && text.word_end(end + 1) - end <= 4 {
        end = text.word_end(end + 1);
    }
    // A letter by itself, then perhaps a number.
    let stair = end + text.space(end);
    if stair > end && text.at(stair).is_ascii_uppercase() && text.word_end(stair) == stair + 1 {
        end = stair + 1;
        let flat = end + text.space(end);
        let to = text.word_end(flat);
        if text.at(flat).is_ascii_digit() && to - flat <= 3 {
            end = to;
        }
    }
    if matches!(text.at(end), b'%' | b'-') { 0 } else { end }
}

/// Where what belongs to a street and its number ends: postcode and city, behind a comma or with a postcode in front.
fn rest(text: &Text, mut end: usize) -> usize {
    let mut at = end;
    let mut post = text.at(end) == b',';
    for _ in 0..4 {
        at += usize::from(text.at(at) == b',');
        at += text.space(at);
        let mut to = text.word_end(at);
        // 00100, 123 45, SW1A 1AA; a shorter number is none of an address.
        let number = text.at(at).is_ascii_digit() && (at + 3..=at + 5).contains(&to)
            || post && at + 2 == to && text.at(at).is_ascii_digit();
        let city = post && to > at + 1 && text.capital(at) && class(text.part(at, to)) == Class::None;
        if at == end || !number && !city {
            break;
        }
        post = true;
        // Essai-sur-Mer.
        while text.at(to) == b'-' && text.word_sign(to + 1) > 0 {
            to = text.word_end(to + 1);
        }
        (at, end) = (to, to);
    }
    end
}
