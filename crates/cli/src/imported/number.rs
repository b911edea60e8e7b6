//! Counts and amounts as people write them.

use super::wrong::told;

/// What stands between groups of three digits.
const SPACES: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];
/// Digits before the decimal sign: more is a slip, or adds up to more than can be kept.
const MOST: usize = 11;

/// A whole number, one or more: `12`, `1 200`.
///
/// # Errors
/// Says what is wrong, and what to write.
pub(super) fn count(cell: &str) -> Result<i64, String> {
    let text = without_sign(cell).map_err(|()| format!("{} must not be negative", told(cell)))?;
    if text.contains(['.', ',']) && text.chars().all(|sign| sign.is_ascii_digit() || ".,".contains(sign)) {
        let whole = text.replace(['.', ','], "");
        let grouped = text.split(['.', ',']).skip(1).all(|group| group.len() == 3);
        return Err(if grouped {
            format!("{} may be two numbers; write {whole} without a sign in it", told(cell))
        } else {
            format!("{} must be a whole number", told(cell))
        });
    }
    let digits = grouped(text, &SPACES).ok_or_else(|| format!("{} is no number; write one such as 12", told(cell)))?;
    if digits.trim_start_matches('0').len() > 9 {
        return Err(format!("{} is too large to be a count", told(cell)));
    }
    digits.parse().map_err(|_| format!("{} is no number; write one such as 12", told(cell)))
}

/// Money in hundredths, and the currency's sign or letters that stand beside it: `1 234,50 €`, `1,234.50`, `EUR 12`.
///
/// # Errors
/// Says what is wrong, and what to write.
pub(super) fn money(cell: &str, decimal: Option<char>) -> Result<(i64, Option<&str>), String> {
    let none = || format!("{} is no amount; write one such as 1234.50", told(cell));
    let text = without_sign(cell).map_err(|()| format!("{} must not be negative", told(cell)))?;
    let first = text.find(|sign: char| sign.is_ascii_digit()).ok_or_else(none)?;
    let last = text.rfind(|sign: char| sign.is_ascii_digit()).ok_or_else(none)?;
    let (before, number, after) = (text[..first].trim(), &text[first..=last], text[last + 1..].trim());
    let sign = match (before, after) {
        ("", "") => None,
        (sign, "") | ("", sign) => Some(sign),
        _ => return Err(none()),
    };
    if sign.is_some_and(|sign| !is_sign(sign)) {
        return Err(none());
    }
    let (whole, part) =
        parts(number, decimal).map_err(|why| why.map_or_else(none, |fix| format!("{} {fix}", told(cell))))?;
    if whole.trim_start_matches('0').len() > MOST {
        return Err(format!("{} is too large to be an amount", told(cell)));
    }
    let whole: i64 = whole.parse().map_err(|_| none())?;
    // Thousandths and finer are rounded, half up.
    let digit = |at: usize| part.as_bytes().get(at).map_or(0, |digit| i64::from(digit - b'0'));
    Ok((whole * 100 + digit(0) * 10 + digit(1) + i64::from(digit(2) >= 5), sign))
}

/// The digits before and behind the decimal sign. An error without words: it is no number.
fn parts(number: &str, decimal: Option<char>) -> Result<(String, String), Option<String>> {
    let at = match (decimal, number.rfind(['.', ','])) {
        (_, None) => None,
        (Some(sign), _) => number.find(sign),
        (None, Some(last)) => {
            let sign = number[last..].chars().next();
            let (before, behind) = (&number[..last], &number[last + 1..]);
            let other = before.contains(|it: char| ".,".contains(it) && Some(it) != sign);
            let again = before.contains(|it: char| Some(it) == sign);
            if again && !other {
                // Two of the same stand between groups.
                None
            } else {
                let unclear = !other && behind.len() == 3 && before.len() <= 3 && before != "0";
                if unclear {
                    let both =
                        format!("may be {before}{behind} or {before} and a part; say --decimal , or --decimal .");
                    return Err(Some(both));
                }
                Some(last)
            }
        }
    };
    let (whole, part) = at.map_or((number, ""), |at| (&number[..at], &number[at + 1..]));
    if at.is_some() && (part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(None);
    }
    let group = match at.map(|at| &number[at..=at]) {
        Some(",") => '.',
        Some(_) => ',',
        None => whole.chars().find(|sign| ".,".contains(*sign)).unwrap_or('.'),
    };
    let between: Vec<char> = SPACES.into_iter().chain([group]).collect();
    grouped(whole, &between).map(|whole| (whole, part.to_owned())).ok_or(None)
}

/// The digits of a number whose groups of three have one sign between them.
fn grouped(text: &str, between: &[char]) -> Option<String> {
    let sign = text.chars().find(|sign| between.contains(sign));
    let groups: Vec<&str> = sign.map_or_else(|| vec![text], |sign| text.split(sign).collect());
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let fits = groups.len() == 1 || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    (fits && groups.iter().all(|group| digits(group))).then(|| groups.concat())
}

/// Without a plus; a minus, in whichever form, is an error.
fn without_sign(cell: &str) -> Result<&str, ()> {
    let text = cell.trim();
    let negative = text.starts_with(['-', '−', '–', '(']) || text.ends_with(['-', '−']);
    if negative && text.contains(|sign: char| sign.is_ascii_digit()) {
        Err(())
    } else {
        Ok(text.strip_prefix('+').unwrap_or(text))
    }
}

/// Currencies that write their amounts with a sign of several.
const SHARED: [(&str, &[&str]); 3] = [
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("$", &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"]),
    ("¥", &["JPY", "CNY"]),
];
/// Signs of one currency alone.
const OWN: [(&str, &str); 6] =
    [("€", "EUR"), ("euro", "EUR"), ("euroa", "EUR"), ("£", "GBP"), ("zł", "PLN"), ("₹", "INR")];

fn is_sign(sign: &str) -> bool {
    let small = sign.trim_end_matches('.').to_lowercase();
    let known = |of: &str| of == small;
    OWN.iter().any(|(of, _)| known(of)) || SHARED.iter().any(|(of, _)| known(of)) || code(sign).is_some()
}

/// The currency of an amount, by what its column says, the sign beside it, and what stands for all. An error tells which of the two is wrong.
///
/// # Errors
/// `true`: the amount contradicts; `false`: the currency is wrong or not told.
pub(super) fn currency(column: &str, sign: Option<&str>, said: Option<&str>) -> Result<String, (bool, String)> {
    let fix = "write three letters such as EUR";
    let named = match column {
        "" => None,
        of => Some(
            code(of)
                // A sign is clear; a word would have to be guessed.
                .or_else(|| own(of).filter(|_| !of.is_ascii()))
                .ok_or_else(|| (false, format!("{} is no currency; {fix}", told(of))))?,
        ),
    };
    let Some(sign) = sign else {
        let unsaid = || (false, format!("the currency is not told; {fix}, or say --currency EUR"));
        return named.or_else(|| said.map(str::to_owned)).ok_or_else(unsaid);
    };
    let small = sign.trim_end_matches('.').to_lowercase();
    if let Some((_, all)) = SHARED.iter().find(|(of, _)| *of == small) {
        return match named.or_else(|| said.map(str::to_owned)) {
            Some(of) if all.contains(&of.as_str()) => Ok(of),
            Some(of) => Err((true, format!("{sign} is not written for {of}"))),
            None => {
                Err((false, format!("{sign} may be {}; write which, or say --currency {}", all.join(", "), all[0])))
            }
        };
    }
    let meant = own(sign).or_else(|| code(sign)).unwrap_or_default();
    match named {
        Some(of) if of != meant => Err((true, format!("{sign} is not {of}, as the currency says"))),
        _ => Ok(meant),
    }
}

fn own(sign: &str) -> Option<String> {
    let small = sign.trim_end_matches('.').to_lowercase();
    OWN.iter().find(|(of, _)| *of == small).map(|(_, code)| (*code).to_owned())
}

/// Three letters, as large ones.
pub(super) fn code(text: &str) -> Option<String> {
    (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}

/// The same, for `--currency`.
///
/// # Errors
/// Says what to write.
pub fn said(text: &str) -> Result<String, String> {
    code(text).ok_or_else(|| "write three letters such as EUR".to_owned())
}

/// A decimal sign, for `--decimal`.
///
/// # Errors
/// Says what to write.
pub fn sign(text: &str) -> Result<char, String> {
    match text {
        "," => Ok(','),
        "." => Ok('.'),
        _ => Err("write , or .".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for (text, hundredths) in [
            ("12", 1_200),
            ("12.5", 1_250),
            ("12,50", 1_250),
            ("1234,5", 123_450),
            ("1 234,50", 123_450),
            ("1.234,50", 123_450),
            ("1,234.50", 123_450),
            ("1'234.50", 123_450),
            ("1.234.567", 123_456_700),
            ("1 234", 123_400),
            ("0.125", 13),
            ("1234.567", 123_457),
            ("+7", 700),
        ] {
            assert_eq!(money(text, None), Ok((hundredths, None)), "{text}");
        }
        assert_eq!((money("€12", None), money("12 kr.", None)), (Ok((1_200, Some("€"))), Ok((1_200, Some("kr.")))));
        assert_eq!((money("1.234", Some('.')), money("1.234", Some(','))), (Ok((123, None)), Ok((123_400, None))));
        for bad in [
            "",
            "x",
            "1.2.3",
            "1,23,4.5",
            "12 34",
            "12,",
            "1e5",
            "1.234",
            "-1",
            "(1)",
            "12 %",
            "€12 €",
            "１２",
            "12..5",
        ] {
            assert!(money(bad, None).is_err(), "{bad}: {:?}", money(bad, None));
        }
    }

    #[test]
    fn a_currency_is_that_of_its_column_or_its_sign() {
        let is = |column, sign, all| currency(column, sign, all).map_err(|(of_amount, _)| of_amount);
        assert_eq!(is("eur", None, None), Ok("EUR".to_owned()));
        assert_eq!(
            is("", Some("€"), Some("SEK")),
            Ok("EUR".to_owned()),
            "what stands there is stronger than what stands for all"
        );
        assert_eq!(is("SEK", Some("kr"), None), Ok("SEK".to_owned()));
        assert_eq!(
            (is("", Some("kr"), None), is("SEK", Some("€"), None), is("", None, None)),
            (Err(false), Err(true), Err(false))
        );
    }

    #[test]
    fn counts_are_whole() {
        assert_eq!((count("12"), count("1 200"), count("0")), (Ok(12), Ok(1_200), Ok(0)));
        for bad in ["", "-1", "1.2", "1.234", "12 34", "x", "1234567890123"] {
            assert!(count(bad).is_err(), "{bad}");
        }
    }
}
