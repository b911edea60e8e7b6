//! Templates: JSON in which some texts have places, `{time:rfc3339}`, that a batch and an event fill. What is filled in is always
//! written as JSON; nothing is ever pasted.

use super::copy::{self, Naming};
use super::preset::Format;
use super::problem::{Problem, problem};
use super::source::{Batch, Event};
use super::{moment, text, uuid};
use crate::json::{self, Scan, Writer};
use crate::name::Name;
use crate::{data, words};

/// What fills the places.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) format: &'a Format,
    pub(super) batch: &'a Batch<'a>,
    /// When the request is sent, in Unix ms.
    pub(super) sent: u64,
    /// The event that is written; none where the request around the events is.
    pub(super) event: Option<&'a Event<'a>>,
    /// The events that have been written, with commas between.
    pub(super) events: &'a str,
}

/// What takes the place of a place.
enum Piece {
    /// The inside of a JSON text.
    Text(String),
    /// A JSON value.
    Json(String),
}

/// The names of places, for those who wrote another one.
#[cfg(not(target_arch = "wasm32"))]
const PLACES: &str = "time, sent, id, session, leg, seq, name, lens, stage, page, path, url, client, device, lang, weight, data, \
                      data.<member>, events, library, version, yes, no, key, origin or a setting of the preset";

impl<'a> Scene<'a> {
    /// Writes what `scan` comes to, with its places filled; says whether there is anything. Nothing is where a place has nothing to fill it: the
    /// member or element that it stands in is left out.
    pub(super) fn write(&self, out: &mut Writer, scan: &mut Scan<'_>) -> Result<bool, Problem> {
        let open = scan.next();
        let Some(raw) = scan.value() else { return Err(problem!(BadPreset, "", "write JSON")) };
        match open {
            b'{' => self.object(out, raw),
            b'[' => self.list(out, raw),
            b'"' => self.text(out, json::inside(raw).unwrap_or_default()),
            _ => {
                out.raw(raw);
                Ok(true)
            }
        }
    }

    fn list(&self, out: &mut Writer, raw: &str) -> Result<bool, Problem> {
        out.raw("[");
        each(raw, b'[', &mut |_, scan, place| {
            let start = out.as_str().len();
            out.comma();
            if !self.write(out, scan).map_err(|problem| problem.within(&number_in_brackets(place)))? {
                out.truncate(start);
            }
            Ok(())
        })?;
        out.raw("]");
        Ok(true)
    }

    fn object(&self, out: &mut Writer, raw: &str) -> Result<bool, Problem> {
        // An object that is written into a text.
        if let Some(inner) = data::find(raw, "{text}") {
            let mut within = Writer::default();
            let any = self.write(&mut within, &mut Scan::new(inner)).map_err(|problem| problem.within("{text}"))?;
            quoted(out, &text::escaped(within.as_str()));
            return Ok(any);
        }
        // The first of several that comes to something.
        if let Some(inner) = data::find(raw, "{first}") {
            let mut any = false;
            each(inner, b'[', &mut |_, scan, place| {
                let mut one = Writer::default();
                let in_brackets = number_in_brackets(place);
                let is =
                    self.write(&mut one, scan).map_err(|problem| problem.within(&in_brackets).within("{first}"))?;
                if is && !any {
                    any = true;
                    out.raw(one.as_str());
                }
                Ok(())
            })?;
            return Ok(any);
        }
        // One that is there with all of its members or not at all.
        if let Some(inner) = data::find(raw, "{all}") {
            let start = out.as_str().len();
            let missing = self.members(out, inner).map_err(|problem| problem.within("{all}"))?;
            if missing {
                out.truncate(start);
            }
            return Ok(!missing);
        }
        let start = out.as_str().len();
        let missing = self.members(out, raw)?;
        // Nothing came of all that was asked for.
        Ok(!(missing && out.as_str().len() == start + 2))
    }

    /// Writes an object's members; says whether one was left out.
    fn members(&self, out: &mut Writer, raw: &str) -> Result<bool, Problem> {
        let mut missing = false;
        out.raw("{");
        each(raw, b'{', &mut |key, scan, _| {
            if key == "..." {
                let word = scan.value().and_then(json::inside).and_then(placed).unwrap_or_default();
                for (name, value) in self.spread(word)? {
                    if data::find(raw, &name).is_none() {
                        out.key(&name);
                        out.raw(&value);
                    }
                }
                return Ok(());
            }
            let start = out.as_str().len();
            out.key(key);
            if !self.write(out, scan).map_err(|problem| problem.within(key))? {
                out.truncate(start);
                missing = true;
            }
            Ok(())
        })?;
        out.raw("}");
        Ok(missing)
    }

    /// A text of the template: one place with the type of what fills it, or a text with places in it.
    fn text(&self, out: &mut Writer, inside: &str) -> Result<bool, Problem> {
        if let Some(word) = placed(inside) {
            return Ok(match self.piece(word)? {
                None => false,
                Some(Piece::Json(json)) => {
                    out.raw(&json);
                    true
                }
                Some(Piece::Text(text)) => {
                    quoted(out, &text);
                    true
                }
            });
        }
        let filled = filled(inside, &mut |word| {
            Ok(match self.piece(word)? {
                // A list has no place in a text.
                Some(Piece::Json(json)) if json.starts_with(['{', '[']) && word.starts_with("data.") => None,
                Some(Piece::Json(json)) if json.starts_with(['{', '[']) || word == "events" => {
                    return Err(unfit(word, "has no text of its own; let it stand alone, or write {…:text}"));
                }
                Some(Piece::Json(text) | Piece::Text(text)) => Some(text),
                None => None,
            })
        })?;
        if let Some(text) = &filled {
            quoted(out, text);
        }
        Ok(filled.is_some())
    }

    /// What fills the place `word`.
    fn piece(&self, word: &str) -> Result<Option<Piece>, Problem> {
        let (word, condition) = words::cut(word, b'@');
        let (name, form) = words::cut(word, b':');
        let (form, as_text) = match form.strip_suffix("text") {
            Some(form) => (form.strip_suffix(':').unwrap_or(form), true),
            None => (form, false),
        };
        let mut piece = self.value(word, name, form)?;
        // A condition does not hide what is wrong beside it.
        if !self.applies(condition)? {
            return Ok(None);
        }
        if as_text && let Some(Piece::Json(json)) = &piece {
            piece = Some(Piece::Text(text::escaped(json)));
        }
        Ok(piece)
    }

    /// Whether the event has one of the names of `condition`, with `!` before them none of them.
    fn applies(&self, condition: &str) -> Result<bool, Problem> {
        if condition.is_empty() {
            return Ok(true);
        }
        let (names, wanted) = condition.strip_prefix('!').map_or((condition, true), |names| (names, false));
        let mut is = false;
        let mut unknown = None;
        words::split(names, b'|', &mut |name| {
            if Name::parse(name).is_none() {
                unknown = Some(unfit(name, "is no event's name; write names of events with | between them"));
            }
            is |= self.event.is_some_and(|event| event.name == name);
        });
        unknown.map_or(Ok(is == wanted), Err)
    }

    fn value(&self, word: &str, name: &str, form: &str) -> Result<Option<Piece>, Problem> {
        let batch = self.batch;
        let plain = |text: &str| Some(Piece::Text(text::whole(text))).filter(|_| !text.is_empty());
        let whole = |number: u64| {
            let mut out = Writer::default();
            out.number(number);
            Some(Piece::Json(out.into_string()))
        };
        let of_event = || self.event.ok_or_else(|| unfit(word, "is one event's; it cannot stand around the events"));
        let no_form = |piece: Option<Piece>| {
            if form.is_empty() {
                Ok(piece)
            } else {
                Err(unfit(word, "has no such form; leave out what follows the colon"))
            }
        };
        match name {
            "sent" => moment(word, self.sent, form),
            "time" => moment(word, of_event()?.time, form),
            "session" => Ok(Some(Piece::Text(match form {
                "" => batch.id.to_owned(),
                "uuid" => uuid::v5(batch.id),
                "uuid7" => uuid::v7(batch.started.unwrap_or(batch.sent), batch.id),
                _ => return Err(unfit(word, "has no such form; write {session}, {session:uuid} or {session:uuid7}")),
            }))),
            "id" => {
                let own = identity(batch, of_event()?.seq);
                match form {
                    "" => Ok(Some(Piece::Text(uuid::v5(&own)))),
                    "own" => Ok(Some(Piece::Text(own))),
                    _ => Err(unfit(word, "has no such form; write {id} or {id:own}")),
                }
            }
            "name" => {
                let event = of_event()?;
                let renamed = data::find(self.format.member("names"), event.name).and_then(json::inside);
                match form {
                    "" => Ok(plain(renamed.unwrap_or(event.name))),
                    "own" => Ok(plain(event.name)),
                    _ => Err(unfit(word, "has no such form; write {name} or {name:own}")),
                }
            }
            "seq" => no_form(whole(of_event()?.seq)),
            "lens" => no_form(plain(of_event()?.lens)),
            "page" => no_form(plain(of_event()?.page)),
            "client" => no_form(plain(of_event()?.client)),
            "path" => {
                let page = of_event()?.page;
                no_form(plain(&path(page)).filter(|_| !page.is_empty()))
            }
            "url" => {
                let event = of_event()?;
                no_form(plain(&url(self.format, event)))
            }
            "stage" => {
                let own = of_event()?.stage;
                no_form(plain(if own.is_empty() { batch.stage } else { own }))
            }
            "leg" => no_form(plain(batch.leg)),
            "device" => no_form(plain(batch.device)),
            "lang" => no_form(plain(batch.lang)),
            "weight" => no_form(number(batch.weight).map(Piece::Json)),
            "library" => no_form(plain("polku")),
            "version" => no_form(plain(env!("CARGO_PKG_VERSION"))),
            "yes" => no_form(Some(Piece::Json("true".to_owned()))),
            "no" => no_form(Some(Piece::Json("false".to_owned()))),
            "events" if self.event.is_none() => no_form(Some(Piece::Json(self.events.to_owned()))),
            "data" => {
                let mut out = Writer::default();
                out.raw("{");
                for (name, value) in self.spread(word)? {
                    out.key(&name);
                    out.raw(&value);
                }
                out.raw("}");
                Ok(Some(out.into_string()).filter(|json| json != "{}").map(Piece::Json))
            }
            _ => {
                if let Some(member) = name.strip_prefix("data.") {
                    let raw = of_event()?.data(member).unwrap_or("null");
                    return match form {
                        "" if json::inside(raw).is_some() => Ok(json::inside(raw).map(text::whole).map(Piece::Text)),
                        "" => Ok(copy::copied(raw).filter(|json| json != "null").map(Piece::Json)),
                        "number" => Ok(number(raw).map(Piece::Json)),
                        "word" => Ok(json::inside(raw).and_then(plain)),
                        _ => Err(unfit(word, "has no such form; write {data.x}, {data.x:number} or {data.x:word}")),
                    };
                }
                let Some(setting) = self.format.setting(name, batch.key) else {
                    return Err(unfit(word, &unknown_place()));
                };
                let host = match form {
                    "" => setting,
                    "host" => setting.rsplit('/').next().unwrap_or_default(),
                    _ => return Err(unfit(word, "has no such form; write it alone, or of an address {…:host}")),
                };
                Ok(Some(Piece::Text(text::escaped(host))).filter(|_| !host.is_empty()))
            }
        }
    }

    /// The members of an event's data in the form that `word` (`data`, `data:strings`, `data:scalars`) asks for, under the names that the preset
    /// gives them.
    fn spread(&self, word: &str) -> Result<Vec<(String, String)>, Problem> {
        let (name, form) = words::cut(word, b':');
        let form = form.strip_suffix("text").map_or(form, |form| form.strip_suffix(':').unwrap_or(form));
        let Some(event) = self.event.filter(|_| name == "data" && matches!(form, "" | "strings" | "scalars")) else {
            return Err(unfit(word, "are no members; write {data}, {data:strings} or {data:scalars}"));
        };
        let keys = self.format.member("keys");
        let naming = |path: &str| {
            let special = data::find(keys, &[event.name, "/", path].concat());
            special.or_else(|| data::find(keys, path)).map(json::inside)
        };
        let naming: Naming<'_> = &naming;
        let mut found: Vec<(String, String)> = Vec::new();
        let mut add = |path: &str, key: &str, raw: &str| {
            let Some(name) = naming(path).unwrap_or(Some(key)) else { return };
            let is_text = json::inside(raw);
            let nested = raw.starts_with(['{', '[']);
            let left_out = form == "scalars" && (nested || is_text == Some(""));
            if (form.is_empty() || raw != "null") && !left_out && found.iter().all(|(known, _)| known != name) {
                let mut out = Writer::default();
                if copy::renamed(&mut out, raw, path, naming).is_none() {
                    return;
                }
                let mut value = out.into_string();
                if form == "strings" && is_text.is_none() {
                    value = ["\"", &text::escaped(&value), "\""].concat();
                }
                found.push((text::whole(name), value));
            }
        };
        let lifts = self.format.lists("lift", event.name);
        members(event.data, &mut |key, raw| match only_object(raw).filter(|_| lifts && key == "items") {
            Some(item) => members(item, &mut |key, raw| add(&copy::join("items", key), key, raw)),
            None => add(key, key, raw),
        });
        Ok(found)
    }
}

/// The members of an object that has been checked.
fn members<'r>(raw: &'r str, found: &mut dyn FnMut(&'r str, &'r str)) {
    let mut scan = Scan::new(raw);
    let mut first = true;
    if scan.expect(b'{').is_none() {
        return;
    }
    while scan.another(b'}', &mut first) == Some(true) {
        let Some((key, value)) = scan.key().zip(scan.value()) else { return };
        found(key, value);
    }
}

/// The one object that a list holds.
fn only_object(raw: &str) -> Option<&str> {
    let mut scan = Scan::new(raw);
    let mut first = true;
    scan.expect(b'[')?;
    scan.another(b']', &mut first)?.then_some(())?;
    let item = scan.value().filter(|item| item.starts_with('{'))?;
    (!scan.another(b']', &mut first)?).then_some(item)
}

/// `raw`, where it is a number.
pub(super) fn number(raw: &str) -> Option<String> {
    let first = *raw.as_bytes().first()?;
    copy::copied(raw).filter(|_| first == b'-' || first.is_ascii_digit())
}

/// A page as a path: answers without `measure` have the type of their page there, `order`.
fn path(page: &str) -> String {
    if page.starts_with('/') { page.to_owned() } else { ["/", page].concat() }
}

/// The inside of an event's address: the shop's origin and the page, which is a template and leads nowhere. Empty without an origin.
pub(super) fn url(format: &Format, event: &Event<'_>) -> String {
    let origin = format.setting("origin", "").unwrap_or_default();
    if origin.is_empty() { String::new() } else { [&text::escaped(origin), path(event.page).as_str()].concat() }
}

/// What an event is known by: its journey, its leg, its number.
pub(super) fn identity(batch: &Batch<'_>, seq: u64) -> String {
    let mut out = Writer::default();
    for part in [batch.id, ".", batch.leg, "."] {
        out.raw(part);
    }
    out.number(seq);
    out.into_string()
}

fn moment(word: &str, ms: u64, form: &str) -> Result<Option<Piece>, Problem> {
    let mut out = Writer::default();
    // Digits are appended: a receiver's nanoseconds are more than a float can hold.
    let zeros = match form {
        "rfc3339" => return Ok(Some(Piece::Text(moment::rfc3339(ms)))),
        "s" => {
            out.number(ms / 1000);
            ""
        }
        "ms" => "",
        "us" => "000",
        "ns" => "000000",
        _ => {
            return Err(unfit(
                word,
                "has no such form; write rfc3339, s, ms, us or ns after the colon, and :text for digits in a text",
            ));
        }
    };
    if form != "s" {
        out.number(ms);
    }
    out.raw(zeros);
    Ok(Some(Piece::Json(out.into_string())))
}

/// The place that the whole of `inside` is.
fn placed(inside: &str) -> Option<&str> {
    let word = inside.strip_prefix('{')?.strip_suffix('}')?;
    (!word.contains(['{', '}'])).then_some(word)
}

/// `text` with its places filled by `fill`; nothing where a place stays empty. `{{` is a bracket.
pub(super) fn filled(
    text: &str,
    fill: &mut dyn FnMut(&str) -> Result<Option<String>, Problem>,
) -> Result<Option<String>, Problem> {
    let mut out = Writer::default();
    let mut rest = text;
    let mut empty = false;
    loop {
        let (before, after) = words::cut(rest, b'{');
        out.raw(before);
        if before.len() == rest.len() {
            return Ok((!empty).then(|| out.into_string()));
        }
        if let Some(after) = after.strip_prefix('{') {
            out.raw("{");
            rest = after;
            continue;
        }
        let (word, after) = words::cut(after, b'}');
        match fill(word)? {
            Some(filled) => out.raw(&filled),
            None => empty = true,
        }
        rest = after;
    }
}

/// Calls `found` with each member of an object (its key) or each element of a list, and its place.
pub(super) fn each<'r>(
    raw: &'r str,
    open: u8,
    found: &mut dyn FnMut(&'r str, &mut Scan<'r>, usize) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let not = || problem!(BadPreset, "", "write JSON");
    let close = if open == b'{' { b'}' } else { b']' };
    let mut scan = Scan::new(raw);
    scan.expect(open).ok_or_else(not)?;
    let mut first = true;
    let mut place = 0;
    while scan.another(close, &mut first).ok_or_else(not)? {
        let key = if open == b'{' { scan.key().ok_or_else(not)? } else { "" };
        found(key, &mut scan, place)?;
        place += 1;
    }
    Ok(())
}

fn number_in_brackets(place: usize) -> String {
    let mut out = Writer::default();
    out.raw("[");
    out.number(place as u64);
    out.raw("]");
    out.into_string()
}

/// Writes a JSON text from its inside.
pub(super) fn quoted(out: &mut Writer, inside: &str) {
    out.raw("\"");
    out.raw(inside);
    out.raw("\"");
}

/// The place `word` cannot be filled.
fn unfit(word: &str, _fix: &str) -> Problem {
    problem!(BadPreset, [" {", word, "}"].concat(), "{_fix}")
}

#[cfg(not(target_arch = "wasm32"))]
fn unknown_place() -> String {
    format!("is no place; write {PLACES}")
}

#[cfg(target_arch = "wasm32")]
fn unknown_place() -> String {
    String::new()
}
