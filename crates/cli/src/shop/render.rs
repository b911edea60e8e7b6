//! From a page's data to its HTML and headers.

use std::sync::LazyLock;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, escape_formatter, value::Serde};
use serde_json::{Map, Value, json};

use super::{
    BASE, assets,
    catalog::{ProductView, catalog},
    visit::Visit,
};

/// As strict as a careful shop's: no inline script or style, nothing from another host. Polku must work under it.
pub(super) const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                                 img-src 'self' data:; connect-src 'self'";

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    // A misspelt text or field fails the tests instead of leaving a hole in a page.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(format);
    for name in assets::names() {
        if let (Some(short), Some(source)) = (name.strip_prefix("templates/"), assets::embedded_text(&name)) {
            let short = short.to_owned();
            if let Err(error) = environment.add_template_owned(short, source) {
                panic!("{name}: {error:#}");
            }
        }
    }
    environment
});

/// Escapes what HTML needs. MiniJinja's own way also writes every slash as an entity, which makes pages hard to read.
fn format(out: &mut Output, state: &mut State, value: &minijinja::Value) -> Result<(), minijinja::Error> {
    let text = match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => text,
        _ => return escape_formatter(out, state, value),
    };
    for part in text.split_inclusive(['&', '<', '>', '"', '\'']) {
        let (plain, last) = part.split_at(part.len() - usize::from(part.ends_with(['&', '<', '>', '"', '\''])));
        out.write_str(plain)?;
        out.write_str(match last {
            "&" => "&amp;",
            "<" => "&lt;",
            ">" => "&gt;",
            "\"" => "&quot;",
            "'" => "&#39;",
            _ => "",
        })?;
    }
    Ok(())
}

/// One page to be rendered.
pub(super) struct Page {
    status: StatusCode,
    kind: &'static str,
    title: String,
    description: String,
    structured: Vec<Value>,
    /// What its template reads beside the common values.
    data: Map<String, Value>,
    /// What its scripts read.
    script: Map<String, Value>,
}

impl Page {
    /// A page whose template, script and body class are named `kind`.
    pub(super) fn new(kind: &'static str, title: String, description: String) -> Self {
        Self {
            status: StatusCode::OK,
            kind,
            title,
            description,
            structured: Vec::new(),
            data: Map::new(),
            script: Map::new(),
        }
    }

    pub(super) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Adds a JSON-LD block.
    pub(super) fn structured(mut self, block: Value) -> Self {
        self.structured.push(block);
        self
    }

    /// Adds a value for the template.
    pub(super) fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        self.data.insert(name.to_owned(), json!(value));
        self
    }

    /// Adds a value for the scripts.
    pub(super) fn script(mut self, name: &str, value: Value) -> Self {
        self.script.insert(name.to_owned(), value);
        self
    }

    /// Adds a product list: cards for the template, SKUs in their order for `view_item_list`.
    pub(super) fn list(self, id: &str, name: &str, products: Vec<ProductView>) -> Self {
        let skus: Vec<&str> = products.iter().map(|product| product.sku.as_str()).collect();
        let list = json!({ "id": id, "name": name, "skus": skus });
        self.script("list", list).with("products", products)
    }

    /// The finished answer.
    pub(super) fn into_response(self, visit: &Visit) -> Response {
        let lang = visit.lang;
        let script = {
            let mut script = self.script;
            script.insert("lang".into(), json!(lang.code()));
            script.insert("base".into(), json!(BASE));
            script.insert("root".into(), json!(format!("{BASE}/{}", lang.code())));
            script.insert("page".into(), json!(self.kind));
            script.insert("currency".into(), json!(catalog().currency));
            script.insert("consent".into(), json!(visit.consent));
            script.insert("text".into(), lang.texts().get("js").cloned().unwrap_or_default());
            script.insert("products".into(), products_for_script(visit));
            Value::Object(script)
        };
        let others: Vec<Value> = super::lang::Lang::ALL
            .into_iter()
            .map(|other| json!({ "code": other.code(), "url": visit.address_in(other), "here": other == lang }))
            .collect();
        let mut data = self.data;
        let common = json!({
            "lang": lang.code(),
            "t": lang.texts(),
            "base": BASE,
            "root": format!("{BASE}/{}", lang.code()),
            "assets": format!("{BASE}/assets/{}", assets::version()),
            "mode": visit.mode,
            "consent": visit.consent,
            "languages": others,
            "categories": catalog().category_views(lang),
            "kind": self.kind,
            "title": self.title,
            "description": self.description,
            "structured": self.structured,
            "script": script,
        });
        if let Value::Object(common) = common {
            data.extend(common);
        }
        let rendered = TEMPLATES
            .get_template(&format!("{}.html", self.kind))
            .and_then(|template| template.render(Serde(Value::Object(data))));
        match rendered {
            Ok(html) => (self.status, page_headers(), Html(html)).into_response(),
            Err(error) => {
                eprintln!("shop: {}: {error:#}", self.kind);
                (StatusCode::INTERNAL_SERVER_ERROR, page_headers(), "the page could not be made\n").into_response()
            }
        }
    }
}

/// What the cart needs to show any product on any page.
fn products_for_script(visit: &Visit) -> Value {
    let products = catalog().views(visit.lang, |_| true).into_iter().map(|product| {
        let view = json!({
            "name": product.name, "unit": product.unit, "category": product.category, "cents": product.cents,
            "slug": product.slug, "tint": product.tint, "stock": product.stock
        });
        (product.sku, view)
    });
    Value::Object(products.collect())
}

fn page_headers() -> HeaderMap {
    // `no-cache` and not `no-store`: the page must stay fit for the back/forward cache.
    let pairs: [(HeaderName, &'static str); 5] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::VARY, "cookie, accept-language"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    ];
    pairs.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
}
