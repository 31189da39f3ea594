//! How clients connect.

use secrecy::SecretString;
use stardeck_domain::LoginName;

use crate::{
    AppVariables, ConnectionTarget, UrlRules,
    connection::{encoded, host_part},
};

/// The numbered database that clients use when none is named.
const FIRST_DATABASE: &str = "0";

/// What apps for Redis commonly read.
pub(super) static VARIABLES: AppVariables = AppVariables {
    url: &["REDIS_URL"],
    host: &["REDIS_HOST"],
    port: &["REDIS_PORT"],
    user: &["REDIS_USERNAME"],
    password: &["REDIS_PASSWORD"],
    database: &["REDIS_DB"],
    key_prefix: &["REDIS_PREFIX"],
    default_database: Some(FIRST_DATABASE),
};

/// What the URLs of clients look like. A password alone is the default user's.
pub(super) static URL_RULES: UrlRules = UrlRules {
    schemes: &["redis", "valkey"],
    encrypted_schemes: &["rediss", "valkeys"],
    refused_schemes: &[],
    encryption: &[],
    default_user: Some("default"),
    account_source: None,
    overriding: &[],
    is_database_numbered: true,
};

/// A URL as clients of Redis and of Valkey take it
/// (<https://www.iana.org/assignments/uri-schemes/prov/redis>): the path is the number of a database.
pub(super) fn url(target: &ConnectionTarget<'_>) -> SecretString {
    let text = format!(
        "redis://{}:{}@{}:{}/{}",
        encoded(target.user.as_str()),
        encoded(target.password.expose()),
        host_part(target.host),
        target.port,
        encoded(target.database.unwrap_or(FIRST_DATABASE)),
    );
    SecretString::from(text)
}

/// redis-cli, which asks for the password.
pub(super) fn shell_command(admin: &LoginName) -> Vec<String> {
    ["redis-cli", "--user", admin.as_str(), "--askpass"].map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::round_trip::{assert_any_login_comes_back, assert_url};

    #[test]
    fn url_names_the_first_database_when_none_is_given() {
        assert_url(url, "p:/#?% x", None, "redis://boss:p%3A%2F%23%3F%25%20x@shop:1/0");
    }

    #[test]
    fn any_allowed_login_comes_back_from_a_url_parser() {
        assert_any_login_comes_back(url);
    }

    #[test]
    fn shell_asks_for_the_password() {
        let admin = LoginName::parse("default").unwrap();
        assert_eq!(shell_command(&admin), ["redis-cli", "--user", "default", "--askpass"]);
    }
}
