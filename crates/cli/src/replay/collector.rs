//! A collector without faults: it takes everything at once, and knows each event by its identity.

use super::browser::Receiver;
use super::summary::Summary;
use polku_core::Name;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashSet;

/// What was taken of one scripted journey.
#[derive(Debug)]
pub(crate) struct Collector {
    /// Leg and number of each event: what a page sent as it left, the next one sends again.
    seen: HashSet<(String, u64)>,
    pub(crate) summary: Summary,
    /// A bit for each name that was taken.
    names: u64,
    /// The events themselves, a line each, until somebody takes them away; `None` where nobody wants them.
    pub(crate) events: Option<String>,
}

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    journey: Journey<'a>,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Journey<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    leg: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Event<'a> {
    seq: u64,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    stage: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

impl Collector {
    /// A collector that has taken nothing yet, and keeps events for whoever wants them. The framework is the one of the shop's pages.
    pub(crate) fn new(framework: &str, events: bool) -> Self {
        Self { seen: HashSet::new(), summary: Summary::new(framework), names: 0, events: events.then(String::new) }
    }

    fn read(&mut self, body: &str) -> serde_json::Result<(usize, usize)> {
        let Batch { journey, events } = serde_json::from_str(body)?;
        let mut accepted = 0;
        for raw in &events {
            let event: Event<'_> = serde_json::from_str(raw.get())?;
            if !self.seen.insert((journey.leg.to_string(), event.seq)) {
                continue;
            }
            accepted += 1;
            if let Some(lines) = &mut self.events {
                lines.push_str(raw.get());
                lines.push('\n');
            }
            self.names |= Name::parse(&event.name).map_or(0, |name| 1 << name as u64);
            match &*event.name {
                "erase" => self.summary.forget(&journey.id),
                name => self.summary.add(&journey.id, name, event.stage.as_deref(), event.data.map(RawValue::get)),
            }
        }
        Ok((accepted, events.len() - accepted))
    }

    /// Whether an event of this name was taken.
    pub(crate) fn has(&self, name: Name) -> bool {
        self.names & 1 << name as u64 != 0
    }
}

impl Receiver for Collector {
    /// # Panics
    /// When the engine wrote what is no batch: a bug of the engine.
    fn take(&mut self, body: &str) -> String {
        let (accepted, duplicate) =
            self.read(body).unwrap_or_else(|why| panic!("the engine wrote what is no batch ({why}): {body}"));
        format!(r#"{{"accepted":{accepted},"duplicate":{duplicate},"rejected":[]}}"#)
    }
}
