//! Settings of the server (<https://www.postgresql.org/docs/current/runtime-config.html>).

use crate::{
    AppliedSetting, ConfigFile, SettingRule,
    Values::{self, Amount, Decimal, OneOf, Switch, Text, Whole},
    settings::share_in_mib,
};

/// Where the file is mounted. It takes in the one of the data directory first, so that what was set at birth stays.
pub(super) const CONFIG_PATH: &str = "/etc/stardeck/postgresql.conf";

const SIZES: &[&str] = &["B", "kB", "MB", "GB", "TB"];
const TIMES: &[&str] = &["us", "ms", "s", "min", "h", "d"];
const ON_OFF: Values = Switch("on", "off");
const LEVELS: Values = OneOf(&[
    "debug5", "debug4", "debug3", "debug2", "debug1", "info", "notice", "warning", "error", "log", "fatal",
    "panic",
]);

const fn rule(name: &'static str, values: Values) -> SettingRule {
    SettingRule { name, values }
}

pub(super) const RULES: &[SettingRule] = &[
    rule("archive_command", Text(&[])),
    rule("archive_mode", OneOf(&["off", "on", "always"])),
    rule("archive_timeout", Amount(0, TIMES)),
    rule("autovacuum", ON_OFF),
    rule("autovacuum_analyze_scale_factor", Decimal(0.0, 100.0)),
    rule("autovacuum_max_workers", Whole(1, 1000)),
    rule("autovacuum_naptime", Amount(1, TIMES)),
    rule("autovacuum_vacuum_cost_limit", Whole(-1, 10_000)),
    rule("autovacuum_vacuum_scale_factor", Decimal(0.0, 100.0)),
    rule("bgwriter_delay", Amount(10, TIMES)),
    rule("checkpoint_completion_target", Decimal(0.0, 1.0)),
    rule("checkpoint_timeout", Amount(1, TIMES)),
    rule("client_min_messages", LEVELS),
    rule("commit_delay", Whole(0, 100_000)),
    rule("cpu_tuple_cost", Decimal(0.0, 1e6)),
    rule("datestyle", Text(&[])),
    rule("deadlock_timeout", Amount(1, TIMES)),
    rule("default_statistics_target", Whole(1, 10_000)),
    rule("default_text_search_config", Text(&[])),
    rule(
        "default_transaction_isolation",
        OneOf(&["serializable", "repeatable read", "read committed", "read uncommitted"]),
    ),
    rule("default_transaction_read_only", ON_OFF),
    rule("effective_cache_size", Amount(1, SIZES)),
    rule("effective_io_concurrency", Whole(0, 1000)),
    rule("hot_standby", ON_OFF),
    rule("huge_pages", OneOf(&["on", "off", "try"])),
    rule("idle_in_transaction_session_timeout", Amount(0, TIMES)),
    rule("idle_session_timeout", Amount(0, TIMES)),
    rule("jit", ON_OFF),
    rule("lock_timeout", Amount(0, TIMES)),
    rule("log_autovacuum_min_duration", Amount(-1, TIMES)),
    rule("log_checkpoints", ON_OFF),
    rule("log_connections", ON_OFF),
    rule("log_disconnections", ON_OFF),
    rule("log_duration", ON_OFF),
    rule("log_line_prefix", Text(&[])),
    rule("log_lock_waits", ON_OFF),
    rule("log_min_duration_statement", Amount(-1, TIMES)),
    rule("log_min_error_statement", LEVELS),
    rule("log_min_messages", LEVELS),
    rule("log_statement", OneOf(&["none", "ddl", "mod", "all"])),
    rule("log_temp_files", Amount(-1, SIZES)),
    rule("log_timezone", Text(&[])),
    rule("maintenance_work_mem", Amount(64, SIZES)),
    rule("max_connections", Whole(1, 262_143)),
    rule("max_locks_per_transaction", Whole(10, 1_000_000)),
    rule("max_parallel_maintenance_workers", Whole(0, 1024)),
    rule("max_parallel_workers", Whole(0, 1024)),
    rule("max_parallel_workers_per_gather", Whole(0, 1024)),
    rule("max_prepared_transactions", Whole(0, 262_143)),
    rule("max_replication_slots", Whole(0, 262_143)),
    rule("max_wal_senders", Whole(0, 262_143)),
    rule("max_wal_size", Amount(2, SIZES)),
    rule("max_worker_processes", Whole(0, 262_143)),
    rule("min_wal_size", Amount(2, SIZES)),
    rule("pg_stat_statements.max", Whole(100, 1_000_000)),
    rule("pg_stat_statements.track", OneOf(&["top", "all", "none"])),
    rule("random_page_cost", Decimal(0.0, 1e6)),
    rule("seq_page_cost", Decimal(0.0, 1e6)),
    rule("shared_buffers", Amount(16, SIZES)),
    rule("shared_preload_libraries", Text(&[])),
    rule("statement_timeout", Amount(0, TIMES)),
    rule("superuser_reserved_connections", Whole(0, 262_143)),
    rule("synchronous_commit", OneOf(&["on", "off", "local", "remote_write", "remote_apply"])),
    rule("tcp_keepalives_count", Whole(0, 1000)),
    rule("tcp_keepalives_idle", Amount(0, TIMES)),
    rule("tcp_keepalives_interval", Amount(0, TIMES)),
    rule("temp_buffers", Amount(100, SIZES)),
    rule("temp_file_limit", Amount(-1, SIZES)),
    rule("timezone", Text(&[])),
    rule("track_activity_query_size", Amount(100, SIZES)),
    rule("track_functions", OneOf(&["none", "pl", "all"])),
    rule("track_io_timing", ON_OFF),
    rule("vacuum_cost_delay", Amount(0, TIMES)),
    rule("vacuum_cost_limit", Whole(1, 10_000)),
    rule("wal_buffers", Amount(-1, SIZES)),
    rule("wal_compression", OneOf(&["on", "off", "pglz", "lz4", "zstd"])),
    rule("wal_keep_size", Amount(0, SIZES)),
    rule("wal_level", OneOf(&["minimal", "replica", "logical"])),
    rule("work_mem", Amount(64, SIZES)),
];

/// A quarter of the memory, which the server's documentation gives as a start for a host of its own.
pub(super) fn tuning(memory_bytes: u64) -> Vec<(&'static str, String)> {
    vec![("shared_buffers", format!("{}MB", share_in_mib(memory_bytes, 25, 1)))]
}

/// The file, for a server with its data in this directory.
pub(super) fn file(settings: &[AppliedSetting], data_directory: &str) -> ConfigFile {
    let mut content = format!("include_if_exists {}\n", quoted(&format!("{data_directory}/postgresql.conf")));
    for setting in settings {
        content.push_str(&[&setting.name, " = ", &quoted(&setting.value), "\n"].concat());
    }
    ConfigFile { path: CONFIG_PATH.to_owned(), content }
}

/// In single quotes, where the server's reader takes a doubled quote for one and a backslash for the start of an escape.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_takes_in_the_one_of_the_data_and_quotes_values() {
        let setting = |name: &str, value: &str| AppliedSetting {
            name: name.to_owned(),
            value: value.to_owned(),
            is_tuned: false,
        };
        let file =
            file(&[setting("archive_command", r"cp '%p' \x"), setting("work_mem", "8MB")], "/var/lib/data");
        assert_eq!(
            file.content,
            "include_if_exists '/var/lib/data/postgresql.conf'\n\
             archive_command = 'cp ''%p'' \\\\x'\nwork_mem = '8MB'\n"
        );
    }
}
