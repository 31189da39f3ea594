//! By what servers of both engines are known.

/// Where images keep the data.
pub(crate) const DATA_PATHS: &[&str] =
    &["/var/lib/mysql", "/bitnami/mysql", "/bitnami/mariadb", "/config/databases", "/var/lib/mysql/data"];

/// Names of images write 8.0 as `80` and 10.11 as `1011`.
pub(crate) fn expand(digits: &str) -> String {
    let is_plain = digits.chars().all(|c| c.is_ascii_digit());
    let major = if digits.starts_with('1') { 2 } else { 1 };
    match (digits.get(..major), digits.get(major..)) {
        (Some(major), Some(minor)) if is_plain && !minor.is_empty() => format!("{major}.{minor}"),
        _ => digits.to_owned(),
    }
}
