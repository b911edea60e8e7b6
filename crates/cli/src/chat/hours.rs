//! When conversations are answered.

use crate::cli::ServeOptions;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan as _};

/// Days after today that are looked through for the next opening: a shop that is closed for longer says nothing of it.
const AHEAD: i32 = 60;
const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// A week's hours on a shop's clock.
#[derive(Debug)]
pub(super) struct Hours {
    zone: TimeZone,
    closed: Vec<Date>,
    /// Day, from, and to, in minutes since midnight; to may lie on the next day.
    open: Vec<(Weekday, i16, i16)>,
}

impl Hours {
    /// What the options say; `None` is always.
    pub(super) fn of(options: &ServeOptions) -> Result<Option<Self>, String> {
        let Some(hours) = &options.chat_hours else { return Ok(None) };
        Self::new(hours, &options.chat_zone, &options.chat_closed).map(Some)
    }

    fn new(hours: &str, zone: &str, closed: &[String]) -> Result<Self, String> {
        let zone = zone_of(zone).ok_or_else(|| {
            format!("--chat-zone {zone}: write a zone like Europe/Helsinki, or an offset like +02:00")
        })?;
        let date = |date: &String| {
            date.trim().parse::<Date>().map_err(|_| format!("--chat-closed {date}: write a date like 2026-12-24"))
        };
        let closed = closed.iter().map(date).collect::<Result<_, _>>()?;
        let mut open = Vec::new();
        for part in hours.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            open.extend(part_of(part).ok_or_else(|| {
                format!("--chat-hours {part}: write days and times like \"mon-fri 9-17\" or \"sat 10:00-14:00\"")
            })?);
        }
        if open.is_empty() {
            return Err("--chat-hours: write when it is open, like \"mon-fri 9-17\"; leave it out for always".into());
        }
        Ok(Self { zone, closed, open })
    }

    /// Whether it is open at this Unix second.
    pub(super) fn is_open(&self, now: i64) -> bool {
        let Some(today) = self.day(now) else { return true };
        // What began yesterday may go on past midnight.
        [today.yesterday().ok(), Some(today)]
            .into_iter()
            .flatten()
            .any(|day| self.on(day).any(|(from, to)| from <= now && now < to))
    }

    /// When it opens next, in Unix seconds.
    pub(super) fn opens(&self, now: i64) -> Option<i64> {
        let today = self.day(now)?;
        (0..=AHEAD).find_map(|ahead| {
            let day = today.checked_add(ahead.days()).ok()?;
            self.on(day).map(|(from, _)| from).filter(|from| *from > now).min()
        })
    }

    fn day(&self, now: i64) -> Option<Date> {
        Some(Timestamp::from_second(now).ok()?.to_zoned(self.zone.clone()).date())
    }

    /// The hours that begin on a day, in Unix seconds.
    fn on(&self, day: Date) -> impl Iterator<Item = (i64, i64)> {
        let open = if self.closed.contains(&day) { &[][..] } else { &self.open };
        open.iter()
            .filter(move |(of, ..)| *of == day.weekday())
            .filter_map(move |(_, from, to)| Some((self.second(day, *from)?, self.second(day, *to)?)))
    }

    /// A time of a day, by the clock: on the days when the clocks change, too.
    fn second(&self, day: Date, minutes: i16) -> Option<i64> {
        let day = day.checked_add(i32::from(minutes / 1440).days()).ok()?;
        let minutes = minutes % 1440;
        let time = Time::new(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0).ok()?;
        Some(day.to_datetime(time).to_zoned(self.zone.clone()).ok()?.timestamp().as_second())
    }
}

fn zone_of(zone: &str) -> Option<TimeZone> {
    let zone = zone.trim();
    let Some(sign) = zone.chars().next().filter(|sign| matches!(sign, '+' | '-')) else {
        return TimeZone::get(zone).ok();
    };
    let minutes = time_of(&zone[1..]).filter(|minutes| *minutes <= 14 * 60)?;
    let seconds = i32::from(minutes) * 60;
    Some(TimeZone::fixed(Offset::from_seconds(if sign == '-' { -seconds } else { seconds }).ok()?))
}

/// `mon-fri 9-17`
fn part_of(part: &str) -> Option<Vec<(Weekday, i16, i16)>> {
    let (days, times) = part.split_once(char::is_whitespace)?;
    let (from, to) = times.trim().split_once(['-', '–'])?;
    let (from, mut to) = (time_of(from)?, time_of(to)?);
    if from >= 1440 || from == to {
        return None;
    }
    if to < from {
        to += 1440;
    }
    let (first, last) = match days.split_once(['-', '–']) {
        Some((first, last)) => (day_of(first)?, day_of(last)?),
        None => (day_of(days)?, day_of(days)?),
    };
    let many = (last + 7 - first) % 7;
    Some((0..=many).map(|ahead| (DAYS[(first + ahead) % 7].1, from, to)).collect())
}

fn day_of(day: &str) -> Option<usize> {
    let day = day.trim();
    DAYS.iter().position(|(name, _)| day.eq_ignore_ascii_case(name))
}

/// `9`, `09:30`, `24:00`, in minutes.
fn time_of(time: &str) -> Option<i16> {
    let (hours, minutes) = time.trim().split_once(':').unwrap_or((time.trim(), "0"));
    let number = |digits: &str| {
        let good = (1..=2).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        if good { digits.parse::<i16>().ok() } else { None }
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 1440).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn second(time: &str) -> i64 {
        time.parse::<Timestamp>().unwrap().as_second()
    }

    fn hours(hours: &str, zone: &str) -> Hours {
        Hours::new(hours, zone, &["2026-12-24".into(), "2026-12-25".into()]).unwrap()
    }

    #[test]
    fn it_is_open_when_the_clock_says_so() {
        let shop = hours("mon-fri 09:00-17:00, sat 10-14", "Europe/Helsinki");
        for (time, open) in [
            // 2026-11-23 is a Monday; Finland is two hours ahead in winter and three in summer.
            ("2026-11-23T06:59:59Z", false),
            ("2026-11-23T07:00:00Z", true),
            ("2026-11-23T14:59:59Z", true),
            ("2026-11-23T15:00:00Z", false),
            ("2026-07-06T06:00:00Z", true),
            ("2026-07-06T14:00:00Z", false),
            ("2026-11-28T08:00:00Z", true),
            ("2026-11-29T10:00:00Z", false),
            ("2026-12-24T10:00:00Z", false),
        ] {
            assert_eq!(shop.is_open(second(time)), open, "{time}");
        }
        for (time, opens) in [
            ("2026-11-23T06:00:00Z", "2026-11-23T07:00:00Z"),
            ("2026-11-27T16:00:00Z", "2026-11-28T08:00:00Z"),
            ("2026-11-28T13:00:00Z", "2026-11-30T07:00:00Z"),
            ("2026-12-23T16:00:00Z", "2026-12-26T08:00:00Z"),
            // The clocks go forward on 2026-03-29.
            ("2026-03-28T13:00:00Z", "2026-03-30T06:00:00Z"),
        ] {
            assert_eq!(shop.opens(second(time)), Some(second(opens)), "{time}");
        }
    }

    #[test]
    fn a_night_goes_on_past_midnight_and_a_week_past_sunday() {
        let bar = hours("fri-sun 20-2", "+01:00");
        assert!(bar.is_open(second("2026-11-27T19:00:00Z")) && bar.is_open(second("2026-11-28T00:59:00Z")));
        assert!(!bar.is_open(second("2026-11-28T01:00:00Z")) && bar.is_open(second("2026-11-30T00:30:00Z")));
        let odd = hours("sat-mon 0-24", "-03:30");
        assert!(odd.is_open(second("2026-11-23T12:00:00Z")) && !odd.is_open(second("2026-11-24T04:00:00Z")));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for bad in [
            "",
            "mon",
            "9-17",
            "mon 9",
            "mon 17-25",
            "mon 9-9",
            "mo-fr 9-17",
            "mon 9:60-10",
            "mon 24-25",
            "mon -1-5",
            "mon 9-17x",
        ] {
            assert!(Hours::new(bad, "UTC", &[]).is_err(), "{bad}");
        }
        for bad in ["Mars/Base", "+25", "+1:", "", "+é"] {
            assert!(Hours::new("mon 9-17", bad, &[]).is_err(), "{bad}");
        }
        assert!(Hours::new("mon 9-17", "+2", &["24.12.2026".into()]).is_err());
        assert!(Hours::new("mon 9-17", "+2", &[]).is_ok());
    }
}
