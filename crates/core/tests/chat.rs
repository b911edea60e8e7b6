//! Conversations over a line on which everything goes wrong that can: requests that never arrive, answers that get lost, streams that are cut anywhere, pages
//! that change at any moment, a server that is out of order. Whatever happens: nothing is lost, nothing comes twice, and the order is the server's.

#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::fmt::Write as _;

use polku_core::Millis;
use polku_core::chat::{Chat, Cue, Scene, Sent, Wish};
use proptest::prelude::*;
use serde_json::{Value, json};

const START: Millis = Millis(1_795_284_000_000);

/// The other side, as the protocol has it.
#[derive(Default)]
struct Server {
    name: String,
    entries: Vec<Value>,
}

impl Server {
    fn put(&mut self, mut entry: Value) {
        entry["seq"] = json!(self.entries.len() + 1);
        entry["at"] = json!(1_795_284_000);
        self.entries.push(entry);
    }

    fn post(&mut self, name: &str, body: &str) -> (u16, String) {
        let body: Value = serde_json::from_str(body).unwrap();
        assert!(self.name.is_empty() || self.name == name, "one conversation has one name");
        name.clone_into(&mut self.name);
        let mut theirs = Vec::new();
        for one in body["say"].as_array().unwrap() {
            let known = |entry: &&Value| entry["by"] == "shopper" && entry["n"] == one["n"];
            if !self.entries.iter().any(|entry| known(&entry)) {
                self.put(json!({"by": "shopper", "n": one["n"], "text": one["text"]}));
            }
            theirs.push(self.entries.iter().find(known).unwrap().clone());
        }
        if body["end"] == true {
            self.put(json!({"by": "house", "what": "ended", "text": ""}));
        }
        (200, json!({"entries": theirs, "last": self.entries.len()}).to_string())
    }

    fn after(&self, after: u32) -> &[Value] {
        self.entries.get(after as usize..).unwrap_or_default()
    }

    fn poll(&self, name: &str, after: u32) -> (u16, String) {
        if self.name != name {
            return (404, String::new());
        }
        (200, json!({"entries": self.after(after), "state": {"open": true, "wait_s": 60}}).to_string())
    }
}

/// A stream that is open: what it has given.
struct Stream {
    token: u32,
    given: u32,
}

struct World {
    server: Server,
    chat: Chat,
    now: Millis,
    kept: String,
    stream: Option<Stream>,
    /// A poll that waits: its number, and after what.
    waiting: Option<(u32, u32)>,
    /// Answers that are still under way.
    late: VecDeque<(u32, u16, String)>,
    /// What becomes of the next requests; nothing: they are answered.
    fates: VecDeque<u8>,
    offline: bool,
    said: Vec<String>,
    /// What stands on the page: entries, and what is below them.
    drawn: Vec<Value>,
    below: Vec<(u32, String, Sent)>,
    pages: u32,
}

impl World {
    fn new(fates: Vec<u8>) -> Self {
        let mut world = Self {
            server: Server::default(),
            chat: Chat::new(Scene::default()),
            now: START,
            kept: String::new(),
            stream: None,
            waiting: None,
            late: VecDeque::new(),
            fates: fates.into(),
            offline: false,
            said: Vec::new(),
            drawn: Vec::new(),
            below: Vec::new(),
            pages: 0,
        };
        world.page();
        world
    }

    /// The tab goes to another page: what the old one was told after this it does not hear.
    fn page(&mut self) {
        self.tell(Cue::Left);
        self.chat = Chat::new(Scene { key: "pk".to_owned(), lang: "en".to_owned(), page: "/".to_owned() });
        (self.stream, self.waiting) = (None, None);
        self.late.clear();
        self.drawn.clear();
        self.below.clear();
        self.pages += 1;
        let entropy = format!("{:_<32}", self.pages);
        let kept = self.kept.clone();
        self.tell(Cue::Begin { entropy: &entropy, kept: &kept });
        if self.offline {
            self.tell(Cue::Online(false));
        }
    }

    fn tell(&mut self, cue: Cue<'_>) {
        self.chat.handle(self.now, cue);
        while let Some(wish) = self.chat.poll() {
            self.grant(wish);
        }
        assert!(self.chat.deadline().is_none_or(|due| due >= self.now));
    }

    fn fate(&mut self) -> u8 {
        if self.offline { 1 } else { self.fates.pop_front().unwrap_or_default() % 8 }
    }

    fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::State { token } => {
                let fate = self.fate();
                self.answer(fate, token, (200, r#"{"polku_chat":1,"open":true}"#.to_owned()));
            }
            Wish::Post { token, name, body } => match self.fate() {
                // It never arrives.
                1 | 3 => self.late.push_back((token, 0, String::new())),
                // It arrives, and nobody hears of it.
                2 => {
                    self.server.post(&name, &body);
                    self.late.push_back((token, 0, String::new()));
                }
                fate => {
                    let answer = self.server.post(&name, &body);
                    self.answer(fate, token, answer);
                }
            },
            Wish::Poll { token, name, after, wait } => {
                let fate = self.fate();
                if fate == 0 && wait > 0 && self.server.after(after).is_empty() {
                    self.waiting = Some((token, after));
                } else {
                    let answer = self.server.poll(&name, after);
                    self.answer(fate, token, answer);
                }
            }
            Wish::Stream { token, name, after } => {
                assert_eq!(name, self.server.name);
                match self.fate() {
                    1..=3 => self.late.push_back((token, 1_000, String::new())),
                    _ => self.stream = Some(Stream { token, given: after }),
                }
            }
            Wish::Hang => (self.stream, self.waiting) = (None, None),
            Wish::Entry { json, .. } => {
                let entry: Value = serde_json::from_str(&json).unwrap();
                if entry["by"] == "shopper" {
                    self.below.retain(|(n, ..)| entry["n"] != *n);
                }
                self.drawn.push(entry);
            }
            Wish::Mine { n, sent, text } => {
                let text: String = serde_json::from_str(&format!("\"{text}\"")).unwrap();
                match self.below.iter_mut().find(|(known, ..)| *known == n) {
                    Some(mine) => mine.2 = sent,
                    None => self.below.push((n, text, sent)),
                }
                self.below.retain(|(.., sent)| *sent != Sent::Gone);
            }
            Wish::Keep(line) => self.kept = line,
            Wish::Status(json) => drop(serde_json::from_str::<Value>(&json).unwrap()),
            Wish::Clear => panic!("nobody wanted another conversation"),
        }
    }

    /// An answer, as the line lets it through.
    fn answer(&mut self, fate: u8, token: u32, (status, body): (u16, String)) {
        let cut = body.floor_char_boundary(body.len() / 2);
        self.late.push_back(match fate {
            1..=3 => (token, 0, String::new()),
            4 => (token, 503, String::new()),
            5 => (token, 200, "<html>Log in to our network</html>".to_owned()),
            6 => (token, 200, body[..cut].to_owned()),
            _ => (token, status, body),
        });
    }

    /// What is under way arrives, the `nth` of it first.
    fn arrive(&mut self, nth: usize) {
        if self.late.is_empty() {
            return;
        }
        let (token, status, body) = self.late.remove(nth % self.late.len()).unwrap();
        match status {
            1_000 => self.tell(Cue::Broke { token, status: 0 }),
            status => self.tell(Cue::Answered { token, status, after: 0, body: &body }),
        }
    }

    /// What is new flows over the stream, as far as `bytes`, some of it twice, and then it is cut; or all of it, and it stays.
    fn flow(&mut self, bytes: usize, twice: bool, cut: bool) {
        if let Some((token, after)) = self.waiting
            && !self.server.after(after).is_empty()
        {
            self.waiting = None;
            let name = self.server.name.clone();
            let (status, body) = self.server.poll(&name, after);
            return self.tell(Cue::Answered { token, status, after: 0, body: &body });
        }
        let Some(Stream { token, given }) = self.stream else { return };
        let mut text = ": there\n\n".to_owned();
        // A server that is out of order leaves one out.
        let skipped = usize::from(bytes % 7 == 1);
        for entry in self.server.after(if twice { given.saturating_sub(2) } else { given }).iter().skip(skipped) {
            let _ = write!(text, "id: {}\nevent: entry\ndata: {entry}\n\n", entry["seq"]);
        }
        text.push_str("event: state\ndata: {\"open\":true,\"place\":2}\n\n");
        if cut {
            text.truncate(whole(&text, bytes % (text.len() + 1)));
        }
        let half = whole(&text, text.len() / 2);
        self.tell(Cue::Bytes { token, text: &text[..half] });
        self.tell(Cue::Bytes { token, text: &text[half..] });
        match &mut self.stream {
            Some(stream) if stream.token == token && !cut => stream.given = self.server.entries.len() as u32,
            _ if cut => {
                self.stream = None;
                self.tell(Cue::Broke { token, status: 200 });
            }
            _ => {}
        }
    }

    /// Time passes until something is due.
    fn pass(&mut self) {
        if let Some(due) = self.chat.deadline() {
            self.now = due;
            self.tell(Cue::Tick);
        }
    }

    /// What stands on the page is what the server has, in its order, as far as it has come; nothing stands there twice.
    fn check(&self) {
        assert!(self.drawn.len() <= self.server.entries.len());
        assert_eq!(self.drawn, self.server.entries[..self.drawn.len()]);
        for (n, ..) in &self.below {
            assert!(
                !self.drawn.iter().any(|entry| entry["by"] == "shopper" && entry["n"] == *n),
                "{n} stands there twice"
            );
        }
    }
}

/// The place at or before `at` that cuts no character.
fn whole(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[derive(Clone, Debug)]
enum Deed {
    Say,
    Reply,
    Arrive(usize),
    Flow(usize, bool, bool),
    Pass,
    Wait(u64),
    Page,
    Hide,
    Show,
    Offline,
    Online,
    Retry,
    Left,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => Just(Deed::Say),
        3 => Just(Deed::Reply),
        6 => (0_usize..4).prop_map(Deed::Arrive),
        6 => (0_usize..4_000, any::<bool>(), any::<bool>()).prop_map(|(bytes, twice, cut)| Deed::Flow(bytes, twice, cut)),
        3 => Just(Deed::Pass),
        2 => (1_u64..60_000).prop_map(Deed::Wait),
        2 => Just(Deed::Page),
        1 => Just(Deed::Hide),
        1 => Just(Deed::Show),
        1 => Just(Deed::Offline),
        1 => Just(Deed::Online),
        1 => Just(Deed::Retry),
        1 => Just(Deed::Left),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_lost_nothing_comes_twice_and_the_order_is_the_servers(
        deeds in prop::collection::vec(deed(), 0..120),
        fates in prop::collection::vec(0_u8..8, 0..60),
    ) {
        let mut world = World::new(fates);
        for deed in deeds {
            match deed {
                Deed::Say => {
                    let text = format!("message {} \"ä\\", world.said.len());
                    world.tell(Cue::Say(&text));
                    world.said.push(text);
                }
                Deed::Reply if !world.server.name.is_empty() => {
                    let text = format!("answer {}", world.server.entries.len());
                    world.server.put(json!({"by": "person", "name": "Maija", "text": text}));
                }
                Deed::Reply => {}
                Deed::Arrive(nth) => world.arrive(nth),
                Deed::Flow(bytes, twice, cut) => world.flow(bytes, twice, cut),
                Deed::Pass => world.pass(),
                Deed::Wait(ms) => {
                    let end = world.now.plus(ms);
                    while world.chat.deadline().is_some_and(|due| due <= end) {
                        world.pass();
                    }
                    world.now = end;
                }
                Deed::Page => world.page(),
                Deed::Hide => world.tell(Cue::Hidden(true)),
                Deed::Show => world.tell(Cue::Hidden(false)),
                Deed::Offline => {
                    world.offline = true;
                    world.tell(Cue::Online(false));
                }
                Deed::Online => {
                    world.offline = false;
                    world.tell(Cue::Online(true));
                }
                Deed::Retry => world.tell(Cue::Retry),
                Deed::Left => {
                    // Into the back/forward cache, and back.
                    world.tell(Cue::Left);
                    world.late.clear();
                    world.tell(Cue::Hidden(false));
                }
            }
            world.check();
        }
        // All is well again.
        world.fates.clear();
        world.offline = false;
        world.tell(Cue::Online(true));
        world.tell(Cue::Hidden(false));
        for _ in 0..200 {
            while !world.late.is_empty() {
                world.arrive(0);
            }
            world.flow(0, false, false);
            world.check();
            if world.below.is_empty() && world.drawn.len() == world.server.entries.len() && world.late.is_empty() {
                break;
            }
            world.pass();
        }
        let theirs: Vec<&str> =
            world.server.entries.iter().filter(|entry| entry["by"] == "shopper").map(|entry| entry["text"].as_str().unwrap()).collect();
        prop_assert_eq!(theirs, world.said.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(&world.drawn, &world.server.entries);
        prop_assert!(world.below.is_empty(), "{:?}", world.below);
        // A page later all of it stands there again.
        world.page();
        for _ in 0..5 {
            while !world.late.is_empty() {
                world.arrive(0);
            }
            world.flow(0, false, false);
        }
        prop_assert_eq!(&world.drawn, &world.server.entries);
    }
}
