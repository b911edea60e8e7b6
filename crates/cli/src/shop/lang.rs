//! The shop's two languages, and what depends on them: texts and the way of writing money.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use super::assets;

/// A language of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lang {
    En,
    Fi,
}

/// A text of the catalogue in both languages.
#[derive(Debug, Deserialize)]
pub(super) struct Both<T> {
    en: T,
    fi: T,
}

impl<T> Both<T> {
    pub(super) fn get(&self, lang: Lang) -> &T {
        match lang {
            Lang::En => &self.en,
            Lang::Fi => &self.fi,
        }
    }
}

static TEXTS: LazyLock<Both<Value>> =
    LazyLock::new(|| Both { en: assets::embedded_json("texts.en.json"), fi: assets::embedded_json("texts.fi.json") });

impl Lang {
    pub(super) const ALL: [Self; 2] = [Self::En, Self::Fi];

    pub(super) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fi => "fi",
        }
    }

    /// The language that an `Accept-Language` header prefers; English where it names neither.
    pub(super) fn preferred(header: &str) -> Self {
        let mut best = (Self::En, 0.0);
        for range in header.split(',').take(20) {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
            let primary = tag.split('-').next().unwrap_or_default();
            let quality =
                parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
            if let Some(lang) = Self::parse(primary)
                && quality > best.1
            {
                best = (lang, quality);
            }
        }
        best.0
    }

    /// Every text of the shop in this language.
    pub(super) fn texts(self) -> &'static Value {
        TEXTS.get(self)
    }

    /// One text by its dotted key, with `{name}` filled in.
    pub(super) fn text(self, key: &str, fill: &[(&str, &str)]) -> String {
        let pointer = format!("/{}", key.replace('.', "/"));
        let mut text = self.texts().pointer(&pointer).and_then(Value::as_str).unwrap_or(key).to_owned();
        for (name, value) in fill {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Money as it is written in this language; `money()` in `assets/data.js` writes the same.
    pub(super) fn money(self, cents: u32) -> String {
        let (thousands, rest, cents) = (cents / 100_000, cents / 100 % 1000, cents % 100);
        match self {
            Self::En if thousands > 0 => format!("€{thousands},{rest:03}.{cents:02}"),
            Self::En => format!("€{rest}.{cents:02}"),
            Self::Fi if thousands > 0 => format!("{thousands}\u{a0}{rest:03},{cents:02}\u{a0}€"),
            Self::Fi => format!("{rest},{cents:02}\u{a0}€"),
        }
    }
}
