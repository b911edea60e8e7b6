//! A native batch, read as far as other formats need it.

use super::problem::{Problem, problem};
use crate::json::{self, Scan};
use crate::words;

/// A batch. Texts are what stands between their quotes, escapes and all; one that is not there is empty.
#[derive(Default)]
pub(super) struct Batch<'a> {
    pub(super) key: &'a str,
    pub(super) weight: &'a str,
    pub(super) id: &'a str,
    pub(super) leg: &'a str,
    pub(super) stage: &'a str,
    pub(super) device: &'a str,
    pub(super) lang: &'a str,
    /// When the journey started, in Unix ms: rounded down to the minute.
    pub(super) started: Option<u64>,
    /// When the batch was sent, in Unix ms.
    pub(super) sent: u64,
    pub(super) events: Vec<Event<'a>>,
}

/// One of its events.
#[derive(Default)]
pub(super) struct Event<'a> {
    pub(super) seq: u64,
    pub(super) at: Option<u64>,
    pub(super) name: &'a str,
    pub(super) lens: &'a str,
    pub(super) stage: &'a str,
    pub(super) page: &'a str,
    pub(super) client: &'a str,
    /// An object, as raw JSON.
    pub(super) data: &'a str,
    /// Unix ms.
    pub(super) time: u64,
    /// Number of the page view that it belongs to: the last one before it in the batch, else the leg's first, with which a leg begins.
    pub(super) view: u64,
}

impl<'a> Event<'a> {
    /// The raw value of a member of its data.
    pub(super) fn data(&self, key: &str) -> Option<&'a str> {
        crate::data::find(self.data, key)
    }
}

/// Whether `text` is `length` small letters and digits.
fn is_base(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Whether `text` can be a shop's key.
fn is_key(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether `text` can be an event's name.
fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn wrong<T>(field: &str, _fix: &str) -> Result<T, Problem> {
    Err(problem!(Unwritable, field, "{_fix}"))
}

/// What `problem!` says of a text that stands where none can.
const NOT_JSON: &str = "it is no whole JSON object; write a native batch, {\"polku\":1,…}, on one line";

/// Calls `each` with the members of the object that comes next; it reads their values, and says what is wrong with one.
fn members<'a>(
    scan: &mut Scan<'a>,
    field: &str,
    each: &mut dyn FnMut(&'a str, &mut Scan<'a>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let not = || problem!(Unwritable, field, "{NOT_JSON}");
    scan.expect(b'{').ok_or_else(not)?;
    let mut first = true;
    while scan.another(b'}', &mut first).ok_or_else(not)? {
        let key = scan.key().ok_or_else(not)?;
        each(key, scan)?;
    }
    Ok(())
}

/// A raw value, whatever it is.
fn any<'a>(scan: &mut Scan<'a>, field: &str) -> Result<&'a str, Problem> {
    scan.value().ok_or_else(|| problem!(Unwritable, field, "{NOT_JSON}"))
}

/// The inside of a text.
fn text<'a>(scan: &mut Scan<'a>, field: &str) -> Result<&'a str, Problem> {
    let raw = any(scan, field)?;
    json::inside(raw).map_or_else(|| wrong(field, "write a text"), Ok)
}

/// A word that needs no escapes, or nothing.
fn word<'a>(scan: &mut Scan<'a>, field: &str) -> Result<&'a str, Problem> {
    let text = text(scan, field)?;
    if text.is_empty() || words::is_plain(text) {
        Ok(text)
    } else {
        wrong(field, "write at most 40 letters, digits, _, - and .")
    }
}

/// The year 10,000, in Unix seconds: beyond it dates have another form.
const LAST: u64 = 253_402_300_800;

/// A whole number, of seconds or fewer than there are seconds.
fn number(scan: &mut Scan<'_>, field: &str) -> Result<u64, Problem> {
    let raw = any(scan, field)?;
    words::number(raw)
        .filter(|number| *number < LAST)
        .map_or_else(|| wrong(field, "write a whole number from 0, without quotes"), Ok)
}

impl<'a> Batch<'a> {
    /// Reads `batch`.
    pub(super) fn read(batch: &'a str) -> Result<Self, Problem> {
        let mut it = Self::default();
        let mut version = 0;
        let mut sent = None;
        let mut listed = false;
        let mut scan = Scan::new(batch);
        members(&mut scan, "batch", &mut |key, scan| {
            match key {
                "polku" => version = number(scan, key)?,
                "key" => it.key = text(scan, key)?,
                "sent" => sent = Some(number(scan, key)? * 1000),
                "weight" => it.weight = any(scan, key)?,
                "journey" => it.journey(scan)?,
                "events" => {
                    listed = true;
                    it.events(scan)?;
                }
                _ => drop(any(scan, key)?),
            }
            Ok(())
        })?;
        if scan.end().is_none() {
            return wrong("batch", "nothing may follow its last bracket; write one batch a line");
        }
        if version != 1 {
            return wrong("polku", "write 1, the only version of the native format");
        }
        if !is_key(it.key) {
            return wrong("key", "write 1 to 64 letters, digits, - or _");
        }
        if !is_base(it.id, 16) {
            return wrong("journey.id", "write 16 small letters and digits");
        }
        if !is_base(it.leg, 5) {
            return wrong("journey.leg", "write 5 small letters and digits");
        }
        if !listed {
            return wrong("events", "list the events in it");
        }
        let newest = it.events.iter().filter_map(|event| Some(it.started? + event.at?)).max();
        let Some(sent) = sent.max(newest) else {
            return wrong(
                "sent",
                "write the Unix seconds at which the batch was sent; without started or at it is its events' time",
            );
        };
        it.sent = sent;
        let mut view = 1;
        for event in &mut it.events {
            event.time = it.started.zip(event.at).map_or(sent, |(started, at)| started + at).min(LAST * 1000 - 1);
            if event.name == "page_view" {
                view = event.seq;
            }
            event.view = view;
        }
        Ok(it)
    }

    fn journey(&mut self, scan: &mut Scan<'a>) -> Result<(), Problem> {
        members(scan, "journey", &mut |key, scan| {
            let field = ["journey.", key].concat();
            match key {
                "id" => self.id = text(scan, &field)?,
                "leg" => self.leg = text(scan, &field)?,
                "stage" => self.stage = word(scan, &field)?,
                "device" => self.device = word(scan, &field)?,
                "lang" => self.lang = word(scan, &field)?,
                "started" => self.started = Some(number(scan, &field)? * 1000),
                _ => drop(any(scan, &field)?),
            }
            Ok(())
        })
    }

    fn events(&mut self, scan: &mut Scan<'a>) -> Result<(), Problem> {
        let not = || problem!(Unwritable, "events", "list the events in it");
        scan.expect(b'[').ok_or_else(not)?;
        let mut first = true;
        while scan.another(b']', &mut first).ok_or_else(not)? {
            let place = self.events.len();
            self.events.push(Event::read(scan).map_err(|problem| problem.within(&field(place)))?);
        }
        Ok(())
    }
}

/// `events[3]`.
fn field(place: usize) -> String {
    let mut out = json::Writer::default();
    out.raw("events[");
    out.number(place as u64);
    out.raw("]");
    out.into_string()
}

impl<'a> Event<'a> {
    fn read(scan: &mut Scan<'a>) -> Result<Self, Problem> {
        let mut it = Self { data: "{}", ..Self::default() };
        members(scan, "", &mut |key, scan| {
            match key {
                "seq" => it.seq = number(scan, key)?,
                "at" => it.at = Some(number(scan, key)?),
                "name" => it.name = text(scan, key)?,
                "lens" => it.lens = word(scan, key)?,
                "stage" => it.stage = word(scan, key)?,
                "page" => it.page = text(scan, key)?,
                "client" => it.client = word(scan, key)?,
                "data" => {
                    it.data = any(scan, key)?;
                    // Checked to the last bracket: whoever reads the rest may trust it.
                    if !it.data.starts_with('{') || super::copy::copied(it.data).is_none() {
                        return wrong(key, "write a JSON object, 32 levels deep at most");
                    }
                }
                _ => drop(any(scan, key)?),
            }
            Ok(())
        })?;
        if it.seq == 0 {
            return wrong("seq", "write the event's number in its leg, a whole number from 1");
        }
        if !is_name(it.name) {
            return wrong("name", "write 1 to 40 small letters, digits and _");
        }
        Ok(it)
    }
}
