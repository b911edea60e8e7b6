//! Whom a prompt is for. What nobody knows keeps it shut, and so does its contrary: better than the wrong people asked. So a condition holds, does
//! not, or is not known.

use super::Asker;
use super::memory::{PRODUCTS, SEED};
use super::read::{glob, holds, list, members, number_or, share};
use super::story::{BEFORE, VISIT};
use crate::config::Device;
use crate::data::find;
use crate::json::inside;
use crate::rng::hash;
use crate::words;

/// Whether a condition holds: of several the least one counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Holds {
    No,
    Unknown,
    Yes,
}
use Holds::{No, Unknown, Yes};

impl Holds {
    /// The contrary of what nobody knows is not known either.
    fn not(self) -> Self {
        match self {
            No => Yes,
            Unknown => Unknown,
            Yes => No,
        }
    }
}

impl From<bool> for Holds {
    fn from(holds: bool) -> Self {
        if holds { Yes } else { No }
    }
}

/// No time, and no share.
const NONE: u64 = u64::MAX;

/// A time of day in minutes: `09:30`.
fn minutes(raw: &str) -> Option<u64> {
    let (hours, minutes) = words::cut(inside(raw)?, b':');
    Some((words::number(hours)? * 60 + words::number(minutes)?).min(1_440))
}

/// What `read` says of a member; `other` where there is none.
fn member_or(raw: &str, key: &str, other: u64, read: fn(&str) -> Option<u64>) -> u64 {
    find(raw, key).map_or(other, |value| read(value).unwrap_or(NONE))
}

impl Asker {
    /// Whether the conditions `raw` hold, all of its members together; `sampled`: samples count, too.
    pub(super) fn who(&self, raw: &str, id: &str, sampled: bool) -> Holds {
        every(raw, &mut |key, value| self.holds(key, value, id, sampled))
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn holds(&self, key: &str, raw: &str, id: &str, sampled: bool) -> Holds {
        match key {
            "all" => list(raw).fold(Yes, |all, one| all.min(self.who(one, id, sampled))),
            "any" => list(raw).fold(No, |any, one| any.max(self.who(one, id, sampled))),
            "not" => {
                // Who is not in a sample is not in its contrary either, as long as nobody counts samples.
                if !sampled && find(raw, "sample").is_some() {
                    return Yes;
                }
                self.who(raw, id, sampled).not()
            }
            "stage" => list(raw).any(|stage| self.is_in(inside(stage).unwrap_or_default())).into(),
            "url" => self.is_at(raw),
            "device" => holds(raw, Device::as_str(self.scene.device)).into(),
            "locale" => list(raw).any(|locale| self.speaks(inside(locale).unwrap_or_default())).into(),
            "cartValueBucket" => {
                let band = self.visit.band(self.page.ordered.is_some());
                list(raw).any(|one| one == band).into()
            }
            // Without `remember` nothing is known of earlier visits, and everybody is new.
            "visitor" => {
                let returns = self.story.numbers[VISIT] > 1 || self.story.numbers[BEFORE] > 0;
                match raw {
                    "\"new\"" => (!returns).into(),
                    "\"returning\"" => returns.into(),
                    _ => Unknown,
                }
            }
            "door" => holds(raw, self.story.door()).into(),
            "bought" => list(raw).any(|one| self.visit.has_bought(hash(0, inside(one).unwrap_or_default()))).into(),
            "variant" => every(raw, &mut |name, value| (find(&self.story.variants, name) == Some(value)).into()),
            "sample" if !sampled => Yes,
            "sample" => self.is_sampled(raw, id),
            "hours" => self.is_hour(raw),
            "orders" => within(raw, self.story.orders()),
            "products" => within(raw, self.visit.numbers[PRODUCTS]),
            _ => Unknown,
        }
    }

    /// The path alone, unless what is looked for has a query, too.
    fn is_at(&self, raw: &str) -> Holds {
        let whole = &*self.page.path;
        every(raw, &mut |how, value| {
            let wanted = inside(value).unwrap_or_default().as_bytes();
            let query = how == "contains" || wanted.contains(&b'?');
            let path = if query { whole } else { words::cut(whole, b'?').0 };
            let path = path.as_bytes();
            let last = match how {
                "glob" => return glob(wanted, path).into(),
                "contains" => path.len(),
                "exact" if path.len() != wanted.len() => return No,
                "exact" | "prefix" => 0,
                _ => return Unknown,
            };
            (0..=last).any(|from| path.get(from..from + wanted.len()) == Some(wanted)).into()
        })
    }

    /// Whether the page is in this language: `sv` is also `sv-FI`, `sv-SE` is not.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn speaks(&self, locale: &str) -> bool {
        let tag = self.scene.locale.as_bytes();
        let begins = tag.get(..locale.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(locale.as_bytes()));
        begins && !locale.is_empty() && matches!(tag.get(locale.len()), None | Some(b'-'))
    }

    /// From what samples are drawn: the same for the visit, and with `remember` beyond it.
    pub(super) fn seed(&self) -> u64 {
        if self.past.numbers[SEED] > 0 {
            self.past.numbers[SEED]
        } else if self.story.id.is_empty() {
            self.scene.seed.into()
        } else {
            // A number that every reader keeps.
            hash(1, &self.story.id) >> 11 | 1
        }
    }

    /// Whether this shopper is in a sample: always the same answer, however often it is asked.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn is_sampled(&self, raw: &str, id: &str) -> Holds {
        let (group, from, to) = match share(raw) {
            Some(share) => (id, 0, share),
            None => {
                let group = find(raw, "group").and_then(inside).unwrap_or(id);
                (group, member_or(raw, "from", 0, share), member_or(raw, "to", 1_000_000, share))
            }
        };
        if from == NONE || to == NONE {
            return Unknown;
        }
        // What differs in one letter at the end differs in the low bits alone.
        let mut place = hash(self.seed(), group);
        place = (place ^ place >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = (place >> 32) % 1_000_000;
        (from..to).contains(&place).into()
    }

    /// Whether it is such an hour, in the shopper's own time; from 22:00 to 06:00 goes over midnight, and is of the day on which it begins.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn is_hour(&self, raw: &str) -> Holds {
        let minute = (u64::from(self.scene.minute) + self.now.since(self.began) / 60_000) % 10_080;
        let (mut day, minute) = (minute / 1_440 + 1, minute % 1_440);
        let (from, to) = (member_or(raw, "from", 0, minutes), member_or(raw, "to", 1_440, minutes));
        if from == NONE || to == NONE {
            return Unknown;
        }
        let within = if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
        if from > to && minute < to {
            day = (day + 5) % 7 + 1;
        }
        let on = find(raw, "days").is_none_or(|days| list(days).any(|one| words::number(one) == Some(day)));
        (within && on).into()
    }
}

/// Whether all members of the object `raw` hold; what is none is not known.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn every<'a>(raw: &'a str, each: &mut dyn FnMut(&'a str, &'a str) -> Holds) -> Holds {
    let mut all = Yes;
    match members(raw, &mut |key, value| all = all.min(each(key, value))) {
        Some(()) => all,
        None => Unknown,
    }
}

/// Whether a count is within `gte` and `lte`.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn within(raw: &str, count: u64) -> Holds {
    let (least, most) = (number_or(raw, "gte", NONE), number_or(raw, "lte", NONE));
    if least == NONE && most == NONE || members(raw, &mut |_, _| ()).is_none() {
        return Unknown;
    }
    ((least == NONE || count >= least) && count <= most).into()
}
