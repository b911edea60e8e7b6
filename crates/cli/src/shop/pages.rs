//! The shop's pages: each handler gathers what its template needs.

use axum::{
    extract::{Path, Query, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    BASE,
    catalog::{Product, ProductView, Stock, catalog, count},
    lang::Lang,
    render::Page,
    search as finder, structured,
    visit::Visit,
};

/// What the front page shows, in this order.
const FAVOURITES: [&str; 8] = ["SKU-101", "SKU-201", "SKU-401", "SKU-104", "SKU-301", "SKU-202", "SKU-102", "SKU-402"];

/// The front page's promotion: the product that its button leads to, and the names that `view_promotion` bears.
const PROMOTION: (&str, &str, &str) = ("aamu", "slow-mornings", "Slow mornings");

/// `/`: to the language that the browser prefers.
pub(super) async fn door(visit: Visit) -> Response {
    let mut response = Redirect::temporary(&format!("{BASE}/{}/", visit.lang.code())).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

/// `/en`: the front page's address ends with a slash.
pub(super) async fn add_slash(visit: Visit) -> Response {
    match visit.address_lang {
        Some(lang) => Redirect::permanent(&format!("{BASE}/{}/", lang.code())).into_response(),
        None => lost(&visit),
    }
}

/// Whatever has no page.
pub(super) async fn fallback(visit: Visit) -> Response {
    lost(&visit)
}

fn lost(visit: &Visit) -> Response {
    let text = |key| visit.lang.text(key, &[]);
    Page::new("lost", text("lost.title"), text("lost.lead")).status(StatusCode::NOT_FOUND).into_response(visit)
}

/// `/en/`
pub(super) async fn front(visit: Visit) -> Response {
    if visit.address_lang.is_none() {
        return lost(&visit);
    }
    let text = |key| visit.lang.text(key, &[]);
    let products: Vec<_> =
        FAVOURITES.iter().flat_map(|sku| catalog().views(visit.lang, |product| product.sku == *sku)).collect();
    let (slug, id, name) = PROMOTION;
    let sku = catalog().product(slug).map(|product| product.sku.clone()).unwrap_or_default();
    Page::new("front", text("front.title"), text("site.description"))
        .structured(structured::organization(visit.lang))
        .structured(structured::item_list(&text("front.list"), &products))
        .script("promotion", json!({ "id": id, "name": name, "slot": "hero", "sku": sku }))
        .list("front", &text("front.list"), products)
        .with("promotion", slug)
        .into_response(&visit)
}

/// `/en/c/beans`
pub(super) async fn category(visit: Visit, Path((_, slug)): Path<(String, String)>) -> Response {
    let (Some(category), Some(lang)) = (catalog().category(&slug), visit.address_lang) else {
        return lost(&visit);
    };
    let view = catalog().category_view(category, lang);
    let products = catalog().views(lang, |product| product.category == slug);
    Page::new("category", view.name.clone(), view.intro.clone())
        .structured(structured::breadcrumb(lang, &view, None))
        .structured(structured::item_list(&view.name, &products))
        .with("count", count(products.len(), lang))
        .list(&slug, &view.name, products)
        .with("category", &view)
        .into_response(&visit)
}

/// `/en/p/aamu`
pub(super) async fn product(visit: Visit, Path((_, slug)): Path<(String, String)>) -> Response {
    let (Some(product), Some(lang)) = (catalog().product(&slug), visit.address_lang) else {
        return lost(&visit);
    };
    let Some(category) = catalog().category(&product.category) else {
        return lost(&visit);
    };
    let category = catalog().category_view(category, lang);
    let view = catalog().view(product, lang);
    let pairs = pairs(product, lang);
    Page::new("product", view.name.clone(), view.line.clone())
        .structured(structured::breadcrumb(lang, &category, Some(&view)))
        .structured(structured::product(&view))
        .script("product", json!(view.sku))
        .list("pairs", &lang.text("product.pairs", &[]), pairs)
        .with("product", &view)
        .with("category", &category)
        .into_response(&visit)
}

/// What goes well with a product; a row of four is filled up from its own shelf.
fn pairs(product: &Product, lang: Lang) -> Vec<ProductView> {
    let is_pair = |other: &Product| product.pairs.contains(&other.sku);
    let chosen = product.pairs.iter().flat_map(|sku| catalog().views(lang, |other| other.sku == *sku));
    let shelf = catalog().views(lang, |other| {
        other.category == product.category && other.sku != product.sku && other.stock != Stock::Out && !is_pair(other)
    });
    chosen.chain(shelf).take(4).collect()
}

/// The query of a search.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

/// `/en/search?q=`
pub(super) async fn search(visit: Visit, query: Result<Query<Search>, QueryRejection>) -> Response {
    let Some(lang) = visit.address_lang else {
        return lost(&visit);
    };
    let query = finder::tidy(&query.map(|Query(search)| search.q).unwrap_or_default());
    let products = finder::find(catalog(), &query, lang);
    let heading = match (query.is_empty(), products.is_empty()) {
        (true, _) => "search.heading_empty",
        (false, true) => "search.none",
        (false, false) => "search.heading",
    };
    let heading = lang.text(heading, &[("q", &query)]);
    Page::new("search", lang.text("search.title", &[]), heading.clone())
        .structured(structured::item_list(&heading, &products))
        .script("search", json!({ "term": query, "results": products.len() }))
        .with("count", count(products.len(), lang))
        .list("search", &lang.text("search.title", &[]), products)
        .with("heading", heading)
        .with("query", query)
        .into_response(&visit)
}

/// A page whose content the shop's script makes from the cart or the orders kept in the browser.
fn plain(visit: &Visit, kind: &'static str) -> Response {
    let Some(lang) = visit.address_lang else {
        return lost(visit);
    };
    let title = lang.text(&format!("{kind}.title"), &[]);
    Page::new(kind, title, lang.text("site.description", &[])).with("delivery", delivery(lang)).into_response(visit)
}

/// Ways of delivery: id, price in cents, price as text. From `FREE_FROM` cents on the first one is free, see `cart.js`.
fn delivery(lang: Lang) -> serde_json::Value {
    let ways = [("pickup", 390), ("home", 790), ("corner", 0)];
    let free = lang.text("checkout.free", &[]);
    ways.iter()
        .map(|&(id, cents)| {
            json!({
                "id": id, "cents": cents,
                "price": if cents == 0 { free.clone() } else { lang.money(cents) },
                "name": lang.text(&format!("checkout.{id}"), &[]),
                "text": lang.text(&format!("checkout.{id}_text"), &[])
            })
        })
        .collect()
}

/// `/en/cart`
pub(super) async fn cart(visit: Visit) -> Response {
    plain(&visit, "cart")
}

/// `/en/checkout`
pub(super) async fn checkout(visit: Visit) -> Response {
    plain(&visit, "checkout")
}

/// `/en/thanks?order=KK-10482`
pub(super) async fn thanks(visit: Visit) -> Response {
    plain(&visit, "thanks")
}

/// `/en/order`
pub(super) async fn order(visit: Visit) -> Response {
    plain(&visit, "order")
}

/// `/en/privacy`
pub(super) async fn privacy(visit: Visit) -> Response {
    plain(&visit, "privacy")
}
