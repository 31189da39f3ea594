//! By what MySQL servers are known.

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
    user: &["MYSQL_ROOT_USER"],
    default_user: "root",
    password: &["MYSQL_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD"],
    option: None,
}];

pub(super) static RULES: DetectRules = DetectRules {
    words: &["mysql"],
    products: &[product(&["greatsql"], "greatsql")],
    // Percona builds servers of other engines, too.
    weak_words: &["percona", "xtradb", "pxc"],
    version_variables: &["MYSQL_VERSION", "PS_VERSION", "PXC_VERSION", "MYSQL_MAJOR"],
    flavor_variables: &[("PS_VERSION", "percona"), ("PXC_VERSION", "percona"), ("PERCONA_MAJOR", "percona")],
    servers: &["mysqld", "mysqld_safe"],
    clients: &[
        "mysql",
        "mysqldump",
        "mysqlpump",
        "mysqladmin",
        "mysqlsh",
        "mysqlcheck",
        "mysqlimport",
        "mysqlslap",
        "mysqlrouter",
        "mydumper",
        "myloader",
        "xtrabackup",
        "mysqld_exporter",
        "proxysql",
    ],
    data_paths: DATA_PATHS,
    port: PORT,
    version_prefix: None,
    is_version: |numbers| matches!(numbers, [5] | [5, 0..=7, ..] | [8..=9, ..]),
    expand,
};
