//! The shop of the benchmark: what its data layer tells of products and of a visit.

/// What one shopper does: a page, or a touchpoint with its data.
pub(crate) enum Step {
    Page(&'static str),
    Track(&'static str, String),
}

/// A product as the demo shop describes it.
pub(crate) fn item(number: usize, extra: &str) -> String {
    format!(
        r#"{{"item_id":"SKU-{number}","item_name":"Dark roast {number}, whole beans","item_category":"coffee","price":{number}.90,"quantity":1{extra}}}"#
    )
}

fn items(count: usize, extra: &str) -> String {
    (1..=count).map(|number| item(number, extra)).collect::<Vec<_>>().join(",")
}

/// Currency, value and so many products.
pub(crate) fn products(count: usize) -> String {
    format!(r#"{{"currency":"EUR","value":{}.80,"items":[{}]}}"#, 47 * count, items(count, ""))
}

/// A list of eight products.
pub(crate) fn list() -> String {
    let place = r#""item_list_id":"c-coffee","item_list_name":"Coffee""#;
    let extra = format!(r#","index":3,{place}"#);
    format!(r#"{{"currency":"EUR",{place},"items":[{}]}}"#, items(8, &extra))
}

/// A visit with an order, as the demo shop's data layer tells it: 24 touchpoints, most of them with products.
pub(crate) fn visit() -> Vec<Step> {
    use Step::{Page, Track};
    let order = format!(
        r#"{{"transaction_id":"KK-10482","affiliation":"Kahvikauppa","value":95.6,"tax":18.5,"shipping":4.9,"currency":"EUR","items":[{}]}}"#,
        items(2, "")
    );
    let chosen =
        format!(r#"{{"item_list_id":"c-coffee","item_list_name":"Coffee","items":[{}]}}"#, item(3, r#","index":3"#));
    let promotion = format!(
        r#"{{"promotion_id":"autumn","promotion_name":"Autumn roast","creative_slot":"hero","items":[{}]}}"#,
        item(1, "")
    );
    vec![
        Page("/en"),
        Track("view_promotion", promotion),
        Page("/en/c/coffee"),
        Track("view_item_list", list()),
        Track("select_item", chosen),
        Page("/en/p/espresso-77"),
        Track("view_item", products(1)),
        Track("add_to_cart", products(1)),
        Page("/en/search?q=filter"),
        Track("search", r#"{"search_term":"filter","results":8}"#.into()),
        Track("view_item_list", list()),
        Page("/en/p/filter-12"),
        Track("view_item", products(1)),
        Track("add_to_wishlist", products(1)),
        Track("add_to_cart", products(1)),
        Page("/en/cart"),
        Track("view_cart", products(2)),
        Page("/en/checkout"),
        Track("begin_checkout", products(2)),
        Track("add_shipping_info", r#"{"currency":"EUR","value":95.6,"shipping_tier":"Posti"}"#.into()),
        Track("add_payment_info", r#"{"currency":"EUR","value":95.6,"payment_type":"card"}"#.into()),
        Track("payment_declined", r#"{"code":"insufficient_funds"}"#.into()),
        Page("/en/thanks"),
        Track("purchase", order),
    ]
}

/// The way from a search to the payment, as the demo shop's data layer tells it: ten commerce events, one product in each that has any.
pub(crate) fn checkout() -> Vec<Step> {
    use Step::Track;
    let chosen = format!(r#"{{"item_list_id":"c-coffee","items":[{}]}}"#, item(3, r#","index":3"#));
    vec![
        Track("search", r#"{"search_term":"filter","results":8}"#.into()),
        Track("select_item", chosen),
        Track("view_item", products(1)),
        Track("add_to_wishlist", products(1)),
        Track("view_item", products(1)),
        Track("add_to_cart", products(1)),
        Track("view_cart", products(1)),
        Track("begin_checkout", products(1)),
        Track("add_shipping_info", r#"{"currency":"EUR","value":52.7,"shipping_tier":"Posti"}"#.into()),
        Track("add_payment_info", r#"{"currency":"EUR","value":52.7,"payment_type":"card"}"#.into()),
    ]
}

/// Events of one stage, each with another of the demo shop's products.
pub(crate) fn cart() -> Vec<Step> {
    let names = ["add_to_cart", "view_cart", "remove_from_cart", "begin_checkout", "add_payment_info"];
    let data =
        |place: usize| format!(r#"{{"currency":"EUR","value":{place}7.80,"items":[{}]}}"#, item(place % 17 + 1, ""));
    (0..50).map(|place| Step::Track(names[place % names.len()], data(place))).collect()
}

/// The same with each parameter of a product that GA4's reference has: half a kilobyte for each event.
pub(crate) fn full_cart() -> Vec<Step> {
    let names = ["add_to_cart", "view_cart", "remove_from_cart", "begin_checkout", "add_payment_info"];
    let data = |place: usize| {
        format!(
            concat!(
                r#"{{"currency":"EUR","value":{value}.03,"items":[{{"item_id":"SKU_{sku}","item_name":"Roast of the day, number {sku}","affiliation":"Kahvikauppa online","#,
                r#""coupon":"AUTUMN","discount":2.22,"index":{index},"item_brand":"Paahtimo","item_category":"Coffee","item_category2":"Beans","item_category3":"Dark","#,
                r#""item_category4":"Organic","item_category5":"500 g","item_list_id":"related","item_list_name":"Related products","item_variant":"whole","#,
                r#""location_id":"HEL-{sku}-kauppa-17","price":{value}.01,"quantity":{quantity}}}]}}"#
            ),
            value = 30 + place,
            sku = 12_345 + place % 17,
            index = place % 8,
            quantity = 1 + place % 3
        )
    };
    (0..50).map(|place| Step::Track(names[place % names.len()], data(place))).collect()
}
