//! Money without floats: amounts are read from their text, rounded, and written again.

use crate::json::Writer;
use crate::list;
use crate::words::List;

/// The amount in hundredths that `text` writes (`47.9`, `47,90`, `1249`, `-3`), or nothing where it writes none.
///
/// An exponent is refused: browsers write one only from 10²¹ on. More than two decimals are cut off after rounding.
pub(crate) fn hundredths(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let negative = bytes.first() == Some(&b'-');
    let mut at = usize::from(negative);
    let mut amount: i64 = 0;
    let mut whole = 0;
    // How many decimals have been read; −1 before the point.
    let mut decimals = -1;
    while at < bytes.len() {
        let digit = i64::from(bytes[at]) - i64::from(b'0');
        if (0..10).contains(&digit) {
            if decimals < 2 {
                amount = amount * 10 + digit;
            } else if decimals == 2 && digit >= 5 {
                amount += 1;
            }
            if decimals < 0 {
                whole += 1;
            } else {
                decimals += 1;
            }
        } else if matches!(bytes[at], b'.' | b',') && decimals < 0 {
            decimals = 0;
        } else {
            return None;
        }
        if whole > 12 || whole == 0 {
            return None;
        }
        at += 1;
    }
    if whole == 0 {
        return None;
    }
    while decimals < 2 {
        amount *= 10;
        // From −1, the place of the point itself is stepped over.
        decimals = decimals.max(0) + 1;
    }
    Some(if negative { -amount } else { amount })
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

/// Currencies of which ten units are about one euro, then those of which a hundred are; of all others bands are as for euros.
const SMALL: List = list!["SEK", "NOK", "DKK", "CZK", "ISK", "JPY", "HUF"];

/// Where the bands of amounts begin, in whole units.
const BANDS: [u64; 6] = [0, 20, 50, 100, 200, 500];

/// Writes the band in which an amount in hundredths lies, as a JSON text: `"20-50"`, `"500+"`; of nothing `"0"`.
pub(crate) fn write_band(out: &mut Writer, amount: u64, currency: &str) {
    if amount == 0 {
        return out.raw("\"0\"");
    }
    let scale = SMALL.place(currency).map_or(1, |place| if place < 4 { 10 } else { 100 });
    let mut at = 0;
    while at < 5 && amount >= BANDS[at + 1] * scale * 100 {
        at += 1;
    }
    out.raw("\"");
    out.number(BANDS[at] * scale);
    if at < 5 {
        out.raw("-");
        out.number(BANDS[at + 1] * scale);
    } else {
        out.raw("+");
    }
    out.raw("\"");
}

/// Writes hundredths as a JSON number without needless zeros: 4800 is `48`, 450 is `4.5`.
pub(crate) fn write(out: &mut Writer, amount: i64) {
    if amount < 0 {
        out.raw("-");
    }
    decimal(out, amount.unsigned_abs(), 100);
}

/// Writes `size` parts of which `unit` (a power of ten) make one, without needless zeros.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn decimal(out: &mut Writer, size: u64, mut unit: u64) {
    out.number(size / unit);
    let mut rest = size % unit;
    if rest > 0 {
        out.raw(".");
    }
    while rest > 0 {
        unit /= 10;
        out.number(rest / unit);
        rest %= unit;
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
    fn bands_are_scaled_by_currency() {
        let band = |amount, currency| {
            let mut out = Writer::default();
            write_band(&mut out, amount, currency);
            out.into_string()
        };
        assert_eq!(band(0, "EUR"), r#""0""#);
        assert_eq!(band(1, "EUR"), r#""0-20""#);
        assert_eq!(band(1_999, "EUR"), r#""0-20""#);
        assert_eq!(band(2_000, "EUR"), r#""20-50""#);
        assert_eq!(band(u64::MAX, "EUR"), r#""500+""#);
        assert_eq!(band(45_000, "SEK"), r#""200-500""#);
        assert_eq!(band(450_000, "JPY"), r#""2000-5000""#);
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
