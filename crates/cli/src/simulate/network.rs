//! The network between a page and its collector, and everything that it does to a request.

use super::dice::Dice;
use super::judge::{Judge, Verdict};

/// What is to become of the next requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives, and is answered.
    Fine,
    /// It never arrives, and the page is told so.
    Lost,
    /// It arrives; its answer does not.
    Mute,
    /// It arrives twice.
    Doubled { late: u64 },
    /// Nobody answers; where `late` is not 0 it arrives all the same, by then.
    Hung { late: u64 },
    /// It is taken, and answered with a status of failure.
    Belied(u16),
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Reply { status: u16, body: String, after: Option<u32> },
    None,
}

/// Something that goes wrong for a while: what, and until when.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    Offline,
    Slow(u64),
    Status(u16, Option<u32>),
    Nonsense,
    Limit(usize),
    Poison,
    Reject,
}

/// The way to the collector, and what answers at its end.
#[derive(Debug, Default)]
pub(crate) struct Network {
    /// One way takes about so long, in ms.
    latency: u64,
    fates: Vec<(u64, Fate)>,
    troubles: Vec<(u64, Trouble)>,
}

impl Network {
    pub(crate) fn new(latency: u64) -> Self {
        Self { latency, ..Self::default() }
    }

    /// All is well from now on.
    pub(crate) fn heal(&mut self) {
        self.fates.clear();
        self.troubles.clear();
    }

    /// What becomes of the next `count` requests.
    pub(crate) fn doom(&mut self, count: u64, fate: Fate) {
        self.fates.push((count, fate));
    }

    pub(crate) fn offline(&mut self, until: u64) {
        self.troubles.push((until, Trouble::Offline));
    }

    pub(crate) fn slow(&mut self, until: u64, latency: u64) {
        self.troubles.push((until, Trouble::Slow(latency)));
    }

    pub(crate) fn status(&mut self, until: u64, code: u16, after: u32) {
        self.troubles.push((until, Trouble::Status(code, Some(after).filter(|after| *after > 0))));
    }

    pub(crate) fn nonsense(&mut self, until: u64) {
        self.troubles.push((until, Trouble::Nonsense));
    }

    pub(crate) fn limit(&mut self, until: u64, bytes: u64) {
        self.troubles.push((until, Trouble::Limit(bytes as usize)));
    }

    pub(crate) fn poison(&mut self, until: u64) {
        self.troubles.push((until, Trouble::Poison));
    }

    pub(crate) fn reject(&mut self, until: u64) {
        self.troubles.push((until, Trouble::Reject));
    }

    fn troubles(&self, now: u64) -> impl Iterator<Item = Trouble> {
        self.troubles.iter().filter(move |(until, _)| now < *until).map(|(_, trouble)| *trouble)
    }

    pub(crate) fn is_offline(&self, now: u64) -> bool {
        self.troubles(now).any(|trouble| matches!(trouble, Trouble::Offline))
    }

    /// What becomes of a request that is sent now.
    pub(crate) fn fate(&mut self) -> Fate {
        let Some((count, fate)) = self.fates.first_mut() else { return Fate::Fine };
        let fate = *fate;
        *count = count.saturating_sub(1);
        if *count == 0 {
            self.fates.remove(0);
        }
        fate
    }

    /// How long one way takes, in ms.
    pub(crate) fn delay(&self, now: u64, dice: &mut Dice) -> u64 {
        let slow: u64 = self.troubles(now).map(|it| if let Trouble::Slow(ms) = it { ms } else { 0 }).sum();
        dice.skewed(self.latency + slow, (self.latency + slow) * 3)
    }

    /// A request arrives where a collector should be. `again`: the network has doubled it.
    pub(crate) fn arrive(&self, body: &str, (lane, again): (u8, bool), judge: &mut Judge, now: u64) -> Answer {
        let mut heard = |verdict| judge.arrived(body, (lane, again), verdict, now);
        let told = |status: u16, body: &str, after| Answer::Reply { status, body: body.to_owned(), after };
        let mut rejects = false;
        for trouble in self.troubles(now) {
            match trouble {
                Trouble::Offline | Trouble::Slow(_) => {}
                Trouble::Status(code, after) => {
                    let refused = (400..500).contains(&code) && !matches!(code, 408 | 425 | 429);
                    heard(if refused { Verdict::Refused } else { Verdict::Unheard });
                    return told(code, "", after);
                }
                Trouble::Nonsense => return told(200, "<!doctype html><title>Welcome to our Wi-Fi</title>", None),
                Trouble::Limit(bytes) if body.len() > bytes => {
                    heard(Verdict::TooBig);
                    return told(413, "", None);
                }
                Trouble::Poison if Judge::is_poisoned(body) => {
                    heard(Verdict::Refused);
                    return told(400, "", None);
                }
                Trouble::Limit(_) | Trouble::Poison => {}
                Trouble::Reject => rejects = true,
            }
        }
        let reply = heard(Verdict::Taken { rejects });
        told(200, &reply.json(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_are_dealt_in_order() {
        let mut network = Network::new(10);
        network.doom(2, Fate::Lost);
        network.doom(1, Fate::Mute);
        let dealt: Vec<_> = (0..4).map(|_| network.fate()).collect();
        assert_eq!(dealt, [Fate::Lost, Fate::Lost, Fate::Mute, Fate::Fine]);
    }

    #[test]
    fn troubles_end() {
        let mut network = Network::new(10);
        let mut dice = Dice::of(1);
        network.offline(100);
        network.slow(100, 1_000);
        assert!(network.is_offline(99) && !network.is_offline(100));
        assert!(network.delay(99, &mut dice) >= 1_010 && network.delay(100, &mut dice) <= 30);
        network.status(200, 429, 7);
        let mut judge = Judge::default();
        let busy = Answer::Reply { status: 429, body: String::new(), after: Some(7) };
        assert_eq!(network.arrive("{}", (0, false), &mut judge, 199), busy);
        network.heal();
        assert_ne!(network.arrive("{}", (0, false), &mut judge, 199), busy);
    }
}
