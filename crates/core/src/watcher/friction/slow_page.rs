//! Web vitals, and the slow page: a page that was poor to wait for.
//!
//! | threshold | why |
//! |---|---|
//! | `RATINGS` LCP 4 s, FCP 3 s, TTFB 1.8 s, INP 0.5 s | from here on each is poor by Google's thresholds |
//! | `ASLEEP` 15 min | no page is so slow, but machines sleep |
//!
//! Its confidence is `CONFIDENCE` 0.6 where it is just poor, and grows to 1 at twice that.
//!
//! No false alarm: LoAF is rated (good is what is no long task, 50 ms; behind a frame that blocks for over 200 ms no answer can be good
//! by INP's border) but makes no page slow, since most heavy shops have such a frame as they load, and nobody waits for it; a page that was out of sight, which browsers hold back, says nothing of LCP, FCP and TTFB; CLS is told and is
//! no matter of time; and a page is slow once.

use super::Watch;
use crate::json::Writer;
use crate::list;
use crate::money;
use crate::words::{self, List};

/// The metrics; the first three are right only of a page that was looked at all the time. LoAF is the blocking time of the long
/// animation frame that blocked longest.
const METRICS: List = list!["LCP", "FCP", "TTFB", "CLS", "INP", "LoAF"];
/// Up to where each is good and from where it is poor, in ms, for CLS in ten-thousandths.
const RATINGS: [(u32, u32); 6] = [(2_500, 4_000), (1_800, 3_000), (800, 1_800), (1_000, 2_500), (200, 500), (50, 200)];
/// CLS is no matter of time.
const CLS: usize = 3;
const LOAF: usize = 5;
/// Values from here on are none, in ms: PostHog's bound.
const ASLEEP: u32 = 15 * 60_000;
/// Just poor, in hundredths.
const CONFIDENCE: u32 = 60;

impl Watch {
    /// Writes the data of a metric's event, and says how sure it is that the page is slow for it; 0 where it is not.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn vital(&mut self, out: &mut Writer, text: &str, value: u32) -> i64 {
        let (name, target) = words::cut(text, b'\n');
        let Some(metric) = METRICS.place(name) else { return 0 };
        let (good, poor) = RATINGS[metric];
        if value >= ASLEEP || self.veiled && metric < CLS {
            return 0;
        }
        out.raw("{");
        out.word_member("name", name);
        out.key("value");
        if metric == CLS {
            money::decimal(out, u64::from(value) / 10, 1_000);
        } else {
            out.number(u64::from(value));
        }
        let rating = match value {
            _ if value <= good => "good",
            _ if value <= poor => "needs-improvement",
            _ => "poor",
        };
        out.word_member("rating", rating);
        if !target.is_empty() {
            out.text_member("target", target);
        }
        out.raw("}");
        if value <= poor || metric == CLS || metric == LOAF || self.slow {
            return 0;
        }
        self.slow = true;
        i64::from((CONFIDENCE + (value - poor) * (100 - CONFIDENCE) / poor).min(100))
    }
}
