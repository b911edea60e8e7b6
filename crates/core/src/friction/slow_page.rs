//! Web vitals, and the slow page: a page that was poor to wait for.

use super::Watch;
use crate::json::Writer;
use crate::list;
use crate::money;
use crate::words::{self, List};

/// The metrics.
const METRICS: List = list!["LCP", "INP", "FCP", "TTFB", "CLS"];
/// Up to where each is good and from where it is poor: Google's thresholds, in ms, for CLS in ten-thousandths.
const RATINGS: [(u32, u32); 5] = [(2_500, 4_000), (200, 500), (1_800, 3_000), (800, 1_800), (1_000, 2_500)];
/// CLS is no matter of time.
const CLS: usize = 4;
/// Only INP is right for a page that was not looked at all the time.
const INP: usize = 1;
/// Values from here on are machines that slept, in ms: PostHog's bound.
const ASLEEP: u32 = 15 * 60_000;
/// Just poor; twice as slow as that is sure.
const CONFIDENCE: i64 = 60;

impl Watch {
    /// The data of a metric's event, and how sure it is that the page is slow for it.
    pub(crate) fn vital(&mut self, text: &str, value: u32) -> Option<(String, Option<i64>)> {
        let (name, target) = words::cut(text, b'\n');
        let metric = METRICS.place(name)?;
        let (good, poor) = RATINGS[metric];
        if value >= ASLEEP || self.veiled && metric != INP && metric != CLS {
            return None;
        }
        let mut out = Writer::default();
        out.raw("{");
        out.word_member("name", name);
        out.key("value");
        if metric == CLS {
            money::decimal(&mut out, u64::from(value) / 10, 1_000);
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
        let slow = value > poor && metric != CLS && !self.slow;
        self.slow |= slow;
        let excess = i64::from(value.saturating_sub(poor)) * (100 - CONFIDENCE) / i64::from(poor);
        Some((out.into_string(), slow.then_some((CONFIDENCE + excess).min(100))))
    }
}
