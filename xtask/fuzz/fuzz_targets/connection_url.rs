//! Looks for inputs without the property `connection_url` of `xtask/properties`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| xtask_properties::connection_url::check(input));
