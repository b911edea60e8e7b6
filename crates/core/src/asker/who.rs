//! Whom a prompt is for. What nobody knows keeps it shut, and so does its contrary: better than the wrong people asked. So a condition holds, does
//! not, or is not known.

use super::Asker;
use super::read::{glob, holds, list, members, number, share};
use crate::config::Device;
use crate::data::find;
use crate::json::inside;
use crate::rng::hash;
use crate::words;

/// Both: what does not hold decides, then what is not known.
fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// A time of day in minutes: `09:30`.
fn minutes(raw: &str) -> Option<u32> {
    let (hours, minutes) = words::cut(inside(raw)?, b':');
    Some((words::number(hours)? * 60 + words::number(minutes)?).min(1_440) as u32)
}

impl Asker {
    /// Whether the conditions `raw` hold, all of its members together; `sampled`: samples count, too.
    pub(super) fn who(&self, raw: &str, id: &str, sampled: bool) -> Option<bool> {
        let mut all = Some(true);
        let object = members(raw, &mut |key, value| all = and(all, self.holds(key, value, id, sampled)));
        object.and(all)
    }

    fn holds(&self, key: &str, raw: &str, id: &str, sampled: bool) -> Option<bool> {
        match key {
            "all" => {
                let mut all = Some(true);
                for one in list(raw) {
                    all = and(all, self.who(one, id, sampled));
                }
                all
            }
            // Any holds unless all their contraries do.
            "any" => {
                let mut none = Some(true);
                for one in list(raw) {
                    none = and(none, self.who(one, id, sampled).map(|holds| !holds));
                }
                none.map(|none| !none)
            }
            "not" => {
                // Who is not in a sample is not in its contrary either, as long as nobody counts samples.
                if !sampled && find(raw, "sample").is_some() {
                    return Some(true);
                }
                self.who(raw, id, sampled).map(|holds| !holds)
            }
            "stage" => Some(list(raw).any(|stage| self.is_in(inside(stage)))),
            "url" => self.is_at(raw),
            "device" => Some(holds(raw, Device::as_str(self.scene.device))),
            "locale" => Some(list(raw).any(|locale| self.speaks(inside(locale).unwrap_or_default()))),
            "cartValueBucket" => {
                let band = self.visit.band();
                Some(list(raw).any(|one| one == band))
            }
            // Without `remember` nothing is known of earlier visits, and everybody is new.
            "visitor" => {
                let [visit, orders, _] = self.story.past;
                let returns = visit > 1 || orders > 0;
                match inside(raw)? {
                    "new" => Some(!returns),
                    "returning" => Some(returns),
                    _ => None,
                }
            }
            "door" => Some(holds(raw, self.story.door())),
            "bought" => Some(list(raw).any(|one| self.visit.has_bought(hash(0, inside(one).unwrap_or_default())))),
            "variant" => {
                let mut all = Some(true);
                let object = members(raw, &mut |name, value| {
                    all = and(all, Some(find(&self.story.variants, name) == Some(value)));
                });
                object.and(all)
            }
            "sample" if !sampled => Some(true),
            "sample" => self.is_sampled(raw, id),
            "hours" => self.is_hour(raw),
            "orders" => within(raw, self.story.orders()),
            "products" => within(raw, self.visit.products),
            _ => None,
        }
    }

    /// The path alone, unless what is looked for has a query, too.
    fn is_at(&self, raw: &str) -> Option<bool> {
        let whole = &*self.page.path;
        let mut all = Some(true);
        members(raw, &mut |how, value| {
            let wanted = inside(value).unwrap_or_default().as_bytes();
            let query = how == "contains" || wanted.contains(&b'?');
            let path = if query { whole } else { words::cut(whole, b'?').0 };
            let path = path.as_bytes();
            let holds = match how {
                "exact" => Some(path == wanted),
                "prefix" => Some(path.starts_with(wanted)),
                "glob" => Some(glob(wanted, path)),
                "contains" => Some(wanted.is_empty() || path.windows(wanted.len()).any(|part| part == wanted)),
                _ => None,
            };
            all = and(all, holds);
        })
        .and(all)
    }

    /// Whether the page is in this language: `sv` is also `sv-FI`, `sv-SE` is not.
    fn speaks(&self, locale: &str) -> bool {
        let tag = self.scene.locale.as_bytes();
        let begins = tag.get(..locale.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(locale.as_bytes()));
        begins && !locale.is_empty() && matches!(tag.get(locale.len()), None | Some(b'-'))
    }

    /// From what samples are drawn: the same for the visit, and with `remember` beyond it.
    pub(super) fn seed(&self) -> u64 {
        if self.past.seed > 0 {
            self.past.seed
        } else if self.story.id.is_empty() {
            self.scene.seed.into()
        } else {
            // A number that every reader keeps.
            hash(1, &self.story.id) >> 11 | 1
        }
    }

    /// Whether this shopper is in a sample: always the same answer, however often it is asked.
    fn is_sampled(&self, raw: &str, id: &str) -> Option<bool> {
        let (group, from, to) = match share(raw) {
            Some(share) => (id, 0, share),
            None => {
                let group = find(raw, "group").and_then(inside).unwrap_or(id);
                let from = find(raw, "from").map_or(Some(0), share)?;
                (group, from, find(raw, "to").map_or(Some(1_000_000), share)?)
            }
        };
        // What differs in one letter at the end differs in the low bits alone.
        let mut place = hash(self.seed(), group);
        place = (place ^ place >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = (place >> 32) % 1_000_000;
        Some((from..to).contains(&place))
    }

    /// Whether it is such an hour, in the shopper's own time; from 22:00 to 06:00 goes over midnight, and is of the day on which it begins.
    fn is_hour(&self, raw: &str) -> Option<bool> {
        let minute = (u64::from(self.scene.minute) + self.now.since(self.began) / 60_000) % 10_080;
        let (mut day, minute) = (minute / 1_440 + 1, (minute % 1_440) as u32);
        let from = find(raw, "from").map_or(Some(0), minutes)?;
        let to = find(raw, "to").map_or(Some(1_440), minutes)?;
        let within = if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
        if from > to && minute < to {
            day = (day + 5) % 7 + 1;
        }
        let on = find(raw, "days").is_none_or(|days| list(days).any(|one| words::number(one) == Some(day)));
        Some(within && on)
    }
}

/// Whether a count is within `gte` and `lte`.
fn within(raw: &str, count: u64) -> Option<bool> {
    members(raw, &mut |_, _| ())?;
    let (least, most) = (number(raw, "gte"), number(raw, "lte"));
    (least.is_some() || most.is_some())
        .then(|| least.is_none_or(|least| count >= least) && most.is_none_or(|most| count <= most))
}
