//! What may stand in an event's `data`: an allow-list. A key that is not on it is dropped before the queue.

use crate::config::Money;
use crate::json::{self, Scan, Writer};
use crate::money;
use crate::privacy;
use crate::rng::hash;
use crate::words;

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
    /// A list of names that the shop gave to choices, 30 at most.
    Ids,
}

/// Text beyond this is cut, in characters.
const TEXT: usize = 100;
/// Words beyond this are cut, in characters; the prompt's own limit is the same or lower.
const WORDS: usize = 500;
/// Products beyond this are left out; GA4 itself takes 200, but a page of 50 tells the path.
const ITEMS: usize = 50;
/// Choices beyond this are left out: no question has more.
const IDS: usize = 30;

/// `keys! { "name": Kind, … }`: [`Keys`] from one list. On a page they are packed; natively a match is faster.
macro_rules! keys {
    ($($name:literal: $kind:ident,)*) => {
        Keys {
            #[cfg(target_arch = "wasm32")]
            names: crate::list![$($name),*],
            #[cfg(target_arch = "wasm32")]
            kinds: &[$(Kind::$kind),*],
            #[cfg(not(target_arch = "wasm32"))]
            kind: |key| match key {
                $($name => Some(Kind::$kind),)*
                _ => None,
            },
        }
    };
}

/// No product is added to an event that is longer than this, in bytes: one event must never fill a batch.
const EVENT_BYTES: usize = 8_000;

/// Keys, and of what kind each is.
struct Keys {
    #[cfg(target_arch = "wasm32")]
    names: words::List,
    #[cfg(target_arch = "wasm32")]
    kinds: &'static [Kind],
    #[cfg(not(target_arch = "wasm32"))]
    kind: fn(&str) -> Option<Kind>,
}

impl Keys {
    fn kind(&self, key: &str) -> Option<Kind> {
        #[cfg(target_arch = "wasm32")]
        return self.kinds.get(self.names.place(key)?).copied();
        #[cfg(not(target_arch = "wasm32"))]
        return (self.kind)(key);
    }
}

/// Keys of an event, all names together: GA4's parameters less those that can name a person or an order (`transaction_id`,
/// `coupon`, `affiliation`, `user_id`, …). A coupon's code is often made for one person, and `location_id` is a place where somebody was.
const EVENT: Keys = keys! {
    "code": Text,
    "content_type": Text,
    "count": Count,
    "creative_name": Text,
    "creative_slot": Text,
    "currency": Text,
    "field": Text,
    "item_id": Text,
    "item_list_id": Text,
    "item_list_name": Text,
    "items": Items,
    "kind": Text,
    "method": Text,
    "payment_type": Text,
    "promotion_id": Text,
    "promotion_name": Text,
    "results": Count,
    "search_term": Text,
    "shipping": Money,
    "shipping_tier": Text,
    "tax": Money,
    "value": Money,
};

/// Keys of a product.
const ITEM: Keys = keys! {
    "creative_name": Text,
    "creative_slot": Text,
    "discount": Money,
    "index": Count,
    "item_brand": Text,
    "item_category": Text,
    "item_category2": Text,
    "item_category3": Text,
    "item_category4": Text,
    "item_category5": Text,
    "item_id": Text,
    "item_list_id": Text,
    "item_list_name": Text,
    "item_name": Text,
    "item_variant": Text,
    "price": Money,
    "promotion_id": Text,
    "promotion_name": Text,
    "quantity": Count,
};

/// Keys of what a prompt reports.
const PROMPT: Keys = keys! {
    "step": Text,
    "rev": Count,
    "ask": Text,
    "score": Count,
    "scale": Count,
    "choice": Ids,
    "path": Ids,
    "text": Words,
    "themes": Ids,
    "emotion": Text,
    "skipped": Flag,
    "reason": Text,
    "partial": Flag,
    "kind": Text,
    "feeling": Text,
};

/// Writes what `raw` (a JSON object) may tell of a touchpoint, as an object. Gives back the hash of the first product's id (0 where there
/// is none); `None` where `raw` is no JSON object.
pub(crate) fn write(out: &mut Writer, raw: &str, money: Money) -> Option<u64> {
    let mut scan = Scan::new(raw);
    let mut product = 0;
    out.raw("{");
    fill(out, &mut scan, &EVENT, money, &mut product)?;
    out.raw("}");
    scan.end().map(|()| product)
}

/// Writes what `raw` (a JSON object) may tell of a prompt, as members of the object that `out` has begun; its words only where
/// `words` says so.
pub(crate) fn write_prompt(out: &mut Writer, raw: &str, words: bool) {
    let _ = fill(out, &mut Scan::new(raw), &PROMPT, if words { Money::Exact } else { Money::TwoDigits }, &mut 0);
}

/// The members of the object that follows, as far as they are allowed.
fn fill(out: &mut Writer, scan: &mut Scan<'_>, allowed: &Keys, money: Money, product: &mut u64) -> Option<()> {
    scan.expect(b'{')?;
    let mut first = true;
    while scan.another(b'}', &mut first)? {
        let key = scan.key()?;
        let kind = allowed.kind(key);
        if let Some(list @ (Kind::Items | Kind::Ids)) = kind
            && scan.next() == b'['
        {
            items(out, key, list, scan, money, product)?;
            continue;
        }
        let raw = scan.value()?;
        if let Some(kind) = kind {
            member(out, key, raw, kind, money, product);
        }
    }
    Some(())
}

fn member(out: &mut Writer, key: &str, raw: &str, kind: Kind, money: Money, product: &mut u64) {
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
        (Kind::Text, _) => {
            let id = key == "item_id";
            if id && *product == 0 {
                *product = hash(0, text);
            }
            quoted(out, if id { text } else { privacy::short_rule(text) }, TEXT);
        }
        // Prompts have no money: for them its exactness says whether words may leave.
        (Kind::Words, _) if money == Money::Exact => quoted(out, text, WORDS),
        _ => out.truncate(start),
    }
}

/// Text that has its escapes, cut at `chars`.
fn quoted(out: &mut Writer, text: &str, chars: usize) {
    out.raw("\"");
    out.raw(json::first_chars(text, chars));
    out.raw("\"");
}

fn items(out: &mut Writer, key: &str, kind: Kind, scan: &mut Scan<'_>, money: Money, product: &mut u64) -> Option<()> {
    out.key(key);
    out.raw("[");
    scan.expect(b'[')?;
    let ids = matches!(kind, Kind::Ids);
    let mut left = if ids { IDS } else { ITEMS };
    let mut first = true;
    while scan.another(b']', &mut first)? {
        if ids {
            let raw = scan.value()?;
            if left > 0 && json::inside(raw).is_some_and(words::is_plain) {
                left -= 1;
                out.comma();
                out.raw(raw);
            }
        } else if left == 0 || out.as_str().len() > EVENT_BYTES || scan.next() != b'{' {
            scan.value()?;
        } else {
            left -= 1;
            out.comma();
            out.raw("{");
            fill(out, scan, &ITEM, money, product)?;
            out.raw("}");
        }
    }
    out.raw("]");
    Some(())
}

/// The raw value of member `key` of the object `raw`.
pub(crate) fn find<'a>(raw: &'a str, key: &str) -> Option<&'a str> {
    let mut scan = Scan::new(raw);
    scan.expect(b'{')?;
    let mut first = true;
    while scan.another(b'}', &mut first)? {
        let name = scan.key()?;
        let value = scan.value()?;
        if name == key {
            return Some(value);
        }
    }
    None
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
        let raw = r#"{"transaction_id":"KK-1","value":"47.90","currency":"EUR","user_id":7,"email":"a@example.fi",
            "items":[{"item_id":12345678,"item_name":"Kahvi \"Ä\"","price":9.9,"quantity":2,"secret":{"a":[1]}},"junk",{"item_id":"B"}],
            "search_term":"mail me at a@example.fi","coupon":"ANNA10"}"#;
        assert_eq!(
            kept(raw).unwrap(),
            r#"{"value":48,"currency":"EUR","items":[{"item_id":"12345678","item_name":"Kahvi \"Ä\"","price":9.9,"quantity":2},{"item_id":"B"}],"search_term":"[email]"}"#
        );
    }

    #[test]
    fn wrong_types_are_left_out() {
        assert_eq!(
            kept(r#"{"value":{},"currency":[],"items":7,"results":-1,"count":"12"}"#).unwrap(),
            r#"{"count":12}"#
        );
        assert_eq!(kept("[]"), None);
        assert_eq!(kept("not json"), None);
    }

    #[test]
    fn of_choices_only_names_leave() {
        let kept = |raw: &str| {
            let mut out = Writer::object(64);
            write_prompt(&mut out, raw, true);
            out.raw("}");
            out.into_string()
        };
        assert_eq!(
            kept(
                r#"{"step":"a","choice":["price","no-size","a b","x\u0041",7,{"item_id":"B"},["c"],null,""],"text":"too small"}"#
            ),
            r#"{"step":"a","choice":["price","no-size"],"text":"too small"}"#
        );
        for wrong in [r#"{"choice":"price"}"#, r#"{"choice":{"a":1}}"#, r#"{"choice":7}"#] {
            assert_eq!(kept(wrong), "{}");
        }
        let many = kept(&format!(r#"{{"choice":[{}]}}"#, vec![r#""a""#; 50].join(",")));
        assert_eq!(many.matches("\"a\"").count(), 30);
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
                    proptest::prop_assert!(EVENT.kind(key).is_some());
                }
            }
        }
    }
}
