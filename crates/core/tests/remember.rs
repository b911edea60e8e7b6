//! What is remembered beyond the visit, with consent to `remember`: orders and visits, in bands, and each order once.

#![allow(clippy::unwrap_used)]

mod world;

use polku_core::Input;
use serde_json::Value;

use world::{MINUTE, Tab, World, decision};

const DAY: u64 = 24 * 60 * MINUTE;

/// A shopper who lets the shop remember, on the front page.
fn regular() -> (World, Tab) {
    let mut world = World::new(1);
    (world.decided, world.remember) = (Some(true), Some(true));
    let tab = world.open("/");
    (world, tab)
}

/// The tab is closed; so many days later the shopper is back at `path`.
fn later(world: &mut World, tab: Tab, days: u64, path: &str) -> Tab {
    world.close(tab);
    world.settle();
    world.wait(days * DAY);
    world.open(path)
}

fn order(world: &mut World, tab: Tab, number: &str) {
    world.track(tab, "purchase", &format!(r#"{{"transaction_id":"{number}","value":20,"currency":"EUR"}}"#));
}

/// The newest summary of each journey, in order.
fn summaries(world: &mut World, tab: Tab) -> Vec<Value> {
    world.close(tab);
    world.settle();
    let mut last: Vec<(String, Value)> = Vec::new();
    for (journey, event) in world.captured() {
        if event["name"] == "journey_summary" {
            last.retain(|(known, _)| known != journey);
            last.push((journey.clone(), event["data"].clone()));
        }
    }
    last.into_iter().map(|(_, data)| data).collect()
}

fn loyalty(data: &Value) -> String {
    ["returning", "order", "since_order"].map(|member| data.get(member).map_or("-".into(), Value::to_string)).join(" ")
}

#[test]
fn orders_and_visits_are_told_in_bands() {
    let (mut world, tab) = regular();
    order(&mut world, tab, "A");
    let tab = later(&mut world, tab, 3, "/");
    world.track(tab, "view_item", "");
    let tab = later(&mut world, tab, 20, "/");
    order(&mut world, tab, "B");
    // On a later page of the same visit nothing has changed.
    world.go(tab, "/p/1", false);
    let tab = later(&mut world, tab, 100, "/");
    order(&mut world, tab, "C");
    let tab = later(&mut world, tab, 200, "/");
    order(&mut world, tab, "D");
    let told: Vec<String> = summaries(&mut world, tab).iter().map(loyalty).collect();
    assert_eq!(
        told,
        [
            r#"false "first" -"#,
            r#"true - "0-14""#,
            r#"true "second" "15-30""#,
            r#"true "third_or_later" "91-180""#,
            r#"true "third_or_later" "181+""#
        ]
    );
}

#[test]
fn an_order_is_counted_once_also_days_later() {
    let (mut world, tab) = regular();
    order(&mut world, tab, "A");
    // The link of the confirmation's mail.
    let tab = later(&mut world, tab, 5, "/thanks");
    order(&mut world, tab, "A");
    world.wait(MINUTE);
    assert_eq!(world.collector.named("purchase").len(), 1);
    order(&mut world, tab, "B");
    let told: Vec<String> = summaries(&mut world, tab).iter().map(loyalty).collect();
    assert_eq!(told[1], r#"true "second" "0-14""#);
    assert_eq!(world.collector.named("purchase").len(), 2);
}

#[test]
fn without_consent_to_it_nothing_is_remembered() {
    let (mut world, tab) = World::with_shopper(1);
    order(&mut world, tab, "A");
    let tab = later(&mut world, tab, 5, "/thanks");
    order(&mut world, tab, "A");
    let told: Vec<String> = summaries(&mut world, tab).iter().map(loyalty).collect();
    assert_eq!(told, ["- - -", "- - -"]);
    assert_eq!(world.collector.named("purchase").len(), 2, "another visit knows nothing of the first");
    assert_eq!(world.storage.past, None);
}

#[test]
fn whoever_bought_before_comes_back_into_retention() {
    let (mut world, tab) = regular();
    order(&mut world, tab, "A");
    let tab = later(&mut world, tab, 40, "/");
    world.wait(MINUTE);
    assert_eq!(world.doc(tab).journey()["stage"], "retention");
    // Help is care for a month after an order.
    let tab = later(&mut world, tab, 1, "/p/1");
    world.track(tab, "view_item", "");
    world.track(tab, "help_view", "");
    assert_eq!(world.doc(tab).journey()["stage"], "consideration");
    order(&mut world, tab, "B");
    let tab = later(&mut world, tab, 29, "/p/1");
    world.track(tab, "view_item", "");
    world.track(tab, "help_view", "");
    assert_eq!(world.doc(tab).journey()["stage"], "retention");
}

#[test]
fn remembering_may_be_allowed_and_ended_within_a_visit() {
    let (mut world, tab) = World::with_shopper(1);
    let allow = |remember| Input::Consent {
        measure: None,
        remember: Some(remember),
        feedback: None,
        earlier: false,
        by: "api",
        policy: "",
    };
    world.input(tab, allow(true));
    order(&mut world, tab, "A");
    world.wait(MINUTE);
    assert!(world.storage.past.is_some());
    world.input(tab, allow(false));
    world.wait(MINUTE);
    assert_eq!(world.storage.past, None);
    order(&mut world, tab, "B");
    let told: Vec<String> = summaries(&mut world, tab).iter().map(loyalty).collect();
    assert_eq!(told, ["- - -"]);
    assert_eq!(world.storage.past, None);
}

#[test]
fn a_withdrawal_forgets_it_and_thirteen_months_do() {
    let (mut world, tab) = regular();
    order(&mut world, tab, "A");
    world.wait(MINUTE);
    world.input(tab, decision(Some(false), None, false));
    assert_eq!(world.storage.past, None);
    let (mut world, tab) = regular();
    order(&mut world, tab, "A");
    let tab = later(&mut world, tab, 396, "/");
    let told: Vec<String> = summaries(&mut world, tab).iter().map(loyalty).collect();
    assert_eq!(told[1], "false - -");
}
