//! The definition as a shop writes it: not judged yet, so that [`super::validate`] can name every mistake and its place.

use super::Condition;

/// One text in every language that it was written in: locale and words. A handful, so a list is faster than a map and smaller.
pub type Texts = Vec<(String, String)>;

/// More questions than this is a form, not a prompt.
pub const MOST_STEPS: usize = 50;

/// The longest free text, in characters: enough for a story, short enough to be read by somebody.
pub const LONGEST_TEXT: u16 = 500;

/// One prompt: its questions and the ways between them. Unknown fields are ignored.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Definition {
    /// Version of the format: 1.
    pub v: i32,
    /// Name of the prompt in events, `[a-z0-9-]{1,40}`.
    pub id: String,
    /// The languages that every text has.
    pub locales: Vec<String>,
    /// The language where the shopper's own is missing; without it the first of `locales`.
    pub default_locale: String,
    /// The id of the first step; without it the first of `steps`.
    pub start: String,
    /// Questions and messages.
    pub steps: Vec<Step>,
    /// `end.thanks`, the shop's own thank-you; the widget has one in each of its languages.
    pub thanks: Texts,
    /// `score.step`: the step whose answer is the prompt's score.
    pub score: Option<String>,
}

/// One question or message.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Step {
    /// Name of the step in events and conditions.
    pub id: String,
    /// `nps`, `csat`, `ces`, `text` or `info`; see [`Step::kind`].
    pub ask: String,
    /// The question.
    pub text: Texts,
    /// `ces` only: 5 or 7 points, 7 when left out.
    pub scale: Option<i32>,
    /// `ces` only: `ease` (difficult to easy, the default) or `agree`.
    pub anchors: String,
    /// Whether the shopper may skip it.
    pub optional: bool,
    /// `text` only: the most characters, 500 at most and when left out.
    pub max: Option<i32>,
    /// Where to go from here: the first branch whose condition holds, else the step below, else the end.
    pub next: Vec<Branch>,
}

/// One way out of a step.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Branch {
    /// Without a condition the branch is always taken.
    pub when: Option<Condition>,
    /// The id of a step, or `end`.
    pub go: String,
}

/// What a step asks, with its limits: [`Step::ask`] understood.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Kind {
    /// How likely to recommend, 0 to 10.
    Nps,
    /// How satisfied, 1 to 5.
    Csat,
    /// How easy, 1 to 5 or 1 to 7; high is always easy.
    Ces {
        /// Points of the scale.
        scale: u8,
        /// The words at its ends.
        anchors: Anchors,
    },
    /// Free text.
    Text {
        /// The most characters.
        max: u16,
    },
    /// A message without an answer.
    Info,
}

/// The words at the ends of an effort scale.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Anchors {
    /// Very difficult to very easy.
    Ease,
    /// Strongly disagree to strongly agree.
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
        !matches!(self, Self::Info)
    }
}

impl Step {
    /// What this step asks; `None` where `ask`, `scale`, `anchors` or `max` is not one that we know.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        Some(match self.ask.as_str() {
            "nps" => Kind::Nps,
            "csat" => Kind::Csat,
            "ces" => Kind::Ces {
                scale: self.points()?,
                anchors: self.words()?,
            },
            "text" => Kind::Text { max: self.longest()? },
            "info" => Kind::Info,
            _ => return None,
        })
    }

    pub(super) fn points(&self) -> Option<u8> {
        match self.scale {
            None | Some(7) => Some(7),
            Some(5) => Some(5),
            Some(_) => None,
        }
    }

    pub(super) fn words(&self) -> Option<Anchors> {
        match self.anchors.as_str() {
            "" | "ease" => Some(Anchors::Ease),
            "agree" => Some(Anchors::Agree),
            _ => None,
        }
    }

    pub(super) fn longest(&self) -> Option<u16> {
        match self.max {
            None => Some(LONGEST_TEXT),
            Some(max) => u16::try_from(max).ok().filter(|max| (1..=LONGEST_TEXT).contains(max)),
        }
    }
}

impl Definition {
    /// The language that is used when the shopper's own is missing.
    #[must_use]
    pub fn fallback(&self) -> &str {
        if self.default_locale.is_empty() {
            self.locales.first().map_or("en", String::as_str)
        } else {
            &self.default_locale
        }
    }

    /// The language to ask in, for a page in `lang`: the same, the same without its region, or the default.
    #[must_use]
    pub fn locale(&self, lang: &str) -> &str {
        let have = |wanted: &str| self.locales.iter().find(|locale| locale.eq_ignore_ascii_case(wanted));
        have(lang)
            .or_else(|| have(primary(lang)))
            .map_or_else(|| self.fallback(), String::as_str)
    }

    /// The place of a step in `steps`.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }

    /// The place of the first step.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        if self.start.is_empty() {
            (!self.steps.is_empty()).then_some(0)
        } else {
            self.position(&self.start)
        }
    }
}

/// A text in a language, else without its region, else in the fallback, else in any; empty only if there is none.
#[must_use]
pub fn in_language<'a>(texts: &'a Texts, lang: &str, fallback: &str) -> &'a str {
    let in_one = |wanted: &str| texts.iter().find(|(locale, _)| locale == wanted);
    in_one(lang)
        .or_else(|| in_one(primary(lang)))
        .or_else(|| in_one(fallback))
        .or_else(|| texts.first())
        .map_or("", |(_, text)| text)
}

fn primary(lang: &str) -> &str {
    lang.split_once('-').map_or(lang, |(primary, _)| primary)
}
