//! What reaches the collectors, and what they answer.

use super::batch::{Batch, EventHead, JourneyHead, Stub};
use super::{Judge, LegId, REFUSED, REJECTED, Said, State, TOO_BIG, Wrong, serial};

/// What a collector did with a batch that reached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It took what it had not, but for those events that it rejects, where it does.
    Taken { rejects: bool },
    /// It refused all of it.
    Refused,
    /// It was too big.
    TooBig,
    /// It never heard of it.
    Unheard,
}

/// The events that a collector rejects while it does: a seventh.
pub(crate) fn is_bad(seq: u64) -> bool {
    seq % 7 == 3
}

impl Judge {
    /// A batch reached whoever answers for the collector; says how many events were new.
    pub(crate) fn arrived(&mut self, body: &str, (lane, again): (u8, bool), verdict: Verdict, now: u64) -> Reply {
        let mut reply = Reply::default();
        // What is no batch was found as it was sent.
        let Ok(batch) = Batch::read(body) else { return reply };
        if lane > 0 {
            return self.arrived_second(&batch, again, verdict, now);
        }
        let JourneyHead { id, leg, started, .. } = batch.journey;
        if let Verdict::Taken { .. } = verdict {
            self.check(&batch, body, now);
        }
        let found = self.find_leg(id, leg);
        let mut before = 0;
        for raw in &batch.events {
            let Ok(EventHead { seq, at, name }) = serde_json::from_str(raw.get()) else {
                self.find(Wrong::Trap, now, format!("what is sent is no event: {raw}"));
                continue;
            };
            let event = match found {
                Some(leg) => self.legs[leg].event(seq),
                None => None,
            };
            let rejects = match verdict {
                Verdict::Taken { rejects } => rejects && is_bad(seq),
                Verdict::Unheard => continue,
                Verdict::Refused | Verdict::TooBig => {
                    if let Some(event) = event {
                        event.turned |= if verdict == Verdict::TooBig { TOO_BIG } else { REFUSED };
                    }
                    continue;
                }
            };
            if name == "erase" {
                reply.accepted += 1;
                continue;
            }
            if rejects {
                reply.rejected.push(seq);
                if let Some(event) = event {
                    event.turned |= REJECTED;
                }
                continue;
            }
            if batch.loss.is_none() {
                let answer = serial(raw.get()).and_then(|it| self.said.iter_mut().rfind(|said| said.serial == it));
                if let Some(Said { state: State::Alone { stored }, .. }) = answer {
                    if std::mem::replace(stored, true) {
                        reply.duplicate += 1;
                    } else {
                        reply.accepted += 1;
                    }
                }
                continue;
            }
            let Some(event) = event else {
                self.find(Wrong::Duplicated, now, format!("stored, and never captured as {id} {leg} {seq}: {raw}"));
                continue;
            };
            if event.text != raw.get() && !event.wrong {
                event.wrong = true;
                let says = format!("captured as {}, stored as {raw}", event.text);
                self.find(Wrong::Duplicated, now, says);
                continue;
            }
            if std::mem::replace(&mut event.stored, true) {
                reply.duplicate += 1;
            } else {
                reply.accepted += 1;
            }
            if batch.sent < started + at / 1000 {
                self.find(Wrong::OutOfOrder, now, format!("sent at {}, before it happened: {raw}", batch.sent));
            }
            if std::mem::replace(&mut before, seq) >= seq {
                self.find(Wrong::OutOfOrder, now, format!("its batch has it behind a later one: {raw}"));
            }
        }
        reply
    }

    /// A batch reached the second collector. What the network doubles is stored twice there, and nobody could help it.
    fn arrived_second(&mut self, batch: &Batch<'_>, again: bool, verdict: Verdict, now: u64) -> Reply {
        let mut reply = Reply::default();
        let leg = self.find_leg(batch.journey.id, batch.journey.leg);
        let mut twice = Vec::new();
        for seq in batch.seqs() {
            let Some(event) = leg.and_then(|leg| self.legs[leg].event(seq)).filter(|_| !again) else { continue };
            match verdict {
                Verdict::Unheard => {}
                Verdict::Refused => event.second.turned |= REFUSED,
                Verdict::TooBig => event.second.turned |= TOO_BIG,
                Verdict::Taken { rejects } if rejects && is_bad(seq) => {
                    event.second.turned |= REJECTED;
                    reply.rejected.push(seq);
                }
                Verdict::Taken { .. } => {
                    event.second.stored += 1;
                    reply.accepted += 1;
                    if event.second.stored == 2 {
                        twice.push(event.text.clone());
                    }
                }
            }
        }
        for text in twice {
            self.find(Wrong::Duplicated, now, format!("sent again to a collector that cannot dedupe: {text}"));
        }
        reply
    }

    /// The engine says why the second collector does not get something: an event, a batch, or the head of one.
    pub(super) fn dropped_second(&mut self, leg: Option<LegId>, why: &'static str, what: &str) {
        let mut gone = Vec::new();
        if let Ok(batch) = Batch::read(what) {
            let leg = self.find_leg(batch.journey.id, batch.journey.leg);
            gone.extend(leg.map(|leg| (leg, batch.seqs())));
        } else if let Ok(EventHead { seq, .. }) = serde_json::from_str(what) {
            gone.extend(leg.map(|leg| (leg, vec![seq])));
        } else if let Ok(Stub { batch, sent, journey }) = serde_json::from_str(what) {
            // Only its head was kept, so that nobody sends it again.
            let is_it = |(id, name, at, ..): &&(String, String, u64, LegId, Vec<u64>)| {
                id == journey.id && name == batch && *at == sent
            };
            gone.extend(self.plain.iter().filter(is_it).map(|(.., leg, seqs)| (*leg, seqs.clone())));
        }
        for (leg, seqs) in gone {
            for seq in seqs {
                let event = self.legs[leg].event(seq);
                if let Some(event) = event.filter(|event| why != "rejected" || event.second.turned & REJECTED != 0) {
                    event.second.dropped = event.second.dropped.or(Some(why));
                }
            }
        }
    }

    /// Some event of the batch is one that a picky collector refuses the whole batch for.
    pub(crate) fn is_poisoned(body: &str) -> bool {
        Batch::read(body).is_ok_and(|batch| batch.seqs().into_iter().any(is_bad))
    }
}

/// What a collector answers of a batch that it took.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    accepted: u64,
    duplicate: u64,
    rejected: Vec<u64>,
}

impl Reply {
    /// As DESIGN §4 has it.
    pub(crate) fn json(&self) -> String {
        let Self { accepted, duplicate, .. } = self;
        let rejected: Vec<_> = self.rejected.iter().map(|seq| format!(r#"{{"seq":{seq},"why":"name"}}"#)).collect();
        format!(r#"{{"accepted":{accepted},"duplicate":{duplicate},"rejected":[{}]}}"#, rejected.join(","))
    }
}
