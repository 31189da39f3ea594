//! Settings that only this server knows, besides those it shares with its relative.

use std::sync::LazyLock;

use crate::{
    SettingRule,
    Values::{Amount, Decimal, OneOf, Whole},
    mysql_family::settings::{self, SIZES, rule},
};

const OWN: &[SettingRule] = &[
    rule("aria_pagecache_buffer_size", Amount(1, SIZES)),
    rule("expire_logs_days", Decimal(0.0, 99.0)),
    rule("innodb_log_file_size", Amount(1, SIZES)),
    rule("max_statement_time", Decimal(0.0, 31_536_000.0)),
    rule("query_cache_limit", Amount(0, SIZES)),
    rule("query_cache_size", Amount(0, SIZES)),
    rule("query_cache_type", OneOf(&["ON", "OFF", "DEMAND"])),
    rule("thread_handling", OneOf(&["one-thread-per-connection", "pool-of-threads"])),
    rule("thread_pool_size", Whole(1, 100_000)),
];

pub(super) static RULES: LazyLock<Vec<SettingRule>> = LazyLock::new(|| [settings::RULES, OWN].concat());
