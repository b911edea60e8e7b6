//! A definition as it grows from another tool's survey.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::plain::{Plain, free, hostile, plain, slug};
use super::report::{Entry, Level, below};

/// The definition, and what is said of where it came from.
pub(super) struct Draft {
    /// Where the survey lies in its file.
    base: String,
    /// The definition's head.
    pub(super) head: Map<String, Value>,
    /// Conditions on who is asked, all of which must hold.
    pub(super) who: Vec<Value>,
    pub(super) steps: Vec<Value>,
    /// Each step's name in the survey, in the order of the steps, …
    pub(super) names: Vec<String>,
    /// … and its place there.
    pub(super) origins: Vec<String>,
    /// The language of texts without one.
    pub(super) fallback: String,
    /// Whether `{name}` in a text stands for an answer.
    pub(super) piped: bool,
    pub(super) locales: BTreeSet<String>,
    pub(super) report: Vec<Entry>,
    said: BTreeSet<String>,
}

impl Draft {
    pub(super) fn new(base: String) -> Self {
        Self {
            base,
            head: Map::new(),
            who: Vec::new(),
            steps: Vec::new(),
            names: Vec::new(),
            origins: Vec::new(),
            fallback: "en".to_owned(),
            piped: false,
            locales: BTreeSet::new(),
            report: Vec::new(),
            said: BTreeSet::new(),
        }
    }

    pub(super) fn say(&mut self, path: &str, level: Level, why: &str) {
        self.report.push(Entry { path: below(&self.base, path), level, why: why.to_owned() });
    }

    /// Says it of the first part of which it is true: what is true of nearly every part is said once.
    pub(super) fn once(&mut self, path: &str, level: Level, why: &str) {
        if self.said.insert(why.to_owned()) {
            self.say(path, level, why);
        }
    }

    /// Says it of every field that is there.
    pub(super) fn all(&mut self, of: &Value, path: &str, fields: &[&str], level: Level, why: &str) {
        for field in fields.iter().filter(|field| is_set(&of[**field])) {
            self.say(&below(path, field), level, why);
        }
    }

    /// The survey's own language, where it is one.
    pub(super) fn speak(&mut self, lang: &str) -> bool {
        let known = language(lang);
        if let Some(lang) = &known {
            self.fallback.clone_from(lang);
        }
        known.is_some()
    }

    /// The survey's name for the shop.
    pub(super) fn name(&mut self, name: &str) {
        // Nobody but the shop reads it, and nobody reads more.
        let name: String = plain(name).text.chars().take(200).collect();
        if !name.is_empty() {
            self.head.insert("name".to_owned(), json!(name));
        }
    }

    /// A field of a part of the head: `limits.max`.
    pub(super) fn put(&mut self, part: &str, field: &str, value: Value) {
        let part = self.head.entry(part.to_owned()).or_insert_with(|| json!({}));
        part[field] = value;
    }

    /// Adds a step under a name that conditions know.
    pub(super) fn step(&mut self, name: &str, path: &str, mut step: Value) {
        let mut id = slug(&plain(name).text);
        if id == "end" || id.is_empty() {
            id = format!("q{}", self.steps.len() + 1);
        }
        step["id"] = json!(free(&id, |id| self.steps.iter().any(|step| step["id"] == json!(id))));
        let asks = format!("asked by {}", step["ask"].as_str().unwrap_or_default());
        self.say(path, Level::Ok, &asks);
        self.steps.push(step);
        self.names.push(name.to_owned());
        self.origins.push(path.to_owned());
    }

    /// A step by its name in the survey.
    pub(super) fn named(&self, name: &str) -> Option<&Value> {
        let exact = self.names.iter().position(|known| known == name);
        self.steps.get(exact.or_else(|| self.names.iter().position(|known| known.eq_ignore_ascii_case(name)))?)
    }

    /// Texts by language, of a text or of an object by language (`default` is the survey's own); nothing where there is none.
    pub(super) fn texts(&mut self, value: &Value, path: &str) -> Option<Value> {
        let mut given: BTreeMap<String, &str> = BTreeMap::new();
        let mut strange = false;
        match value {
            Value::String(text) => drop(given.insert(self.fallback.clone(), text)),
            Value::Object(by_lang) => {
                for (lang, text) in by_lang.iter().filter(|(lang, _)| *lang != "default") {
                    match (language(lang), text.as_str()) {
                        (Some(lang), Some(text)) => drop(given.insert(lang, text)),
                        (_, text) => strange |= text.is_some_and(|text| !text.trim().is_empty()),
                    }
                }
                if let Some(text) = by_lang.get("default").and_then(Value::as_str) {
                    // Where the survey's own language has words of its own, the default is in the tool's.
                    let lang = if given.contains_key(&self.fallback) { "en" } else { &self.fallback };
                    given.entry(lang.to_owned()).or_insert(text);
                }
            }
            _ => return None,
        }
        if strange {
            self.say(path, Level::Dropped, "words in a language whose name is not understood");
        }
        let (mut html, mut harmful, mut inserted) = (false, false, false);
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for (lang, text) in given {
            let (text, answers) = self.without_answers(text);
            let Plain { text, html: tags, hostile } = plain(&text);
            (html, harmful, inserted) = (html | tags, harmful | hostile, inserted | answers);
            if !text.is_empty() {
                texts.insert(lang, text);
            }
        }
        let lost = [
            (inserted, "nothing is written into texts: what they fall back to, or nothing, stands there"),
            (harmful, "what could run as a script is left out"),
            (html, "HTML became plain text"),
        ];
        if let Some((_, why)) = lost.iter().find(|(lost, _)| *lost) {
            self.say(path, Level::Lossy, why);
        }
        let first = texts.values().next()?.clone();
        if !texts.contains_key(&self.fallback) {
            self.say(path, Level::Lossy, "there are no words in the default language: those of another stand there");
            texts.insert(self.fallback.clone(), first);
        }
        self.locales.extend(texts.keys().cloned());
        Some(json!(texts))
    }

    /// Adds texts to a part where there are some.
    pub(super) fn put_texts(&mut self, part: &mut Value, field: &str, value: &Value, path: &str) {
        if let Some(texts) = self.texts(value, path) {
            part[field] = texts;
        }
    }

    /// A text without the answers and variables that the other tool writes into it: `#recall:id/fallback:words#`, and `{name}` where it does so.
    fn without_answers(&self, text: &str) -> (String, bool) {
        let (mut out, mut rest, mut found) = (String::new(), text, false);
        while let Some(at) = rest.find("#recall:") {
            let Some((_, after)) = rest[at..].split_once("/fallback:") else { break };
            let Some((words, after)) = after.split_once('#') else { break };
            out.push_str(&rest[..at]);
            // That is how spaces are written there.
            out.push_str(&words.replace("nbsp", " "));
            rest = after;
            found = true;
        }
        out.push_str(rest);
        if !self.piped {
            return (out, found);
        }
        let (mut piped, mut rest) = (String::new(), out.as_str());
        while let Some(at) = rest.find('{') {
            // No name is longer.
            let end = rest.as_bytes()[at + 1..].iter().take(100).position(|byte| *byte == b'}');
            let inside = end.map_or("", |end| &rest[at + 1..at + 1 + end]);
            let named =
                !inside.is_empty() && inside.chars().all(|sign| sign.is_alphanumeric() || " _-.[]#:$".contains(sign));
            piped.push_str(&rest[..at]);
            rest = if named { &rest[at + inside.len() + 2..] } else { &rest[at + 1..] };
            if named {
                found = true;
            } else {
                piped.push('{');
            }
        }
        piped.push_str(rest);
        (piped, found)
    }

    /// An address that a prompt may open.
    pub(super) fn href(value: &Value) -> Option<&str> {
        let href = value.as_str()?;
        // A path of the shop; two slashes are another host.
        let opened =
            ["https://", "mailto:", "tel:", "/"].iter().any(|start| href.starts_with(start)) && !href.starts_with("//");
        let clean = href.bytes().all(|byte| byte > b' ' && !matches!(byte, 0x7F | b'\\' | b'"' | b'<' | b'>' | b'\''));
        (opened && clean && href.len() <= 2_000 && !hostile(href)).then_some(href)
    }

    /// A selector, as far as anybody can tell without a page.
    pub(super) fn selector(value: &Value) -> Option<&str> {
        let selector = value.as_str()?.trim();
        let fine = !selector.is_empty() && selector.len() <= 500 && !selector.contains('<') && !hostile(selector);
        (fine && !selector.chars().any(char::is_control)).then_some(selector)
    }
}

/// Whether a field says something.
pub(super) fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

/// A language's name as we write it.
pub(super) fn language(code: &str) -> Option<String> {
    let code = code.trim().replace('_', "-");
    let mut parts = code.split('-');
    let first = parts
        .next()
        .is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (first && rest && code.len() <= 35).then_some(code)
}
