//! What a shop sets for each format.

pub(crate) const KEY: &str = "WK";
pub(crate) const SITE: &str = "https://shop.example";
pub(crate) const HOST: &str = "shop.example";
pub(crate) const PREFIX: &str = "com.example.shop";
pub(crate) const WEBSITE: &str = "5b1f0c7e-1111-4222-8333-444455556666";
pub(crate) const TABLE: &str = "shop_events";

/// Each format's.
pub(crate) fn of(format: &str) -> &'static [(&'static str, &'static str)] {
    match format {
        "segment" | "posthog" => &[("key", KEY), ("origin", SITE)],
        "cloudevents" => &[("origin", SITE), ("prefix", PREFIX)],
        "clickhouse" => &[("table", TABLE)],
        "otlp" => &[("service", "shop-web"), ("prefix", PREFIX)],
        "matomo" => &[("idsite", "1"), ("origin", SITE)],
        "snowplow" => &[("key", "shop"), ("origin", SITE)],
        "elasticsearch" => &[("index", "shop-events")],
        "kafka-rest" => &[("topic", "shop-events")],
        "loki" => &[("app", "shop-web")],
        "plausible" => &[("domain", HOST)],
        "umami" => &[("website", WEBSITE), ("origin", SITE)],
        _ => &[],
    }
}
