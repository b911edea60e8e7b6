//! When a prompt opens by itself, and what keeps it shut.

use crate::framework::Framework;
use crate::name::Name;
use crate::stage::Stage;
use crate::words;

/// What a prompt waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum On {
    /// A touchpoint.
    Touchpoint(Name),
    /// The entry into a stage.
    Stage(Stage),
    /// Nothing that ever happens.
    Unknown,
}

impl On {
    /// The trigger that `word` writes: a touchpoint's name, `order_confirmed`, or `stage:<stage>` with one of `framework`'s stages.
    #[must_use]
    pub fn parse(word: &str, framework: &Framework) -> Self {
        let known = match word.strip_prefix("stage:") {
            Some(stage) => framework.stage(stage).map(Self::Stage),
            None => Name::parse(if word == "order_confirmed" { "purchase" } else { word }).map(Self::Touchpoint),
        };
        known.unwrap_or(Self::Unknown)
    }
}

/// What the main module knows of a prompt: enough to decide when it opens. The rest of its definition stays in JS until then.
#[derive(Clone, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Rule {
    /// The definition's id.
    pub id: String,
    /// The definition's own version, from 1.
    pub version: u32,
    /// Any of these opens it; none: only the API does.
    pub on: Vec<On>,
    /// How long after the trigger, in ms.
    pub delay: u32,
    /// It may open in a browser that a program drives.
    pub automation: bool,
}

impl Rule {
    /// The rule of a prompt whose triggers are the words of `triggers`, with commas between them. A word that Polku does not
    /// know becomes [`On::Unknown`], which the engine tells of.
    #[must_use]
    pub fn new(id: String, version: u32, delay: u32, automation: bool, triggers: &str, framework: &Framework) -> Self {
        let mut on = Vec::new();
        for word in words::parts(triggers, b',') {
            on.push(On::parse(word, framework));
        }
        Self { id, version, on, delay, automation }
    }
}

/// Prompts that open by themselves wait until the visit is this old, in ms; the order page is exempt.
pub(crate) const SETTLE: u64 = 10_000;

/// While the shopper is busy, it is looked again after this long, in ms.
pub(crate) const BUSY: u64 = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triggers_are_read_from_their_words() {
        let five = Framework::new("");
        let parse = |word| On::parse(word, &five);
        assert_eq!(parse("purchase"), On::Touchpoint(Name::Purchase));
        assert_eq!(parse("order_confirmed"), On::Touchpoint(Name::Purchase));
        assert_eq!(parse("stage:retention"), On::Stage(Stage::Retention));
        assert_eq!(parse("stage:checkout"), On::Unknown);
        assert_eq!(parse("full_moon"), On::Unknown);
    }
}
