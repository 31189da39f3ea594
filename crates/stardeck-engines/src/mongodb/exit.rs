//! Why a server ended, read from its log, which is one JSON document per line.

use crate::exit::{Signs, explain};

/// Exit status of a process that met an instruction which the processor does not have (128 + SIGILL).
const ILLEGAL_INSTRUCTION: i32 = 132;

/// What a line of the log says, and what that means.
const SIGNS: Signs = &[
    ("requires a CPU with AVX support", "the processor lacks AVX, which MongoDB 5.0 and later need"),
    (
        "This version of MongoDB is too recent to start up on the existing data files",
        "the volume holds data of an older version",
    ),
    ("Wrong mongod version", "the volume holds data of another version"),
    ("invalid featureCompatibilityVersion", "the volume holds data of another version"),
    ("unsupported WiredTiger file version", "the volume holds data of a newer version"),
    ("must be specified for a user to be created", "the bootstrap password did not reach the container"),
    ("WiredTiger metadata corruption has been detected", "the data files are damaged"),
    ("Unable to read the storage engine metadata file", "the data files are damaged"),
    ("WT_PANIC", "the data files are damaged, or the disk reports errors"),
    ("Unable to lock the lock file", "another server uses the same volume"),
    ("Detected unclean shutdown - Detected data files", "another server uses the same volume"),
    ("Error parsing command line", "a setting is not right"),
    ("Error parsing option", "a setting is not right"),
    ("Unrecognized option", "a setting is not right"),
    ("Failed to set up listener", "its port is already in use inside the container"),
];

pub(super) fn explain_exit(exit_code: Option<i32>, log: &[String]) -> Option<String> {
    match explain(exit_code, log, SIGNS) {
        Some(_) if exit_code == Some(ILLEGAL_INSTRUCTION) => {
            Some("the processor lacks AVX, which MongoDB 5.0 and later need".to_owned())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_put_into_words() {
        let wrong_version = r#"{"s":"F","msg":"Wrong mongod version","attr":{"error":"UPGRADE PROBLEM: Found an invalid featureCompatibilityVersion"}}"#;
        let told = explain_exit(Some(62), &[wrong_version.to_owned()]);
        assert_eq!(told.as_deref(), Some("the volume holds data of another version"));
        let setting =
            ["Error parsing command line: unrecognised option '--no-such-thing'", "try 'mongod --help'"];
        let told = explain_exit(Some(2), &setting.map(str::to_owned));
        assert_eq!(told.as_deref(), Some("a setting is not right"));
        assert!(explain_exit(Some(132), &[]).unwrap().contains("AVX"));
        assert_eq!(explain_exit(Some(0), &[]), None);
    }
}
