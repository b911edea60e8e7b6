//! `polku encode` against what receives it: real receivers and strict validators where they can be had, decoders written from the
//! formats' sheets where not. Nothing here shares code with the encoder, or knows how it works.
//!
//! `cargo xtask test` sets the receivers up and says where they are (`cargo xtask setup` prints it: `POLKU_ROTEL`, `POLKU_CHDB`,
//! `POLKU_DEBIAN_CLICKHOUSE`, `POLKU_CLOUDEVENTS`). A test whose receiver is not there fails, and says why.
#![allow(clippy::unwrap_used)]

mod agree;
mod any;
mod clickhouse;
mod cloudevents;
mod elasticsearch;
mod encode;
mod iglu;
mod kafka;
mod loki;
mod matomo;
mod native;
mod otlp;
mod plain;
mod plausible;
mod posthog;
mod process;
mod rotel;
mod segment;
mod settings;
mod snowplow;
mod strict;
mod umami;
