//! Check digits: sums over digits, and nothing about whose they are.

/// The sum of each digit times its weight.
pub(super) fn weighted(digits: &[u8], weights: &[u8]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * u32::from(*weight)).sum()
}

/// Luhn: every second digit from the right is doubled (ISO/IEC 7812-1).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let mut sum = 0;
    let mut twice = false;
    for &digit in digits.iter().rev() {
        let value = if twice { 2 * digit } else { digit };
        sum += u32::from(if value > 9 { value - 9 } else { value });
        twice = !twice;
    }
    sum % 10 == 0
}

/// ISO 7064, mod 11,10: the last digit checks the others.
pub(super) fn iso_11_10(digits: &[u8]) -> bool {
    let Some((&check, rest)) = digits.split_last() else { return false };
    let mut product = 10;
    for &digit in rest {
        let sum = (u32::from(digit) + product) % 10;
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    (11 - product) % 10 == u32::from(check)
}

/// A number of any length, modulo.
pub(super) fn modulo(digits: &[u8], by: u32) -> u32 {
    digits.iter().fold(0, |rest, digit| (rest * 10 + u32::from(*digit)) % by)
}

/// Whether two digits each are a day and a month.
pub(super) fn is_date(day: u32, month: u32) -> bool {
    // The year is of two digits: the 29th of February may always have been.
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// The number that the digits from `at` on write, two of them.
pub(super) fn pair(digits: &[u8], at: usize) -> u32 {
    match digits.get(at..at + 2) {
        Some(&[ten, one]) => u32::from(ten) * 10 + u32::from(one),
        _ => 99,
    }
}
