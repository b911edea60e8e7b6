//! Snowplow's tracker protocol: events of shops by its own e-commerce schemas, all others as structured events, which need no schema of
//! the shop's. Every value is a text. An entity that its schema would refuse is left out: it would take the event with it.

use super::matomo::{category, first_item, label, measure, view};
use super::source::Event;
use super::template::{Scene, identity, number, quoted, url};
use super::{text, uuid};
use crate::json::{self, Scan, Writer};
use crate::{data, money};

/// The most that an amount may be, in hundredths.
const AMOUNT: i64 = 999_999_900;

/// What an event is in the e-commerce schemas.
fn action(name: &str) -> Option<&'static str> {
    Some(match name {
        "view_item" => "product_view",
        "view_item_list" => "list_view",
        "select_item" => "list_click",
        "add_to_cart" => "add_to_cart",
        "remove_from_cart" => "remove_from_cart",
        "view_promotion" => "promo_view",
        "select_promotion" => "promo_click",
        "begin_checkout" | "add_shipping_info" | "add_payment_info" => "checkout_step",
        "purchase" => "transaction",
        "refund" => "refund",
        "payment_declined" => "trns_error",
        _ => return None,
    })
}

/// Writes the event.
pub(super) fn write(out: &mut Writer, scene: &Scene<'_>, event: &Event<'_>) {
    let batch = scene.batch;
    let setting = |name| scene.format.setting(name, batch.key).unwrap_or_default();
    out.raw("{");
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            out.key(name);
            quoted(out, value);
        }
    };
    let mut schema = String::new();
    let mut told = Writer::default();
    let mut entities = Entities(Writer::default());
    let mut kind = "se";
    if event.name == "page_view" {
        kind = "pv";
    } else if let Some(metric) = vital(event) {
        kind = "ue";
        schema = official("snowplow/web_vitals/jsonschema/1-0-0");
        told.raw(&metric);
    } else if let Some(action) = action(event.name) {
        kind = "ue";
        entities.shop(action, scene, event);
        schema = official("snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2");
        told.raw("{");
        told.word_member("type", action);
        if action.starts_with("list") {
            member(&mut told, "name", event.data, "item_list_name");
        }
        told.raw("}");
    } else if !setting("vendor").is_empty() {
        kind = "ue";
        schema = ["iglu:", setting("vendor"), "/", event.name, "/jsonschema/1-0-0"].concat();
        told.raw(&own(scene, event));
    }
    // What belongs to one view of a page.
    let page = ["{\"id\":\"", &view(scene, event), "\"}"].concat();
    entities.add(&official("snowplow/web_page/jsonschema/1-0-0"), &page);
    add("e", kind);
    add("p", "web");
    add("tv", concat!("polku-", env!("CARGO_PKG_VERSION")));
    add("tna", &text::escaped(setting("namespace")));
    add("aid", &text::escaped(setting("key")));
    add("eid", &uuid::v5(&identity(batch, event.seq)));
    add("sid", &uuid::v5(batch.id));
    for (name, ms) in [("dtm", event.time), ("stm", scene.sent)] {
        let mut digits = Writer::default();
        digits.number(ms);
        add(name, digits.as_str());
    }
    add("lang", batch.lang);
    add("url", &text::whole(&url(scene.format, event)));
    if kind == "se" {
        add("se_ca", category(event.name));
        add("se_ac", event.name);
        add("se_la", &text::whole(label(event)));
        add("se_pr", event.stage);
        add("se_va", &measure(event).unwrap_or_default());
    }
    let in_base64 = setting("base64") != "no";
    let mut nested = |names: [&str; 2], schema: &str, inner: &str| {
        let mut json = Writer::default();
        described(&mut json, schema, inner);
        if in_base64 {
            let mut encoded = Writer::default();
            text::base64(&mut encoded, json.as_str());
            add(names[0], encoded.as_str());
        } else {
            add(names[1], &text::escaped(json.as_str()));
        }
    };
    if kind == "ue" {
        let mut inner = Writer::default();
        described(&mut inner, &schema, told.as_str());
        nested(["ue_px", "ue_pr"], &official("snowplow/unstruct_event/jsonschema/1-0-0"), inner.as_str());
    }
    let list = ["[", entities.0.as_str(), "]"].concat();
    nested(["cx", "co"], &official("snowplow/contexts/jsonschema/1-0-1"), &list);
    out.raw("}");
}

/// The address of a schema in the registry that every Snowplow has.
fn official(path: &str) -> String {
    ["iglu:com.snowplowanalytics.", path].concat()
}

/// `{"schema":…,"data":…}`.
fn described(out: &mut Writer, schema: &str, data: &str) {
    out.raw("{");
    out.key("schema");
    quoted(out, &text::escaped(schema));
    out.key("data");
    out.raw(data);
    out.raw("}");
}

/// A metric by Snowplow's schema, where it has a place for it.
fn vital(event: &Event<'_>) -> Option<String> {
    let name = event.data("name").and_then(json::inside).filter(|_| event.name == "web_vitals")?;
    let name = name.to_ascii_lowercase();
    let known = matches!(name.as_str(), "cls" | "fid" | "lcp" | "fcp" | "inp" | "ttfb");
    let value = event.data("value").and_then(number).filter(|value| known && !value.starts_with('-'))?;
    Some(["{\"", &name, "\":", &value, "}"].concat())
}

/// An event as a shop's own schema may describe it: what every event has, and its data.
fn own(scene: &Scene<'_>, event: &Event<'_>) -> String {
    let mut out = Writer::default();
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
        if !value.is_empty() {
            out.key(name);
            quoted(&mut out, &text::whole(value));
        }
    }
    out.key("data");
    out.raw(&super::copy::copied(event.data).unwrap_or_default());
    out.raw("}");
    out.into_string()
}

/// A text of `object` under another name, where it is there and not empty; at most 128 characters, which all the schemas take.
fn member(out: &mut Writer, name: &str, object: &str, key: &str) -> bool {
    let text = data::find(object, key).and_then(json::inside).filter(|text| !text.is_empty());
    if let Some(text) = text {
        out.key(name);
        quoted(out, &text::whole(json::first_chars(text, 128)));
    }
    text.is_some()
}

/// An amount to the cent, where it is one that the schemas take.
fn amount(out: &mut Writer, name: &str, object: &str, key: &str) -> bool {
    let amount = data::find(object, key)
        .and_then(number)
        .and_then(|number| money::hundredths(&number))
        .filter(|amount| (0..=AMOUNT).contains(amount));
    if let Some(amount) = amount {
        out.key(name);
        money::write(out, amount);
    }
    amount.is_some()
}

/// A whole number that the schemas take.
fn count(object: &str, key: &str) -> Option<u64> {
    data::find(object, key).and_then(crate::words::number).filter(|count| *count <= 9_999_999)
}

/// Entities, with commas between.
struct Entities(Writer);

impl Entities {
    fn add(&mut self, schema: &str, data: &str) {
        self.0.comma();
        described(&mut self.0, schema, data);
    }

    fn commerce(&mut self, name: &str, data: Writer) {
        self.add(&official(&["snowplow.ecommerce/", name, "/jsonschema/1-0-0"].concat()), data.as_str());
    }

    /// Adds what belongs to `action`, as far as all is there that its schema cannot do without.
    fn shop(&mut self, action: &str, scene: &Scene<'_>, event: &Event<'_>) {
        let data = event.data;
        let currency = data::find(data, "currency")
            .and_then(json::inside)
            .filter(|text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let mut out = Writer::default();
        out.raw("{");
        let order = uuid::v5(&identity(scene.batch, event.seq));
        let (name, fits) = match action {
            "transaction" => {
                out.word_member("transaction_id", &order);
                let revenue = amount(&mut out, "revenue", data, "value");
                if !member(&mut out, "payment_method", data, "payment_type") {
                    out.word_member("payment_method", "unknown");
                }
                let mut total = 0;
                each_item(event, &mut |item| total += count(item, "quantity").unwrap_or(1));
                out.number_member("total_quantity", total.min(9_999_999));
                amount(&mut out, "tax", data, "tax");
                amount(&mut out, "shipping", data, "shipping");
                ("transaction", revenue && currency.is_some())
            }
            "refund" => {
                out.word_member("transaction_id", &order);
                let refunded = amount(&mut out, "refund_amount", data, "value");
                ("refund", refunded && currency.is_some())
            }
            "checkout_step" => {
                // The order of GA4's funnel.
                let step = match event.name {
                    "begin_checkout" => 1,
                    "add_shipping_info" => 2,
                    _ => 3,
                };
                out.number_member("step", step);
                member(&mut out, "delivery_method", data, "shipping_tier");
                member(&mut out, "payment_method", data, "payment_type");
                ("checkout_step", true)
            }
            "trns_error" => {
                member(&mut out, "error_shortcode", data, "code");
                ("transaction_error", true)
            }
            "promo_view" | "promo_click" => {
                // GA4 allows both a promotion of the event and of its products.
                let from = if data::find(data, "promotion_id").is_some() { data } else { first_item(event) };
                let id = member(&mut out, "id", from, "promotion_id");
                member(&mut out, "name", from, "promotion_name");
                member(&mut out, "slot", from, "creative_slot");
                ("promotion", id)
            }
            _ => ("", false),
        };
        if let Some(currency) = currency.filter(|_| matches!(action, "transaction" | "refund")) {
            out.word_member("currency", currency);
        }
        out.raw("}");
        if fits {
            self.commerce(name, out);
        }
        each_item(event, &mut |item| self.product(item, currency));
    }

    /// Adds a product, where it has what the schema asks for.
    fn product(&mut self, item: &str, currency: Option<&str>) {
        let mut out = Writer::default();
        out.raw("{");
        let id = member(&mut out, "id", item, "item_id");
        let priced = amount(&mut out, "price", item, "price");
        let Some(currency) = currency.filter(|_| id && priced) else { return };
        out.word_member("currency", currency);
        if !member(&mut out, "category", item, "item_category") {
            out.word_member("category", "unknown");
        }
        for (name, key) in [("name", "item_name"), ("brand", "item_brand"), ("variant", "item_variant")] {
            member(&mut out, name, item, key);
        }
        for (name, key) in [("quantity", "quantity"), ("position", "index")] {
            if let Some(count) = count(item, key) {
                out.number_member(name, count);
            }
        }
        out.raw("}");
        self.commerce("product", out);
    }
}

fn each_item<'a>(event: &Event<'a>, each: &mut dyn FnMut(&'a str)) {
    let mut scan = Scan::new(event.data("items").unwrap_or_default());
    let mut first = true;
    if scan.expect(b'[').is_some() {
        while scan.another(b']', &mut first) == Some(true) {
            match scan.value() {
                Some(item) if item.starts_with('{') => each(item),
                Some(_) => {}
                None => return,
            }
        }
    }
}
