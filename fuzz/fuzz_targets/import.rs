//! The importer lies in the command's crate, and with all that a collector needs the command is no program for a fuzzer: what is pure of it is taken
//! as it stands.
#![no_main]

#[path = "../../crates/cli/src/prompts/import/mod.rs"]
mod import;

libfuzzer_sys::fuzz_target!(|data: &[u8]| import::fuzz::fuzz(data));
