//! Checks what opens a prompt, for whom and how often: the parts of a definition that the flow never reads.

use super::check::{Check, Judge, is_locale};
use super::fields;
use super::path::Path;
use super::unread::{names, unknown};
use super::validate::Problems;
use super::{Code, Definition, Tree, nearest};
use crate::name::Name;
use crate::words::{cut, number, parts, slice};

/// Deeper than this nobody can follow: the same as for conditions over answers.
const DEEPEST: usize = 8;

/// A whole, in millionths.
const WHOLE: i64 = 1_000_000;

/// Tells of everything that is wrong with `when`, `who`, `limits`, `quiet`, and the selectors of `ui`.
pub(super) fn check(definition: &Definition, problems: &mut Problems) {
    let tree = &definition.0;
    let root = &Path::Root;
    let at = |key| Path::Field(root, key);
    let mut opening = Opening { definition, problems };
    opening.when(tree.get("when"), &at("when"));
    if !tree.get("who").is_null() {
        opening.who(tree.get("who"), &at("who"), 0);
    }
    opening.limits(tree.get("limits"), &at("limits"));
    opening.limits(tree.get("limits").get("perPrompt"), &Path::Field(&at("limits"), "perPrompt"));
    opening.quiet(tree.get("quiet"), &at("quiet"));
    opening.places(tree.get("ui"), &at("ui"));
    let steps = &at("steps");
    for (nth, step) in tree.get("steps").list().iter().enumerate() {
        for (action, one) in step.get("actions").list().iter().enumerate() {
            let (step, hours, launcher) = (Path::Item(steps, nth), one.get("hours"), one.get("launcher"));
            let list = Path::Field(&step, "actions");
            let here = &Path::Item(&list, action);
            if !hours.is_null() {
                opening.hours(hours, &Path::Field(here, "hours"));
            }
            let fine = launcher.is_null() || is_selector(launcher);
            opening.problems.unless(fine, Code::Selector, &Path::Field(here, "launcher"));
        }
    }
}

struct Opening<'a> {
    definition: &'a Definition,
    problems: &'a mut Problems,
}

impl Opening<'_> {
    /// An object with fields that the flow's check knows.
    fn object(&mut self, tree: &Tree, fields: &str, path: &Path<'_>) {
        Check { definition: self.definition, judge: self.problems }.object(tree, fields, path);
    }

    fn when(&mut self, when: &Tree, path: &Path<'_>) {
        if !matches!(when, Tree::Map(_)) {
            return; // not there, or said already
        }
        self.object(when, fields::WHEN, path);
        let any = when.get("any");
        if when.get("on").is_null() {
            unknown(self.problems, when, &names(fields::WHEN), path);
            self.problems.unless(any.is_null() || !any.list().is_empty(), Code::Trigger, &Path::Field(path, "any"));
        } else {
            self.trigger(when, &names(fields::WHEN), path);
        }
        for (field, list) in [("any", any), ("cancelOn", when.get("cancelOn"))] {
            for (nth, trigger) in list.list().iter().enumerate() {
                self.trigger(trigger, "", &Path::Item(&Path::Field(path, field), nth));
            }
        }
    }

    fn trigger(&mut self, trigger: &Tree, beside: &str, path: &Path<'_>) {
        let on = trigger.get("on").text();
        let own = fields::TRIGGERS.iter().find(|(name, _)| *name == on);
        let Some(fields) = own.map(|(_, fields)| *fields).or_else(|| is_touchpoint(on).then_some("")) else {
            let mut known: Vec<&str> = fields::TRIGGERS.iter().map(|(name, _)| *name).collect();
            known.extend(Name::ALL.iter().map(|name| name.as_str()).filter(|name| is_touchpoint(name)));
            return self.problems.guessed(Code::Trigger, &Path::Field(path, "on"), nearest::word(on, &known.join(" ")));
        };
        unknown(self.problems, trigger, &["on ", &names(fields), " ", beside].concat(), path);
        for field in parts(fields, b' ') {
            let (name, arg) = cut(slice(field, 1, field.len()), b'=');
            let (value, here) = (trigger.get(name), &Path::Field(path, name));
            match field.as_bytes().first() {
                Some(b'k') => self.problems.unless(is_stage(value), Code::Trigger, here),
                Some(b'q') => self.problems.unless(is_selector(value), Code::Selector, here),
                Some(b'N') if value.is_null() => self.problems.wrong(Code::Trigger, here),
                _ if value.is_null() => {}
                _ => self.within(value, arg, here),
            }
        }
        if let (Some(days), Some(until)) = (trigger.get("days").number(), trigger.get("until").number()) {
            self.problems.unless(days < until, Code::Range, &Path::Field(path, "until"));
        }
    }

    fn who(&mut self, who: &Tree, path: &Path<'_>, depth: usize) {
        if depth > DEEPEST {
            return self.problems.wrong(Code::Depth, path);
        }
        let [(name, value)] = who.fields() else { return self.problems.wrong(Code::Who, path) };
        let here = &Path::Field(path, name);
        let Some(field) = parts(fields::WHO, b' ').find(|field| cut(slice(field, 1, field.len()), b'=').0 == name)
        else {
            return self.problems.guessed(Code::Who, here, nearest::word(name, &names(fields::WHO)));
        };
        let (_, arg) = cut(field, b'=');
        let word = |word: &str| parts(arg, b'|').any(|known| known == word);
        let text = |value: &Tree| !value.text().trim_ascii().is_empty();
        match field.as_bytes().first() {
            Some(b'A') => {
                self.problems.unless(!value.list().is_empty(), Code::Who, here);
                for (nth, inner) in value.list().iter().enumerate() {
                    self.who(inner, &Path::Item(here, nth), depth + 1);
                }
            }
            Some(b'B') => self.who(value, here, depth + 1),
            Some(b'K') => self.each(value, here, Code::Who, is_stage),
            Some(b'W') => self.each(value, here, Code::Who, |one| word(one.text())),
            Some(b'T') => self.each(value, here, Code::Who, text),
            Some(b'L') => self.each(value, here, Code::Locales, |one| is_locale(one.text())),
            Some(b'V') => {
                self.each(value, here, Code::Who, |one| is_band(one.text()));
                for (nth, band) in value.list().iter().enumerate() {
                    let fine = has_band(band.text()) || !is_band(band.text());
                    self.problems.unless(fine, Code::Band, &Path::Item(here, nth));
                }
            }
            Some(b'U') => match value.fields() {
                [(way, given)] => {
                    let known = names(fields::URL);
                    if parts(&known, b' ').any(|known| known == way) {
                        self.problems.unless(text(given), Code::Who, &Path::Field(here, way));
                    } else {
                        self.problems.guessed(Code::Who, &Path::Field(here, way), nearest::word(way, &known));
                    }
                }
                _ => self.problems.wrong(Code::Who, here),
            },
            Some(b'M') => {
                let all = value.fields();
                self.problems.unless(!all.is_empty() && all.iter().all(|(_, value)| text(value)), Code::Who, here);
            }
            Some(b'P') => self.sample(value, here),
            Some(b'H') => self.hours(value, here),
            Some(b'R') => {
                self.problems.unless(!value.fields().is_empty(), Code::Who, here);
                unknown(self.problems, value, "gte lte", here);
                for bound in ["gte", "lte"] {
                    if !value.get(bound).is_null() {
                        self.within(value.get(bound), arg, &Path::Field(here, bound));
                    }
                }
            }
            _ => self.problems.unless(word(value.text()), Code::Who, here),
        }
    }

    /// A list that has something, each of it as it must be.
    fn each(&mut self, list: &Tree, path: &Path<'_>, code: Code, fits: impl Fn(&Tree) -> bool) {
        self.problems.unless(!list.list().is_empty(), Code::Who, path);
        for (nth, one) in list.list().iter().enumerate() {
            self.problems.unless(fits(one), code, &Path::Item(path, nth));
        }
    }

    fn sample(&mut self, sample: &Tree, path: &Path<'_>) {
        if !matches!(sample, Tree::Map(_)) {
            let fine = share(sample).is_some_and(|share| 0 < share && share <= WHOLE);
            return self.problems.unless(fine, Code::Range, path);
        }
        unknown(self.problems, sample, "group from to", path);
        let at = |key| Path::Field(path, key);
        self.problems.unless(!sample.get("group").text().is_empty(), Code::Who, &at("group"));
        let from = share(sample.get("from")).filter(|from| (0..WHOLE).contains(from));
        self.problems.unless(from.is_some(), Code::Range, &at("from"));
        let fine = share(sample.get("to")).is_some_and(|to| from.unwrap_or_default() < to && to <= WHOLE);
        self.problems.unless(fine, Code::Range, &at("to"));
    }

    fn hours(&mut self, hours: &Tree, path: &Path<'_>) {
        unknown(self.problems, hours, "days from to", path);
        for (nth, day) in hours.get("days").list().iter().enumerate() {
            let fine = day.number().is_some_and(|day| (1..=7).contains(&day));
            self.problems.unless(fine, Code::Hours, &Path::Item(&Path::Field(path, "days"), nth));
        }
        for end in ["from", "to"] {
            self.problems.unless(is_time(hours.get(end).text()), Code::Hours, &Path::Field(path, end));
        }
    }

    fn limits(&mut self, limits: &Tree, path: &Path<'_>) {
        if !matches!(limits, Tree::Map(_)) {
            return;
        }
        self.object(limits, fields::LIMITS, path);
        let here = &Path::Field(path, "afterAnswer");
        match limits.get("afterAnswer") {
            Tree::Null => {}
            Tree::Text(word) => self.problems.unless(word == "never", Code::Word, here),
            days => self.within(days, "0-395", here),
        }
    }

    fn quiet(&mut self, quiet: &Tree, path: &Path<'_>) {
        if !matches!(quiet, Tree::Map(_)) {
            return;
        }
        self.object(quiet, fields::QUIET, path);
        let fine = match quiet.get("hotkey") {
            Tree::Null | Tree::Bool(false) => true,
            // A letter would be typed into somebody's field; WCAG 2.1.4.
            key => key.text().strip_prefix('F').and_then(number).is_some_and(|nth| (1..=12).contains(&nth)),
        };
        self.problems.unless(fine, Code::Word, &Path::Field(path, "hotkey"));
    }

    fn places(&mut self, ui: &Tree, path: &Path<'_>) {
        let inline = ui.get("inline");
        let needed = ui.get("layout").text() == "inline";
        self.problems.unless(
            (inline.is_null() && !needed) || is_selector(inline),
            Code::Selector,
            &Path::Field(path, "inline"),
        );
        let launcher = ui.get("launcher");
        let fine = matches!(launcher, Tree::Null | Tree::Bool(_)) || is_selector(launcher);
        self.problems.unless(fine, Code::Selector, &Path::Field(path, "launcher"));
    }

    /// A whole number between two.
    fn within(&mut self, value: &Tree, range: &str, path: &Path<'_>) {
        let (low, high) = cut(range, b'-');
        let bound = |text| number(text).unwrap_or_default() as i32;
        let fine = value.number().is_some_and(|given| (bound(low)..=bound(high)).contains(&given));
        self.problems.unless(fine, Code::Range, path);
    }
}

/// Names that a prompt may wait for: whatever happens to a shopper, but not what a prompt does itself, nor what no shopper does.
pub(super) fn is_touchpoint(name: &str) -> bool {
    let own = name.starts_with("prompt_") || matches!(name, "erase" | "journey_summary" | "stage_enter" | "web_vitals");
    !own && Name::ALL.iter().any(|known| known.as_str() == name)
}

/// A stage of whichever framework the shop has.
fn is_stage(stage: &Tree) -> bool {
    let stage = stage.text();
    (1..=24).contains(&stage.len())
        && stage.starts_with(|first: char| first.is_ascii_lowercase())
        && stage.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// What looks like a selector: whether it is one only a browser can say.
fn is_selector(selector: &Tree) -> bool {
    let selector = selector.text().trim_ascii();
    let mut open = Vec::new();
    let mut quote = None;
    let mut signs = selector.chars();
    while let Some(sign) = signs.next() {
        match (quote, sign) {
            (_, '\\') => {
                signs.next();
            }
            (Some(end), _) => quote = quote.filter(|_| sign != end),
            (None, '"' | '\'') => quote = Some(sign),
            (None, '[') => open.push(']'),
            (None, '(') => open.push(')'),
            (None, ']' | ')') if open.pop() != Some(sign) => return false,
            (None, '{' | '}' | '<' | ';') => return false,
            _ => {}
        }
    }
    let ends = |sign: Option<char>| sign.is_some_and(|sign| !matches!(sign, ',' | '>' | '+' | '~'));
    open.is_empty() && quote.is_none() && ends(selector.chars().next()) && ends(selector.chars().last())
}

/// `0`, `50-100`, `500+`.
fn is_band(band: &str) -> bool {
    let (low, high) = cut(band.strip_suffix('+').unwrap_or(band), b'-');
    number(low).is_some() && (high.is_empty() || number(high).is_some())
}

/// Whether carts can be in a band: the design's bands, times a power of ten for currencies with large numbers.
fn has_band(band: &str) -> bool {
    let mut unit = 1_u64;
    loop {
        let bands = [(0, 0), (0, 20), (20, 50), (50, 100), (100, 200), (200, 500), (500, u64::MAX)];
        for (low, high) in bands {
            let (low, high) = (low * unit, if high == u64::MAX { high } else { high * unit });
            let written = match (low, high) {
                (0, 0) => "0".to_owned(),
                (low, u64::MAX) => [&low.to_string(), "+"].concat(),
                (low, high) => [&low.to_string(), "-", &high.to_string()].concat(),
            };
            if written == band {
                return true;
            }
        }
        unit *= 10;
        if unit > 1_000_000 {
            return false;
        }
    }
}

/// `09:00`.
fn is_time(time: &str) -> bool {
    let (hours, minutes) = cut(time, b':');
    let within = |text: &str, most| text.len() == 2 && number(text).is_some_and(|given| given <= most);
    within(hours, 23) && within(minutes, 59)
}

/// A number from 0 on, in millionths.
fn share(tree: &Tree) -> Option<i64> {
    match tree {
        Tree::Number(whole) => Some(i64::from(*whole) * WHOLE),
        Tree::Odd(millionths) => Some(*millionths),
        _ => None,
    }
}
