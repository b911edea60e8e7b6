//! What may stand in an event's `data`: an allow-list. A key that is not on it is dropped before the queue.

use crate::config::Money;
use crate::json::{self, Writer};
use crate::money;
use crate::privacy;

/// How a value is checked and written.
#[derive(Clone, Copy)]
enum Kind {
    /// An amount, as number or text: two significant digits, or exact where the shop says so.
    Money,
    /// A whole number from 0 to a million.
    Count,
    /// Text: scrubbed, and cut at 100 characters.
    Text,
    /// A list of products, 50 at most.
    Items,
    /// What a shopper wrote: scrubbed where it was written, and cut at 500 characters.
    Words,
    /// A truth value.
    Flag,
}

/// Text beyond this is cut, in characters.
const TEXT: usize = 100;
/// Words beyond this are cut, in characters; the prompt's own limit is the same or lower.
const WORDS: usize = 500;
/// Products beyond this are left out; GA4 itself takes 200, but a page of 50 tells the path.
const ITEMS: usize = 50;

/// No product is added to an event that is longer than this, in bytes: one event must never fill a batch.
const EVENT_BYTES: usize = 8_000;

/// Keys of an event, all names together: GA4's parameters less those that can name a person or an order (`transaction_id`,
/// `coupon`, `affiliation`, `user_id`, …).
const EVENT: [(&str, Kind); 20] = [
    ("code", Kind::Text),
    ("content_type", Kind::Text),
    ("count", Kind::Count),
    ("creative_name", Kind::Text),
    ("creative_slot", Kind::Text),
    ("currency", Kind::Text),
    ("field", Kind::Text),
    ("item_list_id", Kind::Text),
    ("item_list_name", Kind::Text),
    ("items", Kind::Items),
    ("kind", Kind::Text),
    ("method", Kind::Text),
    ("payment_type", Kind::Text),
    ("promotion_id", Kind::Text),
    ("promotion_name", Kind::Text),
    ("results", Kind::Count),
    ("search_term", Kind::Text),
    ("shipping", Kind::Money),
    ("shipping_tier", Kind::Text),
    ("value", Kind::Money),
];

/// Keys of a product.
const ITEM: [(&str, Kind); 11] = [
    ("discount", Kind::Money),
    ("index", Kind::Count),
    ("item_brand", Kind::Text),
    ("item_category", Kind::Text),
    ("item_category2", Kind::Text),
    ("item_id", Kind::Text),
    ("item_list_name", Kind::Text),
    ("item_name", Kind::Text),
    ("item_variant", Kind::Text),
    ("price", Kind::Money),
    ("quantity", Kind::Count),
];

/// Keys of what a prompt reports.
const PROMPT: [(&str, Kind); 8] = [
    ("step", Kind::Text),
    ("rev", Kind::Count),
    ("ask", Kind::Text),
    ("score", Kind::Count),
    ("text", Kind::Words),
    ("skipped", Kind::Flag),
    ("reason", Kind::Text),
    ("partial", Kind::Flag),
];

/// Writes what `raw` (a JSON object) may tell of a touchpoint, as an object. `None` where `raw` is no JSON object.
pub(crate) fn write(out: &mut Writer, raw: &str, money: Money) -> Option<()> {
    object(out, raw, &EVENT, money)
}

/// Writes what `raw` (a JSON object) may tell of a prompt, as members of the object that `out` has begun.
pub(crate) fn write_prompt(out: &mut Writer, raw: &str) {
    let _ = fill(out, raw, &PROMPT, Money::Exact);
}

fn object(out: &mut Writer, raw: &str, allowed: &[(&str, Kind)], money: Money) -> Option<()> {
    out.raw("{");
    fill(out, raw, allowed, money)?;
    out.raw("}");
    Some(())
}

fn fill(out: &mut Writer, raw: &str, allowed: &[(&str, Kind)], money: Money) -> Option<()> {
    json::members(raw, &mut |key, value| {
        if let Some((_, kind)) = allowed.iter().find(|(name, _)| *name == key) {
            member(out, key, value, *kind, money);
        }
    })
}

fn member(out: &mut Writer, key: &str, raw: &str, kind: Kind, money: Money) {
    if let Kind::Items = kind {
        return items(out, key, raw, money);
    }
    if let Kind::Flag = kind {
        if matches!(raw, "true" | "false") {
            out.key(key);
            out.raw(raw);
        }
        return;
    }
    // Shops write numbers as text and text as numbers (`item_id`): what it is taken for is the key's business.
    let text = json::inside(raw).unwrap_or(raw);
    if text.is_empty() || matches!(raw.as_bytes(), [b'{' | b'[' | b't' | b'f' | b'n', ..]) {
        return;
    }
    let start = out.as_str().len();
    out.key(key);
    match (kind, money::hundredths(text)) {
        (Kind::Money, Some(amount)) => {
            money::write(out, if money == Money::Exact { amount } else { money::two_digits(amount) })
        }
        (Kind::Count, Some(amount)) if amount % 100 == 0 && (0..=100_000_000).contains(&amount) => {
            money::write(out, amount)
        }
        (Kind::Text, _) => quoted(out, if key == "item_id" { text } else { privacy::short_rule(text) }, TEXT),
        (Kind::Words, _) => quoted(out, text, WORDS),
        _ => out.truncate(start),
    }
}

/// Text that has its escapes, cut at `chars`.
fn quoted(out: &mut Writer, text: &str, chars: usize) {
    out.raw("\"");
    out.raw(json::first_chars(text, chars));
    out.raw("\"");
}

fn items(out: &mut Writer, key: &str, raw: &str, money: Money) {
    out.key(key);
    out.raw("[");
    let mut left = ITEMS;
    // A list that breaks off in the middle keeps the products before the break.
    let _ = json::elements(raw, &mut |item| {
        let start = out.as_str().len();
        if left > 0 && start < EVENT_BYTES {
            left -= 1;
            out.comma();
            if object(out, item, &ITEM, money).is_none() {
                out.truncate(start);
            }
        }
    });
    out.raw("]");
}

/// The raw value of member `key` of the object `raw`.
pub(crate) fn find<'a>(raw: &'a str, key: &str) -> Option<&'a str> {
    let mut found = None;
    json::members(raw, &mut |name, value| {
        if name == key {
            found = Some(value);
        }
    })?;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(raw: &str) -> Option<String> {
        let mut out = Writer::default();
        write(&mut out, raw, Money::TwoDigits)?;
        Some(out.into_string())
    }

    #[test]
    fn what_is_on_the_list_stays_and_nothing_else() {
        let raw = r#"{"transaction_id":"KK-1","value":"47.90","currency":"EUR","user_id":7,"email":"a@b.fi",
            "items":[{"item_id":12345678,"item_name":"Kahvi \"Ä\"","price":9.9,"quantity":2,"secret":{"a":[1]}},"junk",{"item_id":"B"}],
            "search_term":"mail me at a@b.fi","coupon":"ANNA10"}"#;
        assert_eq!(
            kept(raw).unwrap(),
            r#"{"value":48,"currency":"EUR","items":[{"item_id":"12345678","item_name":"Kahvi \"Ä\"","price":9.9,"quantity":2},{"item_id":"B"}],"search_term":"[email]"}"#
        );
    }

    #[test]
    fn wrong_types_are_left_out() {
        assert_eq!(
            kept(r#"{"value":{},"currency":[],"items":7,"results":-1,"count":"12"}"#).unwrap(),
            r#"{"items":[],"count":12}"#
        );
        assert_eq!(kept("[]"), None);
        assert_eq!(kept("not json"), None);
    }

    #[test]
    fn long_values_are_cut() {
        let many =
            format!(r#"{{"items":[{}],"method":"{}"}}"#, vec![r#"{"item_id":"A"}"#; 300].join(","), "ä".repeat(500));
        let kept: serde_json::Value = serde_json::from_str(&kept(&many).unwrap()).unwrap();
        assert_eq!(kept["items"].as_array().unwrap().len(), ITEMS);
        assert_eq!(kept["method"].as_str().unwrap().chars().count(), TEXT);
    }

    proptest::proptest! {
        #[test]
        fn any_data_gives_valid_json_with_allowed_keys_alone(raw in r#"\{("(value|items|email|method)":("[^"\\]{0,20}"|[0-9.]{1,6}|\[\{"item_id":"x","y":1\}\]),){0,4}"currency":"EUR"\}"#) {
            if let Some(kept) = kept(&raw) {
                let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
                for key in kept.as_object().unwrap().keys() {
                    proptest::prop_assert!(EVENT.iter().any(|(name, _)| name == key));
                }
            }
        }
    }
}
