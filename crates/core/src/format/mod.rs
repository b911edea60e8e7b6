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
#[cfg(any(feature = "protocol", not(target_arch = "wasm32")))]
mod matomo;
mod moment;
#[cfg(any(feature = "protocol", not(target_arch = "wasm32")))]
mod otlp;
mod preset;
#[cfg(not(target_arch = "wasm32"))]
mod presets;
mod problem;
mod read;
#[cfg(any(feature = "protocol", not(target_arch = "wasm32")))]
mod snowplow;
mod source;
mod template;
mod text;
mod uuid;
#[cfg(not(target_arch = "wasm32"))]
mod verify;

pub use preset::{Dedupe, Format, Limits};
#[cfg(not(target_arch = "wasm32"))]
pub use presets::NAMES;
pub use problem::{Problem, Said};
pub use read::{Reply, Verdict};

use std::cell::RefCell;

use crate::json::{self, Writer};
use crate::{data, words};
use copy::each;
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

/// An event's number, and what stands for it in a body.
type Item = (u64, String);

impl Format {
    /// The requests that the native batch `batch` becomes, in order; none where the format has no place for any of its events. `now` is when it is
    /// sent, in Unix ms; the batch's own `sent` counts where that is later, and where the batch belongs to no journey: an answer without consent tells
    /// the hour, and nothing finer.
    ///
    /// # Errors
    /// Where the text is no native batch, which natively is looked at, or a setting does not fit it.
    pub fn encode(&self, batch: &str, now: u64) -> Result<Vec<Request>, Problem> {
        #[cfg(not(target_arch = "wasm32"))]
        verify::batch(batch)?;
        let batch = batch.trim_ascii();
        let source = Batch::read(batch);
        self.check_key(source.key)?;
        let mut requests = Vec::new();
        if self.text("code") == "polku" {
            // Its own format: as it is.
            let seqs = source.events.iter().map(|event| event.seq).collect();
            requests.push(self.request(source.key, batch.to_owned(), seqs)?);
            return Ok(requests);
        }
        let fault = RefCell::default();
        let sent = if source.started.is_some() { now.max(source.sent) } else { source.sent };
        let scene = Scene { format: self, batch: &source, sent, event: None, events: "", fault: &fault };
        let mut items = Vec::new();
        for event in &source.events {
            if !self.leaves_out(event.name) {
                items.push((event.seq, self.item(&scene, event)));
            }
        }
        for some in items.chunks(self.limits().events as usize) {
            self.requests(&scene, some, &mut requests)?;
        }
        Ok(requests)
    }

    fn request(&self, key: &str, body: String, seqs: Vec<u64>) -> Result<Request, Problem> {
        Ok(Request { method: self.method().to_owned(), path: self.path(key)?, headers: self.headers(key), body, seqs })
    }

    /// Puts events into a request, or into two where it would become too long.
    fn requests(&self, scene: &Scene<'_>, items: &[Item], requests: &mut Vec<Request>) -> Result<(), Problem> {
        let body = self.body(scene, items);
        if body.len() > BODY && items.len() > 1 {
            let (first, second) = items.split_at(items.len() / 2);
            self.requests(scene, first, requests)?;
            return self.requests(scene, second, requests);
        }
        requests.push(self.request(scene.batch.key, body, items.iter().map(|(seq, _)| *seq).collect())?);
        Ok(())
    }

    /// One event, as it stands in a body.
    fn item(&self, scene: &Scene<'_>, event: &Event<'_>) -> String {
        let scene = Scene { event: Some(event), ..*scene };
        let mut out = Writer::default();
        match self.text("code") {
            #[cfg(any(feature = "protocol", not(target_arch = "wasm32")))]
            "otlp" => otlp::write(&mut out, &scene, event),
            #[cfg(any(feature = "protocol", not(target_arch = "wasm32")))]
            "matomo" => matomo::write(&mut out, &scene, event),
            #[cfg(any(feature = "protocol", not(target_arch = "wasm32")))]
            "snowplow" => snowplow::write(&mut out, &scene, event),
            _ => {
                let lines = self.member("lines");
                each(lines, &mut |_, template| {
                    out.raw(&scene.whole(template));
                    out.raw("\n");
                });
                if lines.is_empty() {
                    let mut template = self.member("event");
                    each(self.member("only"), &mut |names, only| {
                        words::split(names, b' ', &mut |name| {
                            if name == event.name {
                                template = only;
                            }
                        });
                    });
                    return scene.whole(template);
                }
            }
        }
        out.into_string()
    }

    /// Events, and what stands around them.
    fn body(&self, scene: &Scene<'_>, items: &[Item]) -> String {
        let mut out = Writer::default();
        let lines = !self.member("lines").is_empty();
        for (at, (_, item)) in items.iter().enumerate() {
            if at > 0 && !lines {
                out.raw(",");
            }
            out.raw(item);
        }
        if lines {
            return out.into_string();
        }
        Scene { events: out.as_str(), ..*scene }.whole(self.member("body"))
    }
}

/// The raw value of a member, or nothing.
fn found<'a>(raw: &'a str, name: &str) -> &'a str {
    data::find(raw, name).unwrap_or_default()
}

/// The inside of a member that is a text, or nothing.
fn inside<'a>(raw: &'a str, name: &str) -> &'a str {
    json::inside(found(raw, name)).unwrap_or_default()
}
