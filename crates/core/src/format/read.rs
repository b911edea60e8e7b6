//! What a collector's answer means, in the words of Polku's own protocol: how many events it took, which it rejected, whether to try
//! again, to halve or to stop.

use super::copy::each;
use super::{Format, found, inside};
use crate::json::{self, Scan, Writer};
use crate::words;

/// What came back.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Reply<'a> {
    /// The HTTP status; 0 for an answer that arrived and cannot be read.
    pub status: u16,
    /// A line for each header, `name: value`. Only headers that a preset names are looked for.
    pub headers: &'a str,
    /// The body.
    pub body: &'a str,
}

/// What it means to the engine.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Verdict {
    /// 200: settled, `body` says how. 400: refused, the halves may be good. 413: too long, halve. 401, 403, 404, 410: stop.
    /// 408, 425, 429 and from 500 on: try again.
    pub status: u16,
    /// `{"accepted":n,"duplicate":n,"rejected":[{"seq"?,"why"}]}`, where the status is 200; `seq` is left out where the collector does not tell
    /// which event it was.
    pub body: String,
}

/// What became of events.
#[derive(Default)]
struct Fate<'a> {
    duplicate: u64,
    /// Number of the event (0: not told), and why.
    rejected: Vec<(u64, &'a str)>,
    /// All may be tried again, and the status that says so; 0 where that is not so.
    again: u16,
}

impl<'a> Fate<'a> {
    /// `count` events that nobody names were rejected.
    fn nameless(&mut self, count: u64, why: &'a str) {
        for _ in 0..count.min(100) {
            self.rejected.push((0, why));
        }
    }

    /// The event at `place` was rejected.
    fn reject(&mut self, seqs: &[u64], place: u64, why: &'a str) {
        if let Some(seq) = seqs.get(place as usize) {
            self.rejected.push((*seq, why));
        }
    }
}

impl Format {
    /// What `reply` means for a request that held the events `seqs`.
    #[must_use]
    pub fn read(&self, reply: &Reply<'_>, seqs: &[u64]) -> Verdict {
        let Reply { mut status, body, .. } = *reply;
        let mut digits = Writer::default();
        digits.number(status.into());
        if self.lists("retry", digits.as_str()) {
            status = 503;
        } else if self.lists("refuse", digits.as_str()) {
            status = 400;
        }
        let verdict = |status, body: &str| Verdict { status, body: body.to_owned() };
        let mut fate = Fate::default();
        let reads = self.text("reads");
        match status {
            // It went out, and more is not to be known.
            0 => {}
            200..300 if reads == "polku" => return verdict(status, body),
            200..300 => {
                if has_header(reply.headers, self.text("dropped")) {
                    for seq in seqs {
                        fate.rejected.push((*seq, "dropped"));
                    }
                } else if !body.trim_ascii().is_empty() {
                    if !understood(&mut fate, reads, body.trim_ascii(), seqs) {
                        // Nothing that this protocol says: perhaps a page of somebody in between. The engine tells nonsense by its body.
                        return verdict(200, "?");
                    }
                    if fate.again > 0 {
                        return verdict(fate.again, "");
                    }
                }
            }
            // Wrong for every batch alike: another address, method or content type.
            405 | 406 | 415 => return verdict(404, ""),
            401 | 403 | 404 | 408 | 410 | 413 | 425 | 429 => return verdict(status, ""),
            400..500 => return verdict(400, ""),
            _ => return verdict(status, ""),
        }
        fate.rejected.truncate(seqs.len());
        let lost = fate.rejected.len() as u64 + fate.duplicate;
        let mut out = Writer::default();
        out.raw("{");
        out.number_member("accepted", (seqs.len() as u64).saturating_sub(lost));
        out.number_member("duplicate", fate.duplicate);
        out.key("rejected");
        out.raw("[");
        for (seq, why) in fate.rejected {
            out.comma();
            out.raw("{");
            if seq > 0 {
                out.number_member("seq", seq);
            }
            // What the collector says is for people; a line of it is enough.
            out.text_member("why", json::first_chars(if why.is_empty() { "refused" } else { why }, 100));
            out.raw("}");
        }
        out.raw("]}");
        Verdict { status: 200, body: out.into_string() }
    }
}

fn has_header(headers: &str, name: &str) -> bool {
    let mut has = false;
    words::split(headers, b'\n', &mut |line| {
        has |= !name.is_empty() && words::cut(line, b':').0.eq_ignore_ascii_case(name)
    });
    has
}

/// A whole number, also one in quotes.
fn number(raw: &str) -> Option<u64> {
    words::number(json::inside(raw).unwrap_or(raw))
}

/// Enters what `body` says of the events `seqs`; says whether it is an answer of such a collector.
fn understood<'a>(fate: &mut Fate<'a>, reads: &str, body: &'a str, seqs: &[u64]) -> bool {
    let sent = seqs.len() as u64;
    let of = |name| number(found(body, name));
    let mut place = 0;
    match reads {
        // So many records were rejected. It may not be tried again.
        "otlp" => {
            let partial = found(body, "partialSuccess");
            let count = number(found(partial, "rejectedLogRecords")).unwrap_or_default();
            fate.nameless(count, inside(partial, "errorMessage"));
            let mut scan = Scan::new(body);
            return scan.next() == b'{' && scan.value().and_then(|_| scan.end()).is_some();
        }
        // Elasticsearch: an item for each document. One that is there already counts as stored, and as its id is known everything can be sent again where
        // one found the doors closed.
        "items" => {
            let items = found(body, "items");
            each(items, &mut |_, item| {
                let created = found(item, "create");
                let why = found(created, "error");
                let why = json::inside(why).unwrap_or_else(|| inside(why, "type"));
                match number(found(created, "status")) {
                    Some(200..300) => {}
                    Some(409) => fate.duplicate += 1,
                    Some(status @ (429 | 500..600)) => fate.again = status as u16,
                    _ => fate.reject(seqs, place, why),
                }
                place += 1;
            });
            return !items.is_empty();
        }
        // Kafka's proxy cannot tell a record that comes twice: all are tried again only where all were turned away for now. Version 2 has a place in the topic
        // for each record, or an error, of which 2 may pass; version 3 one report after the other, with an HTTP status each.
        "kafka" | "kafka3" => {
            let mut again = 0;
            let mut status = 503;
            let mut record = |record: &'a str, ok: u64, message: &str| {
                let code = number(found(record, "error_code")).filter(|code| *code != ok);
                if let Some(code) = code {
                    fate.reject(seqs, place, inside(record, message));
                    again += u64::from(matches!(code, 2 | 429 | 500..600));
                    if ok > 0 {
                        status = code as u16;
                    }
                }
                place += 1;
            };
            if reads == "kafka" {
                each(found(body, "offsets"), &mut |_, raw| record(raw, 0, "error"));
            } else {
                let mut scan = Scan::new(body);
                while let Some(raw) = scan.value().filter(|raw| !raw.is_empty()) {
                    record(raw, 200, "message");
                }
            }
            if again > 0 && again == place {
                fate.again = status;
            }
            return place > 0;
        }
        // Jitsu: so many were taken, the others were not.
        "jitsu" => {
            let Some(taken) = of("okEvents") else { return false };
            let mut why = "";
            each(found(body, "errors"), &mut |_, error| why = json::inside(error).unwrap_or_default());
            fate.nameless(sent.saturating_sub(taken), why);
        }
        // Umami: so many failed, and which.
        "umami" => {
            let Some(errors) = of("errors") else { return false };
            each(found(body, "details"), &mut |_, detail| {
                fate.reject(seqs, number(found(detail, "index")).unwrap_or(sent), "");
            });
            fate.nameless(errors.saturating_sub(fate.rejected.len() as u64), "");
        }
        // Matomo: a body that it cannot read is a success of which nothing was tracked. Which ones were invalid only a super user is told.
        "matomo" => {
            let Some((tracked, invalid)) = of("tracked").zip(of("invalid")) else { return false };
            if tracked + invalid == 0 {
                fate.again = 400;
            }
            each(found(body, "invalid_indices"), &mut |_, place| {
                fate.reject(seqs, number(place).unwrap_or(sent), "invalid");
            });
            fate.nameless(sent.saturating_sub(tracked).saturating_sub(fate.rejected.len() as u64), "invalid");
        }
        _ => {}
    }
    true
}
