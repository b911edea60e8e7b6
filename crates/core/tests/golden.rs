//! One fixed session, byte by byte: the wire format cannot drift unseen. `BLESS=1` writes what is sent now.
// The blessed bytes lie in a file.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod world;

use polku_core::{Arrival, Device, Input, Mode, Pointer, PromptEvent, Sight};

use world::link::Fate;
use world::{MINUTE, SECOND, World, answered, decision, ended};

/// Where the golden session is. Asked at run time, so that a cached test belongs to whichever clone runs it.
fn golden() -> String {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo and xtask set CARGO_MANIFEST_DIR");
    folder + "/tests/golden/session.jsonl"
}

/// From the front page to an order, an answer, a withdrawal, and an answer of somebody who is not measured: each body as it
/// was sent, in order.
fn session() -> Vec<String> {
    let mut world = World::new(2026);
    world.config.mode = Mode::Feedback;
    world.config.device = Device::Mobile;
    world.decided = Some(true);
    let tab = world.blank();
    let door = Input::Page {
        path: "/fi?utm_source=news",
        referrer: "https://news.example/",
        own_host: false,
        how: Arrival::Load,
    };
    world.input(tab, door);
    world.input(tab, decision(Some(true), None, true));
    world.wait(1_234);
    world.track(tab, "view_promotion", r#"{"promotion_name":"Syksyn paahto \"Ä\"","creative_slot":"hero"}"#);
    world.wait(3 * SECOND);
    world.go(tab, "/fi/p/espresso-77", true);
    let item = r#"{"currency":"EUR","value":47.9,"items":[{"item_id":"SKU-1","item_name":"Espresso","price":"47,90","quantity":1,"coupon":"X"}]}"#;
    world.track(tab, "view_item", item);
    world.link.script.push_back(Fate::Lost);
    world.wait(10 * SECOND);
    world.track(tab, "add_to_cart", item);
    for x in 0..5 {
        let pointer = Pointer { x, y: 500, target: "button#buy", role: "button", label: "Osta", interactive: true };
        world.wait(150);
        world.see(tab, Sight::Pointer(pointer));
    }
    world.wait(3 * SECOND);
    world.back(tab);
    world.wait(2 * SECOND);
    world.go(tab, "/fi/haku", false);
    world.track(tab, "search", r#"{"search_term":"suodatin anna@example.fi","results":0}"#);
    world.track(tab, "search_no_results", "");
    world.wait(2 * SECOND);
    world.go(tab, "/fi/kassa", false);
    world.track(tab, "begin_checkout", item);
    world.track(tab, "payment_declined", r#"{"code":"insufficient_funds"}"#);
    world.wait(20 * SECOND);
    world.go(tab, "/fi/kiitos", false);
    world.track(
        tab,
        "purchase",
        r#"{"transaction_id":"KK-10482","value":1249.0,"shipping":0,"currency":"EUR","items":[]}"#,
    );
    world.wait(1_500);
    world.ask(tab, "order-nps", 2);
    world.wait(500);
    world.prompt(tab, PromptEvent::Shown);
    let answer = |step, ask, score, text| answered(step, 1, ask, score, text, false);
    world.prompt(tab, answer("score", "nps", Some(9), None));
    world.wait(5 * SECOND);
    world.prompt(tab, answer("why", "text", None, Some("Nopea toimitus,\nhyvä \"kahvi\" \\o/")));
    world.prompt(tab, ended("completed", false));
    world.wait(45 * MINUTE);
    world.track(tab, "order_status_view", "");
    world.settle();
    world.input(tab, Input::Withdraw);
    world.settle();
    world.ask(tab, "order-nps", 2);
    world.prompt(tab, PromptEvent::Shown);
    world.prompt(tab, answer("score", "nps", Some(3), None));
    world.settle();
    let sends = world.docs.iter().flat_map(|doc| doc.sends());
    let mut sends: Vec<(u64, String)> = sends.map(|(at, body, _)| (at, body.to_owned())).collect();
    sends.sort_by_key(|(at, _)| *at);
    sends.into_iter().map(|(_, body)| body).collect()
}

#[test]
fn a_fixed_session_is_sent_as_it_always_was() {
    let sent = session().join("\n") + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(std::path::Path::new(&golden()).parent().unwrap()).unwrap();
        std::fs::write(golden(), &sent).unwrap();
    }
    let golden = std::fs::read_to_string(golden()).unwrap();
    for (number, (now, before)) in sent.lines().zip(golden.lines()).enumerate() {
        assert_eq!(now, before, "line {}: BLESS=1 accepts it", number + 1);
    }
    assert_eq!(sent.lines().count(), golden.lines().count(), "BLESS=1 accepts it");
}
