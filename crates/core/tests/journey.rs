//! The journey as a whole: frameworks, paths that are no line, how it felt, and the summary that tells of it.
#![allow(clippy::unwrap_used)]

mod cases;
mod world;

use std::collections::BTreeMap;

use polku_core::{Arrival, Code, Effect, Input, Observation, PromptEvent, Sight, Topic, What};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use cases::cases;
use world::collector::{list, number, text};
use world::{MINUTE, SECOND, Tab, World, answered, own_page};

/// As `www/part/framework.js` writes it.
const SIX_ELEMENTS: &str = r#""framework":"six-elements" accessibility,findability,choice,purchase,onboarding,aftercare page_view,1,0 slow_page,0,0 js_error,0,0 search,0,1 view_item_list,0,1 search_no_results,0,1 view_item,0,2 add_to_wishlist,0,2 compare_leave,0,2 view_cart,0,3 begin_checkout,0,3 add_shipping_info,0,3 add_payment_info,0,3 purchase,0,3 help_view,32,4 contact_attempt,2,4 return_start,0,5 review_write,0,5 purchase,2,5 purchase,64,5"#;

fn with_framework(text: &str) -> (World, Tab) {
    let mut world = World::new(1);
    world.decided = Some(true);
    world.config.framework = text.into();
    let tab = world.open("/");
    (world, tab)
}

fn summaries(world: &World) -> Vec<Value> {
    world.collector.named("journey_summary").into_iter().map(|event| event["data"].clone()).collect()
}

/// The summary that counts: hidden, everything delivered.
fn summary(world: &mut World, tab: Tab) -> Value {
    world.hide(tab);
    world.settle();
    summaries(world).pop().unwrap()
}

fn engaged(world: &mut World, tab: Tab, ms: u32) {
    world.see(tab, Sight::Observed(Observation { what: What::Engaged, target: "50", number: ms }));
}

fn stages(world: &World) -> Vec<String> {
    world.collector.named("stage_enter").into_iter().map(|event| text(event, "stage")).collect()
}

fn emotions(world: &World, tab: Tab) -> Vec<Value> {
    let told = world.doc(tab).effects().filter_map(|effect| match effect {
        Effect::Notify { topic: Topic::Emotion, detail } => Some(serde_json::from_str(detail).unwrap()),
        _ => None,
    });
    told.collect()
}

// Frameworks.

#[test]
fn six_elements_are_walked_by_their_own_rules() {
    let (mut world, tab) = with_framework(SIX_ELEMENTS);
    for name in ["search", "view_item", "add_to_cart", "view_cart", "contact_attempt", "purchase", "contact_attempt"] {
        world.wait(SECOND);
        world.track(tab, name, "");
    }
    world.go(tab, "/help/instructions/grinder", false);
    world.track(tab, "review_write", "");
    let told = summary(&mut world, tab);
    assert_eq!(
        stages(&world),
        ["accessibility", "findability", "choice", "purchase", "onboarding", "aftercare"],
        "contact before the purchase enters nothing, and onboarding once"
    );
    assert_eq!(told["framework"], "six-elements");
    assert_eq!(told["furthest"], "aftercare");
    assert_eq!(told["stages"]["choice"]["touchpoints"], 2, "what enters nothing stays where it is: {told}");
}

#[test]
fn a_shops_own_framework_has_its_stages_and_targets() {
    let own = r#""framework":"own","targets":{"buy":["value"]} find,buy page_view,1,0 add_to_cart,0,1"#;
    let mut world = World::new(1);
    world.decided = Some(true);
    world.config.framework = own.into();
    let tab = world.open("/");
    world.wait(11 * SECOND);
    world.track(tab, "add_to_cart", "");
    world.track(tab, "view_item", "");
    world.wait(SECOND);
    let told = summary(&mut world, tab);
    assert_eq!(told["targets"], json!({"buy": ["value"]}));
    assert_eq!(told["stages"]["buy"]["touchpoints"], 2);
}

#[test]
fn a_snapshot_of_another_framework_is_discarded() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "add_to_cart", "");
    world.hide(tab);
    world.config.framework = SIX_ELEMENTS.into();
    world.go(tab, "/cart", false);
    world.settle();
    assert_eq!(world.collector.journeys().len(), 2);
    assert_eq!(world.doc(tab).fails(), [(Code::Damaged, "storage")]);
}

#[test]
fn a_link_and_instructions_enter_retention() {
    for (path, last) in [
        ("/?polku_stage=retention", "retention"),
        ("/?utm_source=x&polku_stage=decision", "awareness"),
        ("/?polku_stage=nonsense", "awareness"),
        ("/ohjeet/mylly", "retention"),
        ("/help", "awareness"),
    ] {
        let mut world = World::new(1);
        world.decided = Some(true);
        world.open(path);
        world.settle();
        assert_eq!(stages(&world).last().unwrap(), last, "{path}");
    }
}

#[test]
fn another_order_enters_retention() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "purchase", r#"{"transaction_id":"A"}"#);
    world.track(tab, "purchase", r#"{"transaction_id":"B"}"#);
    world.settle();
    assert_eq!(stages(&world), ["awareness", "decision", "retention"]);
}

// Paths.

#[test]
fn a_path_is_told_with_its_times_returns_loops_and_cycles() {
    let (mut world, tab) = World::with_shopper(1);
    for (wait, name, data) in [
        (2_000, "view_item", ""),
        (3_000, "add_to_cart", ""),
        (1_500, "search", ""),
        (4_000, "view_cart", ""),
        (1_000, "purchase", r#"{"transaction_id":"A","value":47.9,"currency":"EUR"}"#),
        (5_000, "order_status_view", ""),
        (6_000, "view_item", ""),
        (1_000, "view_item", ""),
    ] {
        world.wait(wait);
        world.track(tab, name, data);
    }
    engaged(&mut world, tab, 1_250);
    engaged(&mut world, tab, 2_000);
    let told = summary(&mut world, tab);
    let path: Vec<_> = list(&told, "path")
        .iter()
        .map(|entry| (text(entry, "stage"), number(entry, "at"), number(entry, "dwell"), text(entry, "rule")))
        .collect();
    let path: Vec<_> =
        path.iter().map(|(stage, at, dwell, rule)| (stage.as_str(), *at, *dwell, rule.as_str())).collect();
    assert_eq!(
        path,
        [
            ("awareness", 0, 2_000, "page_view"),
            ("consideration", 2_000, 3_000, "view_item"),
            ("decision", 5_000, 1_500, "add_to_cart"),
            ("consideration", 6_500, 4_000, "search"),
            ("decision", 10_500, 6_000, "view_cart"),
            ("retention", 16_500, 6_000, "order_status_view"),
            ("consideration", 22_500, 1_000, "view_item"),
        ]
    );
    assert_eq!(
        told["stages"]["consideration"],
        json!({"entries": 3, "exits": 2, "returns": 2, "touchpoints": 4, "dwell": 8_000, "engaged": 3_200,
            "conversion": true, "friction": {}, "emotion": "neutral"})
    );
    assert_eq!(told["stages"]["decision"]["value"], "20-50");
    assert_eq!(told["stages"]["decision"]["emotion"], "satisfied");
    assert_eq!(told["stages"]["retention"]["conversion"], false);
    let [loops, cycles, left] = ["loops", "cycles", "left"].map(|name| number(&told, name));
    assert_eq!((loops, cycles, left), (1, 1, 0), "back to the search is a loop, on after the order a new cycle");
    assert_eq!(told["furthest"], "retention");
    assert_eq!((&told["converted"], &told["value"], &told["currency"]), (&json!(true), &json!(48), &json!("EUR")));
    assert_eq!(told["door"], "direct");
}

#[test]
fn a_path_goes_on_over_pages_and_is_told_with_a_higher_rev() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(2_000);
    world.track(tab, "view_item", "");
    world.wait(3_000);
    world.go(tab, "/cart", false);
    world.track(tab, "view_cart", "");
    world.wait(1_000);
    world.go(tab, "/p/mill", true);
    world.track(tab, "view_item", "");
    world.wait(1_000);
    world.back(tab);
    world.wait(1_000);
    let told = summary(&mut world, tab);
    let all = summaries(&world);
    assert!(all.iter().all(|other| other["tab"] == told["tab"]));
    let revs: Vec<u64> = all.iter().map(|told| number(told, "rev")).collect();
    assert_eq!(revs, (1..=all.len() as u64).collect::<Vec<_>>(), "each is told once");
    assert_eq!(list(&told, "path").len(), 4);
    assert_eq!(told["stages"]["consideration"]["entries"], 2);
}

#[test]
fn nothing_new_is_no_summary_and_keeps_no_journey_alive() {
    let (mut world, tab) = World::with_shopper(1);
    world.hide(tab);
    world.show(tab);
    world.hide(tab);
    world.settle();
    assert_eq!(summaries(&world).len(), 1);
    world.show(tab);
    world.wait(31 * MINUTE);
    world.hide(tab);
    world.show(tab);
    world.track(tab, "view_item", "");
    world.settle();
    assert_eq!(world.collector.journeys().len(), 2);
    assert_eq!(summaries(&world).len(), 1, "of the one that ended there is nothing new to tell");
}

#[test]
fn each_tab_tells_its_own_path() {
    let (mut world, first) = World::with_shopper(1);
    world.wait(2_000);
    world.track(first, "view_item", "");
    world.wait(2_000);
    let second = world.open("/p/mill");
    world.track(second, "add_to_cart", "");
    world.wait(3_000);
    world.track(second, "view_cart", "");
    world.hide(second);
    world.hide(first);
    world.settle();
    let all = summaries(&world);
    assert_eq!(all.len(), 2);
    assert_ne!(all[0]["tab"], all[1]["tab"]);
    assert_eq!(all[0]["door"], "direct", "the door is the journey's");
    let entries: u64 = all.iter().map(|told| list(told, "path").len() as u64).sum();
    assert_eq!(entries as usize, stages(&world).len());
    let dwell = |told: &Value| -> u64 {
        told["stages"].as_object().unwrap().values().map(|stage| number(stage, "dwell")).sum()
    };
    assert_eq!(all.iter().map(dwell).sum::<u64>(), 7_000, "together as long as the journey");
}

// Feelings.

#[test]
fn feelings_change_with_what_happens_and_are_told_with_their_evidence() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "begin_checkout", "");
    world.track(tab, "js_error", "");
    assert_eq!(emotions(&world, tab), [Value::Null; 0]);
    world.track(tab, "payment_declined", "");
    assert_eq!(
        emotions(&world, tab),
        [
            json!({"stage": "decision", "from": "neutral", "emotion": "frustrated", "evidence": {"js_error": 1, "payment_declined": 1}})
        ]
    );
    world.track(tab, "payment_declined", "");
    assert_eq!(emotions(&world, tab).len(), 1, "only a change is told");
    let told = summary(&mut world, tab);
    assert_eq!(told["stages"]["decision"]["friction"], json!({"js_error": 1, "payment_declined": 2}));
    assert_eq!(told["stages"]["awareness"]["emotion"], "neutral");
}

#[test]
fn an_answer_overrides_what_was_seen_in_the_stage_where_it_was_asked() {
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/thanks", false);
    world.track(tab, "payment_declined", "");
    world.track(tab, "purchase", r#"{"transaction_id":"A"}"#);
    world.ask(tab, "nps", 1);
    world.wait(SECOND);
    world.prompt(tab, PromptEvent::Shown);
    world.prompt(tab, answered("score", 1, "nps", Some(3), None, false));
    world.prompt(tab, answered("score", 2, "nps", Some(10), None, false));
    let told = summary(&mut world, tab);
    assert_eq!(
        told["scores"],
        json!([{"prompt": "nps", "step": "score", "ask": "nps", "score": 10, "stage": "decision"}]),
        "a corrected answer counts once"
    );
    assert_eq!(told["stages"]["decision"]["emotion"], "satisfied");
    assert_eq!(told["stages"]["decision"]["evidence"], json!({"prompt_answer": 10}));
    assert_eq!(told["stages"]["advocacy"]["emotion"], "neutral");
}

// Variants.

#[test]
fn variants_split_later_views_and_the_summary() {
    let (mut world, tab) = World::with_shopper(1);
    world.input(tab, Input::Variant { name: "buy-button", value: "green" });
    world.input(tab, Input::Page { path: "/p/mill", referrer: "", own_host: true, how: Arrival::Route });
    world.input(tab, Input::Variant { name: "buy-button", value: "blue" });
    world.input(tab, Input::Variant { name: "price", value: "b" });
    world.go(tab, "/cart", false);
    let told = summary(&mut world, tab);
    let views: Vec<Value> =
        world.collector.named("page_view").iter().map(|event| event["data"]["variant"].clone()).collect();
    assert_eq!(views, [Value::Null, json!({"buy-button": "green"}), json!({"buy-button": "blue", "price": "b"})]);
    assert_eq!(told["variant"], json!({"buy-button": "blue", "price": "b"}));
}

#[test]
fn a_variant_is_a_short_word_and_there_are_eight() {
    for (name, value) in
        [("", "a"), ("a", ""), ("a b", "c"), ("a", "b\"c"), ("a", "anna@example.fi"), ("a", &"x".repeat(25))]
    {
        let (mut world, tab) = World::with_shopper(1);
        world.input(tab, Input::Variant { name, value });
        assert_eq!(world.doc(tab).fails(), [(Code::BadVariant, "variant")], "{name} {value}");
        assert_eq!(summary(&mut world, tab)["variant"], json!({}));
    }
    let (mut world, tab) = World::with_shopper(1);
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "a"] {
        world.input(tab, Input::Variant { name, value: "1" });
    }
    assert_eq!(world.doc(tab).fails(), []);
    world.input(tab, Input::Variant { name: "i", value: "1" });
    assert_eq!(world.doc(tab).fails(), [(Code::BadVariant, "variant")]);
}

// What holds for any path. The shape of each summary is checked by the collector of these tests.

#[derive(Clone, Copy, Debug)]
enum Act {
    Wait(u64),
    Track(&'static str),
    Go(bool),
    Back,
    Hide,
    Engaged(u32),
}

const NAMES: [&str; 14] = [
    "view_item_list",
    "view_item",
    "search",
    "search_no_results",
    "add_to_cart",
    "view_cart",
    "payment_declined",
    "purchase",
    "help_view",
    "order_status_view",
    "return_start",
    "share",
    "review_write",
    "js_error",
];

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0_u64..9_000).prop_map(Act::Wait),
        10 => prop::sample::select(NAMES.to_vec()).prop_map(Act::Track),
        2 => any::<bool>().prop_map(Act::Go),
        1 => Just(Act::Back),
        1 => Just(Act::Hide),
        1 => (0_u32..5_000).prop_map(Act::Engaged),
    ]
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn the_summary_of_any_path_adds_up(six: bool, acts in vec(act(), 1..120)) {
        let (mut world, tab) = with_framework(if six { SIX_ELEMENTS } else { "" });
        let mut active = 0;
        for act in acts {
            match act {
                Act::Wait(ms) => world.wait(ms),
                Act::Track(name) => world.track(tab, name, r#"{"value":12.5,"currency":"EUR"}"#),
                Act::Go(sleeps) => world.go(tab, "/p/mill", sleeps),
                Act::Back => {
                    world.back(tab);
                    // A page that slept takes this long to look at what others have stored; a shopper who is active so soon is not seen.
                    world.wait(300);
                }
                Act::Hide => {
                    world.hide(tab);
                    world.show(tab);
                }
                Act::Engaged(ms) => {
                    engaged(&mut world, tab, ms);
                    active += u64::from(ms);
                }
            }
        }
        // One more event, so that there is something to tell of what was active last.
        world.input(tab, own_page("/"));
        let told = summary(&mut world, tab);
        let all: Vec<&Value> = world.collector.all().into_iter().filter(|event| event["name"] != "journey_summary").collect();
        let end = all.iter().map(|event| number(event, "at")).max().unwrap();
        let by_stage = told["stages"].as_object().unwrap();
        let sum = |name: &str| by_stage.values().map(|stage| number(stage, name)).sum::<u64>();
        prop_assert_eq!(sum("dwell"), end, "{}", told);
        prop_assert!(sum("engaged") <= active && active < sum("engaged") + 100 * by_stage.len() as u64);
        let path = list(&told, "path");
        let known: u64 = path.iter().map(|entry| number(entry, "dwell")).sum();
        prop_assert_eq!(known + number(&path[0], "at"), end);
        // The first page view enters a stage, and none is ever lost again.
        let mut touchpoints: BTreeMap<String, u64> = BTreeMap::new();
        let mut friction: BTreeMap<(String, String), u64> = BTreeMap::new();
        let mut entries: BTreeMap<String, u64> = BTreeMap::new();
        for event in all {
            let stage = text(event, "stage");
            let name = text(event, "name");
            if name == "stage_enter" {
                *entries.entry(stage).or_default() += 1;
                continue;
            }
            // What is measured of a page is no moment of contact.
            if ["page_engagement", "web_vitals"].contains(&name.as_str()) {
                continue;
            }
            *touchpoints.entry(stage.clone()).or_default() += 1;
            if polku_core::Name::parse(&name).unwrap().is_friction() {
                *friction.entry((stage, name)).or_default() += 1;
            }
        }
        for (name, stage) in by_stage {
            prop_assert_eq!(number(stage, "entries"), entries.remove(name).unwrap_or(0), "{}", told);
            prop_assert_eq!(number(stage, "touchpoints"), touchpoints.remove(name).unwrap_or(0), "{}", told);
            for (of, count) in stage["friction"].as_object().unwrap() {
                prop_assert_eq!(count.as_u64(), friction.remove(&(name.clone(), of.clone())), "{}", told);
            }
        }
        prop_assert!(entries.is_empty() && touchpoints.is_empty() && friction.is_empty(), "{told}");
    }
}
