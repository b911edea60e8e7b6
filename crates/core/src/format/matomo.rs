//! Matomo's bulk tracking: a query for each event. What has no place in Matomo's reports is told as one of its events.

use super::copy::{each, number, quoted};
use super::source::Event;
use super::template::{Scene, identity, url};
use super::{found, inside, text, uuid};
use crate::json::{self, Writer};
use crate::list;
use crate::name::Name;
use crate::words::List;

/// Writes the event's query, as a JSON text.
pub(super) fn write(out: &mut Writer, scene: &Scene<'_>, event: &Event<'_>) {
    let (batch, data) = (scene.batch, event.data);
    let mut query = Query(Writer::default());
    query.0.raw("\"?idsite=");
    text::percent(&mut query.0, scene.format.setting("key", batch.key).unwrap_or_default());
    query.0.raw("&rec=1&apiv=1&_id=");
    // Without an id Matomo would make one of address and browser, and join strangers. 16 digits of the visit's UUID, less its dashes.
    let (mut session, mut view) = (Writer::default(), Writer::default());
    uuid::v5(&mut session, batch.id);
    for part in [&session.as_str()[..8], &session.as_str()[9..13], &session.as_str()[14..18]] {
        query.0.raw(part);
    }
    // Events of one view of a page belong together.
    query.0.raw("&pv_id=");
    self::view(&mut view, scene, event);
    query.0.raw(&view.as_str()[..6]);
    query.0.raw("&cdt=");
    query.0.number(event.time / 1000);
    let mut address = Writer::default();
    url(&mut address, scene.format, event);
    query.text("url", address.as_str());
    for at in 1..=9 {
        // `dimension3=stage`: the shop's third custom dimension holds the stage.
        let mut name = Writer::default();
        name.raw("dimension");
        name.number(at);
        let value = match scene.format.setting(name.as_str(), "").unwrap_or_default() {
            "stage" => event.stage,
            "lens" => event.lens,
            "device" => batch.device,
            "client" => event.client,
            "lang" => batch.lang,
            _ => "",
        };
        query.text(name.as_str(), value);
    }
    match event.name {
        "page_view" => query.text("action_name", event.page),
        // Lengthens the visit, and is no action.
        "page_engagement" => query.0.raw("&ping=1"),
        "search" if !event.text("search_term").is_empty() => {
            query.0.raw("&ca=1");
            query.members(data, &[("search", "search_term"), ("search_count", "results")]);
        }
        // The whole cart, as GA4 has it with these; what is put in or taken out is only itself.
        "view_cart" | "begin_checkout" | "purchase" => {
            query.0.raw("&idgoal=0&revenue=");
            query.0.raw(number(event.data("value")).unwrap_or("0"));
            if event.name == "purchase" {
                // Orders are counted once by this. It is not the order's number, which never leaves.
                query.0.raw("&ec_id=");
                uuid::v5(&mut query.0, &identity(batch, event.seq));
                query.members(data, &[("ec_tx", "tax"), ("ec_sh", "shipping"), ("ec_dt", "discount")]);
            }
            query.items(event);
        }
        _ => {
            query.0.raw("&ca=1");
            query.text("e_c", category(event.name));
            query.text("e_a", event.name);
            query.text("e_n", label(event));
            query.text("e_v", measure(event));
            if event.name == "view_item" {
                query.members(
                    first_item(event),
                    &[("_pks", "item_id"), ("_pkn", "item_name"), ("_pkc", "item_category"), ("_pkp", "price")],
                );
            }
        }
    }
    out.raw(query.0.as_str());
    out.raw("\"");
}

/// Writes a UUID of the view of a page, the same for all that happens while it lasts.
pub(super) fn view(out: &mut Writer, scene: &Scene<'_>, event: &Event<'_>) {
    let mut name = identity(scene.batch, event.view);
    name.push_str(" page");
    uuid::v5(out, &name);
}

/// The first product of an event, as raw JSON; else nothing.
pub(super) fn first_item<'a>(event: &Event<'a>) -> &'a str {
    let mut first = "";
    each(event.data("items"), &mut |_, item| {
        if first.is_empty() {
            first = item;
        }
    });
    first
}

/// Of what kind an event is.
pub(super) fn category(name: &str) -> &'static str {
    match Name::parse(name) {
        Some(known) if known.is_friction() => "friction",
        Some(known) if known.is_for_shops() => "shop",
        Some(Name::PromptShown | Name::PromptAnswer | Name::PromptClosed) => "prompt",
        _ => "journey",
    }
}

/// Which text of its data tells most of an event, the best first. Of a metric that is its name and not where it was: without it
/// the number beside it means nothing.
const LABELS: List = list![
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
/// … and which number.
const MEASURES: List = list!["score", "count", "value", "results"];

/// The one word that tells most of an event: the inside of a text.
pub(super) fn label<'a>(event: &Event<'a>) -> &'a str {
    for at in 0..LABELS.lens.len() {
        let label = event.text(LABELS.at(at));
        if !label.is_empty() {
            return label;
        }
    }
    inside(first_item(event), "item_name")
}

/// The one number that tells most of an event.
pub(super) fn measure<'a>(event: &Event<'a>) -> &'a str {
    for at in 0..MEASURES.lens.len() {
        if let Some(number) = number(event.data(MEASURES.at(at))) {
            return number;
        }
    }
    ""
}

/// A query as it grows.
struct Query(Writer);

impl Query {
    /// What stands within a JSON text, where there is something.
    fn text(&mut self, name: &str, inside: &str) {
        if !inside.is_empty() {
            for part in ["&", name, "="] {
                self.0.raw(part);
            }
            text::percent(&mut self.0, &json::plain(inside));
        }
    }

    /// Members of `object`, texts or numbers, as far as they are there.
    fn members(&mut self, object: &str, names: &[(&str, &str)]) {
        for (name, key) in names {
            let raw = found(object, key);
            self.text(name, json::inside(raw).or(number(raw)).unwrap_or_default());
        }
    }

    /// Products: number, name, category, price, count.
    fn items(&mut self, event: &Event<'_>) {
        let mut list = Writer::default();
        list.raw("[");
        each(event.data("items"), &mut |_, item| {
            list.comma();
            list.raw("[");
            for key in ["item_id", "item_name", "item_category"] {
                list.comma();
                quoted(&mut list, inside(item, key));
            }
            for (key, default) in [("price", ",0"), ("quantity", ",1")] {
                match number(found(item, key)) {
                    Some(number) => {
                        list.raw(",");
                        list.raw(number);
                    }
                    None => list.raw(default),
                }
            }
            list.raw("]");
        });
        list.raw("]");
        self.0.raw("&ec_items=");
        text::percent(&mut self.0, list.as_str());
    }
}
