//! What is kept of a journey: the record that the tabs of a shop share, and a tab's. Both are one line of words:
//! `5 <id> <stage or -> <start>,<last>,<tallies> -,<orders> -;<variants> -;<what the watcher remembers>
//! -,<sum of the texts>,<the books of each lane> .`. What is a tab's own is not in the visit's record, which is read and written whenever
//! something changes.

use crate::framework::Framework;
use crate::journey::{Journey, TALLIES, Tally};
use crate::json::Writer;
use crate::lane::{BOOKS, Book, Lane};
use crate::rng::hash;
use crate::stage::Stage;
use crate::words;

/// The first word. Another one means another layout: discarded, one message.
const VERSION: &str = "5 ";

/// A record as it was read.
pub(crate) struct Record {
    pub(crate) journey: Journey,
    /// The books of each lane.
    pub(crate) books: Vec<[u64; BOOKS]>,
}

impl Record {
    /// How many events the first lane had captured.
    pub(crate) fn captured(&self) -> u64 {
        self.books.first().map_or(0, |books| books[Book::Captured as usize])
    }
}

/// No count and no time of ours is beyond this (it is also the largest whole number that every JSON reader keeps).
pub(crate) const MOST: u64 = 1 << 53;

/// The visit's record; with `lanes` the tab's, with what is its own.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn write(journey: &Journey, framework: &Framework, lanes: Option<&[Lane]>) -> String {
    let own = lanes.is_some();
    let mut out = Writer::sized(512);
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
    for list in [&journey.variants[..], if own && !journey.memory.is_empty() { memory } else { &[] }] {
        out.raw(" -");
        for text in list {
            out.raw(";");
            out.raw(text);
            sum = hash(sum, text);
        }
    }
    out.raw(" -");
    out.numbers(&[sum]);
    for lane in lanes.unwrap_or_default() {
        out.numbers(&lane.books);
    }
    out.raw(" .");
    out.into_string()
}

/// Reads a record; `None` where its words are damaged, of another version or of another framework.
pub(crate) fn read(text: &str, framework: &Framework) -> Option<Box<Record>> {
    let (id, state) = words::cut(text.strip_prefix(VERSION)?, b' ');
    let (stage, state) = words::cut(state, b' ');
    let (fixed, state) = words::cut(state, b' ');
    let (orders, mut state) = words::cut(state, b' ');
    // Boxed from the first to the last: to move it whole would cost every page a hundred bytes.
    let mut record = Box::new(const { Record { journey: Journey::NEW, books: Vec::new() } });
    let journey = &mut record.journey;
    journey.orders = words::numbers(orders);
    let mut memory = Vec::new();
    // What is damaged in a text would be told as it is, so that texts have a sum.
    let mut sum = 0;
    for list in [&mut journey.variants, &mut memory] {
        let (word, rest) = words::cut(state, b' ');
        for text in words::parts(word, b';') {
            if text != "-" {
                sum = hash(sum, text);
                list.push(text.to_owned());
            }
        }
        state = rest;
    }
    let (counts, end) = words::cut(state, b' ');
    journey.memory = memory.pop().unwrap_or_default();
    let counts = words::numbers(counts);
    let fixed = words::numbers(fixed);
    let known = framework.stage(stage);
    if (known.is_none() && stage != "-")
        || fixed.len() != 2 + TALLIES
        || end != "."
        || counts.first() != Some(&sum)
        || counts[1..].iter().any(|number| *number > MOST)
        || counts.len() % BOOKS != 1
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
    record.books = counts[1..].as_chunks().0.to_vec();
    Some(record)
}

/// Whether `id` is a journey's: 16 lower-case letters and digits.
fn is_id(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Rules;
    use crate::stage::Stage;
    use crate::time::Millis;

    fn write(journey: &Journey) -> String {
        super::write(journey, &Framework::new(""), Some(&[lane(), Lane::new(&Rules::default(), 1)]))
    }

    fn lane() -> Lane {
        let mut lane = Lane::new(&Rules::default(), 0);
        lane.books = core::array::from_fn(|at| at as u64 * 3);
        lane
    }

    fn read(text: &str) -> Option<Box<Record>> {
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
            variants: vec![r#""buy-button":"green""#.into()],
            memory: r#"9xk2m4t0c7qe3fzb|k3v9a|EUR|,7,0|{"score":9}|"#.into(),
            ..Journey::NEW
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let record = read(&write(&journey())).unwrap();
        assert_eq!(record.journey, journey());
        assert_eq!(record.books, [lane().books, [0; BOOKS]]);
        let young = Journey { stage: None, orders: vec![], ..journey() };
        let text = write(&young);
        assert_eq!(read(&text).unwrap().journey, young);
        assert!(text.len() < 8 * 1024);
        let mut shared = Journey { memory: String::new(), ..young.clone() };
        let doors = Tally::Door as usize..Tally::Visits as usize;
        for (at, tally) in shared.tallies.iter_mut().enumerate() {
            if !doors.contains(&at) {
                *tally = 0;
            }
        }
        let visit = read(&super::write(&young, &Framework::new(""), None)).unwrap();
        assert_eq!((visit.journey, visit.books.len()), (shared, 0), "the rest is the tab's own");
    }

    #[test]
    fn what_is_damaged_is_none() {
        let text = write(&journey());
        for cut in 0..text.len() {
            assert!(read(&text[..cut]).is_none(), "{}", &text[..cut]);
        }
        for (good, bad) in [
            ("5 9", "4 9"),
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
            let mut whole = write(&journey());
            whole.insert_str(at.min(whole.len()), &text);
            let _ = read(&whole);
        }
    }
}
