//! A format's facts: which preset it is, which settings it has, and what it asks of those who send.

use super::problem::{Problem, problem};
use super::{copy, found, template, text};
use crate::json::{self, Scan, Writer};
use crate::name::Name;
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

/// Members of a preset.
const MEMBERS: &[&str] = &[
    "v", "name", "code", "method", "path", "headers", "settings", "choose", "names", "keys", "lift", "without",
    "event", "only", "lines", "body", "most", "dedupe", "bisects", "opaque", "erases", "reads", "retry", "refuse",
    "dropped",
];

/// Settings that every format has.
const EVERYWHERE: &[&str] = &["key", "origin", "path", "erase"];

/// Events of a request where a preset does not say.
const EVENTS: u32 = 50;
/// Bytes of a native batch where a preset does not say: as much as becomes 60,000 where all is written three times as long.
const BYTES: u32 = 20_000;

/// Whether a byte may be in the name of a header (RFC 9110, 5.6.2).
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether `text` may stand in an address or in a header.
fn is_line(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..0x7f).contains(&byte))
}

fn bad(field: &str, _fix: &str) -> Problem {
    problem!(BadPreset, field, "{_fix}")
}

impl Format {
    /// The format that `preset` (JSON) describes, with the settings `given`; natively also one that comes with Polku, by its name.
    ///
    /// # Errors
    /// Where the preset or a setting is wrong.
    pub fn new(preset: &str, given: &[(String, String)]) -> Result<Self, Problem> {
        #[cfg(not(target_arch = "wasm32"))]
        let preset = super::presets::named(preset)?;
        let Some(preset) = copy::copied(preset).filter(|preset| preset.starts_with('{')) else {
            return Err(bad("preset", "it is no JSON object; write {\"v\": 1, …} and check its commas and quotes"));
        };
        let mut it = Self { parts: Vec::new(), set: Vec::new() };
        if found(&preset, "v") != "1" {
            return Err(bad("v", "write \"v\": 1, the only version of presets"));
        }
        known_members(&preset, "")?;
        let mut left: Vec<&(String, String)> = given.iter().collect();
        it.choose(&preset, &mut left)?;
        it.parts.push(preset);
        it.take(&left)?;
        it.check()?;
        it.try_out()?;
        Ok(it)
    }

    /// Takes the variants that settings choose, and those settings out of `left`.
    fn choose(&mut self, preset: &str, left: &mut Vec<&(String, String)>) -> Result<(), Problem> {
        let choose = found(preset, "choose");
        if choose.is_empty() {
            return Ok(());
        }
        object(choose, "choose")?;
        template::each(choose, b'{', &mut |name, scan, _| {
            let variants = scan.value().unwrap_or_default();
            let field = ["choose.", name].concat();
            object(variants, &field)?;
            let wanted = left.iter().position(|(given, _)| given == name).map(|at| left.remove(at).1.as_str());
            let mut names = Vec::new();
            let mut chosen = None;
            template::each(variants, b'{', &mut |variant, scan, place| {
                let raw = scan.value().unwrap_or_default();
                object(raw, &[&field, ".", variant].concat())?;
                known_members(raw, &[&field, ".", variant, "."].concat())?;
                if wanted.map_or(place == 0, |wanted| wanted == variant) {
                    chosen = Some((raw.to_owned(), variant.to_owned()));
                }
                names.push(variant);
                Ok(())
            })?;
            let Some((raw, variant)) = chosen else {
                return Err(problem!(BadSetting, name, "write one of {}", names.join(", ")));
            };
            self.parts.push(raw);
            self.set.push((name.to_owned(), variant));
            Ok(())
        })
    }

    /// Takes the settings that are left, by their own names, and defaults.
    fn take(&mut self, left: &[&(String, String)]) -> Result<(), Problem> {
        let mut declared: Vec<(String, String)> = Vec::new();
        for part in &self.parts {
            let settings = found(part, "settings");
            if settings.is_empty() {
                continue;
            }
            object(settings, "settings")?;
            template::each(settings, b'{', &mut |name, scan, _| {
                let raw = scan.value().unwrap_or_default();
                let field = ["settings.", name].concat();
                object(raw, &field)?;
                template::each(raw, b'{', &mut |member, scan, _| {
                    scan.value();
                    if matches!(member, "also" | "default" | "need" | "check") {
                        Ok(())
                    } else {
                        Err(bad(&[&field, ".", member].concat(), "write also, default, need or check"))
                    }
                })?;
                declared.push((name.to_owned(), raw.to_owned()));
                Ok(())
            })?;
        }
        for (name, value) in left {
            let is = |(own, raw): &&(String, String)| {
                own == name
                    || own.strip_suffix('*').is_some_and(|begin| name.starts_with(begin))
                    || inside(raw, "also").split(' ').any(|other| other == name)
            };
            let (own, raw) = match declared.iter().find(is) {
                Some((own, raw)) if own.ends_with('*') => (name, raw.as_str()),
                Some((own, raw)) => (own, raw.as_str()),
                None if EVERYWHERE.contains(&name.as_str()) || name.starts_with("header.") => (name, ""),
                None => return Err(unknown_setting(name, &declared, &self.set)),
            };
            let value = checked(name, value, if own == "origin" { "origin" } else { inside(raw, "check") })?;
            if own == "path" && !value.starts_with('/') {
                return Err(problem!(BadSetting, "path", "begin it with /"));
            }
            if own == "erase" && !matches!(value.as_str(), "yes" | "no") {
                return Err(problem!(BadSetting, "erase", "write yes or no"));
            }
            if own == "path" && !is_line(&value) {
                return Err(problem!(BadSetting, name.as_str(), "write ASCII without line feeds"));
            }
            self.set.push((own.to_owned(), value));
        }
        for (own, raw) in &declared {
            if self.get(own).is_none() {
                let default = inside(raw, "default");
                if !default.is_empty() {
                    self.set.push((own.clone(), text::plain(default)));
                } else if found(raw, "need") == "true" {
                    return Err(problem!(BadSetting, own.as_str(), "it is missing; set it"));
                }
            }
        }
        Ok(())
    }

    /// What is wrong with the preset beyond its templates.
    fn check(&self) -> Result<(), Problem> {
        let one_of = |name: &str, words: &[&str], fix: &str| {
            let raw = self.member(name);
            let fits = raw.is_empty() || words.contains(&json::inside(raw).unwrap_or(raw));
            if fits { Ok(()) } else { Err(bad(name, fix)) }
        };
        one_of(
            "code",
            &["polku", "otlp", "matomo", "snowplow"],
            "write otlp, matomo or snowplow, or leave it out and give event or lines",
        )?;
        one_of("dedupe", &["none", "weak", "strong"], "write none, weak or strong")?;
        for name in ["bisects", "opaque", "erases"] {
            one_of(name, &["true", "false"], "write true or false")?;
        }
        one_of("method", &["POST", "PUT", "push"], "write POST")?;
        one_of(
            "reads",
            &["status", "otlp", "items", "kafka", "kafka3", "jitsu", "umami", "matomo", "polku"],
            "write status, otlp, items, kafka, kafka3, jitsu, umami or matomo",
        )?;
        for name in ["lift", "without", "retry", "refuse", "lines"] {
            let raw = self.member(name);
            if !raw.is_empty() && !raw.starts_with('[') {
                return Err(bad(name, "write a list"));
            }
        }
        for name in ["names", "keys", "only", "headers", "most"] {
            let raw = self.member(name);
            if !raw.is_empty() {
                object(raw, name)?;
            }
        }
        for (name, begin) in [("names", b'{'), ("only", b'{'), ("lift", b'['), ("without", b'[')] {
            let raw = self.member(name);
            if raw.is_empty() {
                continue;
            }
            template::each(raw, begin, &mut |key, scan, _| {
                let value = scan.value().unwrap_or_default();
                let names = if begin == b'{' { key } else { json::inside(value).unwrap_or_default() };
                if let Some(unknown) = names.split(' ').find(|name| Name::parse(name).is_none()) {
                    return Err(bad(&[name, ".", unknown].concat(), "no event has this name"));
                }
                if name == "names" && json::inside(value).is_none_or(str::is_empty) {
                    return Err(bad(&["names.", key].concat(), "write a text"));
                }
                Ok(())
            })?;
        }
        let most = self.member("most");
        if !most.is_empty() {
            template::each(most, b'{', &mut |key, scan, _| {
                let number = scan.value().and_then(words::number);
                let range = match key {
                    "events" => 1..=100,
                    "bytes" => 1_000..=48_000,
                    "hours" => 0..=10_000,
                    _ => return Err(bad(&["most.", key].concat(), "write events, bytes or hours")),
                };
                if number.is_some_and(|number| range.contains(&number)) {
                    return Ok(());
                }
                Err(problem!(
                    BadPreset,
                    ["most.", key].concat(),
                    "write a whole number from {} to {}",
                    range.start(),
                    range.end()
                ))
            })?;
        }
        let coded = !self.member("code").is_empty();
        let lines = !self.member("lines").is_empty();
        let (event, body) = (!self.member("event").is_empty(), !self.member("body").is_empty());
        if self.text("code") != "polku" && !lines {
            if !event && !coded {
                return Err(bad(
                    "event",
                    "it is missing; write how one event looks, or lines for one or several lines an event",
                ));
            }
            if !body {
                return Err(bad("body", "it is missing; write what stands around the events, such as [\"{events}\"]"));
            }
        }
        let path = self.text("path");
        if self.get("path").is_none() && !path.starts_with('/') && self.method() != "push" {
            return Err(bad("path", "write the address's path, from / on"));
        }
        // Nothing that a browser asks about first goes out without an answer that can be read.
        if self.limits().opaque && self.limits().preflight {
            return Err(bad("opaque", "write false: only text/plain without other headers gets through without CORS"));
        }
        Ok(())
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
        let mut scan = Scan::new(self.member(list));
        let mut first = true;
        let mut is = false;
        if scan.expect(b'[').is_some() {
            while scan.another(b']', &mut first) == Some(true) {
                let Some(raw) = scan.value() else { break };
                is |= json::inside(raw).unwrap_or(raw) == word;
            }
        }
        is
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.set.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The setting `name`, empty where it is not given; `key` is the batch's where it is not given. Nothing where no setting has this name.
    pub(super) fn setting<'s>(&'s self, name: &str, key: &'s str) -> Option<&'s str> {
        let declared = |name: &str| self.parts.iter().any(|part| !found(found(part, "settings"), name).is_empty());
        match self.get(name) {
            Some(value) => Some(value),
            None if name == "key" => Some(key),
            None if declared(name) || EVERYWHERE.contains(&name) => Some(""),
            None => None,
        }
    }

    /// The batch's key, where it stands in for a setting, has to fit that setting.
    pub(super) fn check_key(&self, key: &str) -> Result<(), Problem> {
        let raw = self.parts.iter().map(|part| found(found(part, "settings"), "key")).find(|raw| !raw.is_empty());
        let raw = raw.unwrap_or("{}");
        if self.get("key").is_some() {
            return Ok(());
        }
        let name = inside(raw, "also").split(' ').next().filter(|name| !name.is_empty()).unwrap_or("key");
        checked(name, key, inside(raw, "check")).map(drop)
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
        let filled = template::filled(self.text("path"), &mut |word| {
            let mut out = Writer::default();
            let optional = word.strip_prefix('&');
            let name = optional.unwrap_or(word);
            let Some(value) = self.setting(name, key) else {
                return Err(bad(&["path {", word, "}"].concat(), "no setting has this name; declare it in settings"));
            };
            if value.is_empty() && optional.is_none() {
                return Err(problem!(BadSetting, name, "it is missing, and a part of the address; set it"));
            }
            if !value.is_empty() && optional.is_some() {
                for part in ["&", name, "="] {
                    out.raw(part);
                }
            }
            text::percent(&mut out, value);
            Ok(Some(out.into_string()))
        })?;
        let filled = filled.unwrap_or_default();
        if !is_line(&filled) {
            return Err(bad("path", "write ASCII without line feeds"));
        }
        Ok(filled)
    }

    /// The headers of a request: the preset's, and those of the settings `header.<name>`.
    pub(super) fn headers(&self, key: &str) -> Result<Vec<(String, String)>, Problem> {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: &str, field: &dyn Fn() -> String| {
            // A browser throws at anything else, and every request would fail without a word.
            if name.is_empty() || !name.bytes().all(is_of_token) || !is_line(value) {
                let fix = "name it with letters, digits and -, and write ASCII without line feeds";
                return Err(problem!(BadSetting, field(), "{fix}"));
            }
            let name = name.to_ascii_lowercase();
            headers.retain(|(known, _)| *known != name);
            if !value.is_empty() {
                headers.push((name, value.to_owned()));
            }
            Ok(())
        };
        let raw = self.member("headers");
        if !raw.is_empty() {
            template::each(raw, b'{', &mut |name, scan, _| {
                let field = || ["headers.", name].concat();
                let Some(value) = scan.value().and_then(json::inside) else {
                    return Err(bad(&field(), "write a text"));
                };
                let filled = template::filled(value, &mut |word| match self.setting(word, key) {
                    Some(value) => Ok(Some(value.to_owned()).filter(|value| !value.is_empty())),
                    None => Err(bad(
                        &[&field(), " {", word, "}"].concat(),
                        "no setting has this name; declare it in settings",
                    )),
                })?;
                add(name, &filled.unwrap_or_default(), &field)
            })?;
        }
        for (name, value) in &self.set {
            if let Some(header) = name.strip_prefix("header.") {
                add(header, value, &|| name.clone())?;
            }
        }
        Ok(headers)
    }

    /// What the format asks of those who send.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let most = |name| words::number(found(self.member("most"), name)).map(|number| number as u32);
        let plain = |(name, value): &(String, String)| {
            name == "accept" || (name == "content-type" && value.starts_with("text/plain"))
        };
        let is = |name| self.member(name) == "true";
        Limits {
            events: most("events").unwrap_or(EVENTS),
            bytes: most("bytes").unwrap_or(BYTES),
            hours: most("hours").unwrap_or_default(),
            dedupe: match self.text("dedupe") {
                "strong" => Dedupe::Strong,
                "weak" => Dedupe::Weak,
                _ => Dedupe::None,
            },
            bisects: is("bisects"),
            opaque: is("opaque"),
            preflight: !self.headers("").is_ok_and(|headers| headers.iter().all(plain)),
            erases: self.get("erase").map_or(is("erases"), |erase| erase == "yes"),
        }
    }
}

/// The inside of a member that is a text.
fn inside<'a>(raw: &'a str, name: &str) -> &'a str {
    json::inside(found(raw, name)).unwrap_or_default()
}

fn object(raw: &str, field: &str) -> Result<(), Problem> {
    if raw.starts_with('{') { Ok(()) } else { Err(bad(field, "write an object, {…}")) }
}

fn known_members(raw: &str, before: &str) -> Result<(), Problem> {
    template::each(raw, b'{', &mut |member, scan, _| {
        scan.value();
        if MEMBERS.contains(&member) {
            return Ok(());
        }
        Err(problem!(
            BadPreset,
            [before, member].concat(),
            "a preset has no such member; write one of {}",
            MEMBERS.join(", ")
        ))
    })
}

/// `value`, where it is what `check` asks for.
fn checked(name: &str, value: &str, check: &str) -> Result<String, Problem> {
    let fits = match check {
        "digits" => words::number(value).is_some(),
        "table" => {
            !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        }
        "uuid" => value.len() == 36 && value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()),
        "origin" => {
            let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")).unwrap_or_default();
            let host = host.strip_suffix('/').unwrap_or(host);
            !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@'])
        }
        _ => !value.is_empty() && !value.contains(['\n', '\r']),
    };
    if fits {
        let value = if check == "origin" { value.strip_suffix('/').unwrap_or(value) } else { value };
        return Ok(value.to_owned());
    }
    #[cfg(not(target_arch = "wasm32"))]
    let want = match check {
        "digits" => "set it to a whole number",
        "table" => "set it to the name of a table: letters, digits, _ and one point",
        "uuid" => "set it to a UUID",
        "origin" => "set it to a scheme and a host, such as https://shop.example",
        _ => "set it to a text of one line",
    };
    Err(problem!(BadSetting, name, "{want}"))
}

#[cfg_attr(target_arch = "wasm32", expect(unused_variables))]
fn unknown_setting(name: &str, declared: &[(String, String)], chosen: &[(String, String)]) -> Problem {
    problem!(BadSetting, name, "the format has no such setting; it has {}", {
        let mut names: Vec<&str> = declared.iter().chain(chosen).map(|(name, _)| name.as_str()).collect();
        names.extend(EVERYWHERE.iter().filter(|name| declared.iter().all(|(own, _)| own != *name)));
        names.push("header.<name>");
        names.join(", ")
    })
}
