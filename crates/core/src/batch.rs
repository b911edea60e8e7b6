//! A batch in our own format: what stands before its events and behind them, and what a collector of ours answers.

use crate::config::Config;
use crate::framework::Framework;
use crate::journey::Journey;
use crate::json::{Scan, Writer};
use crate::lane::Lane;
use crate::time::Millis;
use crate::words;

/// Events in a batch, at most.
pub(crate) const EVENTS: usize = 100;
/// Bytes of a batch, at most: it must fit into what browsers let a leaving page send (64 KiB, shared with the page's other scripts).
pub(crate) const BYTES: usize = 48_000;
/// How long a collector may keep a journey, in days (13 months).
const TTL_DAYS: u64 = 395;

/// Writes everything of a batch that stands before its events.
#[allow(clippy::too_many_arguments)]
pub(crate) fn open(
    out: &mut Writer,
    config: &Config,
    framework: &Framework,
    number: u64,
    now: Millis,
    journey: &Journey,
    lane: &Lane,
    evidence: &str,
) {
    head(out, config, number, journey.started() + now.since(journey.start) / 1000);
    out.key("journey");
    out.raw("{");
    out.word_member("id", &journey.id);
    out.word_member("leg", &journey.leg);
    out.number_member("started", journey.started());
    journey.write_stage(out, framework);
    out.word_member("device", config.device.as_str());
    if !config.lang.is_empty() {
        out.word_member("lang", &config.lang);
    }
    out.key("consent");
    out.raw(evidence);
    out.raw("}");
    lane.write_loss(out);
    out.key("events");
    out.raw("[");
}

/// Writes the same for an answer without `measure`: a fresh id, time to the hour, and nothing else that could tell shoppers apart.
pub(crate) fn open_unjoined(out: &mut Writer, config: &Config, number: u64, now: Millis, id: &str, leg: &str) {
    head(out, config, number, now.0 / 3_600_000 * 3_600);
    out.key("journey");
    out.raw("{");
    out.word_member("id", id);
    out.word_member("leg", leg);
    out.raw("}");
    out.key("events");
    out.raw("[");
}

fn head(out: &mut Writer, config: &Config, number: u64, sent: u64) {
    out.raw("{\"polku\":1");
    out.word_member("key", &config.key);
    out.key("batch");
    out.raw("\"");
    out.number(number);
    out.raw("\"");
    out.number_member("sent", sent);
    out.number_member("ttl_days", TTL_DAYS);
}

/// What closes a batch.
pub(crate) const CLOSE: &str = "]}";

/// How many events of a batch a collector's reply rejects; `None` where the reply is none of a Polku collector.
///
/// An empty body is a plain yes: proxies and simple receivers answer 204.
pub(crate) fn rejected(reply: &str) -> Option<u64> {
    let mut scan = Scan::new(reply);
    if scan.end().is_some() {
        return Some(0);
    }
    let mut known = false;
    let mut rejected = 0;
    let mut first = true;
    scan.expect(b'{')?;
    while scan.another(b'}', &mut first)? {
        let key = scan.key()?;
        if key == "rejected" && scan.next() == b'[' {
            let mut first = true;
            scan.expect(b'[')?;
            while scan.another(b']', &mut first)? {
                scan.value()?;
                rejected += 1;
            }
        } else {
            let raw = scan.value()?;
            if key == "accepted" {
                known = words::number(raw).is_some();
            }
        }
    }
    scan.end()?;
    known.then_some(rejected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_told_from_nonsense() {
        assert_eq!(rejected(""), Some(0));
        assert_eq!(rejected(r#"{"accepted":3,"duplicate":1,"rejected":[{"seq":4,"why":"name"}]}"#), Some(1));
        assert_eq!(rejected(r#"{"accepted":3,"future":{"x":[1]}}"#), Some(0));
        for nonsense in ["<html>", "{}", "[]", "ok", r#"{"accepted":"all"}"#, r#"{"accepted":3"#] {
            assert_eq!(rejected(nonsense), None, "{nonsense}");
        }
    }
}
