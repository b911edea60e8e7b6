//! One journey as a list of inputs: what the shopper does and what goes wrong, each with its time. It is drawn from a seed, printed where
//! it fails, and read again by `--script`: the same lines give the same run.

use std::fmt::{self, Write as _};
use std::str::{FromStr, SplitWhitespace};

use polku_core::Mode;

/// Pages of the simulated shop.
pub(crate) const PATHS: [&str; 9] = [
    "/",
    "/c/coffee",
    "/p/espresso-77",
    "/p/kettle-12",
    "/search?q=cups",
    "/cart",
    "/checkout",
    "/thanks?order=1",
    "/faq",
];

/// Touchpoints that the simulated shop reports.
pub(crate) const NAMES: [&str; 14] = [
    "view_item_list",
    "select_item",
    "view_item",
    "search",
    "add_to_wishlist",
    "add_to_cart",
    "remove_from_cart",
    "view_cart",
    "begin_checkout",
    "add_payment_info",
    "payment_declined",
    "purchase",
    "help_view",
    "share",
];

/// A journey.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Script {
    pub(crate) setup: Setup,
    pub(crate) lines: Vec<Line>,
}

/// Something that happens, so many ms after the journey's beginning; later where the machine sleeps then.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) at: u64,
    pub(crate) act: Act,
}

/// What holds for the whole journey.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setup {
    /// Latencies, ids and the fates that have no line of their own come from this number.
    pub(crate) dice: u64,
    pub(crate) mode: Mode,
    /// What was decided before the first page. `None`: nothing.
    pub(crate) measure: Option<bool>,
    pub(crate) remember: Option<bool>,
    /// Global Privacy Control is on, and the shop lets it win over every grant.
    pub(crate) gpc: bool,
    /// The browser lets no site store anything.
    pub(crate) shut: bool,
    /// The browser has Web Locks.
    pub(crate) locks: bool,
    /// The shop's banner tells every page of the browser what was decided on one.
    pub(crate) banner: bool,
    /// Its pages' clocks go on while the machine sleeps.
    pub(crate) steady: bool,
    /// The shop has a second collector, which cannot tell if something comes twice.
    pub(crate) second: bool,
    /// One way through the network takes about so long, in ms.
    pub(crate) latency: u64,
    /// The shopper stays for so long after the last line, in ms.
    pub(crate) linger: u64,
    /// … and then the whole browser is torn away, instead of its tabs closed.
    pub(crate) torn: bool,
    /// After so long the shopper comes back, and all is well: network, collector and storage. `None`: never.
    pub(crate) back: Option<u64>,
    /// … to a tab that the browser has restored, with what its session storage held.
    pub(crate) restored: bool,
}

/// How a page ends in the middle of a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Close,
    Crash,
    Go,
}

/// Something that happens. Tabs are numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    // What the shopper does, and the shop reports.
    /// Opens a tab: by an address that was typed, or by a link on another site.
    Open {
        tab: usize,
        path: &'static str,
        outside: bool,
    },
    /// Duplicates a tab: the copy has a copy of its session storage.
    Copy {
        tab: usize,
        of: usize,
    },
    /// Follows a link. The page before goes into the back/forward cache, or is gone.
    Go {
        tab: usize,
        path: &'static str,
        cached: bool,
    },
    Reload {
        tab: usize,
    },
    /// The address changes, the document stays.
    Route {
        tab: usize,
        path: &'static str,
    },
    /// Goes back to the page that sleeps in the cache.
    Back {
        tab: usize,
    },
    Hide {
        tab: usize,
    },
    Show {
        tab: usize,
    },
    Close {
        tab: usize,
    },
    /// The shop reports a touchpoint with `items` products; the first has the number `serial`, by which it is known again.
    Track {
        tab: usize,
        name: &'static str,
        serial: u64,
        items: u64,
        layer: bool,
    },
    /// … `count` of them, `gap` ms apart.
    Burst {
        tab: usize,
        name: &'static str,
        serial: u64,
        count: u64,
        gap: u64,
    },
    /// Looks at the page for `ms` more.
    Linger {
        tab: usize,
        ms: u64,
    },
    /// Clicks again and again, and nothing happens.
    Rage {
        tab: usize,
    },
    /// Answers a prompt; opens it first where none is open.
    Answer {
        tab: usize,
        serial: u64,
    },
    Consent {
        tab: usize,
        measure: Option<bool>,
        remember: Option<bool>,
        earlier: bool,
    },
    Withdraw {
        tab: usize,
    },
    /// The page calls `flush`.
    Flush {
        tab: usize,
    },

    // What goes wrong.
    /// The page is torn away without a word.
    Crash {
        tab: usize,
    },
    /// A tab that crashed is loaded again.
    Revive {
        tab: usize,
    },
    /// All tabs crash at once.
    Kill,
    /// The next requests never arrive, and the page is told so.
    Lose(u64),
    /// … arrive, and their answers do not.
    Mute(u64),
    /// … arrive twice, the second time `late` ms later.
    Double {
        count: u64,
        late: u64,
    },
    /// … are not answered; they arrive `late` ms later, where that is not 0.
    Hang {
        count: u64,
        late: u64,
    },
    /// … are taken, and answered with `code` all the same.
    Belie {
        count: u64,
        code: u16,
    },
    /// For `ms` there is no network, and the browser says so.
    Offline(u64),
    /// For `ms` one way takes `latency` ms more.
    Slow {
        ms: u64,
        latency: u64,
    },
    /// For `ms` every request is refused with `code`, and `Retry-After` of `after` seconds where that is not 0.
    Status {
        ms: u64,
        code: u16,
        after: u32,
    },
    /// For `ms` something on the way answers 200, but no collector's reply.
    Nonsense(u64),
    /// For `ms` bodies above `bytes` get a 413.
    Limit {
        ms: u64,
        bytes: u64,
    },
    /// For `ms` a batch with one bad event gets a 400: each event whose number divided by 7 leaves 3 is one.
    Poison(u64),
    /// For `ms` the collector rejects these very events, and takes the others.
    Reject(u64),
    /// For `ms` local storage is full.
    Full(u64),
    /// For `ms` session storage is full.
    FullSession(u64),
    /// Somebody sets the clock.
    Jump(i64),
    /// The machine sleeps.
    Sleep(u64),
    /// When the tab sends next, its page ends `after` ms later.
    MidSend {
        tab: usize,
        end: End,
        after: u64,
    },
}

impl Act {
    /// The word that a line begins with.
    fn word(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Copy { .. } => "copy",
            Self::Go { .. } => "go",
            Self::Reload { .. } => "reload",
            Self::Route { .. } => "route",
            Self::Back { .. } => "back",
            Self::Hide { .. } => "hide",
            Self::Show { .. } => "show",
            Self::Close { .. } => "close",
            Self::Track { .. } => "track",
            Self::Burst { .. } => "burst",
            Self::Linger { .. } => "linger",
            Self::Rage { .. } => "rage",
            Self::Answer { .. } => "answer",
            Self::Consent { .. } => "consent",
            Self::Withdraw { .. } => "withdraw",
            Self::Flush { .. } => "flush",
            Self::Crash { .. } => "crash",
            Self::Revive { .. } => "revive",
            Self::Kill => "kill",
            Self::Lose(_) => "lose",
            Self::Mute(_) => "mute",
            Self::Double { .. } => "double",
            Self::Hang { .. } => "hang",
            Self::Belie { .. } => "belie",
            Self::Offline(_) => "offline",
            Self::Slow { .. } => "slow",
            Self::Status { .. } => "status",
            Self::Nonsense(_) => "nonsense",
            Self::Limit { .. } => "limit",
            Self::Poison(_) => "poison",
            Self::Reject(_) => "reject",
            Self::Full(_) => "full",
            Self::FullSession(_) => "full-session",
            Self::Jump(_) => "jump",
            Self::Sleep(_) => "sleep",
            Self::MidSend { .. } => "mid-send",
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.act.word())?;
        let said = |value: Option<bool>| value.map_or("unsaid", yes);
        match &self.act {
            Act::Open { tab, path, outside } => write!(f, " {tab} {path} {}", if *outside { "link" } else { "typed" }),
            Act::Copy { tab, of } => write!(f, " {tab} {of}"),
            Act::Go { tab, path, cached } => write!(f, " {tab} {path} {}", if *cached { "cached" } else { "gone" }),
            Act::Route { tab, path } => write!(f, " {tab} {path}"),
            Act::Reload { tab }
            | Act::Back { tab }
            | Act::Hide { tab }
            | Act::Show { tab }
            | Act::Close { tab }
            | Act::Rage { tab }
            | Act::Withdraw { tab }
            | Act::Flush { tab }
            | Act::Crash { tab }
            | Act::Revive { tab } => write!(f, " {tab}"),
            Act::Track { tab, name, serial, items, layer } => {
                write!(f, " {tab} {name} {serial} {items} {}", if *layer { "layer" } else { "api" })
            }
            Act::Burst { tab, name, serial, count, gap } => write!(f, " {tab} {name} {serial} {count} {gap}"),
            Act::Linger { tab, ms } => write!(f, " {tab} {ms}"),
            Act::Answer { tab, serial } => write!(f, " {tab} {serial}"),
            Act::Consent { tab, measure, remember, earlier } => {
                let since = if *earlier { "earlier" } else { "now" };
                write!(f, " {tab} {} {} {since}", said(*measure), said(*remember))
            }
            Act::Kill => Ok(()),
            Act::Lose(count) | Act::Mute(count) => write!(f, " {count}"),
            Act::Double { count, late } | Act::Hang { count, late } => write!(f, " {count} {late}"),
            Act::Belie { count, code } => write!(f, " {count} {code}"),
            Act::Slow { ms, latency } => write!(f, " {ms} {latency}"),
            Act::Status { ms, code, after } => write!(f, " {ms} {code} {after}"),
            Act::Limit { ms, bytes } => write!(f, " {ms} {bytes}"),
            Act::Jump(ms) => write!(f, " {ms}"),
            Act::Offline(ms)
            | Act::Nonsense(ms)
            | Act::Poison(ms)
            | Act::Reject(ms)
            | Act::Full(ms)
            | Act::FullSession(ms)
            | Act::Sleep(ms) => write!(f, " {ms}"),
            Act::MidSend { tab, end, after } => {
                let end = match end {
                    End::Close => "close",
                    End::Crash => "crash",
                    End::Go => "go",
                };
                write!(f, " {tab} {end} {after}")
            }
        }
    }
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

impl fmt::Display for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |value: Option<bool>| value.map_or("unsaid", yes);
        let mode = if self.mode == Mode::Strict { "strict" } else { "feedback" };
        write!(f, "shopper dice={} mode={mode} measure={}", self.dice, said(self.measure))?;
        write!(f, " remember={} gpc={} shut={}", said(self.remember), yes(self.gpc), yes(self.shut))?;
        write!(f, " locks={} banner={} steady={}", yes(self.locks), yes(self.banner), yes(self.steady))?;
        write!(f, " second={} latency={}", yes(self.second), self.latency)?;
        write!(f, " linger={} torn={} back=", self.linger, yes(self.torn))?;
        match self.back {
            Some(back) => write!(f, "{back}")?,
            None => f.write_str("never")?,
        }
        write!(f, " restored={}", yes(self.restored))
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.setup)?;
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

/// The words of one line, taken one by one.
struct Words<'a>(SplitWhitespace<'a>);

impl<'a> Words<'a> {
    fn word(&mut self, what: &str) -> Result<&'a str, String> {
        self.0.next().ok_or_else(|| format!("{what} is missing"))
    }

    fn number<T: FromStr>(&mut self, what: &str) -> Result<T, String> {
        let word = self.word(what)?;
        word.parse().map_err(|_| format!("{what} is no number that fits: {word}"))
    }

    fn one_of<T: Copy>(&mut self, what: &str, words: &[(&str, T)]) -> Result<T, String> {
        let word = self.word(what)?;
        let found = words.iter().find(|(known, _)| *known == word);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let mut known = String::new();
            for (word, _) in words {
                let _ = write!(known, " {word}");
            }
            format!("{what} is none of{known}: {word}")
        })
    }

    fn listed(&mut self, what: &str, words: &[&'static str]) -> Result<&'static str, String> {
        let pairs: Vec<_> = words.iter().map(|word| (*word, *word)).collect();
        self.one_of(what, &pairs)
    }

    fn tab(&mut self) -> Result<usize, String> {
        match self.number("the tab")? {
            tab @ 0..=MOST_TABS => Ok(tab),
            tab => Err(format!("the tab is above {MOST_TABS}: {tab}")),
        }
    }

    /// A count of something, or an amount of time.
    fn amount(&mut self, what: &str) -> Result<u64, String> {
        match self.number(what)? {
            amount @ 0..=MOST_MS => Ok(amount),
            amount => Err(format!("{what} is above {MOST_MS}: {amount}")),
        }
    }
}

/// A shopper has so many tabs, at most.
const MOST_TABS: usize = 15;
/// A year: nothing takes longer.
const MOST_MS: u64 = 366 * 86_400_000;
/// A burst has so many touchpoints, at most.
const MOST_BURST: u64 = 10_000;

const SAID: [(&str, Option<bool>); 3] = [("yes", Some(true)), ("no", Some(false)), ("unsaid", None)];
const YES: [(&str, bool); 2] = [("yes", true), ("no", false)];

impl FromStr for Line {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = Words(text.split_whitespace());
        let at = words.amount("the time")?;
        let it = &mut words;
        let act = match it.word("what happens")? {
            "open" => Act::Open {
                tab: it.tab()?,
                path: it.listed("the page", &PATHS)?,
                outside: it.one_of("how it is come to", &[("link", true), ("typed", false)])?,
            },
            "copy" => Act::Copy { tab: it.tab()?, of: it.tab()? },
            "go" => Act::Go {
                tab: it.tab()?,
                path: it.listed("the page", &PATHS)?,
                cached: it.one_of("what becomes of the page before", &[("cached", true), ("gone", false)])?,
            },
            "reload" => Act::Reload { tab: it.tab()? },
            "route" => Act::Route { tab: it.tab()?, path: it.listed("the page", &PATHS)? },
            "back" => Act::Back { tab: it.tab()? },
            "hide" => Act::Hide { tab: it.tab()? },
            "show" => Act::Show { tab: it.tab()? },
            "close" => Act::Close { tab: it.tab()? },
            "track" => Act::Track {
                tab: it.tab()?,
                name: it.listed("the touchpoint", &NAMES)?,
                serial: it.number("the serial number")?,
                items: it.number::<u64>("the number of products")?.min(MOST_BURST),
                layer: it.one_of("who reports it", &[("layer", true), ("api", false)])?,
            },
            "burst" => Act::Burst {
                tab: it.tab()?,
                name: it.listed("the touchpoint", &NAMES)?,
                serial: it.number("the serial number")?,
                count: it.number::<u64>("how many")?.min(MOST_BURST),
                gap: it.amount("the gap")?,
            },
            "linger" => Act::Linger { tab: it.tab()?, ms: it.amount("how long")? },
            "rage" => Act::Rage { tab: it.tab()? },
            "answer" => Act::Answer { tab: it.tab()?, serial: it.number("the serial number")? },
            "consent" => Act::Consent {
                tab: it.tab()?,
                measure: it.one_of("measure", &SAID)?,
                remember: it.one_of("remember", &SAID)?,
                earlier: it.one_of("since when", &[("earlier", true), ("now", false)])?,
            },
            "withdraw" => Act::Withdraw { tab: it.tab()? },
            "flush" => Act::Flush { tab: it.tab()? },
            "crash" => Act::Crash { tab: it.tab()? },
            "revive" => Act::Revive { tab: it.tab()? },
            "kill" => Act::Kill,
            "lose" => Act::Lose(it.number("how many")?),
            "mute" => Act::Mute(it.number("how many")?),
            "double" => Act::Double { count: it.number("how many")?, late: it.amount("how late")? },
            "hang" => Act::Hang { count: it.number("how many")?, late: it.amount("how late")? },
            "belie" => Act::Belie { count: it.number("how many")?, code: it.number("the status")? },
            "offline" => Act::Offline(it.amount("how long")?),
            "slow" => Act::Slow { ms: it.amount("how long")?, latency: it.amount("the latency")? },
            "status" => Act::Status {
                ms: it.amount("how long")?,
                code: it.number("the status")?,
                after: it.number("the seconds of Retry-After")?,
            },
            "nonsense" => Act::Nonsense(it.amount("how long")?),
            "limit" => Act::Limit { ms: it.amount("how long")?, bytes: it.number("the bytes")? },
            "poison" => Act::Poison(it.amount("how long")?),
            "reject" => Act::Reject(it.amount("how long")?),
            "full" => Act::Full(it.amount("how long")?),
            "full-session" => Act::FullSession(it.amount("how long")?),
            "jump" => match it.number::<i64>("how far")? {
                by if by.unsigned_abs() <= MOST_MS => Act::Jump(by),
                by => return Err(format!("how far is above {MOST_MS}: {by}")),
            },
            "sleep" => Act::Sleep(it.amount("how long")?),
            "mid-send" => Act::MidSend {
                tab: it.tab()?,
                end: it.one_of("how it ends", &[("close", End::Close), ("crash", End::Crash), ("go", End::Go)])?,
                after: it.amount("how long after")?,
            },
            word => return Err(format!("nobody knows what this is: {word}")),
        };
        match words.0.next() {
            Some(word) => Err(format!("nothing should follow here: {word}")),
            None => Ok(Self { at, act }),
        }
    }
}

impl FromStr for Setup {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        if words.next() != Some("shopper") {
            return Err("the first line is to begin with `shopper`".to_owned());
        }
        let mut next = |name: &str| {
            let value = words.next().and_then(|word| word.split_once('=')).filter(|(key, _)| *key == name);
            value.map(|(_, value)| Words(value.split_whitespace())).ok_or_else(|| format!("`{name}=` should come next"))
        };
        Ok(Self {
            dice: next("dice")?.number("dice")?,
            mode: next("mode")?.one_of("mode", &[("strict", Mode::Strict), ("feedback", Mode::Feedback)])?,
            measure: next("measure")?.one_of("measure", &SAID)?,
            remember: next("remember")?.one_of("remember", &SAID)?,
            gpc: next("gpc")?.one_of("gpc", &YES)?,
            shut: next("shut")?.one_of("shut", &YES)?,
            locks: next("locks")?.one_of("locks", &YES)?,
            banner: next("banner")?.one_of("banner", &YES)?,
            steady: next("steady")?.one_of("steady", &YES)?,
            second: next("second")?.one_of("second", &YES)?,
            latency: next("latency")?.amount("latency")?,
            linger: next("linger")?.amount("linger")?,
            torn: next("torn")?.one_of("torn", &YES)?,
            back: match next("back")?.word("back")? {
                "never" => None,
                word => Some(Words(word.split_whitespace()).amount("back")?),
            },
            restored: next("restored")?.one_of("restored", &YES)?,
        })
    }
}

impl FromStr for Script {
    type Err = String;

    /// Reads what [`fmt::Display`] writes. Empty lines and what begins with `#` are passed over; lines may stand in any order of time.
    fn from_str(text: &str) -> Result<Self, String> {
        let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        let mut rest = numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let at = |number: usize| move |why: String| format!("line {number}: {why}");
        let (number, first) = rest.next().ok_or_else(|| "it is empty".to_owned())?;
        let setup = first.parse().map_err(at(number))?;
        let mut lines = Vec::new();
        for (number, line) in rest {
            lines.push(line.parse::<Line>().map_err(at(number))?);
        }
        lines.sort_by_key(|line| line.at);
        Ok(Self { setup, lines })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Act> {
        let (tab, path, name) = (1, PATHS[2], NAMES[3]);
        vec![
            Act::Open { tab, path, outside: true },
            Act::Copy { tab, of: 0 },
            Act::Go { tab, path, cached: true },
            Act::Reload { tab },
            Act::Route { tab, path },
            Act::Back { tab },
            Act::Hide { tab },
            Act::Show { tab },
            Act::Close { tab },
            Act::Track { tab, name, serial: 9, items: 2, layer: false },
            Act::Burst { tab, name, serial: 9, count: 30, gap: 5 },
            Act::Linger { tab, ms: 5 },
            Act::Rage { tab },
            Act::Answer { tab, serial: 7 },
            Act::Consent { tab, measure: Some(true), remember: None, earlier: false },
            Act::Withdraw { tab },
            Act::Flush { tab },
            Act::Crash { tab },
            Act::Revive { tab },
            Act::Kill,
            Act::Lose(2),
            Act::Mute(3),
            Act::Double { count: 1, late: 9 },
            Act::Hang { count: 1, late: 0 },
            Act::Belie { count: 1, code: 500 },
            Act::Offline(4),
            Act::Slow { ms: 4, latency: 5 },
            Act::Status { ms: 4, code: 429, after: 3 },
            Act::Nonsense(4),
            Act::Limit { ms: 4, bytes: 4096 },
            Act::Poison(4),
            Act::Reject(4),
            Act::Full(4),
            Act::FullSession(4),
            Act::Jump(-5),
            Act::Sleep(4),
            Act::MidSend { tab, end: End::Go, after: 3 },
        ]
    }

    #[test]
    fn what_is_printed_is_read() {
        let setup = Setup {
            dice: 77,
            mode: Mode::Feedback,
            measure: None,
            remember: Some(true),
            gpc: false,
            shut: true,
            locks: false,
            banner: true,
            second: true,
            steady: true,
            latency: 40,
            linger: 5,
            torn: true,
            back: Some(3_600_000),
            restored: true,
        };
        let lines = all().into_iter().zip(5..).map(|(act, at)| Line { at, act }).collect();
        let script = Script { setup, lines };
        assert_eq!(script.to_string().parse(), Ok(script.clone()));
        let never = Script { setup: Setup { back: None, ..script.setup.clone() }, ..script };
        assert_eq!(format!("# a note\n\n{never}").parse(), Ok(never));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let setup = "shopper dice=1 mode=strict measure=yes remember=no gpc=no shut=no locks=yes banner=yes steady=no second=no latency=9 linger=9 torn=no back=never restored=no";
        for (lines, why) in [
            ("", "it is empty"),
            ("5 close 0", "line 1: the first line is to begin with `shopper`"),
            (&format!("{setup}\n5 dance 0"), "line 2: nobody knows what this is: dance"),
            (&format!("{setup}\n\n5 close"), "line 3: the tab is missing"),
            (&format!("{setup}\n5 close 99"), "line 2: the tab is above 15: 99"),
            (&format!("{setup}\n5 kill it"), "line 2: nothing should follow here: it"),
            (&format!("{setup}\n5 full x"), "line 2: how long is no number that fits: x"),
            (&setup.replace("gpc=no ", ""), "line 1: `gpc=` should come next"),
            (&setup.replace("gpc=no", "gpc=maybe"), "line 1: gpc is none of yes no: maybe"),
        ] {
            assert_eq!(lines.parse::<Script>(), Err(why.to_owned()));
        }
    }
}
