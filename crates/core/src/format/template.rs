//! Templates: JSON in which some texts have places, `{time:rfc3339}`, that a batch and an event fill. What is filled in is always
//! written as JSON; nothing is ever pasted. Whatever is wrong with a template, something is written: a place that cannot be filled is like one
//! that has nothing to fill it, and `fault` remembers the first.

use std::cell::RefCell;

use super::copy::{copy, each, join, member, number, quoted};
use super::preset::Format;
use super::problem::{Problem, problem};
use super::source::{Batch, Event};
use super::{moment, text, uuid};
use crate::json::{self, Writer};
use crate::words::{self, List};
use crate::{data, list};

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
    /// The first place that could not be filled for a fault of the template's.
    pub(super) fault: &'a RefCell<Option<Problem>>,
}

/// What takes the place of a place: a JSON value, or the inside of a JSON text.
struct Piece {
    is_text: bool,
    raw: String,
}

/// What places are called; the first ones also around the events.
const PLACES: List = list![
    "events", "sent", "session", "yes", "no", "weight", "leg", "device", "lang", "library", "version", "time", "id",
    "name", "seq", "data", "lens", "stage", "page", "client", "path", "url",
];
const EVENTS: usize = 0;
const SENT: usize = 1;
const SESSION: usize = 2;
const YES: usize = 3;
const NO: usize = 4;
const WEIGHT: usize = 5;
const LEG: usize = 6;
const DEVICE: usize = 7;
const LANG: usize = 8;
const LIBRARY: usize = 9;
const VERSION: usize = 10;
const TIME: usize = 11;
const ID: usize = 12;
const NAME: usize = 13;
const SEQ: usize = 14;
const DATA: usize = 15;
const LENS: usize = 16;
const STAGE: usize = 17;
const PAGE: usize = 18;
const CLIENT: usize = 19;
const PATH: usize = 20;
const URL: usize = 21;

/// Remembers a fault, with natively what to do.
macro_rules! fault {
    ($scene:expr, $word:expr, $($fix:tt)+) => {
        $scene.remember(|| problem!(BadPreset, in_brackets($word), $($fix)+))
    };
}

impl<'a> Scene<'a> {
    fn remember(&self, problem: impl FnOnce() -> Problem) {
        let mut fault = self.fault.borrow_mut();
        if fault.is_none() {
            *fault = Some(problem());
        }
    }

    /// Writes what the template `raw` comes to, with its places filled; says whether there is anything. Nothing is where a place has nothing to fill
    /// it: the member or element that it stands in is left out.
    pub(super) fn write(&self, out: &mut Writer, raw: &str) -> bool {
        match raw.as_bytes().first() {
            Some(b'{') => self.object(out, raw),
            Some(b'[') => {
                out.raw("[");
                each(raw, &mut |_, raw| {
                    let start = out.as_str().len();
                    out.comma();
                    if !self.write(out, raw) {
                        out.truncate(start);
                    }
                });
                out.raw("]");
                true
            }
            Some(b'"') => self.text(out, json::inside(raw).unwrap_or_default()),
            _ => {
                out.raw(raw);
                true
            }
        }
    }

    fn object(&self, out: &mut Writer, raw: &str) -> bool {
        let start = out.as_str().len();
        // An object that is written into a text.
        if let Some(inner) = data::find(raw, "{text}") {
            let mut within = Writer::default();
            let any = self.write(&mut within, inner);
            quoted(out, &text::escaped(within.as_str()));
            return any;
        }
        // The first of several that comes to something.
        if let Some(inner) = data::find(raw, "{first}") {
            let mut any = false;
            each(inner, &mut |_, raw| {
                let mut one = Writer::default();
                if self.write(&mut one, raw) && !any {
                    any = true;
                    out.raw(one.as_str());
                }
            });
            return any;
        }
        // One that is there with all of its members or not at all.
        let all = data::find(raw, "{all}");
        let raw = all.unwrap_or(raw);
        let mut missing = false;
        out.raw("{");
        each(raw, &mut |key, template| {
            if key == "..." {
                let word = json::inside(template).and_then(placed).unwrap_or_default();
                for (name, value) in self.spread(word) {
                    if data::find(raw, &name).is_none() {
                        out.key(&name);
                        out.raw(&value);
                    }
                }
                return;
            }
            let start = out.as_str().len();
            out.key(key);
            if !self.write(out, template) {
                out.truncate(start);
                missing = true;
            }
        });
        let any = !missing || (all.is_none() && out.as_str().len() > start + 1);
        out.raw("}");
        any
    }

    /// A text of the template: one place with the type of what fills it, or a text with places in it.
    fn text(&self, out: &mut Writer, inside: &str) -> bool {
        if let Some(word) = placed(inside) {
            let Some(piece) = self.piece(word) else { return false };
            if piece.is_text {
                quoted(out, &piece.raw);
            } else {
                out.raw(&piece.raw);
            }
            return true;
        }
        let filled = filled(inside, &mut |word| {
            let piece = self.piece(word);
            // A list or an object has no place in a text.
            let nested = |piece: &Piece| !piece.is_text && matches!(piece.raw.as_bytes().first(), Some(b'{' | b'['));
            #[cfg(not(target_arch = "wasm32"))]
            if word == "events" || (!word.starts_with("data.") && piece.as_ref().is_some_and(nested)) {
                fault!(self, word, "has no text of its own; let it stand alone, or write {{…:text}}");
            }
            piece.filter(|piece| !nested(piece)).map(|piece| piece.raw)
        });
        if let Some(text) = &filled {
            quoted(out, text);
        }
        filled.is_some()
    }

    /// What fills the place `word`.
    fn piece(&self, word: &str) -> Option<Piece> {
        let (place, condition) = words::cut(word, b'@');
        let (name, form) = words::cut(place, b':');
        let (form, last) = words::cut(form, b':');
        let as_text = form == "text" || last == "text";
        let mut out = Writer::default();
        let mut is_text = self.value(&mut out, word, name, if form == "text" { "" } else { form });
        #[cfg(not(target_arch = "wasm32"))]
        self.look_at(word, name, if form == "text" { "" } else { form }, last, condition);
        let mut raw = out.into_string();
        if as_text && !is_text {
            is_text = true;
            raw = text::escaped(&raw);
        }
        (!raw.is_empty() && (condition.is_empty() || self.applies(condition))).then_some(Piece { is_text, raw })
    }

    /// Whether the event has one of the names of `condition`, with `!` before them none of them.
    fn applies(&self, condition: &str) -> bool {
        let not = condition.as_bytes().first() == Some(&b'!');
        let mut is = false;
        words::split(&condition[usize::from(not)..], b'|', &mut |name| {
            is |= self.event.is_some_and(|event| event.name == name);
        });
        is != not
    }

    /// Writes what `name` stands for in the form `form`: nothing where there is nothing. Says whether it is the inside of a text, or JSON.
    fn value(&self, out: &mut Writer, word: &str, name: &str, form: &str) -> bool {
        let batch = self.batch;
        let none = Event::default();
        let event = self.event.unwrap_or(&none);
        let place = PLACES.place(name).unwrap_or(PLACES.lens.len());
        let mut text = "";
        match place {
            EVENTS => out.raw(self.events),
            SENT | TIME => {
                let ms = if place == SENT { self.sent } else { event.time };
                if form == "rfc3339" {
                    moment::rfc3339(out, ms);
                    return true;
                }
                out.number(if form == "s" { ms / 1000 } else { ms });
                // Digits are appended: a receiver's nanoseconds are more than a float can hold.
                out.raw(match form {
                    "us" => "000",
                    "ns" => "000000",
                    _ => "",
                });
            }
            SESSION | ID => {
                let own = identity(batch, event.seq);
                let name = if place == SESSION { batch.id } else { &own };
                match form {
                    "uuid7" => uuid::v7(out, batch.started.unwrap_or(batch.sent), name),
                    "" | "own" if place == SESSION || form == "own" => out.raw(name),
                    _ => uuid::v5(out, name),
                }
                return true;
            }
            YES => out.raw("true"),
            NO => out.raw("false"),
            WEIGHT => out.raw(number(batch.weight).unwrap_or_default()),
            NAME => {
                text = event.name;
                if form.is_empty()
                    && let Some(name) = data::find(self.format.member("names"), text).and_then(json::inside)
                {
                    text = name;
                }
            }
            SEQ => out.number(event.seq),
            DATA => {
                out.raw("{");
                for (name, value) in self.spread(if form.is_empty() { name } else { word }) {
                    out.key(&name);
                    out.raw(&value);
                }
                out.raw("}");
                if out.as_str().len() == 2 {
                    out.truncate(0);
                }
            }
            PATH if event.page.is_empty() => {}
            PATH => {
                path(out, event.page);
                return true;
            }
            URL => {
                url(out, self.format, event);
                return true;
            }
            LEG => text = batch.leg,
            DEVICE => text = batch.device,
            LANG => text = batch.lang,
            LIBRARY => text = "polku",
            VERSION => text = env!("CARGO_PKG_VERSION"),
            LENS => text = event.lens,
            STAGE => text = event.stage,
            PAGE => text = event.page,
            CLIENT => text = event.client,
            _ => {
                let (outer, key) = words::cut(name, b'.');
                if outer == "data" {
                    let raw = event.data(key);
                    match json::inside(raw) {
                        Some(inside) if form != "number" => text = inside,
                        None if form == "word" || raw == "null" || (form == "number" && number(raw).is_none()) => {}
                        None => copy(out, raw, "", &|_| None),
                        Some(_) => {}
                    }
                } else if let Some(mut setting) = self.format.setting(name, batch.key) {
                    if form == "host" {
                        words::split(setting, b'/', &mut |part| setting = part);
                    }
                    out.raw(&text::escaped(setting));
                    return true;
                } else {
                    fault!(self, word, "is no place; write {}", places());
                }
            }
        }
        out.raw(text);
        !text.is_empty()
    }

    /// The members of an event's data in the form that `word` (`data`, `data:strings`, `data:scalars`) asks for, under the names that the preset
    /// gives them.
    fn spread(&self, word: &str) -> Vec<(String, String)> {
        let (_name, form) = words::cut(word, b':');
        let (form, _) = words::cut(words::cut(form, b'@').0, b':');
        let mut found: Vec<(String, String)> = Vec::new();
        #[cfg(not(target_arch = "wasm32"))]
        if _name != "data" || !matches!(form, "" | "strings" | "scalars") {
            fault!(self, word, "are no members; write {{data}}, {{data:strings}} or {{data:scalars}}");
        }
        let Some(event) = self.event else { return found };
        let keys = self.format.member("keys");
        let naming = |path: &str| {
            let mut special = Writer::default();
            for part in [event.name, "/", path] {
                special.raw(part);
            }
            data::find(keys, special.as_str()).or_else(|| data::find(keys, path)).map(json::inside)
        };
        let mut add = |path: &str, key: &str, raw: &str| {
            let Some(name) = naming(path).unwrap_or(Some(key)) else { return };
            let is_text = json::inside(raw);
            let nested = matches!(raw.as_bytes().first(), Some(b'{' | b'['));
            let left_out = form == "scalars" && (nested || is_text == Some(""));
            if (!form.is_empty() && raw == "null") || left_out || found.iter().any(|(known, _)| known == name) {
                return;
            }
            let mut out = Writer::default();
            copy(&mut out, raw, path, &naming);
            if form == "strings" && is_text.is_none() {
                let mut text = Writer::default();
                quoted(&mut text, &text::escaped(out.as_str()));
                out = text;
            }
            found.push((text::whole(name), out.into_string()));
        };
        let lifts = self.format.lists("lift", event.name);
        each(event.data, &mut |key, raw| {
            let mut only = "";
            let mut items = 0;
            if lifts && key == "items" {
                each(raw, &mut |_, item| {
                    only = item;
                    items += 1;
                });
            }
            if items == 1 {
                each(only, &mut |key, raw| add(&join("items", key), key, raw));
            } else {
                add(key, key, raw);
            }
        });
        found
    }
}

/// Writes a page as a path: answers without `measure` have the type of their page there, `order`.
fn path(out: &mut Writer, page: &str) {
    if page.as_bytes().first() != Some(&b'/') {
        out.raw("/");
    }
    out.raw(page);
}

/// Writes the inside of an event's address: the shop's origin and the page, which is a template and leads nowhere. Nothing without an origin.
pub(super) fn url(out: &mut Writer, format: &Format, event: &Event<'_>) {
    let origin = format.setting("origin", "").unwrap_or_default();
    if !origin.is_empty() {
        out.raw(&text::escaped(origin));
        path(out, event.page);
    }
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

#[cfg(any(feature = "protocol", not(target_arch = "wasm32")))]
/// `"name":"…"` with the UUID of `of`.
pub(super) fn uuid_member(out: &mut Writer, name: &str, of: &str) {
    let mut uuid = Writer::default();
    uuid::v5(&mut uuid, of);
    member(out, name, uuid.as_str());
}

/// The way to a member: `outer.name`.
pub(super) fn at(outer: &str, name: &str) -> String {
    join(outer, name)
}

/// The place that the whole of `inside` is.
fn placed(inside: &str) -> Option<&str> {
    let (before, word) = words::cut(inside, b'{');
    let (word, after) = words::cut(word, b'}');
    // Nothing before the one bracket, and nothing behind the other.
    let whole = before.is_empty() && after.is_empty() && inside.len() == word.len() + 2;
    (whole && !word.is_empty()).then_some(word)
}

/// `text` with its places filled by `fill`; nothing where a place stays empty. `{{` is a bracket.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn filled(text: &str, fill: &mut dyn FnMut(&str) -> Option<String>) -> Option<String> {
    let mut out = Writer::default();
    let mut rest = text;
    let mut empty = false;
    while !rest.is_empty() {
        let (before, after) = words::cut(rest, b'{');
        out.raw(before);
        if before.len() == rest.len() {
            break;
        }
        if after.as_bytes().first() == Some(&b'{') {
            out.raw("{");
            rest = &after[1..];
            continue;
        }
        let (word, after) = words::cut(after, b'}');
        match fill(word) {
            Some(filled) => out.raw(&filled),
            None => empty = true,
        }
        rest = after;
    }
    (!empty).then(|| out.into_string())
}

/// ` {word}`, as a fault names it.
fn in_brackets(word: &str) -> String {
    let mut out = Writer::default();
    for part in [" {", word, "}"] {
        out.raw(part);
    }
    out.into_string()
}

#[cfg(not(target_arch = "wasm32"))]
fn places() -> String {
    let mut names: Vec<&str> = (0..PLACES.lens.len()).map(|at| PLACES.at(at)).collect();
    names.extend(["data.<member>", "key", "origin or a setting of the preset"]);
    names.join(", ")
}

/// What only those hear of who write a preset natively: a page takes the nearest that makes sense.
#[cfg(not(target_arch = "wasm32"))]
impl Scene<'_> {
    // As nested as the words are: a name is known or not, then its form is.
    #[allow(clippy::collapsible_match)]
    fn look_at(&self, word: &str, name: &str, form: &str, last: &str, condition: &str) {
        let one_of = |forms: &[&str]| forms.contains(&form) && matches!(last, "" | "text");
        match name {
            _ if self.event.is_none()
                && (PLACES.place(name).is_some_and(|place| place >= TIME) || name.starts_with("data.")) =>
            {
                fault!(self, word, "is one event's; it cannot stand around the events");
            }
            "events" if self.event.is_some() => {
                fault!(self, word, "is what stands around the events; write it in body")
            }
            "time" | "sent" if !one_of(&["rfc3339", "s", "ms", "us", "ns"]) => {
                fault!(
                    self,
                    word,
                    "has no such form; write rfc3339, s, ms, us or ns after the colon, and :text for digits in a text"
                );
            }
            "session" if !one_of(&["", "uuid", "uuid7"]) => {
                fault!(self, word, "has no such form; write {{session}}, {{session:uuid}} or {{session:uuid7}}");
            }
            "id" | "name" if !one_of(&["", "own"]) => {
                fault!(self, word, "has no such form; write {{{name}}} or {{{name}:own}}")
            }
            "time" | "sent" | "session" | "id" | "name" | "data" => {}
            _ if name.starts_with("data.") => {
                if !one_of(&["", "number", "word"]) {
                    fault!(self, word, "has no such form; write {{data.x}}, {{data.x:number}} or {{data.x:word}}");
                }
            }
            _ if PLACES.place(name).is_some() => {
                if !one_of(&[""]) {
                    fault!(self, word, "has no such form; leave out what follows the colon");
                }
            }
            _ if !one_of(&["", "host"]) => {
                fault!(self, word, "has no such form; write it alone, or of an address {{…:host}}");
            }
            _ => {}
        }
        for name in condition.trim_start_matches('!').split('|').filter(|name| !name.is_empty()) {
            if crate::Name::parse(name).is_none() {
                fault!(self, name, "is no event's name; write names of events with | between them");
            }
        }
    }
}
