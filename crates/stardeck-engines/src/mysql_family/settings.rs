//! Settings of the servers (<https://mariadb.com/docs/server/server-management/variables-and-modes>,
//! <https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html>): those that both know. What only one knows is
//! in its folder.

use std::collections::BTreeMap;

use crate::{
    AppliedSetting, ConfigFile, SettingRule,
    Values::{self, Amount, Decimal, OneOf, Switch, Text, Whole},
    settings::share_in_mib,
};

/// Both images read this directory last; in it files are read in the order of their names.
const CONFIG_PATH: &str = "/etc/mysql/conf.d/zz-stardeck.cnf";

pub(crate) const SIZES: &[&str] = &["K", "M", "G", "T", "k", "m", "g", "t"];
pub(crate) const ON_OFF: Values = Switch("ON", "OFF");
/// What would end a quoted value, or begin an escape in one.
const WORD: Values = Text(&['"', '\'', '\\', '#']);

pub(crate) const fn rule(name: &'static str, values: Values) -> SettingRule {
    SettingRule { name, values }
}

pub(crate) const RULES: &[SettingRule] = &[
    rule("back_log", Whole(1, 65_535)),
    rule("binlog_expire_logs_seconds", Whole(0, 4_294_967_295)),
    rule("binlog_format", OneOf(&["ROW", "STATEMENT", "MIXED"])),
    rule("character_set_server", WORD),
    rule("collation_server", WORD),
    rule("connect_timeout", Whole(2, 31_536_000)),
    rule("default_time_zone", WORD),
    rule("event_scheduler", OneOf(&["ON", "OFF", "DISABLED"])),
    rule("explicit_defaults_for_timestamp", ON_OFF),
    rule("ft_min_word_len", Whole(1, 84)),
    rule("general_log", ON_OFF),
    rule("group_concat_max_len", Amount(4, SIZES)),
    rule("innodb_buffer_pool_size", Amount(1, SIZES)),
    rule("innodb_file_per_table", ON_OFF),
    rule("innodb_flush_log_at_trx_commit", Whole(0, 2)),
    rule("innodb_flush_method", OneOf(&["fsync", "O_DSYNC", "O_DIRECT", "O_DIRECT_NO_FSYNC"])),
    rule("innodb_ft_min_token_size", Whole(0, 16)),
    rule("innodb_io_capacity", Whole(100, 4_294_967_295)),
    rule("innodb_io_capacity_max", Whole(100, 4_294_967_295)),
    rule("innodb_lock_wait_timeout", Whole(1, 100_000_000)),
    rule("innodb_log_buffer_size", Amount(1, SIZES)),
    rule("innodb_print_all_deadlocks", ON_OFF),
    rule("interactive_timeout", Whole(1, 31_536_000)),
    rule("join_buffer_size", Amount(128, SIZES)),
    rule("key_buffer_size", Amount(0, SIZES)),
    rule("local_infile", ON_OFF),
    rule("lock_wait_timeout", Whole(1, 31_536_000)),
    rule("log_bin_trust_function_creators", ON_OFF),
    rule("log_queries_not_using_indexes", ON_OFF),
    rule("long_query_time", Decimal(0.0, 31_536_000.0)),
    rule("max_allowed_packet", Amount(1, SIZES)),
    rule("max_connect_errors", Whole(1, 4_294_967_295)),
    rule("max_connections", Whole(10, 100_000)),
    rule("max_heap_table_size", Amount(1, SIZES)),
    rule("max_user_connections", Whole(0, 4_294_967_295)),
    rule("net_read_timeout", Whole(1, 31_536_000)),
    rule("net_write_timeout", Whole(1, 31_536_000)),
    rule("open_files_limit", Whole(0, 1_048_576)),
    rule("performance_schema", ON_OFF),
    rule("read_buffer_size", Amount(1, SIZES)),
    rule("read_rnd_buffer_size", Amount(1, SIZES)),
    rule("skip_name_resolve", ON_OFF),
    rule("slow_query_log", ON_OFF),
    rule("sort_buffer_size", Amount(1, SIZES)),
    rule("sql_mode", WORD),
    rule("sync_binlog", Whole(0, 4_294_967_295)),
    rule("table_definition_cache", Whole(400, 524_288)),
    rule("table_open_cache", Whole(1, 524_288)),
    rule("thread_cache_size", Whole(0, 16_384)),
    rule("tmp_table_size", Amount(1, SIZES)),
    rule(
        "transaction_isolation",
        OneOf(&["READ-UNCOMMITTED", "READ-COMMITTED", "REPEATABLE-READ", "SERIALIZABLE"]),
    ),
    rule("wait_timeout", Whole(1, 31_536_000)),
];

/// A quarter of the memory; the servers need the rest for their connections and for themselves. Five mebibytes are the
/// least they take.
pub(crate) fn tuning(memory_bytes: u64) -> Vec<(&'static str, String)> {
    vec![("innodb_buffer_pool_size", format!("{}M", share_in_mib(memory_bytes, 25, 5)))]
}

/// Arguments of the server. They win over every file, so what a person chose is not among them.
pub(crate) fn arguments(chosen: &BTreeMap<String, String>) -> Vec<String> {
    if chosen.contains_key("character_set_server") {
        return Vec::new();
    }
    // Said aloud, so that no image can say otherwise; what a table is made with stays with it.
    vec!["--character-set-server=utf8mb4".to_owned()]
}

/// The file; None when there is nothing to say.
pub(crate) fn file(settings: &[AppliedSetting]) -> Option<ConfigFile> {
    if settings.is_empty() {
        return None;
    }
    let mut content = "[mysqld]\n".to_owned();
    for setting in settings {
        content.push_str(&[&setting.name, " = \"", &setting.value, "\"\n"].concat());
    }
    Some(ConfigFile { path: CONFIG_PATH.to_owned(), content })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_of_the_server_and_is_left_out_when_it_says_nothing() {
        assert_eq!(file(&[]), None);
        let setting = AppliedSetting {
            name: "sql_mode".to_owned(),
            value: "ANSI,STRICT_ALL_TABLES".to_owned(),
            is_tuned: false,
        };
        assert_eq!(file(&[setting]).unwrap().content, "[mysqld]\nsql_mode = \"ANSI,STRICT_ALL_TABLES\"\n");
    }

    #[test]
    fn character_set_that_a_person_chose_is_not_contradicted() {
        assert_eq!(arguments(&BTreeMap::new()).len(), 1);
        let chosen = [("character_set_server".to_owned(), "latin1".to_owned())].into();
        assert!(arguments(&chosen).is_empty());
    }
}
