//! Rows of `polku_events`: as they are inserted, and as journeys are put together from them.

use crate::collector::batch::{Journey, Touch};
use crate::store::{Cursor, Event, JourneyRecord, query};
use serde::{Deserialize, Serialize};

/// One event as it is inserted.
#[derive(Debug, Serialize)]
pub(super) struct Insert<'a> {
    pub(super) key: &'a str,
    pub(super) journey: &'a str,
    pub(super) leg: &'a str,
    pub(super) seq: i64,
    pub(super) at: Option<i64>,
    pub(super) name: &'a str,
    pub(super) lens: &'a str,
    pub(super) stage: &'a str,
    pub(super) page: &'a str,
    pub(super) data: &'a str,
    pub(super) started: i64,
    /// −1: not told.
    pub(super) sent: i64,
    pub(super) now: &'a str,
    pub(super) device: &'a str,
    pub(super) lang: &'a str,
    pub(super) consent: &'a str,
    /// Unix seconds, a whole hour.
    pub(super) received: i64,
    /// Unix seconds.
    pub(super) expires: i64,
    /// The microseconds of the hour of receipt, and a number that counts up.
    pub(super) arrived: i64,
}

impl<'a> Insert<'a> {
    pub(super) fn new(key: &'a str, journey: &'a Journey, touch: &'a Touch, sent: Option<i64>, hour: i64) -> Self {
        let text = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        Self {
            key,
            journey: &journey.id,
            leg: &journey.leg,
            seq: touch.seq,
            at: touch.at,
            name: &touch.name,
            lens: text(&touch.lens),
            stage: text(&touch.stage),
            page: text(&touch.page),
            data: text(&touch.data),
            started: journey.started.unwrap_or(hour * 3600),
            sent: sent.unwrap_or(-1),
            now: text(&journey.stage),
            device: text(&journey.device),
            lang: text(&journey.lang),
            consent: text(&journey.consent),
            received: hour * 3600,
            expires: 0,
            arrived: 0,
        }
    }
}

/// The columns that journeys are put together from, in the order of [`Told`].
pub(super) const COLUMNS: &str = "key, journey, toInt64(intDiv(cityHash64(key, journey), 2)) AS row, leg, seq, at, name, lens, stage, page, data, \
     started, sent, now, device, lang, consent";

/// One event as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct Told(
    String,
    String,
    i64,
    String,
    i64,
    Option<i64>,
    String,
    String,
    String,
    String,
    String,
    i64,
    i64,
    String,
    String,
    String,
    String,
);

/// Puts journeys together from rows that come journey by journey, each in the order of arrival.
#[derive(Debug)]
pub(super) struct Gather<F> {
    current: Option<(JourneyRecord, i64, String, Vec<Event>)>,
    each: F,
    enough: bool,
}

impl<F: FnMut(JourneyRecord, Vec<Event>) -> bool> Gather<F> {
    /// `each` is handed the journeys, until it answers `false`.
    pub(super) fn new(each: F) -> Self {
        Self { current: None, each, enough: false }
    }

    /// Takes a row; whether another is wanted.
    pub(super) fn take(&mut self, told: Told) -> bool {
        let Told(key, id, row, leg, seq, at, name, lens, stage, page, data, started, sent, now, device, lang, consent) =
            told;
        if self.current.as_ref().is_none_or(|(record, ..)| record.row_differs(&key, &id)) {
            self.hand_on();
            if self.enough {
                return false;
            }
            let record =
                JourneyRecord { cursor: Cursor { started, row }, key, id, started, ..JourneyRecord::default() };
            self.current = Some((record, i64::MIN, String::new(), Vec::new()));
        }
        let Some((record, before, said, events)) = &mut self.current else { return false };
        // Batches arrive in any order, so what changes over a journey is taken from the one that was sent last.
        if sent >= *before {
            *before = sent;
            for (member, value) in [(&mut record.stage, now), (&mut record.device, device), (&mut record.lang, lang)] {
                if !value.is_empty() {
                    *member = Some(value);
                }
            }
            if !consent.is_empty() {
                *said = consent;
            }
        }
        events.push(Event {
            leg,
            seq,
            at,
            name,
            lens: some(lens),
            stage: some(stage),
            page: some(page),
            data: serde_json::from_str(&data).unwrap_or_default(),
        });
        true
    }

    /// Hands on the last journey; whether another one would be wanted.
    pub(super) fn end(mut self) -> bool {
        if !self.enough {
            self.hand_on();
        }
        !self.enough
    }

    fn hand_on(&mut self) {
        if let Some((mut record, _, said, mut events)) = self.current.take() {
            record.reporter = query::reporter(&said);
            query::in_order(&mut events);
            self.enough = !(self.each)(record, events);
        }
    }
}

impl JourneyRecord {
    fn row_differs(&self, key: &str, id: &str) -> bool {
        self.id != id || self.key != key
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
