//! What a collector's answer means, in the words of Polku's own protocol: how many events it took, which it rejected, whether to try
//! again, to halve or to stop.

use super::{Format, found};
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
    /// Events that may be tried again, and the status that says so.
    again: usize,
    status: u16,
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
        let plain = |status| Verdict { status, body: String::new() };
        match status {
            // It went out, and more is not to be known.
            0 => return settled(&Fate::default(), seqs.len()),
            200..300 => {}
            // Wrong for every batch alike: another address, method or content type.
            405 | 406 | 415 => return plain(404),
            401 | 403 | 404 | 408 | 410 | 413 | 425 | 429 => return plain(status),
            400..500 => return plain(400),
            _ => return plain(status),
        }
        let dropped = self.text("dropped");
        if !dropped.is_empty() && has_header(reply.headers, dropped) {
            let rejected = seqs.iter().map(|seq| (*seq, "dropped")).collect();
            return settled(&Fate { rejected, ..Fate::default() }, seqs.len());
        }
        let reads = self.text("reads");
        if reads == "polku" {
            return Verdict { status, body: body.to_owned() };
        }
        let body = body.trim_ascii();
        if body.is_empty() || matches!(reads, "" | "status") {
            return settled(&Fate::default(), seqs.len());
        }
        let fate = match reads {
            "otlp" => otlp(body, seqs),
            "items" => items(body, seqs),
            "kafka" => kafka(found(body, "offsets"), seqs),
            "kafka3" => kafka3(body, seqs),
            "jitsu" => counted(body, "okEvents", seqs),
            "umami" => umami(body, seqs),
            _ => matomo(body, seqs),
        };
        match fate {
            // Nothing that this protocol says: perhaps a page of somebody in between. The engine tells nonsense by its body.
            None => Verdict { status: 200, body: "?".to_owned() },
            Some(Fate { again, status, .. }) if again > 0 => plain(status),
            Some(fate) => settled(&fate, seqs.len()),
        }
    }
}

fn settled(fate: &Fate<'_>, sent: usize) -> Verdict {
    let mut out = Writer::default();
    out.raw("{");
    let lost = fate.rejected.len().min(sent) as u64;
    out.number_member("accepted", (sent as u64 - lost).saturating_sub(fate.duplicate));
    out.number_member("duplicate", fate.duplicate);
    out.key("rejected");
    out.raw("[");
    for (seq, why) in fate.rejected.iter().take(sent) {
        out.comma();
        out.raw("{");
        if *seq > 0 {
            out.number_member("seq", *seq);
        }
        // What the collector says is for people; a line of it is enough.
        out.text_member("why", json::first_chars(if why.is_empty() { "refused" } else { why }, 100));
        out.raw("}");
    }
    out.raw("]}");
    Verdict { status: 200, body: out.into_string() }
}

fn has_header(headers: &str, name: &str) -> bool {
    let mut has = false;
    words::split(headers, b'\n', &mut |line| has |= words::cut(line, b':').0.trim_ascii().eq_ignore_ascii_case(name));
    has
}

/// A whole number, also one in quotes.
fn number(raw: &str) -> Option<u64> {
    words::number(json::inside(raw).unwrap_or(raw))
}

/// The inside of the text at `key`.
fn text<'a>(raw: &'a str, key: &str) -> &'a str {
    json::inside(found(raw, key)).unwrap_or_default()
}

/// Calls `each` with each element of the list `raw`, and its place.
fn list<'a>(raw: &'a str, each: &mut dyn FnMut(usize, &'a str)) -> Option<()> {
    let mut scan = Scan::new(raw);
    let mut first = true;
    let mut place = 0;
    scan.expect(b'[')?;
    while scan.another(b']', &mut first)? {
        each(place, scan.value()?);
        place += 1;
    }
    Some(())
}

/// `count` events that nobody names.
fn nameless<'a>(count: u64, seqs: &[u64], why: &'a str) -> Vec<(u64, &'a str)> {
    vec![(0, why); count.min(seqs.len() as u64) as usize]
}

fn is_object(body: &str) -> bool {
    let mut scan = Scan::new(body);
    body.starts_with('{') && scan.value().and_then(|_| scan.end()).is_some()
}

/// OTLP: so many records were rejected. It may not be tried again.
fn otlp<'a>(body: &'a str, seqs: &[u64]) -> Option<Fate<'a>> {
    let partial = found(body, "partialSuccess");
    let count = number(found(partial, "rejectedLogRecords")).unwrap_or_default();
    let rejected = nameless(count, seqs, text(partial, "errorMessage"));
    is_object(body).then(|| Fate { rejected, ..Fate::default() })
}

/// Elasticsearch: an item for each document. One that is there already counts as stored, and as its id is known everything can be sent again where one
/// found the doors closed.
fn items<'a>(body: &'a str, seqs: &[u64]) -> Option<Fate<'a>> {
    let mut fate = Fate::default();
    list(found(body, "items"), &mut |place, item| {
        let created = found(item, "create");
        let why = found(created, "error");
        let why = json::inside(why).unwrap_or_else(|| text(why, "type"));
        match number(found(created, "status")) {
            Some(200..300) => {}
            Some(409) => fate.duplicate += 1,
            Some(status @ (429 | 500..600)) => {
                fate.again += 1;
                fate.status = status as u16;
            }
            _ => fate.rejected.extend(seqs.get(place).map(|seq| (*seq, why))),
        }
    })?;
    Some(fate)
}

/// Kafka's proxy cannot tell a record that comes twice: all are tried again only where all were turned away for now.
fn records<'a>(each: Vec<(Option<u64>, &'a str, bool)>, seqs: &[u64]) -> Option<Fate<'a>> {
    let failed = each.iter().filter(|(code, ..)| code.is_some()).count();
    let all = failed == each.len() && failed > 0 && each.iter().all(|(.., again)| *again);
    let status =
        each.first().and_then(|(code, ..)| *code).filter(|code| (400..600).contains(code)).unwrap_or(503) as u16;
    let rejected =
        each.iter().zip(seqs).filter(|((code, ..), _)| code.is_some()).map(|((_, why, _), seq)| (*seq, *why));
    Some(Fate { rejected: rejected.collect(), again: if all { failed } else { 0 }, status, ..Fate::default() })
}

/// Version 2: a place in the topic for each record, or an error; 2 is one that may pass.
fn kafka<'a>(offsets: &'a str, seqs: &[u64]) -> Option<Fate<'a>> {
    let mut each = Vec::new();
    list(offsets, &mut |_, record| {
        let code = number(found(record, "error_code"));
        each.push((code, text(record, "error"), code == Some(2)));
    })?;
    records(each, seqs)
}

/// Version 3: one report after the other, with an HTTP status each.
fn kafka3<'a>(body: &'a str, seqs: &[u64]) -> Option<Fate<'a>> {
    let mut each = Vec::new();
    let mut scan = Scan::new(body);
    while scan.end().is_none() {
        let report = scan.value().filter(|report| report.starts_with('{'))?;
        let code = number(found(report, "error_code")).filter(|code| *code != 200);
        each.push((code, text(report, "message"), matches!(code, Some(429 | 500..600))));
    }
    records(each, seqs)
}

/// So many were taken, the others were not.
fn counted<'a>(body: &'a str, taken: &str, seqs: &[u64]) -> Option<Fate<'a>> {
    let taken = number(found(body, taken))?;
    let lost = (seqs.len() as u64).saturating_sub(taken);
    let mut why = "";
    let _ = list(found(body, "errors"), &mut |_, error| why = json::inside(error).unwrap_or_default());
    Some(Fate { rejected: nameless(lost, seqs, why), ..Fate::default() })
}

/// Umami: so many failed, and which.
fn umami<'a>(body: &'a str, seqs: &[u64]) -> Option<Fate<'a>> {
    let errors = number(found(body, "errors"))?;
    let mut rejected = Vec::new();
    let _ = list(found(body, "details"), &mut |_, detail| {
        let place = number(found(detail, "index")).unwrap_or(u64::MAX) as usize;
        rejected.extend(seqs.get(place).map(|seq| (*seq, "refused")));
    });
    let nameless = nameless(errors.saturating_sub(rejected.len() as u64), seqs, "refused");
    rejected.extend(nameless);
    Some(Fate { rejected, ..Fate::default() })
}

/// Matomo: a body that it cannot read is a success of which nothing was tracked. Which ones were invalid only a super user is told.
fn matomo<'a>(body: &'a str, seqs: &[u64]) -> Option<Fate<'a>> {
    let tracked = number(found(body, "tracked"))?;
    let invalid = number(found(body, "invalid"))?;
    if tracked + invalid == 0 {
        return Some(Fate { again: 1, status: 400, ..Fate::default() });
    }
    let mut rejected = Vec::new();
    let _ = list(found(body, "invalid_indices"), &mut |_, place| {
        let place = number(place).unwrap_or(u64::MAX) as usize;
        rejected.extend(seqs.get(place).map(|seq| (*seq, "invalid")));
    });
    let lost = (seqs.len() as u64).saturating_sub(tracked).saturating_sub(rejected.len() as u64);
    let nameless = nameless(lost, seqs, "invalid");
    rejected.extend(nameless);
    Some(Fate { rejected, ..Fate::default() })
}
