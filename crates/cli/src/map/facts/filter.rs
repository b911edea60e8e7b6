//! Which journeys a view counts: the same words in every address, so that a view can be shared.

use super::fact::{Fact, Words};
use super::names::{Id, NONE};
use crate::store::Scope;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// As it stands in an address: `?since=2026-11-01&until=2026-11-30&door=search&campaign=autumn&device=mobile&lang=fi&bought=yes&variant=button%3Dgreen&key=pk_shop`.
/// Each may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The first day, UTC.
    pub since: Option<String>,
    /// The last day, UTC.
    pub until: Option<String>,
    /// Where the shopper came from.
    pub door: Option<String>,
    /// The campaign that led here.
    pub campaign: Option<String>,
    /// Device class.
    pub device: Option<String>,
    /// Language.
    pub lang: Option<String>,
    /// `yes` or `no`.
    pub bought: Option<String>,
    /// A trial, `name=value`.
    pub variant: Option<String>,
    /// The shop.
    pub key: Option<String>,
}

/// The same, ready to be asked.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The shops whose journeys may be read; none: all.
    scope: Option<Vec<Id>>,
    from: i64,
    to: i64,
    door: Want,
    campaign: Want,
    device: Want,
    lang: Want,
    key: Want,
    variant: Want,
    bought: Option<bool>,
}

/// A word that must be there; one that no journey has matches none.
type Want = Option<Option<Id>>;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

impl Filter {
    /// Looks its words up.
    ///
    /// # Errors
    /// Says which member is wrong, and what it may be.
    pub fn choose(&self, words: &Words) -> Result<Chosen, String> {
        let day = |name: &str, text: &Option<String>| match text.as_deref().filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => date(text).map(Some).ok_or_else(|| format!("\"{name}\" must be a day such as 2026-11-30")),
        };
        let want = |text: &Option<String>| {
            text.as_ref().filter(|text| !text.is_empty()).map(|text| words.plain.find(text).filter(|id| *id != NONE))
        };
        Ok(Chosen {
            scope: None,
            from: day("since", &self.since)?.unwrap_or(i64::MIN),
            to: day("until", &self.until)?.map_or(i64::MAX, |day| day + DAY),
            door: want(&self.door),
            campaign: want(&self.campaign),
            device: want(&self.device),
            lang: want(&self.lang),
            key: want(&self.key),
            variant: want(&self.variant),
            bought: match self.bought.as_deref() {
                None | Some("") => None,
                Some("yes") => Some(true),
                Some("no") => Some(false),
                Some(_) => return Err("\"bought\" must be yes or no".to_owned()),
            },
        })
    }
}

impl Chosen {
    /// Whether a journey counts.
    pub fn takes(&self, fact: &Fact) -> bool {
        let is = |want: &Want, has: Id| want.is_none_or(|id| id == Some(has));
        (self.from..self.to).contains(&fact.started)
            && is(&self.door, fact.door)
            && is(&self.campaign, fact.campaign)
            && is(&self.device, fact.device)
            && is(&self.lang, fact.lang)
            && is(&self.key, fact.key)
            && self.scope.as_ref().is_none_or(|keys| keys.contains(&fact.key))
            && self.bought.is_none_or(|bought| bought == fact.bought)
            && self.variant.is_none_or(|id| id.is_some_and(|id| fact.variants.contains(&id)))
    }

    /// Of these, what somebody may read.
    pub fn within(self, scope: &Scope, words: &Words) -> Self {
        let scope = match scope {
            Scope::All => None,
            Scope::Keys(keys) => Some(keys.iter().filter_map(|key| words.plain.find(key)).collect()),
        };
        Self { scope, ..self }
    }

    /// Of these, what began from one Unix second on and before another.
    pub fn between(&self, from: i64, to: i64) -> Self {
        Self { from: self.from.max(from), to: self.to.min(to), ..self.clone() }
    }

    /// The same journeys, bought or not: conversion among those that bought is always all.
    pub fn bought_or_not(&self) -> Self {
        Self { bought: None, ..self.clone() }
    }
}

/// The Unix second at which a day begins, of `2026-11-30`.
pub fn date(text: &str) -> Option<i64> {
    let date: Date = text.parse().ok().filter(|_| text.len() == 10)?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// The day of a Unix second, as `2026-11-30`.
pub fn day_of(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or_default().to_zoned(TimeZone::UTC).date().to_string()
}

/// The Unix second at which today began, UTC.
pub fn today() -> i64 {
    Timestamp::now().as_second().div_euclid(DAY) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written() {
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400),
            ("2026-11-22", 1_795_305_600),
            ("2100-03-01", 4_107_542_400),
        ] {
            assert_eq!(date(text), Some(seconds), "{text}");
            assert_eq!(day_of(seconds), text);
            assert_eq!(day_of(seconds + DAY - 1), text);
        }
        for bad in
            ["", "2026-11", "2026-13-01", "2026-02-29", "2026-1-1", "2026-11-22-1", "x-y-z", "2026-00-10", "2026-10-00"]
        {
            assert_eq!(date(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_filter_takes_what_it_says() {
        let mut words = Words::default();
        let id = |words: &mut Words, word: &str| words.plain.of(&word.to_owned());
        let (mail, green) = (id(&mut words, "mail"), id(&mut words, "button=green"));
        let fact =
            Fact { door: mail, variants: Box::new([green]), started: 1_795_305_600, bought: true, ..Fact::default() };
        let fact = Fact { key: words.plain.of(&"pk_mine".to_owned()), ..fact };
        let within = |scope: Scope| {
            Filter::default().choose(&words).is_ok_and(|chosen| chosen.within(&scope, &words).takes(&fact))
        };
        assert!(within(Scope::All) && within(Scope::keys(vec!["pk_mine".into()])));
        assert!(!within(Scope::keys(vec!["pk_other".into(), "pk_nobodys".into()])));
        let takes = |filter: Filter| filter.choose(&words).map(|chosen| chosen.takes(&fact));
        let some = |word: &str| Some(word.to_owned());
        assert_eq!(takes(Filter::default()), Ok(true));
        assert_eq!(
            takes(Filter {
                door: some("mail"),
                variant: some("button=green"),
                bought: some("yes"),
                ..Filter::default()
            }),
            Ok(true)
        );
        assert_eq!(takes(Filter { door: some("nobody-came-by-this"), ..Filter::default() }), Ok(false));
        assert_eq!(
            takes(Filter { since: some("2026-11-22"), until: some("2026-11-22"), ..Filter::default() }),
            Ok(true)
        );
        assert_eq!(takes(Filter { until: some("2026-11-21"), ..Filter::default() }), Ok(false));
        assert_eq!(takes(Filter { bought: some("no"), ..Filter::default() }), Ok(false));
        assert!(
            takes(Filter { bought: some("perhaps"), ..Filter::default() }).is_err_and(|why| why.contains("bought"))
        );
        assert!(
            takes(Filter { since: some("yesterday"), ..Filter::default() }).is_err_and(|why| why.contains("since"))
        );
    }
}
