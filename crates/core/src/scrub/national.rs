//! National numbers that are digits alone: which of them a number can be by its check. What stands between the digits, and
//! what is written before them, is not known here.

use super::check::{is_date, iso_11_10, luhn, modulo, pair, weighted};

/// Sweden: ten digits, or twelve with the century. A coordination number has 60 added to the day.
pub(super) fn sweden(digits: &[u8]) -> bool {
    let ten = match digits.len() {
        12 if (18..=20).contains(&pair(digits, 0)) => &digits[2..],
        10 => digits,
        _ => return false,
    };
    let day = pair(ten, 4);
    is_date(if day > 60 { day - 60 } else { day }, pair(ten, 2)) && luhn(ten)
}

/// Iceland: a person's, whose day is none of a company's (40 more); the last digit is the century.
pub(super) fn iceland(digits: &[u8]) -> bool {
    digits.len() == 10
        && is_date(pair(digits, 0), pair(digits, 2))
        && matches!(digits[9], 8 | 9 | 0)
        && weighted(digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Denmark: a date and four digits; the check is not kept since 2007.
pub(super) fn denmark(digits: &[u8]) -> bool {
    digits.len() == 10 && is_date(pair(digits, 0), pair(digits, 2))
}

/// Norway: two checks. D-numbers have 40 added to the day, H-numbers to the month; numbers of the hospitals begin with 8 or 9.
pub(super) fn norway(digits: &[u8]) -> bool {
    let (day, month) = (pair(digits, 0), pair(digits, 2));
    let date = is_date(if day > 40 { day - 40 } else { day }, if month > 40 { month - 40 } else { month });
    digits.len() == 11
        && (date || digits[0] >= 8)
        && weighted(digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Estonia and Lithuania.
pub(super) fn estonia(digits: &[u8]) -> bool {
    if digits.len() != 11 || !matches!(digits[0], 1..=8) || !is_date(pair(digits, 5), pair(digits, 3)) {
        return false;
    }
    let mut check = weighted(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    if check == 10 {
        check = weighted(digits, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10;
    }
    check == u32::from(digits[10])
}

/// Germany's tax number: of the first ten digits one stands there twice or three times, and no other more than once.
pub(super) fn germany(digits: &[u8]) -> bool {
    if digits.len() != 11 || digits[0] == 0 || !iso_11_10(digits) {
        return false;
    }
    let (mut seen, mut repeated, mut most) = ([0_u8; 10], 0, 0);
    for &digit in &digits[..10] {
        let times = &mut seen[usize::from(digit % 10)];
        *times += 1;
        repeated += u8::from(*times == 2);
        most = most.max(*times);
    }
    repeated == 1 && most <= 3
}

/// The Netherlands: nine digits, of which the first may be left out.
pub(super) fn netherlands(digits: &[u8]) -> bool {
    let weights: &[u8] = match digits.len() {
        9 => &[9, 8, 7, 6, 5, 4, 3, 2],
        8 => &[8, 7, 6, 5, 4, 3, 2],
        _ => return false,
    };
    let sum = weighted(digits, weights);
    sum > 0 && sum % 11 == u32::from(digits[digits.len() - 1])
}

/// France: 13 digits and two that check them; in place of the seventh may stand `A` or `B`, for Corsica.
pub(super) fn france(signs: &[u8]) -> bool {
    let (mut digits, mut less) = ([0; 13], 0);
    digits.copy_from_slice(&signs[..13]);
    let month = pair(&digits, 3);
    if digits[6] > 9 {
        if digits[5] != 2 || digits[6] > b'B' {
            return false;
        }
        // 2A counts as 19, 2B as 18: with a zero for the letter it is 20.
        less = (u32::from(digits[6] - b'A') + 1) * 1_000_000;
        digits[6] = 0;
    }
    let rest = (modulo(&digits, 97) + 97 - less % 97) % 97;
    matches!(digits[0], 1 | 2) && matches!(month, 1..=12 | 20..=99) && 97 - rest == pair(signs, 13)
}

/// The letter of a Spanish number of eight digits.
pub(super) fn spain(digits: &[u8]) -> u8 {
    b"TRWAGMYFPDXBNJZSQVHLCKE"[modulo(digits, 23) as usize]
}

/// The last sign of a Finnish number: nine digits.
pub(super) fn finland(digits: &[u8]) -> u8 {
    b"0123456789ABCDEFHJKLMNPRSTUVWXY"[modulo(digits, 31) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect()
    }

    #[test]
    fn the_checks_hold_for_published_test_numbers_and_not_beside_them() {
        type Check = fn(&[u8]) -> bool;
        // Swedish, Icelandic, Norwegian, Estonian, German and Dutch numbers that authorities print as examples.
        let all: &[(Check, &str)] = &[
            (sweden, "811218-9876"),
            (sweden, "19121212-1212"),
            (iceland, "120174-3399"),
            (norway, "01010750160"),
            (estonia, "37605030299"),
            (germany, "86 095 742 719"),
            (netherlands, "111222333"),
            (france, "1 85 05 78 006 084 91"),
        ];
        for (check, text) in all {
            let mut digits = digits(text);
            assert!(check(&digits), "{text}");
            let last = digits.len() - 2;
            digits[last] = (digits[last] + 1) % 10;
            assert!(!check(&digits), "{text}, changed");
        }
        assert_eq!((finland(&digits("131052308")), spain(&digits("12345678"))), (b'T', b'Z'));
    }

    #[test]
    fn an_organisation_is_no_person() {
        assert!(luhn(&digits("556036-0793")) && !sweden(&digits("556036-0793")));
        assert!(!iceland(&digits("450401-3150")));
    }

    #[test]
    fn corsica_counts_less() {
        // 2A: the number is taken as 19.
        let mut number = digits("1850520006084");
        let check = 97 - (modulo(&number, 97) + 97 - 1_000_000 % 97) % 97;
        number.extend([(check / 10) as u8, (check % 10) as u8]);
        number[6] = b'A';
        assert!(france(&number));
        number[6] = b'B';
        assert!(!france(&number));
    }
}
