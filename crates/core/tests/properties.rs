//! What holds in every world: whatever shoppers do, whatever the network does, in whatever order.
//!
//! The worlds are the same ones in each run. `POLKU_CASES` sets how many each property is tried in, and takes others each time: so are new
//! ones found.
#![allow(clippy::unwrap_used)]

mod cases;
mod world;

use std::collections::BTreeMap;

use polku_core::{
    Arrival, Config, Effect, Input, Millis, Mode, Money, Observation, Outcome, Pointer, PromptEvent, Sight, Source,
    Watched, What,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use cases::cases;
use world::collector::number;
use world::link::Faults;
use world::{BEGIN, MINUTE, SECOND, Tab, World, answered, decision, ended};

/// Something that happens in a shop.
#[derive(Clone, Copy, Debug)]
enum Act {
    Wait(u64),
    Track(&'static str, &'static str),
    Many(u8),
    Rage(i32),
    Observe(usize, &'static str, u32),
    Go(&'static str, bool),
    Back,
    Hide,
    Show,
    Flush,
    Switch(u8),
    Down(bool),
    Open,
    Answer(u32),
    Close(&'static str),
    Skew(i64),
}

const DATA: [&str; 6] = [
    "",
    "{}",
    r#"{"value":47.9,"currency":"EUR","items":[{"item_id":"SKU-1","price":"1249,00","quantity":2}]}"#,
    r#"{"transaction_id":"KK-1","value":1}"#,
    r#"{"search_term":"anna@example.fi \"kahvi\"\n","results":0}"#,
    "[not json",
];

const NAMES: [&str; 14] = [
    "view_item_list",
    "view_item",
    "search",
    "search_no_results",
    "add_to_cart",
    "remove_from_cart",
    "begin_checkout",
    "payment_declined",
    "purchase",
    "help_view",
    "login",
    "share",
    "order_status_view",
    "no_such_name",
];

const PATHS: [&str; 5] = [
    "/",
    "/p/espresso-77?x=1",
    "/c/\"coffee\"",
    "/thanks",
    "/faq?utm_source=\"a&gclid=b&polku_touch=event&polku_stage=advocacy",
];

/// What observations are about, whichever they are.
const TARGETS: [&str; 7] =
    ["", "email", "LCP\nimg#hero", "CLS", "price\n47,90 \u{20ac} \"nyt\"", "/api/cart", "TypeError /app.js:1:23"];

fn observed_number() -> impl Strategy<Value = u32> {
    prop_oneof![0_u32..20_000, Just(500 << 20 | 120), any::<u32>()]
}

fn act() -> impl Strategy<Value = Act> {
    use Act::*;
    prop_oneof![
        4 => (0_u64..8_000).prop_map(Wait),
        1 => (0_u64..40 * MINUTE).prop_map(Wait),
        8 => (prop::sample::select(NAMES.to_vec()), prop::sample::select(DATA.to_vec())).prop_map(|(n, d)| Track(n, d)),
        1 => (1_u8..60).prop_map(Many),
        1 => (0_i32..60).prop_map(Rage),
        6 => (0..What::ALL.len(), prop::sample::select(TARGETS.to_vec()), observed_number())
            .prop_map(|(what, target, number)| Observe(what, target, number)),
        3 => (prop::sample::select(PATHS.to_vec()), any::<bool>()).prop_map(|(path, sleeps)| Go(path, sleeps)),
        2 => Just(Back),
        1 => Just(Hide),
        1 => Just(Show),
        1 => Just(Flush),
        1 => (0_u8..3).prop_map(Switch),
        1 => any::<bool>().prop_map(Down),
        1 => Just(Open),
        1 => (0_u32..11).prop_map(Answer),
        1 => prop::sample::select(vec!["completed", "dismissed", "snoozed"]).prop_map(Close),
        1 => (-20 * 60_000_i64..20 * 60_000).prop_map(Skew),
    ]
}

fn faults() -> impl Strategy<Value = Faults> {
    (0_u16..3_000, 0_u8..20, 0_u8..20, 0_u8..20, 0_u8..15, 0_u8..10, 0_u8..10).prop_map(
        |(slow, lost, answer_lost, doubled, broken, busy, nonsense)| Faults {
            slow,
            lost,
            answer_lost,
            doubled,
            broken,
            busy,
            nonsense,
            refused: 0,
        },
    )
}

/// A shop with three tabs, of which the shopper uses one at a time.
struct Shop {
    world: World,
    tabs: Vec<Tab>,
    at: usize,
}

impl Shop {
    fn new(seed: u64, mode: Mode, decided: Option<bool>, faults: Faults) -> Self {
        let mut world = World::new(seed);
        world.config.mode = mode;
        world.decided = decided;
        // Where more may be remembered, what is unsent outlives its visit.
        world.remember = Some(true);
        world.link.faults = faults;
        let tabs = vec![world.open("/")];
        Self { world, tabs, at: 0 }
    }

    fn run(&mut self, acts: &[Act]) {
        for &act in acts {
            self.act(act);
        }
    }

    fn act(&mut self, act: Act) {
        let tab = self.tabs[self.at];
        let world = &mut self.world;
        match act {
            Act::Wait(ms) => world.wait(ms),
            Act::Track(name, data) => world.track(tab, name, data),
            Act::Many(count) => (0..count).for_each(|_| world.track(tab, "help_view", "")),
            Act::Rage(x) => {
                for _ in 0..5 {
                    world.wait(100);
                    let pointer = Pointer { x, y: 1, target: "button", role: "button", label: "", interactive: true };
                    world.see(tab, Sight::Pointer(pointer));
                }
                // The burst ends before the page can: a scenario of its own tells why.
                world.wait(1_100);
            }
            Act::Observe(what, target, number) => {
                world.see(tab, Sight::Observed(Observation { what: What::ALL[what], target, number }));
            }
            Act::Go(path, sleeps) => world.go(tab, path, sleeps),
            Act::Back => {
                world.back(tab);
            }
            Act::Hide => world.hide(tab),
            Act::Show => world.show(tab),
            Act::Flush => world.input(tab, Input::Flush),
            Act::Switch(to) => {
                let to = usize::from(to);
                if to >= self.tabs.len() {
                    let new = world.open("/c/coffee");
                    self.tabs.push(new);
                }
                self.at = to.min(self.tabs.len() - 1);
            }
            Act::Down(down) => world.link.down = down,
            Act::Open => world.ask(tab, "order-nps", 1),
            Act::Answer(score) => {
                world.prompt(tab, PromptEvent::Shown);
                let answer = answered("score", 1, "nps", Some(score), Some("Hyvä \"kahvi\""), false);
                world.prompt(tab, answer);
            }
            Act::Close(reason) => world.prompt(tab, ended(reason, false)),
            Act::Skew(skew) => world.skew = skew,
        }
    }

    /// The network heals, and everything comes to rest.
    fn heal(&mut self) {
        self.world.link = Default::default();
        for &tab in &self.tabs {
            self.world.show(tab);
        }
        self.world.settle();
        // What a page that is left late puts on the shelf waits there for the tab's next page.
        for &tab in &self.tabs {
            self.world.go(tab, "/", false);
        }
        self.world.settle();
    }
}

/// How often each event occurs, under its journey.
fn count<'a>(events: impl Iterator<Item = (&'a str, &'a Value)>) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for (journey, event) in events {
        *counts.entry((journey.to_owned(), event.to_string())).or_default() += 1;
    }
    counts
}

fn captured(world: &World) -> BTreeMap<(String, String), usize> {
    count(world.captured().into_iter().map(|(journey, event)| (journey.as_str(), event)))
}

fn stored(world: &World) -> BTreeMap<(String, String), usize> {
    count(world.collector.events.iter().map(|((journey, ..), event)| (journey.as_str(), event)))
}

/// Per leg: numbers without gaps, time that does not run backwards, a stage that is not lost again.
fn check_legs(world: &World) {
    let mut before: Option<(&str, &str, u64, &Value)> = None;
    for ((journey, leg, seq), event) in &world.collector.events {
        match before.filter(|(id, of, ..)| id == journey && of == leg) {
            Some((.., last, earlier)) => {
                assert_eq!(*seq, last + 1, "leg {leg} has a gap");
                assert!(number(earlier, "at") <= number(event, "at"), "leg {leg}, {seq}");
                assert!(event.get("stage").is_some() || earlier.get("stage").is_none(), "leg {leg}, {seq}");
            }
            None => assert_eq!(*seq, 1, "leg {leg} has no beginning"),
        }
        before = Some((journey, leg, *seq, event));
    }
}

fn nothing_is_lost(seed: u64, faults: Faults, acts: Vec<Act>) {
    let mut shop = Shop::new(seed, Mode::Strict, Some(true), faults);
    shop.run(&acts);
    shop.heal();
    let world = &shop.world;
    assert_eq!(captured(world), stored(world));
    check_legs(world);
    for doc in world.docs.iter().filter(|doc| doc.life == world::Life::Awake) {
        let loss = &doc.journey()["loss"];
        // Two documents of a tab that overlap write one record: who goes back and leaves again at once may find less in it than there was.
        let lost = loss["dropped"]["page_lost"].as_u64().filter(|_| acts.iter().any(|act| matches!(act, Act::Back)));
        // Long lists of acts tell more of one name than a page may.
        let kept_back = loss["dropped"]["rate"].as_u64().unwrap_or_default();
        assert_eq!(number(loss, "captured"), number(loss, "sent") + lost.unwrap_or_default() + kept_back, "{loss}");
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn no_event_is_lost_or_doubled_once_the_network_heals(
        seed: u64,
        faults in faults(),
        acts in vec(act(), 1..60),
    ) {
        // A page that sleeps beyond the end of its visit has a property of its own, below.
        let sleeps = acts.iter().any(|act| matches!(act, Act::Back));
        let short = |act: Act| match act {
            Act::Wait(ms) if sleeps => Act::Wait(ms % (8 * SECOND)),
            Act::Skew(ms) if sleeps => Act::Skew(ms / 4),
            act => act,
        };
        nothing_is_lost(seed, faults, acts.into_iter().map(short).collect());
    }

    #[test]
    fn no_event_is_lost_however_long_a_page_slept(
        seed: u64,
        faults in faults(),
        acts in vec(act(), 1..60),
    ) {
        nothing_is_lost(seed, faults, acts);
    }

    #[test]
    fn events_arrive_in_their_order_while_the_page_is_seen(
        seed: u64,
        faults in faults(),
        acts in vec(act(), 1..60),
    ) {
        let seen = |act: &Act| !matches!(act, Act::Go(..) | Act::Back | Act::Hide | Act::Switch(_));
        let acts: Vec<Act> = acts.into_iter().filter(seen).collect();
        let mut shop = Shop::new(seed, Mode::Strict, Some(true), faults);
        shop.run(&acts);
        shop.heal();
        let mut last: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, leg, seq) in &shop.world.collector.arrivals {
            let last = last.entry(leg).or_default();
            prop_assert_eq!(*seq, *last + 1, "leg {}", leg);
            *last = *seq;
        }
    }

    #[test]
    fn time_does_not_run_backwards_in_a_tab(
        seed: u64,
        acts in vec(act(), 1..60),
    ) {
        let acts: Vec<Act> = acts.into_iter().filter(|act| !matches!(act, Act::Switch(_) | Act::Back)).collect();
        let mut shop = Shop::new(seed, Mode::Strict, Some(true), Faults::default());
        shop.run(&acts);
        let mut last: BTreeMap<&str, u64> = BTreeMap::new();
        for (journey, event) in shop.world.captured() {
            let last = last.entry(journey).or_default();
            prop_assert!(*last <= number(event, "at"), "{event} after {last}");
            *last = number(event, "at");
        }
    }

    #[test]
    fn what_is_lost_for_good_is_declared(
        seed: u64,
        refused in 0_u8..40,
        lost in 0_u8..30,
        reject in prop::sample::subsequence(NAMES.to_vec(), 0..4),
        acts in vec(act(), 1..40),
    ) {
        // One journey in one tab, so that its books are whole at the end.
        let one = |act: &Act| !matches!(act, Act::Switch(_) | Act::Skew(_)) && !matches!(act, Act::Wait(ms) if *ms > 8_000);
        let acts: Vec<Act> = acts.into_iter().filter(one).collect();
        let mut shop = Shop::new(seed, Mode::Strict, Some(true), Faults { refused, lost, ..Faults::default() });
        shop.world.collector.rejects = reject;
        // What one of two documents that write one record hears of a refusal, the other may write over.
        shop.world.overlaps = false;
        shop.run(&acts);
        shop.heal();
        let world = &shop.world;
        let loss = world.doc(shop.tabs[0]).journey()["loss"].clone();
        let dropped: u64 = loss["dropped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        prop_assert_eq!(number(&loss, "captured"), number(&loss, "sent") + dropped);
        if !acts.iter().any(|act| matches!(act, Act::Back)) {
            prop_assert_eq!(number(&loss, "captured"), world.captured().len() as u64);
        }
        let missing = world.captured().len() - world.collector.events.len();
        prop_assert!(missing as u64 <= dropped, "{} are missing: {}", missing, loss);
    }

    #[test]
    fn nothing_happens_against_consent(
        seed: u64,
        feedback: bool,
        gpc_wins: bool,
        decided: Option<bool>,
        acts in vec((act(), prop::option::weighted(0.2, (any::<Option<bool>>(), any::<Option<bool>>(), any::<bool>()))), 1..60),
    ) {
        // The world itself watches each effect; what is added here are decisions at any moment.
        let mode = if feedback { Mode::Feedback } else { Mode::Strict };
        let mut shop = Shop::new(seed, mode, decided, Faults::default());
        shop.world.config.gpc_wins = gpc_wins;
        for (act, decide) in acts {
            shop.act(act);
            if let Some((measure, feedback, earlier)) = decide {
                let tab = shop.tabs[shop.at];
                shop.world.decided = measure.or(shop.world.decided);
                // An open prompt that sees a grant is a scenario of its own.
                shop.world.prompt(tab, ended("completed", false));
                shop.world.input(tab, decision(measure, feedback, earlier));
            }
        }
        shop.heal();
        for &tab in &shop.tabs {
            let before = shop.world.doc(tab).sends().len();
            shop.world.input(tab, Input::Withdraw);
            shop.world.track(tab, "purchase", "{}");
            shop.world.input(tab, Input::Flush);
            shop.world.hide(tab);
            let sends = &shop.world.doc(tab).sends()[before..];
            prop_assert!(sends.iter().filter(|(_, body, _)| body.contains("\"erase\"")).count() <= 1);
            prop_assert!(sends.len() <= 1, "{:?}", sends);
            shop.world.show(tab);
        }
        shop.world.settle();
        for &tab in &shop.tabs {
            prop_assert_eq!(shop.world.stored(tab), (None, None));
        }
    }

    #[test]
    fn the_same_inputs_give_the_same_bytes(
        seed: u64,
        faults in faults(),
        acts in vec(act(), 1..40),
    ) {
        let run = || {
            let mut shop = Shop::new(seed, Mode::Feedback, Some(true), faults);
            shop.run(&acts);
            shop.heal();
            let logs: Vec<_> = shop.world.docs.into_iter().map(|doc| doc.log).collect();
            (logs, shop.world.collector.bodies)
        };
        prop_assert_eq!(run(), run());
    }
}

// Any inputs, in any order, from nobody who knows the contract.

/// An input that owns its texts.
#[derive(Clone, Debug)]
enum Wild {
    Entropy(u8),
    Restored(Stored, Stored),
    Consent(Option<bool>, Option<bool>, bool, String),
    Withdraw,
    Page(String, String, bool, bool),
    Track(String, Option<String>),
    Pointer(i32, i32, String),
    Visibility(bool),
    Open(String, u32, bool),
    Shown,
    Answer(String, u32, Option<u32>, Option<String>, bool),
    Closed(String, bool),
    Offsite,
    Delivered(u32, Option<(u16, String, Option<u32>)>),
    Listen(u8),
    Flush,
    Tick,
    Observed(usize, String, u32),
    Variant(String, String),
}

/// What storage gives back.
#[derive(Clone, Debug)]
enum Stored {
    Nothing,
    Text(String),
    /// What the engine stored last.
    Last,
    /// The same with its numbers changed to this one.
    Numbers(u64),
}

impl Stored {
    fn text(&self, last: &str) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Text(text) => Some(text.clone()),
            Self::Last => Some(last.to_owned()),
            Self::Numbers(number) => {
                let parts = last.split_inclusive([':', '[', ',']);
                let changed = parts.map(|part| {
                    let digits = part.bytes().take_while(u8::is_ascii_digit).count();
                    // The first part holds the version.
                    match digits > 0 && !part.contains('{') {
                        true => format!("{number}{}", &part[digits..]),
                        false => part.to_owned(),
                    }
                });
                Some(changed.collect())
            }
        }
    }
}

fn wild_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned),
        2 => prop::sample::select(DATA.to_vec()).prop_map(str::to_owned),
        2 => prop::sample::select(PATHS.to_vec()).prop_map(str::to_owned),
        1 => Just("a".to_owned()),
        2 => ".{0,40}",
        1 => r#"[\[\]{}",:\\0-9eE.+-]{0,40}"#,
        1 => (0_usize..3_000).prop_map(|length| "\u{1}ä\"😀".repeat(length)),
    ]
}

fn stored_record() -> impl Strategy<Value = Stored> {
    prop_oneof![
        Just(Stored::Nothing),
        wild_text().prop_map(Stored::Text),
        Just(Stored::Last),
        prop_oneof![Just(0), Just(1 << 53), 0_u64..1 << 53].prop_map(Stored::Numbers),
    ]
}

fn wild() -> impl Strategy<Value = Wild> {
    use Wild::*;
    let data = prop_oneof![Just(None), wild_text().prop_map(Some)];
    let reply = (any::<u16>(), prop_oneof![wild_text(), Just(r#"{"accepted":1}"#.to_owned())], any::<Option<u32>>());
    prop_oneof![
        2 => any::<u8>().prop_map(Entropy),
        4 => (stored_record(), stored_record()).prop_map(|(visit, tab)| Restored(visit, tab)),
        3 => (any::<Option<bool>>(), any::<Option<bool>>(), any::<bool>(), ".{0,30}").prop_map(|(m, f, e, p)| Consent(m, f, e, p)),
        3 => Just(Consent(Some(true), None, true, String::new())),
        1 => Just(Withdraw),
        4 => (wild_text(), wild_text(), any::<bool>(), any::<bool>()).prop_map(|(p, r, o, b)| Page(p, r, o, b)),
        6 => (wild_text(), data).prop_map(|(name, data)| Track(name, data)),
        6 => (prop::sample::select(NAMES.to_vec()), wild_text()).prop_map(|(name, data)| Track(name.into(), Some(data))),
        3 => (prop_oneof![Just(0), any::<i32>()], Just(0), wild_text()).prop_map(|(x, y, target)| Pointer(x, y, target)),
        6 => (0..What::ALL.len(), wild_text(), prop_oneof![0_u32..20_000, any::<u32>()]).prop_map(|(w, t, n)| Observed(w, t, n)),
        1 => (wild_text(), wild_text()).prop_map(|(name, value)| Variant(name, value)),
        2 => any::<bool>().prop_map(Visibility),
        2 => ("[a-z-]{1,40}", any::<u32>(), any::<bool>()).prop_map(|(id, version, auto)| Open(id, version, auto)),
        2 => Just(Shown),
        2 => (wild_text(), any::<u32>(), any::<Option<u32>>(), prop::option::of(wild_text()), any::<bool>()).prop_map(|(s, r, n, t, k)| Answer(s, r, n, t, k)),
        2 => (wild_text(), any::<bool>()).prop_map(|(reason, partial)| Closed(reason, partial)),
        1 => Just(Offsite),
        4 => (0_u32..20, prop::option::of(reply)).prop_map(|(batch, reply)| Delivered(batch, reply)),
        1 => any::<u8>().prop_map(Listen),
        1 => Just(Flush),
        3 => Just(Tick),
    ]
}

fn moment() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => 0_u64..3 * SECOND,
        2 => 0_u64..60 * MINUTE,
        // As far as a wall clock can tell. Sixty of those are not the end of all time, at which every timer that is not set would be due.
        1 => Just(1 << 53),
    ]
}

/// What an engine with a broken shell stored last, and every body that it sent.
#[derive(Default)]
struct Seen {
    visit: String,
    tab: String,
    bodies: Vec<String>,
}

fn feed(engine: &mut Watched, now: u64, wild: &Wild, seen: &mut Seen) {
    let (visit, tab);
    let sight = match wild {
        Wild::Pointer(x, y, target) => {
            Some(Sight::Pointer(Pointer { x: *x, y: *y, target, role: "button", label: target, interactive: true }))
        }
        Wild::Observed(what, target, number) => {
            Some(Sight::Observed(Observation { what: What::ALL[*what], target, number: *number }))
        }
        _ => None,
    };
    let input = match wild {
        Wild::Entropy(byte) => Input::Entropy([*byte; 32]),
        Wild::Restored(of_visit, of_tab) => {
            (visit, tab) = (of_visit.text(&seen.visit), of_tab.text(&seen.tab));
            // What is remembered may be as damaged as the rest.
            Input::Restored { visit: visit.as_deref(), tab: tab.as_deref(), past: visit.as_deref() }
        }
        Wild::Consent(measure, feedback, earlier, policy) => {
            // Who answers for the questions answers for the memory here.
            Input::Consent {
                measure: *measure,
                remember: *feedback,
                feedback: *feedback,
                earlier: *earlier,
                by: "api",
                policy,
            }
        }
        Wild::Withdraw => Input::Withdraw,
        Wild::Page(path, referrer, own_host, restored) => Input::Page {
            path,
            referrer,
            own_host: *own_host,
            how: if *restored { Arrival::Restored } else { Arrival::Load },
        },
        Wild::Track(name, data) => Input::Track { name, data: data.as_deref(), source: Source::Api },
        Wild::Pointer(..) | Wild::Observed(..) => Input::Tick,
        Wild::Variant(name, value) => Input::Variant { name, value },
        Wild::Visibility(hidden) => Input::Visibility { hidden: *hidden },
        Wild::Open(id, version, auto) => {
            Input::Open { id, version: *version, trigger: "purchase", sub: "", auto: *auto }
        }
        Wild::Shown => Input::Prompt(PromptEvent::Shown),
        Wild::Answer(step, rev, score, text, skipped) => {
            Input::Prompt(answered(step, *rev, step, *score, text.as_deref(), *skipped))
        }
        Wild::Closed(reason, partial) => Input::Prompt(ended(reason, *partial)),
        Wild::Offsite => Input::Prompt(PromptEvent::Offsite(r#"{"kind":"friend"}"#)),
        Wild::Delivered(batch, reply) => Input::Delivered {
            batch: *batch,
            outcome: match reply {
                Some((status, body, retry_after)) => {
                    Outcome::Reply { status: *status, body, retry_after: *retry_after }
                }
                None => Outcome::NoAnswer,
            },
        },
        Wild::Listen(topics) => Input::Listen(*topics),
        Wild::Flush => Input::Flush,
        Wild::Tick => Input::Tick,
    };
    match sight {
        Some(sight) => engine.see(Millis(now), sight),
        None => engine.handle(Millis(now), input),
    }
    let mut effects = 0;
    while let Some(effect) = engine.poll() {
        effects += 1;
        assert!(effects < 2_000, "the engine does not come to rest");
        match effect {
            Effect::Send { body, .. } => seen.bodies.push(body),
            Effect::Persist { visit, tab, .. } => {
                if !visit.is_empty() {
                    seen.visit = visit;
                }
                if !tab.is_empty() {
                    seen.tab = tab;
                }
            }
            Effect::Notify { detail, .. } => assert!(serde_json::from_str::<Value>(&detail).is_ok(), "{detail}"),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn any_inputs_in_any_order_are_survived(
        feedback: bool,
        exact: bool,
        sensitive: bool,
        inputs in vec((moment(), wild()), 1..60),
    ) {
        let mut engine = Watched::new(Config {
            key: "pk_test".into(),
            mode: if feedback { Mode::Feedback } else { Mode::Strict },
            money: if exact { Money::Exact } else { Money::TwoDigits },
            sensitive,
            ..Config::default()
        });
        let mut seen = Seen::default();
        let mut now = BEGIN;
        for (wait, wild) in &inputs {
            now = now.saturating_add(*wait);
            feed(&mut engine, now, wild, &mut seen);
            if let Some(journey) = engine.journey() {
                prop_assert!(serde_json::from_str::<Value>(&journey).is_ok(), "{}", journey);
            }
        }
        for body in &seen.bodies {
            prop_assert!(serde_json::from_str::<Value>(body).is_ok(), "{}", body);
        }
        // Whatever state that was: an engine whose deadlines are kept comes to rest, or waits for ever longer.
        let mut ticks = 0;
        while let Some(due) = engine.deadline().filter(|_| ticks < 300) {
            prop_assert!(ticks < 50 || due.0 > now, "time stands still");
            now = now.max(due.0);
            ticks += 1;
            feed(&mut engine, now, &Wild::Tick, &mut seen);
        }
    }
}
