//! How clients connect.

use secrecy::SecretString;
use stardeck_domain::LoginName;

use crate::{
    AppVariables, ConnectionTarget, UrlRules,
    connection::{encoded, host_part},
};

/// The database that always exists and in which administrators meet.
const MAINTENANCE_DATABASE: &str = "postgres";

/// What libpq reads, and what apps for PostgreSQL commonly read.
pub(super) static VARIABLES: AppVariables = AppVariables {
    url: &["POSTGRES_URL"],
    host: &["POSTGRES_HOST", "PGHOST"],
    port: &["POSTGRES_PORT", "PGPORT"],
    user: &["POSTGRES_USER", "PGUSER"],
    password: &["POSTGRES_PASSWORD", "PGPASSWORD"],
    database: &["POSTGRES_DB", "PGDATABASE"],
    key_prefix: &[],
    default_database: Some(MAINTENANCE_DATABASE),
};

/// What libpq's URLs look like.
pub(super) static URL_RULES: UrlRules = UrlRules {
    schemes: &["postgresql", "postgres"],
    encrypted_schemes: &[],
    refused_schemes: &[],
    encryption: &[("sslmode", &["disable", "allow", "prefer"])],
    default_user: None,
    account_source: None,
    overriding: &["host", "hostaddr", "port", "user", "password", "dbname"],
    is_database_numbered: false,
};

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
    use super::*;
    use crate::connection::round_trip::{assert_any_login_comes_back, assert_url};

    #[test]
    fn url_names_the_maintenance_database_when_none_is_given() {
        assert_url(url, "secret", None, "postgresql://boss:secret@shop:1/postgres");
    }

    #[test]
    fn url_encodes_what_would_end_a_part() {
        assert_url(url, "p:/#?% x", Some("my/db"), "postgresql://boss:p%3A%2F%23%3F%25%20x@shop:1/my%2Fdb");
    }

    #[test]
    fn any_allowed_login_comes_back_from_a_url_parser() {
        assert_any_login_comes_back(url);
    }

    #[test]
    fn shell_runs_psql_as_the_administrator() {
        let admin = LoginName::parse("boss").unwrap();
        assert_eq!(shell_command(&admin), ["psql", "-U", "boss", "-d", "postgres"]);
    }
}
