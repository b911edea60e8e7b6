//! The shop as a visitor's browser meets it: requests in, pages out.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Router,
    body::{Body, to_bytes},
    handler::Handler,
    http::{HeaderMap, Request, StatusCode, header},
    routing::any_service,
};
use serde_json::Value;

use super::{BASE, assets, catalog::catalog, lang::Lang, render::POLICY, router};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

async fn ask(path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let app = Router::new().nest_service(BASE, router());
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    // A router as a handler: one request without a listener, and without depending on tower for its tests.
    let response = any_service(app).call(request, ()).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).expect("UTF-8 in every file of the shop"),
    }
}

async fn page(path: &str) -> Answer {
    ask(path, &[]).await
}

/// Every address of the shop in one language.
fn addresses(lang: Lang) -> Vec<String> {
    let fixed =
        ["/", "/search", "/search?q=kulma", "/search?q=zzz", "/cart", "/checkout", "/thanks?order=KK-10482", "/order"];
    let mut all: Vec<String> = fixed.iter().map(|path| format!("{BASE}/{}{path}", lang.code())).collect();
    all.push(format!("{BASE}/{}/privacy", lang.code()));
    all.extend(catalog().category_views(lang).into_iter().map(|category| category.url));
    all.extend(catalog().views(lang, |_| true).into_iter().map(|product| product.url));
    all
}

/// What stands between `start` and `end`, every time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[tokio::test]
async fn every_page_is_there_in_both_languages() {
    for lang in Lang::ALL {
        for path in addresses(lang) {
            let answer = page(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert_eq!(answer.header(header::CONTENT_TYPE), "text/html; charset=utf-8", "{path}");
            assert_eq!(answer.header(header::CONTENT_SECURITY_POLICY), POLICY, "{path}");
            assert!(answer.body.contains(&format!("<html lang=\"{}\">", lang.code())), "{path}");
            assert_eq!(between(&answer.body, "<h1", "</h1>").len().min(1), 1, "{path} has no heading");
        }
    }
}

#[tokio::test]
async fn pages_obey_their_own_policy() {
    for path in addresses(Lang::En) {
        let body = page(&path).await.body;
        assert!(!body.contains(" style=") && !body.contains("<style"), "{path} has an inline style");
        assert!(!body.contains(" onclick=") && !body.contains("javascript:"), "{path} has an inline handler");
        for tag in between(&body, "<script", ">") {
            assert!(tag.contains("src=\"/") || tag.contains("json\""), "{path}: <script{tag}>");
        }
        for address in between(&body, "src=\"", "\"") {
            assert!(address.starts_with('/'), "{path} asks another host for {address}");
        }
    }
}

#[tokio::test]
async fn whatever_a_page_links_to_is_there() {
    let mut seen = BTreeSet::new();
    for path in addresses(Lang::Fi) {
        let body = page(&path).await.body;
        for attribute in ["href=\"", "src=\""] {
            seen.extend(between(&body, attribute, "\"").into_iter().map(|link| link.replace("&amp;", "&")));
        }
    }
    for link in seen.into_iter().filter(|link| link.starts_with(BASE)) {
        let status = page(&link).await.status;
        assert!(status.is_success() || status.is_redirection(), "{link}: {status}");
    }
}

#[tokio::test]
async fn the_unknown_is_a_page_of_the_shop_with_404() {
    for path in ["/shop/en/p/tea", "/shop/en/c/tea", "/shop/en/tea", "/shop/en/a/b/c", "/shop/sv/", "/shop/sv/cart"] {
        let answer = page(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.body.contains("data-test=\"lost\""), "{path}");
    }
    assert_eq!(page("/shop/assets/none.css").await.status, StatusCode::NOT_FOUND);
    assert_eq!(page("/shop/assets/../catalog.json").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_door_leads_to_the_preferred_language() {
    let cases = [
        ("fi-FI,fi;q=0.9,en;q=0.8", "/shop/fi/"),
        ("sv,en;q=0.5,fi;q=0.7", "/shop/fi/"),
        ("de", "/shop/en/"),
        ("en;q=nonsense,,;", "/shop/en/"),
    ];
    for (accept, place) in cases {
        for door in ["/shop", "/shop/"] {
            let answer = ask(door, &[(header::ACCEPT_LANGUAGE, accept)]).await;
            assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
            assert_eq!(answer.header(header::LOCATION), place, "{accept}");
        }
    }
    assert_eq!(page("/shop/fi").await.header(header::LOCATION), "/shop/fi/");
}

#[tokio::test]
async fn assets_have_their_type_and_are_kept_by_content() {
    let version = assets::version();
    let cases = [
        ("shop.css", "text/css; charset=utf-8"),
        ("shop.js", "text/javascript; charset=utf-8"),
        ("img/aamu.svg", "image/svg+xml"),
    ];
    for (name, mime) in cases {
        let kept = page(&format!("/shop/assets/{version}/{name}")).await;
        assert_eq!(kept.status, StatusCode::OK, "{name}");
        assert_eq!(kept.header(header::CONTENT_TYPE), mime);
        assert!(kept.header(header::CACHE_CONTROL).contains("immutable"), "{name}");

        let plain = page(&format!("/shop/assets/{name}")).await;
        assert_eq!(plain.header(header::CACHE_CONTROL), "no-cache");
        let tag = plain.header(header::ETAG).to_owned();
        let again = ask(&format!("/shop/assets/{name}"), &[(header::IF_NONE_MATCH, &tag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert!(again.body.is_empty());
    }
}

#[tokio::test]
async fn prompts_are_served_where_they_are_embedded() {
    let answer = page("/shop/prompts.json").await;
    if assets::names().iter().any(|name| name == "prompts.json") {
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
        assert!(serde_json::from_str::<Value>(&answer.body).is_ok());
    } else {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_widgets_tag_follows_the_feedback_switch() {
    for (cookie, mode, checked) in [
        ("", "strict", "false"),
        ("a=b; kk_mode=feedback", "feedback", "true"),
        ("kk_mode=\"><script>", "strict", "false"),
    ] {
        let body = ask("/shop/en/", &[(header::COOKIE, cookie)]).await.body;
        let tag = format!(
            "<script async src=\"/polku/polku.js\" data-key=\"pk_demo\" data-collector=\"/v1/batch\" \
             data-prompts=\"/shop/prompts.json\" data-mode=\"{mode}\" data-consent=\"api\"></script>"
        );
        assert!(body.contains(&tag), "{cookie}");
        assert!(body.contains(&format!("role=\"switch\" aria-checked=\"{checked}\"")), "{cookie}");
    }
}

#[tokio::test]
async fn the_banner_is_hidden_once_decided() {
    let hidden = |body: &str| between(body, "data-consent-banner", ">")[0].contains("hidden");
    assert!(!hidden(&page("/shop/en/").await.body));
    for choice in ["granted", "denied"] {
        let cookie = format!("kk_consent={choice}");
        assert!(hidden(&ask("/shop/en/", &[(header::COOKIE, &cookie)]).await.body));
    }
    assert!(!hidden(&ask("/shop/en/", &[(header::COOKIE, "kk_consent=perhaps")]).await.body));
}

#[tokio::test]
async fn structured_data_and_script_data_parse() {
    let mut types = BTreeSet::new();
    for lang in Lang::ALL {
        for path in addresses(lang) {
            let body = page(&path).await.body;
            for block in between(&body, "<script type=\"application/ld+json\">", "</script>") {
                let block: Value = serde_json::from_str(block).unwrap_or_else(|error| panic!("{path}: {error}"));
                types.insert(block["@type"].as_str().unwrap_or_default().to_owned());
                if block["@type"] == "Product" {
                    assert_eq!(block["offers"]["priceCurrency"], "EUR");
                    assert!(block["offers"]["price"].as_str().is_some_and(|price| price.parse::<f64>().is_ok()));
                }
            }
            let data = between(&body, "id=\"shop-data\">", "</script>");
            let data: Value = serde_json::from_str(data[0]).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(data["lang"], lang.code());
            assert_eq!(data["products"].as_object().map(serde_json::Map::len), Some(catalog().products.len()));
        }
    }
    let wanted = ["BreadcrumbList", "ItemList", "Organization", "Product"];
    assert_eq!(types.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
}

#[tokio::test]
async fn what_a_visitor_types_stays_text() {
    let typed = "%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27";
    let body = page(&format!("/shop/en/search?q={typed}")).await.body;
    assert!(!body.contains("<script>alert") && !body.contains("</script><script>alert"));
    assert!(body.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;"));
    // Not valid UTF-8 once decoded, and a parameter given twice.
    assert_eq!(page("/shop/en/search?q=%ff").await.status, StatusCode::OK);
    assert_eq!(page("/shop/en/search?q=a&q=b").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_other_language_is_the_same_page() {
    let body = page("/shop/en/search?q=cup").await.body;
    assert!(body.contains("href=\"/shop/fi/search?q=cup\""));
    assert!(page("/shop/en/").await.body.contains("href=\"/shop/fi/\""));
}

#[test]
fn both_languages_have_the_same_texts() {
    let [english, finnish] = Lang::ALL.map(|lang| texts(lang.texts()));
    assert_eq!(english.keys().collect::<Vec<_>>(), finnish.keys().collect::<Vec<_>>());
    for (key, english) in &english {
        let finnish = &finnish[key];
        assert!(!english.trim().is_empty() && !finnish.trim().is_empty(), "{key} is empty");
        assert_eq!(places(english), places(finnish), "{key} has other places");
    }
}

/// Texts by their dotted keys.
fn texts(value: &Value) -> BTreeMap<String, String> {
    fn walk(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| walk(&format!("{prefix}.{key}"), value, into)),
            Value::String(text) => drop(into.insert(prefix.to_owned(), text.clone())),
            other => panic!("{prefix} is neither a text nor a group: {other}"),
        }
    }
    let mut all = BTreeMap::new();
    walk("", value, &mut all);
    all
}

fn places(text: &str) -> BTreeSet<&str> {
    between(text, "{", "}").into_iter().collect()
}

#[test]
fn the_catalogue_holds_together() {
    let skus: BTreeSet<_> = catalog().products.iter().map(|product| product.sku.as_str()).collect();
    assert_eq!(skus.len(), catalog().products.len(), "two products share an SKU");
    for product in &catalog().products {
        let picture = assets::embedded_text(&format!("assets/img/{}.svg", product.slug));
        assert!(picture.is_some_and(|svg| svg.starts_with("<svg ")), "{} has no picture", product.slug);
        assert!(catalog().category(&product.category).is_some(), "{} is on no shelf", product.slug);
        assert!(["", "favourite", "new"].contains(&product.badge.as_str()));
        for pair in &product.pairs {
            assert!(skus.contains(pair.as_str()) && *pair != product.sku, "{} goes with {pair}", product.sku);
        }
    }
}

#[test]
fn pictures_ask_nobody_for_anything() {
    for name in assets::names().iter().filter(|name| name.ends_with(".svg")) {
        let svg = assets::embedded_text(name).unwrap_or_default();
        assert_eq!(svg.matches("http").count(), 1, "{name}: only the namespace has an address");
        assert!(!svg.contains("<style") && !svg.contains("<script"), "{name}");
    }
}

#[test]
fn money_is_written_as_in_each_country() {
    assert_eq!(Lang::En.money(1190), "€11.90");
    assert_eq!(Lang::En.money(124_905), "€1,249.05");
    assert_eq!(Lang::Fi.money(690), "6,90\u{a0}€");
    assert_eq!(Lang::Fi.money(100_000), "1\u{a0}000,00\u{a0}€");
}
