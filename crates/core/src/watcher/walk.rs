//! One tab's way through a journey: how long in which stage, and what happened there.

use crate::data;
use crate::json;
use crate::name::Name;
use crate::stage::Stage;

/// What a tab counts in each stage of its journey.
#[derive(Clone, Copy)]
#[repr(usize)]
pub(super) enum Share {
    /// Entries.
    Visits,
    /// Touchpoints.
    Touched,
    /// Time, in steps of 100 ms.
    Dwell,
    /// Time in which the shopper was active, in ms.
    Engaged,
    /// What was paid, in hundredths.
    Value,
    /// What the shopper said: the newest score × 4 + the feeling that it tells; 0 where it tells none.
    Said,
}

/// How many shares there are.
pub(super) const SHARES: usize = Share::Said as usize + 1;

/// What a tab counts in its journey as a whole.
#[derive(Clone, Copy)]
#[repr(usize)]
pub(super) enum Count {
    /// Summaries that were told.
    Rev,
    /// 1 where nothing has happened since the last summary.
    Told,
    /// Orders.
    Purchases,
    /// A bit for each stage that was entered.
    Visited,
    /// A bit for each stage after which a later one was entered.
    Onward,
    /// Steps back to an earlier stage, but for those that begin a new cycle.
    Loops,
    /// Steps back to before the stage of a purchase: the path begins anew.
    Cycles,
    /// The place of the stage of the newest purchase plus one, until a new cycle begins.
    Ordered,
}

/// How many counts there are.
pub(super) const COUNTS: usize = Count::Ordered as usize + 1;

/// Entries into stages of which each is kept, at most: the newest win. A path with more is summed up by its stages.
const PATH: usize = 40;

/// One tab's way through a journey.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(super) struct Walk {
    /// The tab's name: its first leg in this journey.
    pub(super) tab: String,
    /// The currency of its newest order; empty where there is none.
    pub(super) currency: String,
    pub(super) counts: [u64; COUNTS],
    /// What each stage has of each [`Share`].
    pub(super) shares: [[u64; Stage::MOST]; SHARES],
    /// The newest entries into stages, packed.
    pub(super) path: Vec<u64>,
    /// What bears on how it felt, packed.
    pub(super) marks: Vec<u64>,
    /// The scores that were given, each as JSON.
    pub(super) scores: Vec<String>,
}

/// One entry into a stage, packed into a number, so that it is remembered as what it is: `stage` was entered `at` ms after the
/// journey's start by touchpoint `rule`.
fn entry(stage: Stage, at: u64, rule: Name) -> u64 {
    ((at / 100) << 11) | ((rule as u64) << 3) | u64::from(stage.0)
}

/// The other way round; of the rule its name.
pub(super) fn entered(entry: u64) -> (Stage, u64, &'static str) {
    (Stage((entry & 7) as u8), (entry >> 11) * 100, Name::text((entry >> 3 & 255) as usize))
}

/// The place of a stage; before the first one, the framework's first.
fn place(stage: Option<Stage>) -> usize {
    stage.map_or(0, Stage::place) % Stage::MOST
}

impl Walk {
    /// How much of `count` there was.
    pub(super) fn count(&self, count: Count) -> u64 {
        self.counts[count as usize]
    }

    /// How much of `share` `stage` has.
    pub(super) fn of(&mut self, share: Share, stage: Option<Stage>) -> &mut u64 {
        &mut self.shares[share as usize][place(stage)]
    }

    /// The journey went on for so many steps in `stage`: the time since its newest moment belongs to the stage that this tab was in, so
    /// that the times of all stages and tabs add up to the journey's length.
    pub(super) fn dwell(&mut self, stage: Option<Stage>, steps: u64) {
        *self.of(Share::Dwell, stage) += steps;
    }

    /// `stage` was entered from `from`, `at` ms after the journey's start; `data` is that of the event.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn enter(&mut self, from: Option<Stage>, stage: Option<Stage>, at: u64, data: &str) {
        let rule = data::find(data, "rule").and_then(json::inside).and_then(Name::parse);
        let (Some(stage), Some(rule)) = (stage, rule) else { return };
        let place = place(Some(stage));
        let counts = &mut self.counts;
        if from.is_none() {
            // What came before the first stage is its own.
            self.shares[Share::Dwell as usize].swap(0, place);
        } else if counts[Count::Ordered as usize] > place as u64 + 1 {
            counts[Count::Ordered as usize] = 0;
            counts[Count::Cycles as usize] += 1;
        } else if from > Some(stage) {
            counts[Count::Loops as usize] += 1;
        }
        let before = (1 << place) - 1;
        counts[Count::Onward as usize] |= counts[Count::Visited as usize] & before;
        counts[Count::Visited as usize] |= before + 1;
        if self.path.len() >= PATH {
            self.path.remove(0);
        }
        self.path.push(entry(stage, at, rule));
        self.shares[Share::Visits as usize][place] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Enters stages one after the other, a second apart, from where the walk stands.
    struct Walker {
        walk: Walk,
        stage: Option<Stage>,
        at: u64,
    }

    impl Walker {
        fn new() -> Self {
            Self { walk: Walk::default(), stage: None, at: 0 }
        }

        fn go(&mut self, stages: &[Stage]) -> (u64, u64, u64) {
            for &stage in stages {
                self.at += 1_000;
                self.walk.dwell(self.stage, 10);
                self.walk.enter(self.stage, Some(stage), self.at, r#"{"rule":"view_item","visit":1}"#);
                self.stage = Some(stage);
            }
            (self.walk.count(Count::Loops), self.walk.count(Count::Cycles), self.walk.count(Count::Onward))
        }
    }

    #[test]
    fn loops_cycles_and_what_led_on_are_told_apart() {
        let mut walker = Walker::new();
        assert_eq!(walker.go(&[Stage::Consideration, Stage::Awareness]), (1, 0, 0));
        assert_eq!(walker.go(&[Stage::Decision]), (1, 0, 0b11));
        assert_eq!(walker.go(&[Stage::Consideration, Stage::Decision]), (2, 0, 0b11));
        walker.walk.counts[Count::Ordered as usize] = Stage::Decision.place() as u64 + 1;
        assert_eq!(walker.go(&[Stage::Retention]), (2, 0, 0b111));
        assert_eq!(walker.go(&[Stage::Consideration]), (2, 1, 0b111), "after the order the path begins anew");
        assert_eq!(walker.go(&[Stage::Awareness]), (3, 1, 0b111), "once");
    }

    #[test]
    fn the_newest_entries_are_kept_and_no_time_is_lost() {
        let mut walker = Walker::new();
        for i in 0..100 {
            walker.go(&[Stage((i % 3) as u8)]);
        }
        assert_eq!(walker.walk.path.len(), PATH);
        assert_eq!(entered(walker.walk.path[PATH - 1]), (Stage(0), 100_000, "view_item"));
        assert_eq!(walker.walk.shares[Share::Dwell as usize].iter().sum::<u64>(), 1_000);
        assert_eq!(walker.walk.shares[Share::Visits as usize], [34, 33, 33, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn what_came_before_the_first_stage_is_its_own() {
        let mut walker = Walker::new();
        walker.walk.dwell(None, 7);
        walker.go(&[Stage::Decision]);
        assert_eq!(walker.walk.shares[Share::Dwell as usize][..3], [0, 0, 17]);
    }
}
