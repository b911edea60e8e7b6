//! What is kept of a journey: the record that the tabs of a shop share, and a tab's snapshot, which also has the batches that
//! are unsent. Both are one line of words, and in a snapshot a line for each batch after it:
//! `1 <id> <stage or -> <start>,<last>,<tallies> -,<orders> -,<prompts asked> -,<marks> -,<events of each batch> .`
//! (the visit has no marks, and a tab that can be seen has none).

use crate::batch;
use crate::friction::marks::MARKS;
use crate::journey::{Journey, TALLIES, Tally};
use crate::json::Writer;
use crate::stage::Stage;
use crate::words;

/// The first word. Another one means another layout: discarded, one message.
const VERSION: &str = "1 ";

/// A record as it was read.
pub(crate) struct Record {
    pub(crate) journey: Journey,
    /// Unsent batches.
    pub(crate) batches: Vec<Kept<String>>,
    /// A batch was damaged, and is left out.
    pub(crate) damaged: bool,
}

/// An unsent batch.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Kept<T> {
    pub(crate) body: T,
    /// How many events it holds.
    pub(crate) events: u64,
    /// It belongs to the journey of the record.
    pub(crate) current: bool,
}

/// No count and no time of ours is beyond this (it is also the largest whole number that every JSON reader keeps).
const MOST: u64 = 1 << 53;

/// Writes the words that both records begin with.
fn head(journey: &Journey) -> Writer {
    let mut out = Writer::sized(256);
    out.raw(VERSION);
    out.raw(&journey.id);
    out.raw(" ");
    out.raw(journey.stage.map_or("-", Stage::as_str));
    out.raw(" ");
    out.number(journey.start.0);
    out.raw(",");
    out.number(journey.last.0);
    list(&mut out, &journey.tallies);
    out.raw(" -");
    list(&mut out, &journey.orders);
    out.raw(" -");
    for id in &journey.asked {
        out.raw(",");
        out.raw(id);
    }
    out
}

/// Writes numbers, each after a comma.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn list(out: &mut Writer, numbers: &[u64]) {
    for &number in numbers {
        out.raw(",");
        out.number(number);
    }
}

/// Writes the words and lines of unsent batches.
fn tail(out: &mut Writer, marks: &[u64], batches: &[Kept<&str>]) {
    out.raw(" -");
    list(out, marks);
    out.raw(" -");
    for batch in batches {
        out.raw(",");
        // The last bit: it belongs to this journey, and its fate enters this journey's books.
        out.number(batch.events << 1 | u64::from(batch.current));
    }
    out.raw(" .");
    for batch in batches {
        out.raw("\n");
        out.raw(batch.body);
    }
}

/// Both records of `journey`: the visit's, and the tab's with its `marks` (or none) and `batches` that are unsent.
pub(crate) fn write(journey: &Journey, marks: &[u64], batches: &[Kept<&str>]) -> (String, String) {
    let mut tab = head(journey);
    // Natively the words are copied; on a page they are written again, which is fewer bytes.
    let mut visit = if cfg!(target_arch = "wasm32") { head(journey) } else { tab.clone() };
    tail(&mut visit, &[], &[]);
    tail(&mut tab, marks, batches);
    (visit.into_string(), tab.into_string())
}

/// The numbers of a word, less its dash; 0 for what is none.
fn numbers(word: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    words::split(word, b',', &mut |number| {
        if number != "-" {
            numbers.push(words::number(number).unwrap_or_default());
        }
    });
    numbers
}

/// Reads a record; `None` where its words are damaged or of another version. A damaged batch is left out and counted.
pub(crate) fn read(text: &str) -> Option<Record> {
    let (state, mut bodies) = words::cut(text, b'\n');
    let (id, state) = words::cut(state.strip_prefix(VERSION)?, b' ');
    let (stage, state) = words::cut(state, b' ');
    let (fixed, state) = words::cut(state, b' ');
    let (orders, state) = words::cut(state, b' ');
    let (asked, state) = words::cut(state, b' ');
    let (marks, state) = words::cut(state, b' ');
    let (counts, end) = words::cut(state, b' ');
    let (fixed, marks) = (numbers(fixed), numbers(marks));
    if fixed.len() != TALLIES + 2
        || end != "."
        || !is_id(id)
        || fixed[0] == 0
        || fixed[1] < fixed[0]
        || fixed.iter().any(|number| *number > MOST)
    {
        return None;
    }
    let mut journey = Journey::default();
    id.clone_into(&mut journey.id);
    journey.stage = Stage::parse(stage);
    (journey.start.0, journey.last.0) = (fixed[0], fixed[1]);
    journey.tallies.copy_from_slice(&fixed[2..]);
    if marks.len() == MARKS && marks.iter().all(|mark| *mark <= MOST) {
        journey.marks.copy_from_slice(&marks);
    }
    journey.orders = numbers(orders);
    words::split(asked, b',', &mut |id| {
        if id != "-" {
            journey.asked.push(id.to_owned());
        }
    });
    let mut batches = Vec::new();
    let mut damaged = false;
    for count in numbers(counts) {
        let (events, current) = (count >> 1, count & 1 != 0);
        let (body, rest) = words::cut(bodies, b'\n');
        bodies = rest;
        if batch::is_whole(body) {
            batches.push(Kept { body: body.to_owned(), events, current });
        } else {
            damaged = true;
            journey.count(Tally::Damaged, if current { events.min(MOST) } else { 0 });
        }
    }
    Some(Record { journey, batches, damaged })
}

/// Whether `id` is a journey's: 16 lower-case letters and digits.
fn is_id(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Millis;

    fn journey() -> Journey {
        Journey {
            id: "9xk2m4t0c7qe3fzb".into(),
            start: Millis(1_795_284_000_123),
            last: Millis(1_795_284_085_000),
            stage: Some(Stage::Decision),
            tallies: core::array::from_fn(|i| i as u64 * 7),
            marks: core::array::from_fn(|i| MOST - i as u64),
            orders: vec![7, u64::MAX],
            asked: vec!["order-nps".into()],
            ..Journey::default()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bodies = [
            Kept { body: r#"{"events":[{"a":1},{"a":2}]}"#, events: 2, current: true },
            Kept { body: r#"{"events":[{}]}"#, events: 1, current: false },
        ];
        let record = read(&write(&journey(), &journey().marks, &bodies).1).unwrap();
        assert_eq!(record.journey, journey());
        let whole = |kept: Kept<&str>| Kept { body: kept.body.to_owned(), events: kept.events, current: kept.current };
        assert_eq!(record.batches, bodies.map(whole));
        let young = Journey { stage: None, orders: vec![], asked: vec![], ..journey() };
        let (text, same) = write(&young, &young.marks, &[]);
        assert_eq!(read(&same).unwrap().journey, young);
        assert_eq!(read(&text).unwrap().journey, Journey { marks: Default::default(), ..young });
        assert!(text.len() < 8 * 1024);
    }

    #[test]
    fn a_damaged_batch_is_counted_and_the_rest_kept() {
        let torn = r#"{"events":[{"a":1},"a":2}]}"#;
        let bodies = [
            Kept { body: torn, events: 2, current: true },
            Kept { body: torn, events: 5, current: false },
            Kept { body: r#"{"events":[{}]}"#, events: 1, current: true },
        ];
        let record = read(&write(&journey(), &journey().marks, &bodies).1).unwrap();
        assert!(record.damaged);
        assert_eq!(record.batches.len(), 1);
        let damaged = record.journey.tally(Tally::Damaged) - journey().tally(Tally::Damaged);
        assert_eq!(damaged, 2, "another journey's events are not in this one's books");
    }

    #[test]
    fn what_is_damaged_is_none() {
        let (text, _) = write(&journey(), &journey().marks, &[]);
        for cut in 0..text.len() {
            assert!(read(&text[..cut]).is_none(), "{}", &text[..cut]);
        }
        for (good, bad) in [("1 9", "2 9"), ("9xk2", "9XK2"), ("7,14", "7;14"), ("7,14", "7,7,14"), (" .", " -")] {
            assert!(read(&text.replacen(good, bad, 1)).is_none(), "{bad}");
        }
        assert!(read(&format!("{text} more")).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", at in 0_usize..200) {
            let _ = read(&text);
            let (mut whole, _) = write(&journey(), &journey().marks, &[]);
            whole.insert_str(at.min(whole.len()), &text);
            let _ = read(&whole);
        }
    }
}
