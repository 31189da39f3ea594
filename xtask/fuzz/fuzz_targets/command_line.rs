//! Looks for inputs without the property `command_line` of `xtask/properties`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| xtask_properties::command_line::check(input));
