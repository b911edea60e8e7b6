#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| polku_core::fuzz::messages(data));
