//! Frictions that are found along the path, in a simulated world: over whole pages, each with an engine of its own, and over time.
#![allow(clippy::unwrap_used)]

mod world;

use polku_core::{Arrival, Input, Name, Observation, Pointer, Sight, What};

use world::{MINUTE, SECOND, Tab, World, decision, own_page};

fn observe(world: &mut World, tab: Tab, what: What, target: &str, number: u32) {
    world.see(tab, Sight::Observed(Observation { what, target, number }));
}

fn press(world: &mut World, tab: Tab, target: &str) {
    observe(world, tab, What::Press, target, 0);
}

/// How often `name` was captured, by whichever document.
fn count(world: &World, name: Name) -> usize {
    world.captured().iter().filter(|(_, event)| event["name"] == name.as_str()).count()
}

/// Reloads the page of `path`: its document goes, and another one comes.
fn reload(world: &mut World, tab: Tab, path: &str) {
    world.go(tab, path, false);
}

/// At the checkout, with what is to be paid.
fn at_payment() -> (World, Tab) {
    let (mut world, tab) = World::with_shopper(1);
    world.wait(10 * SECOND);
    world.go(tab, "/checkout/payment", false);
    world.track(tab, "begin_checkout", "{}");
    world.wait(20 * SECOND);
    world.track(tab, "add_payment_info", r#"{"payment_type":"card"}"#);
    world.wait(5 * SECOND);
    (world, tab)
}

// Payments.

#[test]
fn a_checkout_that_returns_with_an_error_is_a_declined_payment() {
    let (mut world, tab) = at_payment();
    world.hide(tab);
    world.wait(90 * SECOND);
    world.go(tab, "/checkout?status=cancelled", false);
    world.wait(MINUTE);
    world.go(tab, "/checkout?status=cancelled", false);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::PaymentDeclined), 1, "once for each attempt");
    world.track(tab, "add_payment_info", "{}");
    world.wait(SECOND);
    world.go(tab, "/checkout?error=payment", false);
    world.wait(SECOND);
    world.go(tab, "/help", false);
    assert_eq!(count(&world, Name::PaymentDeclined), 2, "another attempt, told as its page is left");
    world.wait(40 * MINUTE);
    assert_eq!(count(&world, Name::OrderUnconfirmed), 0);
}

#[test]
fn the_shops_own_report_of_a_declined_payment_counts_alone() {
    let (mut world, tab) = at_payment();
    world.go(tab, "/checkout?payment_error=1", false);
    world.wait(2 * SECOND);
    world.track(tab, "payment_declined", r#"{"code":"card"}"#);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::PaymentDeclined), 1);
}

#[test]
fn an_alert_that_comes_with_the_return_is_a_declined_payment() {
    let (mut world, tab) = at_payment();
    world.go(tab, "/checkout/payment", false);
    world.wait(2 * SECOND);
    observe(&mut world, tab, What::Alert, "div#error", 0);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::PaymentDeclined), 1);
}

#[test]
fn who_agrees_after_a_refusal_is_met_at_the_payment() {
    let mut world = World::new(1);
    let tab = world.open("/checkout/payment");
    for measure in [false, true] {
        world.wait(SECOND);
        world.input(tab, decision(Some(measure), None, false));
    }
    world.decided = Some(true);
    world.wait(SECOND);
    observe(&mut world, tab, What::Press, "button#pay-now", 0);
    world.wait(5 * SECOND);
    world.go(tab, "/checkout?error=payment", false);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::PaymentDeclined), 1);
}

#[test]
fn what_is_no_declined_payment() {
    // An error before any payment.
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/checkout?error=1", false);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::PaymentDeclined), 0);
    // An alert long after the return, one before it, and an error that an order follows.
    let (mut world, tab) = at_payment();
    observe(&mut world, tab, What::Alert, "div#error", 0);
    world.go(tab, "/checkout/payment", false);
    world.wait(30 * SECOND);
    observe(&mut world, tab, What::Alert, "div#error", 0);
    world.wait(MINUTE);
    world.track(tab, "add_payment_info", "{}");
    world.go(tab, "/order/7?error=none", false);
    world.wait(SECOND);
    world.track(tab, "purchase", r#"{"transaction_id":"A"}"#);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::PaymentDeclined), 0);
}

#[test]
fn a_payment_that_nothing_is_heard_of_is_told_once_and_keeps_no_journey_alive() {
    let (mut world, tab) = at_payment();
    press(&mut world, tab, "button#pay");
    world.hide(tab);
    world.wait(20 * MINUTE);
    assert_eq!(count(&world, Name::OrderUnconfirmed), 0, "the shopper may still be at the bank");
    world.wait(15 * MINUTE);
    assert_eq!(count(&world, Name::OrderUnconfirmed), 1);
    world.show(tab);
    world.track(tab, "view_item", "{}");
    world.settle();
    assert_eq!(count(&world, Name::OrderUnconfirmed), 1);
    assert_eq!(world.collector.journeys().len(), 2, "the silence ended the journey");
}

#[test]
fn a_payment_that_ends_somehow_is_not_unconfirmed() {
    for end in ["purchase", "payment_declined"] {
        let (mut world, tab) = at_payment();
        press(&mut world, tab, "button#pay");
        world.go(tab, "/thanks", false);
        world.track(tab, end, r#"{"transaction_id":"A"}"#);
        world.wait(40 * MINUTE);
        assert_eq!(count(&world, Name::OrderUnconfirmed), 0, "{end}");
    }
    // Back at the payment, or soon elsewhere in the shop.
    for path in ["/checkout/payment?again=1", "/", "/checkout/success"] {
        let (mut world, tab) = at_payment();
        world.go(tab, path, false);
        world.wait(40 * MINUTE);
        assert_eq!(count(&world, Name::OrderUnconfirmed), 0, "{path}");
    }
}

#[test]
fn an_order_in_another_tab_confirms_the_payment() {
    for wait in [0, 3 * MINUTE, 20 * MINUTE] {
        let (mut world, _) = at_payment();
        world.wait(wait);
        let second = world.open("/thanks");
        world.track(second, "purchase", r#"{"transaction_id":"A"}"#);
        world.close(second);
        world.wait(40 * MINUTE);
        assert_eq!(count(&world, Name::OrderUnconfirmed), 0, "{wait}");
    }
}

#[test]
fn who_comes_back_late_without_an_order_was_left_alone_with_the_payment() {
    let (mut world, tab) = at_payment();
    world.hide(tab);
    world.wait(12 * MINUTE);
    world.go(tab, "/", false);
    world.wait(20 * SECOND);
    assert_eq!(count(&world, Name::OrderUnconfirmed), 0, "it may be confirmed yet");
    world.wait(3 * MINUTE);
    assert_eq!(count(&world, Name::OrderUnconfirmed), 1);
}

// Searches.

#[test]
fn an_empty_search_is_told_once_whoever_tells() {
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/search?q=kettel", false);
    world.track(tab, "search", r#"{"search_term":"kettel","results":0}"#);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::SearchNoResults), 1);
    world.track(tab, "search", r#"{"search_term":"lamp","results":0}"#);
    world.track(tab, "search_no_results", r#"{"search_term":"lamp"}"#);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::SearchNoResults), 2, "the shop's own report");
    world.track(tab, "search_no_results", r#"{"search_term":"sofa"}"#);
    world.track(tab, "search", r#"{"search_term":"sofa","results":0}"#);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::SearchNoResults), 3, "… before the search");
    world.track(tab, "search", r#"{"search_term":"chair","results":12}"#);
    world.track(tab, "search", r#"{"search_term":"table"}"#);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::SearchNoResults), 3, "found, and not known");
}

#[test]
fn a_search_is_repeated_over_pages_and_its_term_is_not_stored() {
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/search?q=kettel", false);
    world.track(tab, "search", r#"{"search_term":"kettel","results":0}"#);
    world.wait(20 * SECOND);
    world.go(tab, "/search?q=kettle", false);
    let (visit, session) = world.stored(tab);
    let heads = [visit.unwrap(), session.unwrap()].map(|text| text.lines().next().unwrap().to_owned());
    assert!(!heads.iter().any(|head| head.contains("kett")), "{heads:?}");
    world.track(tab, "search", r#"{"search_term":"kettle","results":9}"#);
    world.wait(SECOND);
    assert_eq!(count(&world, Name::SearchRepeated), 1);
}

// Pages.

#[test]
fn to_and_fro_is_found_over_pages_by_real_addresses() {
    let (mut world, tab) = World::with_shopper(1);
    let walk = |world: &mut World, pages: &[&str]| {
        for page in pages {
            world.wait(8 * SECOND);
            world.go(tab, page, false);
        }
    };
    walk(&mut world, &["/c/coffee", "/p/a-1", "/c/coffee", "/p/b-2", "/c/coffee", "/p/c-3", "/c/coffee"]);
    assert_eq!(count(&world, Name::BackAndForth), 0, "a list and its products");
    walk(&mut world, &["/p/a-1", "/help", "/p/a-1", "/help"]);
    assert_eq!(count(&world, Name::BackAndForth), 0);
    walk(&mut world, &["/p/a-1", "/help"]);
    assert_eq!(count(&world, Name::BackAndForth), 1);
    // With the back/forward cache, whose engines slept meanwhile.
    walk(&mut world, &["/cart", "/c/tea"]);
    for _ in 0..2 {
        world.wait(8 * SECOND);
        world.go(tab, "/delivery", true);
        world.wait(8 * SECOND);
        assert!(world.back(tab));
    }
    world.wait(SECOND);
    assert_eq!(count(&world, Name::BackAndForth), 2);
}

#[test]
fn three_reloads_are_told_once_and_links_are_none() {
    let (mut world, tab) = World::with_shopper(1);
    for _ in 0..4 {
        world.wait(10 * SECOND);
        reload(&mut world, tab, "/");
    }
    assert_eq!(count(&world, Name::PageReloaded), 0, "links of the page to itself");
    for _ in 0..5 {
        world.wait(10 * SECOND);
        world.input(tab, Input::Page { path: "/", referrer: "", own_host: true, how: Arrival::Reload });
    }
    assert_eq!(count(&world, Name::PageReloaded), 1);
}

#[test]
fn a_long_walk_without_progress_is_told_over_pages() {
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/c/coffee", false);
    world.track(tab, "view_item_list", "{}");
    for page in 0..19 {
        world.wait(MINUTE);
        world.go(tab, &format!("/p/thing-{page}"), false);
        world.track(tab, "view_item", "{}");
    }
    assert_eq!(count(&world, Name::NoProgress), 0);
    world.hide(tab);
    world.wait(25 * MINUTE);
    world.show(tab);
    observe(&mut world, tab, What::Scroll, "", 100);
    assert_eq!(count(&world, Name::NoProgress), 0, "hidden time does not count");
    for _ in 0..8 {
        world.wait(MINUTE);
        world.track(tab, "view_item", "{}");
    }
    assert_eq!(count(&world, Name::NoProgress), 1);
    world.track(tab, "add_to_cart", "{}");
    world.wait(MINUTE);
    world.track(tab, "view_item", "{}");
    assert_eq!(count(&world, Name::NoProgress), 1);
}

// One page.

fn approach(world: &mut World, tab: Tab, target: &str) {
    world.wait(15 * SECOND);
    observe(world, tab, What::Near, target, 0);
    world.wait(SECOND);
    observe(world, tab, What::Away, target, 0);
}

#[test]
fn hesitation_survives_a_look_at_another_page_and_ends_with_a_press() {
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/checkout", false);
    approach(&mut world, tab, "button#pay");
    approach(&mut world, tab, "button#pay");
    world.go(tab, "/terms", false);
    world.wait(10 * SECOND);
    world.go(tab, "/checkout", false);
    approach(&mut world, tab, "button#pay");
    approach(&mut world, tab, "button#pay");
    world.wait(SECOND);
    assert_eq!(count(&world, Name::Hesitation), 1);
    // The same button on other pages is another one; and one that was pressed.
    let (mut world, tab) = World::with_shopper(1);
    for page in ["/p/a-1", "/p/b-2", "/p/c-3", "/p/d-4"] {
        world.go(tab, page, false);
        approach(&mut world, tab, "button#buy");
        approach(&mut world, tab, "button#buy");
        press(&mut world, tab, "button#buy");
        approach(&mut world, tab, "button#buy");
    }
    assert_eq!(count(&world, Name::Hesitation), 0);
}

#[test]
fn a_button_that_is_looked_for_in_vain_is_told_as_the_page_is_left() {
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/p/a-1", false);
    observe(&mut world, tab, What::Action, "button#buy", 3);
    for _ in 0..3 {
        world.wait(3 * SECOND);
        let pointer = Pointer { x: 5, y: 5, target: "button#buy", role: "button", label: "buy", interactive: true };
        world.see(tab, Sight::Pointer(pointer));
    }
    world.wait(5 * SECOND);
    world.go(tab, "/p/b-2", false);
    world.wait(MINUTE);
    assert_eq!(count(&world, Name::CtaHidden), 1);
}

// All.

#[test]
fn each_can_be_switched_off() {
    let (mut world, _) = World::with_shopper(1);
    world.config.off = 1 << Name::PageReloaded as u64;
    let tab = world.open("/");
    for _ in 0..5 {
        world.input(tab, Input::Page { path: "/", referrer: "", own_host: true, how: Arrival::Reload });
        world.wait(SECOND);
    }
    assert_eq!(count(&world, Name::PageReloaded), 0);
}

#[test]
fn nothing_is_watched_before_consent_or_after_its_withdrawal() {
    let mut world = World::new(1);
    let tab = world.open("/");
    for _ in 0..5 {
        approach(&mut world, tab, "button#pay");
        world.input(tab, own_page("/"));
    }
    world.input(tab, Input::consent(true));
    world.wait(SECOND);
    assert_eq!(count(&world, Name::Hesitation), 0);
    world.track(tab, "add_payment_info", "{}");
    world.input(tab, Input::Withdraw);
    world.wait(40 * MINUTE);
    world.hide(tab);
    assert_eq!(count(&world, Name::OrderUnconfirmed), 0);
}
