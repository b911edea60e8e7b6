//! What is kept of a journey: the record that the tabs of a shop share, and a tab's snapshot, which also has the batches that
//! are unsent. Both are one line of words, and in a snapshot a line for each batch after it:
//! `3 <id> <stage or -> <start>,<last>,<tallies> -,<orders> -;<prompts asked> -;<variants> -;<what the watcher remembers>
//! -,<sum of the texts>,<events of each batch> .`. What is a tab's own is not in the visit's record, which is read and written whenever
//! something changes.

use crate::batch;
use crate::framework::Framework;
use crate::journey::{Journey, TALLIES, Tally};
use crate::json::Writer;
use crate::rng::hash;
use crate::stage::Stage;
use crate::words;

/// The first word. Another one means another layout: discarded, one message.
const VERSION: &str = "3 ";

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
pub(crate) const MOST: u64 = 1 << 53;

/// Writes the words that both records begin with, with what is the tab's own or without it.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn head(journey: &Journey, framework: &Framework, more: usize, own: bool) -> Writer {
    let mut out = Writer::sized(512 + more);
    out.raw(VERSION);
    out.raw(&journey.id);
    out.raw(" ");
    out.raw(journey.stage.map_or("-", |stage| framework.name(stage)));
    out.raw(" ");
    out.number(journey.start.0);
    out.numbers(&[journey.last.0]);
    let tallies = &journey.tallies;
    let shared = Tally::Door as usize..Tally::Visits as usize;
    if own {
        out.numbers(tallies);
    } else {
        // Of the visit's, doors and staff are read.
        out.numbers(&[0; Tally::Door as usize]);
        out.numbers(&tallies[shared]);
        out.numbers(&[0; Stage::MOST]);
    }
    out.raw(" -");
    out.numbers(&journey.orders);
    let mut sum = 0;
    let memory = std::slice::from_ref(&journey.memory);
    for list in
        [&journey.asked[..], &journey.variants[..], if own && !journey.memory.is_empty() { memory } else { &[] }]
    {
        out.raw(" -");
        for text in list {
            out.raw(";");
            out.raw(text);
            sum = hash(sum, text);
        }
    }
    out.raw(" -");
    out.numbers(&[sum]);
    out
}

/// Writes the words and lines of unsent batches.
fn tail(out: &mut Writer, batches: &[Kept<&str>]) {
    for batch in batches {
        // The last bit: it belongs to this journey, and its fate enters this journey's books.
        out.numbers(&[batch.events << 1 | u64::from(batch.current)]);
    }
    out.raw(" .");
    for batch in batches {
        out.raw("\n");
        out.raw(batch.body);
    }
}

/// Both records of `journey`: the visit's, and the tab's with `batches` that are unsent.
pub(crate) fn write(journey: &Journey, framework: &Framework, batches: &[Kept<&str>]) -> (String, String) {
    let mut tab = head(journey, framework, batches.iter().map(|batch| batch.body.len() + 8).sum(), true);
    let mut visit = head(journey, framework, 0, false);
    tail(&mut visit, &[]);
    tail(&mut tab, batches);
    (visit.into_string(), tab.into_string())
}

/// Reads a record; `None` where its words are damaged, of another version or of another framework. A damaged batch is left out and counted.
pub(crate) fn read(text: &str, framework: &Framework) -> Option<Record> {
    let (state, mut bodies) = words::cut(text, b'\n');
    let (id, state) = words::cut(state.strip_prefix(VERSION)?, b' ');
    let (stage, state) = words::cut(state, b' ');
    let (fixed, state) = words::cut(state, b' ');
    let (orders, mut state) = words::cut(state, b' ');
    let mut journey = Journey { orders: words::numbers(orders), ..Journey::default() };
    let mut memory = Vec::new();
    // What is damaged in a text would be told as it is, so that texts have a sum.
    let mut sum = 0;
    for list in [&mut journey.asked, &mut journey.variants, &mut memory] {
        let (word, rest) = words::cut(state, b' ');
        words::split(word, b';', &mut |text| {
            if text != "-" {
                sum = hash(sum, text);
                list.push(text.to_owned());
            }
        });
        state = rest;
    }
    let (counts, end) = words::cut(state, b' ');
    journey.memory = memory.pop().unwrap_or_default();
    let mut counts = words::numbers(counts).into_iter();
    let fixed = words::numbers(fixed);
    let known = framework.stage(stage);
    if (known.is_none() && stage != "-")
        || fixed.len() != 2 + TALLIES
        || end != "."
        || counts.next() != Some(sum)
        || !is_id(id)
        || fixed[0] == 0
        || fixed[1] < fixed[0]
        || fixed.iter().any(|number| *number > MOST)
    {
        return None;
    }
    id.clone_into(&mut journey.id);
    journey.stage = known;
    (journey.start.0, journey.last.0) = (fixed[0], fixed[1]);
    journey.tallies.copy_from_slice(&fixed[2..]);
    let mut batches = Vec::new();
    let mut damaged = false;
    for count in counts {
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
    use crate::stage::Stage;
    use crate::time::Millis;

    fn write(journey: &Journey, batches: &[Kept<&str>]) -> (String, String) {
        super::write(journey, &Framework::new(""), batches)
    }

    fn read(text: &str) -> Option<Record> {
        super::read(text, &Framework::new(""))
    }

    fn journey() -> Journey {
        Journey {
            id: "9xk2m4t0c7qe3fzb".into(),
            start: Millis(1_795_284_000_123),
            last: Millis(1_795_284_085_000),
            stage: Some(Stage::Decision),
            tallies: core::array::from_fn(|i| i as u64 * 7),
            orders: vec![7, u64::MAX],
            asked: vec!["order-nps".into()],
            variants: vec![r#""buy-button":"green""#.into()],
            memory: r#"9xk2m4t0c7qe3fzb|k3v9a|EUR|,7,0|{"score":9}|"#.into(),
            ..Journey::default()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bodies = [
            Kept { body: r#"{"events":[{"a":1},{"a":2}]}"#, events: 2, current: true },
            Kept { body: r#"{"events":[{}]}"#, events: 1, current: false },
        ];
        let record = read(&write(&journey(), &bodies).1).unwrap();
        assert_eq!(record.journey, journey());
        let whole = |kept: Kept<&str>| Kept { body: kept.body.to_owned(), events: kept.events, current: kept.current };
        assert_eq!(record.batches, bodies.map(whole));
        let young = Journey { stage: None, orders: vec![], asked: vec![], ..journey() };
        let (visit, text) = write(&young, &[]);
        assert_eq!(read(&text).unwrap().journey, young);
        let mut shared = Journey { memory: String::new(), ..young };
        let doors = Tally::Door as usize..Tally::Visits as usize;
        for (at, tally) in shared.tallies.iter_mut().enumerate() {
            if doors.contains(&at) {
                continue;
            }
            *tally = 0;
        }
        assert_eq!(read(&visit).unwrap().journey, shared, "the rest is the tab's own");
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
        let record = read(&write(&journey(), &bodies).1).unwrap();
        assert!(record.damaged);
        assert_eq!(record.batches.len(), 1);
        let damaged = record.journey.tally(Tally::Damaged) - journey().tally(Tally::Damaged);
        assert_eq!(damaged, 2, "another journey's events are not in this one's books");
    }

    #[test]
    fn what_is_damaged_is_none() {
        let (_, text) = write(&journey(), &[]);
        for cut in 0..text.len() {
            assert!(read(&text[..cut]).is_none(), "{}", &text[..cut]);
        }
        for (good, bad) in [
            ("3 9", "2 9"),
            ("decision", "purchase"),
            ("green", "gr\"en"),
            ("|k3v9a", ",k3v9a"),
            ("9xk2", "9XK2"),
            ("7,14", "7;14"),
            ("7,14", "7,7,14"),
            (" .", " -"),
        ] {
            assert!(read(&text.replacen(good, bad, 1)).is_none(), "{bad}");
        }
        assert!(read(&format!("{text} more")).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", at in 0_usize..200) {
            let _ = read(&text);
            let (_, mut whole) = write(&journey(), &[]);
            whole.insert_str(at.min(whole.len()), &text);
            let _ = read(&whole);
        }
    }
}
