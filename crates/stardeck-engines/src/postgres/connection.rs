//! How clients connect.

use secrecy::SecretString;
use stardeck_domain::LoginName;

use crate::{
    ConnectionTarget,
    connection::{encoded, host_part},
};

/// The database that always exists and in which administrators meet.
const MAINTENANCE_DATABASE: &str = "postgres";

/// A URL by libpq's rules (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS>). The
/// database is always named, since clients would else try one that is named like the user.
pub(super) fn url(target: &ConnectionTarget<'_>) -> SecretString {
    let text = format!(
        "postgresql://{}:{}@{}:{}/{}",
        encoded(target.user.as_str()),
        encoded(target.password.expose()),
        host_part(target.host),
        target.port,
        encoded(target.database.unwrap_or(MAINTENANCE_DATABASE)),
    );
    SecretString::from(text)
}

/// psql on the server's own socket, which asks for no password.
pub(super) fn shell_command(admin: &LoginName) -> Vec<String> {
    ["psql", "-U", admin.as_str(), "-d", MAINTENANCE_DATABASE].map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;
    use stardeck_domain::{Password, PasswordRules, Port};
    use url::Url;

    use super::*;

    fn made(host: &str, user: &str, password: &str, database: Option<&str>) -> String {
        let user = LoginName::parse(user).unwrap();
        let password = Password::parse(password.to_owned(), PasswordRules::ENGINE).unwrap();
        let port = Port::fixed(5432);
        let target = ConnectionTarget { host, port, user: &user, password: &password, database };
        url(&target).expose_secret().to_owned()
    }

    fn decoded(text: &str) -> String {
        percent_decode_str(text).decode_utf8().unwrap().into_owned()
    }

    #[test]
    fn url_names_the_maintenance_database_when_none_is_given() {
        assert_eq!(
            made("shop", "postgres", "secret", None),
            "postgresql://postgres:secret@shop:5432/postgres"
        );
    }

    #[test]
    fn url_encodes_what_would_end_a_part() {
        assert_eq!(
            made("::1", "a@b", "p:/#?% x", Some("my/db")),
            "postgresql://a%40b:p%3A%2F%23%3F%25%20x@[::1]:5432/my%2Fdb"
        );
    }

    #[test]
    fn shell_runs_psql_as_the_administrator() {
        let admin = LoginName::parse("boss").unwrap();
        assert_eq!(shell_command(&admin), ["psql", "-U", "boss", "-d", "postgres"]);
    }

    proptest! {
        #[test]
        fn any_allowed_login_comes_back_from_a_url_parser(user: String, password: String, database in "\\PC{1,20}") {
            prop_assume!(LoginName::parse(&user).is_ok());
            prop_assume!(Password::parse(password.clone(), PasswordRules::ENGINE).is_ok());
            prop_assume!(database != "." && database != "..");
            for host in ["shop", "127.0.0.1", "::1"] {
                let parsed = Url::parse(&made(host, &user, &password, Some(&database))).unwrap();
                prop_assert_eq!(decoded(parsed.username()), user.clone());
                prop_assert_eq!(decoded(parsed.password().unwrap()), password.clone());
                prop_assert_eq!(decoded(parsed.path()), format!("/{database}"));
                prop_assert_eq!(parsed.port(), Some(5432));
                prop_assert_eq!(parsed.host_str().unwrap().trim_matches(['[', ']']), host);
            }
        }
    }
}
