//! What a shop sets for each format.

pub(crate) const KEY: &str = "WK";
pub(crate) const SITE: &str = "https://shop.example";
pub(crate) const HOST: &str = "shop.example";
pub(crate) const WEBSITE: &str = "5b1f0c7e-1111-4222-8333-444455556666";
pub(crate) const TABLE: &str = "shop_events";

/// Each format's.
pub(crate) fn of(format: &str) -> &'static [(&'static str, &'static str)] {
    match format {
        "segment" | "posthog" => &[("key", KEY), ("site", SITE)],
        "cloudevents" => &[("source", "https://shop.example/")],
        "clickhouse" => &[("table", TABLE)],
        "otlp" => &[("service", "shop-web")],
        "matomo" => &[("idsite", "1"), ("site", SITE)],
        "snowplow" => &[("aid", "shop"), ("site", SITE)],
        "elasticsearch" => &[("index", "shop-events")],
        "kafka-rest" => &[("topic", "shop-events")],
        "loki" => &[("app", "shop-web")],
        "plausible" => &[("domain", HOST), ("site", SITE)],
        "umami" => &[("website", WEBSITE), ("hostname", HOST)],
        _ => &[],
    }
}
