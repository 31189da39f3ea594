//! Connection URLs: what all engines share of RFC 3986.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{LogicalName, LoginName, Password, Port};

/// Where a connection URL points to, and as whom.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionTarget<'a> {
    /// A host name or an address; an IPv6 address without brackets.
    pub host: &'a str,
    /// The port.
    pub port: Port,
    /// The login name.
    pub user: &'a LoginName,
    /// The password.
    pub password: &'a Password,
    /// The logical database; None for the one the engine's administrators meet in.
    pub database: Option<&'a str>,
}

/// The names of the environment variables in which apps of an engine look for their connection, beside those that
/// apps of all engines read (`DATABASE_URL`, `DB_HOST` and so on).
#[derive(Debug, Clone, Copy)]
pub struct AppVariables {
    /// For the whole URL.
    pub url: &'static [&'static str],
    /// For the host.
    pub host: &'static [&'static str],
    /// For the port.
    pub port: &'static [&'static str],
    /// For the login name.
    pub user: &'static [&'static str],
    /// For the password.
    pub password: &'static [&'static str],
    /// For the logical database.
    pub database: &'static [&'static str],
    /// For what all keys of the app have to begin with, where apps share an engine that way.
    pub key_prefix: &'static [&'static str],
    /// The logical database that is meant when none is named; None where the variables are left out then.
    pub default_database: Option<&'static str>,
}

/// An environment variable of an app.
#[derive(Debug)]
pub struct AppVariable {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: SecretString,
    /// Whether the value holds the password, so that it must not be shown.
    pub is_secret: bool,
}

/// What the variables of an app are made of.
pub(crate) struct Parts<'a> {
    pub(crate) url: &'a SecretString,
    pub(crate) host: &'a str,
    pub(crate) port: Port,
    pub(crate) user: Option<&'a str>,
    pub(crate) password: Option<&'a Password>,
    pub(crate) database: Option<&'a str>,
}

impl AppVariables {
    /// The variables with their values, those that apps of all engines read first. What there is no value for is left out.
    pub(crate) fn fill(&self, parts: &Parts<'_>) -> Vec<AppVariable> {
        let (host, port) = (Some(parts.host.to_owned()), Some(parts.port.to_string()));
        let password = parts.password.map(|password| password.expose().to_owned());
        let parts = [
            ("DATABASE_URL", self.url, Some(parts.url.expose_secret().to_owned()), true),
            ("DB_HOST", self.host, host, false),
            ("DB_PORT", self.port, port, false),
            ("DB_USER", self.user, parts.user.map(str::to_owned), false),
            ("DB_PASSWORD", self.password, password, true),
            ("DB_NAME", self.database, parts.database.map(str::to_owned), false),
        ];
        let mut variables: Vec<_> = Vec::new();
        for (general, own, value, is_secret) in parts {
            let Some(value) = value.map(SecretString::from) else { continue };
            let names = std::iter::once(&general).chain(own);
            variables.extend(names.map(|name| AppVariable { name, value: value.clone(), is_secret }));
        }
        variables
    }
}

/// The environment variables of an app that is to reach `target`.
pub fn app_variables(adapter: &dyn crate::EngineAdapter, target: &ConnectionTarget<'_>) -> Vec<AppVariable> {
    let variables = adapter.app_variables();
    variables.fill(&Parts {
        url: &adapter.connection_url(target),
        host: target.host,
        port: target.port,
        user: Some(target.user.as_str()),
        password: Some(target.password),
        database: target.database.or(variables.default_database),
    })
}

/// The login of an app in one logical database.
#[derive(Debug, Clone, Copy)]
pub struct AppTarget<'a> {
    /// The name by which the app reaches the server.
    pub host: &'a str,
    /// The port by which it does.
    pub port: Port,
    /// The app's user.
    pub user: &'a LoginName,
    /// That user's password.
    pub password: &'a Password,
    /// The logical database, or the prefix of the app's keys where the engine has those instead.
    pub database: Option<&'a LogicalName>,
    /// What the names of the variables begin with, such as `ANALYTICS`; None for the app's first database.
    pub env_prefix: Option<&'a str>,
}

/// An environment variable whose name was put together.
#[derive(Debug)]
pub struct NamedVariable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: SecretString,
    /// Whether the value holds the password, so that it must not be shown.
    pub is_secret: bool,
}

/// The environment of an app for its login in one logical database.
pub fn app_environment(adapter: &dyn crate::EngineAdapter, target: &AppTarget<'_>) -> Vec<NamedVariable> {
    let has_prefixes = adapter.info().can(crate::Capability::KeyPrefixes);
    let name = target.database.map(LogicalName::as_str);
    let (database, prefix) = if has_prefixes { (None, name) } else { (name, None) };
    let AppTarget { host, port, user, password, .. } = *target;
    let connection = ConnectionTarget { host, port, user, password, database };
    let own = adapter.app_variables().key_prefix;
    let prefixes = prefix.into_iter().flat_map(|prefix| {
        own.iter().map(move |name| AppVariable {
            name,
            value: SecretString::from(format!("{prefix}:")),
            is_secret: false,
        })
    });
    named(app_variables(adapter, &connection).into_iter().chain(prefixes), target.env_prefix)
}

/// Variables with the prefix before their names.
pub(crate) fn named(
    variables: impl IntoIterator<Item = AppVariable>,
    prefix: Option<&str>,
) -> Vec<NamedVariable> {
    let named = |variable: AppVariable| NamedVariable {
        name: match prefix {
            Some(prefix) => format!("{prefix}_{}", variable.name),
            None => variable.name.to_owned(),
        },
        value: variable.value,
        is_secret: variable.is_secret,
    };
    variables.into_iter().map(named).collect()
}

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A part of a URL in which every character that could mean something is percent-encoded.
pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// The host part of a URL: an IPv6 address in brackets (RFC 3986, section 3.2.2), with the `%` of a zone encoded
/// (RFC 6874).
pub(crate) fn host_part(host: &str) -> Cow<'_, str> {
    if host.contains(':') && !host.starts_with('[') {
        return Cow::Owned(format!("[{}]", host.replace('%', "%25")));
    }
    Cow::Borrowed(host)
}

#[cfg(test)]
pub(crate) mod round_trip {
    //! What every engine's URL has to stand.

    use percent_encoding::percent_decode_str;
    use proptest::{prelude::*, test_runner::TestRunner};
    use stardeck_domain::PasswordRules;
    use url::Url;

    use super::*;

    type Write = fn(&ConnectionTarget<'_>) -> SecretString;

    fn made(write: Write, host: &str, login: (&str, &str), database: Option<&str>) -> String {
        let user = LoginName::parse(login.0).unwrap();
        let password = Password::parse(login.1.to_owned(), PasswordRules::ENGINE).unwrap();
        let target =
            ConnectionTarget { host, port: Port::fixed(1), user: &user, password: &password, database };
        write(&target).expose_secret().to_owned()
    }

    /// The URL of the user `boss` at `shop:1`.
    pub(crate) fn assert_url(write: Write, password: &str, database: Option<&str>, expected: &str) {
        assert_eq!(made(write, "shop", ("boss", password), database), expected);
    }

    /// Any login and database that are allowed come back from a URL parser as they were.
    pub(crate) fn assert_any_login_comes_back(write: Write) {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        let mut runner = TestRunner::default();
        let logins = (any::<String>(), any::<String>(), "\\PC{1,20}");
        let check = |(user, password, database): (String, String, String)| {
            prop_assume!(LoginName::parse(&user).is_ok());
            prop_assume!(Password::parse(password.clone(), PasswordRules::ENGINE).is_ok());
            prop_assume!(database != "." && database != "..");
            for host in ["shop", "127.0.0.1", "::1"] {
                let parsed = Url::parse(&made(write, host, (&user, &password), Some(&database))).unwrap();
                prop_assert_eq!(decoded(parsed.username()), user.clone());
                prop_assert_eq!(decoded(parsed.password().unwrap()), password.clone());
                prop_assert_eq!(decoded(parsed.path()), format!("/{database}"));
                prop_assert_eq!(parsed.port(), Some(1));
                prop_assert_eq!(parsed.host_str().unwrap().trim_matches(['[', ']']), host);
            }
            Ok(())
        };
        runner.run(&logins, check).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ipv6_addresses_get_brackets() {
        for (host, part) in [
            ("shop", "shop"),
            ("127.0.0.1", "127.0.0.1"),
            ("::1", "[::1]"),
            ("[::1]", "[::1]"),
            ("fe80::1%eth0", "[fe80::1%25eth0]"),
        ] {
            assert_eq!(host_part(host), part);
        }
    }

    #[test]
    fn second_database_of_an_app_has_variables_of_its_own() {
        let (user, port) = (LoginName::parse("boss").unwrap(), Port::fixed(1));
        let password = Password::parse("s3cr3t".to_owned(), stardeck_domain::PasswordRules::ENGINE).unwrap();
        let database = LogicalName::parse("stats").unwrap();
        for adapter in crate::offered() {
            let target = AppTarget {
                host: "shop",
                port,
                user: &user,
                password: &password,
                database: Some(&database),
                env_prefix: Some("ANALYTICS"),
            };
            let variables = app_environment(*adapter, &target);
            assert!(variables.iter().any(|variable| variable.name == "ANALYTICS_DATABASE_URL"));
            assert!(variables.iter().all(|variable| variable.name.starts_with("ANALYTICS_")));
            let holds = |text: &str| variables.iter().any(|variable| variable.value.expose_secret() == text);
            assert!(holds("stats") != holds("stats:"), "a database or a prefix");
        }
    }

    #[test]
    fn app_gets_a_fifth_of_the_connections_where_that_can_be_limited() {
        for adapter in crate::offered() {
            let can = adapter.info().can(crate::Capability::ConnectionLimits);
            let mut settings = stardeck_domain::DatabaseSettings::default();
            assert_eq!(adapter.app_connection_limit(&settings).is_some(), can);
            let Some((setting, usual)) = adapter.connection_setting() else { continue };
            assert_eq!(adapter.app_connection_limit(&settings), Some(usual / 5));
            settings.engine.insert(setting.to_owned(), "12".to_owned());
            assert!(adapter.check_settings(&settings.engine).is_ok(), "{setting} is a setting");
            assert_eq!(adapter.app_connection_limit(&settings), Some(2));
        }
    }

    #[test]
    fn variables_name_every_part_and_hide_the_password() {
        let (user, port) = (LoginName::parse("boss").unwrap(), Port::fixed(1));
        let password = Password::parse("s3cr3t".to_owned(), stardeck_domain::PasswordRules::ENGINE).unwrap();
        for adapter in crate::offered() {
            let target = ConnectionTarget {
                host: "shop",
                port,
                user: &user,
                password: &password,
                database: Some("db"),
            };
            let variables = app_variables(*adapter, &target);
            for name in ["DATABASE_URL", "DB_HOST", "DB_PORT", "DB_USER", "DB_PASSWORD", "DB_NAME"] {
                assert!(variables.iter().any(|variable| variable.name == name), "{name}");
            }
            for variable in &variables {
                assert_eq!(
                    variable.value.expose_secret().contains("s3cr3t"),
                    variable.is_secret,
                    "{}",
                    variable.name
                );
            }
            let mut names: Vec<_> = variables.iter().map(|variable| variable.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), variables.len(), "a variable is named twice: {names:?}");
        }
    }
}
