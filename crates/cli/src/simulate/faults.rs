//! What can go wrong, by name: what `--faults` takes.

use std::fmt::Write as _;
use std::str::FromStr;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Lost,
    Doubled,
    Timeout,
    Errors,
    Busy,
    Refused,
    TooBig,
    Rejected,
    Offline,
    Slow,
    MidSend,
    Crash,
    Tabs,
    Cache,
    Quota,
    Clock,
    Sleep,
    Loop,
    Withdraw,
}

/// The kinds, their names, and what each is.
pub(crate) const KINDS: [(Kind, &str, &str); 19] = [
    (Kind::Lost, "lost", "requests that never arrive, and answers that never come back"),
    (Kind::Doubled, "doubled", "requests that arrive twice, the second time up to a minute later"),
    (Kind::Timeout, "timeout", "requests that nobody answers; some arrive all the same, after the page has given up"),
    (Kind::Errors, "errors", "5xx and 408 for a while, 200 without a reply, 5xx for what was taken"),
    (Kind::Busy, "busy", "429 and 503 with and without Retry-After"),
    (Kind::Refused, "refused", "400, 401, 403, 404, 410 and 422 for a while, and 400 for a batch with one bad event"),
    (Kind::TooBig, "too-big", "413 above 16 KiB, 4 KiB or less"),
    (Kind::Rejected, "rejected", "200 that rejects some events"),
    (Kind::Offline, "offline", "no network for seconds or minutes"),
    (Kind::Slow, "slow", "a slow network, beyond the page's patience now and then"),
    (Kind::MidSend, "mid-send", "pages that close, crash or go on in the middle of a send"),
    (Kind::Crash, "crash", "tabs, and whole browsers, that are torn away; some are loaded again"),
    (Kind::Tabs, "tabs", "duplicated tabs, and a browser without Web Locks"),
    (Kind::Cache, "cache", "returns from the back/forward cache, at once and late"),
    (Kind::Quota, "quota", "local or session storage that is full for a while, or shut for good"),
    (Kind::Clock, "clock", "clocks that are set, back and forth"),
    (Kind::Sleep, "sleep", "machines that sleep, in the middle of anything"),
    (Kind::Loop, "loop", "a page that reports hundreds of touchpoints in a runaway loop"),
    (Kind::Withdraw, "withdraw", "shoppers who withdraw, or want nothing remembered any more"),
];

/// The kinds that are let loose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults(u32);

impl Faults {
    /// Nothing goes wrong.
    pub const NONE: Self = Self(0);
    /// Everything does.
    pub const ALL: Self = Self((1 << KINDS.len()) - 1);

    pub(crate) fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    /// How many there are.
    pub(crate) fn kinds(self) -> u32 {
        self.0.count_ones()
    }
}

impl FromStr for Faults {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => return Ok(Self::NONE),
            "all" => return Ok(Self::ALL),
            _ => {}
        }
        let mut faults = Self::NONE;
        for word in text.split(',') {
            let Some((kind, ..)) = KINDS.iter().find(|(_, name, _)| *name == word) else {
                let names: Vec<_> = KINDS.iter().map(|(_, name, _)| *name).collect();
                return Err(format!("`{word}` is no kind of fault; write all, none, or some of {}", names.join(",")));
            };
            faults.0 |= 1 << *kind as u8;
        }
        Ok(faults)
    }
}

/// What `--help` says of the kinds.
pub(crate) fn help() -> String {
    let width = KINDS.iter().map(|(_, name, _)| name.len()).max().unwrap_or_default();
    let mut text = String::from("Kinds of faults, several with commas between them:\n");
    for (_, name, says) in KINDS {
        let _ = writeln!(text, "  {name:width$}  {says}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_by_their_names() {
        assert_eq!("none".parse(), Ok(Faults::NONE));
        let some: Faults = "lost,quota".parse().expect("both are known");
        assert!(some.has(Kind::Lost) && some.has(Kind::Quota) && !some.has(Kind::Crash));
        let every: Vec<_> = KINDS.iter().map(|(_, name, _)| *name).collect();
        assert_eq!(every.join(",").parse(), Ok(Faults::ALL));
        for (at, (kind, ..)) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, at, "each kind has a bit of its own");
        }
        let wrong = "lost,rain".parse::<Faults>().expect_err("there is no rain");
        assert!(wrong.starts_with("`rain` is no kind of fault; write all, none, or some of lost,doubled"), "{wrong}");
    }
}
