//! One touchpoint that several sources report is one event, and an order is one order.
#![allow(clippy::unwrap_used)]

mod world;

use polku_core::{Arrival, Input, Money, Source};
use serde_json::{Value, json};

use world::{SECOND, Tab, World, grant_now};

/// Every source, the most trusted first.
const SOURCES: [Source; 6] =
    [Source::Api, Source::Attribute, Source::Layer, Source::Platform, Source::Schema, Source::Url];

fn tell(world: &mut World, tab: Tab, source: Source, name: &str, data: &str) {
    world.input(tab, Input::Track { name, data: Some(data).filter(|data| !data.is_empty()), source });
}

/// The names that arrived, without the views of pages.
fn names(world: &mut World) -> Vec<String> {
    world.settle();
    world.collector.touchpoints().iter().map(ToString::to_string).filter(|name| name != "page_view").collect()
}

fn data(world: &World, name: &str) -> Vec<Value> {
    world.collector.named(name).iter().map(|event| event["data"].clone()).collect()
}

/// A product whose price says which source it came from.
fn product(id: &str, source: Source) -> String {
    format!(r#"{{"items":[{{"item_id":"{id}","price":{}}}]}}"#, source as u8 + 1)
}

fn route(world: &mut World, tab: Tab, path: &str) {
    let page = Input::Page { path, referrer: "https://shop.example/", own_host: true, how: Arrival::Route };
    world.input(tab, page);
}

#[test]
fn any_two_sources_in_any_order_are_one_event_and_the_better_one_counts() {
    for first in SOURCES {
        for second in SOURCES.into_iter().filter(|second| *second != first) {
            for name in ["view_item", "add_to_cart"] {
                let (mut world, tab) = World::with_shopper(1);
                tell(&mut world, tab, first, name, &product("A", first));
                world.wait(200);
                tell(&mut world, tab, second, name, &product("A", second));
                assert_eq!(names(&mut world), [name], "{first:?} then {second:?}");
                // What the three best say is recorded at once, and stays.
                let counts = if first <= Source::Layer { first } else { first.min(second) };
                let price = data(&world, name)[0]["items"][0]["price"].as_u64().unwrap();
                assert_eq!(price, counts as u64 + 1, "{first:?} then {second:?}");
            }
        }
    }
}

#[test]
fn all_of_them_are_one_event() {
    let (mut world, tab) = World::with_shopper(1);
    for source in SOURCES.into_iter().rev() {
        tell(&mut world, tab, source, "view_item", &product("A", source));
        world.wait(100);
    }
    assert_eq!(names(&mut world), ["view_item"]);
}

#[test]
fn one_source_that_reports_twice_means_two() {
    for source in SOURCES {
        let (mut world, tab) = World::with_shopper(1);
        tell(&mut world, tab, source, "add_to_cart", &product("A", source));
        tell(&mut world, tab, source, "add_to_cart", &product("A", source));
        assert_eq!(names(&mut world), ["add_to_cart", "add_to_cart"], "{source:?}");
    }
}

#[test]
fn two_clicks_that_two_sources_report_are_two() {
    for (one, other) in [(Source::Layer, Source::Platform), (Source::Platform, Source::Layer)] {
        let (mut world, tab) = World::with_shopper(1);
        for id in ["A", "A", "B"] {
            tell(&mut world, tab, one, "add_to_cart", &product(id, one));
            world.wait(150);
            tell(&mut world, tab, other, "add_to_cart", &product("77", other));
            world.wait(700);
        }
        assert_eq!(names(&mut world).len(), 3, "{one:?} first");
        let prices: Vec<Value> =
            data(&world, "add_to_cart").iter().map(|data| data["items"][0]["price"].clone()).collect();
        assert_eq!(prices, [json!(3), json!(3), json!(3)], "the layer's word counts");
    }
}

#[test]
fn different_products_are_two_where_both_name_them_as_the_shop_does() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Layer, "add_to_cart", &product("A", Source::Layer));
    tell(&mut world, tab, Source::Attribute, "add_to_cart", &product("B", Source::Attribute));
    assert_eq!(names(&mut world).len(), 2);
}

#[test]
fn a_source_that_names_nothing_means_the_same() {
    for (first, second) in
        [(r#"{"items":[{"item_id":"A"}]}"#, ""), ("", r#"{"items":[{"item_id":7}]}"#), ("{}", "{\"items\":[]}")]
    {
        let (mut world, tab) = World::with_shopper(1);
        tell(&mut world, tab, Source::Layer, "add_to_cart", first);
        tell(&mut world, tab, Source::Api, "add_to_cart", second);
        assert_eq!(names(&mut world), ["add_to_cart"]);
    }
}

#[test]
fn numbers_and_texts_name_the_same() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Layer, "add_to_cart", r#"{"items":[ {"item_id":77}]}"#);
    tell(&mut world, tab, Source::Api, "add_to_cart", r#"{"items":[{"item_id":"77"}]}"#);
    assert_eq!(names(&mut world), ["add_to_cart"]);
}

#[test]
fn what_is_done_much_later_is_another_touchpoint_and_what_is_seen_is_not() {
    let (mut world, tab) = World::with_shopper(1);
    for name in ["view_item", "add_to_cart"] {
        tell(&mut world, tab, Source::Schema, name, &product("A", Source::Schema));
    }
    world.wait(20 * SECOND);
    for name in ["view_item", "add_to_cart"] {
        tell(&mut world, tab, Source::Layer, name, &product("A", Source::Layer));
    }
    assert_eq!(names(&mut world), ["view_item", "add_to_cart", "add_to_cart"]);
}

#[test]
fn each_view_is_looked_at_for_itself() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Layer, "view_item", &product("A", Source::Layer));
    route(&mut world, tab, "/p/b-2");
    tell(&mut world, tab, Source::Schema, "view_item", &product("B", Source::Schema));
    assert_eq!(names(&mut world), ["view_item", "view_item"]);
}

#[test]
fn what_waits_is_told_before_what_is_done_after_it() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Schema, "view_item", &product("A", Source::Schema));
    world.wait(300);
    tell(&mut world, tab, Source::Layer, "add_to_cart", &product("A", Source::Layer));
    assert_eq!(names(&mut world), ["view_item", "add_to_cart"]);
}

#[test]
fn what_is_seen_does_not_keep_others_from_being_told_better() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Schema, "view_item", &product("A", Source::Schema));
    tell(&mut world, tab, Source::Layer, "view_promotion", "{}");
    tell(&mut world, tab, Source::Layer, "view_item", &product("A", Source::Layer));
    assert_eq!(names(&mut world).len(), 2);
    assert_eq!(data(&world, "view_item")[0]["items"][0]["price"], 3);
}

#[test]
fn what_waits_belongs_to_its_page_and_is_not_lost_with_it() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Schema, "view_item", "{}");
    route(&mut world, tab, "/cart");
    tell(&mut world, tab, Source::Url, "view_cart", "{}");
    world.go(tab, "/checkout", false);
    world.settle();
    let places: Vec<(String, String)> = world
        .collector
        .all()
        .iter()
        .filter(|event| event["name"] == "view_item" || event["name"] == "view_cart")
        .map(|event| (event["name"].as_str().unwrap().to_owned(), event["page"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(places, [("view_item".into(), "/".into()), ("view_cart".into(), "/cart".into())]);
}

#[test]
fn what_waits_waits_a_second() {
    let (mut world, tab) = World::with_shopper(1);
    world.settle();
    tell(&mut world, tab, Source::Schema, "view_item", "{}");
    world.wait(900);
    assert!(!world.captured().iter().any(|(_, event)| event["name"] == "view_item"));
    world.wait(200);
    assert!(world.captured().iter().any(|(_, event)| event["name"] == "view_item"));
}

#[test]
fn a_withdrawal_takes_what_waits() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Schema, "view_item", "{}");
    world.input(tab, Input::Withdraw);
    world.hide(tab);
    world.settle();
    assert!(world.captured().iter().all(|(_, event)| event["name"] != "view_item"));
    assert!(world.collector.events.is_empty());
}

#[test]
fn a_flood_of_reports_loses_nothing() {
    let (mut world, tab) = World::with_shopper(1);
    for number in 0..100 {
        let id = number.to_string();
        tell(&mut world, tab, Source::Platform, "view_item", &product(&id, Source::Platform));
    }
    assert_eq!(names(&mut world).len(), 100);
}

#[test]
fn a_payment_that_is_declined_twice_is_two_whoever_tells() {
    let (mut world, tab) = World::with_shopper(1);
    for _ in 0..2 {
        tell(&mut world, tab, Source::Api, "payment_declined", "{}");
        world.wait(SECOND);
        tell(&mut world, tab, Source::Platform, "payment_declined", "{}");
        world.wait(20 * SECOND);
    }
    assert_eq!(names(&mut world), ["payment_declined", "payment_declined"]);
}

// Orders, in each state of storage.

const ORDER: &str = r#"{"transaction_id":"KK-1","value":20}"#;

fn purchases(world: &mut World) -> usize {
    names(world).iter().filter(|name| *name == "purchase").count()
}

#[test]
fn without_storage_an_order_counts_once_for_each_document() {
    for shut in [true, false] {
        let (mut world, tab) = World::with_shopper(1);
        world.storage.shut = shut;
        world.storage.full = !shut;
        for source in SOURCES {
            tell(&mut world, tab, source, "purchase", ORDER);
            world.wait(5 * SECOND);
        }
        route(&mut world, tab, "/thanks/2");
        tell(&mut world, tab, Source::Schema, "purchase", r#"{"transaction_id":"KK-1"}"#);
        assert_eq!(purchases(&mut world), 1, "shut: {shut}");
    }
}

#[test]
fn with_measure_an_order_counts_once_for_the_visit_and_all_its_tabs() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Schema, "purchase", ORDER);
    world.wait(3 * SECOND);
    world.go(tab, "/thanks", true);
    tell(&mut world, tab, Source::Layer, "purchase", ORDER);
    world.wait(3 * SECOND);
    world.back(tab);
    tell(&mut world, tab, Source::Platform, "purchase", ORDER);
    let other = world.open("/thanks");
    tell(&mut world, other, Source::Api, "purchase", ORDER);
    assert_eq!(purchases(&mut world), 1);
    // Another order is another order.
    tell(&mut world, other, Source::Layer, "purchase", r#"{"transaction_id":"KK-2"}"#);
    assert_eq!(purchases(&mut world), 2);
}

#[test]
fn an_order_counts_once_whether_its_number_is_a_number_or_a_text() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Layer, "purchase", r#"{"transaction_id":1001}"#);
    world.wait(3 * SECOND);
    world.go(tab, "/thanks", false);
    tell(&mut world, tab, Source::Schema, "purchase", r#"{"transaction_id":"1001"}"#);
    assert_eq!(purchases(&mut world), 1);
}

#[test]
fn an_order_without_a_number_counts_once_for_each_source() {
    let (mut world, tab) = World::with_shopper(1);
    for id in ["null", "\"\""] {
        let data = format!(r#"{{"transaction_id":{id},"items":[{{"item_id":"A"}}]}}"#);
        tell(&mut world, tab, Source::Layer, "purchase", &data);
    }
    tell(&mut world, tab, Source::Schema, "purchase", ORDER);
    assert_eq!(purchases(&mut world), 2, "nothing tells that the two are one, and the third is one of them");
}

#[test]
fn an_order_before_a_grant_that_is_made_now_is_not_counted_and_claims_nothing() {
    let mut world = World::new(1);
    let tab = world.open("/thanks");
    tell(&mut world, tab, Source::Layer, "purchase", ORDER);
    world.input(tab, grant_now());
    world.settle();
    assert_eq!(purchases(&mut world), 0);
    world.go(tab, "/thanks", false);
    world.input(tab, grant_now());
    tell(&mut world, tab, Source::Layer, "purchase", ORDER);
    assert_eq!(purchases(&mut world), 1, "the page that is reloaded tells of it");
}

#[test]
fn no_number_of_an_order_leaves_and_none_is_stored() {
    let (mut world, tab) = World::with_shopper(1);
    tell(&mut world, tab, Source::Layer, "purchase", r#"{"transaction_id":"KK-10482","value":20}"#);
    world.settle();
    let (visit, kept) = world.stored(tab);
    assert!(!format!("{visit:?}{kept:?}{:?}", world.collector.bodies).contains("KK-10482"));
}

#[test]
fn every_parameter_of_ga4_that_names_nobody_stays() {
    let (mut world, _) = World::with_shopper(1);
    world.config.money = Money::Exact;
    let tab = world.open("/p/1");
    let item = r#"{"item_id":"SKU_12345","item_name":"Stan and Friends Tee","affiliation":"Google Merchandise Store","coupon":"SUMMER_FUN","discount":2.22,"index":0,"item_brand":"Google","item_category":"Apparel","item_category2":"Adult","item_category3":"Shirts","item_category4":"Crew","item_category5":"Short sleeve","item_list_id":"related_products","item_list_name":"Related Products","item_variant":"green","location_id":"ChIJIQBpAG2ahYAR_6128GcTUEo","price":10.01,"quantity":3,"creative_name":"Summer Banner","creative_slot":"featured_app_1","promotion_id":"P_12345","promotion_name":"Summer Sale"}"#;
    let event = format!(
        r#"{{"currency":"USD","value":30.03,"tax":4.9,"shipping":5.99,"coupon":"X","shipping_tier":"Ground","items":[{item}]}}"#
    );
    tell(&mut world, tab, Source::Layer, "add_shipping_info", &event);
    world.settle();
    let mut wanted: Value = serde_json::from_str(&event).unwrap();
    wanted.as_object_mut().unwrap().remove("coupon");
    for dropped in ["affiliation", "coupon", "location_id"] {
        wanted["items"][0].as_object_mut().unwrap().remove(dropped);
    }
    assert_eq!(data(&world, "add_shipping_info")[0], wanted);
}
