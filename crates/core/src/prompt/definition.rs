//! The definition as a shop writes it, field by field: what is left out has its default here.

use super::check::sound;
use super::step::Step;
use super::{Kind, Tree};

/// More questions than this is a form, not a prompt.
pub const MOST_STEPS: usize = 50;

/// More choices than this nobody reads.
pub const MOST_CHOICES: usize = 30;

/// The longest free text, in characters: enough for a story, short enough to be read by somebody.
pub const LONGEST_TEXT: u16 = 500;

/// One prompt: its questions and the ways between them. Whoever holds one holds one that can be run.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Definition(pub(super) Tree);

impl Definition {
    /// Takes a definition, if it can be run; what is wrong with it says [`problems`](super::problems).
    #[must_use]
    pub fn new(tree: Tree) -> Option<Self> {
        let definition = Self(tree);
        sound(&definition).then_some(definition)
    }

    /// `id`: the name of the prompt in events.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.get("id").text()
    }

    /// `version`: 1 when left out. Another version is another prompt to those who were asked.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.0.get("version").number().unwrap_or(1)
    }

    /// `defaultLocale`: the language where the shopper's own is missing; without it the first of `locales`, else English.
    #[must_use]
    pub fn fallback(&self) -> &str {
        let first = self.0.get("locales").list().first().map_or("en", Tree::text);
        Some(self.0.get("defaultLocale").text()).filter(|locale| !locale.is_empty()).unwrap_or(first)
    }

    /// A text of `end`: `thanks`, `after`, `low` or `afterLow`; empty without one, the widget has its own in each of its languages.
    #[must_use]
    pub fn end(&self, which: &str, lang: &str) -> &str {
        self.in_language(self.0.get("end").get(which), lang)
    }

    /// `ui`: how it looks.
    #[must_use]
    pub fn ui(&self) -> &Tree {
        self.0.get("ui")
    }

    /// `score.step`: the step whose answer is the prompt's score; without one, the first scale that is answered.
    #[must_use]
    pub fn score(&self) -> &str {
        self.0.get("score").get("step").text()
    }

    /// `contact`: whether the prompt may ask for an address to answer to.
    #[must_use]
    pub fn may_contact(&self) -> bool {
        self.0.get("contact").is_true()
    }

    /// Whether a conversation can be opened here: the page says `"chat": false` where it cannot.
    #[must_use]
    pub fn may_chat(&self) -> bool {
        !self.0.get("chat").is_false()
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

    /// What the step at a place asks.
    #[must_use]
    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.step(at)?.kind()
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

    /// Of texts by language the one in `lang`, else the one in the fallback.
    #[must_use]
    pub fn in_language<'a>(&'a self, texts: &'a Tree, lang: &str) -> &'a str {
        let text = texts.get(lang).text();
        if text.is_empty() { texts.get(self.fallback()).text() } else { text }
    }
}
