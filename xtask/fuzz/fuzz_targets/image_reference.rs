//! Looks for inputs without the property `image_reference` of `xtask/properties`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| xtask_properties::image_reference::check(input));
