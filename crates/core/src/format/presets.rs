//! The presets that come with Polku. A page fetches the one that it needs; the command has them all.

use super::problem::{Problem, problem};

macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        /// The formats' names.
        pub const NAMES: &[&str] = &[$($name),*];

        const TEXTS: &[&str] = &[$(include_str!(concat!("presets/", $name, ".json"))),*];
    };
}

presets![
    "polku",
    "ndjson",
    "json",
    "segment",
    "posthog",
    "cloudevents",
    "clickhouse",
    "otlp",
    "matomo",
    "snowplow",
    "datalayer",
    "elasticsearch",
    "kafka-rest",
    "loki",
    "plausible",
    "umami",
];

/// The preset of this name; a text that is a preset already.
pub(super) fn named(name: &str) -> Result<&str, Problem> {
    if name.trim_ascii_start().starts_with(['{', '[']) {
        return Ok(name);
    }
    NAMES.iter().position(|known| *known == name).map(|place| TEXTS[place]).ok_or_else(|| {
        problem!(
            UnknownFormat,
            "format",
            "\"{}\" is none; write {}, or a preset of your own",
            name.escape_debug(),
            NAMES.join(", ")
        )
    })
}
