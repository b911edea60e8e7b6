//! What begins with a digit, a plus or a bracket: by its shape, its check and the words beside it.

use super::Kind;
use super::address;
use super::check::{is_date, luhn, modulo, pair};
use super::digits::{Digits, shape};
use super::hit::Hit;
use super::labels::{Class, class};
use super::national::{self, denmark, iceland, netherlands, sweden};
use super::net;
use super::scan::Scan;
use super::text::Text;

const TEN: u32 = shape(&[10]);
const ELEVEN: u32 = shape(&[11]);
const TWELVE: u32 = shape(&[12]);
const SIX_FOUR: u32 = shape(&[6, 4]);
const EIGHT_FOUR: u32 = shape(&[8, 4]);
const SIX_FIVE: u32 = shape(&[6, 5]);
const BY_THREES: u32 = shape(&[2, 3, 3, 3]);
const AMEX: u32 = shape(&[4, 6, 5]);
const DINERS: u32 = shape(&[4, 6, 4]);
const FOURS: u32 = shape(&[4, 4, 4, 4]);
const FOURS_ONE: u32 = shape(&[4, 4, 4, 1]);
const FOURS_FIVE: u32 = shape(&[4, 4, 5]);
const THREE_FOURS: u32 = shape(&[4, 4, 4]);
const TWOS: u32 = shape(&[2, 2, 2, 2]);
const FOUR_FOUR: u32 = shape(&[4, 4]);

/// What begins with the digit at `at`.
pub(super) fn find(scan: &Scan, at: usize) -> Hit {
    let text = scan.text;
    let Some(run) = Digits::read(text, at).filter(|_| !text.runs_in(at)) else { return Hit::NONE };
    let before = before(scan, at);
    if before == Class::Born {
        let end = date(text, &run);
        if end > 0 {
            return Hit::new(Kind::Dob, end);
        }
    }
    let hit = sure(text, at, &run, before);
    if !hit.is_none() {
        let label = if before == Class::None { after(text, hit.end()) } else { before };
        // A card's groups say what it is, whatever is written before.
        let grouped = hit.kind() == Kind::Card as usize && run.lens[0] == 4;
        return if grouped || !matches!(label, Class::Order | Class::Version) { hit } else { Hit::NONE };
    }
    let end = net::ipv4(text, at);
    if end > 0 && !matches!(before, Class::Version | Class::Phone) {
        return Hit::new(Kind::Ipv4, end);
    }
    let end = address::number_first(text, at, &run);
    if end > 0 {
        return Hit::new(Kind::Address, end);
    }
    Hit::new(Kind::Phone, phone(text, &run, before))
}

/// Where a number ends that has the groups of one with a check, and whose check does not hold: what is in it is nothing else either.
pub(super) fn spoiled(text: &Text, at: usize) -> usize {
    let signs = &mut [0; 36];
    let shapes: [&[u8]; 3] = [b"d~dd~dd~dd~ddd~ddd~dd", b"dddd~dddd~dddd~dddd", b"dd~ddd~ddd~ddd"];
    shapes.iter().map(|shape| text.shape(at, shape, 36, signs)).max().unwrap_or(0)
}

/// What begins with the plus or the bracket at `at`.
pub(super) fn signed(scan: &mut Scan, at: usize) -> Hit {
    let text = scan.text;
    let plus = text.at(at) == b'+';
    // `+(358)`.
    let first = at + 1 + usize::from(plus && text.at(at + 1) == b'(');
    if at < scan.done || text.word_before(at) && plus {
        return Hit::NONE;
    }
    let Some(run) = Digits::read(text, first) else { return Hit::NONE };
    let end = if plus {
        abroad(&run, 0)
    } else if text.at(run.groups[0].end) == b')' && run.count > 1 {
        phone(text, &run, before(scan, at))
    } else {
        0
    };
    Hit::new(Kind::Phone, end)
}

/// What the digits are for sure: their check, or a shape that nothing else has.
fn sure(text: &Text, at: usize, run: &Digits, before: Class) -> Hit {
    let signs = &mut [0; 36];
    // A date, a sign for the century, three digits and one that checks.
    let end = text.shape(at, b"dddddd_s_ddd_w", 36, signs);
    let check = |sign: u8| if sign < 10 { sign + b'0' } else { sign };
    if end > 0
        && is_date(pair(signs, 0), pair(signs, 2))
        && check(signs[9]) == national::finland(&signs[..9])
        && modulo(&signs[6..9], 1000) > 1
    {
        return Hit::new(Kind::FiHetu, end);
    }
    let count = card(run, before);
    if count > 0 {
        return Hit::new(Kind::Card, run.end(count));
    }
    // 13 digits, of which the seventh may be a letter, and two that check them.
    let end = text.shape(at, b"d~dd~dd~dw~ddd~ddd~dd", 36, signs);
    if end > 0 && national::france(signs) {
        return Hit::new(Kind::FrNir, end);
    }
    // Eight digits, perhaps with dots for the thousands, and a letter. A small letter behind a space is a word.
    let end = text.shape(at, b"dd?ddd?ddd~a", 36, signs);
    if end > 0
        && signs[8] == national::spain(&signs[..8])
        && !(text.at(end - 1).is_ascii_lowercase() && text.space(text.before(end - 1)) > 0)
    {
        return Hit::new(Kind::EsDni, end);
    }
    for count in 1..=run.count.min(4) {
        if !run.ends(count) {
            continue;
        }
        let digits = run.first(count);
        let sign = run.groups[count - 1].sign;
        let label = if before == Class::None { after(text, run.end(count)) } else { before };
        let shape = run.shape(count);
        let pair = matches!(shape, TEN | TWELVE)
            || matches!(shape, SIX_FOUR | EIGHT_FOUR) && matches!(sign, b'-' | b'+' | b' ');
        let eleven = matches!(shape, ELEVEN | SIX_FIVE | BY_THREES);
        let kind = if pair && !(count == 1 && before == Class::Phone) && sweden(digits) {
            Kind::SePnr
        } else if pair && before != Class::Phone && iceland(digits) {
            Kind::IsKennitala
        } else if pair && denmark(digits) && (sign == b'-' || label == Class::Cpr) {
            Kind::DkCpr
        } else if eleven && national::norway(digits) {
            Kind::NoFnr
        } else if eleven && national::estonia(digits) {
            Kind::EeIsikukood
        } else if eleven && national::germany(digits) {
            Kind::DeSteuerId
        } else if label == Class::Bsn && netherlands(digits) {
            Kind::NlBsn
        } else {
            continue;
        };
        return Hit::new(kind, run.end(count));
    }
    Hit::NONE
}

/// Whether digits are a card's: who issues it, how long it is, and Luhn (ISO/IEC 7812). Gives back the groups, 0 where they are none.
fn card(run: &Digits, before: Class) -> usize {
    for count in (1..=run.count.min(5)).rev() {
        let digits = run.first(count);
        let shape = run.shape(count);
        let grouped = matches!(shape, AMEX | DINERS | FOURS_ONE | FOURS_FIVE | THREE_FOURS)
            || shape >> (5 * (count.max(4) - 4)) == FOURS;
        let sign = run.groups[1].sign;
        let alike = run.groups[1..count].iter().all(|group| group.sign == sign) && !matches!(sign, b')' | b'+');
        if count > 1 && !(grouped && alike) {
            continue;
        }
        // The lengths that each issuer gives out, a bit for each.
        let lengths: u32 = match pair(digits, 0) * 100 + pair(digits, 2) {
            4000..=4999 => 1 << 16 | 1 << 19 | u32::from(before == Class::Card) << 13,
            5100..=5599 | 2221..=2720 | 3528..=3589 => 1 << 16,
            3400..=3499 | 3700..=3799 => 1 << 15,
            6011 | 6440..=6599 => 1 << 16 | 1 << 19,
            3600..=3699 | 3800..=3899 | 3000..=3059 => 1 << 14,
            5000..=5099 | 6304 | 6759..=6769 => 0xFF << 12,
            6200..=6299 => 0xF << 16,
            _ => 0,
        };
        let valid = lengths >> digits.len() & 1 > 0;
        if valid && luhn(digits) && run.ends(count) {
            return count;
        }
    }
    0
}

/// Where the phone number ends that the run begins with.
fn phone(text: &Text, run: &Digits, before: Class) -> usize {
    if is_date_or_time(run) {
        return 0;
    }
    let zero = run.digits[0] == 0;
    if zero && run.digits[1] == 0 && before != Class::Order {
        let end = abroad(run, 2);
        if end > 0 {
            return end;
        }
    }
    let national = zero && run.digits[1] > 0 && (run.lens[0] > 1 || run.count > 1 && run.groups[1].sign == b')');
    for count in (1..=run.count).rev() {
        let close = run.lens[1..count].iter().all(|len| *len > 1);
        if !close || !like_phone(run, count) {
            continue;
        }
        let end = run.end(count);
        let label = if before == Class::None { after(text, end) } else { before };
        if matches!(label, Class::Order | Class::Version) {
            return 0;
        }
        let digits = run.upto(count);
        if national && (8..=11).contains(&digits)
            || label == Class::Phone && (6..=12).contains(&digits) && run.lens[0] > 1
        {
            return end;
        }
    }
    0
}

/// Where a number with the code of a country ends, of which `skip` digits are no part.
fn abroad(run: &Digits, skip: usize) -> usize {
    for count in (1..=run.count).rev() {
        // A single digit stands only for the code itself, or for the zero in brackets.
        let close = (2..count).all(|nth| run.lens[nth] > 1 || nth < 3 && run.groups[nth].sign == b')');
        let digits = run.upto(count) - skip.min(run.upto(count));
        if close && run.digits[skip] > 0 && like_phone(run, count) && (8..=16).contains(&digits) {
            return run.end(count);
        }
    }
    0
}

/// Whether the first groups can be a phone number by what stands between them and behind.
fn like_phone(run: &Digits, count: usize) -> bool {
    let like = run.groups[1..count].iter().all(|group| !matches!(group.sign, b'_' | b'+' | b'n' | b'2'));
    // A group that a dot or a dash joins to the next is that one's: `12.5.`, `10-12`.
    let cuts = count < run.count && !matches!(run.groups[count].sign, b' ' | b'2' | b'n' | b')');
    like && !cuts && run.ends(count)
}

/// Whether a run begins with a date or with two times of the day.
fn is_date_or_time(run: &Digits) -> bool {
    let [first, second, third, ..] = run.groups;
    let value = |from: usize, to: usize| modulo(&run.digits[from..to], 10_000);
    // Opening hours: `08.00-16.00`, `0800-1600`.
    let hours = match run.shape(run.count) {
        TWOS => second.sign == b'.' && third.sign == b'-',
        FOUR_FOUR => {
            second.sign == b'-'
                && value(0, 4) < 2400
                && value(4, 8) <= 2400
                && value(2, 4) < 60
                && value(6, 8) % 15 == 0
        }
        _ => false,
    };
    // Four groups of two are a phone number as well: `06-12-34-56-78`.
    let long = run.lens[2] == 4 || run.lens[2] == 2 && run.count == 3;
    let short = run.lens[0] < 3 && run.lens[1] < 3;
    if hours || !long || !short || second.sign != third.sign || !matches!(third.sign, b'.' | b'-' | b'/') {
        return hours;
    }
    let (one, two) = (value(0, first.upto), value(first.upto, second.upto));
    let year = value(second.upto, third.upto);
    (is_date(one, two) || is_date(two, one)) && (year < 100 || (1800..2100).contains(&year))
}

/// Where a date that the run begins with ends.
fn date(text: &Text, run: &Digits) -> usize {
    let lens = &run.lens[..run.count.min(3)];
    let signs =
        run.count > 2 && !matches!((run.groups[1].sign, run.groups[2].sign), (b'_' | b'+' | b'n' | b'2' | b')', _));
    if signs && matches!(lens, [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2]) && run.ends(3) {
        return run.end(3);
    }
    if run.ends(1)
        && (run.lens[0] == 8 && matches!(pair(&run.digits, 0), 18..=20)
            || run.lens[0] == 6 && is_date(pair(&run.digits, 0), pair(&run.digits, 2)))
    {
        return run.end(1);
    }
    // `1. toukokuuta 1980`, `1st of May 1980`, `1 de mayo de 1980`.
    let mut to = run.end(1);
    for _ in 0..5 {
        to = text.word_end(to);
        to += usize::from(matches!(text.at(to), b'.' | b','));
        to += text.space(to);
        if text.begins(to, b"dddd") && run.lens[0] < 3 {
            return if text.word_sign(to + 4) > 0 { 0 } else { to + 4 };
        }
        if text.word_sign(to) == 0 || text.at(to).is_ascii_digit() {
            break;
        }
    }
    0
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
fn after(text: &Text, end: usize) -> Class {
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
