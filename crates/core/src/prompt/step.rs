//! One step of a definition: what it asks, and what it can be answered with.

use super::{LONGEST_TEXT, MOST_CHOICES, Tree};
use crate::words::{parts, place};

/// One question or message.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Step<'a>(pub(super) &'a Tree);

/// What can be asked, in the order of [`ASKS`]: first what gives a score.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[allow(missing_docs, reason = "docs/prompts.md says what each is")]
pub enum Ask {
    Nps,
    Csat,
    Ces,
    Rating,
    Thumbs,
    Yesno,
    Single,
    Multi,
    Discovery,
    Text,
    Info,
    Handoff,
    Contact,
    Chat,
}

/// The words for them.
pub(super) const ASKS: &str = "nps csat ces rating thumbs yesno single multi discovery text info handoff contact chat";

impl Ask {
    const ALL: [Self; 14] = [
        Self::Nps,
        Self::Csat,
        Self::Ces,
        Self::Rating,
        Self::Thumbs,
        Self::Yesno,
        Self::Single,
        Self::Multi,
        Self::Discovery,
        Self::Text,
        Self::Info,
        Self::Handoff,
        Self::Contact,
        Self::Chat,
    ];
}

/// How a step is answered: all that the flow has to know of what it asks.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Kind {
    /// `nps` `csat` `ces` `rating`: a point of a scale.
    Scale {
        /// The lowest point: 0 for `nps`, else 1.
        low: u8,
        /// The highest.
        high: u8,
    },
    /// `thumbs` `yesno` `single` `multi` `discovery`: one choice, or several.
    Choice {
        /// The fewest that must be chosen.
        least: u8,
        /// The most that may be.
        most: u8,
    },
    /// `text`: words.
    Text {
        /// `max`: the most characters, 500 at most and when left out.
        max: u16,
    },
    /// `info` `handoff` `contact` `chat`: nothing that is recorded.
    Message,
}

/// One choice of a step.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Choice<'a> {
    /// Its name in events and conditions.
    pub id: &'a str,
    /// The rest of it, as the shop wrote it.
    pub tree: &'a Tree,
}

impl Kind {
    /// Whether the shopper answers it: only answers are counted and numbered.
    #[must_use]
    pub fn asks(self) -> bool {
        self != Self::Message
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

    /// `ask`, understood.
    #[must_use]
    pub fn known(self) -> Option<Ask> {
        let ask = self.ask();
        Ask::ALL.get(place(ASKS, b' ', ask)?).copied()
    }

    /// The step as the shop wrote it.
    #[must_use]
    pub fn tree(self) -> &'a Tree {
        self.0
    }

    /// `optional`: whether the shopper may skip it. Nobody has to leave an address.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self.0.get("optional").is_true() || self.known() == Some(Ask::Contact)
    }

    /// What it asks, understood; `None` where `ask` or one of its limits is not one that we know.
    #[must_use]
    pub fn kind(self) -> Option<Kind> {
        let number = |field, none: usize| self.0.get(field).number().unwrap_or(none as i32);
        let within = |given: i32, low: i32, high: usize| (low <= given && given <= high as i32).then_some(given);
        Some(match self.known()? {
            Ask::Nps => Kind::Scale { low: 0, high: 10 },
            Ask::Csat => Kind::Scale { low: 1, high: 5 },
            Ask::Ces => {
                let scale = within(number("scale", 7), 5, 7)?;
                Kind::Scale { low: 1, high: Some(scale).filter(|scale| *scale != 6)? as u8 }
            }
            Ask::Rating => Kind::Scale { low: 1, high: within(number("scale", 5), 2, 10)? as u8 },
            Ask::Multi => {
                let count = self.count().min(MOST_CHOICES);
                let most = within(number("max", count), 1, count)?;
                Kind::Choice { least: within(number("min", 1), 1, most as usize)? as u8, most: most as u8 }
            }
            Ask::Text => {
                let most = usize::from(LONGEST_TEXT);
                Kind::Text { max: within(number("max", most), 1, most)? as u16 }
            }
            Ask::Thumbs | Ask::Yesno | Ask::Single | Ask::Discovery => Kind::Choice { least: 1, most: 1 },
            Ask::Info | Ask::Handoff | Ask::Contact | Ask::Chat => Kind::Message,
        })
    }

    /// The words at the ends of its scale, by name: `nps csat ease agree rating`.
    #[must_use]
    pub fn words(self) -> &'a str {
        match self.known() {
            Some(Ask::Ces) => match self.0.get("anchors").text() {
                "" => "ease",
                anchors => anchors,
            },
            _ => self.ask(),
        }
    }

    /// Of `thumbs` and `yesno` the choices that the widget has words for, with a space between them.
    pub(super) fn given(self) -> &'static str {
        match self.known() {
            Some(Ask::Thumbs) => "up down",
            Some(Ask::Yesno) => "yes no",
            _ => "",
        }
    }

    /// How many choices it has.
    pub(super) fn count(self) -> usize {
        match self.0.get("choices").list().len() {
            0 if !self.given().is_empty() => 2,
            own => own,
        }
    }

    /// What can be chosen, in the order of the definition.
    #[must_use]
    pub fn choices(self) -> Vec<Choice<'a>> {
        let own = self.0.get("choices").list();
        let mut choices = Vec::new();
        if own.is_empty() {
            for id in parts(self.given(), b' ') {
                choices.push(Choice { id, tree: &Tree::Null });
            }
        }
        for tree in own {
            choices.push(Choice { id: tree.get("id").text(), tree });
        }
        choices
    }

    /// A choice by its id.
    #[must_use]
    pub fn choice(self, id: &str) -> Option<Choice<'a>> {
        self.choices().into_iter().find(|choice| choice.id == id)
    }

    /// `keep`: `themes` where of words only what they are about leaves, `none` where nothing of them does; empty where they do.
    #[must_use]
    pub fn keep(self) -> &'a str {
        match self.0.get("keep").text() {
            "both" => "",
            keep => keep,
        }
    }

    /// `offsite`: what of the path outside the shop the answer tells.
    #[must_use]
    pub fn offsite(self) -> &'a str {
        self.0.get("offsite").text()
    }
}

impl<'a> Choice<'a> {
    /// `other`: it comes with words of the shopper's own.
    #[must_use]
    pub fn is_other(self) -> bool {
        self.tree.get("other").is_true()
    }

    /// `none`: it stands alone.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.tree.get("none").is_true()
    }

    /// `go`: the step that it leads to by itself; empty without one.
    pub(super) fn go(self) -> &'a str {
        self.tree.get("go").text()
    }
}
