//! Settings that only this server knows, besides those it shares with its relative.

use std::sync::LazyLock;

use crate::{
    SettingRule,
    Values::{Amount, Whole},
    mysql_family::settings::{self, SIZES, rule},
};

const OWN: &[SettingRule] = &[
    rule("cte_max_recursion_depth", Whole(0, 4_294_967_295)),
    rule("innodb_redo_log_capacity", Amount(1, SIZES)),
    rule("max_execution_time", Whole(0, 4_294_967_295)),
    rule("temptable_max_ram", Amount(1, SIZES)),
    rule("log_error_verbosity", Whole(1, 3)),
];

pub(super) static RULES: LazyLock<Vec<SettingRule>> = LazyLock::new(|| [settings::RULES, OWN].concat());
