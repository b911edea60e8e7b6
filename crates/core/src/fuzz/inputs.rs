//! Whole sequences of inputs: whatever a page, its shopper, its storage and its collectors do, in whatever order.

use arbitrary::{Arbitrary, Unstructured};

use super::shell::Shell;
use crate::input::{Arrival, Input, Observation, Outcome, Pointer, PromptEvent, Source, What};
use crate::time::Millis;
use crate::{Config, Mode, Name, Rules, Sight, words};

/// Things that happen, at most.
const MOST: usize = 300;

/// A text: one that means something where it stands, or any.
#[derive(Arbitrary, Debug)]
enum Text<'a> {
    Known(u8),
    Free(&'a str),
}

impl<'a> Text<'a> {
    fn of(&self, known: &[&'a str]) -> &'a str {
        match self {
            Self::Known(at) => known[usize::from(*at) % known.len()],
            Self::Free(text) => text,
        }
    }
}

/// One thing that happens.
#[derive(Arbitrary, Debug)]
enum Act<'a> {
    /// This many ms pass, times a power of ten.
    Wait(u8, u8),
    Page(Text<'a>, Text<'a>, bool, u8),
    Track(u8, Text<'a>, u8),
    Many(u8, u8),
    TrackAny(&'a str),
    Found(u8, Text<'a>, u8),
    Consent(Option<bool>, Option<bool>, Option<bool>, bool, Text<'a>),
    Withdraw,
    Withdrawn,
    Variant(Text<'a>, Text<'a>),
    Hide(bool),
    Settle,
    Flush,
    Online,
    Listen(u8),
    Open(Text<'a>, bool),
    Shown,
    Answer(Text<'a>),
    Closed(Text<'a>),
    Offsite(Text<'a>),
    Entropy,
    /// A collector answers the request at this place as it should; or in any way.
    Deliver(u8),
    DeliverAny(u8, u16, Text<'a>, Option<u32>),
    /// Nobody knows of this request.
    DeliverNone(u32),
    NoAnswer(u8),
    /// Storage is full, or answers when it is asked to.
    Full(bool),
    Slow(bool),
    Storage,
    Unshelved(u32),
    /// Another document: the page was left before, or torn away.
    Reload(bool),
    /// It comes back from the back/forward cache.
    Back(Text<'a>),
    Clock(u32),
    Observe(u8, Text<'a>, u32),
    Click(u8, Text<'a>, bool),
}

const PATHS: [&str; 9] = [
    "/",
    "/p/espresso-77?x=1",
    "/c/\"coffee\"",
    "/thanks",
    "/faq?utm_source=news&utm_medium=email&polku_touch=event&polku_stage=advocacy",
    "/cart",
    "/checkout",
    "/?polku_ignore=1",
    "/ä/%F0%9F%98%80?gclid=1",
];

const REFERRERS: [&str; 3] = ["", "https://search.example/?q=cup", "android-app://com.example/"];

const DATA: [&str; 8] = [
    "",
    "{}",
    r#"{"value":47.9,"currency":"EUR","items":[{"item_id":"SKU-1","price":"1249,00","quantity":2}]}"#,
    r#"{"transaction_id":"KK-1","value":1}"#,
    r#"{"transaction_id":"KK-2","value":1e300}"#,
    r#"{"search_term":"anna@example.fi \"kahvi\"\n","results":0}"#,
    r#"{"kind":"instructions"}"#,
    "[not json",
];

const FOUND: [&str; 4] = [
    r#"{"count":3,"confidence":0.9,"target":"button#add"}"#,
    r#"{"name":"LCP","value":2600,"rating":"needs-improvement"}"#,
    r#"{"tab":"k3v9a","rev":1,"path":[],"stages":{}}"#,
    "{}",
];

const REPLIES: [&str; 5] = [
    "",
    r#"{"accepted":1,"duplicate":0,"rejected":[]}"#,
    r#"{"accepted":0,"duplicate":1,"rejected":[{"seq":1,"why":"name"}]}"#,
    r#"{"accepted":99999999999999999999}"#,
    "<html>",
];

const REPORTS: [&str; 5] = [
    r#"{"step":"a","rev":1,"ask":"nps","score":9}"#,
    r#"{"step":"a","rev":2,"ask":"text","text":"hyvä \"kauppa\""}"#,
    r#"{"reason":"completed","partial":false}"#,
    r#"{"reason":"dismissed","partial":true}"#,
    "{",
];

const TARGETS: [&str; 7] =
    ["", "email", "LCP\nimg#hero", "CLS", "price\n47,90 \u{20ac} \"nyt\"", "/api/cart", "TypeError /app.js:1:23"];

const RULES: [&str; 6] = [
    "",
    ",18446744073709551615,50,20000,23,6",
    ",7,1,1000,0,2",
    ",18446744073709551615,100,48000,48,1",
    ",18446744073709551615,100,48000,48,12",
    ",4095,20,9000,48,0",
];

const ARRIVALS: [Arrival; 5] = [Arrival::Load, Arrival::Reload, Arrival::Route, Arrival::Restored, Arrival::Named];

const SOURCES: [Source; 6] =
    [Source::Api, Source::Attribute, Source::Layer, Source::Platform, Source::Schema, Source::Url];

/// Lets anything happen.
pub fn inputs(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    let Ok((flags, lanes)) = bytes.arbitrary::<(u8, [u8; 3])>() else { return };
    let is = |bit: u8| flags & 1 << bit != 0;
    let rules = |at: u8| Rules::read(RULES[usize::from(at) % RULES.len()]);
    let config = Config {
        key: "pk".to_owned(),
        lang: "fi".to_owned(),
        mode: if is(0) { Mode::Feedback } else { Mode::Strict },
        sensitive: is(1),
        gpc_wins: is(3),
        lanes: lanes[..usize::from(flags >> 6)].iter().map(|at| rules(*at)).collect(),
        ..Config::default()
    };
    let mut shell = Shell::new(config);
    for _ in 0..MOST {
        let Ok(act) = bytes.arbitrary::<Act<'_>>() else { break };
        if cfg!(test) {
            // Read where a test fails.
            println!("{} {act:?}", shell.now.0);
        }
        happen(&mut shell, &act);
        if bytes.is_empty() {
            break;
        }
    }
    shell.settle();
    if let Some([captured, sent, queued]) = shell.books() {
        assert!(sent + queued <= captured, "sent {sent}, queued {queued} of {captured}");
    }
}

fn happen<'a>(shell: &mut Shell, act: &Act<'a>) {
    let name = |at: u8| Name::ALL[usize::from(at) % Name::ALL.len()].as_str();
    match act {
        Act::Wait(ms, power) => shell.wait(u64::from(*ms) * 10_u64.pow(u32::from(power % 6))),
        Act::Page(path, referrer, own_host, how) => shell.input(Input::Page {
            path: path.of(&PATHS),
            referrer: referrer.of(&REFERRERS),
            own_host: *own_host,
            how: ARRIVALS[usize::from(*how) % ARRIVALS.len()],
        }),
        Act::Track(at, data, source) => {
            let data = data.of(&DATA);
            let source = SOURCES[usize::from(*source) % SOURCES.len()];
            shell.input(Input::Track { name: name(*at), data: (!data.is_empty()).then_some(data), source });
        }
        Act::Many(at, times) => (0..*times).for_each(|_| shell.track(name(*at), DATA[2])),
        Act::TrackAny(name) => shell.track(name, ""),
        Act::Found(at, data, before) => {
            // The watcher writes what is fit to leave: here too it is whole.
            let data = FOUND[usize::from(if let Text::Known(at) = data { *at } else { 3 }) % FOUND.len()];
            let at_time = Millis(shell.now.0.saturating_sub(u64::from(*before) * 100));
            shell.input(Input::Found { name: name(*at), at: at_time, page: "/p/:id", data });
        }
        Act::Consent(measure, remember, feedback, earlier, policy) => {
            match measure {
                Some(true) => shell.granted |= !shell.config.gpc_wins,
                Some(false) if !shell.granted => {}
                _ => {}
            }
            shell.input(Input::Consent {
                measure: *measure,
                remember: *remember,
                feedback: *feedback,
                earlier: *earlier,
                by: "api",
                policy: policy.of(&["", "2026-11", "\"\u{e4}"]),
            });
        }
        Act::Withdraw => shell.input(Input::Withdraw),
        Act::Withdrawn => shell.input(Input::Withdrawn),
        Act::Variant(name, value) => {
            shell.input(Input::Variant { name: name.of(&["buy", "list"]), value: value.of(&["green", "red"]) });
        }
        Act::Hide(hidden) => shell.input(Input::Visibility { hidden: *hidden }),
        Act::Settle => shell.input(Input::Settle),
        Act::Flush => shell.input(Input::Flush),
        Act::Online => shell.input(Input::Online),
        Act::Listen(topics) => shell.input(Input::Listen(*topics)),
        Act::Open(id, auto) => {
            // The ids of definitions are plain words: `www/part/prompts.js` lets no other pass.
            let id = id.of(&["order", "care"]);
            let id = if words::is_plain(id) { id } else { "any" };
            shell.input(Input::Open { id, version: 1, trigger: "purchase", sub: "", auto: *auto });
        }
        Act::Shown => shell.input(Input::Prompt(PromptEvent::Shown)),
        Act::Answer(report) => shell.input(Input::Prompt(PromptEvent::Answer(report.of(&REPORTS)))),
        Act::Closed(report) => shell.input(Input::Prompt(PromptEvent::Closed(report.of(&REPORTS)))),
        Act::Offsite(report) => shell.input(Input::Prompt(PromptEvent::Offsite(report.of(&REPORTS)))),
        Act::Entropy => {
            let fresh = shell.draw();
            shell.input(Input::Entropy(fresh));
        }
        Act::Deliver(place) => {
            if let Some(flight) = shell.flights.get(usize::from(*place)) {
                let (status, body) = Shell::reply(&flight.body);
                shell.deliver(usize::from(*place), Outcome::Reply { status, body: &body, retry_after: None });
            }
        }
        Act::DeliverAny(place, status, body, retry_after) => {
            let statuses = [200, 204, 302, 400, 401, 408, 410, 413, 422, 429, 500, 503, status % 600];
            let status = statuses[usize::from(*status >> 8) % statuses.len()];
            let outcome = Outcome::Reply { status, body: body.of(&REPLIES), retry_after: *retry_after };
            shell.deliver(usize::from(*place), outcome);
        }
        Act::DeliverNone(batch) => {
            let known = shell.flights.iter().any(|flight| flight.batch == *batch);
            if !known {
                shell.input(Input::Delivered { batch: *batch, outcome: Outcome::NoAnswer });
            }
        }
        Act::NoAnswer(place) => shell.deliver(usize::from(*place), Outcome::NoAnswer),
        Act::Full(full) => shell.full = *full,
        Act::Slow(slow) => shell.slow = *slow,
        Act::Storage => shell.answer_storage(),
        Act::Unshelved(slot) => shell.input(Input::Unshelved(*slot)),
        Act::Reload(left) => {
            if *left {
                shell.input(Input::Visibility { hidden: true });
            }
            shell.reload();
        }
        Act::Back(path) => {
            shell.input(Input::Visibility { hidden: true });
            shell.input(Input::Page { path: path.of(&PATHS), referrer: "", own_host: true, how: Arrival::Restored });
            shell.input(Input::Visibility { hidden: false });
        }
        // A clock that is set, forward or back.
        Act::Clock(seconds) => {
            shell.now = Millis((shell.now.0 + u64::from(*seconds) * 10).saturating_sub(u64::from(u32::MAX) * 5));
        }
        Act::Observe(what, target, number) => {
            let what = What::ALL[usize::from(*what) % What::ALL.len()];
            shell.see(Sight::Observed(Observation { what, target: target.of(&TARGETS), number: *number }));
        }
        Act::Click(x, target, interactive) => {
            let target = target.of(&["button#add", "a", "div"]);
            let (x, interactive) = (i32::from(*x), *interactive);
            shell.see(Sight::Pointer(Pointer { x, y: 7, target, role: "button", label: "Add", interactive }));
        }
    }
}
