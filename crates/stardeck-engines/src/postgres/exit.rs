//! Why a server ended, read from its log. Its messages are English, since the data directory is made with C.UTF-8.

use crate::exit::{explain_machine, explain_status};

/// What a line of the log says, and what that means. The order matters only within one line.
const SIGNS: &[(&str, &str)] = &[
    ("database files are incompatible with server", "the volume holds data of another PostgreSQL version"),
    (
        "there appears to be PostgreSQL data in",
        "the volume holds data at the place that PostgreSQL before 18 used",
    ),
    (
        "in 18+, the volume belongs at /var/lib/postgresql",
        "the volume holds data at the place that PostgreSQL before 18 used",
    ),
    ("superuser password is not specified", "the bootstrap password did not reach the container"),
    ("lock file \"postmaster.pid\" already exists", "another server uses the same volume"),
    ("could not locate a valid checkpoint record", "the data files are damaged"),
    ("could not locate required checkpoint record", "the data files are damaged"),
    ("invalid checkpoint record", "the data files are damaged"),
    ("has wrong ownership", "the volume belongs to another user"),
    ("has invalid permissions", "the data directory's permissions are too wide"),
    ("has group or world access", "the data directory's permissions are too wide"),
    ("could not map anonymous shared memory", "there is not enough memory for shared_buffers"),
    ("could not resize shared memory segment", "/dev/shm is too small or full"),
    ("was terminated by signal 9", "one of its processes was killed, probably for want of memory"),
    ("was terminated by signal 7", "one of its processes found no room in /dev/shm or on the disk"),
    ("Address already in use", "its port is already in use inside the container"),
    ("could not access file", "a library that its settings load is not in the image"),
    ("invalid locale name", "the image lacks the locale C.UTF-8"),
];

/// How a line about the configuration begins; what follows is the name of the setting, in double quotes.
const SETTING_SIGNS: &[&str] =
    &["unrecognized configuration parameter ", "invalid value for parameter ", "parameter "];

/// Longest name of a setting that is repeated, in characters.
const SETTING_MAX: usize = 64;

pub(super) fn explain(exit_code: Option<i32>, log: &[String]) -> Option<String> {
    if exit_code == Some(0) {
        return None;
    }
    // The newest line that means something wins: an old log may hold the end of an earlier run.
    log.iter()
        .rev()
        .find_map(|line| explain_line(line))
        .or_else(|| exit_code.and_then(explain_status).map(str::to_owned))
}

fn explain_line(line: &str) -> Option<String> {
    explain_other_version(line)
        .or_else(|| SIGNS.iter().find(|(sign, _)| line.contains(sign)).map(|(_, words)| (*words).to_owned()))
        .or_else(|| explain_setting(line))
        .or_else(|| explain_machine(line).map(str::to_owned))
}

/// `The data directory was initialized by PostgreSQL version 15, which is not compatible with this version 16.4 (…).`
fn explain_other_version(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("was initialized by PostgreSQL version ")?;
    let (data, rest) = rest.split_once(", which is not compatible with this version ")?;
    let server = version_word(rest)?;
    let data = version_word(data)?;
    Some(format!(
        "the volume holds data of PostgreSQL {data}, which the server of version {server} can not read"
    ))
}

/// `FATAL:  unrecognized configuration parameter "shard_buffers"` and its like.
fn explain_setting(line: &str) -> Option<String> {
    let is_failure = ["FATAL:", "LOG:", "ERROR:"].iter().any(|level| line.contains(level));
    let rest = SETTING_SIGNS.iter().find_map(|sign| line.split_once(sign)).filter(|_| is_failure)?.1;
    let name = rest.strip_prefix('"')?.split('"').next()?;
    let is_name = !name.is_empty()
        && name.chars().count() <= SETTING_MAX
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    is_name.then(|| format!("the setting {name} is not right"))
}

fn version_word(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(text.len());
    text.get(..end).map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(exit_code: i32, log: &[&str]) -> Option<String> {
        let log: Vec<_> = log.iter().map(|line| (*line).to_owned()).collect();
        explain(Some(exit_code), &log)
    }

    #[test]
    fn incompatible_data_names_both_versions() {
        let words = told(
            1,
            &[
                "2026-11-23 10:00:00.000 UTC [1] FATAL:  database files are incompatible with server",
                "2026-11-23 10:00:00.000 UTC [1] DETAIL:  The data directory was initialized by PostgreSQL version 15, \
                 which is not compatible with this version 16.15 (Debian 16.15-1.pgdg12+1).",
            ],
        );
        assert_eq!(
            words.as_deref(),
            Some("the volume holds data of PostgreSQL 15, which the server of version 16.15 can not read")
        );
    }

    #[test]
    fn known_endings_are_put_into_words() {
        for (line, part) in [
            ("PANIC:  could not write to file \"pg_wal/xlogtemp.9\": No space left on device", "no space"),
            ("exec /usr/local/bin/docker-entrypoint.sh: exec format error", "architecture"),
            ("initdb: error: could not access directory \"/x\": Permission denied", "permitted"),
            ("FATAL:  data directory \"/var/lib/postgresql/data\" has wrong ownership", "another user"),
            ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "shared_buffers"),
            ("FATAL:  unrecognized configuration parameter \"shard_buffers\"", "shard_buffers"),
            ("LOG:  invalid value for parameter \"work_mem\": \"many\"", "work_mem"),
            ("FATAL:  parameter \"bonjour\" requires a Boolean value", "bonjour"),
            ("LOG:  server process (PID 71) was terminated by signal 9: Killed", "memory"),
            ("PANIC:  could not locate a valid checkpoint record at 0/1", "damaged"),
            ("Error: in 18+, the volume belongs at /var/lib/postgresql, not …", "before 18"),
        ] {
            let words = told(1, &["starting", line, "LOG:  database system is shut down"]).unwrap();
            assert!(words.contains(part), "{line}: {words}");
        }
    }

    #[test]
    fn newest_cause_wins_over_an_older_one() {
        let words =
            told(1, &["No space left on device", "FATAL:  lock file \"postmaster.pid\" already exists"]);
        assert_eq!(words.as_deref(), Some("another server uses the same volume"));
    }

    #[test]
    fn exit_status_speaks_when_the_log_does_not() {
        assert!(told(137, &["LOG:  ready"]).unwrap().contains("memory"));
        assert!(told(132, &[]).unwrap().contains("processor"));
        assert_eq!(told(1, &["something new"]), None);
        assert_eq!(explain(None, &[]), None);
    }

    #[test]
    fn clean_end_needs_no_words() {
        assert_eq!(told(0, &["No space left on device"]), None);
    }

    #[test]
    fn value_of_a_setting_is_never_repeated() {
        let words = told(1, &["LOG:  invalid value for parameter \"primary_conninfo\": \"password=s3cret\""]);
        assert_eq!(words.as_deref(), Some("the setting primary_conninfo is not right"));
    }
}
