//! Looks for inputs without the property `environment` of `xtask/properties`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| xtask_properties::environment::check(input));
