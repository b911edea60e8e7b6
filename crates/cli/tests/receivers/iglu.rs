//! What Snowplow's schemas say, as far as Polku writes what they describe. Every one of them refuses members that it does not know.

use serde_json::Value;

/// What a member may be.
enum Kind {
    /// Text of so many characters at most.
    Text(usize),
    /// Three letters.
    Currency,
    /// A number of at most two decimals, from 0 to 9,999,999.
    Money,
    /// A whole number in this range.
    Count(u64, u64),
    OneOf(&'static [&'static str]),
    Uuid,
    /// Any number from 0.
    Measure,
}
use Kind::{Count, Currency, Measure, Money, OneOf, Text, Uuid};

/// Names, whether each must be there, and what it may be.
type Members = &'static [(&'static str, bool, Kind)];

const CORE: &str = "com.snowplowanalytics.snowplow";
const ECOMMERCE: &str = "com.snowplowanalytics.snowplow.ecommerce";
const ACTIONS: &[&str] = &[
    "add_to_cart",
    "remove_from_cart",
    "product_view",
    "list_click",
    "list_view",
    "promo_click",
    "promo_view",
    "checkout_step",
    "transaction",
    "refund",
    "trns_error",
];
const MOST: u64 = 9_999_999;

/// Vendor, name and version of a schema, and its members.
const SCHEMAS: &[(&str, &str, &str, Members)] = &[
    (ECOMMERCE, "snowplow_ecommerce_action", "1-0-2", &[("type", true, OneOf(ACTIONS)), ("name", false, Text(128))]),
    (
        ECOMMERCE,
        "product",
        "1-0-0",
        &[
            ("id", true, Text(4096)),
            ("category", true, Text(4096)),
            ("price", true, Money),
            ("currency", true, Currency),
            ("name", false, Text(4096)),
            ("list_price", false, Money),
            ("quantity", false, Count(0, MOST)),
            ("position", false, Count(0, MOST)),
            ("size", false, Text(256)),
            ("variant", false, Text(256)),
            ("brand", false, Text(256)),
            ("inventory_status", false, Text(256)),
            ("creative_id", false, Text(256)),
        ],
    ),
    (
        ECOMMERCE,
        "cart",
        "1-0-0",
        &[("total_value", true, Money), ("currency", true, Currency), ("cart_id", false, Text(4096))],
    ),
    (
        ECOMMERCE,
        "checkout_step",
        "1-0-0",
        // Without the postcodes, addresses, coupons and proofs of payment that the schema has room for.
        &[
            ("step", true, Count(1, 90)),
            ("delivery_provider", false, Text(128)),
            ("delivery_method", false, Text(128)),
            ("payment_method", false, Text(128)),
        ],
    ),
    (
        ECOMMERCE,
        "transaction",
        "1-0-0",
        &[
            ("transaction_id", true, Text(4096)),
            ("revenue", true, Money),
            ("currency", true, Currency),
            ("payment_method", true, Text(128)),
            ("total_quantity", true, Count(0, MOST)),
            ("tax", false, Money),
            ("shipping", false, Money),
            ("discount_amount", false, Money),
        ],
    ),
    (
        ECOMMERCE,
        "refund",
        "1-0-0",
        &[("transaction_id", true, Text(4096)), ("refund_amount", true, Money), ("currency", true, Currency)],
    ),
    (
        ECOMMERCE,
        "promotion",
        "1-0-0",
        &[
            ("id", true, Text(4096)),
            ("name", false, Text(256)),
            ("position", false, Count(0, MOST)),
            ("creative_id", false, Text(4096)),
            ("type", false, Text(256)),
            ("slot", false, Text(256)),
        ],
    ),
    (
        ECOMMERCE,
        "transaction_error",
        "1-0-0",
        &[
            ("error_code", false, Text(256)),
            ("error_shortcode", false, Text(4096)),
            ("error_type", false, OneOf(&["hard", "soft"])),
        ],
    ),
    (ECOMMERCE, "page", "1-0-0", &[("type", true, Text(128)), ("language", false, Text(128))]),
    (CORE, "web_page", "1-0-0", &[("id", true, Uuid)]),
    (
        CORE,
        "web_vitals",
        "1-0-0",
        &[
            ("cls", false, Measure),
            ("lcp", false, Measure),
            ("fcp", false, Measure),
            ("inp", false, Measure),
            ("ttfb", false, Measure),
        ],
    ),
];

/// Checks a self-describing object; gives back the schema's name and the data.
#[track_caller]
pub(crate) fn check(object: &Value) -> (&'static str, Value) {
    crate::strict::members(object, &["schema", "data"]);
    let uri = crate::strict::text(object, "schema");
    let found =
        SCHEMAS.iter().find(|(vendor, name, version, _)| uri == format!("iglu:{vendor}/{name}/jsonschema/{version}"));
    let Some((_, name, _, members)) = found else { panic!("a schema that is in no registry of theirs: {uri}") };
    let data = object["data"].as_object().unwrap_or_else(|| panic!("no object: {object}"));
    for (key, value) in data {
        let known = members.iter().find(|(member, ..)| member == key);
        let (.., kind) = known.unwrap_or_else(|| panic!("{name} has no `{key}`: {object}"));
        assert!(fits(kind, value), "`{key}` of {name}: {object}");
    }
    for (member, required, _) in *members {
        assert!(!required || data.contains_key(*member), "`{member}` of {name} is missing: {object}");
    }
    (name, object["data"].clone())
}

fn fits(kind: &Kind, value: &Value) -> bool {
    match kind {
        Text(most) => value.as_str().is_some_and(|text| text.chars().count() <= *most),
        Currency => {
            value.as_str().is_some_and(|text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()))
        }
        // Exactly as it is written: 39.800000000000004 is no multiple of 0.01.
        Money => {
            value.is_number()
                && decimals(&value.to_string())
                && value.as_f64().is_some_and(|n| (0.0..=9_999_999.0).contains(&n))
        }
        Count(least, most) => value.as_u64().is_some_and(|count| (*least..=*most).contains(&count)),
        OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Measure => value.as_f64().is_some_and(|number| (0.0..=2_147_483_647.0).contains(&number)),
        Uuid => value.as_str().is_some_and(crate::strict::is_uuid),
    }
}

fn decimals(number: &str) -> bool {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    part.len() <= 2 && [whole, part].iter().all(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[test]
fn what_the_schemas_refuse_is_refused() {
    use serde_json::json;
    let product = |data: Value| {
        let object = json!({"schema":format!("iglu:{ECOMMERCE}/product/jsonschema/1-0-0"),"data":data});
        std::panic::catch_unwind(|| check(&object)).is_ok()
    };
    let good = json!({"id":"A1","category":"shoes","price":39.8,"currency":"EUR","quantity":2});
    assert!(product(good.clone()));
    for (member, bad) in [
        ("price", json!(39.800000000000004)),
        ("price", json!("39.8")),
        ("price", json!(-1)),
        ("currency", json!("EURO")),
        ("quantity", json!(1.5)),
        ("quantity", json!("2")),
        ("colour", json!("red")),
        ("category", Value::Null),
    ] {
        let mut product_with = good.clone();
        product_with[member] = bad;
        assert!(!product(product_with), "{member}");
    }
    let mut without = good;
    without.as_object_mut().unwrap().remove("category");
    assert!(!product(without));
}
