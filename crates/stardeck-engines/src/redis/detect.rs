//! By what Redis servers, and those of its relatives that keep its contract, are known.

use super::{PORT, image::VALKEY};
use crate::{
    LoginSource,
    detect::{DetectRules, Product, product},
};

const PRODUCTS: &[Product] = &[
    product(&["valkey"], VALKEY),
    product(&["keydb"], "keydb"),
    product(&["redict"], "redict"),
    product(&["redis", "stack"], "redis-stack"),
    product(&["redismod"], "redismod").with_own_version(),
    product(&["rejson"], "rejson").with_own_version(),
    product(&["redisjson"], "rejson").with_own_version(),
    product(&["redisearch"], "redisearch").with_own_version(),
    product(&["redistimeseries"], "redistimeseries").with_own_version(),
    product(&["redisgraph"], "redisgraph").with_own_version(),
    product(&["redisgears"], "redisgears").with_own_version(),
    product(&["redisai"], "redisai").with_own_version(),
    product(&["rebloom"], "rebloom").with_own_version(),
    product(&["redisbloom"], "rebloom").with_own_version(),
];

/// Whom images make from variables (Bitnami's, Red Hat's), and the server from its command line.
pub(super) const LOGINS: &[LoginSource] = &[LoginSource {
    user: &[],
    default_user: "default",
    password: &["REDIS_PASSWORD", "VALKEY_PASSWORD", "KEYDB_PASSWORD", "REDIS_REQUIREPASS"],
    option: Some("--requirepass"),
}];

pub(super) static RULES: DetectRules = DetectRules {
    words: &["redis"],
    products: PRODUCTS,
    weak_words: &[],
    version_variables: &["VALKEY_VERSION", "KEYDB_VERSION", "REDIS_VERSION"],
    flavor_variables: &[
        ("VALKEY_VERSION", VALKEY),
        ("KEYDB_VERSION", "keydb"),
        ("VALKEY_DOWNLOAD_URL", VALKEY),
    ],
    servers: &["redis-server", "valkey-server", "keydb-server", "redict-server", "redis-stack-server"],
    clients: &[
        "redis-cli",
        "valkey-cli",
        "keydb-cli",
        "redis-benchmark",
        "valkey-benchmark",
        "redis-sentinel",
        "valkey-sentinel",
        "redis_exporter",
        "redis-check-aof",
        "redis-check-rdb",
    ],
    data_paths: &["/var/lib/redis", "/var/lib/valkey", "/bitnami/redis", "/bitnami/valkey"],
    port: PORT,
    version_prefix: None,
    is_version: |numbers| matches!(numbers, [3..=9, ..] | [2, 2..=8, ..]),
    expand,
};

/// Names of images write 3.2 as `32`.
fn expand(digits: &str) -> String {
    match digits.split_at_checked(1) {
        Some((major, minor)) if minor.len() == 1 => format!("{major}.{minor}"),
        Some(_) | None => digits.to_owned(),
    }
}
