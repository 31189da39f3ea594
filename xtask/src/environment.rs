//! The only place of the automation that reads environment variables.
#![expect(
    clippy::disallowed_methods,
    reason = "the rule is about the server, whose configuration clap reads once"
)]

use anyhow::bail;
use std::env;
use std::path::PathBuf;

/// Variable that moves the cache out of its default place.
pub(crate) const CACHE_VARIABLE: &str = "STARDECK_XTASK_CACHE";

/// Variables that say how this host reaches the network: proxies, certificate bundles, package sources of its own.
/// `cargo xtask fresh` hands them on, since without them nothing can be fetched inside.
const NETWORK_VARIABLES: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "CARGO_HTTP_CAINFO",
    "CARGO_HTTP_PROXY",
    "PIP_CERT",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_DEFAULT_TIMEOUT",
    "npm_config_registry",
];

/// Longest path of the cache directory, in bytes: Podman refuses a run directory of more than 50, and ours lie in
/// folders of up to 24 bytes below it.
const LONGEST_CACHE_PATH: usize = 26;

/// The directory for what outlives a run and is shared by checkouts (images, downloads, the tests' own Podman).
///
/// # Errors
/// When the variable names one that is not absolute, or too long for Podman.
pub(crate) fn cache_directory() -> anyhow::Result<PathBuf> {
    let directory =
        env::var_os(CACHE_VARIABLE).map_or_else(|| PathBuf::from("/var/tmp/stardeck-xtask"), PathBuf::from);
    if !directory.is_absolute() || directory.as_os_str().len() > LONGEST_CACHE_PATH {
        bail!("{CACHE_VARIABLE} must be an absolute path of at most {LONGEST_CACHE_PATH} bytes");
    }
    Ok(directory)
}

/// Finds a program on `PATH`, or in the system directories that an ordinary user's `PATH` leaves out.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|directory| directory.join(name))
        .find(|candidate| candidate.is_file())
}

/// Names of the variables that start with `prefix`.
pub(crate) fn names_starting_with(prefix: &str) -> Vec<String> {
    env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .collect()
}

/// The variables that say how this host reaches the network, with their values.
pub(crate) fn network_variables() -> Vec<(&'static str, String)> {
    NETWORK_VARIABLES.iter().filter_map(|name| env::var(name).ok().map(|value| (*name, value))).collect()
}

/// Where cargo keeps its programs and downloads.
pub(crate) fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME").map_or_else(|| home().join(".cargo"), PathBuf::from)
}

fn home() -> PathBuf {
    env::var_os("HOME").map_or_else(|| PathBuf::from("/"), PathBuf::from)
}
