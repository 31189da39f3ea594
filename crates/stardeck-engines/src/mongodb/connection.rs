//! How clients connect.

use secrecy::SecretString;
use stardeck_domain::LoginName;

use crate::{
    AppVariables, ConnectionTarget, UrlRules,
    connection::{encoded, host_part},
};

/// What apps for MongoDB commonly read.
pub(super) static VARIABLES: AppVariables = AppVariables {
    url: &["MONGODB_URI", "MONGO_URL"],
    host: &["MONGO_HOST"],
    port: &["MONGO_PORT"],
    user: &["MONGO_USERNAME"],
    password: &["MONGO_PASSWORD"],
    database: &["MONGO_DATABASE"],
    key_prefix: &[],
    default_database: None,
};

/// What the URLs of clients look like. An account is looked for in the URL's own database unless it says otherwise.
pub(super) static URL_RULES: UrlRules = UrlRules {
    schemes: &["mongodb"],
    encrypted_schemes: &[],
    refused_schemes: &[(
        "mongodb+srv",
        "names no host but a record of the DNS; give the hosts themselves, as mongodb://HOST:PORT",
    )],
    encryption: &[("tls", &["false"]), ("ssl", &["false"])],
    default_user: None,
    account_source: Some(("authSource", "admin")),
    overriding: &[],
    is_database_numbered: false,
};

/// A URL by MongoDB's rules (<https://www.mongodb.com/docs/manual/reference/connection-string/>). All accounts are kept in
/// the database `admin`, and clients would else look for them in the one that the URL names.
pub(super) fn url(target: &ConnectionTarget<'_>) -> SecretString {
    let place = format!(
        "{}:{}/{}",
        host_part(target.host),
        target.port,
        encoded(target.database.unwrap_or_default())
    );
    // A server that asks nobody who he is knows no accounts either.
    let text = if target.password.is_none() {
        format!("mongodb://{place}")
    } else {
        let (user, password) = (encoded(target.user.as_str()), encoded(target.password.expose()));
        format!("mongodb://{user}:{password}@{place}?authSource=admin")
    };
    SecretString::from(text)
}

/// mongosh, which asks for the password.
pub(super) fn shell_command(admin: &LoginName) -> Vec<String> {
    let user = format!("--username={admin}");
    ["mongosh", "--quiet", &user, "--authenticationDatabase=admin", "--password"].map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::round_trip::{assert_any_login_comes_back, assert_url};

    #[test]
    fn url_says_where_the_account_is() {
        assert_url(url, "p:/#?% x", None, "mongodb://boss:p%3A%2F%23%3F%25%20x@shop:1/?authSource=admin");
        assert_url(url, "secret", Some("shop"), "mongodb://boss:secret@shop:1/shop?authSource=admin");
    }

    #[test]
    fn any_allowed_login_comes_back_from_a_url_parser() {
        assert_any_login_comes_back(url);
    }

    #[test]
    fn shell_asks_for_the_password() {
        let command = shell_command(&LoginName::parse("-x").unwrap());
        assert_eq!(command.get(2).map(String::as_str), Some("--username=-x"));
    }
}
