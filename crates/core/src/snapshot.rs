//! A tab's snapshot: what one page leaves for the next in the same tab. A line of words
//! (`1 <id> <stage or -> <tallies> <events of each batch or ->`), then a line for each unsent batch.

use crate::batch;
use crate::journey::{Journey, TALLIES, Tally};
use crate::json::Writer;
use crate::stage::Stage;
use crate::visit::{VERSION, head, is_id, numbers, read_numbers};
use crate::words;

/// The record under `polku:1:tab`.
#[derive(Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Snapshot {
    pub(crate) id: String,
    pub(crate) stage: Option<Stage>,
    pub(crate) tallies: [u64; TALLIES],
    /// Unsent batches and how many events each holds.
    pub(crate) batches: Vec<(String, u64)>,
}

/// Writes a snapshot of `journey`, with `batches` that are unsent.
pub(crate) fn write(journey: &Journey, batches: &[(&str, u64)]) -> String {
    let mut out = Writer::default();
    head(&mut out, &journey.id, journey.stage);
    numbers(&mut out, &journey.tallies);
    let mut before = " ";
    for (_, events) in batches {
        out.raw(before);
        out.number(*events);
        before = ",";
    }
    if before == " " {
        out.raw(" -");
    }
    for (body, _) in batches {
        out.raw("\n");
        out.raw(body);
    }
    out.into_string()
}

/// Reads a snapshot; `None` where its state is damaged or of another version. A damaged batch is left out and counted.
pub(crate) fn read(text: &str) -> Option<Snapshot> {
    let (state, mut bodies) = words::cut(text, b'\n');
    let mut snapshot = Snapshot::default();
    let mut counts = Vec::new();
    let mut place = 0;
    let mut whole = true;
    words::split(state.strip_prefix(VERSION)?, b' ', &mut |word| {
        match place {
            0 => word.clone_into(&mut snapshot.id),
            1 => snapshot.stage = Stage::parse(word),
            2 => {
                let mut tallies = Vec::new();
                whole = read_numbers(word, &mut tallies);
                match tallies.try_into() {
                    Ok(tallies) => snapshot.tallies = tallies,
                    Err(_) => whole = false,
                }
            }
            3 => whole &= read_numbers(word, &mut counts),
            _ => whole = false,
        }
        place += 1;
    });
    if !whole || place != 4 || !is_id(&snapshot.id) {
        return None;
    }
    for events in counts {
        let (body, rest) = words::cut(bodies, b'\n');
        bodies = rest;
        if batch::count(body) == Some(events) {
            snapshot.batches.push((body.to_owned(), events));
        } else {
            snapshot.tallies[Tally::Damaged as usize] += events;
        }
    }
    Some(snapshot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journey() -> Journey {
        Journey {
            id: "9xk2m4t0c7qe3fzb".into(),
            stage: Some(Stage::Decision),
            tallies: core::array::from_fn(|i| i as u64 * 7),
            ..Journey::default()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bodies = [(r#"{"events":[{"a":1},{"a":2}]}"#, 2), (r#"{"events":[{}]}"#, 1)];
        let text = write(&journey(), &bodies);
        let snapshot = read(&text).unwrap();
        assert_eq!(
            (snapshot.id, snapshot.stage, snapshot.tallies),
            (journey().id, journey().stage, journey().tallies)
        );
        assert_eq!(snapshot.batches, bodies.map(|(body, events)| (body.to_owned(), events)));
        assert!(write(&journey(), &[]).len() < 8 * 1024);
    }

    #[test]
    fn a_damaged_batch_is_counted_and_the_rest_kept() {
        let text = write(
            &journey(),
            &[(r#"{"events":[{"a":1},{"a":2}]}"#, 2), (r#"{"events":[{}]}"#, 1)],
        );
        let snapshot = read(&text.replace("},{", "},")).unwrap();
        assert_eq!(snapshot.batches.len(), 1);
        assert_eq!(
            snapshot.tallies[Tally::Damaged as usize],
            journey().tallies[Tally::Damaged as usize] + 2
        );
    }

    #[test]
    fn what_is_damaged_is_none() {
        let text = write(&journey(), &[]);
        for cut in 0..text.len() {
            assert!(read(&text[..cut]).is_none(), "{}", &text[..cut]);
        }
        assert!(read(&text.replacen("1 ", "2 ", 1)).is_none());
        assert!(read(&text.replace("7,", "7,7,")).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", at in 0_usize..200) {
            let _ = read(&text);
            let mut whole = write(&journey(), &[]);
            whole.insert_str(at.min(whole.len()), &text);
            let _ = read(&whole);
        }
    }
}
