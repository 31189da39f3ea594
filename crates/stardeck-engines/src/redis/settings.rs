//! Settings of the server (<https://redis.io/docs/latest/operate/oss_and_stack/management/config/>).

use crate::{
    AppliedSetting, ConfigFile, SettingRule,
    Values::{self, Amount, OneOf, Switch, Text, Whole},
    settings::share_in_mib,
};

/// Where the file is mounted. The entrypoints take a first argument that ends so for the server's.
pub(super) const CONFIG_PATH: &str = "/etc/stardeck/redis.conf";

const SIZES: &[&str] = &["b", "k", "kb", "m", "mb", "g", "gb"];
const YES_NO: Values = Switch("yes", "no");

const fn rule(name: &'static str, values: Values) -> SettingRule {
    SettingRule { name, values }
}

pub(super) const RULES: &[SettingRule] = &[
    rule("activedefrag", YES_NO),
    rule("active-expire-effort", Whole(1, 10)),
    rule("activerehashing", YES_NO),
    rule("aof-use-rdb-preamble", YES_NO),
    rule(super::env::APPEND_ONLY, YES_NO),
    rule("appendfsync", OneOf(&["always", "everysec", "no"])),
    rule("auto-aof-rewrite-min-size", Amount(0, SIZES)),
    rule("auto-aof-rewrite-percentage", Whole(0, 1_000_000)),
    rule("client-output-buffer-limit", Text(&[])),
    rule("databases", Whole(1, 100_000)),
    rule("dynamic-hz", YES_NO),
    rule("hz", Whole(1, 500)),
    rule("io-threads", Whole(1, 128)),
    rule("latency-monitor-threshold", Whole(0, 1_000_000_000)),
    rule("lazyfree-lazy-eviction", YES_NO),
    rule("lazyfree-lazy-expire", YES_NO),
    rule("lazyfree-lazy-server-del", YES_NO),
    rule("lazyfree-lazy-user-del", YES_NO),
    rule("lfu-decay-time", Whole(0, 1_000_000)),
    rule("lfu-log-factor", Whole(0, 1_000_000)),
    rule("loglevel", OneOf(&["debug", "verbose", "notice", "warning"])),
    rule("maxclients", Whole(1, 1_000_000)),
    rule("maxmemory", Amount(0, SIZES)),
    rule("maxmemory-clients", Text(&[])),
    rule(
        "maxmemory-policy",
        OneOf(&[
            "noeviction",
            "allkeys-lru",
            "allkeys-lfu",
            "allkeys-random",
            "volatile-lru",
            "volatile-lfu",
            "volatile-random",
            "volatile-ttl",
        ]),
    ),
    rule("maxmemory-samples", Whole(1, 64)),
    rule("no-appendfsync-on-rewrite", YES_NO),
    rule("notify-keyspace-events", Text(&[])),
    rule("proto-max-bulk-len", Amount(1, SIZES)),
    rule("rdbchecksum", YES_NO),
    rule("rdbcompression", YES_NO),
    rule("save", Text(&[])),
    rule("slowlog-log-slower-than", Whole(-1, 1_000_000_000)),
    rule("slowlog-max-len", Whole(0, 1_000_000)),
    rule("stop-writes-on-bgsave-error", YES_NO),
    rule("tcp-backlog", Whole(1, 65_535)),
    rule("tcp-keepalive", Whole(0, 1_000_000)),
    rule("timeout", Whole(0, 1_000_000_000)),
    rule("tracking-table-max-keys", Whole(0, 1_000_000_000)),
];

/// Three quarters of the memory for the data: a snapshot copies pages that change meanwhile. Nothing is thrown away when
/// it is full, since nobody said that it may be.
pub(super) fn tuning(memory_bytes: u64) -> Vec<(&'static str, String)> {
    vec![
        ("maxmemory", format!("{}mb", share_in_mib(memory_bytes, 75, 1))),
        ("maxmemory-policy", "noeviction".to_owned()),
    ]
}

/// The file; None when there is nothing to say. Values are words, each in double quotes; no word at all is one that is
/// empty.
pub(super) fn file(settings: &[AppliedSetting]) -> Option<ConfigFile> {
    if settings.is_empty() {
        return None;
    }
    let mut content = String::new();
    for setting in settings {
        let words: Vec<_> = setting.value.split_whitespace().map(quoted).collect();
        let words = if words.is_empty() { quoted("") } else { words.join(" ") };
        content.push_str(&[&setting.name, " ", &words, "\n"].concat());
    }
    Some(ConfigFile { path: CONFIG_PATH.to_owned(), content })
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_value_is_quoted() {
        let setting = |name: &str, value: &str| AppliedSetting {
            name: name.to_owned(),
            value: value.to_owned(),
            is_tuned: false,
        };
        assert_eq!(file(&[]), None);
        let file = file(&[setting("save", "3600 1"), setting("notify-keyspace-events", "")]).unwrap();
        assert_eq!(file.content, "save \"3600\" \"1\"\nnotify-keyspace-events \"\"\n");
    }

    #[test]
    fn three_quarters_of_the_memory_are_for_the_data() {
        let tuned = tuning(256 * 1024 * 1024);
        assert_eq!(tuned[0], ("maxmemory", "192mb".to_owned()));
    }
}
