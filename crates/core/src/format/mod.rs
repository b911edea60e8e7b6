//! How a batch reaches a collector that is not Polku's own: which requests it becomes, and what the answers mean.
//!
//! A format is data: a preset in JSON ([`Format::new`] takes its text, natively also the name of one that comes with Polku). Its templates say how
//! an event is written; three protocols need code of their own for that (`otlp`, `matomo`, `snowplow`) and have the rest of their
//! facts in a preset like the others. `docs/formats.md` describes the language.
//!
//! # Time
//!
//! An event's time is the journey's `started` plus its `at`. `started` is rounded down to the minute, so that no clock tells who somebody was; every time
//! of a journey is therefore early by the same 0 to 59 seconds, and the time between two events is right. A receiver that corrects
//! clocks by when a request was sent (`{sent}`) makes up for it: on a page that is the moment of sending, else the batch's `sent`.

mod copy;
mod matomo;
mod moment;
mod otlp;
mod preset;
#[cfg(not(target_arch = "wasm32"))]
mod presets;
mod problem;
mod read;
mod snowplow;
mod source;
mod template;
mod text;
mod uuid;

pub use preset::{Dedupe, Format, Limits};
#[cfg(not(target_arch = "wasm32"))]
pub use presets::NAMES;
pub use problem::Problem;
pub use read::{Reply, Verdict};

use crate::data;
use crate::json::{Scan, Writer};
use source::{Batch, Event};
use template::Scene;

/// No body is longer than this, in bytes, unless one event alone is: browsers let a leaving page send 64 KiB, which it shares with the
/// page's other scripts.
const BODY: usize = 60_000;

/// What is to be sent.
#[derive(Clone)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Request {
    /// `POST`; `push` for what goes into the page's own data layer.
    pub method: String,
    /// With its query.
    pub path: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// Text in UTF-8.
    pub body: String,
    /// Numbers (`seq`) of the events in it, in their order.
    pub seqs: Vec<u64>,
}

impl Format {
    /// The requests that the native batch `batch` becomes, in order; none where the format has no place for any of its events. `now` is when it is
    /// sent, in Unix ms; the batch's own `sent` counts where that is later, and where the batch belongs to no journey: an answer without consent tells
    /// the hour, and nothing finer.
    ///
    /// # Errors
    /// Where the text is no native batch, or a setting does not fit it.
    pub fn encode(&self, batch: &str, now: u64) -> Result<Vec<Request>, Problem> {
        let source = Batch::read(batch)?;
        let sent = if source.started.is_some() { now.max(source.sent) } else { source.sent };
        let scene = Scene { format: self, batch: &source, sent, event: None, events: "" };
        self.check_key(source.key)?;
        let mut requests = Vec::new();
        if self.text("code") == "polku" {
            // Its own format: as it is.
            let seqs = source.events.iter().map(|event| event.seq).collect();
            requests.push(self.request(source.key, batch.to_owned(), seqs)?);
            return Ok(requests);
        }
        let mut items = Vec::new();
        for event in &source.events {
            if !self.leaves_out(event.name) {
                items.push((event.seq, self.item(&scene, event)?));
            }
        }
        for some in items.chunks(self.limits().events as usize) {
            self.requests(&scene, some, &mut requests)?;
        }
        Ok(requests)
    }

    fn request(&self, key: &str, body: String, seqs: Vec<u64>) -> Result<Request, Problem> {
        Ok(Request { method: self.method().to_owned(), path: self.path(key)?, headers: self.headers(key)?, body, seqs })
    }

    /// Puts events into a request, or into two where it would become too long.
    fn requests(&self, scene: &Scene<'_>, items: &[(u64, String)], requests: &mut Vec<Request>) -> Result<(), Problem> {
        let body = self.body(scene, items)?;
        if body.len() > BODY && items.len() > 1 {
            let (first, second) = items.split_at(items.len() / 2);
            self.requests(scene, first, requests)?;
            return self.requests(scene, second, requests);
        }
        requests.push(self.request(scene.batch.key, body, items.iter().map(|(seq, _)| *seq).collect())?);
        Ok(())
    }

    /// One event, as it stands in a body.
    fn item(&self, scene: &Scene<'_>, event: &Event<'_>) -> Result<String, Problem> {
        let scene = Scene { event: Some(event), ..*scene };
        let mut out = Writer::default();
        match self.text("code") {
            "otlp" => otlp::write(&mut out, &scene, event),
            "matomo" => matomo::write(&mut out, &scene, event),
            "snowplow" => snowplow::write(&mut out, &scene, event),
            _ => {
                let lines = self.member("lines");
                if lines.is_empty() {
                    let (name, template) = self.template(event.name);
                    scene.write(&mut out, &mut Scan::new(template)).map_err(|problem| problem.within(name))?;
                } else {
                    let mut done = Ok(());
                    template::each(lines, b'[', &mut |_, scan, _| {
                        // A line begins as a text does: nothing stands before it.
                        let mut line = Writer::default();
                        if done.is_ok() {
                            done = scene.write(&mut line, scan).map(drop);
                        }
                        out.raw(line.as_str());
                        out.raw("\n");
                        Ok(())
                    })?;
                    done.map_err(|problem| problem.within("lines"))?;
                }
            }
        }
        Ok(out.into_string())
    }

    /// The template of an event named `name`, and where it stands in the preset.
    fn template(&self, name: &str) -> (&str, &str) {
        let mut found = ("event", self.member("event"));
        let only = self.member("only");
        if !only.is_empty() {
            // Checked as the format was made.
            let _ = template::each(only, b'{', &mut |names, scan, _| {
                let template = scan.value().unwrap_or_default();
                if names.split(' ').any(|one| one == name) {
                    found = ("only", template);
                }
                Ok(())
            });
        }
        found
    }

    /// Events, and what stands around them.
    fn body(&self, scene: &Scene<'_>, items: &[(u64, String)]) -> Result<String, Problem> {
        let mut out = Writer::default();
        let lines = !self.member("lines").is_empty();
        for (at, (_, item)) in items.iter().enumerate() {
            if at > 0 && !lines {
                out.raw(",");
            }
            out.raw(item);
        }
        if lines {
            return Ok(out.into_string());
        }
        let mut around = Writer::default();
        let scene = Scene { events: out.as_str(), ..*scene };
        scene.write(&mut around, &mut Scan::new(self.member("body"))).map_err(|problem| problem.within("body"))?;
        Ok(around.into_string())
    }

    /// Whether the format has no place for events named `name`.
    #[must_use]
    pub fn leaves_out(&self, name: &str) -> bool {
        if name == "erase" { !self.limits().erases } else { self.lists("without", name) }
    }

    /// Tries all templates on an event, so that what is wrong with them is said before there is one.
    fn try_out(&self) -> Result<(), Problem> {
        let batch = Batch { key: "pk", id: "0000000000000000", leg: "00000", ..Batch::default() };
        let event = Event { seq: 1, name: "page_view", data: "{\"a\":1}", ..Event::default() };
        let around = Scene { format: self, batch: &batch, sent: 0, event: None, events: "" };
        let within = Scene { event: Some(&event), ..around };
        let try_one = |scene: &Scene<'_>, name: &str, template: &str| {
            let mut out = Writer::default();
            scene.write(&mut out, &mut Scan::new(template)).map(drop).map_err(|problem| problem.within(name))
        };
        for (scene, name) in [(&within, "event"), (&within, "lines"), (&around, "body")] {
            if !self.member(name).is_empty() {
                try_one(scene, name, self.member(name))?;
            }
        }
        if !self.member("only").is_empty() {
            template::each(self.member("only"), b'{', &mut |names, scan, _| {
                try_one(&within, &["only.", names].concat(), scan.value().unwrap_or_default())
            })?;
        }
        // Only the batch has the key, which may be a part of the path.
        self.path("pk")?;
        self.headers("pk").map(drop)
    }
}

/// The raw value of a member, or nothing.
fn found<'a>(raw: &'a str, name: &str) -> &'a str {
    data::find(raw, name).unwrap_or_default()
}
