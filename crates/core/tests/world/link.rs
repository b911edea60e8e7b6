//! The network between a page and its collector, and everything that it does to a request.

use std::collections::VecDeque;

use super::rng::Rng;

/// What becomes of one request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It arrives, and so does the answer.
    Answered,
    /// It never arrives, and the page is told so.
    Lost,
    /// It arrives; the answer does not.
    AnswerLost,
    /// It arrives twice; the second answer goes nowhere.
    Doubled,
    /// Something on the way answers with this status and `Retry-After`; the collector never hears of it.
    Status(u16, Option<u32>),
    /// Something on the way answers 200, but no collector's reply.
    Nonsense,
}

/// How often each fault happens, in percent; and how slow the network is, in ms.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Faults {
    pub(crate) slow: u16,
    pub(crate) lost: u8,
    pub(crate) answer_lost: u8,
    pub(crate) doubled: u8,
    pub(crate) broken: u8,
    pub(crate) busy: u8,
    pub(crate) nonsense: u8,
    pub(crate) refused: u8,
}

/// Decides about requests: by its script while there is one, then by its faults.
#[derive(Default)]
pub(crate) struct Link {
    pub(crate) faults: Faults,
    /// The fates of the next requests.
    pub(crate) script: VecDeque<Fate>,
    /// Every request is lost.
    pub(crate) down: bool,
}

/// What nonsense looks like: captive portals, wrong addresses, empty shells.
pub(crate) const NONSENSE: &str = "<!doctype html><title>Welcome to our Wi-Fi</title>";

impl Link {
    pub(crate) fn fate(&mut self, rng: &mut Rng) -> Fate {
        if let Some(fate) = self.script.pop_front() {
            return fate;
        }
        if self.down {
            return Fate::Lost;
        }
        let faults = self.faults;
        let mut roll = (rng.next() % 100) as u8;
        for (percent, fate) in [
            (faults.lost, Fate::Lost),
            (faults.answer_lost, Fate::AnswerLost),
            (faults.doubled, Fate::Doubled),
            (faults.broken, Fate::Status(503, None)),
            (faults.busy, Fate::Status(429, Some(3))),
            (faults.nonsense, Fate::Nonsense),
            (faults.refused, Fate::Status(422, None)),
        ] {
            match roll.checked_sub(percent) {
                Some(rest) => roll = rest,
                None => return fate,
            }
        }
        Fate::Answered
    }

    /// How long one way takes, in ms.
    pub(crate) fn delay(&self, rng: &mut Rng) -> u64 {
        20 + rng.between(0, u64::from(self.faults.slow))
    }
}
