//! What the judge reads of a batch, of its events, and of what is said of a drop.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// What the judge reads of an event.
#[derive(Deserialize)]
pub(super) struct EventHead<'a> {
    pub(super) seq: u64,
    #[serde(default)]
    pub(super) at: u64,
    #[serde(borrow)]
    pub(super) name: &'a str,
}

/// … and of a batch.
#[derive(Deserialize)]
pub(crate) struct Batch<'a> {
    #[serde(borrow)]
    pub(super) batch: &'a str,
    pub(super) sent: u64,
    #[serde(borrow)]
    pub(crate) journey: JourneyHead<'a>,
    pub(super) loss: Option<Loss>,
    #[serde(borrow)]
    pub(crate) events: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
pub(crate) struct JourneyHead<'a> {
    pub(super) id: &'a str,
    pub(super) leg: &'a str,
    #[serde(default)]
    pub(super) started: u64,
    pub(super) stage: Option<&'a str>,
    pub(super) device: Option<&'a str>,
}

/// The head of a batch that must not be sent again.
#[derive(Deserialize)]
pub(super) struct Stub<'a> {
    pub(super) batch: &'a str,
    pub(super) sent: u64,
    #[serde(borrow)]
    pub(super) journey: StubJourney<'a>,
}

#[derive(Deserialize)]
pub(super) struct StubJourney<'a> {
    pub(super) id: &'a str,
}

/// What is said of a drop.
#[derive(Deserialize)]
pub(super) struct Dropped<'a> {
    pub(super) why: &'a str,
    pub(super) collector: u8,
    pub(super) events: u64,
    #[serde(borrow)]
    pub(super) what: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Loss {
    pub(super) captured: u64,
    pub(super) sent: u64,
    pub(super) queued: u64,
    pub(super) dropped: BTreeMap<String, u64>,
}

impl<'a> Batch<'a> {
    pub(crate) fn read(body: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    /// How it is known: journey, leg, and its own id.
    pub(super) fn name(&self) -> (String, String, String) {
        (self.journey.id.to_owned(), self.journey.leg.to_owned(), self.batch.to_owned())
    }

    /// The numbers of its events, in order.
    pub(crate) fn seqs(&self) -> Vec<u64> {
        let seq = |raw: &&RawValue| serde_json::from_str::<EventHead<'_>>(raw.get()).map_or(0, |event| event.seq);
        self.events.iter().map(seq).collect()
    }
}
