//! schema.org data for search engines, as shops have it: the widget reads it too.

use serde_json::{Value, json};

use super::{
    BASE,
    assets::version,
    catalog::{CategoryView, ProductView, Stock, catalog},
    lang::Lang,
};

/// The shop itself.
pub(super) fn organization(lang: Lang) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": lang.text("site.name", &[]),
        "description": lang.text("site.description", &[]),
        "url": format!("{BASE}/{}/", lang.code()),
        "logo": image("mark"),
        "email": "kulma@example.fi",
        "address": { "@type": "PostalAddress", "streetAddress": "Vaasankatu 12", "postalCode": "00500",
                     "addressLocality": "Helsinki", "addressCountry": "FI" }
    })
}

/// A list of products.
pub(super) fn item_list(name: &str, products: &[ProductView]) -> Value {
    let items: Vec<Value> = (1..)
        .zip(products)
        .map(|(position, product)| {
            json!({ "@type": "ListItem", "position": position, "url": product.url, "name": product.name })
        })
        .collect();
    json!({ "@context": "https://schema.org", "@type": "ItemList", "name": name,
            "numberOfItems": items.len(), "itemListElement": items })
}

/// A product with its offer.
pub(super) fn product(product: &ProductView) -> Value {
    let availability = match product.stock {
        Stock::In => "https://schema.org/InStock",
        Stock::Low => "https://schema.org/LimitedAvailability",
        Stock::Out => "https://schema.org/OutOfStock",
    };
    json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "sku": product.sku,
        "name": product.name,
        "description": product.text,
        "category": product.category,
        "image": image(&product.slug),
        "url": product.url,
        "brand": { "@type": "Brand", "name": "Kahvi Kulma" },
        "offers": {
            "@type": "Offer",
            "price": format!("{}.{:02}", product.cents / 100, product.cents % 100),
            "priceCurrency": catalog().currency,
            "availability": availability,
            "itemCondition": "https://schema.org/NewCondition",
            "url": product.url
        }
    })
}

/// The way from the front page to a product or, without one, to a shelf.
pub(super) fn breadcrumb(lang: Lang, category: &CategoryView, product: Option<&ProductView>) -> Value {
    let home = (lang.text("nav.home", &[]), format!("{BASE}/{}/", lang.code()));
    let shelf = (category.name.clone(), category.url.clone());
    let steps = [home, shelf].into_iter().chain(product.map(|product| (product.name.clone(), product.url.clone())));
    let items: Vec<Value> = (1..)
        .zip(steps)
        .map(
            |(position, (name, item))| json!({ "@type": "ListItem", "position": position, "name": name, "item": item }),
        )
        .collect();
    json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items })
}

fn image(name: &str) -> String {
    format!("{BASE}/assets/{}/img/{name}.svg", version())
}
