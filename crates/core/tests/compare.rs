//! A product page that is left and come back to: `compare_leave`.

#![allow(clippy::unwrap_used)]

mod world;

use polku_core::{Arrival, Input};

use world::{MINUTE, SECOND, Tab, World};

/// A shopper looks at a product for a while.
fn looking() -> (World, Tab) {
    let (mut world, tab) = World::with_shopper(1);
    world.go(tab, "/p/kettle", false);
    world.track(tab, "view_item", "{}");
    world.wait(20 * SECOND);
    (world, tab)
}

fn compared(world: &mut World) -> usize {
    world.wait(5 * SECOND);
    world.captured().iter().filter(|(_, event)| event["name"] == "compare_leave").count()
}

#[test]
fn who_looks_elsewhere_and_comes_back_has_compared() {
    for (away, count) in [(9 * SECOND, 0), (11 * SECOND, 1), (29 * MINUTE, 1), (31 * MINUTE, 0)] {
        let (mut world, tab) = looking();
        world.hide(tab);
        world.wait(away);
        world.show(tab);
        assert_eq!(compared(&mut world), count, "{away}");
        // Once a view.
        world.hide(tab);
        world.wait(MINUTE);
        world.show(tab);
        assert_eq!(compared(&mut world), usize::from(away < 30 * MINUTE), "{away}");
    }
}

#[test]
fn who_comes_back_by_another_door_has_compared() {
    for (referrer, count) in [("https://www.google.com/", 1), ("https://shop.example/", 0)] {
        let (mut world, tab) = looking();
        world.hide(tab);
        world.wait(MINUTE);
        let own_host = referrer.contains("shop");
        world.leave(tab);
        world.input(tab, Input::Page { path: "/p/kettle", referrer, own_host, how: Arrival::Load });
        world.decide(tab);
        assert_eq!(compared(&mut world), count, "{referrer}");
    }
}

#[test]
fn who_goes_on_in_another_tab_of_the_shop_has_not_left() {
    let (mut world, tab) = looking();
    world.hide(tab);
    let other = world.open("/c/kettles");
    world.wait(MINUTE);
    world.track(other, "view_item_list", "{}");
    world.wait(2 * SECOND);
    world.hide(other);
    world.show(tab);
    assert_eq!(compared(&mut world), 0);
}

#[test]
fn other_pages_are_not_compared() {
    let (mut world, tab) = looking();
    world.go(tab, "/c/kettles", false);
    world.hide(tab);
    world.wait(MINUTE);
    world.show(tab);
    assert_eq!(compared(&mut world), 0);
}
