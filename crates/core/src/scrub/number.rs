//! What begins with a digit, a plus or a bracket: by its shape, its check and the words beside it.

use super::Kind;
use super::address;
use super::check::{is_date, luhn, pair};
use super::digits::Digits;
use super::labels::{Class, class};
use super::national::{self, denmark, iceland, netherlands, sweden};
use super::net;
use super::scan::Scan;
use super::text::Text;

type Place = (Kind, usize, usize);

/// What begins with the digit at `at`.
pub(super) fn find(scan: &Scan, at: usize) -> Option<Place> {
    let text = scan.text;
    if text.runs_in(at) {
        return None;
    }
    let run = Digits::read(text, at)?;
    let before = before(scan, at);
    if before == Class::Born
        && let Some(end) = date(text, at, &run)
    {
        return Some((Kind::Dob, at, end));
    }
    let found = sure(text, at, &run, before).or_else(|| spanish(text, at));
    if let Some((kind, end)) = found {
        let label = if before == Class::None { after(text, end) } else { before };
        // A card's groups say what it is, whatever is written before.
        let grouped = kind == Kind::Card && run.lens[0] == 4;
        if grouped || !matches!(label, Class::Order | Class::Version) {
            return Some((kind, at, end));
        }
        return None;
    }
    if let Some(end) = net::ipv4(text, at)
        && before != Class::Version
        && before != Class::Phone
    {
        return Some((Kind::Ipv4, at, end));
    }
    if let Some(end) = address::number_first(scan, at, &run) {
        return Some((Kind::Address, at, end));
    }
    let end = phone(text, &run, before)?;
    Some((Kind::Phone, at, end))
}

/// Where a number ends that has the groups of one with a check, and whose check does not hold: what is in it is nothing else either.
pub(super) fn spoiled(text: Text, at: usize) -> Option<usize> {
    let run = Digits::read(text, at)?;
    let shape = |lens: &&[u8]| run.is(lens, 0);
    let shapes: [&[u8]; 4] = [&[1, 2, 2, 2, 3, 3, 2], &[4, 4, 4, 4], &[2, 3, 3, 3], &[4, 6, 5]];
    shapes.iter().find(|lens| shape(lens)).map(|lens| run.end(lens.len()))
}

/// What begins with the plus or the bracket at `at`.
pub(super) fn signed(scan: &Scan, at: usize) -> Option<Place> {
    let text = scan.text;
    let plus = text.at(at) == b'+';
    // `+(358)`.
    let first = at + 1 + usize::from(plus && text.at(at + 1) == b'(');
    if !plus && text.at(first) == b'+' {
        let (kind, _, end) = signed(scan, first)?;
        return Some((kind, first, end));
    }
    if !text.at(first).is_ascii_digit() || at < scan.done || text.word_before(at) && plus {
        return None;
    }
    let run = Digits::read(text, first)?;
    let end =
        if plus { abroad(&run, 0)? } else { phone(text, &run, before(scan, at)).filter(|_| bracketed(text, &run))? };
    Some((Kind::Phone, at, end))
}

/// Whether the bracket before the first group is closed behind it.
fn bracketed(text: Text, run: &Digits) -> bool {
    text.at(run.groups[0].end) == b')' && run.count > 1
}

/// What the digits are for sure: their check, or a shape that nothing else has.
fn sure(text: Text, at: usize, run: &Digits, before: Class) -> Option<(Kind, usize)> {
    if let Some(end) = hetu(text, at) {
        return Some((Kind::FiHetu, end));
    }
    if let Some(count) = card(run, before) {
        return Some((Kind::Card, run.end(count)));
    }
    if let Some(end) = nir(text, at) {
        return Some((Kind::FrNir, end));
    }
    let phone = before == Class::Phone;
    for count in 1..=run.count.min(4) {
        let digits = run.first(count);
        let lens = &run.lens[..count];
        let sign = run.groups[count - 1].sign;
        let kind = match (digits.len(), lens) {
            (10, [10]) if phone => None,
            (10, [10] | [6, 4]) | (12, [12] | [8, 4]) if !run.ends(count) => None,
            (10, [10] | [6, 4]) | (12, [12] | [8, 4]) if sweden(digits) && matches!(sign, 0 | b'-' | b'+' | b' ') => {
                Some(Kind::SePnr)
            }
            (10, [10] | [6, 4]) if iceland(digits) && matches!(sign, 0 | b'-' | b' ') => Some(Kind::IsKennitala),
            (10, [10] | [6, 4]) if denmark(digits) && (sign == b'-' || before == Class::Cpr) => Some(Kind::DkCpr),
            (11, [11] | [6, 5] | [2, 3, 3, 3] | [1, 6, 4] | [2, 2, 2, 5]) if run.ends(count) => {
                national::eleven(digits)
            }
            (8 | 9, _) if before == Class::Bsn && run.ends(count) && netherlands(digits) => Some(Kind::NlBsn),
            _ => None,
        };
        if let Some(kind) = kind {
            return Some((kind, run.end(count)));
        }
        if count == run.count && before == Class::None && matches!(digits.len(), 8..=10) && run.ends(count) {
            let kind = match after(text, run.end(count)) {
                Class::Bsn if netherlands(digits) => Kind::NlBsn,
                Class::Cpr if denmark(digits) => Kind::DkCpr,
                _ => break,
            };
            return Some((kind, run.end(count)));
        }
    }
    None
}

/// Whether digits are a card's: who issues it, how long it is, and Luhn (ISO/IEC 7812). Gives back the groups.
fn card(run: &Digits, before: Class) -> Option<usize> {
    for count in (1..=run.count.min(5)).rev() {
        let lens = &run.lens[..count];
        let digits = run.first(count);
        let shape = matches!(
            lens,
            [_] | [4, 4, 4, 4] | [4, 6, 4 | 5] | [4, 4, 4, 1] | [4, 4, 4, 4, 1..=3] | [4, 4, 5] | [4, 4, 4]
        );
        if !shape || digits.len() < 12 || run.groups[1..count].iter().any(|group| matches!(group.sign, b')' | b'+')) {
            continue;
        }
        let four = pair(digits, 0) * 100 + pair(digits, 2);
        let valid = match (digits.len(), four) {
            (13, 4000..=4999) => before == Class::Card,
            (16 | 19, 4000..=4999) => true,
            (16, 5100..=5599 | 2221..=2720 | 3528..=3589) => true,
            (15, 3400..=3499 | 3700..=3799) => true,
            (16 | 19, 6011 | 6500..=6599 | 6440..=6499) => true,
            (14, 3600..=3699 | 3800..=3899 | 3000..=3059) => true,
            (12..=19, 5000..=5099 | 6304 | 6759 | 6760..=6769) => true,
            (16..=19, 6200..=6299) => true,
            _ => false,
        };
        if valid && luhn(digits) && run.ends(count) {
            return Some(count);
        }
    }
    None
}

/// Where the Finnish number that begins at `at` ends: a date, a sign for the century, three digits and one that checks.
fn hetu(text: Text, at: usize) -> Option<usize> {
    let mut digits = [0; 9];
    let mut to = at;
    for digit in &mut digits[..6] {
        *digit = text.at(to).checked_sub(b'0').filter(|digit| *digit < 10)?;
        to += 1;
    }
    if !is_date(pair(&digits, 0), pair(&digits, 2)) {
        return None;
    }
    to += text.space(to);
    to += match text.at(to).to_ascii_uppercase() {
        // The new signs came in 2023 with the reform of the register.
        b'+' | b'Y' | b'X' | b'W' | b'V' | b'U' | b'A'..=b'F' => 1,
        _ => Some(text.dash(to)).filter(|bytes| *bytes > 0)?,
    };
    to += text.space(to);
    for digit in &mut digits[6..] {
        *digit = text.at(to).checked_sub(b'0').filter(|digit| *digit < 10)?;
        to += 1;
    }
    to += text.space(to);
    (text.at(to).to_ascii_uppercase() == national::finland(&digits)
        && pair(&digits, 6) * 10 + u32::from(digits[8]) > 1
        && !text.runs_on(to + 1))
    .then_some(to + 1)
}

/// Where the French number that begins at `at` ends: 13 digits, of which the seventh may be a letter, and two that check them.
fn nir(text: Text, at: usize) -> Option<usize> {
    let mut digits = [0; 15];
    let (mut to, mut corsica) = (at, 0);
    for nth in 0..15 {
        if nth > 0 {
            to += text.space(to).max(text.dash(to)).max(usize::from(text.at(to) == b'.'));
        }
        let sign = text.at(to).to_ascii_uppercase();
        if sign.is_ascii_digit() {
            digits[nth] = sign - b'0';
        } else if nth == 6 && digits[5] == 2 && matches!(sign, b'A' | b'B') {
            corsica = sign;
        } else {
            return None;
        }
        to += 1;
    }
    (national::france(&digits, corsica) && !text.runs_on(to)).then_some(to)
}

/// Where the Spanish number that begins at `at` ends: eight digits, perhaps with dots for the thousands, and a letter.
fn spanish(text: Text, at: usize) -> Option<(Kind, usize)> {
    let mut digits = [0; 8];
    let mut to = at;
    for nth in 0..8 {
        to += usize::from(matches!(nth, 2 | 5) && text.at(to) == b'.');
        digits[nth] = text.at(to).checked_sub(b'0').filter(|digit| *digit < 10)?;
        to += 1;
    }
    let gap = text.space(to).max(text.dash(to));
    to += gap;
    let letter = text.at(to);
    // A small letter behind a space is a word.
    let written = letter.is_ascii_uppercase() || letter.is_ascii_lowercase() && text.space(to - gap) == 0;
    (written && letter.to_ascii_uppercase() == national::spain(&digits) && !text.runs_on(to + 1))
        .then_some((Kind::EsDni, to + 1))
}

/// Where the phone number ends that the run begins with.
fn phone(text: Text, run: &Digits, before: Class) -> Option<usize> {
    if is_date_or_time(run) {
        return None;
    }
    let zero = run.digits[0] == 0;
    if zero
        && run.digits[1] == 0
        && run.upto(run.count) > 2
        && run.digits[2] > 0
        && before != Class::Order
        && let Some(end) = abroad(run, 2)
    {
        return Some(end);
    }
    let labelled = before == Class::Phone;
    let national = zero && run.digits[1] > 0 && (run.lens[0] > 1 || run.count > 1 && run.groups[1].sign == b')');
    for count in (1..=run.count).rev() {
        let digits = run.upto(count);
        let close = |least: u8| run.lens[1..count].iter().all(|len| *len >= least);
        let like = run.groups[1..count].iter().all(|group| !matches!(group.sign, b'_' | b'+' | b'n' | b'2'));
        if !like || !close(2) || !run.ends(count) || cuts(run, count) {
            continue;
        }
        let end = run.end(count);
        let label = if before == Class::None { after(text, end) } else { before };
        if matches!(label, Class::Order | Class::Version) {
            return None;
        }
        let trunk = national && (8..=11).contains(&digits);
        if trunk || (labelled || label == Class::Phone) && (6..=12).contains(&digits) && run.lens[0] > 1 {
            return Some(end);
        }
    }
    None
}

/// Where a number with the code of a country ends, of which `skip` digits are no part.
fn abroad(run: &Digits, skip: usize) -> Option<usize> {
    if run.digits[skip] == 0 {
        return None;
    }
    for count in (1..=run.count).rev() {
        let digits = run.upto(count) - skip;
        // A single digit stands only for the code itself, or for the zero in brackets.
        let close = (1..count).all(|nth| run.lens[nth] > 1 || nth < 3 && run.groups[nth].sign == b')' || nth == 1);
        let like = run.groups[1..count].iter().all(|group| !matches!(group.sign, b'_' | b'+' | b'n' | b'2'));
        if close && like && (8..=16).contains(&digits) && run.ends(count) && !cuts(run, count) {
            return Some(run.end(count));
        }
    }
    None
}

/// Whether the run would be cut inside another number: behind the last group goes on what is no space.
fn cuts(run: &Digits, count: usize) -> bool {
    // A group that a dot or a dash joins to the next is that one's: `12.5.`, `10-12`.
    count < run.count && !matches!(run.groups[count].sign, b' ' | b'2' | b'n' | b')')
}

/// Whether a run begins with a date or with two times of the day.
fn is_date_or_time(run: &Digits) -> bool {
    let lens = &run.lens[..run.count];
    let sign = |nth: usize| run.groups[nth].sign;
    match lens {
        [1 | 2, 1 | 2, 2 | 4, ..] if sign(1) == sign(2) && matches!(sign(1), b'.' | b'-' | b'/') => {
            let first = u32::from(run.digits[0]) * if lens[0] == 2 { 10 } else { 1 }
                + if lens[0] == 2 { u32::from(run.digits[1]) } else { 0 };
            let from = usize::from(lens[0]);
            let second = if lens[1] == 2 { pair(&run.digits, from) } else { u32::from(run.digits[from]) };
            let dated = is_date(first, second) || is_date(second, first);
            let year = pair(&run.digits, from + usize::from(lens[1]));
            // Four groups of two are a phone number as well: `06-12-34-56-78`.
            dated && (lens[2] == 4 && matches!(year, 18..=20) || lens[2] == 2 && run.count == 3)
        }
        // Opening hours: `08.00-16.00`, `0800-1600`.
        [2, 2, 2, 2] => sign(1) == b'.' && sign(2) == b'-' && sign(3) == b'.',
        [4, 4] => {
            sign(1) == b'-'
                && pair(&run.digits, 0) < 24
                && pair(&run.digits, 4) < 25
                && pair(&run.digits, 2) < 60
                && pair(&run.digits, 6) % 15 == 0
        }
        _ => false,
    }
}

/// Where a date that begins at `at` ends.
fn date(text: Text, at: usize, run: &Digits) -> Option<usize> {
    let lens = &run.lens[..run.count.min(3)];
    let signs = run.count > 2 && [1, 2].iter().all(|nth| matches!(run.groups[*nth].sign, b'.' | b'/' | b'-' | b' '));
    if signs && matches!(lens, [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2]) && run.ends(3) {
        return Some(run.end(3));
    }
    if run.is(&[8], 0) && matches!(pair(&run.digits, 0), 18..=20)
        || run.is(&[6], 0) && is_date(pair(&run.digits, 0), pair(&run.digits, 2))
    {
        return Some(run.end(1));
    }
    // `1. toukokuuta 1980`, `1st of May 1980`, `1 de mayo de 1980`.
    let mut to = run.groups[0].end;
    if run.lens[0] > 2 {
        return None;
    }
    for _ in 0..5 {
        to = text.word_end(to);
        to += usize::from(matches!(text.at(to), b'.' | b','));
        let space = text.space(to);
        if space == 0 {
            return None;
        }
        to += space;
        let end = text.word_end(to);
        if end == to + 4 && text.part(to, end).iter().all(u8::is_ascii_digit) {
            return Some(end);
        }
        if end == to || text.at(to).is_ascii_digit() {
            return None;
        }
    }
    let _ = at;
    None
}

/// What the words before or behind a number say it is.
pub(super) fn label(scan: &Scan, at: usize, end: usize) -> Class {
    match before(scan, at) {
        Class::None => after(scan.text, end),
        label => label,
    }
}

/// What the words before `at` say that the number there is.
fn before(scan: &Scan, at: usize) -> Class {
    let text = scan.text;
    if at > 0 && text.at(at - 1) == b'#' {
        return Class::Order;
    }
    let (mut next, mut far) = (at, 0);
    for word in scan.words.iter().rev().take(7) {
        for gap in word.end..next {
            match text.at(gap) {
                b'!' | b'?' | b';' | b'\n' | b',' => return Class::None,
                // Behind an abbreviation it ends no sentence.
                b'.' if word.class == Class::None || !is_short(text.part(word.start, word.end)) => return Class::None,
                _ => {}
            }
        }
        next = word.start;
        match word.class {
            Class::Phone => return if far <= 3 { Class::Phone } else { Class::None },
            label @ (Class::Order | Class::Version | Class::Card | Class::Bsn | Class::Cpr | Class::Born) => {
                return if far <= 1 { label } else { Class::None };
            }
            Class::Link | Class::Is | Class::My | Class::I | Class::At | Class::Particle => {}
            Class::Number if word.end - word.start <= 3 => {}
            Class::Mask | Class::Number => return Class::None,
            _ => far += 1,
        }
    }
    Class::None
}

/// Whether a word is an abbreviation: `puh.`, `Bestellnr.`
fn is_short(word: &[u8]) -> bool {
    word.len() <= 6 || word.ends_with(b"nr") || word.ends_with(b"no") || word.ends_with(b"nro")
}

/// What the words behind `end` say that the number there is: `… is my order number`, `… (mobile)`.
fn after(text: Text, end: usize) -> Class {
    let mut at = end;
    let mut said = false;
    for _ in 0..4 {
        let space = text.space(at);
        let bracket = text.at(at + space) == b'(';
        said |= bracket;
        at += space + usize::from(bracket);
        let to = text.word_end(at);
        if to == at {
            break;
        }
        match class(text.part(at, to)) {
            Class::Is => said = true,
            Class::Link | Class::My | Class::I | Class::Particle => {}
            label @ (Class::Phone | Class::Order | Class::Version | Class::Card | Class::Bsn | Class::Cpr) if said => {
                return label;
            }
            _ => break,
        }
        at = to;
    }
    Class::None
}
