//! The engine in a simulated world: one behaviour each.
#![allow(clippy::unwrap_used)]

mod world;

use polku_core::{
    Arrival, Code, Config, Effect, Engine, Input, Millis, Mode, Money, Pointer, PromptEvent, Sight, Topic,
};
use serde_json::{Value, json};

use world::collector::{list, number, parse, text};
use world::link::Fate;
use world::{BEGIN, MINUTE, SECOND, Tab, World, answered, config, decision, direct_page, ended, grant_now, own_page};

const HOUR: u64 = 60 * MINUTE;

/// A shopper on the page where the demo shop asks.
fn at_thanks(mode: Mode, decided: Option<bool>) -> (World, Tab) {
    let mut world = World::new(1);
    world.config.mode = mode;
    world.decided = decided;
    let tab = world.open("/en/thanks");
    (world, tab)
}

/// The demo shop's prompt is to open, after an order or because somebody asks for it.
fn ask(world: &mut World, tab: Tab, auto: bool) {
    let trigger = if auto { "purchase" } else { "api" };
    world.input(tab, Input::Open { id: "order-nps", version: 3, trigger, sub: "", auto });
}

fn answer(score: u32) -> PromptEvent<'static> {
    answered("score", 1, "nps", Some(score), None, false)
}

fn closed(reason: &str) -> PromptEvent<'_> {
    ended(reason, false)
}

fn click(world: &mut World, tab: Tab, x: i32) {
    let pointer = Pointer { x, y: 40, target: "button#pay", role: "button", label: "Pay", interactive: true };
    world.see(tab, Sight::Pointer(pointer));
}

/// `data` of the only event of this name.
fn data_of(world: &World, name: &str) -> Value {
    let events = world.collector.named(name);
    assert_eq!(events.len(), 1, "{name}: {events:?}");
    events[0]["data"].clone()
}

/// The last batch that arrived.
fn last_batch(world: &World) -> Value {
    world.collector.batches().pop().unwrap()
}

// Consent.

#[test]
fn nothing_is_stored_or_sent_before_consent() {
    let mut world = World::new(1);
    let tab = world.open("/p/espresso-77");
    world.track(tab, "add_to_cart", "{}");
    for x in 0..6 {
        click(&mut world, tab, x);
    }
    world.input(tab, Input::Flush);
    world.wait(HOUR);
    world.go(tab, "/cart", true);
    world.track(tab, "purchase", r#"{"transaction_id":"A"}"#);
    world.hide(tab);
    world.settle();
    for doc in &world.docs {
        let quiet = |effect: &Effect| matches!(effect, Effect::Entropy | Effect::Notify { topic: Topic::Flushed, .. });
        assert!(doc.effects().all(quiet), "{:?}", doc.log);
    }
}

#[test]
fn storage_is_read_only_after_a_grant() {
    let mut world = World::new(1);
    let tab = world.open("/");
    world.input(tab, decision(None, Some(true), false));
    assert!(!world.doc(tab).effects().any(|effect| matches!(effect, Effect::Restore { .. })));
    world.input(tab, grant_now());
    assert_eq!(world.doc(tab).effects().filter(|effect| matches!(effect, Effect::Restore { .. })).count(), 1);
    world.input(tab, grant_now());
    assert_eq!(
        world.doc(tab).effects().filter(|effect| matches!(effect, Effect::Restore { .. })).count(),
        1,
        "a grant that is repeated changes nothing"
    );
}

#[test]
fn an_earlier_grant_keeps_what_this_document_saw() {
    let mut world = World::new(1);
    let tab = world.open("/p/espresso-77");
    world.wait(300);
    world.track(tab, "view_item", r#"{"value":12}"#);
    world.wait(450);
    world.input(tab, Input::consent(true));
    world.settle();
    assert_eq!(world.collector.touchpoints(), ["page_view", "view_item"]);
    let events = world.collector.all();
    let at: Vec<u64> = events.iter().map(|event| number(event, "at")).collect();
    assert_eq!(at, [0, 0, 300, 300], "each with the time at which it happened");
    let batch = last_batch(&world);
    assert_eq!(batch["journey"]["consent"], json!({"measure":{"by":"api","hour":BEGIN / 3_600_000}}));
}

/// Whoever reported the first grant is the evidence; a journey that begins anew has another.
#[test]
fn every_batch_says_who_reported_the_consent_that_it_was_made_under() {
    let mut world = World::new(1);
    let tab = world.open("/p/espresso-77");
    let says = |measure: bool, by: &'static str, policy: &'static str| Input::Consent {
        measure: Some(measure),
        remember: None,
        feedback: None,
        earlier: false,
        by,
        policy,
    };
    world.input(tab, says(true, "cookiebot", ""));
    world.settle();
    let by = |world: &World| last_batch(world)["journey"]["consent"]["measure"].clone();
    assert_eq!(by(&world), json!({"by":"cookiebot","hour":BEGIN / 3_600_000}));
    world.input(tab, says(true, "google", "v1"));
    world.track(tab, "add_to_cart", "{}");
    world.settle();
    assert_eq!(by(&world)["by"], "cookiebot", "a grant that is repeated is no other");
    world.input(tab, says(false, "google", ""));
    world.input(tab, says(true, "wp-consent", "v2"));
    world.settle();
    assert_eq!(by(&world)["by"], "wp-consent");
    assert_eq!(by(&world)["policy"], "v2");
}

#[test]
fn a_grant_now_keeps_one_page_view_with_its_door_alone() {
    let mut world = World::new(1);
    let tab = world.blank();
    let page = Input::Page {
        path: "/p/espresso-77?utm_source=x",
        referrer: "https://search.example/",
        own_host: false,
        how: Arrival::Load,
    };
    world.input(tab, page);
    world.track(tab, "view_item", r#"{"value":12}"#);
    world.wait(5 * SECOND);
    world.input(tab, grant_now());
    world.settle();
    assert_eq!(world.collector.touchpoints(), ["page_view"]);
    assert_eq!(data_of(&world, "page_view"), json!({"door":"search","source":"x"}));
    assert_eq!(world.collector.named("page_view")[0]["at"], 0, "the journey begins with the grant");
    assert_eq!(number(&world.doc(tab).journey()["loss"], "captured"), 2, "what happened before is not counted");
}

#[test]
fn what_happened_between_a_refusal_and_a_grant_never_leaves() {
    for earlier in [true, false] {
        let mut world = World::new(1);
        let tab = world.open("/");
        world.input(tab, decision(Some(false), None, false));
        world.track(tab, "view_item", "{}");
        for x in 0..6 {
            click(&mut world, tab, x);
        }
        world.wait(2 * SECOND);
        world.input(tab, decision(Some(true), None, earlier));
        world.track(tab, "add_to_cart", "{}");
        world.settle();
        assert_eq!(world.collector.touchpoints(), ["page_view", "add_to_cart"], "earlier: {earlier}");
    }
}

#[test]
fn who_agrees_after_a_refusal_is_seen_on_the_page_whoever_began_the_visit() {
    let mut world = World::new(1);
    let tab = world.open("/basket");
    world.input(tab, decision(Some(false), None, false));
    let other = world.open("/faq");
    world.input(other, grant_now());
    world.input(tab, grant_now());
    world.track(tab, "add_to_cart", "{}");
    world.settle();
    let seen: Vec<_> =
        world.collector.events.values().map(|event| (text(event, "name"), text(event, "page"))).collect();
    let of = |page: &str| seen.iter().filter(|(_, of)| of == page).map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    assert_eq!(of("/basket"), ["page_view", "stage_enter", "add_to_cart"], "{seen:?}");
    assert_eq!(of(""), [""; 0]);
}

#[test]
fn privacy_control_wins_over_a_grant_where_the_shop_says_so() {
    let mut world = World::new(1);
    world.config.gpc_wins = true;
    world.decided = Some(true);
    let tab = world.open("/");
    world.track(tab, "add_to_cart", "{}");
    world.input(tab, grant_now());
    world.hide(tab);
    world.settle();
    assert!(world.doc(tab).effects().all(|effect| matches!(effect, Effect::Entropy | Effect::Erase)));
}

#[test]
fn a_withdrawal_empties_all_and_sends_one_erase() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "add_to_cart", "{}");
    world.settle();
    let journey = world.collector.journeys().remove(0);
    world.track(tab, "view_cart", "{}");
    assert!(world.storage.visit.is_some());
    world.input(tab, Input::Withdraw);
    assert_eq!(world.stored(tab), (None, None));
    assert_eq!(world.doc(tab).journey(), Value::Null);
    world.track(tab, "purchase", "{}");
    world.input(tab, Input::Flush);
    world.hide(tab);
    world.settle();
    world.input(tab, Input::Withdraw);
    world.settle();
    assert_eq!(world.collector.erased, [journey]);
    assert!(world.collector.events.is_empty(), "nothing follows the erase");
    assert_eq!(world.stored(tab), (None, None));
}

#[test]
fn a_refusal_after_a_grant_is_a_withdrawal() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    world.input(tab, decision(Some(false), None, false));
    world.settle();
    assert_eq!(world.collector.erased.len(), 1);
    assert!(world.collector.events.is_empty());
}

#[test]
fn a_withdrawal_sends_nothing_where_nothing_was_sent() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "view_item", "{}");
    world.input(tab, Input::Withdraw);
    world.hide(tab);
    world.settle();
    assert!(world.collector.bodies.is_empty());
    assert_eq!(world.doc(tab).effects().filter(|effect| **effect == Effect::Erase).count(), 1);
}

#[test]
fn a_withdrawal_reaches_what_earlier_pages_sent() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    let journey = world.collector.journeys().remove(0);
    world.go(tab, "/cart", false);
    world.input(tab, Input::Withdraw);
    world.settle();
    assert_eq!(world.collector.erased, [journey]);
}

#[test]
fn a_grant_after_a_withdrawal_begins_a_new_journey() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    let first = world.collector.journeys().remove(0);
    world.input(tab, Input::Withdraw);
    world.wait(MINUTE);
    world.input(tab, grant_now());
    world.settle();
    let journeys = world.collector.journeys();
    assert_eq!(journeys.len(), 2);
    assert_ne!(journeys[1], first);
    assert_eq!(world.collector.touchpoints(), ["page_view"], "the first journey is erased");
}

// The journey.

#[test]
fn a_journey_goes_on_from_page_to_page() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "view_item", "{}");
    world.wait(2 * SECOND);
    world.go(tab, "/cart", false);
    world.track(tab, "view_cart", "{}");
    world.wait(2 * SECOND);
    world.go(tab, "/c/coffee", false);
    world.track(tab, "view_item", "{}");
    world.settle();

    assert_eq!(world.collector.journeys().len(), 1);
    let journey = world.collector.journeys().remove(0);
    assert_eq!(world.collector.legs(&journey).len(), 3);
    let known = world.doc(tab).journey();
    let captured = world.captured().len() as u64;
    assert_eq!(known["loss"], json!({"captured":captured,"sent":captured,"queued":0,"dropped":{}}));
    let doors = world.collector.named("page_view");
    assert_eq!(doors.iter().filter(|event| event.get("data").is_some()).count(), 1, "one door");
    let last = last_batch(&world);
    assert_eq!(last["journey"]["started"], BEGIN / 1000);
    assert_eq!(last["loss"]["captured"], captured, "the books go on");
}

#[test]
fn a_second_tab_shares_the_journey_under_its_own_leg() {
    let (mut world, _) = World::with_shopper(1);
    world.wait(2 * SECOND);
    let second = world.open("/c/coffee");
    world.track(second, "view_item_list", "{}");
    world.settle();
    let journey = world.collector.journeys().remove(0);
    assert_eq!(world.collector.journeys().len(), 1);
    assert_eq!(world.collector.legs(&journey).len(), 2);
    let landings = world.collector.named("stage_enter");
    let stages: Vec<String> = landings.iter().map(|event| text(event, "stage")).collect();
    assert_eq!(stages, ["awareness", "consideration"], "a tab in the middle of a visit is no landing");
}

#[test]
fn thirty_idle_minutes_begin_a_new_journey() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(29 * MINUTE);
    world.track(tab, "view_item", "{}");
    world.wait(30 * MINUTE);
    world.track(tab, "add_to_cart", "{}");
    world.settle();
    let journeys = world.collector.journeys();
    assert_eq!(journeys.len(), 2);
    let of = |journey: &str| {
        let events = world.collector.events.iter().filter(|((id, ..), _)| id == journey);
        let names = events.map(|(_, event)| text(event, "name"));
        names.filter(|name| name != "stage_enter").collect::<Vec<_>>()
    };
    assert_eq!(of(&journeys[0]), ["page_view", "view_item", "journey_summary"], "it ends with its summary");
    assert_eq!(of(&journeys[1]), ["page_view", "add_to_cart"], "it begins with the page that is open");
}

#[test]
fn a_day_begins_a_new_journey() {
    let (mut world, tab) = World::with_shopper(1);
    for _ in 0..73 {
        world.wait(20 * MINUTE);
        world.track(tab, "view_item", "{}");
    }
    world.settle();
    assert_eq!(world.collector.journeys().len(), 2);
}

#[test]
fn the_journey_goes_on_while_another_tab_is_active() {
    let (mut world, first) = World::with_shopper(1);
    world.wait(2 * SECOND);
    let second = world.open("/c/coffee");
    for _ in 0..5 {
        world.wait(10 * MINUTE);
        world.track(second, "view_item", "{}");
    }
    world.wait(5 * MINUTE);
    world.track(first, "view_cart", "{}");
    world.settle();
    assert_eq!(world.collector.journeys().len(), 1);
}

#[test]
fn a_tab_that_fell_idle_does_not_age_the_visit() {
    let (mut world, first) = World::with_shopper(1);
    world.wait(2 * SECOND);
    let second = world.open("/c/coffee");
    world.wait(25 * MINUTE);
    world.track(second, "view_item", "{}");
    world.wait(MINUTE);
    world.hide(first);
    world.wait(10 * MINUTE);
    world.open("/cart");
    world.settle();
    assert_eq!(world.collector.journeys().len(), 1, "the visit was active ten minutes ago");
}

#[test]
fn the_next_page_after_an_idle_half_hour_begins_a_new_journey() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(31 * MINUTE);
    world.go(tab, "/cart", false);
    world.settle();
    assert_eq!(world.collector.journeys().len(), 2);
}

#[test]
fn a_page_from_the_back_forward_cache_has_a_new_leg_and_a_page_view() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "view_item_list", "{}");
    world.wait(2 * SECOND);
    world.go(tab, "/p/espresso-77", true);
    world.track(tab, "view_item", "{}");
    world.wait(2 * SECOND);
    assert!(world.back(tab));
    world.track(tab, "select_item", "{}");
    world.settle();
    let journey = world.collector.journeys().remove(0);
    assert_eq!(world.collector.journeys().len(), 1);
    assert_eq!(world.collector.legs(&journey).len(), 3);
    assert_eq!(
        world.collector.touchpoints(),
        ["page_view", "view_item_list", "page_view", "view_item", "page_view", "select_item"]
    );
    let loss = &world.doc(tab).journey()["loss"];
    assert_eq!(number(loss, "captured"), world.captured().len() as u64, "the books of the page between count");
}

#[test]
fn a_page_from_the_back_forward_cache_remembers_what_could_not_leave() {
    for shut in [false, true] {
        let (mut world, tab) = World::with_shopper(1);
        world.storage.shut = shut;
        world.link.down = true;
        world.track(tab, "view_item_list", "{}");
        world.wait(2 * SECOND);
        world.go(tab, "/p/espresso-77", true);
        world.wait(2 * SECOND);
        world.link.down = false;
        assert!(world.back(tab));
        world.settle();
        assert_eq!(world.collector.named("view_item_list").len(), 1, "storage shut: {shut}");
    }
}

#[test]
fn a_page_that_sleeps_for_half_an_hour_wakes_in_a_new_journey() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(2 * SECOND);
    world.go(tab, "/p/espresso-77", true);
    world.wait(40 * MINUTE);
    assert!(world.back(tab));
    world.settle();
    assert_eq!(world.collector.journeys().len(), 2);
}

#[test]
fn a_full_storage_does_not_rob_the_page_of_its_memory() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(2 * SECOND);
    world.storage.full = true;
    world.link.down = true;
    world.track(tab, "view_item_list", "{}");
    world.wait(2 * SECOND);
    world.go(tab, "/p/espresso-77", true);
    world.wait(2 * SECOND);
    world.link.down = false;
    assert!(world.back(tab));
    world.settle();
    assert_eq!(world.collector.named("view_item_list").len(), 1);
}

#[test]
fn an_order_is_counted_once_in_its_visit() {
    let order = |id: &str| format!(r#"{{"transaction_id":"{id}","value":40}}"#);
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "purchase", &order("KK-1"));
    world.track(tab, "purchase", &order("KK-1"));
    world.wait(2 * SECOND);
    world.go(tab, "/thanks", false);
    world.track(tab, "purchase", &order("KK-1"));
    world.crash(tab, "/thanks");
    world.track(tab, "purchase", &order("KK-1"));
    let other = world.open("/order/KK-1/status");
    world.track(other, "purchase", &order("KK-1"));
    world.settle();
    assert_eq!(world.collector.named("purchase").len(), 1);
    world.track(tab, "purchase", &order("KK-2"));
    world.settle();
    assert_eq!(world.collector.named("purchase").len(), 2, "another order counts");
    assert!(!world.collector.bodies.concat().contains("KK-"), "an order number never leaves");
    let (visit, session) = world.stored(tab);
    assert!(!(visit.unwrap() + &session.unwrap()).contains("KK-"), "nor is it stored");
}

#[test]
fn an_order_is_counted_once_in_all_tabs_of_a_visit() {
    let order = r#"{"transaction_id":"KK-1","value":40}"#;
    let (mut world, first) = World::with_shopper(1);
    world.wait(2 * SECOND);
    let second = world.open("/c/coffee");
    world.wait(2 * SECOND);
    world.track(first, "purchase", order);
    world.wait(2 * SECOND);
    world.track(second, "purchase", order);
    world.settle();
    assert_eq!(world.collector.named("purchase").len(), 1);
}

#[test]
fn a_claimed_order_survives_what_another_tab_stores() {
    let order = r#"{"transaction_id":"KK-1","value":40}"#;
    let (mut world, first) = World::with_shopper(1);
    world.wait(2 * SECOND);
    let second = world.open("/c/coffee");
    world.wait(2 * SECOND);
    world.track(first, "purchase", order);
    world.wait(2 * SECOND);
    world.track(second, "view_item", "{}");
    world.wait(2 * SECOND);
    world.crash(first, "/thanks");
    world.track(first, "purchase", order);
    world.settle();
    assert_eq!(world.collector.named("purchase").len(), 1);
}

#[test]
fn orders_without_a_number_are_each_counted() {
    for number in ["", r#""transaction_id":null"#, r#""transaction_id":"""#] {
        let (mut world, tab) = World::with_shopper(1);
        world.track(tab, "purchase", &format!("{{{number}}}"));
        world.wait(MINUTE);
        world.track(tab, "purchase", &format!("{{{number}}}"));
        world.settle();
        assert_eq!(world.collector.named("purchase").len(), 2, "{number:?}");
    }
}

#[test]
fn the_walk_through_the_five_stages() {
    let (mut world, tab) = World::with_shopper(1);
    let walk = [
        ("help_view", "awareness"),
        ("search", "consideration"),
        ("add_to_cart", "decision"),
        ("login", "decision"),
        ("view_item", "consideration"),
        ("purchase", "decision"),
        ("help_view", "retention"),
        ("view_promotion", "awareness"),
        ("login", "retention"),
        ("review_write", "advocacy"),
        ("return_start", "retention"),
        ("share", "advocacy"),
    ];
    for (name, stage) in walk {
        world.wait(SECOND);
        world.track(tab, name, "");
        assert_eq!(world.doc(tab).journey()["stage"], stage, "{name}");
    }
    world.settle();
    let entries = world.collector.named("stage_enter");
    let path: Vec<_> = entries
        .iter()
        .map(|event| {
            let data = &event["data"];
            let from = data.get("from").map_or("", |from| from.as_str().unwrap());
            (from, event["stage"].as_str().unwrap(), data["rule"].as_str().unwrap(), number(data, "visit"))
        })
        .collect();
    assert_eq!(
        path,
        [
            ("", "awareness", "page_view", 1),
            ("awareness", "consideration", "search", 1),
            ("consideration", "decision", "add_to_cart", 1),
            ("decision", "consideration", "view_item", 2),
            ("consideration", "decision", "purchase", 2),
            ("decision", "retention", "help_view", 1),
            ("retention", "awareness", "view_promotion", 2),
            ("awareness", "retention", "login", 2),
            ("retention", "advocacy", "review_write", 1),
            ("advocacy", "retention", "return_start", 3),
            ("retention", "advocacy", "share", 2),
        ]
    );
}

#[test]
fn a_landing_from_outside_enters_awareness_again() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "add_to_cart", "{}");
    world.wait(2 * SECOND);
    let page = Input::Page { path: "/", referrer: "https://news.example/", own_host: false, how: Arrival::Load };
    world.input(tab, page);
    assert_eq!(world.doc(tab).journey()["stage"], "awareness");
    world.input(tab, own_page("/cart"));
    assert_eq!(world.doc(tab).journey()["stage"], "awareness", "a page of the shop enters nothing");
}

#[test]
fn a_promoters_answer_enters_advocacy() {
    let (mut world, tab) = at_thanks(Mode::Strict, Some(true));
    world.track(tab, "purchase", "{}");
    ask(&mut world, tab, true);
    world.prompt(tab, PromptEvent::Shown);
    world.prompt(tab, answer(9));
    world.settle();
    assert_eq!(world.doc(tab).journey()["stage"], "advocacy");
    assert_eq!(world.collector.named("prompt_answer")[0]["stage"], "advocacy");
}

#[test]
fn the_page_hears_of_stages_and_touchpoints_while_they_happen() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "view_item", "{}");
    let stages: Vec<Value> = world
        .doc(tab)
        .effects()
        .filter_map(|effect| match effect {
            Effect::Notify { topic: Topic::Stage, detail } => Some(serde_json::from_str(detail).unwrap()),
            _ => None,
        })
        .collect();
    assert_eq!(
        stages,
        [
            json!({"stage":"awareness","rule":"page_view","visit":1}),
            json!({"stage":"consideration","from":"awareness","rule":"view_item","visit":1}),
        ]
    );
    world.settle();
    let captured: Vec<&Value> = world.captured().into_iter().map(|(_, event)| event).collect();
    assert_eq!(captured, world.collector.all(), "what the page hears is what leaves");
}

#[test]
fn fast_clicks_at_one_place_are_a_rage_click() {
    let (mut world, tab) = World::with_shopper(1);
    for x in 0..5 {
        world.wait(200);
        click(&mut world, tab, x);
    }
    world.settle();
    let data = json!({"count":5,"confidence":0.7,"target":"button#pay"});
    assert_eq!(data_of(&world, "rage_click"), data);
    assert!(world.doc(tab).effects().any(|effect| matches!(effect, Effect::Notify { topic: Topic::Friction, .. })));
}

#[test]
fn a_burst_of_clicks_is_not_lost_when_the_page_goes() {
    let (mut world, tab) = World::with_shopper(1);
    for x in 0..4 {
        click(&mut world, tab, x);
    }
    world.go(tab, "/cart", false);
    world.settle();
    assert_eq!(world.collector.named("rage_click").len(), 1);
}

#[test]
fn a_burst_after_an_idle_half_hour_is_not_lost_when_the_page_goes() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(31 * MINUTE);
    for x in 0..4 {
        click(&mut world, tab, x);
    }
    world.go(tab, "/cart", false);
    world.settle();
    assert_eq!(world.collector.named("rage_click").len(), 1);
}

// Delivery.

#[test]
fn urgent_events_leave_at_once() {
    for name in ["purchase", "payment_declined"] {
        let (mut world, tab) = World::with_shopper(1);
        world.settle();
        let before = world.doc(tab).sends().len();
        world.track(tab, name, "{}");
        let sends = world.doc(tab).sends();
        assert_eq!(sends.len(), before + 1, "{name}");
        assert_eq!(sends[before].0, world.now);
    }
}

#[test]
fn the_first_events_leave_after_a_second_and_the_next_after_five() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(500);
    world.track(tab, "view_item", "{}");
    world.settle();
    let began = world.now;
    world.track(tab, "select_item", "{}");
    world.wait(3 * SECOND);
    world.track(tab, "view_item", "{}");
    world.settle();
    let times: Vec<u64> = world.doc(tab).sends().iter().map(|(at, ..)| *at).collect();
    assert_eq!(times, [BEGIN + SECOND, began + 5 * SECOND]);
}

#[test]
fn a_batch_of_events_leaves_without_waiting() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    let began = world.now;
    for _ in 0..99 {
        world.track(tab, "help_view", "{}");
    }
    assert_eq!(world.doc(tab).sends().len(), 1);
    world.track(tab, "help_view", "{}");
    assert_eq!(world.doc(tab).sends().len(), 2);
    assert_eq!(world.doc(tab).sends()[1].0, began);
    assert_eq!(list(&parse(world.doc(tab).sends()[1].1), "events").len(), 100);
}

#[test]
fn many_bytes_leave_without_waiting() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    let item = r#"{"item_id":"A","item_name":"NAME"}"#.replace("NAME", &"x".repeat(100));
    let items = format!(r#"{{"items":[{}]}}"#, vec![item; 50].join(","));
    for _ in 0..5 {
        world.track(tab, "view_item_list", &items);
    }
    assert_eq!(world.doc(tab).sends().len(), 2);
}

#[test]
fn one_batch_is_under_way_at_a_time() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.faults.slow = 5_000;
    world.settle();
    let before = world.doc(tab).sends().len();
    for _ in 0..150 {
        world.track(tab, "help_view", "{}");
    }
    assert_eq!(world.doc(tab).sends().len(), before + 1);
    world.settle();
    assert_eq!(world.collector.named("help_view").len(), 150);
}

#[test]
fn flush_sends_what_waits_and_says_when_it_has() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "view_item", "{}");
    world.input(tab, Input::Flush);
    assert_eq!(world.doc(tab).sends().len(), 1);
    let flushed = |world: &World| {
        let mut flushed = world.doc(tab).effects().filter_map(|effect| match effect {
            Effect::Notify { topic: Topic::Flushed, detail } => Some(detail.clone()),
            _ => None,
        });
        flushed.next()
    };
    assert_eq!(flushed(&world), None);
    world.wait(SECOND);
    assert_eq!(flushed(&world).unwrap(), r#"{"sent":4,"queued":0}"#);
}

#[test]
fn a_batch_that_failed_is_sent_again_to_the_byte_with_growing_patience() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.down = true;
    world.track(tab, "purchase", "{}");
    world.wait(2 * HOUR);
    let sends = world.doc(tab).sends();
    assert!(sends.iter().all(|(_, body, leaving)| *body == sends[0].1 && !leaving));
    let gaps: Vec<u64> = sends.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    let travel = 2 * 20;
    for (failures, gap) in gaps.iter().enumerate() {
        let most = (2_000_u64 << failures.min(15)).min(300_000);
        assert!((250..=250 + most).contains(&(gap - travel)), "retry {failures} after {gap} ms");
    }
    let mean = |gaps: &[u64]| gaps.iter().sum::<u64>() / gaps.len() as u64;
    assert!(mean(&gaps[..3]) < 10 * SECOND && mean(&gaps[10..]) > MINUTE, "{gaps:?}");
    assert_eq!(world.doc(tab).fails(), [(Code::Unreachable, "data-collector")], "one message");
    world.link.down = false;
    world.settle();
    assert_eq!(world.collector.named("purchase").len(), 1);
}

#[test]
fn one_failure_is_not_worth_a_word() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.script.push_back(Fate::Lost);
    world.settle();
    assert_eq!(world.doc(tab).fails(), []);
    assert_eq!(world.collector.touchpoints(), ["page_view"]);
}

#[test]
fn retry_after_is_respected() {
    for status in [429, 503] {
        let (mut world, tab) = World::with_shopper(1);
        world.link.script.push_back(Fate::Status(status, Some(120)));
        world.settle();
        let sends = world.doc(tab).sends();
        assert_eq!(sends.len(), 2);
        assert!(sends[1].0 - sends[0].0 >= 120 * SECOND, "{status}");
        assert_eq!(sends[0].1, sends[1].1);
    }
}

#[test]
fn a_collector_cannot_ask_for_more_than_an_hour() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.script.push_back(Fate::Status(429, Some(u32::MAX)));
    world.settle();
    let sends = world.doc(tab).sends();
    assert!((HOUR..HOUR + MINUTE).contains(&(sends[1].0 - sends[0].0)));
}

#[test]
fn a_collector_that_turns_the_key_away_is_left_alone() {
    for status in [401, 403, 404, 410] {
        let (mut world, tab) = World::with_shopper(1);
        world.link.script.push_back(Fate::Status(status, None));
        world.settle();
        world.track(tab, "purchase", "{}");
        world.input(tab, Input::Flush);
        world.settle();
        world.hide(tab);
        world.settle();
        assert_eq!(world.doc(tab).sends().len(), 1, "{status}");
        assert_eq!(world.doc(tab).fails(), [(Code::Stopped, "data-collector")]);
    }
}

#[test]
fn a_refused_batch_is_dropped_and_counted() {
    for status in [400, 422] {
        let (mut world, tab) = World::with_shopper(1);
        world.link.script.push_back(Fate::Status(status, None));
        world.settle();
        world.track(tab, "purchase", "{}");
        world.settle();
        assert_eq!(world.doc(tab).fails(), [(Code::Refused, "data-collector")], "{status}");
        assert_eq!(world.doc(tab).sends().len(), 2, "a refused batch is not sent again");
        let last = last_batch(&world);
        assert_eq!(last["loss"], json!({"captured":4,"sent":0,"queued":2,"dropped":{"refused":2}}));
    }
}

#[test]
fn rejected_events_are_counted_and_not_sent_again() {
    let (mut world, tab) = World::with_shopper(1);
    world.collector.rejects = vec!["stage_enter"];
    world.settle();
    world.track(tab, "purchase", "{}");
    world.settle();
    let last = last_batch(&world);
    assert_eq!(last["loss"], json!({"captured":4,"sent":1,"queued":2,"dropped":{"rejected":1}}));
    assert_eq!(world.collector.touchpoints(), ["page_view", "purchase"]);
}

#[test]
fn an_answer_that_is_no_reply_is_a_failure() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.script.extend([Fate::Nonsense, Fate::Nonsense]);
    world.settle();
    assert_eq!(world.doc(tab).fails(), [(Code::Nonsense, "data-collector")]);
    assert_eq!(world.doc(tab).sends().len(), 3);
    assert_eq!(world.collector.touchpoints(), ["page_view"]);
}

#[test]
fn a_lost_answer_and_a_doubled_request_store_each_event_once() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.script.extend([Fate::AnswerLost, Fate::Doubled, Fate::Doubled]);
    world.settle();
    world.track(tab, "purchase", "{}");
    world.settle();
    assert_eq!(world.collector.touchpoints(), ["page_view", "purchase"]);
    assert!(world.collector.bodies.len() >= 4);
    assert_eq!(world.doc(tab).journey()["loss"], json!({"captured":4,"sent":4,"queued":0,"dropped":{}}));
}

#[test]
fn a_page_that_goes_out_of_sight_sends_all_as_leaving_and_stores() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    world.link.faults.slow = 5_000;
    for _ in 0..130 {
        world.track(tab, "help_view", "{}");
    }
    let before = world.doc(tab).sends().len();
    let persists = world.doc(tab).persists();
    world.hide(tab);
    let sends = world.doc(tab).sends();
    let leaving = &sends[before..];
    assert!(leaving.iter().all(|(at, _, leaving)| *leaving && *at == world.now));
    let events: usize = leaving.iter().map(|(_, body, _)| list(&parse(body), "events").len()).sum();
    assert_eq!(events, 131, "what was under way may be cut off, so it goes along; and the summary");
    assert!(leaving.iter().map(|(_, body, _)| body.len()).sum::<usize>() < 64 * 1024);
    assert_eq!(world.doc(tab).persists(), persists + 1);
    assert_eq!(world.storage.shelf.len(), leaving.len(), "what left is stored until it is answered");
    world.settle();
    assert_eq!(world.collector.named("help_view").len(), 130);
    assert_eq!(world.storage.shelf.len(), 0);
}

#[test]
fn a_page_that_goes_out_of_sight_twice_sends_once() {
    let (mut world, tab) = World::with_shopper(1);
    world.hide(tab);
    let before = world.doc(tab).sends().len();
    // Browsers report `visibilitychange` and `pagehide` for one and the same farewell.
    world.hide(tab);
    assert_eq!((before, world.doc(tab).sends().len()), (1, 1));
}

#[test]
fn what_a_page_could_not_send_the_next_one_sends() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.down = true;
    world.track(tab, "add_to_cart", "{}");
    world.wait(3 * SECOND);
    world.go(tab, "/cart", false);
    world.wait(3 * SECOND);
    world.link.down = false;
    world.settle();
    assert_eq!(world.collector.touchpoints(), ["page_view", "add_to_cart", "page_view"]);
    let journey = world.collector.journeys().remove(0);
    assert_eq!(world.collector.legs(&journey).len(), 2, "each event keeps its leg");
}

#[test]
fn a_page_that_is_torn_away_loses_a_second_at_most() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.down = true;
    world.track(tab, "add_to_cart", "{}");
    world.wait(1_100);
    world.crash(tab, "/cart");
    world.link.down = false;
    world.settle();
    assert_eq!(world.collector.named("add_to_cart").len(), 1);
    let captured = world.captured().len() as u64;
    assert_eq!(world.doc(tab).journey()["loss"], json!({"captured":captured,"sent":captured,"queued":0,"dropped":{}}));
}

#[test]
fn what_a_torn_page_left_keeps_to_the_bounds_of_a_batch() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.down = true;
    for name in ["help_view", "share"] {
        for _ in 0..150 {
            world.track(tab, name, "{}");
        }
    }
    world.wait(250);
    world.crash(tab, "/cart");
    world.link.down = false;
    world.settle();
    assert_eq!(world.collector.named("help_view").len() + world.collector.named("share").len(), 300);
}

#[test]
fn a_full_queue_drops_the_oldest_and_counts_them() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    world.link.down = true;
    world.track(tab, "payment_declined", "{}");
    world.track(tab, "purchase", "{}");
    for _ in 0..12 {
        for _ in 0..50 {
            world.track(tab, "help_view", "{}");
        }
        world.wait(1_000);
    }
    world.link.down = false;
    world.settle();
    let loss = &world.doc(tab).journey()["loss"];
    let dropped = number(&loss["dropped"], "full");
    assert!(dropped > 100, "{loss}");
    assert_eq!(number(loss, "captured"), number(loss, "sent") + dropped);
    assert_eq!(world.captured().len() - world.collector.events.len(), dropped as usize);
    assert_eq!(world.collector.named("purchase").len(), 1, "an order is dropped last");
    assert_eq!(last_batch(&world)["loss"]["dropped"], loss["dropped"], "the collector hears of it");
}

#[test]
fn no_event_is_larger_than_a_leaving_page_can_send() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    let text = "ä".repeat(200);
    let members = ["item_brand", "item_category", "item_category2", "item_id", "item_list_name", "item_name"];
    let item: String = members.map(|name| format!(r#""{name}":"{text}""#)).join(",");
    let items = format!(r#"{{"items":[{}]}}"#, vec![format!("{{{item}}}"); 50].join(","));
    world.track(tab, "view_item_list", &items);
    world.hide(tab);
    world.settle();
    assert_eq!(world.collector.named("view_item_list").len(), 1);
}

// Storage.

#[test]
fn damaged_records_are_discarded_with_one_message() {
    for (visit, session) in
        [(Some("nonsense"), None), (None, Some("nonsense")), (Some("2{}"), Some("2{}")), (Some(""), Some(""))]
    {
        let mut world = World::new(1);
        world.decided = Some(true);
        let tab = world.blank();
        world.store(tab, visit, session);
        world.input(tab, direct_page("/"));
        world.input(tab, Input::consent(true));
        world.settle();
        assert_eq!(world.doc(tab).fails(), [(Code::Damaged, "storage")], "{visit:?} {session:?}");
        assert_eq!(world.collector.touchpoints(), ["page_view"], "a new journey begins");
    }
}

/// Damages the first thing on the shelf.
fn damage(world: &mut World) {
    let text = world.storage.shelf.values_mut().next().unwrap();
    *text = text.replace("},{", "},");
}

/// A world whose tab has left an unsent batch of two events to its next page, and that batch damaged.
fn with_damaged_batch() -> (World, Tab) {
    let (mut world, tab) = World::with_shopper(1);
    world.link.down = true;
    world.wait(2 * SECOND);
    world.hide(tab);
    damage(&mut world);
    world.crash(tab, "/cart");
    world.link.down = false;
    world.settle();
    (world, tab)
}

#[test]
fn a_damaged_batch_is_discarded_and_counted() {
    let (world, tab) = with_damaged_batch();
    assert_eq!(world.collector.named("page_view").len(), 1);
    let loss = &world.doc(tab).journey()["loss"];
    assert_eq!(loss["dropped"], json!({"damaged":2}));
    assert_eq!(number(loss, "captured"), number(loss, "sent") + 2);
}

#[test]
fn a_damaged_batch_is_worth_one_message() {
    let (world, tab) = with_damaged_batch();
    assert_eq!(world.doc(tab).fails(), [(Code::Damaged, "storage")]);
}

#[test]
fn a_damaged_batch_of_an_earlier_journey_is_not_in_the_books_of_this_one() {
    let mut world = World::new(1);
    (world.decided, world.remember) = (Some(true), Some(true));
    let tab = world.open("/");
    world.link.down = true;
    world.wait(31 * MINUTE);
    world.go(tab, "/cart", false);
    world.hide(tab);
    damage(&mut world);
    world.crash(tab, "/thanks");
    world.link.down = false;
    world.settle();
    let loss = world.doc(tab).journey()["loss"].clone();
    assert_eq!(loss["dropped"].get("damaged"), None, "{loss}");
}

#[test]
fn numbers_beyond_reason_are_damage() {
    for number in [u64::MAX, 1 << 63] {
        let (mut world, tab) = World::with_shopper(1);
        world.hide(tab);
        let (visit, session) = world.stored(tab);
        let session = session.unwrap();
        // The third word after the version: start, last, and the tallies.
        let words: Vec<&str> = session.split(' ').collect();
        let numbers: Vec<&str> = words[3].split(',').collect();
        for at in 0..numbers.len() {
            let number = number.to_string();
            let mut changed = numbers.clone();
            changed[at] = &number;
            let changed = changed.join(",");
            let mut damaged = words.clone();
            damaged[3] = &changed;
            let damaged = damaged.join(" ");
            world.store(tab, visit.as_deref(), Some(&damaged));
            world.crash(tab, "/cart");
            world.track(tab, "add_to_cart", "{}");
            world.track(tab, "purchase", "{}");
            world.settle();
        }
    }
}

#[test]
fn what_the_page_between_could_not_send_outlives_a_late_awakening_where_more_is_remembered() {
    for remember in [true, false] {
        let mut world = World::new(1);
        (world.decided, world.remember) = (Some(true), Some(remember));
        let tab = world.open("/");
        world.wait(2 * SECOND);
        world.go(tab, "/p/espresso-77", true);
        world.link.down = true;
        world.track(tab, "view_item", "{}");
        world.wait(31 * MINUTE);
        assert!(world.back(tab));
        world.wait(2 * SECOND);
        world.link.down = false;
        world.settle();
        assert_eq!(world.collector.named("view_item").len(), usize::from(remember));
        let expired = &world.doc(tab).journey()["loss"]["dropped"]["expired"];
        assert_eq!(expired.is_u64(), !remember, "what the visit took with it is declared: {expired}");
    }
}

#[test]
fn time_does_not_run_backwards_over_documents_beside_a_tab_with_another_clock() {
    let (mut world, tab) = World::with_shopper(1);
    let other = world.open("/c/coffee");
    world.skew = 5 * MINUTE as i64;
    world.wait(2 * SECOND);
    world.go(tab, "/p/espresso-77", false);
    world.track(tab, "view_item", "{}");
    world.wait(10 * SECOND);
    world.track(other, "view_item_list", "{}");
    world.wait(10 * SECOND);
    world.skew = 0;
    world.go(tab, "/cart", false);
    world.track(tab, "view_cart", "{}");
    world.settle();
    let docs = world.docs.iter().filter(|doc| doc.tab == tab);
    let times: Vec<u64> = docs.flat_map(|doc| &doc.captured).map(|(_, event)| number(event, "at")).collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn the_journey_goes_on_where_storage_is_shut() {
    let mut world = World::new(1);
    world.storage.shut = true;
    world.decided = Some(true);
    let tab = world.open("/");
    world.track(tab, "add_to_cart", "{}");
    world.settle();
    assert_eq!(world.collector.touchpoints(), ["page_view", "add_to_cart"]);
    assert_eq!(world.doc(tab).fails(), [(Code::NoRoom, "storage")]);
}

#[test]
fn both_records_stay_small() {
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/", false);
    for i in 0..2_000 {
        world.wait(500);
        world.track(tab, "add_to_cart", r#"{"items":[{"item_id":"A"}]}"#);
        world.track(tab, "purchase", &format!(r#"{{"transaction_id":"{i}"}}"#));
    }
    world.settle();
    world.hide(tab);
    world.settle();
    let (visit, session) = world.stored(tab);
    let session = session.unwrap();
    assert_eq!(session.lines().count(), 1, "nothing waits");
    let size = visit.unwrap().len() + session.len();
    assert!(size < 8 * 1024, "{size} bytes");
}

#[test]
fn both_records_stay_small_however_often_a_prompt_is_opened() {
    let (mut world, tab) = World::with_shopper(1);
    let id = "n".repeat(40);
    world.go(tab, "/", false);
    for _ in 0..200 {
        world.wait(SECOND);
        world.input(tab, Input::Open { id: &id, version: 1, trigger: "purchase", sub: "", auto: true });
        world.prompt(tab, PromptEvent::Shown);
        world.prompt(tab, closed("dismissed"));
    }
    world.settle();
    let (visit, session) = world.stored(tab);
    let size = visit.unwrap().len() + session.unwrap().len();
    assert!(size < 8 * 1024, "{size} bytes");
}

#[test]
fn records_are_not_stored_for_each_event() {
    let (mut world, tab) = World::with_shopper(1);
    for _ in 0..100 {
        world.wait(50);
        world.track(tab, "view_item", "{}");
    }
    assert!(world.doc(tab).persists() <= 10, "{} times in 5 s", world.doc(tab).persists());
}

#[test]
fn time_does_not_run_backwards_over_documents() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(10 * MINUTE);
    world.track(tab, "view_item", "{}");
    for skew in [-5, -9, 3, -20] {
        world.wait(SECOND);
        world.skew = skew * MINUTE as i64;
        world.go(tab, "/cart", false);
        world.wait(SECOND);
        world.track(tab, "view_cart", "{}");
    }
    world.settle();
    assert_eq!(world.collector.journeys().len(), 1);
    let times: Vec<u64> = world.captured().iter().map(|(_, event)| number(event, "at")).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(world.doc(tab).sends().len() < 10, "no timer runs wild");
}

#[test]
fn a_clock_that_is_set_back_far_begins_a_new_journey() {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(2 * SECOND);
    world.skew = -(2 * HOUR as i64);
    world.go(tab, "/cart", false);
    world.settle();
    assert_eq!(world.collector.journeys().len(), 2);
    assert_eq!(world.collector.named("page_view").len(), 2);
}

// Prompts.

#[test]
fn what_a_prompt_reports_is_joined_to_the_path() {
    let (mut world, tab) = at_thanks(Mode::Strict, Some(true));
    world.wait(300);
    world.track(tab, "purchase", r#"{"transaction_id":"A"}"#);
    world.wait(1_500);
    ask(&mut world, tab, true);
    assert_eq!(world.doc(tab).opened(), [true]);
    world.prompt(tab, PromptEvent::Shown);
    world.prompt(tab, answer(7));
    world.prompt(tab, closed("completed"));
    world.settle();
    let sub = text(&data_of(&world, "prompt_shown"), "sub");
    assert_eq!(
        data_of(&world, "prompt_shown"),
        json!({"prompt":"order-nps","version":3,"sub":sub,"trigger":"purchase"})
    );
    assert_eq!(
        data_of(&world, "prompt_answer"),
        json!({"prompt":"order-nps","version":3,"sub":sub,"step":"score","rev":1,"ask":"nps","score":7})
    );
    assert_eq!(
        data_of(&world, "prompt_closed"),
        json!({"prompt":"order-nps","sub":sub,"reason":"completed","partial":false})
    );
    assert_eq!(world.collector.journeys().len(), 1, "answers are joined to the path");
}

#[test]
fn strict_mode_asks_nobody_without_measure() {
    for decided in [None, Some(false)] {
        let (mut world, tab) = at_thanks(Mode::Strict, decided);
        world.track(tab, "purchase", "{}");
        ask(&mut world, tab, false);
        world.wait(MINUTE);
        assert!(world.doc(tab).effects().all(|effect| matches!(effect, Effect::Entropy | Effect::Erase)));
    }
}

#[test]
fn a_shopper_who_does_not_want_to_be_asked_is_not() {
    for mode in [Mode::Strict, Mode::Feedback] {
        let (mut world, tab) = at_thanks(mode, Some(true));
        world.input(tab, decision(None, Some(false), false));
        world.track(tab, "purchase", "{}");
        ask(&mut world, tab, false);
        world.wait(MINUTE);
        assert!(world.doc(tab).opened().is_empty());
    }
}

#[test]
fn an_answer_without_measure_leaves_alone_and_tells_nothing_of_the_path() {
    for decided in [None, Some(false)] {
        let (mut world, tab) = at_thanks(Mode::Feedback, decided);
        world.wait(MINUTE);
        world.track(tab, "purchase", r#"{"transaction_id":"A","value":40}"#);
        world.wait(2 * SECOND);
        ask(&mut world, tab, true);
        assert_eq!(world.doc(tab).opened().len(), 1);
        assert!(!world.doc(tab).opened()[0]);
        world.prompt(tab, PromptEvent::Shown);
        world.wait(SECOND);
        assert!(world.doc(tab).sends().is_empty(), "nothing leaves before *Send*");
        world.prompt(tab, answer(10));
        assert_eq!(world.doc(tab).sends().len(), 1, "an answer leaves at once");
        world.prompt(tab, closed("completed"));
        world.settle();
        world.hide(tab);
        world.settle();
        let batch = last_batch(&world);
        assert_eq!(world.collector.bodies.len(), 1, "nothing but the answer: {:?}", world.collector.bodies);
        let sub = text(&batch["journey"], "leg");
        assert_eq!(
            batch["events"],
            json!([{"seq":1,"name":"prompt_answer","lens":"felt","page":"thanks","data":
                {"prompt":"order-nps","version":3,"sub":sub,"step":"score","rev":1,"ask":"nps","score":10}}])
        );
        assert_eq!(batch["sent"], BEGIN / 1000, "time to the hour");
        assert_eq!(world.doc(tab).persists(), 0);
        assert_eq!(world.doc(tab).journey(), Value::Null);
    }
}

/// What the last prompt that opened was told of the steps before it.
fn steps(world: &World, tab: Tab) -> String {
    let path = world.doc(tab).effects().filter_map(|effect| match effect {
        Effect::OpenPrompt { path, .. } => Some(path.clone()),
        _ => None,
    });
    path.last().expect("a prompt opened")
}

#[test]
fn the_steps_of_the_visit_go_along_only_where_the_shopper_adds_them() {
    for (decided, sensitive, told) in [
        (None, false, r#"["page_view","view_item","purchase"]"#),
        (None, true, ""),
        (Some(false), false, ""),
        (Some(true), false, ""),
    ] {
        let mut world = World::new(1);
        (world.config.mode, world.config.sensitive, world.decided) = (Mode::Feedback, sensitive, decided);
        let tab = world.open("/en/thanks");
        world.track(tab, "view_item", r#"{"items":[{"item_id":"SKU-1"}]}"#);
        world.track(tab, "purchase", r#"{"transaction_id":"A","value":40}"#);
        world.wait(SECOND);
        ask(&mut world, tab, true);
        assert_eq!(steps(&world, tab), told, "{decided:?} {sensitive}");
    }
    let (mut world, tab) = at_thanks(Mode::Feedback, None);
    ask(&mut world, tab, true);
    world.prompt(
        tab,
        PromptEvent::Answer(r#"{"step":"q","rev":1,"ask":"nps","score":7,"path":["view_item","<b>","a b"]}"#),
    );
    world.settle();
    assert_eq!(last_batch(&world)["events"][0]["data"]["path"], json!(["view_item"]), "names, and nothing else");
}

#[test]
fn an_answer_without_measure_is_sent_again_when_it_failed() {
    let (mut world, tab) = at_thanks(Mode::Feedback, None);
    world.track(tab, "purchase", "{}");
    ask(&mut world, tab, true);
    world.prompt(tab, PromptEvent::Shown);
    world.link.script.extend([Fate::Lost, Fate::AnswerLost, Fate::Status(503, None)]);
    world.prompt(tab, answer(3));
    world.settle();
    assert_eq!(world.collector.unjoined.len(), 1);
}

#[test]
fn an_answer_without_measure_is_numbered_as_if_it_were_the_first() {
    let (mut world, tab) = at_thanks(Mode::Feedback, Some(false));
    for _ in 0..3 {
        ask(&mut world, tab, false);
        world.prompt(tab, answer(3));
        world.prompt(tab, closed("completed"));
        world.settle();
    }
    let numbers: Vec<String> = world.collector.batches().iter().map(|batch| text(batch, "batch")).collect();
    assert_eq!(numbers, ["1", "1", "1"]);
}

#[test]
fn an_open_prompt_outlives_a_grant_without_being_joined_to_the_path() {
    let (mut world, tab) = at_thanks(Mode::Feedback, None);
    ask(&mut world, tab, false);
    world.prompt(tab, answer(3));
    world.input(tab, grant_now());
    world.prompt(tab, answer(4));
    world.settle();
    assert_eq!(world.collector.unjoined.len(), 2);
}

#[test]
fn two_submissions_without_measure_never_share_an_id() {
    let (mut world, tab) = at_thanks(Mode::Feedback, Some(false));
    for _ in 0..20 {
        ask(&mut world, tab, false);
        world.prompt(tab, PromptEvent::Shown);
        world.prompt(tab, answer(3));
        world.prompt(tab, closed("completed"));
        world.settle();
    }
    let mut ids: Vec<&str> = world.collector.unjoined.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids.len(), 20);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 20);
    let journeys: Vec<Value> = world.collector.batches().into_iter().map(|batch| batch["journey"].clone()).collect();
    let mut legs: Vec<String> = journeys.iter().map(|journey| text(journey, "leg")).collect();
    legs.sort_unstable();
    legs.dedup();
    assert_eq!(legs.len(), 20);
}

/// What was told of prompts, in order.
fn told(world: &World, tab: Tab) -> Vec<u8> {
    let flags = world.doc(tab).effects().filter_map(|effect| match effect {
        Effect::May { flags } => Some(*flags),
        _ => None,
    });
    flags.collect()
}

/// As the bits of `Effect::May`.
const MAY: u8 = 1;
const MEASURE: u8 = 2;
const REMEMBER: u8 = 4;
const ORDERED: u8 = 8;
const ASKED: u8 = 16;

#[test]
fn what_may_be_done_with_prompts_is_told_as_it_changes() {
    let (mut world, tab) = at_thanks(Mode::Strict, None);
    world.track(tab, "purchase", "{}");
    assert!(told(&world, tab).is_empty(), "strict: nobody is told anything");
    world.input(tab, grant_now());
    world.settle();
    assert_eq!(told(&world, tab), [MAY | MEASURE]);
    ask(&mut world, tab, true);
    world.prompt(tab, PromptEvent::Shown);
    assert_eq!(told(&world, tab).last(), Some(&(MAY | MEASURE | ASKED)));
    world.input(tab, Input::Withdraw);
    assert_eq!(told(&world, tab).last(), Some(&0));

    let (mut world, tab) = at_thanks(Mode::Feedback, None);
    assert_eq!(told(&world, tab), [MAY]);
    world.track(tab, "view_item", "{}");
    assert_eq!(told(&world, tab), [MAY], "but an order nothing is told without measure");
    world.track(tab, "purchase", "{}");
    assert_eq!(told(&world, tab), [MAY, MAY | ORDERED]);
    world.go(tab, "/p/1", true);
    assert_eq!(told(&world, tab).last(), Some(&MAY), "the order was on the page before");
    world.input(tab, decision(None, Some(false), false));
    assert_eq!(told(&world, tab).last(), Some(&0));
}

#[test]
fn who_may_be_remembered_is_told() {
    let mut world = World::new(1);
    (world.decided, world.remember) = (Some(true), Some(true));
    let tab = world.open("/");
    assert_eq!(told(&world, tab), [MAY | MEASURE | REMEMBER]);
}

#[test]
fn before_the_journey_is_told_it_is_told_what_may_be_done() {
    let (world, tab) = World::with_shopper(1);
    let may = world.doc(tab).effects().position(|effect| matches!(effect, Effect::May { .. }));
    let opened = world.doc(tab).effects().position(|effect| matches!(effect, Effect::Watch { .. }));
    assert!(may.is_some() && opened.is_some(), "{may:?} {opened:?}");
    assert_eq!(world.doc(tab).effects().filter(|effect| matches!(effect, Effect::May { .. })).count(), 1);
}

#[test]
fn a_prompt_opens_as_often_as_it_may() {
    let (mut world, tab) = at_thanks(Mode::Strict, Some(true));
    ask(&mut world, tab, false);
    world.prompt(tab, closed("dismissed"));
    ask(&mut world, tab, false);
    assert_eq!(world.doc(tab).opened(), [true, true]);
    assert_eq!(told(&world, tab), [MAY | MEASURE], "who asks for it is not asked");
}

#[test]
fn all_tabs_of_a_visit_know_that_it_was_asked() {
    let (mut world, tab) = at_thanks(Mode::Strict, Some(true));
    ask(&mut world, tab, true);
    world.prompt(tab, PromptEvent::Shown);
    world.settle();
    let other = world.open("/p/2");
    world.settle();
    assert_eq!(told(&world, other), [MAY | MEASURE | ASKED]);
    world.wait(HOUR);
    world.go(other, "/", false);
    world.settle();
    assert_eq!(told(&world, other), [MAY | MEASURE], "another visit may be asked again");
}

#[test]
fn a_prompt_goes_on_with_its_submission() {
    let (mut world, tab) = at_thanks(Mode::Strict, Some(true));
    ask(&mut world, tab, true);
    world.prompt(tab, PromptEvent::Shown);
    world.settle();
    let sub = text(&data_of(&world, "prompt_shown"), "sub");
    world.go(tab, "/p/1", false);
    world.input(tab, Input::Open { id: "order-nps", version: 3, trigger: "purchase", sub: &sub, auto: true });
    world.prompt(tab, answer(9));
    world.settle();
    assert_eq!(text(&data_of(&world, "prompt_answer"), "sub"), sub);
}

#[test]
fn what_was_answered_can_be_taken_back_after_the_end() {
    for decided in [Some(true), None] {
        let (mut world, tab) = at_thanks(Mode::Feedback, decided);
        ask(&mut world, tab, false);
        world.prompt(tab, answered("why", 1, "text", None, Some("It hurts"), false));
        world.prompt(tab, closed("completed"));
        world.settle();
        world.prompt(tab, answered("why", 2, "text", None, None, true));
        world.settle();
        let batches = world.collector.batches();
        let events = batches.iter().flat_map(|batch| batch["events"].as_array().cloned().unwrap());
        let answers: Vec<Value> = events.filter(|event| event["name"] == "prompt_answer").collect();
        assert_eq!(answers.len(), 2);
        let (said, back) = (&answers[0]["data"], &answers[1]["data"]);
        assert_eq!((&said["sub"], &said["step"]), (&back["sub"], &back["step"]));
        assert_eq!((&back["rev"], &back["skipped"], back.get("text")), (&json!(2), &json!(true), None));
    }
}

#[test]
fn a_contact_outside_the_shop_is_placed_on_the_path() {
    let (mut world, tab) = at_thanks(Mode::Feedback, Some(true));
    ask(&mut world, tab, false);
    let told = r#"{"type":"offsite","kind":"friend","feeling":"good","sub":"x"}"#;
    world.prompt(tab, PromptEvent::Offsite(told));
    world.settle();
    assert_eq!(data_of(&world, "offsite_touchpoint"), json!({"by":"told","kind":"friend","feeling":"good"}));

    let (mut world, tab) = at_thanks(Mode::Feedback, None);
    ask(&mut world, tab, false);
    world.prompt(tab, PromptEvent::Offsite(told));
    world.settle();
    assert!(world.collector.bodies.is_empty(), "without measure there is no path");
}

#[test]
fn a_prompt_closes_when_consent_is_withdrawn() {
    let (mut world, tab) = at_thanks(Mode::Strict, Some(true));
    ask(&mut world, tab, false);
    world.input(tab, Input::Withdraw);
    assert!(world.doc(tab).effects().any(|effect| *effect == Effect::ClosePrompt));
    world.prompt(tab, answer(9));
    world.settle();
    assert!(world.collector.events.is_empty());
}

#[test]
fn a_text_is_cut_at_five_hundred_characters() {
    for decided in [Some(true), None] {
        let (mut world, tab) = at_thanks(Mode::Feedback, decided);
        ask(&mut world, tab, false);
        world.prompt(tab, PromptEvent::Shown);
        let long = "ä\"".repeat(600);
        let event = answered("why", 2, "text", None, Some(&long), false);
        world.prompt(tab, event);
        world.settle();
        let data = data_of(&world, "prompt_answer");
        assert_eq!(text(&data, "text"), long.chars().take(500).collect::<String>());
        assert_eq!(data["rev"], 2);
    }
}

#[test]
fn a_skipped_question_says_so() {
    let (mut world, tab) = at_thanks(Mode::Strict, Some(true));
    ask(&mut world, tab, false);
    let event = answered("why", 1, "text", None, None, true);
    world.prompt(tab, event);
    world.settle();
    let data = data_of(&world, "prompt_answer");
    assert_eq!((&data["skipped"], data.get("text"), data.get("score")), (&json!(true), None, None));
}

// What may leave.

#[test]
fn amounts_leave_with_two_digits_and_unknown_members_not_at_all() {
    let order = r#"{"transaction_id":"KK-10482","value":1249.5,"shipping":"4,95","currency":"EUR","coupon":"ANNA",
        "customer":{"email":"anna@example.fi"},"items":[{"item_id":"SKU-1","price":47.9,"quantity":2,"color":"red"}]}"#;
    for (money, value, shipping, price) in [(Money::TwoDigits, 1200.0, 5.0, 48.0), (Money::Exact, 1249.5, 4.95, 47.9)] {
        let mut world = World::new(1);
        world.config.money = money;
        world.decided = Some(true);
        let tab = world.open("/thanks");
        world.track(tab, "purchase", order);
        world.settle();
        let data = data_of(&world, "purchase");
        assert_eq!(data["value"].as_f64(), Some(value));
        assert_eq!(data["shipping"].as_f64(), Some(shipping));
        assert_eq!(data["items"][0]["price"].as_f64(), Some(price));
        let keys: Vec<&String> = data.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 4, "{keys:?}");
        assert_eq!(data["items"][0].as_object().unwrap().len(), 3);
    }
}

#[test]
fn identifiers_in_paths_and_texts_do_not_leave() {
    let mut world = World::new(1);
    world.decided = Some(true);
    let tab = world.open("/account/anna@example.fi/orders/10482?token=s3cr3t#x");
    world.track(tab, "search", r#"{"search_term":"anna@example.fi 040 123 4567 kahvi"}"#);
    world.settle();
    let sent = world.collector.bodies.concat();
    for secret in ["anna", "10482", "s3cr3t", "123 4567"] {
        assert!(!sent.contains(secret), "{secret} in {sent}");
    }
    assert_eq!(data_of(&world, "search"), json!({"search_term":"[email]"}), "a short value leaves whole or not at all");
    assert_eq!(world.collector.named("search")[0]["page"], "/account/:id/orders/:id");
}

#[test]
fn a_sensitive_page_tells_that_it_was_there_and_no_more() {
    let mut world = World::new(1);
    world.config.sensitive = true;
    world.decided = Some(true);
    let tab = world.open("/pharmacy/antidepressants");
    world.track(tab, "search", r#"{"search_term":"sertraline"}"#);
    world.track(tab, "view_item", r#"{"items":[{"item_id":"RX-1","item_name":"Sertraline"}]}"#);
    world.settle();
    let sent = world.collector.bodies.concat();
    for secret in ["pharmacy", "anti", "ertraline", "RX-1"] {
        assert!(!sent.contains(secret), "{secret} in {sent}");
    }
    assert_eq!(world.collector.touchpoints(), ["page_view", "search", "view_item"]);
}

#[test]
fn unknown_names_and_bad_data_cost_a_message_and_nothing_else() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "add_to_card", "{}");
    world.track(tab, "page_view", "{}");
    world.track(tab, "erase", "{}");
    world.track(tab, "add_to_cart", "[1,2");
    world.track(tab, "view_cart", "null");
    world.track(tab, "purchase", r#"{"value":1}"#);
    world.settle();
    let unknown = ["add_to_card", "page_view", "erase"].map(|name| (Code::UnknownName, name));
    let bad = ["add_to_cart", "view_cart"].map(|name| (Code::BadData, name));
    assert_eq!(world.doc(tab).fails(), [&unknown[..], &bad].concat());
    assert_eq!(world.collector.touchpoints(), ["page_view", "add_to_cart", "view_cart", "purchase"]);
    assert_eq!(world.collector.named("add_to_cart")[0].get("data"), None);
}

#[test]
fn what_identifies_the_device_is_its_class_and_language_alone() {
    let mut world = World::new(1);
    world.config = Config { device: polku_core::Device::Mobile, ..config() };
    world.decided = Some(true);
    world.open("/");
    world.settle();
    let journey = last_batch(&world)["journey"].clone();
    assert_eq!((&journey["device"], &journey["lang"]), (&json!("mobile"), &json!("fi")));
    assert_eq!(journey["consent"], json!({"measure":{"by":"cookiebot","hour":BEGIN / 3_600_000,"policy":"2026-11"}}));
}

#[test]
fn two_runs_of_one_world_are_the_same_to_the_byte() {
    let run = |seed| {
        let (mut world, tab) = World::with_shopper(seed);
        world.link.faults.lost = 30;
        world.track(tab, "add_to_cart", "{}");
        world.wait(MINUTE);
        world.go(tab, "/cart", false);
        world.track(tab, "purchase", "{}");
        world.settle();
        let logs: Vec<_> = world.docs.iter().map(|doc| doc.log.clone()).collect();
        logs
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

#[test]
fn words_of_a_sensitive_page_are_not_joined_to_a_path() {
    let mut world = World::new(1);
    world.config.sensitive = true;
    world.decided = Some(true);
    let tab = world.open("/en/thanks");
    ask(&mut world, tab, true);
    world.prompt(tab, PromptEvent::Shown);
    world.prompt(tab, answered("why", 1, "text", None, Some("it itches"), false));
    world.settle();
    assert_eq!(data_of(&world, "prompt_answer")["step"], "why");
    assert!(!world.collector.bodies.concat().contains("itches"));
}

#[test]
fn an_order_waits_for_no_rest_between_batches() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    for _ in 0..20 {
        world.track(tab, "help_view", "{}");
    }
    world.wait(300);
    let sent = world.doc(tab).sends().len();
    let at = world.now;
    world.track(tab, "purchase", r#"{"transaction_id":"A"}"#);
    world.wait(10);
    let sends = world.doc(tab).sends();
    assert_eq!((sends.len(), sends[sent].0), (sent + 1, at));
}

// What the simulation found.

#[test]
fn an_idle_tab_leaves_the_visit_of_another_alone_and_withdraws_both() {
    let (mut world, idle) = World::with_shopper(1);
    world.wait(31 * MINUTE);
    let busy = world.open("/c/coffee");
    world.wait(2 * SECOND);
    let visit = world.storage.visit.clone();
    world.hide(idle);
    assert_eq!(world.storage.visit, visit, "the old visit does not come back");
    world.show(idle);
    world.settle();
    let mut journeys = world.collector.journeys();
    assert_eq!((journeys.len(), world.doc(busy).journey_id()), (2, Some(journeys[1].clone())));
    world.input(idle, Input::Keep);
    world.input(idle, Input::Withdraw);
    world.input(busy, Input::Withdrawn);
    world.settle();
    world.collector.erased.sort();
    journeys.sort();
    assert_eq!(world.collector.erased, journeys);
}

#[test]
fn a_refusal_that_is_repeated_takes_what_another_tab_has_kept_since() {
    let mut world = World::new(1);
    let first = world.open("/");
    let second = world.open("/c/coffee");
    world.input(second, decision(Some(false), None, false));
    world.input(first, grant_now());
    world.wait(2 * SECOND);
    assert!(world.storage.visit.is_some());
    world.input(second, decision(Some(false), None, false));
    assert_eq!(world.storage.visit, None);
}

#[test]
fn a_page_that_slept_through_a_withdrawal_and_a_new_grant_goes_on_with_the_new_visit() {
    let (mut world, tab) = World::with_shopper(1);
    world.link.down = true;
    world.track(tab, "view_item", "{}");
    let other = world.open("/c/coffee");
    world.wait(2 * SECOND);
    world.go(tab, "/cart", true);
    world.input(other, Input::Withdraw);
    world.input(tab, Input::Withdrawn);
    world.input(other, grant_now());
    world.wait(2 * SECOND);
    let journey = world.doc(other).journey_id();
    world.link.down = false;
    assert!(world.back(tab));
    // It is left again before it has looked.
    world.hide(tab);
    world.settle();
    assert_eq!(world.doc(tab).journey_id(), journey);
    assert!(world.collector.named("view_item").is_empty(), "what was withdrawn is not sent");
}

#[test]
fn what_may_be_read_is_what_may_be_as_it_is_read() {
    let mut engine = Engine::new(Config::default());
    let mut restores = |remember| {
        let (by, policy) = ("api", "");
        let grant = Input::Consent { measure: Some(true), remember, feedback: None, earlier: false, by, policy };
        engine.handle(Millis(1_795_284_000_000), grant);
        let effects = std::iter::from_fn(|| engine.poll());
        effects.filter(|effect| matches!(effect, Effect::Restore { .. })).collect::<Vec<_>>()
    };
    assert_eq!(restores(Some(true)), [Effect::Restore { past: true, shelf: true }]);
    assert_eq!(restores(Some(false)), [Effect::Restore { past: false, shelf: true }], "asked anew");
}

#[test]
fn what_is_kept_for_its_visit_is_not_kept_when_that_is_over() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    world.link.down = true;
    world.track(tab, "view_item", "{}");
    // The machine slept, and nothing of it was kept.
    world.now += 31 * MINUTE;
    world.wait(SECOND);
    assert!(world.storage.shelf.values().all(|text| !text.contains("view_item")));
}

#[test]
fn what_is_remembered_no_longer_is_kept_for_its_visit_alone() {
    let mut world = World::new(1);
    (world.decided, world.remember) = (Some(true), Some(true));
    let tab = world.open("/");
    world.link.down = true;
    world.track(tab, "view_item", "{}");
    world.wait(2 * SECOND);
    let beyond = |world: &World| world.storage.shelf.values().filter(|text| text.starts_with("1 ,16,")).count();
    assert!(beyond(&world) > 0);
    let (by, policy) = ("api", "");
    let end = Input::Consent { measure: None, remember: Some(false), feedback: None, earlier: false, by, policy };
    world.input(tab, end);
    assert!(beyond(&world) == 0 && !world.storage.shelf.is_empty());
}
