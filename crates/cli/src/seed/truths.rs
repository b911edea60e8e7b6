//! What is true of the simulated shop: the one place where it is said. docs/seed-demo.md tells it in words, `tests/seed.rs` asks the map for it.
//!
//! | truth | number | shows in |
//! |---|---|---|
//! | friction | [`MEETS_FRICTION`] of those with a cart meet it; of these [`FRICTION`] times as many buy | `/api/friction` |
//! | answers | [`DELIVERED_WELL`] of those who are asked about the delivery are satisfied | `/api/voice`, retention |
//! | door | [`MAIL`] times as many buy by mail | `/api/groups?by=door` |
//! | campaign | [`SALE`] times as many buy by [`SALE_NAME`], which brings most | `/api/groups?by=campaign` |
//! | trial | [`SHORT`] times as many buy with the short checkout | `/api/groups?by=variant` |
//! | change | [`SINCE`] times as many buy in the last [`CHANGED`] days | `since` and `until` |
//! | product | [`LEFT_SKU`] is seen [`LEFT_SEEN`] times as often as others, and put into the cart [`LEFT_CART`] times as often when seen | `/api/products` |
//!
//! Each multiplies [`BUYS`] on its own, so that each is what the map should find: 2 · 1.6 · 1.4 times it is still below 1.

/// Of those who put something into the cart and of whom nothing else is said, so many buy.
pub(super) const BUYS: f64 = 0.22;

/// Of those with something in the cart, so many find a button that does nothing at first.
pub(super) const MEETS_FRICTION: f64 = 0.25;
/// … and of these so many times as many buy.
pub(super) const FRICTION: f64 = 0.5;

/// Of those who say how the delivery was, so many are satisfied.
pub(super) const DELIVERED_WELL: f64 = 0.25;

/// By mail so many times as many buy as by other doors.
pub(super) const MAIL: f64 = 2.0;

/// The campaign that brings many who do not buy.
pub(super) const SALE_NAME: &str = "summer-sale";
/// So many times as many of them buy.
pub(super) const SALE: f64 = 0.25;

/// With the short checkout so many times as many buy as with the long one.
pub(super) const SHORT: f64 = 1.6;

/// So many days before the end something was changed,
pub(super) const CHANGED: u64 = 30;
/// … and since then so many times as many buy.
pub(super) const SINCE: f64 = 1.4;

/// The product that is looked at and left,
pub(super) const LEFT_SKU: &str = "SKU-302";
/// … so many times as often looked at as each other one,
pub(super) const LEFT_SEEN: u64 = 4;
/// … and so many times as often put into the cart when it is looked at.
pub(super) const LEFT_CART: f64 = 0.25;
