//! By what MariaDB servers are known.

use crate::{
    LoginSource,
    detect::{DetectRules, product},
    mysql_family::{
        PORT,
        detect::{DATA_PATHS, expand},
    },
};

/// Whom images make from variables: the official one, Bitnami's, `LinuxServer`'s, Red Hat's.
pub(super) const LOGINS: &[LoginSource] = &[LoginSource {
    user: &["MARIADB_ROOT_USER", "MYSQL_ROOT_USER"],
    default_user: "root",
    password: &["MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"],
    option: None,
}];

pub(super) static RULES: DetectRules = DetectRules {
    words: &["mariadb"],
    products: &[product(&["columnstore"], "columnstore").with_own_version()],
    weak_words: &[],
    version_variables: &["MARIADB_VERSION", "MARIADB_MAJOR"],
    flavor_variables: &[],
    servers: &["mariadbd", "mariadbd-safe", "mysqld", "mysqld_safe"],
    clients: &[
        "mariadb",
        "mariadb-dump",
        "mariadb-admin",
        "mariadb-backup",
        "mariabackup",
        "mariadb-check",
        "mariadb-import",
        "maxscale",
    ],
    data_paths: DATA_PATHS,
    port: PORT,
    version_prefix: None,
    is_version: |numbers| matches!(numbers, [5] | [5, 1..=5, ..] | [10..=19, ..]),
    expand,
};
