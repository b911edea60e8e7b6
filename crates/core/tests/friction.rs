//! Frictions of one page, through the whole engine: what is told of them, when, and what never is. How good the detectors are on
//! whole journeys is judged by the labelled ones in `tests/detectors`.
#![allow(clippy::unwrap_used)]

mod world;

use polku_core::{Arrival, Config, Input, Money, Name, Observation, Pointer, Sight, What};
use serde_json::{Value, json};

use world::{MINUTE, SECOND, Tab, World, config};

/// A shopper on the watched front page, the first second of it gone.
fn watched(config: Config) -> (World, Tab) {
    let mut world = World::new(7);
    world.config = config;
    world.decided = Some(true);
    let tab = world.open("/checkout");
    world.wait(SECOND);
    (world, tab)
}

fn see(world: &mut World, tab: Tab, what: What, target: &str, number: u32) {
    world.see(tab, Sight::Observed(Observation { what, target, number }));
}

fn press(world: &mut World, tab: Tab, target: &str, role: &str) {
    // Each at another place, so that there is no rage.
    let x = (world.now % 997) as i32 * 40;
    let pointer = Pointer { x, y: 1, target, role, label: "", interactive: true };
    world.see(tab, Sight::Pointer(pointer));
}

fn request(world: &mut World, tab: Tab, path: &str, status: u32, ms: u32) {
    see(world, tab, What::Request, path, status << 20 | ms);
}

/// What was told under `name`, without the rest of the event.
fn told(world: &mut World, name: Name) -> Vec<Value> {
    world
        .captured()
        .into_iter()
        .filter(|(_, event)| event["name"] == name.as_str())
        .map(|(_, it)| it["data"].clone())
        .collect()
}

#[test]
fn a_click_that_nothing_answers_is_dead_and_told_once() {
    let (mut world, tab) = watched(config());
    press(&mut world, tab, "button#buy", "button");
    world.wait(2_749);
    assert_eq!(told(&mut world, Name::DeadClick), [] as [Value; 0]);
    world.wait(1);
    let dead = json!({"count": 1, "confidence": 0.6, "target": "button#buy"});
    assert_eq!(told(&mut world, Name::DeadClick), std::slice::from_ref(&dead));
    press(&mut world, tab, "button#buy", "button");
    world.wait(5 * SECOND);
    assert_eq!(told(&mut world, Name::DeadClick), [dead], "once on a page");
}

#[test]
fn a_click_that_is_answered_is_not_dead() {
    let answers = [
        (What::Mutation, 2_400, true),
        (What::Request, 2_400, true),
        (What::Scroll, 200, true),
        (What::Focus, 200, true),
        (What::Mutation, 2_600, false),
        (What::Scroll, 900, false),
        (What::Blur, 100, false),
    ];
    for (what, after, answered) in answers {
        let (mut world, tab) = watched(config());
        press(&mut world, tab, "button#buy", "button");
        world.wait(after);
        see(&mut world, tab, what, "/api/cart", 200 << 20 | 90);
        world.wait(5 * SECOND);
        assert_eq!(told(&mut world, Name::DeadClick).is_empty(), answered, "{what:?} after {after}");
    }
    for role in ["a", "link", "textbox", "select", "video", "radio"] {
        let (mut world, tab) = watched(config());
        press(&mut world, tab, "x", role);
        world.wait(5 * SECOND);
        assert!(told(&mut world, Name::DeadClick).is_empty(), "{role}");
    }
    let (mut world, tab) = watched(config());
    press(&mut world, tab, "button#buy", "button");
    world.wait(300);
    world.track(tab, "add_to_cart", "{}");
    press(&mut world, tab, "button#other", "button");
    world.hide(tab);
    world.show(tab);
    world.wait(500);
    press(&mut world, tab, "button#back", "button");
    world.wait(5 * SECOND);
    assert!(told(&mut world, Name::DeadClick).is_empty(), "the shop answered; the page hid; it came back just now");
}

#[test]
fn fields_of_one_attempt_are_one_error_and_the_same_field_again_is_surer() {
    let (mut world, tab) = watched(config());
    see(&mut world, tab, What::Invalid, "email", 0);
    world.wait(SECOND);
    assert!(told(&mut world, Name::FormError).is_empty(), "nobody asked");
    for _ in 0..2 {
        press(&mut world, tab, "button#send", "button");
        see(&mut world, tab, What::Invalid, "email", 0);
        see(&mut world, tab, What::Invalid, "phone", 0);
        see(&mut world, tab, What::Invalid, "city", 0);
        world.wait(4 * SECOND);
    }
    press(&mut world, tab, "button#send", "button");
    see(&mut world, tab, What::Invalid, "email", 0);
    world.wait(4 * SECOND);
    assert_eq!(
        told(&mut world, Name::FormError),
        [
            json!({"count": 3, "confidence": 0.6, "target": "email"}),
            json!({"count": 3, "confidence": 0.8, "target": "email"}),
            json!({"count": 3, "confidence": 1, "target": "email"}),
        ]
    );
    press(&mut world, tab, "button#send", "button");
    world.wait(100);
    see(&mut world, tab, What::Edit, "email", 0);
    see(&mut world, tab, What::Invalid, "email", 0);
    world.wait(SECOND);
    assert_eq!(told(&mut world, Name::FormError).len(), 3, "it is still being typed");
    press(&mut world, tab, "button#send", "button");
    see(&mut world, tab, What::Invalid, "email", 0);
    world.track(tab, "form_error", r#"{"field":"email"}"#);
    world.wait(SECOND);
    assert_eq!(told(&mut world, Name::FormError)[3..], [json!({"field": "email"})], "the shop knows better");
}

/// A form of two fields that was begun.
fn begun(world: &mut World, tab: Tab) {
    for field in ["name", "street"] {
        see(world, tab, What::Focus, field, 0);
        see(world, tab, What::Edit, field, 0);
        see(world, tab, What::Change, field, 0);
        world.wait(2 * SECOND);
    }
}

#[test]
fn a_form_that_is_left_is_abandoned_at_its_last_field() {
    let left = [json!({"count": 1, "confidence": 0.6, "target": "street"})];
    let (mut world, tab) = watched(config());
    begun(&mut world, tab);
    let next = Input::Page { path: "/", referrer: "", own_host: true, how: Arrival::Route };
    world.input(tab, next);
    assert_eq!(told(&mut world, Name::FormAbandon), left);
    let event = world.captured().into_iter().find(|(_, event)| event["name"] == "form_abandon").unwrap();
    assert_eq!(event.1["page"], "/checkout");

    let (mut world, tab) = watched(config());
    begun(&mut world, tab);
    world.hide(tab);
    assert!(told(&mut world, Name::FormAbandon).is_empty(), "another tab");
    world.hide(tab);
    assert_eq!(told(&mut world, Name::FormAbandon), left, "gone for good");

    let (mut world, tab) = watched(config());
    begun(&mut world, tab);
    world.hide(tab);
    world.wait(19 * MINUTE);
    assert!(told(&mut world, Name::FormAbandon).is_empty());
    let id = world.doc(tab).journey_id();
    world.wait(MINUTE);
    assert_eq!(told(&mut world, Name::FormAbandon), left);
    assert_eq!(world.doc(tab).journey_id(), id, "it belongs to its own journey");
}

#[test]
fn a_form_that_came_to_its_end_is_not_abandoned() {
    type Way = fn(&mut World, Tab);
    let ways: [(&str, Way); 5] = [
        ("submitted", |world, tab| see(world, tab, What::Submit, "", 0)),
        ("bought", |world, tab| world.track(tab, "purchase", "{}")),
        ("pressed", |world, tab| press(world, tab, "button#go", "button")),
        ("switched off", |_, _| {}),
        ("withdrawn", |world, tab| world.input(tab, Input::Withdraw)),
    ];
    for (what, way) in ways {
        let off = if what == "switched off" { 1 << Name::FormAbandon as u64 } else { 0 };
        let (mut world, tab) = watched(Config { off, ..config() });
        begun(&mut world, tab);
        way(&mut world, tab);
        world.wait(SECOND);
        world.hide(tab);
        world.hide(tab);
        assert!(told(&mut world, Name::FormAbandon).is_empty(), "{what}");
    }
    for field in ["q", "search_term", "sortera", "quantity"] {
        let (mut world, tab) = watched(config());
        see(&mut world, tab, What::Edit, field, 0);
        world.hide(tab);
        world.hide(tab);
        assert!(told(&mut world, Name::FormAbandon).is_empty(), "{field}");
    }
    let (mut world, tab) = watched(config());
    see(&mut world, tab, What::Focus, "email", 0);
    see(&mut world, tab, What::Change, "delivery", 0);
    world.hide(tab);
    world.hide(tab);
    assert!(told(&mut world, Name::FormAbandon).is_empty(), "nothing was typed");
}

#[test]
fn a_message_after_something_that_the_shopper_did_is_shown_once() {
    let (mut world, tab) = watched(config());
    see(&mut world, tab, What::Alert, "div alert", 0);
    world.wait(2 * SECOND);
    assert!(told(&mut world, Name::ErrorShown).is_empty(), "by itself");
    press(&mut world, tab, "button#coupon", "button");
    world.wait(SECOND);
    see(&mut world, tab, What::Alert, "div alert", 0);
    see(&mut world, tab, What::Alert, "div status", 0);
    world.wait(2 * SECOND);
    see(&mut world, tab, What::Alert, "div alert", 0);
    world.wait(2 * SECOND);
    let shown = json!({"count": 1, "confidence": 0.5, "target": "div alert"});
    assert_eq!(told(&mut world, Name::ErrorShown), [shown]);
    // A good message, told of before or after it.
    for early in [true, false] {
        world.wait(MINUTE);
        press(&mut world, tab, "button#buy", "button");
        if early {
            world.track(tab, "add_to_cart", "{}");
        }
        see(&mut world, tab, What::Alert, "div alert", 0);
        world.wait(SECOND);
        if !early {
            world.track(tab, "add_to_cart", "{}");
        }
        world.wait(5 * SECOND);
    }
    assert_eq!(told(&mut world, Name::ErrorShown).len(), 1);
    world.wait(MINUTE);
    press(&mut world, tab, "button#pay", "button");
    request(&mut world, tab, "/api/pay", 500, 400);
    see(&mut world, tab, What::Alert, "div alert", 0);
    world.wait(2 * SECOND);
    assert_eq!(told(&mut world, Name::ErrorShown)[1]["confidence"], json!(0.8), "something failed before it");
}

#[test]
fn requests_that_fail_are_told_by_their_path() {
    let (mut world, tab) = watched(config());
    world.wait(10 * SECOND);
    for _ in 0..3 {
        request(&mut world, tab, "/api/cart", 503, 120);
    }
    request(&mut world, tab, "/api/rates", 0, 900);
    press(&mut world, tab, "button#go", "button");
    world.wait(9 * SECOND);
    request(&mut world, tab, "/api/slow", 200, 8_900);
    world.wait(2 * SECOND);
    request(&mut world, tab, "/api/cart", 503, 120);
    world.wait(2 * SECOND);
    assert_eq!(
        told(&mut world, Name::RequestFailed),
        [
            json!({"count": 3, "confidence": 0.9, "target": "/api/cart"}),
            json!({"count": 1, "confidence": 0.6, "target": "/api/rates"}),
            json!({"count": 1, "confidence": 0.5, "target": "/api/slow"}),
        ]
    );
}

#[test]
fn requests_that_nobody_misses_are_not_told() {
    let (mut world, tab) = watched(config());
    world.wait(10 * SECOND);
    let of_no_matter = [
        ("/api/cart", 200, 300),
        ("/api/cart", 304, 30),
        ("/api/me", 401, 30),
        ("/favicon.ico", 404, 30),
        ("/px", 0, 3),
        ("/list", 0, 20_000),
        ("/poll", 200, 9_000),
        ("/events", 200, 90_000),
    ];
    for (path, status, ms) in of_no_matter {
        request(&mut world, tab, path, status, ms);
    }
    // Given up for the next one.
    request(&mut world, tab, "/suggest", 0, 100);
    world.wait(300);
    request(&mut world, tab, "/suggest", 200, 100);
    world.wait(2 * SECOND);
    // Cut off.
    request(&mut world, tab, "/late", 0, 100);
    world.hide(tab);
    world.wait(2 * SECOND);
    assert!(told(&mut world, Name::RequestFailed).is_empty());
}

#[test]
fn script_errors_are_grouped_and_noise_is_none() {
    let (mut world, tab) = watched(config());
    for noise in ["Script error", "ResizeObserver loop /", "TypeError chrome-extension:", "AbortError", "TypeError"] {
        see(&mut world, tab, What::Error, noise, 0);
    }
    for place in 0..20 {
        let error = "TypeError /app.js:".to_owned() + &place.to_string();
        see(&mut world, tab, What::Error, &error, 0);
        see(&mut world, tab, What::Error, &error, 0);
    }
    world.wait(2 * SECOND);
    let errors = told(&mut world, Name::JsError);
    assert_eq!(errors.len(), 8, "a page tells of so many places");
    assert_eq!(errors[0], json!({"count": 2, "confidence": 0.5, "target": "TypeError /app.js:0"}));
    world.wait(MINUTE);
    // A script within a page lies at that page's address.
    let next = Input::Page { path: "/order/KK-10482", referrer: "", own_host: true, how: Arrival::Route };
    world.input(tab, next);
    see(&mut world, tab, What::Error, "TypeError /order/KK-10482:55", 0);
    world.wait(2 * SECOND);
    assert_eq!(told(&mut world, Name::JsError)[8]["target"], "TypeError /order/:id:55");
    assert!(world.captured().iter().all(|(_, event)| !event.to_string().contains("10482")));
    let next = Input::Page { path: "/", referrer: "", own_host: true, how: Arrival::Route };
    world.input(tab, next);
    press(&mut world, tab, "button#buy", "button");
    see(&mut world, tab, What::Error, "TypeError /app.js:0", 0);
    world.wait(2 * SECOND);
    assert_eq!(told(&mut world, Name::JsError)[9]["confidence"], json!(0.8), "on the next page it counts again");
}

#[test]
fn vitals_are_rated_and_one_poor_one_makes_the_page_slow() {
    let (mut world, tab) = watched(config());
    for (metric, value) in [
        ("CLS", 1_005),
        ("FCP", 1_800),
        ("LCP\nimg#hero", 6_000),
        ("INP\nbutton#buy", 501),
        ("TTFB", 900_000),
        ("LoAF\n/app.js", 201),
        ("FID", 9),
    ] {
        see(&mut world, tab, What::Vital, metric, value);
    }
    assert_eq!(
        told(&mut world, Name::WebVitals),
        [
            json!({"name": "CLS", "value": 0.1, "rating": "needs-improvement"}),
            json!({"name": "FCP", "value": 1800, "rating": "good"}),
            json!({"name": "LCP", "value": 6000, "rating": "poor", "target": "img#hero"}),
            json!({"name": "INP", "value": 501, "rating": "poor", "target": "button#buy"}),
            json!({"name": "LoAF", "value": 201, "rating": "poor", "target": "/app.js"}),
        ]
    );
    let slow = json!({"count": 1, "confidence": 0.8, "target": "LCP img#hero"});
    assert_eq!(told(&mut world, Name::SlowPage), [slow]);
    world.hide(tab);
    world.show(tab);
    see(&mut world, tab, What::Vital, "FCP", 9_000);
    assert_eq!(told(&mut world, Name::WebVitals).len(), 5, "it was painted out of sight");
}

#[test]
fn a_frame_that_blocks_is_told_and_makes_no_page_slow() {
    let (mut world, tab) = watched(config());
    for value in [60, 201, 2_000] {
        see(&mut world, tab, What::Vital, "LoAF\n/app.js", value);
    }
    assert_eq!(told(&mut world, Name::WebVitals).len(), 3);
    assert_eq!(told(&mut world, Name::SlowPage), [] as [Value; 0]);
}

#[test]
fn engagement_is_told_as_the_page_is_left() {
    let (mut world, tab) = watched(config());
    see(&mut world, tab, What::Engaged, "20", 900);
    world.hide(tab);
    assert!(told(&mut world, Name::PageEngagement).is_empty(), "less than a second");
    world.show(tab);
    see(&mut world, tab, What::Engaged, "80", 5_250);
    see(&mut world, tab, What::Engaged, "60", 1_000);
    world.hide(tab);
    world.hide(tab);
    // Told by the page after it hid.
    see(&mut world, tab, What::Engaged, "101", 2_000);
    assert_eq!(
        told(&mut world, Name::PageEngagement),
        [json!({"engaged": 7_100, "depth": 80}), json!({"engaged": 2_000, "depth": 100})]
    );
}

#[test]
fn what_was_seen_is_told_once_and_without_what_names_somebody() {
    let (mut world, tab) = watched(config());
    for seen in
        ["price\n47.90", "price\n47.90", "price\n52.90", "stock", "error\na@example.fi is \"taken\"", "x\n\"y\"\\"]
    {
        see(&mut world, tab, What::Seen, seen, 0);
    }
    assert_eq!(
        told(&mut world, Name::ContentSeen),
        [
            json!({"kind": "price", "text": "48"}),
            json!({"kind": "price", "text": "53"}),
            json!({"kind": "stock"}),
            json!({"kind": "error", "text": "[email]"}),
            json!({"kind": "x", "text": "\"y\"\\"}),
        ]
    );
}

#[test]
fn a_sensitive_page_names_no_places() {
    let (mut world, tab) = watched(Config { sensitive: true, ..config() });
    world.wait(10 * SECOND);
    request(&mut world, tab, "/api/medicine", 500, 10);
    see(&mut world, tab, What::Seen, "price\nMedicine 5 €", 0);
    see(&mut world, tab, What::Vital, "LCP\nimg#medicine", 9_000);
    world.wait(MINUTE);
    assert_eq!(told(&mut world, Name::RequestFailed), [json!({"count": 1, "confidence": 0.9})]);
    assert_eq!(told(&mut world, Name::ContentSeen), [json!({"kind": "price"})]);
    assert!(world.captured().iter().all(|(_, event)| !event.to_string().contains("edicine")));
}

#[test]
fn a_price_that_was_seen_is_as_coarse_as_an_amount() {
    let seen = |money| {
        let (mut world, tab) = watched(Config { money, ..config() });
        for text in ["price\n47.90", "price\n1.249,00", "stock\nin_stock"] {
            see(&mut world, tab, What::Seen, text, 0);
        }
        told(&mut world, Name::ContentSeen)
    };
    let stock = json!({"kind":"stock","text":"in_stock"});
    assert_eq!(seen(Money::TwoDigits), [json!({"kind":"price","text":"48"}), json!({"kind":"price"}), stock.clone()]);
    let exact = ["47.90", "1.249,00"].map(|text| json!({"kind":"price","text":text}));
    assert_eq!(seen(Money::Exact), [exact[0].clone(), exact[1].clone(), stock]);
}
