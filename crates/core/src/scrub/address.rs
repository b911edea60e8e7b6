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
    let number = if known == Class::StreetFirst {
        // Calle Mayor 12; a single letter is one only with its slash: `C/ Mayor 12`.
        let slash = text.at(end) == b'/';
        if end == at + 1 && !slash {
            return Hit::NONE;
        }
        let mut to = end + usize::from(slash || text.at(end) == b'.');
        let mut named = false;
        for _ in 0..6 {
            to += text.space(to);
            let word = text.word_end(to);
            if text.at(to).is_ascii_digit() || word == to {
                break;
            }
            named |= text.capital(to);
            if !text.capital(to)
                && class(text.part(to, word)) != Class::Particle
                && class(text.part(to, word)) != Class::Link
            {
                return Hit::NONE;
            }
            to = word;
            if text.at(to) == b',' {
                break;
            }
        }
        if !named {
            return Hit::NONE;
        }
        to
    } else if known == Class::StreetLast {
        // Harju tänav 5, Store gate 5: the word before is the name.
        let Some(before) = scan.words.iter().rev().nth(1) else { return Hit::NONE };
        if before.end + 1 != at || !text.capital(before.start) || before.class != Class::None {
            return Hit::NONE;
        }
        from = before.start;
        end + usize::from(text.at(end) == b'.')
    } else if ends_street(scan, at, end) {
        end + usize::from(text.at(end) == b'.')
    } else {
        return Hit::NONE;
    };
    let comma = usize::from(text.at(number) == b',' && known == Class::StreetFirst);
    let mut number = number + comma;
    number += text.space(number);
    let to = house(text, number);
    if to == 0 || from < scan.done {
        return Hit::NONE;
    }
    scan.start = from;
    Hit::new(Kind::Address, rest(text, to))
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

/// The address that begins with the number at `at`: 12 High Street, 12 rue de la Paix.
pub(super) fn number_first(text: &Text, at: usize, run: &Digits) -> usize {
    if run.lens[0] > 4 {
        return 0;
    }
    let mut to = text.word_end(at);
    // 12 bis, 12B.
    if to - at > usize::from(run.lens[0]) + 1 {
        return 0;
    }
    to += usize::from(text.at(to) == b',');
    let mut space = text.space(to);
    if text.part(to + space, to + space + 4) == b"bis " {
        to += space + 3;
        space = text.space(to);
    }
    if space == 0 {
        return 0;
    }
    to += space;
    let first = text.word_end(to);
    if class(text.part(to, first)) == Class::StreetFirst && first > to + 1 {
        let mut end = first + usize::from(text.at(first) == b'.');
        let mut named = 0;
        for _ in 0..6 {
            let from = end + text.space(end);
            // l'Église, d'Or.
            let from = if matches!(text.part(from, from + 2), b"l'" | b"d'") { from + 2 } else { from };
            let word = text.word_end(from);
            if word == from || from == end {
                break;
            }
            let small = class(text.part(from, word)) == Class::Particle;
            if text.capital(from) {
                named = word;
            } else if !small {
                break;
            }
            end = word;
            // Saint-Honoré.
            while text.at(end) == b'-' && text.word_sign(end + 1) > 0 {
                end = text.word_end(end + 1);
                named = end;
            }
        }
        return if named > 0 { rest(text, named) } else { 0 };
    }
    let mut word = to;
    for nth in 0..4 {
        let end = text.word_end(word);
        if end == word || !text.capital(word) {
            return 0;
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
        if at == end || !number && !(post && to > at + 1 && text.capital(at) && class(text.part(at, to)) == Class::None)
        {
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
