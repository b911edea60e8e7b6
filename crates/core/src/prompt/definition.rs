//! The definition as a shop writes it, field by field: what is left out has its default here. Unknown fields are ignored.

use serde::de::{Deserialize, Deserializer, Error};

use super::validate::validate;
use super::{Problem, Tree};

/// More questions than this is a form, not a prompt.
pub const MOST_STEPS: usize = 50;

/// The longest free text, in characters: enough for a story, short enough to be read by somebody.
pub const LONGEST_TEXT: u16 = 500;

/// One prompt: its questions and the ways between them. Whoever holds one holds one without mistakes.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Definition(pub(super) Tree);

/// One question or message.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Step<'a>(pub(super) &'a Tree);

/// What a step asks, with its limits.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Kind {
    /// `nps`: how likely to recommend, 0 to 10.
    Nps,
    /// `csat`: how satisfied, 1 to 5.
    Csat,
    /// `ces`: how easy, 1 to 5 or 1 to 7; high is always easy.
    Ces {
        /// `scale`: the points, 7 when left out.
        scale: u8,
        /// `anchors`: the words at the ends.
        anchors: Anchors,
    },
    /// `text`: words.
    Text {
        /// `max`: the most characters, 500 at most and when left out.
        max: u16,
    },
    /// `info`: a message without an answer.
    Info,
}

/// The words at the ends of an effort scale.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Anchors {
    /// `ease`, the default: very difficult to very easy.
    Ease,
    /// `agree`: strongly disagree to strongly agree.
    Agree,
}

impl Kind {
    /// The lowest and highest score, for a scale.
    #[must_use]
    pub fn range(self) -> Option<(u8, u8)> {
        match self {
            Self::Nps => Some((0, 10)),
            Self::Csat => Some((1, 5)),
            Self::Ces { scale, .. } => Some((1, scale)),
            Self::Text { .. } | Self::Info => None,
        }
    }

    /// Whether this score is a bad one, where cheerful words would be out of place.
    #[must_use]
    pub fn is_low(self, score: u8) -> bool {
        match self {
            Self::Nps => score <= 6,
            Self::Csat => score <= 2,
            Self::Ces { scale, .. } => score <= scale / 2,
            Self::Text { .. } | Self::Info => false,
        }
    }

    /// Whether the shopper answers it: only answers are counted and numbered.
    #[must_use]
    pub fn asks(self) -> bool {
        self != Self::Info
    }
}

impl Definition {
    /// Takes a definition, if it can be run.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn new(tree: Tree) -> Result<Self, Vec<Problem>> {
        let definition = Self(tree);
        let problems = validate(&definition);
        if problems.is_empty() { Ok(definition) } else { Err(problems) }
    }

    /// `id`: the name of the prompt in events.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.get("id").text()
    }

    /// `defaultLocale`: the language where the shopper's own is missing; without it the first of `locales`, else English.
    #[must_use]
    pub fn fallback(&self) -> &str {
        let first = self.0.get("locales").list().first().map_or("en", Tree::text);
        Some(self.0.get("defaultLocale").text()).filter(|locale| !locale.is_empty()).unwrap_or(first)
    }

    /// The language to ask in, for a page in `lang`: the same, the same without its region, or the default.
    #[must_use]
    pub fn locale(&self, lang: &str) -> &str {
        let locales = self.0.get("locales").list();
        let have = |wanted: &str| locales.iter().map(Tree::text).find(|locale| locale.eq_ignore_ascii_case(wanted));
        have(lang).or_else(|| have(primary(lang))).unwrap_or_else(|| self.fallback())
    }

    /// `end.thanks`: the shop's own thank-you, empty without one; the widget has one in each of its languages.
    #[must_use]
    pub fn thanks(&self, lang: &str) -> &str {
        self.in_language(self.0.get("end").get("thanks"), lang)
    }

    /// The question of a step.
    #[must_use]
    pub fn text<'a>(&'a self, step: Step<'a>, lang: &str) -> &'a str {
        self.in_language(step.0.get("text"), lang)
    }

    /// `score.step`: the step whose answer is the prompt's score; without one, the first scale that is answered.
    #[must_use]
    pub fn score(&self) -> &str {
        self.0.get("score").get("step").text()
    }

    /// `steps`: how many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps().len()
    }

    /// Never, once checked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps().is_empty()
    }

    /// A step by its place.
    #[must_use]
    pub fn step(&self, at: usize) -> Option<Step<'_>> {
        self.steps().get(at).map(Step)
    }

    /// The place of a step.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.steps().iter().position(|step| Step(step).id() == id)
    }

    /// `start`: the place of the first step; when left out the first of all.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        let start = self.0.get("start").text();
        if start.is_empty() { Some(0).filter(|_| !self.is_empty()) } else { self.position(start) }
    }

    fn steps(&self) -> &[Tree] {
        self.0.get("steps").list()
    }

    /// A text in a language, else in the fallback.
    fn in_language<'a>(&'a self, texts: &'a Tree, lang: &str) -> &'a str {
        let text = texts.get(lang).text();
        if text.is_empty() { texts.get(self.fallback()).text() } else { text }
    }
}

impl<'a> Step<'a> {
    /// `id`: its name in events and conditions.
    #[must_use]
    pub fn id(self) -> &'a str {
        self.0.get("id").text()
    }

    /// `ask`: what it asks, as written.
    #[must_use]
    pub fn ask(self) -> &'a str {
        self.0.get("ask").text()
    }

    /// `optional`: whether the shopper may skip it.
    #[must_use]
    pub fn is_optional(self) -> bool {
        matches!(self.0.get("optional"), Tree::Bool(true))
    }

    /// What it asks, understood; `None` where `ask`, `scale`, `anchors` or `max` is not one that we know.
    #[must_use]
    pub fn kind(self) -> Option<Kind> {
        Some(match self.ask() {
            "nps" => Kind::Nps,
            "csat" => Kind::Csat,
            "ces" => Kind::Ces { scale: self.scale()?, anchors: self.anchors()? },
            "text" => Kind::Text { max: self.max()? },
            "info" => Kind::Info,
            _ => return None,
        })
    }

    pub(super) fn scale(self) -> Option<u8> {
        match self.0.get("scale").number() {
            None | Some(7) => Some(7),
            Some(5) => Some(5),
            Some(_) => None,
        }
    }

    pub(super) fn anchors(self) -> Option<Anchors> {
        match self.0.get("anchors").text() {
            "" | "ease" => Some(Anchors::Ease),
            "agree" => Some(Anchors::Agree),
            _ => None,
        }
    }

    pub(super) fn max(self) -> Option<u16> {
        let max = self.0.get("max").number().unwrap_or(i32::from(LONGEST_TEXT));
        u16::try_from(max).ok().filter(|max| (1..=LONGEST_TEXT).contains(max))
    }
}

impl<'de> Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Tree::deserialize(deserializer)?)
            .map_err(|problems| Error::custom(problems.first().map(Problem::short).unwrap_or_default()))
    }
}

fn primary(lang: &str) -> &str {
    lang.split_once('-').map_or(lang, |(primary, _)| primary)
}
