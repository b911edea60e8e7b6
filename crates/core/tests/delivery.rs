//! Delivery by the letter: what each answer of a collector brings about, and what lies on the shelf meanwhile.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use polku_core::{Arrival, Code, Config, Effect, Engine, Input, Millis, Name, Outcome, Rules, Source};
use serde_json::{Value, json};

const BEGIN: u64 = 1_795_284_000_000;
const FOUND: u32 = 1 << 25;

/// One request.
#[derive(Clone, Debug)]
struct Sent {
    batch: u32,
    lane: u8,
    body: Value,
    text: String,
    leaving: bool,
}

/// One page, its storage, and what it has sent.
struct Page {
    engine: Engine,
    now: u64,
    visit: Option<String>,
    past: Option<String>,
    tab: Option<String>,
    shelf: BTreeMap<u32, String>,
    /// Slots are told to the next page under other numbers.
    found: Vec<u32>,
    full: bool,
    sent: Vec<Sent>,
    fails: Vec<Code>,
}

impl Page {
    fn new(lanes: Vec<Rules>) -> Self {
        Self::with(lanes, None)
    }

    /// A page whose shopper granted `measure` earlier, and maybe `remember`.
    fn with(lanes: Vec<Rules>, before: Option<Self>) -> Self {
        Self::at(lanes, before, false)
    }

    fn at(lanes: Vec<Rules>, before: Option<Self>, remember: bool) -> Self {
        let config = Config { key: "pk_test".into(), lanes, ..Config::default() };
        let mut page = Self {
            engine: Engine::new(config),
            now: BEGIN,
            visit: None,
            past: None,
            tab: None,
            shelf: BTreeMap::new(),
            found: Vec::new(),
            full: false,
            sent: Vec::new(),
            fails: Vec::new(),
        };
        if let Some(before) = before {
            page.now = before.now + 100;
            (page.visit, page.past, page.tab, page.shelf) = (before.visit, before.past, before.tab, before.shelf);
        }
        let random = core::array::from_fn(|at| (page.now / 100 + at as u64) as u8);
        page.input(Input::Entropy(random));
        page.input(Input::Page { path: "/", referrer: "", own_host: true, how: Arrival::Load });
        page.input(Input::Consent {
            measure: Some(true),
            remember: Some(remember),
            feedback: None,
            earlier: true,
            by: "api",
            policy: "",
        });
        page
    }

    /// The page is left: how its books stand is stored.
    fn left(mut self) -> Self {
        self.input(Input::Visibility { hidden: true });
        self
    }

    fn input(&mut self, input: Input<'_>) {
        self.engine.handle(Millis(self.now), input);
        while let Some(effect) = self.engine.poll() {
            match effect {
                Effect::Entropy => {
                    let random = core::array::from_fn(|at| (self.now / 7 + at as u64 * 3) as u8);
                    self.engine.handle(Millis(self.now), Input::Entropy(random));
                }
                Effect::Restore { past, shelf } => {
                    let past = self.past.clone().filter(|_| past);
                    let (visit, tab) = (self.visit.clone(), self.tab.clone());
                    let (visit, tab, past) = (visit.as_deref(), tab.as_deref(), past.as_deref());
                    self.engine.handle(Millis(self.now), Input::Restored { visit, tab, past });
                    if shelf {
                        for (slot, text) in std::mem::take(&mut self.shelf) {
                            let told = FOUND + self.found.len() as u32;
                            self.found.push(slot);
                            self.shelf.insert(told, text.clone());
                            self.engine.handle(Millis(self.now), Input::Shelf { slot: told, text: &text, own: true });
                        }
                        self.engine.handle(Millis(self.now), Input::Shelf { slot: 0, text: "", own: true });
                    }
                }
                Effect::Persist { visit, past, tab } => {
                    if !visit.is_empty() {
                        self.visit = Some(visit);
                    }
                    if !past.is_empty() {
                        self.past = Some(past);
                    }
                    if !tab.is_empty() {
                        self.tab = Some(tab);
                    }
                }
                Effect::Shelve { slot, text } if text.is_empty() => drop(self.shelf.remove(&slot)),
                Effect::Shelve { slot, .. } if self.full => {
                    self.engine.handle(Millis(self.now), Input::Unshelved(slot));
                }
                Effect::Shelve { slot, text } => drop(self.shelf.insert(slot, text)),
                Effect::Erase => (self.visit, self.past, self.tab, self.shelf) = (None, None, None, BTreeMap::new()),
                Effect::Send { batch, lane, body, leaving } => {
                    let parsed = serde_json::from_str(&body).unwrap();
                    self.sent.push(Sent { batch, lane, body: parsed, text: body, leaving });
                }
                Effect::Fail { code, .. } => self.fails.push(code),
                _ => {}
            }
        }
    }

    fn wait(&mut self, ms: u64) {
        let end = self.now + ms;
        while let Some(due) = self.engine.deadline().filter(|due| due.0 <= end) {
            self.now = self.now.max(due.0);
            self.input(Input::Tick);
        }
        self.now = end;
    }

    fn track(&mut self, name: &str) {
        self.input(Input::Track { name, data: None, source: Source::Api });
    }

    fn answer(&mut self, batch: u32, status: u16, body: &str) {
        let outcome = if status == 0 { Outcome::NoAnswer } else { Outcome::Reply { status, body, retry_after: None } };
        self.input(Input::Delivered { batch, outcome });
    }

    /// Answers the newest request.
    fn reply(&mut self, status: u16) {
        let batch = self.sent.last().unwrap().batch;
        self.answer(batch, status, "");
    }

    /// Answers each request from the newest on with what `judge` says, until none waits.
    fn serve(&mut self, judge: impl Fn(&Sent) -> u16) {
        let mut at = self.sent.len() - 1;
        while let Some(sent) = self.sent.get(at).cloned() {
            self.answer(sent.batch, judge(&sent), "");
            at += 1;
            if at == self.sent.len() {
                self.wait(2_000);
            }
        }
    }

    /// A page whose beginning has been delivered, and that has told `count` touchpoints more.
    fn told(mut self, count: usize) -> Self {
        // The stage that they are in is entered before.
        self.track("view_item_list");
        self.wait(2_000);
        self.serve(|_| 200);
        self.sent.clear();
        for _ in 0..count {
            self.track("view_item");
        }
        self.input(Input::Flush);
        self
    }

    fn loss(&self) -> Value {
        let head: Value = serde_json::from_str(&self.engine.journey().unwrap()).unwrap();
        head["loss"].clone()
    }

    fn dropped(&self) -> Value {
        self.loss()["dropped"].clone()
    }
}

fn numbers(sent: &Sent) -> Vec<u64> {
    sent.body["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()).collect()
}

fn names(sent: &Sent) -> Vec<&str> {
    sent.body["events"].as_array().unwrap().iter().map(|event| event["name"].as_str().unwrap()).collect()
}

fn ours() -> Rules {
    Rules::default()
}

#[test]
fn a_batch_that_is_too_large_is_halved_until_it_fits() {
    let mut page = Page::new(vec![]).told(40);
    let first = page.sent[0].text.len();
    page.serve(|sent| if sent.text.len() > 2_000 { 413 } else { 200 });
    assert!(first > 2_000);
    let mut arrived = Vec::new();
    let mut ids = Vec::new();
    for sent in page.sent.iter().filter(|sent| sent.text.len() <= 2_000) {
        arrived.extend(numbers(sent));
        ids.push(sent.body["batch"].as_str().unwrap().to_owned());
    }
    assert!(arrived.is_sorted() && arrived.len() == 40, "each once, in order: {arrived:?}");
    let all: Vec<&str> = page.sent.iter().map(|sent| sent.body["batch"].as_str().unwrap()).collect();
    let distinct: std::collections::BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(distinct.len(), all.len(), "halves have numbers of their own");
    assert_eq!(page.loss()["queued"], 0);
    page.sent.clear();
    for _ in 0..40 {
        page.track("search");
    }
    page.input(Input::Flush);
    assert!(page.sent[0].text.len() <= first / 2 + 300, "the next ones are made to fit");
}

#[test]
fn an_event_that_is_too_large_alone_is_dropped_and_named() {
    let mut page = Page::new(vec![]).told(2);
    page.serve(|_| 413);
    assert_eq!(page.dropped(), json!({"too_big": 2}));
    assert!(page.fails.contains(&Code::Refused));
}

#[test]
fn one_bad_event_is_found_where_it_makes_a_collector_refuse_the_batch() {
    for culprit in [0, 17, 39] {
        let mut page = Page::new(vec![Rules { bisects: true, ..ours() }]).told(40);
        let bad = numbers(&page.sent[0])[culprit.min(numbers(&page.sent[0]).len() - 1)];
        page.serve(|sent| if numbers(sent).contains(&bad) { 400 } else { 200 });
        assert_eq!(page.dropped(), json!({"refused": 1}), "{culprit}");
        assert_eq!(page.loss()["queued"], 0);
        assert!(page.sent.len() < 20, "{} requests", page.sent.len());
    }
}

#[test]
fn a_collector_that_refuses_everything_is_not_asked_for_each_event() {
    let mut page = Page::new(vec![Rules { bisects: true, ..ours() }]).told(100);
    page.serve(|_| 400);
    assert!(page.sent.len() < 40, "{} requests", page.sent.len());
    assert_eq!(page.dropped(), json!({"refused": 100}));
    let mut page = Page::new(vec![]).told(40);
    page.serve(|_| 400);
    assert!(page.sent.len() <= 2, "one that judges each event is not asked again");
    assert_eq!(page.dropped(), json!({"refused": 40}));
}

#[test]
fn after_five_failures_the_collector_is_left_alone() {
    let mut page = Page::new(vec![]).told(3);
    let mut times = vec![page.now];
    for _ in 0..6 {
        page.reply(503);
        let before = page.sent.len();
        while page.sent.len() == before {
            page.wait(100);
        }
        times.push(page.now);
    }
    let waits: Vec<u64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (at, wait) in waits.iter().enumerate() {
        let most = 250 + (1_000 << at) + 100;
        if at < 4 {
            assert!(*wait <= most, "{waits:?}");
        } else {
            assert!((30_000..=30_000.max(most)).contains(wait), "{waits:?}");
        }
    }
    let texts: Vec<&str> = page.sent.iter().map(|sent| &*sent.text).collect();
    assert!(texts.iter().all(|text| *text == texts[0]), "a retried batch is the same to the byte");
    page.reply(503);
    let before = page.sent.len();
    page.input(Input::Online);
    assert_eq!(page.sent.len(), before + 1, "the network is back: at once");
}

#[test]
fn who_is_turned_away_stops_and_says_so() {
    for status in [401, 403, 410] {
        let mut page = Page::new(vec![]).told(3);
        page.reply(status);
        page.track("purchase");
        page.wait(600_000);
        assert_eq!((page.sent.len(), page.fails.contains(&Code::Stopped)), (1, true), "{status}");
        assert_eq!(page.loss()["queued"], 5, "kept for a better day: an order enters a stage");
        assert!(!page.shelf.is_empty());
    }
}

#[test]
fn what_may_have_arrived_is_never_sent_again_to_who_cannot_know() {
    let blind = || vec![Rules { dedupes: false, ..ours() }];
    let mut page = Page::new(blind()).told(3);
    page.reply(0);
    page.wait(60_000);
    assert_eq!((page.sent.len(), page.dropped()), (1, json!({"unsure": 3})));
    assert!(page.shelf.is_empty());
    // It has certainly not arrived: then it may be sent again.
    let mut page = Page::new(blind()).told(3);
    page.reply(503);
    page.wait(5_000);
    assert_eq!((page.sent.len(), page.dropped()), (2, json!({})));
    // The page dies in the middle of it.
    let page = Page::new(blind()).told(3);
    assert!(page.shelf.values().all(|text| !text.contains("view_item")), "no page finds it: {:?}", page.shelf);
    let mut next = Page::with(blind(), Some(page.left()));
    next.wait(60_000);
    assert!(next.sent.iter().all(|sent| !names(sent).contains(&"view_item")));
    assert_eq!(next.dropped(), json!({"unsure": 3}));
}

#[test]
fn each_collector_gets_what_it_is_for_and_fails_alone() {
    let orders = Rules { names: 1 << Name::Purchase as u8, ..ours() };
    let remembered = Rules { remember: true, ..ours() };
    let mut page = Page::new(vec![ours(), orders, remembered]);
    page.wait(2_000);
    page.serve(|_| 200);
    page.track("view_item");
    page.track("purchase");
    let of = |page: &Page, lane: u8| -> Vec<String> {
        let sent = page.sent.iter().filter(|sent| sent.lane == lane);
        sent.flat_map(|sent| names(sent).into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    assert_eq!(of(&page, 1), ["purchase"]);
    assert!(of(&page, 0).contains(&"view_item".to_owned()) && of(&page, 0).contains(&"purchase".to_owned()));
    assert!(of(&page, 2).is_empty(), "nothing is remembered");
    let broken = page.sent.iter().rfind(|sent| sent.lane == 1).unwrap().batch;
    page.answer(broken, 403, "");
    let fine = page.sent.iter().rfind(|sent| sent.lane == 0).unwrap().batch;
    page.answer(fine, 200, "");
    page.track("search");
    page.wait(6_000);
    assert!(of(&page, 0).contains(&"search".to_owned()), "the other goes on");
    assert_eq!(page.dropped(), json!({}));

    let mut page = Page::at(vec![ours(), remembered], None, true);
    page.wait(2_000);
    assert!(!of(&page, 1).is_empty());
    page.track("view_item");
    page.wait(300);
    let decision = |remember| Input::Consent {
        measure: None,
        remember: Some(remember),
        feedback: None,
        earlier: false,
        by: "api",
        policy: "",
    };
    page.input(decision(false));
    assert!(page.shelf.values().all(|text| !text.starts_with("1 ,1,")), "nothing of it is stored");
    let before = of(&page, 1).len();
    page.track("purchase");
    page.wait(60_000);
    page.input(Input::Visibility { hidden: true });
    assert_eq!(of(&page, 1).len(), before, "and nothing more is sent");
}

#[test]
fn the_least_valuable_goes_first() {
    let mut page = Page::new(vec![]).told(1);
    page.reply(503);
    page.track("purchase");
    for round in 0..14 {
        for _ in 0..40 {
            let at = Millis(page.now);
            page.input(Input::Found { name: "page_engagement", at, page: "/", data: r#"{"engaged":1000,"depth":10}"# });
            page.track(if round % 2 == 0 { "view_item" } else { "search" });
        }
        page.wait(2_000);
        page.reply(503);
    }
    assert_eq!(page.dropped().as_object().unwrap().keys().collect::<Vec<_>>(), ["full"]);
    page.input(Input::Online);
    page.serve(|_| 200);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for sent in &page.sent {
        for event in sent.body["events"].as_array().unwrap() {
            if seen.insert(event["seq"].as_u64()) {
                *counts.entry(event["name"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    assert_eq!(counts["purchase"], 1, "{counts:?}");
    assert!(counts["view_item"] + counts["search"] > 450, "pings went first: {counts:?}");
}

#[test]
fn what_is_captured_is_stored_soon_and_once() {
    let mut page = Page::new(vec![]).told(0);
    page.wait(1_500);
    assert!(page.shelf.is_empty(), "all is delivered: {:?}", page.shelf);
    page.track("view_item");
    assert!(page.shelf.is_empty());
    page.wait(250);
    assert_eq!(page.shelf.len(), 1);
    assert!(page.shelf.values().next().unwrap().contains("view_item"));
    page.wait(10_000);
    page.reply(200);
    page.wait(1_500);
    assert!(page.shelf.is_empty(), "{:?}", page.shelf);
}

#[test]
fn a_long_queue_is_not_written_again_at_each_event() {
    let mut page = Page::new(vec![]).told(1);
    page.reply(503);
    let mut longest = 0;
    for _ in 0..300 {
        let before = page.shelf.clone();
        page.track("view_item");
        page.wait(210);
        let written = page.shelf.iter().filter(|(slot, text)| before.get(slot) != Some(text));
        longest = longest.max(written.map(|(_, text)| text.len()).sum());
        if page.engine.deadline().is_some() && page.sent.len() > 1 {
            page.reply(503);
        }
    }
    let stored: usize = page.shelf.values().map(String::len).sum();
    assert!(longest < 10_000 && stored > 25_000, "{longest} bytes were written at once, of {stored}");
}

#[test]
fn what_became_a_batch_to_be_stored_is_sent_by_itself() {
    let mut page = Page::new(vec![]).told(0);
    // How the visit stands is stored soon after what comes now, so that no timer is left but the shelf's.
    page.track("view_item");
    page.wait(900);
    // Within what a page may tell of one name.
    for _ in 0..180 {
        page.input(Input::Track {
            name: "view_item",
            data: Some(r#"{"value":24.9,"currency":"EUR"}"#),
            source: Source::Api,
        });
    }
    // The answer to the first of them is there before the rest is stored; then nothing happens any more.
    assert_eq!(names(page.sent.last().unwrap()).len(), 100);
    page.reply(200);
    page.wait(5_000);
    assert_eq!(names(page.sent.last().unwrap()).len(), 81);
    page.reply(200);
    assert_eq!(page.loss()["queued"], 0);
}

#[test]
fn a_page_that_is_torn_away_is_continued_by_the_next() {
    let mut page = Page::new(vec![]).told(0);
    page.wait(2_000);
    for _ in 0..30 {
        page.track("view_item");
    }
    page.wait(250);
    // Nobody says farewell.
    let told = page.loss()["captured"].as_u64().unwrap();
    let mut next = Page::with(vec![], Some(page));
    next.wait(60_000);
    next.serve(|_| 200);
    let views = next.sent.iter().flat_map(names).filter(|name| *name == "view_item").count();
    assert!(views >= 30, "{views}");
    let loss = next.loss();
    assert_eq!(loss["dropped"], json!({}), "{loss} after {told}");
}

#[test]
fn what_could_not_be_stored_is_declared_by_the_next_page() {
    let mut page = Page::new(vec![]).told(1);
    page.reply(200);
    page.wait(2_000);
    page.full = true;
    for _ in 0..5 {
        page.track("view_item");
    }
    page.wait(1_500);
    assert!(page.fails.contains(&Code::NoRoom));
    let next = Page::with(vec![], Some(page));
    assert_eq!(next.dropped(), json!({"page_lost": 5}));
}

#[test]
fn a_shelf_whose_tab_is_gone_is_adopted() {
    let mut gone = Page::new(vec![]).told(4);
    gone.reply(503);
    let gone = gone.left();
    // Another tab of the same visit.
    let other = Page { tab: None, shelf: BTreeMap::new(), ..Page::with(vec![], None) };
    let mut heir = Page::with(vec![], Some(Page { visit: gone.visit.clone(), now: gone.now, ..other }));
    let before = heir.loss();
    for (at, text) in gone.shelf.values().enumerate() {
        heir.input(Input::Shelf { slot: FOUND + 100 + at as u32, text, own: false });
        heir.shelf.insert(FOUND + 100 + at as u32, text.clone());
    }
    heir.wait(10_000);
    heir.serve(|_| 200);
    heir.wait(2_000);
    let views = heir.sent.iter().flat_map(names).filter(|name| *name == "view_item").count();
    assert_eq!(views, 4);
    assert!(heir.shelf.is_empty(), "{:?}", heir.shelf);
    let loss = heir.loss();
    assert_eq!(loss["captured"], before["captured"], "they are in the books of who captured them");
}

#[test]
fn with_remember_what_is_unsent_outlives_the_visit_for_two_days() {
    for (remember, hours, sent) in [(true, 47, true), (true, 49, false), (false, 1, false)] {
        let mut page = Page::at(vec![], None, remember);
        page.wait(2_000);
        page.reply(503);
        let mut page = page.left();
        page.now += hours * 3_600_000;
        let mut next = Page::at(vec![], Some(page), remember);
        next.wait(2_000);
        let old: Vec<u32> = next.shelf.keys().copied().filter(|slot| *slot >= FOUND).collect();
        assert_eq!(!old.is_empty(), sent, "{remember} {hours}");
        assert_eq!(next.dropped().get("expired").is_none(), sent);
    }
}

#[test]
fn a_withdrawal_in_another_tab_tells_no_collector() {
    let mut page = Page::new(vec![]).told(3);
    let before = page.sent.len();
    page.input(Input::Withdrawn);
    page.track("view_item");
    page.wait(60_000);
    assert_eq!((page.sent.len(), page.shelf.len(), page.visit), (before, 0, None));
}

#[test]
fn each_collector_that_can_erase_and_was_sent_something_hears_of_a_withdrawal_once() {
    let cannot = Rules { erases: false, ..ours() };
    let orders = Rules { names: 1 << Name::Purchase as u8, ..ours() };
    let mut page = Page::new(vec![ours(), cannot, orders]).told(3);
    page.sent.clear();
    page.input(Input::Withdraw);
    page.wait(60_000);
    let told: Vec<(u8, Vec<&str>)> = page.sent.iter().map(|sent| (sent.lane, names(sent))).collect();
    assert_eq!(told, [(0, vec!["erase"])]);
    assert!(page.sent[0].leaving);
}
