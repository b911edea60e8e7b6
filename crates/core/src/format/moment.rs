//! Moments, as receivers want them written.

use crate::json::Writer;

/// `ms` (Unix) as RFC 3339 in UTC with milliseconds: `2026-01-01T00:00:00.123Z`.
pub(super) fn rfc3339(ms: u64) -> String {
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    // Eras of 400 years that begin in March, so that the leap day is a year's last.
    let days = days + 719_468;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = days / 146_097 * 400 + year + u64::from(month < 3);
    let mut out = Writer::default();
    for (before, number, digits) in [
        ("", year, 4),
        ("-", month, 2),
        ("-", day, 2),
        ("T", rest / 3_600_000, 2),
        (":", rest / 60_000 % 60, 2),
        (":", rest / 1_000 % 60, 2),
        (".", rest % 1_000, 3),
    ] {
        out.raw(before);
        padded(&mut out, number, digits);
    }
    out.raw("Z");
    out.into_string()
}

fn padded(out: &mut Writer, number: u64, digits: u32) {
    if digits > 0 {
        padded(out, number / 10, digits - 1);
        out.one_of("0123456789", (number % 10) as usize);
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
        ] {
            assert_eq!(rfc3339(ms), text);
        }
    }
}
