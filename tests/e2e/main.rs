//! Polku from end to end: a real browser, the built package, the real collector, and what reached its database.
//!
//! `cargo xtask test` builds all of it and says where it is: `POLKU_BIN` (the command), `POLKU_PKG` (the package), `CHROME` and
//! `CHROMEDRIVER`. Without it the package is looked for in `pkg/` and the browser on the PATH. Three browsers run at a
//! time, whatever `--test-threads` says: they share one chromedriver. `POLKU_SHOTS` names a folder for pictures. The walks of
//! `engines/` also run in Firefox and WebKit, where they are; `cargo xtask engines` runs every test there that can be.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod asked;
mod asking;
mod axe;
mod browser;
mod bundlers;
mod chat;
mod clickhouse;
mod collector;
mod collectors;
mod commerce;
mod consent;
mod cost;
mod debug;
mod delivery;
mod demo;
#[path = "../docs/mod.rs"]
mod docs;
mod driver;
mod elements;
mod emulate;
mod engine;
mod engines;
mod formats;
mod house;
mod inbox;
mod integrations;
mod journey;
mod leaves;
mod looks;
mod loop_views;
// What it says in words is for the pages that are made of it.
#[allow(dead_code)]
#[path = "../leaves/mod.rs"]
mod leaves_table;
mod map_prompts;
mod map_service;
mod map_views;
mod map_whole;
mod observers;
mod pages;
mod preview;
mod privacy_view;
mod proxy;
mod questions;
mod reach;
mod receiver;
mod reference;
mod remember;
mod rival;
mod scrub;
mod server;
mod shell;
mod site;
mod sources;
mod strict;
mod tech;
mod themes;
mod trace;
mod wait;
mod walk;
mod watcher;
mod wrong;

/// What a test gives back.
type Done = anyhow::Result<()>;
