//! Money without floats: amounts are read from their text, rounded, and written again.

use crate::json::Writer;

/// The amount in hundredths that `text` writes (`47.9`, `47,90`, `1249`, `-3`), or nothing where it writes none.
///
/// An exponent is refused: browsers write one only from 10²¹ on. More than two decimals are cut off after rounding.
pub(crate) fn hundredths(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    if whole.is_empty() || whole.len() > 12 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut amount: i64 = 0;
    for byte in whole.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        amount = amount * 10 + i64::from(byte - b'0');
    }
    let digit = |at: usize| fraction.as_bytes().get(at).map_or(0, |b| i64::from(b - b'0'));
    amount = amount * 100 + digit(0) * 10 + digit(1) + i64::from(digit(2) >= 5);
    Some(sign * amount)
}

/// `amount` rounded to two significant digits: 47.90 becomes 48, 1249 becomes 1200. The sum of one order no longer tells who ordered.
pub(crate) fn two_digits(amount: i64) -> i64 {
    let mut unit: i64 = 1;
    let size = amount.unsigned_abs() as i64;
    while size / unit >= 100 {
        unit *= 10;
    }
    let rounded = (size + unit / 2) / unit * unit;
    if amount < 0 { -rounded } else { rounded }
}

/// Writes hundredths as a JSON number without needless zeros: 4800 is `48`, 450 is `4.5`.
pub(crate) fn write(out: &mut Writer, amount: i64) {
    let size = amount.unsigned_abs();
    if amount < 0 {
        out.raw("-");
    }
    out.number(size / 100);
    let cents = size % 100;
    if cents > 0 {
        out.raw(".");
        out.raw_digit(cents / 10);
        if !cents.is_multiple_of(10) {
            out.raw_digit(cents % 10);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(text: &str) -> String {
        let mut out = Writer::default();
        write(&mut out, two_digits(hundredths(text).unwrap()));
        out.into_string()
    }

    #[test]
    fn two_significant_digits_are_kept() {
        for (exact, kept) in [
            ("47.90", "48"),
            ("1249", "1200"),
            ("0", "0"),
            ("0.05", "0.05"),
            ("9.99", "10"),
            ("4.45", "4.5"),
            ("99.6", "100"),
            ("-47.9", "-48"),
            ("12,5", "13"),
            ("0.994", "0.99"),
            ("950", "950"),
            ("995", "1000"),
        ] {
            assert_eq!(rounded(exact), kept, "{exact}");
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in ["", ".", "abc", "1e9", "12.3.4", "1 000", "9999999999999", "NaN"] {
            assert_eq!(hundredths(text), None, "{text}");
        }
    }

    #[test]
    fn exact_amounts_come_back() {
        for text in ["0", "0.01", "0.1", "12.34", "-7.05", "999999999999.99"] {
            let mut out = Writer::default();
            write(&mut out, hundredths(text).unwrap());
            assert_eq!(out.into_string(), text);
        }
    }
}
