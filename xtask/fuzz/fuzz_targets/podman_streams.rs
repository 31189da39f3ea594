//! Looks for inputs without the property `podman_streams` of `xtask/properties`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| xtask_properties::podman_streams::check(input));
