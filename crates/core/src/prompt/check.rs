//! Reads that part of a definition by which it runs as a strict colleague would. Who listens decides what it costs: the prompt asks only whether
//! there is a mistake ([`sound`]), and everything that says where it is falls away; the check writes each down.

use super::fields;
use super::graph::{END, Places};
use super::markup;
use super::path::Path;
use super::step::{Ask, Step};
use super::{Code, Definition, Kind, MOST_CHOICES, MOST_STEPS, Tree, condition};
use crate::words::{cut, number, parts, place, slice};

/// Hears of mistakes.
pub(super) trait Judge {
    /// There is one, here.
    fn wrong(&mut self, code: Code, path: &Path<'_>);

    /// There is one, unless all is fine.
    #[inline(always)]
    fn unless(&mut self, fine: bool, code: Code, path: &Path<'_>) {
        if !fine {
            self.wrong(code, path);
        }
    }
}

/// Hears only that there is one.
struct Verdict(bool);

impl Judge for Verdict {
    #[inline(always)]
    fn wrong(&mut self, _: Code, _: &Path<'_>) {
        self.0 = false;
    }

    #[inline(always)]
    fn unless(&mut self, fine: bool, _: Code, _: &Path<'_>) {
        self.0 &= fine;
    }
}

/// Whether a definition can be run: the check finds no mistake in what is read of it when it runs.
pub(super) fn sound(definition: &Definition) -> bool {
    let mut verdict = Verdict(true);
    let mut check = Check { definition, judge: &mut verdict };
    check.parts();
    // Where the ways lead only means something once each of them leads somewhere.
    if !check.judge.0 {
        return false;
    }
    check.ways();
    verdict.0
}

/// What is read of a definition when it runs.
pub(super) struct Check<'a, J> {
    pub(super) definition: &'a Definition,
    pub(super) judge: &'a mut J,
}

impl<J: Judge> Check<'_, J> {
    /// An object with its fields.
    pub(super) fn object(&mut self, tree: &Tree, fields: &str, path: &Path<'_>) {
        self.judge.unless(matches!(tree, Tree::Map(_)), Code::Shape, path);
        for field in parts(fields, b' ') {
            let (name, arg) = cut(slice(field, 1, field.len()), b'=');
            self.field(
                tree.get(name),
                field.as_bytes().first().copied().unwrap_or_default(),
                arg,
                &Path::Field(path, name),
            );
        }
    }

    /// One value, by the letter for what it is.
    fn field(&mut self, value: &Tree, letter: u8, arg: &str, path: &Path<'_>) {
        let text = value.text();
        match letter {
            b'i' => return self.judge.unless(is_id(text), Code::Id, path),
            b'S' if value.is_null() => {
                return self.judge.wrong(Code::Text, &Path::Field(path, self.definition.fallback()));
            }
            _ if value.is_null() => return,
            _ => {}
        }
        let fits = match letter {
            b'n' => match value.number() {
                Some(given) => {
                    let (low, high) = cut(arg, b'-');
                    let bound = |text, none| number(text).map_or(none, |bound| bound as i32);
                    let within = (bound(low, i32::MIN)..=bound(high, i32::MAX)).contains(&given);
                    return self.judge.unless(within, Code::Range, path);
                }
                None => false,
            },
            b'b' => matches!(value, Tree::Bool(_)),
            b'l' => matches!(value, Tree::List(_)),
            b'o' => matches!(value, Tree::Map(_)),
            b's' | b'S' => return self.texts(value, path),
            b'v' => true,
            _ => matches!(value, Tree::Text(_)),
        };
        let code = match (fits, letter) {
            (false, _) => Code::Shape,
            (_, b'w') if place(arg, b'|', text).is_none() => Code::Word,
            (_, b'h') if !markup::is_href(text) => Code::Href,
            (_, b'g') if self.definition.target(text).is_none() => Code::Target,
            _ => return,
        };
        self.judge.wrong(code, path);
    }

    /// Texts by language: there is one in the default language, and nothing but words in any.
    fn texts(&mut self, texts: &Tree, path: &Path<'_>) {
        self.judge.unless(matches!(texts, Tree::Map(_)), Code::Shape, path);
        let fallback = self.definition.fallback();
        let there = !texts.get(fallback).text().trim_ascii().is_empty();
        self.judge.unless(there, Code::Text, &Path::Field(path, fallback));
        for (lang, text) in texts.fields() {
            let here = &Path::Field(path, lang);
            self.judge.unless(matches!(text, Tree::Text(_)), Code::Shape, here);
            if let Some(code) = markup::fault(text.text()) {
                self.judge.wrong(code, here);
            }
        }
    }

    /// Everything but the ways between the steps, in the order of its text.
    pub(super) fn parts(&mut self) {
        let definition = self.definition;
        let tree = &definition.0;
        let root = &Path::Root;
        let at = |key| Path::Field(root, key);
        self.object(tree, fields::HEAD, root);
        self.judge.unless(tree.get("v").number() == Some(1), Code::Version, &at("v"));
        let locales = tree.get("locales").list();
        let fallback = definition.fallback();
        for (nth, locale) in locales.iter().enumerate() {
            self.judge.unless(is_locale(locale.text()), Code::Locales, &Path::Item(&at("locales"), nth));
        }
        self.judge.unless(is_locale(fallback), Code::Locales, &at("defaultLocale"));
        let known = locales.is_empty() || locales.iter().any(|locale| locale.text() == fallback);
        self.judge.unless(known, Code::Locale, &at("defaultLocale"));
        for (field, fields) in [("ui", fields::UI), ("end", fields::END), ("score", fields::SCORE)] {
            let part = tree.get(field);
            if !part.is_null() {
                self.object(part, fields, &at(field));
            }
        }
        if !tree.get("score").is_null() {
            let score = &at("score");
            let scored = definition.position(definition.score()).and_then(|at| definition.step(at));
            let ask = scored.map_or("", Step::ask);
            let scores = scored.and_then(Step::known).is_some_and(|ask| ask <= Ask::Thumbs);
            self.judge.unless(scores, Code::Score, &Path::Field(score, "step"));
            let metric = tree.get("score").get("metric").text();
            self.judge.unless(
                !scores || metric.is_empty() || metric == ask,
                Code::Metric,
                &Path::Field(score, "metric"),
            );
        }
        let few = (1..=MOST_STEPS).contains(&definition.len());
        self.judge.unless(few, Code::Steps, &at("steps"));
        self.judge.unless(!few || definition.first().is_some(), Code::Start, &at("start"));
        for at in 0..definition.len().min(MOST_STEPS) {
            self.step(at);
        }
    }

    fn step(&mut self, nth: usize) {
        let definition = self.definition;
        let Some(step) = definition.step(nth) else { return };
        let steps = Path::Field(&Path::Root, "steps");
        let here = &Path::Item(&steps, nth);
        let at = |key| Path::Field(here, key);
        self.object(step.0, fields::STEP, here);
        self.judge.unless(step.id() != END, Code::Id, &at("id"));
        self.judge.unless(definition.position(step.id()) == Some(nth), Code::Duplicate, &at("id"));
        let ask = step.known();
        let (code, field) = match ask {
            None => (Code::Ask, "ask"),
            Some(Ask::Multi) => (Code::Bounds, "max"),
            Some(Ask::Text) => (Code::Max, "max"),
            _ => (Code::Scale, "scale"),
        };
        self.judge.unless(step.kind().is_some(), code, &at(field));
        let anchored = ask != Some(Ask::Ces) || matches!(step.words(), "ease" | "agree");
        self.judge.unless(anchored, Code::Anchors, &at("anchors"));
        self.judge.unless(ask != Some(Ask::Contact) || definition.may_contact(), Code::Contact, &at("ask"));
        if step.0.get("text").is_null() && !matches!(ask, Some(Ask::Handoff | Ask::Chat)) {
            self.judge.wrong(Code::Text, &Path::Field(&at("text"), definition.fallback()));
        }
        match ask {
            Some(Ask::Thumbs | Ask::Yesno | Ask::Single | Ask::Multi | Ask::Discovery) => {
                let own = step.0.get("choices").list();
                self.judge.unless(own.len() <= MOST_CHOICES && step.count() > 0, Code::Choices, &at("choices"));
                self.listed(step, own, fields::CHOICE, &at("choices"));
            }
            Some(Ask::Handoff | Ask::Chat) => {
                let actions = step.0.get("actions").list();
                // Of a conversation they are other ways, where there is none.
                let least = usize::from(ask == Some(Ask::Handoff));
                self.judge.unless((least..=MOST_CHOICES).contains(&actions.len()), Code::Actions, &at("actions"));
                self.listed(step, actions, fields::ACTION, &at("actions"));
            }
            _ => {}
        }
        let next = at("next");
        for (nth, branch) in definition.branches(nth).iter().enumerate() {
            let way = &Path::Item(&next, nth);
            self.object(branch, fields::BRANCH, way);
            self.judge.unless(!branch.get("go").is_null(), Code::Target, &Path::Field(way, "go"));
            let when = branch.get("if");
            if !when.is_null() {
                condition::check(self.judge, definition, when, &Path::Field(way, "if"), 0);
            }
        }
    }

    /// The choices or the actions of a step.
    fn listed(&mut self, step: Step<'_>, list: &[Tree], fields: &str, path: &Path<'_>) {
        let of_actions = matches!(step.known(), Some(Ask::Handoff | Ask::Chat));
        for (nth, one) in list.iter().enumerate().take(MOST_CHOICES) {
            let here = &Path::Item(path, nth);
            let at = &Path::Field(here, "id");
            self.object(one, fields, here);
            let id = one.get("id").text();
            if of_actions {
                let somewhere =
                    ["href", "adapter", "launcher", "event"].into_iter().any(|way| !one.get(way).text().is_empty());
                self.judge.unless(somewhere, Code::Action, here);
            } else {
                // Those that the widget has signs for keep their names.
                let given = step.given();
                self.judge.unless(
                    if given.is_empty() { is_id(id) } else { place(given, b' ', id).is_some() },
                    Code::Id,
                    at,
                );
            }
            let first = list.iter().position(|other| other.get("id").text() == id) == Some(nth);
            self.judge.unless(first, Code::DuplicateChoice, at);
        }
    }

    /// Where the steps lead.
    pub(super) fn ways(&mut self) {
        let definition = self.definition;
        let steps = Path::Field(&Path::Root, "steps");
        let mut first = Places::default();
        first.put(definition.first().unwrap_or_default());
        let reached = definition.reach(first, |_| true);
        for nth in 0..definition.len() {
            let here = &Path::Item(&steps, nth);
            self.judge.unless(reached.has(nth), Code::Unreachable, here);
            // A message that leads back to itself by messages alone would never end and never ask.
            let silent = |step: Step<'_>| step.kind() == Some(Kind::Message);
            let again = definition.step(nth).is_some_and(silent)
                && definition.reach(definition.followers(nth), silent).has(nth);
            self.judge.unless(!again, Code::Cycle, &Path::Field(here, "next"));
        }
    }
}

/// Names of prompts, steps, choices and actions.
pub(super) fn is_id(id: &str) -> bool {
    (1..=40).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// A language as BCP 47 writes it, roughly: words of letters and digits with hyphens between them.
pub(super) fn is_locale(locale: &str) -> bool {
    (2..=35).contains(&locale.len()) && locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
