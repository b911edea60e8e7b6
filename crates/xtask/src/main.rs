//! The house's commands. `cargo xtask --help` lists them.
//!
//! Each command is a file in `commands/`; what they share lies beside this file. Only what the build needs is looked
//! for, only what is missing is installed, and whatever was built once from the same inputs is taken from the cache.

mod apt;
mod audit;
mod bindgen;
mod browsers;
mod bundle;
mod bundlers;
mod cache;
mod cargo;
mod commands;
mod docs;
mod features;
mod glue;
mod hash;
mod host;
mod house;
mod http;
mod longs;
mod manifest;
mod modules;
mod npm;
mod order;
mod package;
mod python;
mod questions;
mod receivers;
mod run;
mod snip;
mod toolchain;
mod translate;
mod wasm;
mod weigh;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    commands::dispatch(&args)
}
