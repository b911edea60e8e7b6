//! What is kept of a journey: the record that the tabs of a shop share, and a tab's snapshot, which also has the batches that
//! are unsent. Both are one line of words, and in a snapshot a line for each batch after it:
//! `2 <id> <stage or -> <start>,<last>,<tallies>,<marks> -,<shares> -,<orders> -,<path> -,<walk's marks> -;<prompts asked> -;<variants>
//! -;<tab>;<currency>;<scores> -,<sum of the texts>,<events of each batch> .`. What is a tab's own (its marks, its walk) is not in the
//! visit's record, which is read and written whenever something changes.

use crate::batch;
use crate::framework::Framework;
use crate::friction::marks::MARKS;
use crate::journey::{Journey, TALLIES, Tally, Walk};
use crate::json::Writer;
use crate::rng::hash;
use crate::words;

/// The first word. Another one means another layout: discarded, one message.
const VERSION: &str = "2 ";

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

/// Writes the words that both records begin with, with what is the tab's own or without it.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn head(journey: &Journey, framework: &Framework, more: usize, own: bool) -> Writer {
    let nothing = Walk::default();
    let (walk, marks) = if own { (&journey.walk, MARKS) } else { (&nothing, 0) };
    let mut out = Writer::sized(512 + more);
    out.raw(VERSION);
    out.raw(&journey.id);
    out.raw(" ");
    out.raw(journey.stage.map_or("-", |stage| framework.name(stage)));
    out.raw(" ");
    out.number(journey.start.0);
    comma_number(&mut out, journey.last.0);
    for (at, &tally) in journey.tallies.iter().enumerate() {
        // Of the visit's, doors and staff are read.
        let shared = at >= Tally::Door as usize && at <= Tally::Staff as usize;
        comma_number(&mut out, if own || shared { tally } else { 0 });
    }
    for &mark in &journey.marks[..marks] {
        comma_number(&mut out, mark);
    }
    out.raw(" -");
    // Most are none: each of the others with its place.
    for (at, &share) in walk.shares.as_flattened().iter().enumerate() {
        if share > 0 {
            comma_number(&mut out, share * PLACES + at as u64);
        }
    }
    for list in [&journey.orders, &walk.path, &walk.marks] {
        out.raw(" -");
        for &number in list {
            comma_number(&mut out, number);
        }
    }
    let mut sum = 0;
    for list in [&journey.asked, &journey.variants, &walk.own] {
        out.raw(" -");
        for text in list {
            out.raw(";");
            out.raw(text);
            sum = hash(sum, text);
        }
    }
    out.raw(" -");
    comma_number(&mut out, sum);
    out
}

/// Numbers, a comma before each.
pub(crate) fn list(out: &mut Writer, numbers: &[u64]) {
    for &number in numbers {
        comma_number(out, number);
    }
}
/// A share is written as this × its value + its place.
const PLACES: u64 = 64;

#[cfg_attr(target_arch = "wasm32", inline(never))]
fn comma_number(out: &mut Writer, number: u64) {
    if number == 0 {
        // Most tallies are: in one go.
        return out.raw(",0");
    }
    out.raw(",");
    out.number(number);
}

/// Writes the words and lines of unsent batches.
fn tail(out: &mut Writer, batches: &[Kept<&str>]) {
    for batch in batches {
        // The last bit: it belongs to this journey, and its fate enters this journey's books.
        comma_number(out, batch.events << 1 | u64::from(batch.current));
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

/// The numbers of a word, less its dash; 0 for what is none.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn numbers(word: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    words::split(word, b',', &mut |number| {
        if number != "-" {
            numbers.push(words::number(number).unwrap_or_default());
        }
    });
    numbers
}

/// Reads a record; `None` where its words are damaged, of another version or of another framework. A damaged batch is left out and counted.
pub(crate) fn read(text: &str, framework: &Framework) -> Option<Record> {
    let (state, mut bodies) = words::cut(text, b'\n');
    let (id, state) = words::cut(state.strip_prefix(VERSION)?, b' ');
    let (stage, state) = words::cut(state, b' ');
    let (fixed, state) = words::cut(state, b' ');
    let mut journey = Journey::default();
    let walk = &mut journey.walk;
    let (shares, mut state) = words::cut(state, b' ');
    for share in numbers(shares) {
        if let Some(place) = walk.shares.as_flattened_mut().get_mut((share % PLACES) as usize) {
            *place = (share / PLACES).min(MOST);
        }
    }
    for list in [&mut journey.orders, &mut walk.path, &mut walk.marks] {
        let (word, rest) = words::cut(state, b' ');
        *list = numbers(word);
        state = rest;
    }
    // What is damaged in a text would be told as it is, so that texts have a sum.
    let mut sum = 0;
    for list in [&mut journey.asked, &mut journey.variants, &mut walk.own] {
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
    let mut counts = numbers(counts).into_iter();
    let mut fixed = numbers(fixed);
    if fixed.len() == 2 + TALLIES {
        fixed.resize(2 + TALLIES + MARKS, 0);
    }
    let known = framework.stage(stage);
    if (known.is_none() && stage != "-")
        || fixed.len() != 2 + TALLIES + MARKS
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
    let (tallies, marks) = fixed[2..].split_at(TALLIES);
    journey.tallies.copy_from_slice(tallies);
    journey.marks.copy_from_slice(marks);
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
            marks: core::array::from_fn(|i| MOST - i as u64),
            orders: vec![7, u64::MAX],
            asked: vec!["order-nps".into()],
            variants: vec![r#""buy-button":"green""#.into()],
            walk: Walk {
                shares: core::array::from_fn(|i| core::array::from_fn(|j| (i * j) as u64)),
                path: vec![7, 1 << 40],
                marks: vec![3],
                own: vec![
                    "k3v9a".into(),
                    "EUR".into(),
                    r#"{"prompt":"order-nps","step":"score","ask":"nps","score":9}"#.into(),
                ],
            },
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
        let mut shared = Journey { marks: [0; MARKS], walk: Walk::default(), ..young };
        let doors = Tally::Door as usize..=Tally::Staff as usize;
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
            ("2 9", "1 9"),
            ("decision", "purchase"),
            ("green", "gr\"en"),
            (";k3v9a", ",k3v9a"),
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
