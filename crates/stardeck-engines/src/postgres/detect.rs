//! By what PostgreSQL servers are known.

use super::PORT;
use crate::{
    LoginSource,
    detect::{DetectRules, Product, product},
};

/// What is built on PostgreSQL and serves as it does.
const PRODUCTS: &[Product] = &[
    product(&["timescaledb"], "timescaledb").with_own_version(),
    product(&["timescale"], "timescaledb").with_own_version(),
    product(&["pgvector"], "pgvector").with_own_version(),
    product(&["postgis"], "postgis"),
    product(&["pgrouting"], "pgrouting"),
    product(&["citus"], "citus").with_own_version(),
    product(&["paradedb"], "paradedb").with_own_version(),
    product(&["spilo"], "spilo").with_own_version(),
    product(&["vchord"], "vchord").with_own_version(),
    product(&["vectorchord"], "vchord").with_own_version(),
    product(&["pgvecto"], "pgvecto-rs").with_own_version(),
    product(&["pgduckdb"], "pgduckdb"),
    product(&["duckdb", "pg"], "pgduckdb"),
    product(&["mooncake", "pg"], "pg-mooncake"),
    product(&["postgresml"], "postgresml").with_own_version(),
    product(&["orioledb"], "orioledb").with_own_version(),
    product(&["pgroonga"], "pgroonga").with_own_version(),
    product(&["age"], "age").with_own_version().of_publisher("apache"),
    product(&["hydra"], "hydra").with_own_version().of_publisher("hydradatabase"),
    product(&["tembo", "pg"], "tembo"),
    product(&["alloydbomni"], "alloydb"),
    product(&["lantern"], "lantern").with_own_version().of_publisher("lanterndata"),
    product(&["omnigres"], "omnigres").with_own_version(),
    product(&["pgmq"], "pgmq").with_own_version(),
    product(&["pgautoupgrade"], "pgautoupgrade"),
    product(&["harbor", "db"], "").with_own_version(),
];

/// Whom images make from variables: the official one, Bitnami's, Red Hat's, Zalando's.
pub(super) const LOGINS: &[LoginSource] = &[
    LoginSource {
        user: &["POSTGRES_USER", "POSTGRESQL_USERNAME"],
        default_user: "postgres",
        password: &["POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD"],
        option: None,
    },
    // Where the variables above make a user of less rank, these are the administrator's.
    LoginSource {
        user: &[],
        default_user: "postgres",
        password: &[
            "POSTGRESQL_POSTGRES_PASSWORD",
            "POSTGRES_POSTGRES_PASSWORD",
            "POSTGRESQL_ADMIN_PASSWORD",
            "PGPASSWORD_SUPERUSER",
            "PGPASSWORD",
        ],
        option: None,
    },
];

pub(super) static RULES: DetectRules = DetectRules {
    words: &["postgres", "postgresql", "pgsql"],
    products: PRODUCTS,
    weak_words: &[],
    version_variables: &["PG_VERSION", "POSTGRESQL_VERSION", "PG_MAJOR", "PGVERSION"],
    flavor_variables: &[
        ("POSTGIS_VERSION", "postgis"),
        ("POSTGIS_MAJOR", "postgis"),
        ("TIMESCALEDB_VERSION", "timescaledb"),
        ("CITUS_VERSION", "citus"),
    ],
    servers: &["postgres", "postmaster", "patroni", "pg_ctl", "pg_ctlcluster"],
    clients: &[
        "psql",
        "pg_dump",
        "pg_dumpall",
        "pg_restore",
        "pg_basebackup",
        "pg_isready",
        "pgbench",
        "createdb",
        "initdb",
        "pg_receivewal",
        "pg_upgrade",
        "vacuumdb",
        "reindexdb",
        "pgbackrest",
        "barman",
        "wal-g",
        "pgbouncer",
        "pgpool",
        "postgres_exporter",
    ],
    data_paths: &[
        "/var/lib/postgresql",
        "/var/lib/pgsql",
        "/bitnami/postgresql",
        "/home/postgres/pgdata",
        "/home/postgres/pgroot",
        "/var/lib/postgres",
        "/pgdata",
        "/data/db/pg",
    ],
    port: PORT,
    version_prefix: Some("pg"),
    // 9.6 was the last of two numbers a series; from 10 on there is one.
    is_version: |numbers| matches!(numbers, [10..=29, ..] | [9] | [9, ..=6, ..]),
    expand,
};

/// Names of images write 9.6 as `96`.
fn expand(digits: &str) -> String {
    match digits.strip_prefix('9') {
        Some(minor) if minor.len() == 1 => format!("9.{minor}"),
        Some(_) | None => digits.to_owned(),
    }
}
