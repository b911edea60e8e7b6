//! Days as people write them.

use super::wrong::told;
use clap::ValueEnum;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// In which order the parts of a day are written with slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// 24/12/2026.
    Dmy,
    /// 12/24/2026.
    Mdy,
}

/// How days are read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Days {
    /// In which order those with slashes are written.
    pub(super) order: Option<Order>,
    /// The only ones that are taken: the first and the last.
    pub(super) within: Option<(i64, i64)>,
}

impl Days {
    /// A day on which something has happened: it does not lie ahead. Tomorrow may, where clocks differ.
    ///
    /// # Errors
    /// Says what is wrong, and what to write.
    pub(super) fn past(self, cell: &str) -> Result<i64, String> {
        let day = self.any(cell)?;
        let today = since_1970(jiff::Zoned::now().date()).unwrap_or(i64::MAX - 1);
        if day > today + 1 {
            return Err(format!("{} has not come yet; write the day on which it was", told(cell)));
        }
        Ok(day)
    }

    /// Any day.
    ///
    /// # Errors
    /// Says what is wrong, and what to write.
    pub(super) fn any(self, cell: &str) -> Result<i64, String> {
        let day = read(cell, self.order)?;
        match self.within {
            Some((from, to)) if !(from..=to).contains(&day) => {
                let (from, to) = (name(from), name(to));
                Err(format!("{} lies outside --replace {from}..{to}; widen that, or take the line out", told(cell)))
            }
            _ => Ok(day),
        }
    }
}

/// Days since 1970 of 2026-12-24, 24.12.2026 or 24/12/2026, with or without a time of day behind it. The day is that which is written, in
/// whichever zone.
///
/// # Errors
/// Says what is wrong, and what to write.
fn read(cell: &str, order: Option<Order>) -> Result<i64, String> {
    let none = || format!("{} is no day; write it as 2026-12-24 or 24.12.2026", told(cell));
    let text = cell.split_once([' ', 'T', '\u{a0}']).map_or(cell, |(day, time)| {
        if time.starts_with(|sign: char| sign.is_ascii_digit()) { day.trim_end_matches(',') } else { cell }
    });
    let sign =
        text.chars().find(|sign| !sign.is_ascii_digit()).filter(|sign| "-./".contains(*sign)).ok_or_else(none)?;
    let parts: Vec<&str> = text.trim_end_matches('.').split(sign).map(str::trim).collect();
    let [first, second, third] = parts[..] else { return Err(none()) };
    let number = |part: &str| part.parse::<i16>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    let (Some(a), Some(b), Some(c)) = (number(first), number(second), number(third)) else { return Err(none()) };
    let (year, month, day) = if first.len() == 4 {
        (a, b, c)
    } else if third.len() != 4 {
        return Err(format!("the year of {} must have four digits; write it as 2026-12-24 or 24.12.2026", told(cell)));
    } else {
        match (sign, order) {
            ('.', _) | (_, Some(Order::Dmy)) => (c, b, a),
            (_, Some(Order::Mdy)) => (c, a, b),
            _ if a > 12 || a == b => (c, b, a),
            _ if b > 12 => (c, a, b),
            _ => {
                return Err(format!(
                    "{} may be one of two days; write {c}-{b:02}-{a:02} or {c}-{a:02}-{b:02}, or say --dates dmy or --dates mdy",
                    told(cell)
                ));
            }
        }
    };
    let small = |part: i16| i8::try_from(part).map_err(|_| none());
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| none())?;
    if !(2000..2100).contains(&year) {
        return Err(format!("{} lies too far away; write a day from 2000-01-01 on", told(cell)));
    }
    since_1970(date).ok_or_else(none)
}

/// `2026-12-01..2026-12-24`, both included.
///
/// # Errors
/// Says what to write.
pub(crate) fn range(text: &str) -> Result<(i64, i64), String> {
    let fix = || "write two days, the first and the last, like 2026-12-01..2026-12-24".to_owned();
    let (from, to) = text.split_once("..").ok_or_else(fix)?;
    let day = |text: &str| text.parse().ok().and_then(since_1970).ok_or_else(fix);
    let (from, to) = (day(from)?, day(to)?);
    if from > to { Err(fix()) } else { Ok((from, to)) }
}

/// As 2026-12-24.
pub(crate) fn name(day: i64) -> String {
    crate::map::facts::filter::day_of(day.saturating_mul(86_400))
}

fn since_1970(date: Date) -> Option<i64> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second() / 86_400)
}

/// Days of a year and a little more: what is paid at once for longer says little of any month.
pub(super) const LONG: i64 = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_same_however_it_is_written() {
        for text in [
            "2026-12-24",
            "2026-12-24T23:59:59Z",
            "2026-12-24 08:00",
            "24.12.2026",
            "24/12/2026",
            "12/24/2026",
            "2026/12/24",
            "24-12-2026",
        ] {
            assert_eq!(read(text, None).map(name), Ok("2026-12-24".to_owned()), "{text}");
        }
        assert_eq!(read("1.2.2026", None).map(name), Ok("2026-02-01".to_owned()));
        assert_eq!(read("01/02/2026", Some(Order::Dmy)).map(name), Ok("2026-02-01".to_owned()));
        assert_eq!(read("01/02/2026", Some(Order::Mdy)).map(name), Ok("2026-01-02".to_owned()));
        for bad in [
            "",
            "24",
            "24.12",
            "24.12.26",
            "01/02/2026",
            "2026-13-01",
            "1.2.3.2026",
            "-1.2.2026",
            "２４.12.2026",
            "2026-12-24Tx",
            "24.12.2026 klo 8",
        ] {
            assert!(read(bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn two_days_are_a_time() {
        assert_eq!(range("1970-01-01..1970-01-03"), Ok((0, 2)));
        for bad in ["", "1970-01-01", "1970-01-03..1970-01-01", "1970-01-01..", "a..b"] {
            assert!(range(bad).is_err(), "{bad}");
        }
    }
}
