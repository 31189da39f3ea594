//! The use cases around databases, on a real SQLite file and a runtime in memory that fails on demand.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

mod adoption;
mod apps;
mod apps_external;
mod apps_orphans;
mod cancel;
mod crash;
mod create;
mod detection;
mod engines;
mod faults;
mod follow;
mod foreign;
mod interference;
mod kept;
mod kept_faults;
mod kept_refusals;
mod lifecycle;
mod logical;
mod logs;
mod names;
mod observer;
mod outage;
mod races;
mod refusals;
mod retention;
mod rotate;
mod secrets;
mod settings;
mod settings_cancel;
mod settings_crash;
mod settings_faults;
mod settings_ports;
mod settings_refusals;
mod support;
