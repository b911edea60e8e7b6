//! Snowplow's tracker protocol: events of shops by its own e-commerce schemas, all others as structured events, which need no schema of
//! the shop's. Every value is a text. An entity that its schema would refuse is left out: it would take the event with it.

use super::copy::{copied, each, member, number};
use super::matomo::{category, first_item, label, measure, view};
use super::source::Event;
use super::template::{Scene, identity, url, uuid_member};
use super::{found, inside, text};
use crate::json::{self, Writer};
use crate::words::{self, List};
use crate::{list, money};

/// The most that an amount may be, in hundredths.
const AMOUNT: i64 = 999_999_900;
/// The most that a count may be.
const COUNT: u64 = 9_999_999;
/// Characters of a text, at most: all the schemas take these.
const CHARS: usize = 128;

/// Events that have a place in the e-commerce schemas …
const EVENTS: List = list![
    "view_item",
    "view_item_list",
    "select_item",
    "add_to_cart",
    "remove_from_cart",
    "view_promotion",
    "select_promotion",
    "begin_checkout",
    "add_shipping_info",
    "add_payment_info",
    "purchase",
    "refund",
    "payment_declined",
];
/// … and what they are there; the steps of a checkout are GA4's funnel.
const ACTIONS: List = list![
    "product_view",
    "list_view",
    "list_click",
    "add_to_cart",
    "remove_from_cart",
    "promo_view",
    "promo_click",
    "checkout_step",
    "checkout_step",
    "checkout_step",
    "transaction",
    "refund",
    "trns_error",
];
const PROMOTION: usize = 5;
const CHECKOUT: usize = 7;
const PURCHASE: usize = 10;
const REFUND: usize = 11;

/// Metrics that Snowplow's schema has a place for.
const VITALS: List = list!["cls", "fid", "lcp", "fcp", "inp", "ttfb"];

/// Writes the event.
pub(super) fn write(out: &mut Writer, scene: &Scene<'_>, event: &Event<'_>) {
    let batch = scene.batch;
    let setting = |name| scene.format.setting(name, batch.key).unwrap_or_default();
    let mut told = Writer::default();
    let mut entities = Writer::default();
    entities.raw("[");
    let mut schema = Writer::default();
    let mut metric = event.text("name").to_owned();
    metric.make_ascii_lowercase();
    if event.name == "page_view" {
        // A kind of its own.
    } else if event.name == "web_vitals" && VITALS.place(&metric).is_some() {
        schema.raw("com.snowplowanalytics.snowplow/web_vitals/jsonschema/1-0-0");
        told.raw("{");
        told.key(&metric);
        told.raw(number(event.data("value")).unwrap_or("null"));
        told.raw("}");
    } else if let Some(action) = EVENTS.place(event.name) {
        schema.raw("com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2");
        told.raw("{");
        told.word_member("type", ACTIONS.at(action));
        if matches!(action, 1 | 2) {
            text_member(&mut told, "name", event.data, "item_list_name");
        }
        told.raw("}");
        shop(&mut entities, action, scene, event);
    } else if !setting("vendor").is_empty() {
        for part in [setting("vendor"), "/", event.name, "/jsonschema/1-0-0"] {
            schema.raw(part);
        }
        own(&mut told, scene, event);
    }
    // What belongs to one view of a page.
    let mut page = Writer::default();
    page.raw("{\"id\":\"");
    view(&mut page, scene, event);
    page.raw("\"}");
    entities.comma();
    described(&mut entities, "com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0", page.as_str());
    entities.raw("]");
    out.raw("{");
    let structured = schema.as_str().is_empty() && event.name != "page_view";
    member(
        out,
        "e",
        if structured {
            "se"
        } else if event.name == "page_view" {
            "pv"
        } else {
            "ue"
        },
    );
    member(out, "p", "web");
    member(out, "tv", concat!("polku-", env!("CARGO_PKG_VERSION")));
    member(out, "tna", &text::escaped(setting("namespace")));
    member(out, "aid", &text::escaped(setting("key")));
    uuid_member(out, "eid", &identity(batch, event.seq));
    uuid_member(out, "sid", batch.id);
    for (name, ms) in [("dtm", event.time), ("stm", scene.sent)] {
        out.key(name);
        out.raw("\"");
        out.number(ms);
        out.raw("\"");
    }
    member(out, "lang", batch.lang);
    let mut address = Writer::default();
    url(&mut address, scene.format, event);
    member(out, "url", address.as_str());
    if structured {
        member(out, "se_ca", category(event.name));
        member(out, "se_ac", event.name);
        member(out, "se_la", label(event));
        member(out, "se_pr", event.stage);
        member(out, "se_va", measure(event));
    }
    let in_base64 = setting("base64") != "no";
    let mut nested = |encoded: &str, plain: &str, schema: &str, inner: &str| {
        let mut json = Writer::default();
        described(&mut json, schema, inner);
        if in_base64 {
            out.key(encoded);
            out.raw("\"");
            text::base64(out, json.as_str());
            out.raw("\"");
        } else {
            member(out, plain, &text::escaped(json.as_str()));
        }
    };
    if !schema.as_str().is_empty() {
        let mut inner = Writer::default();
        described(&mut inner, schema.as_str(), told.as_str());
        nested("ue_px", "ue_pr", "com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0", inner.as_str());
    }
    nested("cx", "co", "com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1", entities.as_str());
    out.raw("}");
}

/// `{"schema":"iglu:…","data":…}`.
fn described(out: &mut Writer, schema: &str, data: &str) {
    out.raw("{\"schema\":\"iglu:");
    out.raw(&text::escaped(schema));
    out.raw("\",\"data\":");
    out.raw(data);
    out.raw("}");
}

/// An event as a shop's own schema may describe it: what every event has, and its data.
fn own(out: &mut Writer, scene: &Scene<'_>, event: &Event<'_>) {
    out.raw("{");
    out.number_member("seq", event.seq);
    for (name, value) in [
        ("journey", scene.batch.id),
        ("leg", scene.batch.leg),
        ("lens", event.lens),
        ("stage", event.stage),
        ("page", event.page),
        ("device", scene.batch.device),
        ("client", event.client),
    ] {
        member(out, name, value);
    }
    if !event.data.is_empty() {
        out.key("data");
        out.raw(&copied(event.data));
    }
    out.raw("}");
}

/// A text of `object` under another name, where it is there and not empty.
fn text_member(out: &mut Writer, name: &str, object: &str, key: &str) -> bool {
    let text = inside(object, key);
    member(out, name, json::first_chars(text, CHARS));
    !text.is_empty()
}

/// An amount to the cent, where it is one that the schemas take.
fn amount(out: &mut Writer, name: &str, object: &str, key: &str) -> bool {
    let amount = number(found(object, key)).and_then(money::hundredths).filter(|amount| (0..=AMOUNT).contains(amount));
    if let Some(amount) = amount {
        out.key(name);
        money::write(out, amount);
    }
    amount.is_some()
}

/// A whole number that the schemas take.
fn count(object: &str, key: &str) -> Option<u64> {
    words::number(found(object, key)).filter(|count| *count <= COUNT)
}

/// Adds to `entities` what belongs to `action`, as far as all is there that its schema cannot do without.
fn shop(entities: &mut Writer, action: usize, scene: &Scene<'_>, event: &Event<'_>) {
    let data = event.data;
    let currency = event.text("currency");
    let currency = if currency.len() == 3 { currency } else { "" };
    let mut out = Writer::default();
    out.raw("{");
    let (name, fits) = match action {
        PURCHASE | REFUND => {
            let purchase = action == PURCHASE;
            // It is not the order's number, which never leaves.
            uuid_member(&mut out, "transaction_id", &identity(scene.batch, event.seq));
            member(&mut out, "currency", currency);
            let paid = amount(&mut out, if purchase { "revenue" } else { "refund_amount" }, data, "value");
            if purchase {
                if !text_member(&mut out, "payment_method", data, "payment_type") {
                    out.word_member("payment_method", "unknown");
                }
                let mut total = 0;
                each(event.data("items"), &mut |_, item| total += count(item, "quantity").unwrap_or(1));
                out.number_member("total_quantity", total.min(COUNT));
                amount(&mut out, "tax", data, "tax");
                amount(&mut out, "shipping", data, "shipping");
            }
            (if purchase { "transaction" } else { "refund" }, paid && !currency.is_empty())
        }
        CHECKOUT..PURCHASE => {
            out.number_member("step", (action - CHECKOUT) as u64 + 1);
            text_member(&mut out, "delivery_method", data, "shipping_tier");
            text_member(&mut out, "payment_method", data, "payment_type");
            ("checkout_step", true)
        }
        12 => {
            text_member(&mut out, "error_shortcode", data, "code");
            ("transaction_error", true)
        }
        PROMOTION | 6 => {
            // GA4 allows both a promotion of the event and of its products.
            let own = !event.data("promotion_id").is_empty();
            let from = if own { data } else { first_item(event) };
            let id = text_member(&mut out, "id", from, "promotion_id");
            text_member(&mut out, "name", from, "promotion_name");
            text_member(&mut out, "slot", from, "creative_slot");
            ("promotion", id)
        }
        _ => ("", false),
    };
    if fits {
        commerce(entities, name, out);
    }
    each(event.data("items"), &mut |_, item| {
        let mut out = Writer::default();
        out.raw("{");
        let id = text_member(&mut out, "id", item, "item_id");
        let priced = amount(&mut out, "price", item, "price");
        if !text_member(&mut out, "category", item, "item_category") {
            out.word_member("category", "unknown");
        }
        for (name, key) in [("name", "item_name"), ("brand", "item_brand"), ("variant", "item_variant")] {
            text_member(&mut out, name, item, key);
        }
        member(&mut out, "currency", currency);
        for (name, key) in [("quantity", "quantity"), ("position", "index")] {
            if let Some(count) = count(item, key) {
                out.number_member(name, count);
            }
        }
        if id && priced && !currency.is_empty() {
            commerce(entities, "product", out);
        }
    });
}

/// Adds an entity, whose members `out` has.
fn commerce(entities: &mut Writer, name: &str, mut out: Writer) {
    let mut schema = Writer::default();
    for part in ["com.snowplowanalytics.snowplow.ecommerce/", name, "/jsonschema/1-0-0"] {
        schema.raw(part);
    }
    out.raw("}");
    entities.comma();
    described(entities, schema.as_str(), out.as_str());
}
