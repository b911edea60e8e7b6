//! Moments, as receivers want them written.

use crate::json::Writer;

/// Writes `ms` (Unix) as RFC 3339 in UTC with milliseconds: `2026-01-01T00:00:00.123Z`.
pub(super) fn rfc3339(out: &mut Writer, ms: u64) {
    let (days, rest) = ((ms / 86_400_000) as u32, (ms % 86_400_000) as u32);
    // Eras of 400 years that begin in March, so that the leap day is a year's last.
    let days = days + 719_468;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = days / 146_097 * 400 + year + u32::from(month < 3);
    let seconds = rest / 1_000;
    let numbers = [year, month, day, seconds / 3_600, seconds / 60 % 60, seconds % 60, rest % 1_000];
    for (at, number) in numbers.into_iter().enumerate() {
        let mut unit = match at {
            0 => 1_000,
            6 => 100,
            _ => 10,
        };
        while unit > 0 {
            out.number((number / unit % 10).into());
            unit /= 10;
        }
        out.one_of("--T::.Z", at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
            (1_767_225_600_123, "2026-01-01T00:00:00.123Z"),
            (1_795_284_084_200, "2026-11-21T18:01:24.200Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            let mut out = Writer::default();
            rfc3339(&mut out, ms);
            assert_eq!(out.as_str(), text);
        }
    }
}
