//! How clients connect.

use secrecy::SecretString;
use stardeck_domain::LoginName;

use crate::{
    AppVariables, ConnectionTarget, UrlRules,
    connection::{encoded, host_part},
};

/// What apps for either engine commonly read.
pub(crate) static VARIABLES: AppVariables = AppVariables {
    url: &["MYSQL_URL"],
    host: &["MYSQL_HOST"],
    port: &["MYSQL_PORT"],
    user: &["MYSQL_USER"],
    password: &["MYSQL_PASSWORD"],
    database: &["MYSQL_DATABASE"],
    key_prefix: &[],
    default_database: None,
};

/// What the URLs of clients look like, with the scheme of either engine.
pub(crate) const fn url_rules(schemes: &'static [&'static str]) -> UrlRules {
    UrlRules {
        schemes,
        encrypted_schemes: &[],
        refused_schemes: &[],
        encryption: &[
            ("ssl-mode", &["DISABLED", "PREFERRED"]),
            ("sslmode", &["disable", "preferred"]),
            ("ssl", &["false", "0"]),
            ("tls", &["false", "preferred"]),
        ],
        default_user: None,
        account_source: None,
        overriding: &[],
        is_database_numbered: false,
    }
}

/// A URL as most clients of both engines take it
/// (<https://dev.mysql.com/doc/refman/8.4/en/connecting-using-uri-or-key-value-pairs.html>). Without a logical database
/// it names none: the one that always exists holds the server's own tables.
pub(crate) fn url(target: &ConnectionTarget<'_>) -> SecretString {
    let text = format!(
        "mysql://{}:{}@{}:{}/{}",
        encoded(target.user.as_str()),
        encoded(target.password.expose()),
        host_part(target.host),
        target.port,
        encoded(target.database.unwrap_or_default()),
    );
    SecretString::from(text)
}

/// The engine's client program, which asks for the password.
pub(crate) fn shell_command(program: &str, admin: &LoginName) -> Vec<String> {
    vec![program.to_owned(), format!("--user={admin}"), "--password".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::round_trip::{assert_any_login_comes_back, assert_url};

    #[test]
    fn url_names_no_database_when_none_is_given() {
        assert_url(url, "p:/#?% x", None, "mysql://boss:p%3A%2F%23%3F%25%20x@shop:1/");
        assert_url(url, "secret", Some("shop"), "mysql://boss:secret@shop:1/shop");
    }

    #[test]
    fn any_allowed_login_comes_back_from_a_url_parser() {
        assert_any_login_comes_back(url);
    }

    #[test]
    fn name_that_looks_like_an_option_is_none() {
        let admin = LoginName::parse("-p").unwrap();
        assert_eq!(shell_command("mysql", &admin), ["mysql", "--user=-p", "--password"]);
    }
}
