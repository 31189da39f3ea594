//! Why a server ended, read from its log.

use crate::exit::{Signs, explain};

/// What a line of the log says, and what that means.
const SIGNS: Signs = &[
    ("Can't handle RDB format version", "the volume holds data of a newer version"),
    ("Aborting Redis startup because of ACL errors", "the file with the accounts, users.acl, is not right"),
    ("Aborting Valkey startup because of ACL errors", "the file with the accounts, users.acl, is not right"),
    ("Error loading ACLs", "the file with the accounts, users.acl, can not be read"),
    ("Bad file format reading the append only file", "the append-only file is damaged"),
    ("FATAL AOF MANIFEST FILE ERROR", "the append-only file is damaged"),
    ("Unexpected end of file reading the append only file", "the append-only file is cut off"),
    ("Wrong signature trying to load DB from file", "the data file is damaged"),
    ("Short read or OOM loading DB", "the data file is damaged, or does not fit into the memory"),
    ("Internal error in RDB reading", "the data file is damaged"),
    ("Out Of Memory allocating", "there is not enough memory"),
    ("Bad directive or wrong number of arguments", "a setting is not right"),
    ("FATAL CONFIG FILE ERROR", "a setting is not right"),
    ("Could not create server TCP listening socket", "its port is already in use inside the container"),
    ("Can't open or create append-only dir", "it can not write to its volume"),
    ("Can't chdir to", "it can not read its volume"),
];

pub(super) fn explain_exit(exit_code: Option<i32>, log: &[String]) -> Option<String> {
    explain(exit_code, log, SIGNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_line_that_means_something_is_told() {
        let log = [
            "1:C 24 Nov 2026 03:16:08.000 * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
            "7:M 24 Nov 2026 03:16:08.010 # Can't handle RDB format version 12",
            "7:M 24 Nov 2026 03:16:08.010 # Fatal error loading the DB, check server logs. Exiting.",
        ]
        .map(str::to_owned);
        assert_eq!(explain_exit(Some(1), &log).as_deref(), Some("the volume holds data of a newer version"));
        assert_eq!(explain_exit(Some(0), &log), None);
        assert_eq!(
            explain_exit(Some(137), &[]).as_deref(),
            Some("it was killed, from outside or by the kernel for want of memory")
        );
    }
}
