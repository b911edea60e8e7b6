//! A format's facts: which preset it is, which settings it has, and what it asks of those who send.

use std::cell::RefCell;

use super::copy::each;
use super::problem::{Problem, problem};
use super::source::{Batch, Event};
use super::template::{self, Scene};
use super::{found, inside, text};
use crate::json::{self, Writer};
use crate::{data, words};

/// How a batch is written for a collector, and how its answers are read.
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Format {
    /// What the settings choose of the preset, then the preset itself: JSON objects, of which the first that has a member counts.
    parts: Vec<String>,
    /// Settings by their own names, defaults among them.
    set: Vec<(String, String)>,
}

/// Whether a collector knows an event that it gets twice.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Dedupe {
    /// It counts it twice: nothing is sent again unless it was refused for sure.
    None,
    /// It knows some of them.
    Weak,
    /// It knows it by its id.
    Strong,
}

/// What a format asks of those who send.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Limits {
    /// Events in a request, at most.
    pub events: u32,
    /// Bytes of a native batch, at most, so that what becomes of it is shorter than 60,000 bytes.
    pub bytes: u32,
    /// Events older than this are not taken, in hours; 0 for no such limit.
    pub hours: u32,
    /// Whether what is sent twice counts once.
    pub dedupe: Dedupe,
    /// One bad event spoils a batch, and the answer is 400: the halves may be good.
    pub bisects: bool,
    /// Whoever has no CORS stores what it gets without letting the page read the answer.
    pub opaque: bool,
    /// The content type or a header makes browsers ask first: nothing like that leaves with a page, and not without CORS.
    pub preflight: bool,
    /// It can forget, or hands on what says so.
    pub erases: bool,
}

/// Settings that every format has.
pub(super) const EVERYWHERE: [&str; 4] = ["key", "origin", "path", "erase"];

/// Events of a request where a preset does not say.
const EVENTS: u32 = 50;
/// Bytes of a native batch where a preset does not say: as much as becomes 60,000 where all is written three times as long.
const BYTES: u32 = 20_000;

impl Format {
    /// The format that `preset` (JSON) describes, with the settings `given`; natively also one that comes with Polku, by its name.
    ///
    /// # Errors
    /// Where the preset or a setting is wrong. Natively everything is looked at; on a page what would end in requests that nobody can read.
    pub fn new(preset: &str, given: &[(String, String)]) -> Result<Self, Problem> {
        #[cfg(not(target_arch = "wasm32"))]
        let preset = super::presets::named(preset)?;
        #[cfg(not(target_arch = "wasm32"))]
        super::verify::preset(preset)?;
        if found(preset, "v") != "1" {
            return Err(problem!(BadPreset, "v", "write \"v\": 1, the only version of presets"));
        }
        let mut it = Self { parts: Vec::new(), set: Vec::new() };
        let mut wrong = None;
        // What a setting chooses of the preset goes before the rest of it.
        each(found(preset, "choose"), &mut |name, variants| {
            let given = given.iter().rfind(|(own, _)| own == name);
            let mut names = Vec::new();
            let before = it.parts.len();
            each(variants, &mut |variant, part| {
                if given.map_or(names.is_empty(), |(_, wanted)| wanted == variant) {
                    it.parts.push(part.to_owned());
                    it.set.push((name.to_owned(), variant.to_owned()));
                }
                names.push(variant);
            });
            if it.parts.len() == before && wrong.is_none() {
                wrong = Some(problem!(BadSetting, name, "write one of {}", names.join(", ")));
            }
        });
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let chosen = it.set.len();
        it.parts.push(preset.to_owned());
        for (name, value) in given {
            if it.set[..chosen].iter().all(|(known, _)| known != name) {
                it.take(name, value)?;
            }
        }
        it.complete()?;
        #[cfg(not(target_arch = "wasm32"))]
        super::verify::format(&it)?;
        #[cfg(not(target_arch = "wasm32"))]
        super::verify::request(&it)?;
        // Only the batch has the key, which may be a part of the path.
        it.path("pk")?;
        it.try_out()?;
        Ok(it)
    }

    /// Takes a setting, by its own name.
    fn take(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let mut own = String::new();
        let mut check = String::new();
        self.declared(&mut |declared, raw| {
            let mut also = declared == name;
            if let Some(begin) = declared.strip_suffix('*') {
                also |= name.starts_with(begin);
            }
            words::split(inside(raw, "also"), b' ', &mut |other| also |= other == name);
            if also {
                own = (if declared.ends_with('*') { name } else { declared }).to_owned();
                check = inside(raw, "check").to_owned();
            }
        });
        if own.is_empty() && (EVERYWHERE.contains(&name) || name.starts_with("header.")) {
            name.clone_into(&mut own);
        }
        if own.is_empty() {
            return Err(problem!(
                BadSetting,
                name,
                "the format has no such setting; it has {}",
                super::verify::settings(self)
            ));
        }
        let mut value = checked(name, value, &check)?;
        if own == "origin" && value.ends_with('/') {
            value.pop();
        }
        self.set.push((own, value));
        Ok(())
    }

    /// Fills in defaults, and says what is missing.
    fn complete(&mut self) -> Result<(), Problem> {
        let mut defaults = Vec::new();
        let mut missing = None;
        self.declared(&mut |name, raw| {
            if self.get(name).is_none() {
                let default = inside(raw, "default");
                if !default.is_empty() {
                    defaults.push((name.to_owned(), json::plain(default)));
                } else if found(raw, "need") == "true" {
                    missing = Some(problem!(BadSetting, name, "it is missing; set it"));
                }
            }
        });
        self.set.append(&mut defaults);
        missing.map_or(Ok(()), Err)
    }

    /// Tries all templates on an event, so that what is wrong with them is said before there is one.
    fn try_out(&self) -> Result<(), Problem> {
        let batch = Batch { key: "pk", id: "0000000000000000", leg: "00000", ..Batch::default() };
        let event = Event { seq: 1, name: "page_view", data: "{\"a\":1}", ..Event::default() };
        let fault = RefCell::default();
        let around = Scene { format: self, batch: &batch, sent: 0, event: None, events: "", fault: &fault };
        let within = Scene { event: Some(&event), ..around };
        let try_one = |scene: &Scene<'_>, name: &str, raw: &str| -> Result<(), Problem> {
            #[cfg(not(target_arch = "wasm32"))]
            return super::verify::leaves(scene, name, raw, false);
            #[cfg(target_arch = "wasm32")]
            {
                scene.write(&mut Writer::default(), raw);
                fault.take().map_or(Ok(()), |problem: Problem| Err(problem.within(name)))
            }
        };
        for name in ["event", "lines", "body"] {
            let raw = self.member(name);
            if !raw.is_empty() {
                try_one(if name == "body" { &around } else { &within }, name, raw)?;
            }
        }
        let mut done = Ok(());
        each(self.member("only"), &mut |names, raw| {
            if done.is_ok() {
                done = try_one(&within, &template::at("only", names), raw);
            }
        });
        done
    }

    /// The raw value of the preset's member `name`, or nothing.
    pub(super) fn member(&self, name: &str) -> &str {
        self.parts.iter().find_map(|part| data::find(part, name)).unwrap_or_default()
    }

    /// The inside of the member `name`, where it is a text.
    pub(super) fn text(&self, name: &str) -> &str {
        json::inside(self.member(name)).unwrap_or_default()
    }

    /// Whether the member `list` has `word`: a text, or a number.
    pub(super) fn lists(&self, list: &str, word: &str) -> bool {
        let mut is = false;
        each(self.member(list), &mut |_, raw| is |= json::inside(raw).unwrap_or(raw) == word);
        is
    }

    /// Calls `each` with the settings that the preset declares, and what it says of each.
    pub(super) fn declared(&self, found_one: &mut dyn FnMut(&str, &str)) {
        for part in &self.parts {
            each(found(part, "settings"), found_one);
        }
    }

    /// Settings that are there, by their own names.
    pub(super) fn set(&self) -> &[(String, String)] {
        &self.set
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.set.iter().rfind(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The setting `name`, empty where it is not given; `key` is the batch's where it is not given. Nothing where no setting has this name.
    pub(super) fn setting<'s>(&'s self, name: &str, key: &'s str) -> Option<&'s str> {
        let mut known = EVERYWHERE.contains(&name);
        self.declared(&mut |declared, _| known |= declared == name);
        self.get(name).or(if name == "key" { Some(key) } else { None }).or(known.then_some(""))
    }

    /// The batch's key, where it stands in for a setting, has to fit that setting.
    pub(super) fn check_key(&self, key: &str) -> Result<(), Problem> {
        let mut done = Ok(());
        self.declared(&mut |declared, raw| {
            if declared == "key" && self.get("key").is_none() {
                let (name, _) = words::cut(inside(raw, "also"), b' ');
                done = checked(if name.is_empty() { declared } else { name }, key, inside(raw, "check")).map(drop);
            }
        });
        done
    }

    pub(super) fn method(&self) -> &str {
        let method = self.text("method");
        if method.is_empty() { "POST" } else { method }
    }

    /// The path of a request, with settings in it encoded; `{&name}` is a part of the query that is there where the setting is.
    pub(super) fn path(&self, key: &str) -> Result<String, Problem> {
        if let Some(path) = self.get("path") {
            return Ok(path.to_owned());
        }
        let mut missing = Ok(());
        let filled = template::filled(&json::plain(self.text("path")), &mut |word| {
            let mut out = Writer::default();
            let optional = word.strip_prefix('&');
            let name = optional.unwrap_or(word);
            let value = self.setting(name, key).unwrap_or_default();
            if value.is_empty() {
                if optional.is_none() {
                    missing = Err(problem!(BadSetting, name, "it is missing, and a part of the address; set it"));
                }
            } else if optional.is_some() {
                for part in ["&", name, "="] {
                    out.raw(part);
                }
            }
            text::percent(&mut out, value);
            Some(out.into_string())
        });
        missing.map(|()| filled.unwrap_or_default())
    }

    /// The headers of a request: the preset's, and those of the settings `header.<name>`.
    pub(super) fn headers(&self, key: &str) -> Vec<(String, String)> {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: &str| {
            let mut name = name.to_owned();
            name.make_ascii_lowercase();
            headers.retain(|(known, _)| *known != name);
            if !value.is_empty() {
                headers.push((name, value.to_owned()));
            }
        };
        each(self.member("headers"), &mut |name, raw| {
            let filled = template::filled(&json::plain(json::inside(raw).unwrap_or_default()), &mut |word| {
                self.setting(word, key).filter(|value| !value.is_empty()).map(str::to_owned)
            });
            add(name, &filled.unwrap_or_default());
        });
        for (name, value) in &self.set {
            if let Some(header) = name.strip_prefix("header.") {
                add(header, value);
            }
        }
        headers
    }

    /// What the format asks of those who send.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let most =
            |name, default| words::number(found(self.member("most"), name)).map_or(default, |number| number as u32);
        let plain = |(name, value): &(String, String)| {
            name == "accept" || (name == "content-type" && value.starts_with("text/plain"))
        };
        let is = |name| self.member(name) == "true";
        Limits {
            events: most("events", EVENTS),
            bytes: most("bytes", BYTES),
            hours: most("hours", 0),
            dedupe: match self.text("dedupe") {
                "strong" => Dedupe::Strong,
                "weak" => Dedupe::Weak,
                _ => Dedupe::None,
            },
            bisects: is("bisects"),
            opaque: is("opaque"),
            preflight: !self.headers("").iter().all(plain),
            erases: self.get("erase").map_or(is("erases"), |erase| erase == "yes"),
        }
    }

    /// Whether the format has no place for events named `name`.
    #[must_use]
    pub fn leaves_out(&self, name: &str) -> bool {
        if name == "erase" { !self.limits().erases } else { self.lists("without", name) }
    }
}

/// `value`, where it is what `check` asks for.
fn checked(name: &str, value: &str, check: &str) -> Result<String, Problem> {
    let fits = match check {
        "digits" => words::number(value).is_some(),
        "uuid" => value.len() == 36,
        _ => !value.is_empty(),
    };
    #[cfg(not(target_arch = "wasm32"))]
    super::verify::value_of(name, value, check)?;
    if fits { Ok(value.to_owned()) } else { Err(problem!(BadSetting, name, "set it to a {check}")) }
}
