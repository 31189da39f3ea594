//! Settings of the server (<https://www.mongodb.com/docs/manual/reference/configuration-options/>), by their dotted
//! names.

use crate::{
    AppliedSetting, ConfigFile, SettingRule,
    Values::{self, Decimal, OneOf, Switch, Text, Whole},
};

/// Where the file is mounted.
pub(super) const CONFIG_PATH: &str = "/etc/stardeck/mongod.yml";

/// The least cache that the server takes, in mebibytes.
const CACHE_LEAST: u64 = 256;

const TRUE_FALSE: Values = Switch("true", "false");

const fn rule(name: &'static str, values: Values) -> SettingRule {
    SettingRule { name, values }
}

const CACHE: &str = "storage.wiredTiger.engineConfig.cacheSizeGB";

pub(super) const RULES: &[SettingRule] = &[
    rule("net.compression.compressors", Text(&[])),
    rule("net.maxIncomingConnections", Whole(5, 1_000_000)),
    rule("operationProfiling.mode", OneOf(&["off", "slowOp", "all"])),
    rule("operationProfiling.slowOpSampleRate", Decimal(0.0, 1.0)),
    rule("operationProfiling.slowOpThresholdMs", Whole(0, 1_000_000_000)),
    rule("setParameter.cursorTimeoutMillis", Whole(1, 1_000_000_000)),
    rule("setParameter.diagnosticDataCollectionEnabled", TRUE_FALSE),
    rule("setParameter.localLogicalSessionTimeoutMinutes", Whole(1, 1_000_000)),
    rule("setParameter.maxTransactionLockRequestTimeoutMillis", Whole(-1, 1_000_000_000)),
    rule("setParameter.notablescan", TRUE_FALSE),
    rule("setParameter.transactionLifetimeLimitSeconds", Whole(1, 1_000_000)),
    rule("setParameter.ttlMonitorEnabled", TRUE_FALSE),
    rule("setParameter.ttlMonitorSleepSecs", Whole(1, 1_000_000)),
    rule("storage.journal.commitIntervalMs", Whole(1, 500)),
    rule("storage.syncPeriodSecs", Whole(1, 1_000_000)),
    rule("storage.wiredTiger.collectionConfig.blockCompressor", OneOf(&["none", "snappy", "zlib", "zstd"])),
    rule(CACHE, Decimal(0.25, 10_000.0)),
    rule("storage.wiredTiger.engineConfig.journalCompressor", OneOf(&["none", "snappy", "zlib", "zstd"])),
    rule("systemLog.component.command.verbosity", Whole(0, 5)),
    rule("systemLog.component.query.verbosity", Whole(0, 5)),
    rule("systemLog.component.storage.verbosity", Whole(0, 5)),
    rule("systemLog.quiet", TRUE_FALSE),
    rule("systemLog.verbosity", Whole(0, 5)),
];

/// What the server takes by itself on a host of so much memory: half of what is above one gibibyte, and not less than a
/// quarter of one. Said aloud, since not every version sees the limit of its container.
pub(super) fn tuning(memory_bytes: u64) -> Vec<(&'static str, String)> {
    let mebibytes = memory_bytes / (1024 * 1024);
    let cache = (mebibytes.saturating_sub(1024) / 2).max(CACHE_LEAST);
    vec![(CACHE, format!("{}.{:02}", cache / 1024, cache % 1024 * 100 / 1024))]
}

/// The file; None when there is nothing to say. In block style, since the entrypoint takes sections out of it.
pub(super) fn file(settings: &[AppliedSetting]) -> Option<ConfigFile> {
    if settings.is_empty() {
        return None;
    }
    let mut content = String::new();
    let mut open: Vec<&str> = Vec::new();
    for setting in settings {
        let (path, name) = setting.name.rsplit_once('.').unwrap_or(("", &setting.name));
        let path: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
        let common = open.iter().zip(&path).take_while(|(a, b)| a == b).count();
        for (depth, part) in path.iter().enumerate().skip(common) {
            content.push_str(&[&"  ".repeat(depth), *part, ":\n"].concat());
        }
        content.push_str(&[&"  ".repeat(path.len()), name, ": ", &scalar(setting), "\n"].concat());
        open = path;
    }
    Some(ConfigFile { path: CONFIG_PATH.to_owned(), content })
}

/// Numbers and truth values as they are, words in double quotes, in which JSON's escapes are YAML's.
fn scalar(setting: &AppliedSetting) -> String {
    let rule = RULES.iter().find(|rule| rule.name == setting.name);
    match rule.map(|rule| rule.values) {
        Some(Switch(..) | Whole(..) | Decimal(..) | Values::Amount(..)) => setting.value.clone(),
        Some(OneOf(_) | Text(_)) | None => {
            format!("\"{}\"", setting.value.replace('\\', "\\\\").replace('"', "\\\""))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_become_sections() {
        let setting = |name: &str, value: &str| AppliedSetting {
            name: name.to_owned(),
            value: value.to_owned(),
            is_tuned: false,
        };
        let settings = [
            setting("operationProfiling.mode", "slowOp"),
            setting("storage.journal.commitIntervalMs", "50"),
            setting(CACHE, "0.25"),
            setting("storage.wiredTiger.engineConfig.journalCompressor", "zlib"),
        ];
        assert_eq!(
            file(&settings).unwrap().content,
            "operationProfiling:\n  mode: \"slowOp\"\nstorage:\n  journal:\n    commitIntervalMs: 50\n  \
             wiredTiger:\n    engineConfig:\n      cacheSizeGB: 0.25\n      journalCompressor: \"zlib\"\n"
        );
    }

    #[test]
    fn cache_is_half_of_what_is_above_one_gibibyte() {
        let gibibyte = 1024 * 1024 * 1024;
        for (memory, cache) in [(gibibyte / 2, "0.25"), (2 * gibibyte, "0.50"), (9 * gibibyte, "4.00")] {
            assert_eq!(tuning(memory), [(CACHE, cache.to_owned())]);
        }
    }
}
