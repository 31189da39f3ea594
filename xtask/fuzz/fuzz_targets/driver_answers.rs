//! Looks for inputs without the property `driver_answers` of `xtask/properties`.
#![no_main]

use xtask_properties::{driver_answers, pass_over_panics_in_tasks};

libfuzzer_sys::fuzz_target!(init: pass_over_panics_in_tasks(), |input: &[u8]| driver_answers::check(input));
