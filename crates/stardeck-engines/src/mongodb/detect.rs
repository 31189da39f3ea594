//! By what MongoDB servers are known.

use super::PORT;
use crate::{LoginSource, detect::DetectRules};

/// Whom images make from variables: the official one, Bitnami's, Red Hat's, the maker's own.
pub(super) const LOGINS: &[LoginSource] = &[
    LoginSource {
        user: &["MONGO_INITDB_ROOT_USERNAME", "MONGODB_INITDB_ROOT_USERNAME", "MONGODB_ROOT_USER"],
        default_user: "root",
        password: &["MONGO_INITDB_ROOT_PASSWORD", "MONGODB_INITDB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD"],
        option: None,
    },
    LoginSource { user: &[], default_user: "admin", password: &["MONGODB_ADMIN_PASSWORD"], option: None },
];

pub(super) static RULES: DetectRules = DetectRules {
    words: &["mongo", "mongodb"],
    products: &[],
    weak_words: &[],
    version_variables: &["MONGO_VERSION", "MONGODB_VERSION", "PSMDB_VERSION", "MONGO_MAJOR"],
    flavor_variables: &[("PSMDB_VERSION", "percona")],
    servers: &["mongod"],
    clients: &[
        "mongo",
        "mongosh",
        "mongos",
        "mongodump",
        "mongorestore",
        "mongoexport",
        "mongoimport",
        "mongostat",
        "mongotop",
        "mongodb_exporter",
        "pbm-agent",
    ],
    data_paths: &["/data/db", "/bitnami/mongodb", "/var/lib/mongodb", "/var/lib/mongo"],
    port: PORT,
    version_prefix: None,
    is_version: |numbers| matches!(numbers, [3..=9, ..] | [2, 4..=6, ..]),
    expand,
};

/// Names of images write 3.6 as `36`.
fn expand(digits: &str) -> String {
    match digits.split_at_checked(1) {
        Some((major, minor)) if minor.len() == 1 => format!("{major}.{minor}"),
        Some(_) | None => digits.to_owned(),
    }
}
