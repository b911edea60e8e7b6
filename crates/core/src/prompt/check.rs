//! Reads that part of a definition by which it runs as a strict colleague would. Who listens decides what it costs: the prompt asks only whether
//! there is a mistake ([`sound`]), and everything that says where it is falls away; the check writes each down.

use super::graph::END;
use super::markup;
use super::path::Path;
use super::step::Step;
use super::{Code, Definition, Kind, MOST_CHOICES, MOST_STEPS, Tree, condition};

/// Hears of mistakes.
pub(super) trait Judge {
    /// There is one, here.
    fn wrong(&mut self, code: Code, path: &Path<'_>);
}

/// Hears only that there is one.
struct Verdict(bool);

impl Judge for Verdict {
    #[inline(always)]
    fn wrong(&mut self, _: Code, _: &Path<'_>) {
        self.0 = false;
    }
}

/// Whether a definition can be run: the check finds no mistake in what the flow reads of it.
pub(super) fn sound(definition: &Definition) -> bool {
    let mut verdict = Verdict(true);
    check(definition, &mut verdict);
    verdict.0
}

/// The fields that are read here, each after the letter of its type: a number, text, list, object, truth or texts by language.
pub(super) const HEAD: &str = "nv tid nversion llocales tdefaultLocale tstart lsteps oend oscore bcontact";
pub(super) const END_TEXTS: &str = "sthanks safter slow safterLow";
pub(super) const STEP: &str = "tid task stext shelp boptional lnext toffsite nscale tanchors tlook slow shigh lchoices tshuffle nmin nmax nrows lactions";
pub(super) const CHOICE: &str = "tid stext bother bnone tgo";
pub(super) const ACTION: &str = "tid stext thref tadapter tevent snote";
pub(super) const SCORE: &str = "tmetric tstep";

/// Tells the judge everything that would keep a definition from being run, in the order of its text.
pub(super) fn check<J: Judge>(definition: &Definition, judge: &mut J) {
    let mut check = Check { definition, judge, wrong: false };
    check.head();
    for at in 0..definition.len().min(MOST_STEPS) {
        check.step(at);
    }
    // Where the ways lead only means something once each of them leads somewhere.
    if !check.wrong {
        check.ways();
    }
}

struct Check<'a, J> {
    definition: &'a Definition,
    judge: &'a mut J,
    wrong: bool,
}

impl<J: Judge> Judge for Check<'_, J> {
    #[inline(always)]
    fn wrong(&mut self, code: Code, path: &Path<'_>) {
        self.wrong = true;
        self.judge.wrong(code, path);
    }
}

impl<J: Judge> Check<'_, J> {
    #[inline(always)]
    fn unless(&mut self, fine: bool, code: Code, path: &Path<'_>) {
        if !fine {
            self.wrong(code, path);
        }
    }

    /// An object, the fields of which have the types in `fields`.
    fn shape(&mut self, tree: &Tree, fields: &str, path: &Path<'_>) {
        self.unless(matches!(tree, Tree::Map(_)), Code::Shape, path);
        for field in crate::words::parts(fields, b' ') {
            let (kind, name) = field.split_at(1);
            let value = tree.get(name);
            let here = &Path::Field(path, name);
            let fits = match (kind, value) {
                (_, Tree::Null)
                | ("n", Tree::Number(_))
                | ("t", Tree::Text(_))
                | ("l", Tree::List(_))
                | ("b", Tree::Bool(_)) => true,
                ("o" | "s", Tree::Map(_)) => true,
                _ => false,
            };
            self.unless(fits, Code::Shape, here);
            if kind == "s" {
                for (lang, text) in value.fields() {
                    let here = &Path::Field(here, lang);
                    self.unless(matches!(text, Tree::Text(_)), Code::Shape, here);
                    if let Err(code) = markup::check(text.text()) {
                        self.wrong(code, here);
                    }
                }
            }
        }
    }

    fn head(&mut self) {
        let definition = self.definition;
        let tree = &definition.0;
        let root = &Path::Root;
        let at = |key| Path::Field(root, key);
        self.shape(tree, HEAD, root);
        self.unless(tree.get("v").number() == Some(1), Code::Version, &at("v"));
        self.unless(is_id(definition.id()), Code::Id, &at("id"));
        self.unless(definition.version() > 0, Code::Range, &at("version"));
        let locales = tree.get("locales").list();
        for (nth, locale) in locales.iter().enumerate() {
            self.unless(is_locale(locale.text()), Code::Locales, &Path::Item(&at("locales"), nth));
        }
        self.unless(is_locale(definition.fallback()), Code::Locales, &at("defaultLocale"));
        let known = locales.is_empty() || locales.iter().any(|locale| locale.text() == definition.fallback());
        self.unless(known, Code::Locale, &at("defaultLocale"));
        let few = (1..=MOST_STEPS).contains(&definition.len());
        self.unless(few, Code::Steps, &at("steps"));
        self.unless(!few || definition.first().is_some(), Code::Start, &at("start"));
        let end = tree.get("end");
        if !end.is_null() {
            self.shape(end, END_TEXTS, &at("end"));
            for which in ["thanks", "after", "low", "afterLow"] {
                self.texts(end, which, &at("end"), false);
            }
        }
        let score = tree.get("score");
        if !score.is_null() {
            self.shape(score, SCORE, &at("score"));
            let scored = definition.position(definition.score()).and_then(|at| definition.step(at));
            let scores =
                scored.is_some_and(|step| matches!(step.kind(), Some(Kind::Scale { .. })) || step.ask() == "thumbs");
            self.unless(scores, Code::Score, &Path::Field(&at("score"), "step"));
            let metric = score.get("metric").text();
            let same = !scores || metric.is_empty() || scored.is_some_and(|step| step.ask() == metric);
            self.unless(same, Code::Metric, &Path::Field(&at("score"), "metric"));
        }
    }

    fn step(&mut self, nth: usize) {
        let definition = self.definition;
        let Some(step) = definition.step(nth) else { return };
        let steps = Path::Field(&Path::Root, "steps");
        let here = &Path::Item(&steps, nth);
        let at = |key| Path::Field(here, key);
        let field = |key| step.0.get(key);
        self.shape(step.0, STEP, here);
        self.unless(is_id(step.id()) && step.id() != END, Code::Id, &at("id"));
        self.unless(definition.position(step.id()) == Some(nth), Code::Duplicate, &at("id"));
        match step.ask() {
            "ces" | "rating" => {
                self.unless(step.kind().is_some(), Code::Scale, &at("scale"));
                self.unless(
                    step.ask() == "rating" || matches!(step.words(), "ease" | "agree"),
                    Code::Anchors,
                    &at("anchors"),
                );
            }
            "multi" => self.unless(step.kind().is_some(), Code::Bounds, &at("max")),
            "text" => self.unless(step.kind().is_some(), Code::Max, &at("max")),
            "contact" => self.unless(definition.may_contact(), Code::Contact, &at("ask")),
            _ => self.unless(step.kind().is_some(), Code::Ask, &at("ask")),
        }
        self.texts(step.0, "text", here, step.ask() != "handoff");
        for which in ["help", "low", "high"] {
            self.texts(step.0, which, here, false);
        }
        self.unless(
            matches!(field("look").text(), "" | "numbers" | "faces" | "stars" | "labels"),
            Code::Word,
            &at("look"),
        );
        self.unless(matches!(field("shuffle").text(), "" | "none" | "all" | "exceptLast"), Code::Word, &at("shuffle"));
        self.unless(
            matches!(field("offsite").text(), "" | "hear" | "impression" | "source"),
            Code::Word,
            &at("offsite"),
        );
        self.unless(field("rows").number().is_none_or(|rows| (1..=20).contains(&rows)), Code::Range, &at("rows"));
        if matches!(step.kind(), Some(Kind::Choice { .. })) || step.ask() == "multi" {
            self.choices(step, &at("choices"));
        } else if step.ask() == "handoff" {
            self.actions(field("actions").list(), &at("actions"));
        }
        let next = at("next");
        for (nth, branch) in definition.branches(nth).iter().enumerate() {
            let way = &Path::Item(&next, nth);
            self.unless(definition.target(branch.get("go").text()).is_some(), Code::Target, &Path::Field(way, "go"));
            let when = branch.get("if");
            if !when.is_null() {
                condition::check(self, definition, when, &Path::Field(way, "if"), 0);
            }
        }
    }

    fn choices(&mut self, step: Step<'_>, path: &Path<'_>) {
        let choices = step.choices();
        self.unless((1..=MOST_CHOICES).contains(&choices.len()), Code::Choices, path);
        for (nth, choice) in choices.iter().enumerate().take(MOST_CHOICES) {
            let here = &Path::Item(path, nth);
            if choice.tree.is_null() {
                continue; // the widget's own, in its own words
            }
            self.shape(choice.tree, CHOICE, here);
            // Those that the widget has icons for keep their names.
            let known = match step.ask() {
                "thumbs" => matches!(choice.id, "up" | "down"),
                "yesno" => matches!(choice.id, "yes" | "no"),
                _ => is_id(choice.id),
            };
            self.unless(known, Code::Id, &Path::Field(here, "id"));
            let first = choices.iter().position(|other| other.id == choice.id) == Some(nth);
            self.unless(first, Code::DuplicateChoice, &Path::Field(here, "id"));
            self.texts(choice.tree, "text", here, true);
            let go = choice.tree.get("go");
            self.unless(
                go.is_null() || self.definition.target(go.text()).is_some(),
                Code::Target,
                &Path::Field(here, "go"),
            );
        }
    }

    fn actions(&mut self, actions: &[Tree], path: &Path<'_>) {
        self.unless((1..=MOST_CHOICES).contains(&actions.len()), Code::Actions, path);
        for (nth, action) in actions.iter().enumerate().take(MOST_CHOICES) {
            let here = &Path::Item(path, nth);
            let at = |key| Path::Field(here, key);
            self.shape(action, ACTION, here);
            let id = action.get("id").text();
            self.unless(is_id(id), Code::Id, &at("id"));
            let first = actions.iter().position(|other| other.get("id").text() == id) == Some(nth);
            self.unless(first, Code::DuplicateChoice, &at("id"));
            for which in ["text", "note"] {
                self.texts(action, which, here, false);
            }
            let href = action.get("href");
            self.unless(href.is_null() || markup::is_href(href.text()), Code::Href, &at("href"));
            let somewhere = ["href", "adapter", "event"].into_iter().any(|way| !action.get(way).text().is_empty());
            self.unless(somewhere, Code::Action, here);
        }
    }

    /// A text in the default language, where there must be one or there is one in any.
    fn texts(&mut self, of: &Tree, field: &str, path: &Path<'_>, needed: bool) {
        let fallback = self.definition.fallback();
        let texts = of.get(field);
        let there = !texts.get(fallback).text().trim_ascii().is_empty();
        self.unless(
            there || (texts.is_null() && !needed),
            Code::Text,
            &Path::Field(&Path::Field(path, field), fallback),
        );
    }

    fn ways(&mut self) {
        let definition = self.definition;
        let steps = Path::Field(&Path::Root, "steps");
        let reached = definition.reach(definition.first().into_iter().collect(), |_| true);
        for nth in 0..definition.len() {
            let here = &Path::Item(&steps, nth);
            self.unless(reached.get(nth) == Some(&true), Code::Unreachable, here);
            // A message that leads back to itself by messages alone would never end and never ask.
            let silent = |step: Step<'_>| step.kind() == Some(Kind::Message);
            let again = definition.step(nth).is_some_and(silent)
                && definition.reach(definition.followers(nth), silent).get(nth) == Some(&true);
            self.unless(!again, Code::Cycle, &Path::Field(here, "next"));
        }
    }
}

/// Names of prompts, steps, choices and actions.
pub(super) fn is_id(id: &str) -> bool {
    (1..=40).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// A language as BCP 47 writes it, roughly: words of letters and digits with hyphens between them.
pub(super) fn is_locale(locale: &str) -> bool {
    (2..=35).contains(&locale.len())
        && crate::words::parts(locale, b'-').all(|part| matches!(part.len(), 1..=8))
        && locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && locale.bytes().take(2).all(|byte| byte.is_ascii_alphabetic())
}
