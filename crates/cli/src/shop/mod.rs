//! The demo shop "Kahvi Kulma": a small storefront rendered on the server, the stage for Polku's widget and its tests.
//!
//! It behaves as real shops do, their habits and faults included, and knows nothing about the collector. Everything
//! it serves is embedded in the binary; it makes no request to any other host.

mod assets;
mod catalog;
mod lang;
mod pages;
mod render;
mod search;
mod structured;
#[cfg(test)]
mod tests;
mod visit;

use axum::{Router, routing::get};

/// Where the server nests [`router`]. The shop writes absolute paths, so it has to know its own place.
pub const BASE: &str = "/shop";

/// Something that the shop sells.
#[derive(Debug)]
pub(crate) struct Sold {
    pub(crate) sku: String,
    pub(crate) slug: String,
    pub(crate) category: String,
    pub(crate) cents: u32,
}

/// What the shop sells.
pub(crate) fn sold() -> Vec<Sold> {
    let sold = catalog::catalog().products.iter();
    sold.map(|one| Sold {
        sku: one.sku.clone(),
        slug: one.slug.clone(),
        category: one.category.clone(),
        cents: one.cents,
    })
    .collect()
}

/// The shop's pages and assets, to be mounted by `.nest_service(shop::BASE, shop::router())`.
///
/// `nest` would do too, but axum then leaves `/shop/`, with its slash, to the outer router.
pub fn router() -> Router {
    Router::new()
        .route("/", get(pages::door))
        .route("/prompts.json", get(assets::prompts))
        .route("/assets/{*path}", get(assets::asset))
        .route("/{lang}", get(pages::add_slash))
        .route("/{lang}/", get(pages::front))
        .route("/{lang}/c/{category}", get(pages::category))
        .route("/{lang}/p/{slug}", get(pages::product))
        .route("/{lang}/search", get(pages::search))
        .route("/{lang}/cart", get(pages::cart))
        .route("/{lang}/checkout", get(pages::checkout))
        .route("/{lang}/thanks", get(pages::thanks))
        .route("/{lang}/order", get(pages::order))
        .route("/{lang}/privacy", get(pages::privacy))
        .fallback(pages::fallback)
}
