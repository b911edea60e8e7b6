//! The catalogue: what the shop sells, read from the embedded `catalog.json`, and its view in one language.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{
    BASE, assets,
    lang::{Both, Lang},
};

/// Categories and products in the order in which the shop shows them.
#[derive(Debug, Deserialize)]
pub(super) struct Catalog {
    pub(super) currency: String,
    pub(super) categories: Vec<Category>,
    pub(super) products: Vec<Product>,
}

/// A shelf of the shop.
#[derive(Debug, Deserialize)]
pub(super) struct Category {
    pub(super) slug: String,
    /// Names the background of its pictures in `shop.css`.
    pub(super) tint: String,
    pub(super) name: Both<String>,
    pub(super) intro: Both<String>,
}

/// Whether a product can be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stock {
    In,
    Low,
    Out,
}

/// Something to buy.
#[derive(Debug, Deserialize)]
pub(super) struct Product {
    pub(super) sku: String,
    pub(super) slug: String,
    pub(super) category: String,
    pub(super) cents: u32,
    pub(super) stock: Stock,
    /// `favourite`, `new` or nothing.
    pub(super) badge: String,
    pub(super) name: Both<String>,
    pub(super) unit: Both<String>,
    pub(super) line: Both<String>,
    pub(super) text: Both<String>,
    facts: Vec<Both<[String; 2]>>,
    /// SKUs of what goes well with it.
    pub(super) pairs: Vec<String>,
}

/// A category in one language, as the templates read it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CategoryView {
    pub(super) slug: String,
    pub(super) tint: String,
    pub(super) name: String,
    pub(super) intro: String,
    pub(super) url: String,
    /// The slug of its first product, whose picture stands for the shelf.
    cover: String,
    count: String,
}

/// A product in one language, as the templates read it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ProductView {
    pub(super) sku: String,
    pub(super) slug: String,
    pub(super) url: String,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) line: String,
    pub(super) text: String,
    facts: Vec<[String; 2]>,
    pub(super) category: String,
    pub(super) category_slug: String,
    pub(super) tint: String,
    pub(super) cents: u32,
    pub(super) price: String,
    pub(super) stock: Stock,
    badge: String,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| assets::embedded_json("catalog.json"));

/// The shop's catalogue.
pub(super) fn catalog() -> &'static Catalog {
    &CATALOG
}

impl Catalog {
    pub(super) fn category(&self, slug: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.slug == slug)
    }

    pub(super) fn product(&self, slug: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.slug == slug)
    }

    /// All shelves in one language.
    pub(super) fn category_views(&self, lang: Lang) -> Vec<CategoryView> {
        self.categories.iter().map(|category| self.category_view(category, lang)).collect()
    }

    pub(super) fn category_view(&self, category: &Category, lang: Lang) -> CategoryView {
        let inside = || self.products.iter().filter(|product| product.category == category.slug);
        CategoryView {
            slug: category.slug.clone(),
            tint: category.tint.clone(),
            name: category.name.get(lang).clone(),
            intro: category.intro.get(lang).clone(),
            url: format!("{BASE}/{}/c/{}", lang.code(), category.slug),
            cover: inside().next().map(|product| product.slug.clone()).unwrap_or_default(),
            count: count(inside().count(), lang),
        }
    }

    /// The products that `keep` keeps, in one language.
    pub(super) fn views(&self, lang: Lang, keep: impl Fn(&Product) -> bool) -> Vec<ProductView> {
        self.products.iter().filter(|product| keep(product)).map(|product| self.view(product, lang)).collect()
    }

    pub(super) fn view(&self, product: &Product, lang: Lang) -> ProductView {
        let category = self.category(&product.category);
        ProductView {
            sku: product.sku.clone(),
            slug: product.slug.clone(),
            url: format!("{BASE}/{}/p/{}", lang.code(), product.slug),
            name: product.name.get(lang).clone(),
            unit: product.unit.get(lang).clone(),
            line: product.line.get(lang).clone(),
            text: product.text.get(lang).clone(),
            facts: product.facts.iter().map(|fact| fact.get(lang).clone()).collect(),
            category: category.map(|category| category.name.get(lang).clone()).unwrap_or_default(),
            category_slug: product.category.clone(),
            tint: category.map(|category| category.tint.clone()).unwrap_or_default(),
            cents: product.cents,
            price: lang.money(product.cents),
            stock: product.stock,
            badge: product.badge.clone(),
        }
    }
}

/// "1 product", "5 products".
pub(super) fn count(n: usize, lang: Lang) -> String {
    match n {
        1 => lang.text("list.count_one", &[]),
        _ => lang.text("list.count_many", &[("n", &n.to_string())]),
    }
}
