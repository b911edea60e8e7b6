//! A tab's snapshot: what one page leaves for the next in the same tab. A line of state, then a line for each unsent batch.

use crate::batch;
use crate::journey::{Dropped, Journey};
use crate::json::{self, Writer};
use crate::stage::Stage;
use crate::time::Millis;
use crate::visit::{VERSION, is_id, plain};

/// The record under `polku:1:tab`.
#[derive(Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Snapshot {
    pub(crate) journey: Journey,
    /// Unsent batches and how many events each holds.
    pub(crate) batches: Vec<(String, u64)>,
}

/// Writes a snapshot of `journey`, with `batches` that are unsent.
pub(crate) fn write<'a>(journey: &Journey, batches: impl Iterator<Item = (&'a str, u64)> + Clone) -> String {
    let mut out = Writer::default();
    out.raw(VERSION);
    out.raw("{");
    out.word_member("id", &journey.id);
    out.number_member("start", journey.start.0);
    out.number_member("last", journey.last.0);
    if let Some(stage) = journey.stage {
        out.word_member("stage", stage.as_str());
    }
    numbers(&mut out, "visits", journey.visits.into_iter());
    out.number_member("pages", journey.pages);
    out.number_member("purchases", journey.purchases);
    out.number_member("cart", journey.cart);
    out.number_member("captured", journey.loss.captured);
    out.number_member("sent", journey.loss.sent);
    numbers(&mut out, "dropped", journey.loss.dropped.into_iter());
    out.key("any");
    out.raw(if journey.sent_any { "true" } else { "false" });
    numbers(&mut out, "batches", batches.clone().map(|(_, events)| events));
    out.raw("}");
    for (body, _) in batches {
        out.raw("\n");
        out.raw(body);
    }
    out.into_string()
}

fn numbers(out: &mut Writer, key: &str, numbers: impl Iterator<Item = u64>) {
    out.key(key);
    out.raw("[");
    for number in numbers {
        out.comma();
        out.number(number);
    }
    out.raw("]");
}

/// Reads a snapshot; `None` where its state is damaged or of another version. A damaged batch is left out and counted.
pub(crate) fn read(text: &str) -> Option<Snapshot> {
    let mut lines = text.split('\n');
    let mut snapshot = Snapshot::default();
    let mut counts = Vec::new();
    let journey = &mut snapshot.journey;
    json::members(lines.next()?.strip_prefix(VERSION)?, |key, raw| match key {
        "id" => journey.id = plain(raw),
        "start" => journey.start = Millis(json::as_u64(raw).unwrap_or_default()),
        "last" => journey.last = Millis(json::as_u64(raw).unwrap_or_default()),
        "stage" => journey.stage = Stage::parse(&plain(raw)),
        "visits" => fill(&mut journey.visits, raw),
        "pages" => journey.pages = json::as_u64(raw).unwrap_or_default(),
        "purchases" => journey.purchases = json::as_u64(raw).unwrap_or_default(),
        "cart" => journey.cart = json::as_u64(raw).unwrap_or_default(),
        "captured" => journey.loss.captured = json::as_u64(raw).unwrap_or_default(),
        "sent" => journey.loss.sent = json::as_u64(raw).unwrap_or_default(),
        "dropped" => fill(&mut journey.loss.dropped, raw),
        "any" => journey.sent_any = json::as_bool(raw).unwrap_or_default(),
        "batches" => {
            let _ = json::elements(raw, |count| counts.push(json::as_u64(count).unwrap_or_default()));
        }
        _ => {}
    })?;
    if !is_id(&journey.id, 16) || journey.start.0 == 0 {
        return None;
    }
    for events in counts {
        let body = lines.next().unwrap_or_default();
        if batch::count(body) == Some(events) {
            snapshot.batches.push((body.to_owned(), events));
        } else {
            journey.loss.drop(Dropped::Damaged, events);
        }
    }
    Some(snapshot)
}

fn fill(into: &mut [u64], raw: &str) {
    let mut slots = into.iter_mut();
    let _ = json::elements(raw, |number| {
        if let Some(slot) = slots.next() {
            *slot = json::as_u64(number).unwrap_or_default();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::Loss;

    fn journey() -> Journey {
        Journey {
            id: "9xk2m4t0c7qe3fzb".into(),
            start: Millis(1_795_284_000_123),
            last: Millis(1_795_284_085_000),
            stage: Some(Stage::Decision),
            visits: [1, 2, 3, 0, 0],
            pages: 4,
            purchases: 1,
            cart: 2,
            loss: Loss {
                captured: 9,
                sent: 4,
                dropped: [1, 0, 0, 0],
            },
            sent_any: true,
            ..Journey::default()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bodies = [(r#"{"events":[{"a":1},{"a":2}]}"#, 2), (r#"{"events":[{}]}"#, 1)];
        let text = write(&journey(), bodies.into_iter());
        let snapshot = read(&text).unwrap();
        assert_eq!(snapshot.journey, journey());
        assert_eq!(snapshot.batches, bodies.map(|(body, events)| (body.to_owned(), events)));
        assert!(write(&journey(), std::iter::empty()).len() < 8 * 1024);
    }

    #[test]
    fn a_damaged_batch_is_counted_and_the_rest_kept() {
        let text = write(
            &journey(),
            [(r#"{"events":[{"a":1},{"a":2}]}"#, 2), (r#"{"events":[{}]}"#, 1)].into_iter(),
        );
        let snapshot = read(&text.replace("},{", "},")).unwrap();
        assert_eq!(snapshot.batches.len(), 1);
        assert_eq!(snapshot.journey.loss.dropped[Dropped::Damaged as usize], 2);
        assert_eq!(snapshot.journey.loss.queued(), journey().loss.queued() - 2);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", at in 0_usize..200) {
            let _ = read(&text);
            let mut whole = write(&journey(), std::iter::empty());
            whole.insert_str(at.min(whole.len()), &text);
            let _ = read(&whole);
        }
    }
}
