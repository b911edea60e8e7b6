//! Commerce without code: what a shop's pages say of themselves, each source where it speaks and where it does not.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{Server, count, first, touchpoints};
use crate::site::{MEASURED, Page, STUB, Site, TRAPS, tag};

const GA4: &str = include_str!("../pages/ga4.js");

/// What reads the shop is there, and has read: it listens to submits.
/// (Fields, changes and service are watched before it, and listen to the same; it listens twice.)
const READS: &str = "seen.listening().filter((one) => one === '#document submit').length > 4";
/// What would read the shop was not fetched.
const UNREAD: &str = "!performance.getEntriesByType('resource').some(({ name }) => name.includes('part-shop'))";

/// A shop with one page of its own, whose shoppers have accepted.
struct Shop {
    server: Server,
    site: Site,
}

impl Shop {
    /// `head` and `body` are HTML; `more` are further attributes of Polku's tag.
    async fn start(path: &str, head: &str, body: &str, more: &str) -> Result<Self> {
        Self::decided(path, head, body, more, MEASURED).await
    }

    async fn decided(path: &str, head: &str, body: &str, more: &str, decision: &str) -> Result<Self> {
        let server = Server::start()?;
        let site = Site::start(Page::default()).await?;
        let shop = Self { server, site };
        shop.page(path, head, body, more, decision);
        Ok(shop)
    }

    fn page(&self, path: &str, head: &str, body: &str, more: &str, decision: &str) {
        let tag = tag(&self.server.origin, &self.server.collector(), more);
        let body = if body.starts_with("<body") { body.to_owned() } else { format!("<body>{body}") };
        let page = format!(
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>A shop</title><link rel=icon href='data:,'>
             <script>{TRAPS}</script><script>{STUB}{decision}</script>{head}{tag}</head>{body}<p>A shop</p></body></html>"
        );
        self.site.file(path, 200, "text/html; charset=utf-8", &page);
    }

    /// Opens the page and waits until it has been read.
    async fn open(&self, browser: &Browser, path: &str) -> Done {
        browser.open(&self.site.at(path)).await?;
        browser.until(READS).await?;
        Ok(())
    }

    /// All that was captured: nothing waits behind the last touchpoint of this, which the shop reports itself.
    async fn all(&self, browser: &Browser) -> Result<Vec<Value>> {
        browser.run("polku.track('login'); return polku.flush()").await?;
        let events = self.server.has("login").await?;
        assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
        ensure!(browser.value("seen.told()").await? == json!([]), "{}", browser.value("seen.told()").await?);
        Ok(events)
    }

    /// The same, by names alone: touchpoints between the view and the end.
    async fn names(&self, browser: &Browser) -> Result<Vec<String>> {
        let events = self.all(browser).await?;
        Ok(of_the_shop(&events))
    }
}

fn of_the_shop(events: &[Value]) -> Vec<String> {
    let others = ["page_view", "stage_enter", "login"];
    touchpoints(events).into_iter().filter(|name| !others.contains(name)).map(str::to_owned).collect()
}

/// A block of structured data.
fn block(data: &Value) -> String {
    format!(r#"<script type="application/ld+json">{data}</script>"#)
}

fn product() -> Value {
    json!({ "@context": "https://schema.org", "@type": "Product", "name": "Aamu", "sku": "SKU-1", "brand": { "@type": "Brand", "name": "Kulma" },
        "offers": { "@type": "Offer", "price": "11,90", "priceCurrency": "EUR" } })
}

/// Opens a page with this head and body, and gives back what it told.
async fn told(browser: &Browser, head: &str, body: &str) -> Result<Vec<Value>> {
    let shop = Shop::start("/page", head, body, r#"data-money="exact""#).await?;
    shop.open(browser, "/page").await?;
    shop.all(browser).await
}

// The data layer.

#[test]
fn every_event_of_ga4s_reference_comes_back_as_it_was() {
    browser::with(async |browser| {
        for spelling in ["object", "google"] {
            let head = format!("<script>{GA4} reference.slice(0, 9).forEach({spelling});</script>");
            let shop = Shop::start("/page", &head, "", r#"data-money="exact""#).await?;
            browser.open(&shop.site.at("/page")).await?;
            browser.until("polku.journey?.()").await?;
            browser.run(&format!("reference.slice(9).forEach({spelling}); return polku.flush()")).await?;
            let events = shop.server.has("generate_lead").await?;
            let kept = browser.value("kept()").await?;
            let got: Vec<Value> = events
                .iter()
                .filter(|event| {
                    event["name"] != "page_view" && event["name"] != "stage_enter" && event["lens"] != "tech"
                })
                .map(|event| json!([event["name"], event["data"]]))
                .collect();
            for (got, kept) in got.iter().zip(kept.as_array().into_iter().flatten()) {
                assert_eq!(got, kept, "{spelling}");
            }
            assert_eq!(json!(got.len()), browser.value("reference.length").await?);
        }
        Ok(())
    });
}

#[test]
fn a_data_layer_that_comes_late_or_anew_is_read() {
    browser::with(async |browser| {
        let shop = Shop::start("/page", "", "<button>x</button>", "").await?;
        browser.open(&shop.site.at("/page")).await?;
        browser.until("polku.journey?.() && document.readyState === 'complete'").await?;
        browser.run("window.dataLayer = window.Array.of({ event: 'view_item_list' })").await?;
        // What listens for clicks comes with the watcher. The page's own arrays: Firefox's driver has others.
        let hooked = "(document.querySelector('button').click(), dataLayer.push !== window.Array.prototype.push)";
        browser.until(hooked).await?;
        browser.run("dataLayer.push({ event: 'select_item' })").await?;
        // Another array in its place, and a `push` that does not call ours.
        browser.run("window.old = dataLayer; window.dataLayer = window.Array.of({ event: 'view_item' }); document.querySelector('button').click()").await?;
        browser
            .run("dataLayer.push = function (...all) { return Array.prototype.push.apply(this, all) };
                  dataLayer.push({ event: 'add_to_cart' }); dataLayer.push({ event: 'add_to_cart' }); document.querySelector('button').click()")
            .await?;
        assert_eq!(
            shop.names(browser).await?,
            ["view_item_list", "select_item", "view_item", "add_to_cart", "add_to_cart"]
        );
        ensure!(
            browser.value("old.push === window.Array.prototype.push").await? == true,
            "the old one is the shop's again"
        );
        Ok(())
    });
}

#[test]
fn a_push_that_is_patched_later_is_read_once() {
    browser::with(async |browser| {
        let shop = Shop::start("/page", "<script>window.dataLayer = []</script>", "<button>x</button>", "").await?;
        browser.open(&shop.site.at("/page")).await?;
        browser.until("polku.journey?.()").await?;
        browser
            .run(
                "const push = dataLayer.push; window.calls = 0;
                  dataLayer.push = function (...all) { window.calls++; return push.apply(this, all) };
                  const one = { event: 'add_to_cart', ecommerce: { value: 1 } };
                  dataLayer.push(one); document.querySelector('button').click(); dataLayer.push(one);",
            )
            .await?;
        assert_eq!(shop.names(browser).await?, ["add_to_cart", "add_to_cart"]);
        assert_eq!(browser.value("[calls, dataLayer.length]").await?, json!([2, 2]));
        Ok(())
    });
}

#[test]
fn a_hostile_data_layer_breaks_nothing() {
    browser::with(async |browser| {
        let layers = [
            ("Object.freeze([{ event: 'view_item' }])", vec!["view_item"]),
            ("'a text'", vec![]),
            ("7", vec![]),
            ("({ push() { return 'theirs' } })", vec![]),
            ("new Proxy([], { get() { throw Error('a trap') } })", vec![]),
            (
                "new Proxy([], { get: (target, key) => key === 'length' ? 1e9 : target[key], set() { throw Error('a trap') } })",
                vec![],
            ),
            (
                "[null, undefined, 7, 'x', () => {}, Symbol('x'), { get event() { throw Error('a trap') } }, { event: { toString() { throw Error('a trap') } } }, { event: 'view_item' }]",
                vec!["view_item"],
            ),
            (
                "[{ event: 'gtm.click', get ecommerce() { throw Error('read') } }, { event: 'view_itemx' }, { event: 'purchase_like' }, ['x'], { event: 'constructor' }]",
                vec![],
            ),
        ];
        for (layer, names) in layers {
            let shop =
                Shop::start("/page", &format!("<script>window.dataLayer = {layer}</script>"), "<button>x</button>", "")
                    .await?;
            browser.open(&shop.site.at("/page")).await?;
            browser.until("polku.journey?.()").await?;
            browser.run("document.querySelector('button').click()").await?;
            assert_eq!(shop.names(browser).await?, names, "{layer}");
        }
        Ok(())
    });
}

#[test]
fn an_object_that_is_no_array_keeps_its_push() {
    browser::with(async |browser| {
        let head = "<script>window.got = []; window.dataLayer = { push(...all) { got.push([this === dataLayer, ...all]); return 'theirs' } }</script>";
        let shop = Shop::start("/page", head, "", "").await?;
        browser.open(&shop.site.at("/page")).await?;
        browser.until("polku.journey?.()").await?;
        let returned = browser.run("return [dataLayer.push({ event: 'view_item' }, 7), got]").await?;
        assert_eq!(returned, json!(["theirs", [[true, { "event": "view_item" }, 7]]]));
        assert_eq!(shop.names(browser).await?, ["view_item"]);
        Ok(())
    });
}

#[test]
fn a_burst_of_pushes_takes_turns_with_the_page_and_loses_nothing() {
    browser::with(async |browser| {
        let shop = Shop::start("/page", "<script>window.dataLayer = []</script>", "", "").await?;
        browser.open(&shop.site.at("/page")).await?;
        browser.until("polku.journey?.()").await?;
        // Twenty products in each: that many cannot be read within one turn, and the queue can hold them.
        let at_once = browser
            .run(
                "const items = Array.from({ length: 20 }, (_, at) => ({ item_id: 'SKU_' + at, item_name: 'Tee', price: 10 }));
                  for (let at = 0; at < 200; at++) dataLayer.push({ event: 'select_item', ecommerce: { items } });
                  return polku.journey().loss.captured;",
            )
            .await?;
        ensure!(at_once.as_u64().unwrap_or(999) < 150, "{at_once} were read at once");
        browser.run("return polku.flush()").await?;
        shop.server.settles("all of them", |events| count(events, "select_item") == 200).await?;
        Ok(())
    });
}

// Structured data.

#[test]
fn a_product_in_json_ld_is_looked_at() {
    browser::with(async |browser| {
        let crumbs = json!({ "@context": "https://schema.org", "@graph": [{ "@type": "BreadcrumbList", "itemListElement": [
            { "@type": "ListItem", "position": 3, "name": "Aamu" }, { "@type": "ListItem", "position": 1, "name": "Home" },
            { "@type": "ListItem", "position": 2, "item": { "@id": "/c/beans", "name": "Beans" } }] }] });
        let events = told(browser, &[block(&product()), block(&crumbs)].concat(), "").await?;
        assert_eq!(of_the_shop(&events), ["view_item"]);
        assert_eq!(
            first(&events, "view_item")?["data"],
            json!({ "currency": "EUR", "value": 11.9, "items": [{ "item_id": "SKU-1", "item_name": "Aamu", "item_brand": "Kulma", "price": 11.9, "item_category": "Beans" }] })
        );
        Ok(())
    });
}

#[test]
fn prices_are_read_however_they_are_written() {
    browser::with(async |browser| {
        let offers = [
            (json!({ "price": "1 299,00" }), json!(1299)),
            (json!({ "price": "1.299,50 €" }), json!(1299.5)),
            (json!({ "price": "$1,299.00" }), json!(1299)),
            (json!({ "price": "1.299" }), json!(1299)),
            (json!({ "price": "0.95" }), json!(0.95)),
            (json!([{ "price": 7 }, { "price": 8 }]), json!(7)),
            (json!({ "@type": "AggregateOffer", "lowPrice": "19.90", "highPrice": 30 }), json!(19.9)),
            (json!({ "@type": "AggregateOffer", "offers": [{ "price": "5,5" }] }), json!(5.5)),
            (json!({ "priceSpecification": [{ "price": "12.00", "priceCurrency": "EUR" }] }), json!(12)),
            (json!({ "price": "on request" }), Value::Null),
            (json!({ "price": { "nested": true } }), Value::Null),
        ];
        for (offers, price) in offers {
            let mut product = product();
            product["offers"] = offers.clone();
            let events = told(browser, &block(&product), "").await?;
            assert_eq!(first(&events, "view_item")?["data"]["items"][0]["price"], price, "{offers}");
        }
        Ok(())
    });
}

#[test]
fn a_list_of_products_is_one_and_a_list_of_articles_is_none() {
    browser::with(async |browser| {
        let element = |at: u32, kind: &str| json!({ "@type": "ListItem", "position": at, "item": { "@type": kind, "name": format!("No {at}"), "sku": at } });
        let list = |kind: &str| json!({ "@type": "CollectionPage", "mainEntity": { "@type": "ItemList", "name": "Beans", "itemListElement": [element(1, kind), element(2, kind)] } });
        let events = told(browser, &block(&list("Product")), "").await?;
        assert_eq!(of_the_shop(&events), ["view_item_list"]);
        let data = &first(&events, "view_item_list")?["data"];
        assert_eq!(
            (&data["item_list_name"], &data["items"][1]["item_id"], &data["items"][1]["index"]),
            (&json!("Beans"), &json!("2"), &json!(1))
        );
        let events = told(browser, &block(&list("Article")), "").await?;
        assert!(of_the_shop(&events).is_empty(), "{events:?}");
        // A product beside a list of others is a product's page.
        let events = told(browser, &[block(&list("Product")), block(&product())].concat(), "").await?;
        assert_eq!(of_the_shop(&events), ["view_item"]);
        Ok(())
    });
}

#[test]
fn an_order_in_json_ld_is_a_purchase_once_and_an_old_one_is_none() {
    browser::with(async |browser| {
        let order = json!({ "@type": "Order", "orderNumber": "KK-10482", "priceCurrency": "EUR", "price": "47,90", "orderStatus": "https://schema.org/OrderProcessing",
            "acceptedOffer": [{ "@type": "Offer", "itemOffered": { "@type": "Product", "name": "Aamu", "sku": "SKU-1" }, "price": "11.90", "priceCurrency": "EUR", "eligibleQuantity": { "value": 2 } }] });
        let shop = Shop::start("/thanks", &block(&order), "", r#"data-money="exact""#).await?;
        shop.open(browser, "/thanks").await?;
        shop.all(browser).await?;
        shop.open(browser, "/thanks").await?;
        browser.run("dataLayer = [{ event: 'purchase', ecommerce: { transaction_id: 'KK-10482' } }]; document.body.click(); polku.track('share'); return polku.flush()").await?;
        let events = shop.server.has("share").await?;
        assert_eq!(count(&events, "purchase"), 1);
        assert_eq!(
            first(&events, "purchase")?["data"],
            json!({ "value": 47.9, "currency": "EUR", "items": [{ "item_id": "SKU-1", "item_name": "Aamu", "price": 11.9, "quantity": 2 }] })
        );
        ensure!(!format!("{events:?}").contains("10482"));
        for (member, value) in
            [("orderStatus", json!("OrderDelivered")), ("orderDate", json!("2020-01-01")), ("orderNumber", Value::Null)]
        {
            let mut old = order.clone();
            old[member] = value;
            let events = told(browser, &block(&old), "").await?;
            assert!(of_the_shop(&events).is_empty(), "{member}: {events:?}");
        }
        Ok(())
    });
}

#[test]
fn a_product_in_microdata_is_looked_at_and_fields_are_never_read() {
    browser::with(async |browser| {
        let body = r#"<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Aamu</h1><meta itemprop="sku" content="SKU-1">
            <div itemprop="brand" itemscope itemtype="https://schema.org/Brand"><span itemprop="name">Kulma</span></div>
            <input itemprop="color" value="typed by somebody">
            <div itemprop="offers" itemscope itemtype="http://schema.org/Offer"><span itemprop="price" content="11.90">11,90 €</span><meta itemprop="priceCurrency" content="EUR"></div></div>"#;
        let events = told(browser, "", body).await?;
        assert_eq!(
            first(&events, "view_item")?["data"],
            json!({ "currency": "EUR", "value": 11.9, "items": [{ "item_id": "SKU-1", "item_name": "Aamu", "item_brand": "Kulma", "price": 11.9 }] })
        );
        // A person is no product.
        let events = told(
            browser,
            "",
            r#"<div itemscope itemtype="https://schema.org/Person"><b itemprop="name">Anna</b></div>"#,
        )
        .await?;
        assert!(of_the_shop(&events).is_empty());
        Ok(())
    });
}

#[test]
fn results_of_a_search_come_with_their_words_from_the_address() {
    browser::with(async |browser| {
        let found = json!({ "@type": "SearchResultsPage", "mainEntity": { "@type": "ItemList", "numberOfItems": 3 } });
        let shop = Shop::start("/search", &block(&found), "", "").await?;
        shop.open(browser, "/search?q=mug&name=anna").await?;
        let events = shop.all(browser).await?;
        assert_eq!(of_the_shop(&events), ["search"]);
        assert_eq!(first(&events, "search")?["data"], json!({ "search_term": "mug", "results": 3 }));
        // In whichever parameter, where nothing but the data says that these are results.
        for parameter in ["k", "sok", "hakusana"] {
            let shop = Shop::start("/c/all", &block(&found), "", "").await?;
            shop.open(browser, &format!("/c/all?{parameter}=mug&name=anna")).await?;
            let events = shop.all(browser).await?;
            assert_eq!(of_the_shop(&events), ["search"], "{parameter}");
            assert_eq!(first(&events, "search")?["data"], json!({ "search_term": "mug", "results": 3 }), "{parameter}");
        }
        Ok(())
    });
}

#[test]
fn hostile_structured_data_breaks_nothing() {
    browser::with(async |browser| {
        let deep = ["[".repeat(5000), "]".repeat(5000)].concat();
        let wide = json!({ "@graph": vec![json!({ "@type": "Thing" }); 3000] });
        let long = json!({ "@type": "Product", "name": "x".repeat(200_000) });
        let odd = json!([null, 7, "x", { "@type": 7 }, { "@type": ["Product", null], "offers": [null], "brand": [], "category": {}, "name": { "a": 1 } }, { "@type": "ItemList", "itemListElement": "x" },
            { "@type": "BreadcrumbList", "itemListElement": [null, { "item": null }] }, { "@type": "Order", "acceptedOffer": [null], "orderNumber": [] }]);
        for head in [
            "<script type='application/ld+json'>{ \"@type\": \"Product\", </script>".to_owned(),
            format!("<script type='application/ld+json'>{deep}</script>"),
            block(&long),
            block(&wide),
        ] {
            let events = told(browser, &head, "").await?;
            assert!(of_the_shop(&events).is_empty(), "{events:?}");
        }
        told(browser, &block(&odd), "").await?;
        // One broken block beside a whole one.
        let events =
            told(browser, &["<script type='application/ld+json'>{</script>", &block(&product())].concat(), "").await?;
        assert_eq!(of_the_shop(&events), ["view_item"]);
        Ok(())
    });
}

#[test]
fn a_page_without_signs_loads_nothing_more() {
    browser::with(async |browser| {
        let shop = Shop::start("/page", "", "<p>A plain page</p>", "").await?;
        browser.open(&shop.site.at("/page")).await?;
        browser.until("performance.getEntriesByType('resource').some(({ name }) => name.includes('watch-'))").await?;
        browser.until("seen.listening().filter((name) => name === 'window load').length === 2").await?;
        assert!(shop.names(browser).await?.is_empty());
        ensure!(browser.value(UNREAD).await? == true);
        Ok(())
    });
}

// Two sources.

#[test]
fn the_data_layer_and_structured_data_are_one_event_in_both_orders() {
    browser::with(async |browser| {
        let push = "window.dataLayer = window.dataLayer || []; dataLayer.push({ event: 'view_item', ecommerce: { value: 48, currency: 'EUR', items: [{ item_id: 'other-7' }] } });";
        // Before, and when the page has been read: the layer's word counts.
        let events = told(browser, &[block(&product()), format!("<script>{push}</script>")].concat(), "").await?;
        assert_eq!(of_the_shop(&events), ["view_item"]);
        assert_eq!(first(&events, "view_item")?["data"]["value"], 48);
        let shop = Shop::start("/page", &(block(&product()) + "<script>dataLayer = []</script>"), "", "").await?;
        shop.open(browser, "/page").await?;
        browser.run(push).await?;
        let events = shop.all(browser).await?;
        assert_eq!(of_the_shop(&events), ["view_item"]);
        // Much later it is the same touchpoint still.
        let shop = Shop::start("/page", &(block(&product()) + "<script>dataLayer = []; polku('on', 'touchpoint', ({ name }) => (window.heard ||= []).push(name))</script>"), "", "").await?;
        shop.open(browser, "/page").await?;
        browser.until("heard.includes('view_item')").await?;
        browser.run(push).await?;
        assert_eq!(shop.names(browser).await?, ["view_item"]);
        Ok(())
    });
}

#[test]
fn consent_that_is_given_now_counts_from_now_on() {
    browser::with(async |browser| {
        let body = r#"<button data-polku-touch="add_to_cart" data-polku-item-id="A">Buy</button>"#;
        let shop = Shop::decided("/cart", &block(&product()), body, "", "polku('consent', { measure: true });").await?;
        shop.open(browser, "/cart").await?;
        browser.click("button").await?;
        assert_eq!(shop.names(browser).await?, ["add_to_cart"]);
        // The next view counts.
        browser.run("history.pushState(0, '', '/checkout'); polku.page()").await?;
        let events = shop.server.settles("the checkout", |events| count(events, "begin_checkout") == 1).await?;
        ensure!(first(&events, "begin_checkout")?["page"] == "/checkout");
        Ok(())
    });
}

#[test]
fn a_single_page_shop_is_read_again_on_its_next_view() {
    browser::with(async |browser| {
        let shop = Shop::start("/p/1", &block(&product()), "", "").await?;
        shop.open(browser, "/p/1").await?;
        let mut other = product();
        other["sku"] = json!("SKU-2");
        // The view comes first, the data a moment later, as frameworks do it; the old block stays where it is.
        browser
            .run(&format!(
                "history.pushState(0, '', '/p/2'); polku.page();
                 setTimeout(() => {{ const script = document.createElement('script'); script.type = 'application/ld+json'; script.textContent = `{other}`; document.head.append(script); }}, 200);"
            ))
            .await?;
        let events = shop.server.settles("both products", |events| count(events, "view_item") == 2).await?;
        let ids: Vec<&Value> = events
            .iter()
            .filter(|event| event["name"] == "view_item")
            .map(|event| &event["data"]["items"][0]["item_id"])
            .collect();
        assert_eq!(ids, ["SKU-1", "SKU-2"]);
        // A view without anything of its own tells of nothing.
        browser.run("history.pushState(0, '', '/about'); polku.page(); document.body.append('x')").await?;
        let events = shop.all(browser).await?;
        assert_eq!(count(&events, "view_item"), 2);
        Ok(())
    });
}

#[test]
fn a_view_that_is_named_is_read_again_and_one_that_is_named_twice_is_not() {
    browser::with(async |browser| {
        let seen = r#"<p data-polku-touch="view_promotion" data-polku-promotion-id="P">Sale</p>"#;
        let shop = Shop::start("/cart", &block(&product()), seen, "").await?;
        shop.open(browser, "/cart").await?;
        browser.run("polku.page()").await?;
        let mut names = shop.names(browser).await?;
        names.sort();
        assert_eq!(names, ["view_cart", "view_item", "view_promotion"]);
        let mut other = product();
        other["sku"] = json!("SKU-2");
        // Later than what is taken for the same view; the address stays.
        browser.until("performance.now() > 7000").await?;
        browser
            .run(&format!(
                "const script = document.createElement('script'); script.type = 'application/ld+json'; script.textContent = `{other}`;
                 document.head.append(script); polku.page('/p/2');"
            ))
            .await?;
        let events = shop.server.settles("both views", |events| count(events, "view_promotion") == 2).await?;
        let items: Vec<&Value> = events.iter().filter(|event| event["name"] == "view_item").collect();
        assert_eq!(items.len(), 2, "{items:?}");
        assert_eq!((&items[1]["page"], &items[1]["data"]["items"][0]["item_id"]), (&json!("/p/:id"), &json!("SKU-2")));
        assert_eq!(count(&events, "view_cart"), 1, "the address is still that of the cart");
        Ok(())
    });
}

// Attributes.

#[test]
fn attributes_tell_of_clicks_and_of_what_is_seen() {
    browser::with(async |browser| {
        let body = r#"<button data-polku-touch="add_to_cart" data-polku-item-id="A" data-polku-item-name="Aamu" data-polku-price="11,90" data-polku-currency="EUR" data-polku-quantity="2" data-polku-value="23.80"><i>Buy</i></button>
            <div data-polku-touch="view_promotion" data-polku-promotion-id="P1">Sale <b>now</b></div>
            <div data-polku-touch="view_promotion" data-polku-promotion-id="P2">Another</div>
            <div style="height:5000px"></div><div id="far" data-polku-touch="help_view">Far below</div><p data-polku-touch="no_such_name">x</p>"#;
        let shop = Shop::start("/page", "", body, r#"data-money="exact""#).await?;
        shop.open(browser, "/page").await?;
        browser.click("i").await?;
        browser.click("b").await?;
        let events = shop.server.settles("what is seen", |events| count(events, "view_promotion") == 2).await?;
        assert_eq!(
            first(&events, "add_to_cart")?["data"],
            json!({ "currency": "EUR", "value": 23.8, "items": [{ "item_id": "A", "item_name": "Aamu", "price": 11.9, "quantity": 2 }] })
        );
        assert_eq!((count(&events, "help_view"), count(&events, "add_to_cart")), (0, 1));
        browser.run("document.querySelector('#far').scrollIntoView()").await?;
        browser.run("polku.flush()").await?;
        let events = shop.server.has("help_view").await?;
        assert_eq!(count(&events, "view_promotion"), 2);
        Ok(())
    });
}

#[test]
fn a_click_that_attributes_and_the_data_layer_report_is_one() {
    browser::with(async |browser| {
        let body = r#"<button data-polku-touch="add_to_cart" data-polku-item-id="A" onclick="dataLayer.push({ event: 'add_to_cart', ecommerce: { items: [{ item_id: 'A' }] } })">Buy</button>"#;
        let shop = Shop::start("/page", "<script>dataLayer = []</script>", body, "").await?;
        shop.open(browser, "/page").await?;
        browser.click("button").await?;
        browser.click("button").await?;
        assert_eq!(shop.names(browser).await?, ["add_to_cart", "add_to_cart"], "two clicks");
        Ok(())
    });
}

// Platforms.

/// Enough of jQuery for events.
const JQUERY: &str = "<script>window.jQuery = Object.assign((element) => ({
    on(name, run) { (jQuery.all[name.split('.')[0]] ||= []).push(run); }, off(name, run) { const list = jQuery.all[name.split('.')[0]]; list.splice(list.indexOf(run), 1); },
    trigger(name, args) { for (const run of [...jQuery.all[name] || []]) run({ type: name }, ...args); } }), { fn: {}, all: {} });</script>";

#[test]
fn pages_of_woocommerce_say_what_they_are() {
    browser::with(async |browser| {
        let pages = [
            ("/p/aamu", "single-product postid-77 woocommerce woocommerce-page", "", vec!["view_item"]),
            ("/kori", "woocommerce-cart woocommerce-page", "", vec!["view_cart"]),
            (
                "/maksa",
                "woocommerce-checkout woocommerce-page",
                "<ul class=woocommerce-error><li>An error of the page itself</ul>",
                vec!["begin_checkout"],
            ),
            (
                "/x/order-received/1042/",
                "woocommerce-checkout woocommerce-order-received woocommerce-page",
                "<li class=woocommerce-order-overview__total><span class=amount>47,90 €</span></li>",
                vec!["purchase"],
            ),
            (
                "/x/order-received/1043/",
                "woocommerce-checkout woocommerce-order-received woocommerce-page",
                "<p class=woocommerce-thankyou-order-failed>Failed</p>",
                vec!["payment_declined"],
            ),
            (
                "/c/beans",
                "archive tax-product_cat woocommerce woocommerce-page",
                "<ul class=products><li class=product><a data-product_id=7 data-product_sku=SKU-7>Add</a></ul>",
                vec!["view_item_list"],
            ),
            ("/account", "woocommerce-account woocommerce-page", "", vec![]),
        ];
        for (path, class, body, told) in pages {
            let shop = Shop::start(path, "", &format!("<body class='{class}'>{body}"), r#"data-money="exact""#).await?;
            shop.open(browser, path).await?;
            let events = shop.all(browser).await?;
            assert_eq!(of_the_shop(&events), told, "{path}");
            match told.first() {
                Some(&"view_item") => assert_eq!(first(&events, "view_item")?["data"]["items"][0]["item_id"], "77"),
                Some(&"view_item_list") => {
                    assert_eq!(first(&events, "view_item_list")?["data"]["items"][0]["item_id"], "SKU-7")
                }
                Some(&"purchase") => {
                    assert_eq!(first(&events, "purchase")?["data"], json!({ "value": 47.9, "currency": "EUR" }));
                }
                _ => {}
            }
        }
        Ok(())
    });
}

#[test]
fn a_woocommerce_product_with_structured_data_is_one_with_all_of_it() {
    browser::with(async |browser| {
        let events = told(browser, &block(&product()), "<body class='single-product postid-77 woocommerce'>").await?;
        assert_eq!(of_the_shop(&events), ["view_item"]);
        assert_eq!(first(&events, "view_item")?["data"]["items"][0]["item_name"], "Aamu");
        Ok(())
    });
}

#[test]
fn the_cart_of_woocommerce_tells_of_its_changes_once() {
    browser::with(async |browser| {
        let body = "<body class='woocommerce'><a data-product_id=7 data-product_sku=SKU-7 data-quantity=1>Add</a><form class=cart onsubmit='return false'><button name=add-to-cart value=8>Add</button></form>";
        let shop = Shop::start("/page", JQUERY, body, "").await?;
        shop.open(browser, "/page").await?;
        browser
            .run(
                "jQuery(document.body).trigger('added_to_cart', [{}, 'hash', [document.querySelector('a')]]);
                  document.body.dispatchEvent(new CustomEvent('wc-blocks_added_to_cart', { bubbles: true }));
                  jQuery(document.body).trigger('removed_from_cart', [{}, 'hash', [document.querySelector('a')]]);",
            )
            .await?;
        browser.click("form button").await?;
        let events = shop.all(browser).await?;
        assert_eq!(of_the_shop(&events), ["add_to_cart", "remove_from_cart", "add_to_cart"]);
        assert_eq!(first(&events, "add_to_cart")?["data"]["items"], json!([{ "item_id": "SKU-7", "quantity": 1 }]));
        // Everything comes off.
        browser.run("polku.destroy()").await?;
        assert_eq!(browser.value("jQuery.all.added_to_cart.length").await?, 0);
        assert_eq!(browser.value("seen.listening().filter((name) => /submit|wc-|click/.test(name))").await?, json!([]));
        Ok(())
    });
}

#[test]
fn a_payment_that_woocommerce_turns_down_is_told_from_a_field() {
    browser::with(async |browser| {
        let body = "<body class='woocommerce-checkout'><form><button type=button id=place_order>Pay</button></form><div id=notices></div>";
        let shop = Shop::start("/maksa", "", body, "").await?;
        shop.open(browser, "/maksa").await?;
        browser.click("#place_order").await?;
        browser.run("notices.innerHTML = '<ul class=woocommerce-error><li data-id=billing_city>City is a required field</ul>'").await?;
        browser.until("document.querySelector('[data-id]')").await?;
        browser.click("#place_order").await?;
        browser.run("notices.innerHTML = '<ul class=woocommerce-error><li>Your card was declined</ul>'").await?;
        let events = shop.server.has("payment_declined").await?;
        assert_eq!(of_the_shop(&events), ["begin_checkout", "payment_declined"]);
        ensure!(!format!("{events:?}").contains("card was"), "what it said stays in the page");
        Ok(())
    });
}

#[test]
fn pages_of_shopify_say_what_they_are() {
    browser::with(async |browser| {
        let product = "{ product: { id: 1, vendor: 'Kulma', type: 'Beans', variants: [{ id: 10, price: 1190, name: 'Aamu - 250 g', public_title: '250 g', sku: 'SKU-10' }, { id: 11, price: 2190, name: 'Aamu - 500 g', public_title: '500 g', sku: '' }] }, currency: 'EUR', selectedVariantId: '11', page: { pageType: 'product' } }";
        let pages = [
            ("/products/aamu", product, vec!["view_item"]),
            ("/collections/beans", "{ page: { pageType: 'collection' } }", vec!["view_item_list"]),
            ("/kori", "{ page: { pageType: 'cart' } }", vec!["view_cart"]),
            ("/search?q=mug", "{ page: { pageType: 'searchresults' } }", vec!["search"]),
            ("/pages/about", "{ page: { pageType: 'page' } }", vec![]),
            ("/broken", "null", vec![]),
        ];
        for (path, meta, told) in pages {
            let head = format!(
                "<script>window.Shopify = {{ shop: 'x' }}; window.ShopifyAnalytics = {{ meta: {meta} }}</script>"
            );
            let shop = Shop::start(path.split('?').next().unwrap_or(path), &head, "", r#"data-money="exact""#).await?;
            shop.open(browser, path).await?;
            let events = shop.all(browser).await?;
            assert_eq!(of_the_shop(&events), told, "{path}");
            if path.contains("aamu") {
                assert_eq!(
                    first(&events, "view_item")?["data"],
                    json!({ "currency": "EUR", "value": 21.9, "items": [{ "item_id": "11", "item_name": "Aamu - 500 g", "item_brand": "Kulma", "item_category": "Beans", "item_variant": "500 g", "price": 21.9 }] })
                );
            }
        }
        Ok(())
    });
}

#[test]
fn forms_of_shopifys_cart_and_its_old_thanks_page_are_read() {
    browser::with(async |browser| {
        let head = "<script>window.Shopify = {}</script>";
        let body = "<form action='/fi/cart/add' onsubmit='return false'><input type=hidden name=id value=11><input name=quantity value=3><button>Add</button></form>
            <form action='/cart' onsubmit='return false'><button name=update id=update>Update</button><button name=checkout id=out>Check out</button></form>
            <form action='/search' onsubmit='return false'><button id=find>Find</button></form>";
        let shop = Shop::start("/products/x", head, body, "").await?;
        shop.open(browser, "/products/x").await?;
        for button in ["form button", "#update", "#find", "#out"] {
            browser.click(button).await?;
        }
        let events = shop.all(browser).await?;
        assert_eq!(of_the_shop(&events), ["add_to_cart", "begin_checkout"]);
        assert_eq!(first(&events, "add_to_cart")?["data"], json!({ "items": [{ "item_id": "11" }] }));

        let head = "<script>window.Shopify = { Checkout: { step: 'thank_you' }, checkout: { order_id: 450789469, total_price: '47.90', currency: 'EUR', email: 'a@example.fi', line_items: [{ variant_id: 11, sku: 'SKU-11', title: 'Aamu', price: '23.95', quantity: 2 }] } }</script>";
        let events = told(browser, head, "").await?;
        assert_eq!(
            first(&events, "purchase")?["data"],
            json!({ "value": 47.9, "currency": "EUR", "items": [{ "item_id": "SKU-11", "item_name": "Aamu", "price": 23.95, "quantity": 2 }] })
        );
        Ok(())
    });
}

// Checkouts elsewhere.

#[test]
fn kustoms_frame_is_listened_to_beside_the_shop_and_never_instead_of_it() {
    browser::with(async |browser| {
        // As their documentation has it: one listener for each event.
        let head = "<script>const kept = {}; window.shop = []; window.api = { on(handlers) { Object.assign(kept, handlers); } }; window.fire = (name, data) => kept[name] && kept[name](data);
            window._klarnaCheckout = (run) => run(api);
            _klarnaCheckout((api) => api.on({ load: () => shop.push('load'), change: () => shop.push('change') }));</script>";
        let body = "<div id=klarna-checkout-container><iframe srcdoc='x'></iframe></div>";
        let shop = Shop::start("/pay", head, body, "").await?;
        shop.open(browser, "/pay").await?;
        browser
            .run("_klarnaCheckout((api) => api.on({ shipping_option_change: (data) => shop.push(data.name), redirect_initiated() { throw Error('of the shop') } }));
                  fire('load'); fire('change', { email: 'a@example.fi' }); fire('shipping_option_change', { name: 'Posti' }); fire('order_total_change');
                  try { fire('redirect_initiated'); } catch { shop.push('thrown'); }")
            .await?;
        assert_eq!(browser.value("shop").await?, json!(["load", "change", "Posti", "thrown"]));
        let events = shop.all(browser).await?;
        assert_eq!(of_the_shop(&events), ["begin_checkout", "add_shipping_info", "add_payment_info"]);
        ensure!(!format!("{events:?}").contains("Posti"), "nothing of the payload");
        browser.run("polku.destroy(); fire('shipping_option_change', { name: 'again' })").await?;
        assert_eq!(browser.value("shop.at(-1)").await?, "again");
        Ok(())
    });
}

#[test]
fn a_shopper_who_comes_back_from_a_failed_payment_is_heard_once() {
    browser::with(async |browser| {
        let failed = [
            "checkout-status=fail&checkout-transaction-id=70f4c1b29a55e3&checkout-reference=KK-1&signature=ab",
            "transactionId=70f4c1b29a55e3&responseCode=Cancel",
            "paymentid=70f4c1b29a55e3&paymentFailed=true",
        ];
        for query in failed {
            let shop = Shop::start("/back", "", "", "").await?;
            shop.open(browser, &format!("/back?{query}")).await?;
            shop.all(browser).await?;
            browser.reload().await?;
            browser.until(READS).await?;
            browser.run("polku.track('share'); return polku.flush()").await?;
            let events = shop.server.has("share").await?;
            assert_eq!(count(&events, "payment_declined"), 1, "{query}");
            ensure!(
                !format!("{events:?}").contains("KK-1") && !format!("{events:?}").contains("70f4c1b29a55e3"),
                "{events:?}"
            );
        }
        for query in [
            "checkout-status=ok&checkout-amount=1",
            "checkout-status=pending",
            "transactionId=70f4c1b29a55e3&responseCode=OK",
            "paymentFailed=false",
        ] {
            let shop = Shop::start("/back", "", "", "").await?;
            shop.open(browser, &format!("/back?{query}")).await?;
            assert!(shop.names(browser).await?.is_empty(), "{query}");
        }
        Ok(())
    });
}

#[test]
fn addresses_say_the_least_and_only_what_they_say() {
    browser::with(async |browser| {
        for (path, told) in [("/cart", "view_cart"), ("/fi/kassa/", "begin_checkout"), ("/ostoskori", "view_cart")] {
            let shop = Shop::start(path, "", "", "").await?;
            shop.open(browser, path).await?;
            assert_eq!(shop.names(browser).await?, [told], "{path}");
        }
        for path in ["/cartridges", "/cart/item/7", "/checkout-help"] {
            let shop = Shop::start(path, &block(&json!({ "@type": "Organization" })), "", "").await?;
            shop.open(browser, path).await?;
            assert!(shop.names(browser).await?.is_empty(), "{path}");
        }
        Ok(())
    });
}
