//! What is found in storage: whatever it holds, what the shopper does from then on is captured, stored and sent.
//!
//! Each line is a thing that is stored: `visit …`, `past …`, `tab …` (the records), `own …` (on this tab's shelf) or `other …` (on one whose
//! tab is gone), with a tab for each line feed; or `rules …`, of a collector.

use super::shell::{BEGIN, Shell};
use super::word;
use crate::input::{Input, Outcome};
use crate::journey::Tally;
use crate::{Config, Framework, Name, Rules, words};
use crate::{lane, parcel, past, record};

/// Begins a page on any storage.
pub fn stored(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut config = Config { key: "pk".to_owned(), ..Config::default() };
    let mut found = Vec::new();
    words::split(&text, b'\n', &mut |line| {
        let (kind, text) = word(line);
        found.push((kind, text.replace('\t', "\n")));
        if kind == "rules" && config.lanes.len() < 4 {
            config.lanes.push(Rules::read(text));
        }
    });
    let mut shell = Shell::new(config);
    shell.ours = false;
    let mut others = Vec::new();
    for (at, (kind, text)) in found.into_iter().enumerate() {
        // By itself, too: what is read can be written and read again.
        readers(&text);
        let place = (0, at as u32);
        match kind {
            "visit" => shell.store.visit = Some(text),
            "past" => shell.store.past = Some(text),
            "tab" => shell.store.tab = Some(text),
            // Nothing is not stored.
            "own" | "other" if !text.is_empty() => {
                shell.store.shelf.insert(place, text);
                if kind == "other" {
                    others.push(place);
                }
            }
            _ => {}
        }
    }
    // What lies on the shelf of another tab is told later.
    let foreign: Vec<_> = others.iter().filter_map(|place| Some((*place, shell.store.shelf.remove(place)?))).collect();
    shell.page("/c/coffee");
    shell.grant(true);
    shell.store.shelf.extend(foreign);
    for place in others {
        shell.tell_shelf(place, false);
    }
    // Of the shop's own staff nothing is captured.
    let framework = Framework::new("");
    let staff = [&shell.store.visit, &shell.store.tab]
        .into_iter()
        .flatten()
        .filter_map(|text| record::read(text, &framework))
        .any(|read| read.journey.tally(Tally::Staff) > 0);
    let wanted = shell.config.lanes.first().is_none_or(|rules| rules.names & (1 << Name::AddToCart as u8) != 0);
    let before = shell.books();
    for _ in 0..3 {
        shell.track("add_to_cart", r#"{"value":12.5,"currency":"EUR"}"#);
        shell.wait(250);
    }
    if let (Some(before), Some(after)) = (before, shell.books()) {
        assert!(staff || !wanted || after[0] > before[0], "nothing is captured any more: {before:?} {after:?}");
    }
    // The page is left, and comes again.
    shell.input(Input::Visibility { hidden: true });
    shell.reload();
    shell.page("/cart");
    shell.grant(true);
    shell.wait(60_000);
    let (status, body) = (200, r#"{"accepted":1,"duplicate":0,"rejected":[]}"#);
    shell.deliver(0, Outcome::Reply { status, body, retry_after: None });
    shell.settle();
    if let Some([.., queued]) = shell.books() {
        assert_eq!(queued, 0, "something waits for ever");
    }
    assert!(shell.store.shelf.is_empty(), "something lies there for ever: {:?}", shell.store.shelf);
}

fn readers(text: &str) {
    let framework = Framework::new("");
    if let Some(read) = record::read(text, &framework) {
        let lanes: Vec<_> = read
            .books
            .iter()
            .enumerate()
            .map(|(at, books)| lane::Lane { books: *books, ..lane::Lane::new(&Rules::default(), at) })
            .collect();
        let again = record::read(&record::write(&read.journey, &framework, Some(&lanes)), &framework);
        let again = again.expect("what was read is written so that it can be read");
        assert_eq!((again.journey, again.books), (read.journey, read.books));
    }
    let past = past::Past::read(text, BEGIN);
    assert_eq!(past::Past::read(&past.write(), BEGIN), past);
    if let Some((parcel, lane, at)) = parcel::Parcel::read(1, text) {
        let stub = parcel.is_stub();
        let written = parcel.write(lane, at, "", false);
        let (again, ..) = parcel::Parcel::read(1, &written).expect("what was read is written so that it can be read");
        assert_eq!((again.body, again.marks, stub), (parcel.body, parcel.marks, stub));
    }
}
