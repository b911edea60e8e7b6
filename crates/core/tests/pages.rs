//! Pages, doors and service pages, in a simulated world: one behaviour each.
#![allow(clippy::unwrap_used)]

mod world;

use polku_core::{Arrival, Effect, Input};
use serde_json::{Value, json};

use world::collector::text;
use world::{MINUTE, SECOND, Tab, World, decision, grant_now};

const SEARCH: &str = "https://www.google.fi/";

fn page<'a>(path: &'a str, referrer: &'a str, how: Arrival) -> Input<'a> {
    Input::Page { path, referrer, own_host: referrer.starts_with("https://shop.example/"), how }
}

fn route(world: &mut World, tab: Tab, path: &str, how: Arrival) {
    world.input(tab, page(path, "https://shop.example/", how));
}

/// A world whose shopper came to `path` from `referrer`, and accepted earlier or has said nothing yet.
fn landed(path: &str, referrer: &str, decided: bool) -> (World, Tab) {
    let mut world = World::new(1);
    let tab = world.blank();
    world.input(tab, page(path, referrer, Arrival::Load));
    if decided {
        world.decided = Some(true);
        world.input(tab, decision(Some(true), None, true));
    }
    (world, tab)
}

/// Page templates and data of all page views.
fn views(world: &mut World) -> Vec<(String, Value)> {
    world.settle();
    let views = world.collector.named("page_view");
    views.iter().map(|view| (text(view, "page"), view.get("data").cloned().unwrap_or_default())).collect()
}

#[test]
fn a_view_that_is_told_twice_is_one() {
    let (mut world, tab) = landed("/", "", true);
    world.wait(3 * SECOND);
    route(&mut world, tab, "/?utm_source=x", Arrival::Named);
    world.wait(10 * SECOND);
    route(&mut world, tab, "/p/1", Arrival::Route);
    world.wait(300);
    route(&mut world, tab, "/p/1", Arrival::Named);
    world.wait(10 * SECOND);
    route(&mut world, tab, "/p/2", Arrival::Named);
    route(&mut world, tab, "/p/2?size=3", Arrival::Route);
    let pages: Vec<String> = views(&mut world).into_iter().map(|(page, _)| page).collect();
    assert_eq!(pages, ["/", "/p/:id", "/p/:id"]);
}

#[test]
fn views_that_differ_are_all_counted() {
    let (mut world, tab) = landed("/p/1", "", true);
    // The same template, another product; and the shop's own names one after the other.
    for (path, how) in [("/p/2", Arrival::Route), ("/c/tea", Arrival::Route), ("/p/2", Arrival::Route)] {
        world.wait(100);
        route(&mut world, tab, path, how);
    }
    world.wait(2 * SECOND);
    for path in ["/checkout/address", "/checkout/payment"] {
        route(&mut world, tab, path, Arrival::Named);
    }
    world.wait(10 * SECOND);
    route(&mut world, tab, "/checkout/payment", Arrival::Named);
    assert_eq!(views(&mut world).len(), 7);
}

#[test]
fn a_page_that_the_shop_names_has_that_name() {
    let (mut world, tab) = landed("/", "", true);
    world.wait(10 * SECOND);
    route(&mut world, tab, "/x7", Arrival::Route);
    world.wait(300);
    route(&mut world, tab, "/quick-view", Arrival::Named);
    world.track(tab, "view_item", "");
    assert_eq!(views(&mut world).len(), 2, "one view");
    assert_eq!(world.collector.named("view_item")[0]["page"], "/quick-view");
}

#[test]
fn the_door_has_its_words() {
    let (mut world, _) = landed("/p/1?gclid=abc&utm_campaign=syksy", SEARCH, true);
    let (page, data) = views(&mut world).remove(0);
    assert_eq!((page.as_str(), data), ("/p/:id", json!({"click":"google_ads","campaign":"syksy","door":"search"})));
    let sent = world.collector.bodies.join("");
    assert!(!sent.contains("abc") && !sent.contains("google.fi"), "{sent}");
}

#[test]
fn a_later_arrival_is_the_last_touch() {
    let (mut world, tab) = landed("/", SEARCH, true);
    world.wait(MINUTE);
    world.input(tab, Input::Visibility { hidden: true });
    let other = world.blank();
    world.input(other, page("/p/1?utm_medium=email", "", Arrival::Load));
    world.input(other, decision(Some(true), None, true));
    world.wait(MINUTE);
    // To come back from the payment, to load again, and to go back are no arrivals.
    for (referrer, how) in
        [("https://services.paytrail.com/", Arrival::Load), (SEARCH, Arrival::Reload), (SEARCH, Arrival::Restored)]
    {
        world.go(other, "/thanks", false);
        world.input(other, page("/thanks", referrer, how));
    }
    let told: Vec<Value> = views(&mut world).into_iter().map(|(_, data)| data).filter(|data| !data.is_null()).collect();
    assert_eq!(told, [json!({"door":"search"}), json!({"medium":"email","door":"mail"})]);
    assert_eq!(world.collector.journeys().len(), 1, "one journey");
}

#[test]
fn a_decision_on_a_later_view_keeps_nothing_of_the_door() {
    let (mut world, tab) = landed("/?utm_campaign=syksy", SEARCH, false);
    world.wait(5 * SECOND);
    route(&mut world, tab, "/c/tea", Arrival::Route);
    assert!(world.doc(tab).effects().all(|effect| matches!(effect, Effect::Entropy)), "nothing is stored");
    world.wait(5 * SECOND);
    world.input(tab, grant_now());
    world.wait(5 * SECOND);
    route(&mut world, tab, "/p/1", Arrival::Route);
    assert_eq!(
        views(&mut world),
        [("/c/tea".to_owned(), json!({"door":"unknown"})), ("/p/:id".to_owned(), Value::Null)]
    );
}

#[test]
fn a_decision_on_a_later_page_makes_the_door_unknown() {
    for (first, referrer) in [("/", ""), ("/?gclid=x", SEARCH)] {
        let (mut world, tab) = landed(first, referrer, false);
        world.go(tab, "/p/1", false);
        world.input(tab, grant_now());
        assert_eq!(views(&mut world), [("/p/:id".to_owned(), json!({"door":"unknown"}))]);
    }
    let (mut world, tab) = landed("/", "", false);
    world.wait(5 * SECOND);
    route(&mut world, tab, "/p/1", Arrival::Route);
    world.input(tab, grant_now());
    assert_eq!(views(&mut world), [("/p/:id".to_owned(), json!({"door":"unknown"}))], "never direct");
}

#[test]
fn a_view_before_the_grant_keeps_its_own_door() {
    let (mut world, tab) = landed("/", SEARCH, false);
    world.wait(5 * SECOND);
    route(&mut world, tab, "/p/1", Arrival::Route);
    world.input(tab, decision(Some(true), None, true));
    assert_eq!(views(&mut world), [("/".to_owned(), json!({"door":"search"})), ("/p/:id".to_owned(), Value::Null)]);
}

#[test]
fn a_link_tells_of_a_touchpoint_outside_once() {
    for now in [false, true] {
        let (mut world, tab) = landed("/?polku_touch=store_visit&polku_stage=retention", "", !now);
        if now {
            world.wait(5 * SECOND);
            world.input(tab, grant_now());
        }
        world.wait(5 * SECOND);
        // Loaded again, and a new journey in the same document.
        world.input(tab, page("/?polku_touch=store_visit", "", Arrival::Reload));
        world.wait(45 * MINUTE);
        world.track(tab, "view_item", "");
        world.settle();
        let touches = world.collector.named("offsite_touchpoint");
        assert_eq!(touches.len(), 1, "{touches:?}");
        assert_eq!(touches[0]["data"], json!({"kind":"store_visit","by":"link"}));
        assert_eq!(touches[0]["stage"], "retention");
    }
}

#[test]
fn a_link_may_name_a_stage_alone() {
    let (mut world, _) = landed("/?polku_stage=retention", "", true);
    world.settle();
    assert_eq!(world.collector.named("page_view")[0]["stage"], "retention");
    assert_eq!(world.collector.named("offsite_touchpoint").len(), 0);
    let (mut world, _) = landed("/?polku_stage=purgatory&polku_touch=tax_office", "", true);
    world.settle();
    assert_eq!(world.collector.touchpoints(), ["page_view"]);
    assert_eq!(world.collector.named("page_view")[0]["stage"], "awareness");
}

#[test]
fn nothing_is_captured_of_the_staff() {
    let (mut world, tab) = landed("/?polku_ignore=1", "", true);
    world.track(tab, "purchase", r#"{"transaction_id":"A"}"#);
    world.wait(5 * SECOND);
    world.go(tab, "/p/1", false);
    world.track(tab, "add_to_cart", "");
    world.wait(45 * MINUTE);
    world.track(tab, "add_to_cart", "");
    world.hide(tab);
    world.settle();
    assert_eq!(world.captured().len(), 0);
    let (mut world, tab) = landed("/?polku_ignore=0", "", true);
    world.track(tab, "add_to_cart", "");
    assert_eq!(views(&mut world).len(), 1);
}

#[test]
fn without_consent_nobody_remembers_the_staff() {
    let (mut world, tab) = landed("/?polku_ignore=1", "", false);
    world.track(tab, "add_to_cart", "");
    world.hide(tab);
    assert_eq!(world.stored(tab), (None, None));
    world.go(tab, "/p/1", false);
    world.input(tab, decision(Some(true), None, true));
    assert_eq!(views(&mut world).len(), 1);
}

#[test]
fn pages_of_service_are_touchpoints() {
    let (mut world, tab) = landed("/fi/ukk", "", true);
    for path in ["/fi/tilausseuranta", "/fi/palautus", "/c/coffee"] {
        world.wait(10 * SECOND);
        route(&mut world, tab, path, Arrival::Route);
    }
    // What comes back is not done again.
    world.input(tab, page("/fi/palautus", "", Arrival::Restored));
    world.settle();
    assert_eq!(world.collector.named("help_view").len(), 1);
    assert_eq!(world.collector.named("order_status_view").len(), 1);
    assert_eq!(world.collector.named("return_start").len(), 1);
}

#[test]
fn a_page_with_special_content_tells_nothing_of_what_it_is_about() {
    let mut world = World::new(1);
    world.config.sensitive = true;
    world.decided = Some(true);
    let tab = world.blank();
    world.input(tab, page("/help?utm_campaign=ointment&utm_source=google", SEARCH, Arrival::Load));
    world.input(tab, decision(Some(true), None, true));
    assert_eq!(views(&mut world), [("/:page".to_owned(), json!({"door":"search"}))]);
    assert_eq!(world.collector.named("help_view").len(), 0);
}

#[test]
fn a_bank_that_nobody_knows_is_no_door() {
    let (mut world, tab) = landed("/", SEARCH, true);
    world.wait(MINUTE);
    for (name, last) in [("begin_checkout", json!({"door":"search"})), ("purchase", json!({"door":"other"}))] {
        world.track(tab, name, r#"{"transaction_id":"A"}"#);
        world.go(tab, "/", false);
        world.input(tab, page("/thanks", "https://verify.bank.example/", Arrival::Load));
        world.wait(MINUTE);
        let told: Vec<Value> =
            views(&mut world).into_iter().map(|(_, data)| data).filter(|data| !data.is_null()).collect();
        assert_eq!(told.last(), Some(&last), "after {name}");
    }
}
