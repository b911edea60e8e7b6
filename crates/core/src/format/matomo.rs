//! Matomo's bulk tracking: a query for each event. What has no place in Matomo's reports is told as one of its events.

use super::source::Event;
use super::template::{Scene, identity, number, url};
use super::{copy, text, uuid};
use crate::data;
use crate::json::{self, Scan, Writer};
use crate::name::Name;

/// Writes the event's query, as a JSON text.
pub(super) fn write(out: &mut Writer, scene: &Scene<'_>, event: &Event<'_>) {
    let batch = scene.batch;
    let mut query = Query(Writer::default());
    query.add("idsite", scene.format.setting("key", batch.key).unwrap_or_default());
    query.add("rec", "1");
    query.add("apiv", "1");
    // Without an id Matomo would make one of address and browser, and join strangers.
    let session = uuid::v5(batch.id);
    query.add("_id", &session.replace('-', "")[..16]);
    // Events of one page of one document belong together.
    query.add("pv_id", &view(scene, event)[..6]);
    let mut seconds = Writer::default();
    seconds.number(event.time / 1000);
    query.add("cdt", seconds.as_str());
    let page = text::plain(event.page);
    query.text("url", &url(scene.format, event));
    for at in '1'..='9' {
        // `dimension3=stage`: the shop's third custom dimension holds the stage.
        let name = String::from_iter(["dimension", &String::from(at)]);
        let value = match scene.format.setting(&name, "").unwrap_or_default() {
            "stage" => event.stage,
            "lens" => event.lens,
            "device" => batch.device,
            "client" => event.client,
            "lang" => batch.lang,
            _ => "",
        };
        query.text(&name, value);
    }
    let item = first_item(event);
    match event.name {
        "page_view" => query.add("action_name", &page),
        // Lengthens the visit, and is no action.
        "page_engagement" => query.add("ping", "1"),
        "search" if event.data("search_term").and_then(json::inside).is_some() => {
            query.add("ca", "1");
            query.member("search", event.data, "search_term");
            query.member("search_count", event.data, "results");
        }
        // The whole cart, as GA4 has it with these; what is put in or taken out is only itself.
        "view_cart" | "begin_checkout" => {
            query.add("idgoal", "0");
            query.amount("revenue", event.data, "value");
            query.items(event);
        }
        "purchase" => {
            query.add("idgoal", "0");
            // Orders are counted once by this. It is not the order's number, which never leaves.
            query.add("ec_id", &uuid::v5(&identity(batch, event.seq)));
            query.amount("revenue", event.data, "value");
            query.member("ec_tx", event.data, "tax");
            query.member("ec_sh", event.data, "shipping");
            query.member("ec_dt", event.data, "discount");
            query.items(event);
        }
        _ => {
            query.add("ca", "1");
            query.add("e_c", category(event.name));
            query.add("e_a", event.name);
            query.text("e_n", label(event));
            if let Some(number) = measure(event) {
                query.add("e_v", &number);
            }
            if event.name == "view_item" {
                query.member("_pks", item, "item_id");
                query.member("_pkn", item, "item_name");
                query.member("_pkc", item, "item_category");
                query.member("_pkp", item, "price");
            }
        }
    }
    out.raw("\"");
    out.raw(query.0.as_str());
    out.raw("\"");
}

/// A UUID of the view of a page, the same for all that happens while it lasts.
pub(super) fn view(scene: &Scene<'_>, event: &Event<'_>) -> String {
    uuid::v5(&[&identity(scene.batch, event.view), " page"].concat())
}

/// The first product of an event, as raw JSON; else an empty object.
pub(super) fn first_item<'a>(event: &Event<'a>) -> &'a str {
    let items = event.data("items").unwrap_or_default();
    let mut scan = Scan::new(items);
    let first = scan.expect(b'[').and_then(|()| scan.value());
    first.filter(|item| item.starts_with('{')).unwrap_or("{}")
}

/// Of what kind an event is.
pub(super) fn category(name: &str) -> &'static str {
    match Name::parse(name) {
        Some(known) if known.is_friction() => "friction",
        Some(known) if known.is_for_shops() => "shop",
        _ if name.starts_with("prompt_") => "prompt",
        _ => "journey",
    }
}

/// The one word that tells most of an event: the inside of a text.
pub(super) fn label<'a>(event: &Event<'a>) -> &'a str {
    let of = |key| event.data(key).and_then(json::inside).filter(|text| !text.is_empty());
    let named = [
        // Of a metric the name, not where it was: without it the number beside it means nothing.
        "name",
        "target",
        "search_term",
        "promotion_name",
        "item_list_name",
        "prompt",
        "rule",
        "method",
        "payment_type",
        "kind",
        "code",
        "furthest",
    ];
    let of_item = || data::find(first_item(event), "item_name").and_then(json::inside);
    named.into_iter().find_map(of).or_else(of_item).unwrap_or(if event.name == "stage_enter" {
        event.stage
    } else {
        ""
    })
}

/// The one number that tells most of an event.
pub(super) fn measure(event: &Event<'_>) -> Option<String> {
    ["score", "count", "value", "results"].into_iter().find_map(|key| event.data(key).and_then(number))
}

/// A query as it grows.
struct Query(Writer);

impl Query {
    fn add(&mut self, name: &str, plain: &str) {
        self.0.raw(if self.0.as_str().is_empty() { "?" } else { "&" });
        self.0.raw(name);
        self.0.raw("=");
        text::percent(&mut self.0, plain);
    }

    /// What stands within a JSON text, where there is something.
    fn text(&mut self, name: &str, inside: &str) {
        if !inside.is_empty() {
            self.add(name, &text::plain(inside));
        }
    }

    /// A member of `object`, a text or a number, where it is there.
    fn member(&mut self, name: &str, object: &str, key: &str) {
        if let Some(raw) = data::find(object, key) {
            match json::inside(raw) {
                Some(inside) => self.text(name, inside),
                None => {
                    if let Some(number) = number(raw) {
                        self.add(name, &number);
                    }
                }
            }
        }
    }

    /// An amount that has to be there.
    fn amount(&mut self, name: &str, object: &str, key: &str) {
        self.add(name, data::find(object, key).and_then(number).as_deref().unwrap_or("0"));
    }

    /// Products: number, name, category, price, count.
    fn items(&mut self, event: &Event<'_>) {
        let mut list = Writer::default();
        list.raw("[");
        let mut scan = Scan::new(event.data("items").unwrap_or_default());
        let mut first = true;
        if scan.expect(b'[').is_some() {
            while scan.another(b']', &mut first) == Some(true) {
                let Some(item) = scan.value() else { break };
                list.comma();
                list.raw("[");
                for (key, number, default) in [
                    ("item_id", false, "\"\""),
                    ("item_name", false, "\"\""),
                    ("item_category", false, "\"\""),
                    ("price", true, "0"),
                    ("quantity", true, "1"),
                ] {
                    list.comma();
                    let raw = data::find(item, key).filter(|raw| (json::inside(raw).is_none()) == number);
                    if copy::leaf(&mut list, raw.unwrap_or(default)).is_none() {
                        list.raw(default);
                    }
                }
                list.raw("]");
            }
        }
        list.raw("]");
        self.add("ec_items", list.as_str());
    }
}
