//! Words and numbers as the report's language writes them.

use super::Lang;
use crate::map::facts::filter::day_of;
use crate::map::kpi::Kpi;
use serde_json::Value;

/// One language.
pub(super) struct Say {
    lang: Lang,
    words: Value,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Say {
    /// With its texts.
    pub(super) fn new(lang: Lang) -> Result<Self, String> {
        let text = match lang {
            Lang::En => include_str!("texts.en.json"),
            Lang::Fi => include_str!("texts.fi.json"),
        };
        Ok(Self { lang, words: serde_json::from_str(text).map_err(|why| format!("the report's texts: {why}"))? })
    }

    /// Its tag.
    pub(super) fn tag(&self) -> &'static str {
        match self.lang {
            Lang::En => "en",
            Lang::Fi => "fi",
        }
    }

    /// All texts, for the template.
    pub(super) fn words(&self) -> &Value {
        &self.words
    }

    /// A text with its `{places}` filled.
    pub(super) fn text(&self, key: &str, places: &[(&str, &str)]) -> String {
        let text = self.words.get(key).and_then(Value::as_str).unwrap_or(key).to_owned();
        places.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// A name of a group of names; what nobody named is made readable.
    pub(super) fn name(&self, group: &str, code: &str) -> String {
        if let Some(name) = self.words.get(group).and_then(|group| group.get(code)).and_then(Value::as_str) {
            return name.to_owned();
        }
        let words = code.replace(['_', '-', ':'], " ");
        let mut letters = words.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    }

    /// The KPI's name.
    pub(super) fn kpi(&self, kpi: Kpi) -> String {
        let code = serde_json::to_value(kpi).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
        self.name("kpi", &code)
    }

    /// A whole number with its thousands.
    pub(super) fn count(&self, n: u64) -> String {
        let digits = n.to_string();
        let groups: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().filter_map(|part| std::str::from_utf8(part).ok()).collect();
        groups.join(if self.lang == Lang::Fi { "\u{a0}" } else { "," })
    }

    /// A number with one decimal at most, with a sign where it is asked for.
    pub(super) fn number(&self, value: f64, sign: bool) -> String {
        let rounded = (value.abs() * 10.0).round() / 10.0;
        let (whole, part) = (rounded.trunc() as u64, ((rounded - rounded.trunc()) * 10.0).round() as u64);
        let mut text = self.count(whole);
        if part > 0 {
            text += if self.lang == Lang::Fi { "," } else { "." };
            text += &part.to_string();
        }
        match (rounded > 0.0, value < 0.0) {
            (true, true) => format!("−{text}"),
            (true, false) if sign => format!("+{text}"),
            _ => text,
        }
    }

    /// A value of a KPI: points of NPS with their sign, else per cent.
    pub(super) fn level(&self, kpi: Kpi, value: f64) -> String {
        if kpi == Kpi::Nps { self.number(value.round(), true) } else { self.percent(value) }
    }

    /// Per cent.
    pub(super) fn percent(&self, value: f64) -> String {
        let number = self.number(value, false);
        if self.lang == Lang::Fi { format!("{number}\u{a0}%") } else { format!("{number}%") }
    }

    /// Money, whole units.
    pub(super) fn money(&self, value: f64, currency: &str) -> String {
        let number = self.count(value.max(0.0).round() as u64);
        match (self.lang, currency) {
            (Lang::Fi, "EUR") => format!("{number}\u{a0}€"),
            (Lang::En, "EUR") => format!("€{number}"),
            (_, currency) => format!("{number}\u{a0}{currency}"),
        }
    }

    /// The day of a Unix second.
    pub(super) fn day(&self, seconds: i64) -> String {
        let day = day_of(seconds);
        let mut parts = day.split('-').map(|part| part.parse::<usize>().unwrap_or_default());
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        let (Some(year), Some(month), Some(day)) = (year, month, day) else { return String::new() };
        match self.lang {
            Lang::Fi => format!("{day}.{month}.{year}"),
            Lang::En => format!("{day} {} {year}", MONTHS.get(month.saturating_sub(1)).copied().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        let (en, fi) = (Say::new(Lang::En).unwrap(), Say::new(Lang::Fi).unwrap());
        assert_eq!((en.count(1_234_567), fi.count(1_234)), ("1,234,567".into(), "1\u{a0}234".into()));
        assert_eq!((en.percent(28.25), fi.percent(2.5)), ("28.3%".into(), "2,5\u{a0}%".into()));
        assert_eq!(
            (en.number(-4.0, true), en.number(4.04, true), en.number(-0.04, true)),
            ("−4".into(), "+4".into(), "0".into())
        );
        assert_eq!((en.level(Kpi::Nps, 31.4), fi.level(Kpi::Nps, -10.0)), ("+31".into(), "−10".into()));
        assert_eq!((en.money(1_900.0, "EUR"), fi.money(1_900.0, "EUR")), ("€1,900".into(), "1\u{a0}900\u{a0}€".into()));
        assert_eq!((en.day(1_795_305_600), fi.day(1_795_305_600)), ("22 Nov 2026".into(), "22.11.2026".into()));
        assert_eq!(en.name("stage", "own_stage"), "Own stage");
    }

    /// A text that one language lacks would be a hole in its page.
    #[test]
    fn both_languages_say_the_same() {
        fn keys(value: &Value, path: &str, found: &mut Vec<String>) {
            match value.as_object() {
                Some(members) => members.iter().for_each(|(name, value)| keys(value, &format!("{path}.{name}"), found)),
                None => {
                    let text = value.as_str().unwrap();
                    let places = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap());
                    let mut places: Vec<_> = places.collect();
                    places.sort_unstable();
                    found.push(format!("{path} {places:?}"));
                }
            }
        }
        let of = |lang| {
            let mut found = Vec::new();
            keys(Say::new(lang).unwrap().words(), "", &mut found);
            found
        };
        assert_eq!(of(Lang::En), of(Lang::Fi));
    }
}
