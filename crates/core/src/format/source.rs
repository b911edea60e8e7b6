//! A native batch, read as far as other formats need it. Natively `verify` has looked at it before; on a page it is our own.

use super::copy::each;
use crate::{data, json, words};

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
    /// When the batch was sent, in Unix ms; not before its events.
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
    /// Its own, else the batch's.
    pub(super) stage: &'a str,
    pub(super) page: &'a str,
    pub(super) client: &'a str,
    /// An object, as raw JSON, or nothing.
    pub(super) data: &'a str,
    /// Unix ms.
    pub(super) time: u64,
    /// Number of the page view that it belongs to: the last one before it in the batch, else the leg's first, with which a leg begins.
    pub(super) view: u64,
}

impl<'a> Event<'a> {
    /// The raw value of a member of its data, or nothing.
    pub(super) fn data(&self, key: &str) -> &'a str {
        data::find(self.data, key).unwrap_or_default()
    }

    /// The inside of a text of its data, or nothing.
    pub(super) fn text(&self, key: &str) -> &'a str {
        json::inside(self.data(key)).unwrap_or_default()
    }
}

impl<'a> Batch<'a> {
    /// Reads `batch`.
    pub(super) fn read(batch: &'a str) -> Self {
        let mut it = Self::default();
        each(batch, &mut |key, raw| {
            let text = json::inside(raw).unwrap_or_default();
            match key {
                "key" => it.key = text,
                "sent" => it.sent = words::number(raw).unwrap_or_default() * 1000,
                "weight" => it.weight = raw,
                "journey" => each(raw, &mut |key, raw| {
                    let text = json::inside(raw).unwrap_or_default();
                    match key {
                        "id" => it.id = text,
                        "leg" => it.leg = text,
                        "stage" => it.stage = text,
                        "device" => it.device = text,
                        "lang" => it.lang = text,
                        "started" => it.started = words::number(raw).map(|seconds| seconds * 1000),
                        _ => {}
                    }
                }),
                "events" => each(raw, &mut |_, raw| it.events.push(Event::read(raw))),
                _ => {}
            }
        });
        let time = |event: &Event<'_>| it.started.zip(event.at).map(|(started, at)| started + at);
        it.sent = it.events.iter().filter_map(time).max().unwrap_or_default().max(it.sent);
        let mut view = 1;
        for event in &mut it.events {
            event.time = it.started.zip(event.at).map_or(it.sent, |(started, at)| started + at);
            if event.stage.is_empty() {
                event.stage = it.stage;
            }
            if event.name == "page_view" {
                view = event.seq;
            }
            event.view = view;
        }
        it
    }
}

impl<'a> Event<'a> {
    fn read(raw: &'a str) -> Self {
        let mut it = Self::default();
        each(raw, &mut |key, raw| {
            let text = json::inside(raw).unwrap_or_default();
            match key {
                "seq" => it.seq = words::number(raw).unwrap_or_default(),
                "at" => it.at = words::number(raw),
                "name" => it.name = text,
                "lens" => it.lens = text,
                "stage" => it.stage = text,
                "page" => it.page = text,
                "client" => it.client = text,
                "data" => it.data = raw,
                _ => {}
            }
        });
        it
    }
}
