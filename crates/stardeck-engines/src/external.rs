//! Connection strings that somebody else made: taken apart, with what can be said about them before they are tried.
//!
//! Nothing of a string reaches an error, since it may hold a password.

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{Engine, InvalidValue, LoginName, Password, PasswordRules, Port};

use crate::{EngineAdapter, NamedVariable, connection::Parts};

/// Longest connection string, in bytes.
const LONGEST: usize = 4096;

/// What an engine's connection strings look like.
#[derive(Debug)]
pub struct UrlRules {
    /// Schemes of plain connections.
    pub(crate) schemes: &'static [&'static str],
    /// Schemes of encrypted ones.
    pub(crate) encrypted_schemes: &'static [&'static str],
    /// Schemes that can not be used, and what can be instead.
    pub(crate) refused_schemes: &'static [(&'static str, &'static str)],
    /// Parameters that ask for encryption, and their values that do not.
    pub(crate) encryption: &'static [(&'static str, &'static [&'static str])],
    /// The login that is meant when a string has a password alone.
    pub(crate) default_user: Option<&'static str>,
    /// Whether logins are kept where a parameter says, and where ours look for them.
    pub(crate) account_source: Option<(&'static str, &'static str)>,
    /// Parameters that clients take in the place of a part of the string, so that they would go elsewhere than was tried.
    pub(crate) overriding: &'static [&'static str],
    /// Whether the path is the number of a database.
    pub(crate) is_database_numbered: bool,
}

/// A server that somebody else runs, and an app's login there.
#[derive(Debug)]
pub struct ExternalTarget {
    /// The engine.
    pub engine: Engine,
    /// The host; the first where there are several.
    pub host: String,
    /// Its port.
    pub port: Port,
    /// The login name.
    pub user: Option<LoginName>,
    /// The password.
    pub password: Option<Password>,
    /// The logical database.
    pub database: Option<String>,
    /// Why a login with it can not be tried from here; None when it can.
    pub untried_because: Option<&'static str>,
    /// The whole string, as it was given.
    pub url: SecretString,
}

/// Takes a connection string apart.
///
/// # Errors
/// It is no URL of an engine, or names a host that is another thing inside an app's container than outside.
pub fn parse_external(given: SecretString) -> Result<ExternalTarget, InvalidValue> {
    let text = given.expose_secret();
    if text.len() > LONGEST || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        let reason = format!("must have at most {LONGEST} bytes, and no spaces");
        return Err(InvalidValue::new("invalid_url", reason));
    }
    let (scheme, rest) = text.split_once("://").ok_or_else(unknown_scheme)?;
    let scheme = scheme.to_ascii_lowercase();
    let (adapter, is_encrypted) = adapter_of(&scheme)?;
    let rules = adapter.url_rules();
    let rest = rest.split('#').next().unwrap_or_default();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    // Passwords that hold an @ should be encoded, and often are not.
    let (login, hosts) = match authority.rsplit_once('@') {
        Some((login, hosts)) => (Some(login), hosts),
        None => (None, authority),
    };
    let (host, port) = host_and_port(hosts.split(',').next().unwrap_or_default(), adapter)?;
    let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, ""))) {
        Some((user, password)) => (decoded(user)?, decoded(password)?),
        None => (String::new(), String::new()),
    };
    let user = match (user.as_str(), rules.default_user) {
        ("", Some(default)) if !password.is_empty() => Some(default.to_owned()),
        ("", _) => None,
        (user, _) => Some(user.to_owned()),
    };
    let user = user.map(|user| LoginName::parse(&user)).transpose()?;
    let password =
        (!password.is_empty()).then(|| Password::parse(password, PasswordRules::ENGINE)).transpose()?;
    let database = Some(decoded(path)?).filter(|name| !name.is_empty());
    // It becomes the value of a variable, which ends at a zero byte.
    if database.as_ref().is_some_and(|name| name.contains(char::is_control)) {
        return Err(InvalidValue::new("invalid_url", "has a database whose name has control characters"));
    }
    if rules.is_database_numbered && database.as_ref().is_some_and(|number| number.parse::<u32>().is_err()) {
        return Err(InvalidValue::new("invalid_url", "has a path that is not the number of a database"));
    }
    let parameters: Vec<_> = query.split(['&', ';']).filter_map(|pair| pair.split_once('=')).collect();
    let overrides = |name: &&&str| parameters.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    if let Some(name) = rules.overriding.iter().find(overrides) {
        let reason = format!("has the parameter {name}; put that into the string itself");
        return Err(InvalidValue::new("invalid_url", reason));
    }
    let untried_because = if is_encrypted || asks_for_encryption(rules, &parameters) {
        Some("it asks for an encrypted connection, which is not tried yet")
    } else if user.is_none() || password.is_none() {
        Some("it has no login with a password")
    } else if has_other_source(rules, &parameters, database.as_deref()) {
        Some("its login is kept in another database than usual")
    } else {
        None
    };
    Ok(ExternalTarget {
        engine: adapter.engine(),
        host,
        port,
        user,
        password,
        database,
        untried_because,
        url: given,
    })
}

impl ExternalTarget {
    /// The variables that an app gets for it: the string as it was given, and its parts as far as there are.
    pub fn variables(&self, env_prefix: Option<&str>) -> Vec<NamedVariable> {
        let adapter = crate::adapter(self.engine);
        let parts = Parts {
            url: &self.url,
            host: &self.host,
            port: self.port,
            user: self.user.as_ref().map(LoginName::as_str),
            password: self.password.as_ref(),
            database: self.database.as_deref(),
        };
        crate::connection::named(adapter.app_variables().fill(&parts), env_prefix)
    }
}

fn adapter_of(scheme: &str) -> Result<(&'static dyn EngineAdapter, bool), InvalidValue> {
    for adapter in crate::offered() {
        let rules = adapter.url_rules();
        if rules.schemes.contains(&scheme) {
            return Ok((*adapter, false));
        }
        if rules.encrypted_schemes.contains(&scheme) {
            return Ok((*adapter, true));
        }
        if let Some((_, instead)) = rules.refused_schemes.iter().find(|(refused, _)| *refused == scheme) {
            return Err(InvalidValue::new("unknown_scheme", (*instead).to_owned()));
        }
    }
    Err(unknown_scheme())
}

fn unknown_scheme() -> InvalidValue {
    let known: Vec<_> = crate::offered()
        .iter()
        .flat_map(|adapter| [adapter.url_rules().schemes, adapter.url_rules().encrypted_schemes].concat())
        .collect();
    InvalidValue::new("unknown_scheme", format!("must begin with one of {}, and ://", known.join(", ")))
}

fn host_and_port(text: &str, adapter: &dyn EngineAdapter) -> Result<(String, Port), InvalidValue> {
    let bad_port = || InvalidValue::new("invalid_url", "has a port that is no number from 1 to 65535");
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => (address, rest.strip_prefix(':')),
        None => match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let port = match port.filter(|port| !port.is_empty()) {
        Some(port) => Port::parse(port.parse::<i64>().map_err(|_| bad_port())?).map_err(|_| bad_port())?,
        None => adapter.info().internal_port,
    };
    let host = decoded(host)?;
    let is_address = host.parse::<std::net::IpAddr>();
    let is_itself = match is_address {
        // `::ffff:127.0.0.1` is 127.0.0.1.
        Ok(address) => address.to_canonical().is_loopback() || address.to_canonical().is_unspecified(),
        Err(_) => host.eq_ignore_ascii_case("localhost") || host.is_empty() || host.starts_with('/'),
    };
    if is_itself {
        let reason = "must name a host: localhost and sockets are the app's own inside its container; the host of the \
                      containers is host.containers.internal there";
        return Err(InvalidValue::new("host_is_the_app", reason));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if is_address.is_err() && (host.len() > 253 || !host.chars().all(is_name)) {
        return Err(InvalidValue::new("invalid_url", "has a host that is no name and no address"));
    }
    Ok((host, port))
}

fn asks_for_encryption(rules: &UrlRules, parameters: &[(&str, &str)]) -> bool {
    parameters.iter().any(|(name, value)| {
        let rule = rules.encryption.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        rule.is_some_and(|(_, plain)| !plain.iter().any(|plain| plain.eq_ignore_ascii_case(value)))
    })
}

/// Whether the login is looked for elsewhere than ours: in what the parameter names, else in the string's own database.
fn has_other_source(rules: &UrlRules, parameters: &[(&str, &str)], database: Option<&str>) -> bool {
    let Some((parameter, usual)) = rules.account_source else { return false };
    let named = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(parameter));
    named.map(|(_, value)| *value).or(database).unwrap_or(usual) != usual
}

fn decoded(text: &str) -> Result<String, InvalidValue> {
    let is_code =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit));
    // Some clients take such a sign for itself, and others refuse the whole string.
    if !text.split('%').skip(1).all(is_code) {
        return Err(InvalidValue::new(
            "invalid_url",
            "has a % that does not begin two hexadecimal digits; write %25 for the sign itself",
        ));
    }
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| InvalidValue::new("invalid_url", "has percent-encoded bytes that are no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ExternalTarget, InvalidValue> {
        parse_external(SecretString::from(text.to_owned()))
    }

    /// Engine, host, port, user, password, database, and whether a login can be tried.
    type Told = (
        &'static str,
        &'static str,
        u16,
        Option<&'static str>,
        Option<&'static str>,
        Option<&'static str>,
        bool,
    );

    #[test]
    fn strings_of_every_engine_are_taken_apart() {
        let cases: [(&str, Told); 14] = [
            (
                "postgresql://u:p%40ss@db.example:6000/shop",
                ("postgresql", "db.example", 6000, Some("u"), Some("p@ss"), Some("shop"), true),
            ),
            (
                "postgres://u:p@h/shop?sslmode=prefer",
                ("postgresql", "h", 5432, Some("u"), Some("p"), Some("shop"), true),
            ),
            (
                "postgres://u:p@h/shop?sslmode=require",
                ("postgresql", "h", 5432, Some("u"), Some("p"), Some("shop"), false),
            ),
            ("postgres://u@h", ("postgresql", "h", 5432, Some("u"), None, None, false)),
            ("POSTGRES://u:a@b@h/x#y", ("postgresql", "h", 5432, Some("u"), Some("a@b"), Some("x"), true)),
            (
                "mysql://u:p@[fd00::1]:3307/shop",
                ("mysql", "fd00::1", 3307, Some("u"), Some("p"), Some("shop"), true),
            ),
            (
                "mysql://u:p@h/shop?ssl-mode=REQUIRED",
                ("mysql", "h", 3306, Some("u"), Some("p"), Some("shop"), false),
            ),
            ("mariadb://u:p@10.0.0.7", ("mariadb", "10.0.0.7", 3306, Some("u"), Some("p"), None, true)),
            ("redis://:p@cache", ("redis", "cache", 6379, Some("default"), Some("p"), None, true)),
            ("redis://cache/3", ("redis", "cache", 6379, None, None, Some("3"), false)),
            ("rediss://u:p@cache", ("redis", "cache", 6379, Some("u"), Some("p"), None, false)),
            (
                "mongodb://u:p@a:1,b:2/shop?authSource=admin",
                ("mongodb", "a", 1, Some("u"), Some("p"), Some("shop"), true),
            ),
            ("mongodb://u:p@a/shop", ("mongodb", "a", 27017, Some("u"), Some("p"), Some("shop"), false)),
            ("mongodb://u:p@a/?tls=true", ("mongodb", "a", 27017, Some("u"), Some("p"), None, false)),
        ];
        for (text, (engine, host, port, user, password, database, is_tried)) in cases {
            let found = parsed(text).unwrap();
            assert_eq!(
                (found.engine.as_str(), found.host.as_str(), found.port.get()),
                (engine, host, port),
                "{text}"
            );
            assert_eq!(found.user.as_ref().map(LoginName::as_str), user, "{text}");
            assert_eq!(found.password.as_ref().map(Password::expose), password, "{text}");
            assert_eq!(
                (found.database.as_deref(), found.untried_because.is_none()),
                (database, is_tried),
                "{text}"
            );
            assert_eq!(found.url.expose_secret(), text);
        }
    }

    #[test]
    fn what_can_not_be_used_is_refused_without_the_password() {
        for (text, code) in [
            ("u:s3cr3t@h", "unknown_scheme"),
            ("oracle://u:s3cr3t@h", "unknown_scheme"),
            ("mongodb+srv://u:s3cr3t@h", "unknown_scheme"),
            ("postgres://u:s3cr3t@h:99999/x", "invalid_url"),
            ("postgres://u:s3cr3t@h:s3cr3t/x", "invalid_url"),
            ("postgres://u:s3cr3t@/x", "host_is_the_app"),
            ("postgres://u:s3cr3t@%2Fvar%2Frun/x", "host_is_the_app"),
            ("mysql://u:s3cr3t@localhost/x", "host_is_the_app"),
            ("redis://:s3cr3t@127.0.0.1", "host_is_the_app"),
            ("redis://:s3cr3t@[::1]", "host_is_the_app"),
            ("redis://:s3cr3t@[::ffff:127.0.0.1]", "host_is_the_app"),
            ("postgres://u:s3cr3t@h/a%00b", "invalid_url"),
            ("postgres://u:s3cr3t@h/a%0Ab", "invalid_url"),
            ("redis://:s3cr3t%ff@h", "invalid_url"),
            ("postgres://u:s3cr3t%4x@h/x", "invalid_url"),
            ("postgres://u:s3cr3t%@h/x", "invalid_url"),
            ("postgres://u:s3cr3t@h/x?host=elsewhere", "invalid_url"),
            ("redis://:s3cr3t@h/shop", "invalid_url"),
            ("redis://:s3cr3t@h h", "invalid_url"),
            ("redis://:s3cr3t@h$", "invalid_url"),
        ] {
            let wrong = parsed(text).unwrap_err();
            assert_eq!(wrong.code, code, "{text}");
            assert!(!format!("{wrong:?}").contains("s3cr3t"), "{wrong:?}");
        }
    }

    #[test]
    fn app_gets_the_string_as_it_was_given_and_its_parts() {
        let variables = parsed("redis://:p%40ss@cache:7000/3").unwrap().variables(Some("CACHE"));
        let value = |name: &str| {
            let found = variables.iter().find(|variable| variable.name == name);
            found.map(|variable| (variable.value.expose_secret(), variable.is_secret))
        };
        assert_eq!(value("CACHE_DATABASE_URL"), Some(("redis://:p%40ss@cache:7000/3", true)));
        assert_eq!(value("CACHE_REDIS_URL"), value("CACHE_DATABASE_URL"));
        assert_eq!(
            (value("CACHE_DB_PASSWORD"), value("CACHE_DB_USER")),
            (Some(("p@ss", true)), Some(("default", false)))
        );
        assert_eq!(
            (value("CACHE_DB_PORT"), value("CACHE_REDIS_DB")),
            (Some(("7000", false)), Some(("3", false)))
        );
        assert!(
            parsed("redis://cache")
                .unwrap()
                .variables(None)
                .iter()
                .all(|variable| variable.name != "DB_PASSWORD")
        );
    }
}
