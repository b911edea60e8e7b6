//! Single steps of a conversation; whole ones, with everything that a line can do to them, are in `tests/chat.rs`.

use super::*;

const START: Millis = Millis(1_795_284_000_000);
const ENTROPY: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_@";

struct Page {
    chat: Chat,
    now: Millis,
    done: Vec<Wish>,
}

impl Page {
    fn open(kept: &str) -> Self {
        let scene = Scene { key: "pk_demo".to_owned(), lang: "fi".to_owned(), page: "/p/:id".to_owned() };
        let mut page = Self { chat: Chat::new(scene), now: START, done: Vec::new() };
        page.tell(Cue::Begin { entropy: ENTROPY, kept });
        page
    }

    fn tell(&mut self, cue: Cue<'_>) -> &mut Self {
        self.chat.handle(self.now, cue);
        while let Some(wish) = self.chat.poll() {
            self.done.push(wish);
        }
        self
    }

    fn wait(&mut self, ms: u64) -> &mut Self {
        let end = self.now.plus(ms);
        while let Some(due) = self.chat.deadline().filter(|due| *due <= end) {
            self.now = due;
            self.tell(Cue::Tick);
        }
        self.now = end;
        self
    }

    fn posts(&self) -> Vec<(u32, serde_json::Value)> {
        let body = |wish: &Wish| match wish {
            Wish::Post { token, body, .. } => Some((*token, serde_json::from_str(body).unwrap())),
            _ => None,
        };
        self.done.iter().filter_map(body).collect()
    }

    fn token(&self) -> u32 {
        let listened = |wish: &Wish| match wish {
            Wish::Stream { token, .. } | Wish::Poll { token, .. } => Some(*token),
            _ => None,
        };
        self.done.iter().rev().find_map(listened).unwrap()
    }

    fn status(&self) -> serde_json::Value {
        let said = |wish: &Wish| match wish {
            Wish::Status(json) => Some(serde_json::from_str(json).unwrap()),
            _ => None,
        };
        self.done.iter().rev().find_map(said).unwrap()
    }

    fn kept(&self) -> &str {
        let kept = |wish: &'_ Wish| matches!(wish, Wish::Keep(_));
        match self.done.iter().rev().find(|wish| kept(wish)) {
            Some(Wish::Keep(line)) => line,
            _ => "",
        }
    }

    fn answer(&mut self, status: u16, body: &str) -> &mut Self {
        let token = self.posts().last().unwrap().0;
        self.tell(Cue::Answered { token, status, after: 0, body })
    }

    /// Says something, which arrives; and listens.
    fn begun() -> Self {
        let mut page = Self::open("");
        page.tell(Cue::Say("Hei"));
        page.answer(200, r#"{"entries":[{"seq":1,"at":1,"by":"shopper","n":1,"text":"Hei"}],"last":1}"#);
        page
    }
}

#[test]
fn nothing_is_kept_or_sent_before_something_is_said() {
    let mut page = Page::open("");
    page.tell(Cue::Hidden(true)).tell(Cue::Hidden(false)).tell(Cue::Say(" \u{202e} ")).wait(600_000);
    assert!(page.posts().is_empty() && page.kept().is_empty());
    assert!(page.done.iter().all(|wish| matches!(wish, Wish::State { .. } | Wish::Status(_))), "{:?}", page.done);
}

#[test]
fn the_first_message_names_the_conversation() {
    let page = Page::begun();
    let posts = page.posts();
    assert_eq!(
        posts[0].1,
        serde_json::json!({"polku_chat": 1, "key": "pk_demo", "lang": "fi", "page": "/p/:id", "say": [{"n": 1, "text": "Hei"}]})
    );
    let Some(Wish::Stream { name, after: 1, .. }) = page.done.iter().find(|wish| matches!(wish, Wish::Stream { .. }))
    else {
        panic!("{:?}", page.done);
    };
    assert_eq!(name.len(), 26);
    assert!(name.bytes().all(|byte| b"0123456789abcdefghjkmnpqrstvwxyz".contains(&byte)));
    assert_eq!(page.status()["phase"], "waiting");
}

#[test]
fn two_dry_streams_are_followed_by_polls_and_a_minute_later_by_a_stream() {
    let mut page = Page::begun();
    for _ in 0..2 {
        let token = page.token();
        page.tell(Cue::Broke { token, status: 0 }).wait(3_000);
    }
    assert!(matches!(page.done.last(), Some(Wish::Poll { after: 1, wait: 25, .. })), "{:?}", page.done);
    assert_eq!(page.status()["lost"], false);
    let token = page.token();
    page.now = page.now.plus(25_000);
    page.tell(Cue::Answered { token, status: 200, after: 0, body: r#"{"entries":[]}"# });
    assert!(matches!(page.done.last(), Some(Wish::Poll { .. })));
    let token = page.token();
    page.now = page.now.plus(40_000);
    page.tell(Cue::Answered { token, status: 200, after: 0, body: r#"{"entries":[]}"# });
    assert!(matches!(page.done.last(), Some(Wish::Stream { .. })));
}

#[test]
fn a_server_that_does_not_wait_is_not_stormed() {
    let mut page = Page::begun();
    for _ in 0..2 {
        let token = page.token();
        page.tell(Cue::Broke { token, status: 0 }).wait(3_000);
    }
    let before = page.done.len();
    for _ in 0..50 {
        let token = page.token();
        page.tell(Cue::Answered { token, status: 200, after: 0, body: r#"{"entries":[]}"# }).wait(100);
    }
    let polls = page.done[before..].iter().filter(|wish| matches!(wish, Wish::Poll { .. })).count();
    assert!((3..=6).contains(&polls), "{polls} in five seconds");
}

#[test]
fn a_silent_stream_is_dead() {
    let mut page = Page::begun();
    let token = page.token();
    page.tell(Cue::Bytes { token, text: ": hi\n\n" }).wait(39_000);
    assert_eq!(page.token(), token);
    page.wait(5_000);
    assert!(page.done.contains(&Wish::Hang) && page.token() != token);
}

#[test]
fn nothing_is_polled_while_nobody_looks() {
    let mut page = Page::begun();
    let token = page.token();
    page.tell(Cue::Bytes { token, text: ": there\n\n" }).tell(Cue::Hidden(true));
    for _ in 0..3 {
        page.wait(19_000).tell(Cue::Bytes { token, text: ": there\n\n" });
    }
    assert!(!page.done.contains(&Wish::Hang), "the stream may go on for a minute");
    page.wait(4_000);
    assert!(page.done.contains(&Wish::Hang));
    let before = page.done.len();
    page.wait(3_600_000);
    assert_eq!(page.done.len(), before);
    page.tell(Cue::Hidden(false));
    assert!(page.done[before..].iter().any(|wish| matches!(wish, Wish::Stream { .. })));
}

#[test]
fn what_will_not_be_taken_is_told_and_the_rest_goes_on() {
    let mut page = Page::begun();
    page.tell(Cue::Online(false)).tell(Cue::Say("one")).tell(Cue::Say("two")).tell(Cue::Online(true));
    assert_eq!(page.posts().last().unwrap().1["say"].as_array().unwrap().len(), 2);
    page.answer(413, "");
    assert_eq!(page.posts().last().unwrap().1["say"].as_array().unwrap().len(), 1);
    page.answer(400, r#"{"error":"no"}"#);
    assert!(page.done.iter().any(|wish| matches!(wish, Wish::Mine { n: 2, sent: Sent::Refused, .. })));
    assert_eq!(page.posts().last().unwrap().1["say"][0]["n"], 3);
    assert_eq!(page.status()["refused"], true);
    page.answer(200, r#"{"entries":[{"seq":2,"by":"shopper","n":3,"text":"two"}],"last":2}"#);
    page.tell(Cue::Retry);
    assert_eq!(page.posts().last().unwrap().1["say"][0]["n"], 2);
}

#[test]
fn a_journey_goes_once_and_alone_is_no_reason_to_lose_a_message() {
    let mut page = Page::open("");
    page.tell(Cue::Journey(r#"{"stage":"decision"}"#)).tell(Cue::Say("Hei"));
    assert_eq!(page.posts()[0].1["journey"]["stage"], "decision");
    page.answer(400, r#"{"error":"what is this","field":"journey"}"#);
    assert!(page.posts()[1].1.get("journey").is_none());
    assert_eq!(page.posts()[1].1["say"][0]["n"], 1);
    for no in ["[]", "{", "", "x"] {
        let mut page = Page::open("");
        page.tell(Cue::Journey(no)).tell(Cue::Say("Hei"));
        assert!(page.posts()[0].1.get("journey").is_none(), "{no}");
    }
}

#[test]
fn retry_after_is_kept_to() {
    let mut page = Page::open("");
    page.tell(Cue::Say("Hei"));
    let token = page.posts()[0].0;
    page.tell(Cue::Answered { token, status: 429, after: 20, body: "" }).wait(19_000);
    assert_eq!(page.posts().len(), 1);
    assert_eq!(page.status()["unsent"], true);
    page.wait(2_000);
    assert_eq!(page.posts().len(), 2);
}

#[test]
fn a_page_of_some_hotel_is_no_answer() {
    let mut page = Page::open("");
    page.tell(Cue::Say("Hei")).answer(200, "<html>Welcome to our network</html>").wait(2_000);
    assert_eq!(page.posts().len(), 2, "it is sent again");
}

#[test]
fn a_copy_of_the_tab_that_says_something_takes_no_number_away() {
    let kept = Page::begun().kept().to_owned();
    let mut copy = Page::open(&kept);
    copy.tell(Cue::Say("from the copy"));
    assert!(copy.posts().is_empty(), "first it is seen what is there");
    let token = copy.token();
    let body = r#"{"entries":[{"seq":1,"by":"shopper","n":1,"text":"Hei"},{"seq":2,"by":"shopper","n":2,"text":"from the first"}]}"#;
    copy.tell(Cue::Answered { token, status: 200, after: 0, body });
    assert_eq!(copy.posts()[0].1["say"], serde_json::json!([{"n": 3, "text": "from the copy"}]));
}

#[test]
fn it_is_forgotten_here_once_it_is_forgotten_there() {
    let mut page = Page::begun();
    page.tell(Cue::Forget);
    let (token, body) = page.posts().last().unwrap().clone();
    assert_eq!(body, serde_json::json!({"polku_chat": 1, "key": "pk_demo", "forget": true}));
    assert_eq!(page.status()["erasing"], true);
    page.tell(Cue::Answered { token, status: 0, after: 0, body: "" });
    // On the next page it is still to be forgotten.
    let kept = page.kept().to_owned();
    let mut next = Page::open(&kept);
    assert_eq!(next.posts()[0].1["forget"], true);
    next.answer(200, r#"{"erased":true}"#);
    assert_eq!(next.status()["phase"], "forgotten");
    assert_eq!(next.done.iter().rev().find(|wish| matches!(wish, Wish::Keep(_))), Some(&Wish::Keep(String::new())));
    next.tell(Cue::Say("no"))
        .tell(Cue::Anew { entropy: "_____________________________~~~" })
        .tell(Cue::Say("Hei taas"));
    assert_eq!(next.posts().last().unwrap().1["say"], serde_json::json!([{"n": 1, "text": "Hei taas"}]));
}

#[test]
fn what_the_server_has_no_longer_begins_anew_with_what_was_not_sent() {
    let mut page = Page::begun();
    page.tell(Cue::Say("still here?")).answer(410, "");
    assert_eq!(page.status()["phase"], "gone");
    page.tell(Cue::Anew { entropy: "____________________________~~~~" });
    assert_eq!(page.posts().last().unwrap().1["say"], serde_json::json!([{"n": 1, "text": "still here?"}]));
    assert_eq!(page.status()["phase"], "waiting");
}

#[test]
fn the_end_and_what_is_said_after_it() {
    let mut page = Page::begun();
    page.tell(Cue::End);
    assert_eq!(page.posts().last().unwrap().1["end"], true);
    page.answer(200, r#"{"entries":[],"last":2}"#);
    assert_eq!(page.status()["phase"], "ended");
    page.tell(Cue::Say("one more thing"));
    page.answer(200, r#"{"entries":[{"seq":3,"by":"shopper","n":2,"text":"one more thing"}],"last":3}"#);
    assert_eq!(page.status()["phase"], "waiting");
    let token = page.token();
    page.tell(Cue::Bytes {
        token,
        text: "event: entry\ndata: {\"seq\":2,\"by\":\"house\",\"what\":\"ended\"}\n\nevent: entry\ndata: {\"seq\":3,\"by\":\"shopper\",\"n\":2,\"text\":\"one more thing\"}\n\n",
    });
    assert_eq!(page.status()["phase"], "waiting");
    page.tell(Cue::Bytes {
        token,
        text: "event: entry\ndata: {\"seq\":4,\"by\":\"person\",\"name\":\"Maija\",\"text\":\"Yes?\"}\n\n",
    });
    assert_eq!((&page.status()["phase"], &page.status()["with"]), (&"with".into(), &"Maija".into()));
}

#[test]
fn numbers_that_are_missing_for_good_are_passed_over() {
    let mut page = Page::begun();
    for _ in 0..10 {
        let token = page.token();
        page.tell(Cue::Bytes { token, text: "event: entry\ndata: {\"seq\":9,\"by\":\"bot\",\"text\":\"?\"}\n\n" })
            .wait(5_000);
    }
    let drawn = |wish: &&Wish| matches!(wish, Wish::Entry { json, .. } if json.contains("\"seq\":9"));
    assert_eq!(page.done.iter().filter(drawn).count(), 1);
}

#[test]
fn another_server_altogether_is_none() {
    for (status, body) in [(404, ""), (200, "<html>"), (200, "{}"), (403, "")] {
        let mut page = Page::open("");
        let Some(Wish::State { token }) = page.done.first().cloned() else { panic!() };
        page.tell(Cue::Answered { token, status, after: 0, body });
        assert_eq!(page.status()["phase"], "off", "{status} {body}");
    }
    let mut page = Page::open("");
    let Some(Wish::State { token }) = page.done.first().cloned() else { panic!() };
    page.tell(Cue::Answered {
        token,
        status: 200,
        after: 0,
        body: r#"{"polku_chat":1,"open":false,"opens":1795287600}"#,
    });
    assert_eq!(
        (&page.status()["phase"], &page.status()["open"], &page.status()["opens"]),
        (&"new".into(), &false.into(), &1_795_287_600_i64.into())
    );
    // It is asked again when it should have opened.
    page.wait(3_600_000);
    assert!(page.done.iter().filter(|wish| matches!(wish, Wish::State { .. })).count() == 2);
}

proptest::proptest! {
    #[test]
    fn anything_that_was_kept_and_anything_that_comes_is_survived(kept in ".*", body in ".*", status in 0_u16..600, piece in ".*") {
        let mut page = Page::open(&kept);
        page.tell(Cue::Say("Hei"));
        for token in 0..8 {
            page.tell(Cue::Answered { token, status, after: u32::MAX, body: &body });
            page.tell(Cue::Bytes { token, text: &piece }).tell(Cue::Broke { token, status }).wait(50_000);
        }
    }
}
