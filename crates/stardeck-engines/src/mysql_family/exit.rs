//! Why a server ended, read from its log.

use crate::exit::{self, Signs};

/// What a line of the log says, and what that means.
const SIGNS: Signs = &[
    ("password option is not specified", "the bootstrap password did not reach the container"),
    ("Invalid MySQL server upgrade", "the volume holds data of a version that this one can not take over"),
    ("Invalid MySQL server downgrade", "the volume holds data of a newer version"),
    ("Cannot downgrade", "the volume holds data of a newer version"),
    ("Unsupported redo log format", "the volume holds data of another version"),
    (
        "Upgrade after a crash is not supported",
        "the volume holds data of another version that was not shut down cleanly",
    ),
    ("is of an old unsupported version", "the volume holds data of another version"),
    ("data directory has files in it", "the volume holds something that is not this engine's data"),
    ("Data Dictionary initialization failed", "the volume holds data of another version or engine"),
    ("Unable to lock ./ibdata1", "another server uses the same volume"),
    ("Cannot allocate memory for the buffer pool", "there is not enough memory for innodb_buffer_pool_size"),
    ("Out of memory", "there is not enough memory"),
    ("Database page corruption on disk", "the data files are damaged"),
    ("Tablespace is corrupted", "the data files are damaged"),
    ("Can't open and lock privilege tables", "the data files are incomplete"),
    ("Table 'mysql.plugin' doesn't exist", "the data files are incomplete"),
    ("Bind on TCP/IP port: Address already in use", "its port is already in use inside the container"),
    ("CPU does not support x86-64-v2", "the processor lacks instructions that this build needs (x86-64-v2)"),
];

/// How a line about the configuration begins; what follows is the setting, in single quotes.
const SETTING_SIGNS: &[&str] = &["unknown variable ", "unknown option ", "ambiguous option "];

/// How a line about a value begins that the server refuses: `'x' to 'sql_mode'` follows.
const VALUE_SIGN: &str = "Error while setting value ";

/// Longest name of a setting that is repeated, in characters.
const SETTING_MAX: usize = 64;

/// What the entrypoints say when the server's check of its own settings fails, before what that check said itself.
const CHECK_FAILED: &str = "failed while attempting to check config";

/// What the lines after it hold that say nothing of why it failed.
const NO_REASON: &[&str] = &["command was:", "[Note]", "[Warning]"];

pub(crate) fn explain(exit_code: Option<i32>, log: &[String]) -> Option<String> {
    if exit_code == Some(0) {
        return None;
    }
    let setting = log.iter().rev().find_map(|line| explain_setting(line));
    setting.or_else(|| explain_silent_check(log)).or_else(|| exit::explain(exit_code, log, SIGNS))
}

/// A check of the settings that failed and said no reason was ended from outside.
fn explain_silent_check(log: &[String]) -> Option<String> {
    let after = log.iter().rev().take_while(|line| !line.contains(CHECK_FAILED)).count();
    let is_silent = log.iter().rev().take(after).all(|line| {
        let line = line.trim();
        line.is_empty() || NO_REASON.iter().any(|part| line.contains(part))
    });
    (after < log.len() && is_silent)
        .then(|| "the check of its settings was killed, probably for want of memory".to_owned())
}

/// `[ERROR] mariadbd: unknown variable 'innodb_bufer_pool=1G'`: the name is told, the value never.
fn explain_setting(line: &str) -> Option<String> {
    let refused = line.split_once(VALUE_SIGN).and_then(|(_, rest)| rest.rsplit_once(" to "));
    let rest = refused.or_else(|| SETTING_SIGNS.iter().find_map(|sign| line.split_once(sign)))?.1;
    let name = rest.strip_prefix('\'')?.split(['\'', '=']).next()?.trim_start_matches('-');
    let is_name = !name.is_empty()
        && name.chars().count() <= SETTING_MAX
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    is_name.then(|| format!("the setting {name} is not right"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(exit_code: i32, line: &str) -> Option<String> {
        explain(Some(exit_code), &[line.to_owned()])
    }

    #[test]
    fn wrong_setting_is_named_without_its_value() {
        let line = "2026-11-24  3:16:08 0 [ERROR] mariadbd: unknown variable 'innodb_bufer=s3cret'";
        assert_eq!(told(7, line).as_deref(), Some("the setting innodb_bufer is not right"));
        assert_eq!(told(0, line), None);
    }

    #[test]
    fn check_that_was_killed_says_nothing() {
        let log = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let failed = "2026-11-24 03:16:08+00:00 [ERROR] [Entrypoint]: mariadbd failed while attempting to check config";
        let command = "\tcommand was: mariadbd --verbose --help --log-bin-index=/tmp/tmp.x";
        let start =
            "2026-11-24 03:16:09+00:00 [Note] [Entrypoint]: Entrypoint script for MariaDB Server started.";
        let limit = "\t2026-11-26  0:03:17 0 [Warning] Could not increase number of max_open_files";
        for lines in
            [&[failed, command][..], &[failed, command, start], &[start, failed, command, "\t", limit]]
        {
            assert!(explain(Some(1), &log(lines)).unwrap().contains("memory"), "{lines:?}");
        }
        let said = "\t[ERROR] mariadbd: Error while setting value 'x' to 'sql_mode'";
        let setting = explain(Some(1), &log(&[failed, command, said]));
        assert_eq!(setting.as_deref(), Some("the setting sql_mode is not right"));
        assert_eq!(explain(Some(1), &log(&[start])), None);
    }

    #[test]
    fn known_endings_are_put_into_words() {
        assert!(told(1, "[ERROR] [MY-012595] [InnoDB] Unable to lock ./ibdata1 error: 11").is_some());
        assert!(told(1, "[ERROR] [MY-010020] [Server] Data Dictionary initialization failed.").is_some());
        assert!(told(1, "Killed").unwrap().contains("memory"));
        assert!(told(1, "Fatal glibc error: CPU does not support x86-64-v2").unwrap().contains("x86-64-v2"));
        assert_eq!(told(1, "ready for connections"), None);
    }
}
