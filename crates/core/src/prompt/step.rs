//! One step of a definition: what it asks, and what it can be answered with.

use super::{LONGEST_TEXT, MOST_CHOICES, Tree};

/// One question or message.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Step<'a>(pub(super) &'a Tree);

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
    /// `info` `handoff` `contact`: nothing that is recorded.
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

    /// The step as the shop wrote it.
    #[must_use]
    pub fn tree(self) -> &'a Tree {
        self.0
    }

    /// `optional`: whether the shopper may skip it. Nobody has to leave an address.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self.0.get("optional").is_true() || self.ask() == "contact"
    }

    /// What it asks, understood; `None` where `ask` or one of its limits is not one that we know.
    #[must_use]
    pub fn kind(self) -> Option<Kind> {
        Some(match self.ask() {
            "nps" => Kind::Scale { low: 0, high: 10 },
            "csat" => Kind::Scale { low: 1, high: 5 },
            "ces" | "rating" => Kind::Scale { low: 1, high: self.scale()? },
            "thumbs" | "yesno" | "single" | "discovery" => Kind::Choice { least: 1, most: 1 },
            "multi" => {
                let (least, most) = self.bounds()?;
                Kind::Choice { least, most }
            }
            "text" => Kind::Text { max: self.max()? },
            "info" | "handoff" | "contact" => Kind::Message,
            _ => return None,
        })
    }

    /// The words at the ends of its scale, by name: `nps csat ease agree rating`; empty without a scale.
    #[must_use]
    pub fn words(self) -> &'a str {
        match self.ask() {
            "ces" => match self.0.get("anchors").text() {
                "" => "ease",
                anchors => anchors,
            },
            scale @ ("nps" | "csat" | "rating") => scale,
            _ => "",
        }
    }

    /// What can be chosen, in the order of the definition.
    #[must_use]
    pub fn choices(self) -> Vec<Choice<'a>> {
        let own = self.0.get("choices").list();
        let given: [&'static str; 2] = match self.ask() {
            "thumbs" => ["up", "down"],
            "yesno" => ["yes", "no"],
            _ => ["", ""],
        };
        if own.is_empty() && !given[0].is_empty() {
            return given.into_iter().map(|id| Choice { id, tree: &Tree::Null }).collect();
        }
        own.iter().map(|tree| Choice { id: tree.get("id").text(), tree }).collect()
    }

    /// A choice by its id.
    #[must_use]
    pub fn choice(self, id: &str) -> Option<Choice<'a>> {
        self.choices().into_iter().find(|choice| choice.id == id)
    }

    /// `offsite`: what of the path outside the shop the answer tells.
    #[must_use]
    pub fn offsite(self) -> &'a str {
        self.0.get("offsite").text()
    }

    /// The highest point of `ces` and `rating`.
    pub(super) fn scale(self) -> Option<u8> {
        let effort = self.ask() == "ces";
        let scale = match self.0.get("scale") {
            Tree::Null => Some(if effort { 7 } else { 5 }),
            scale => scale.number(),
        }?;
        let fits = if effort { matches!(scale, 5 | 7) } else { (2..=10).contains(&scale) };
        fits.then_some(scale as u8)
    }

    /// How many of `multi` must and may be chosen.
    fn bounds(self) -> Option<(u8, u8)> {
        let count = self.0.get("choices").list().len().min(MOST_CHOICES) as i32;
        let least = self.0.get("min").number().unwrap_or(1);
        let most = self.0.get("max").number().unwrap_or(count);
        (1 <= least && least <= most && most <= count).then_some((least as u8, most as u8))
    }

    fn max(self) -> Option<u16> {
        let max = self.0.get("max").number().unwrap_or(i32::from(LONGEST_TEXT));
        u16::try_from(max).ok().filter(|max| (1..=LONGEST_TEXT).contains(max))
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
