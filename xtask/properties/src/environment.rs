//! The variables that an app gets for its login: whatever the parts are, the app reads the same parts.

use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{LogicalName, LoginName, Password};
use stardeck_engines::{AppTarget, Capability, NamedVariable, app_environment, parse_external};

use crate::{
    connection_string::check_names,
    login::{self, Login},
    text,
};

/// The name by which apps reach the server.
const HOST: &str = "shop-db";
/// Longest string that is read again, in bytes.
const LONGEST: usize = 4096;

/// See `login::read`; the line behind is the prefix.
///
/// # Panics
/// The property does not hold.
pub fn check(input: &[u8]) {
    let Some(login) = login::read(input) else { return };
    let prefix = Some(text::line(&login.more, 0)).filter(|prefix| is_prefix(prefix));
    let variables = variables(&login, &login.password, prefix);
    check_names(&variables, prefix);
    check_values(&login, &variables, prefix);
    check_secrecy(&login, &variables, prefix);
}

/// What the API takes as a prefix.
fn is_prefix(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn variables(login: &Login, password: &Password, prefix: Option<&str>) -> Vec<NamedVariable> {
    let target = AppTarget {
        host: HOST,
        port: login.port,
        user: &login.user,
        password,
        database: login.database.as_ref(),
        env_prefix: prefix,
    };
    app_environment(login.adapter, &target)
}

fn check_values(login: &Login, variables: &[NamedVariable], prefix: Option<&str>) {
    let value = |name: &str| {
        let name = prefix.map_or_else(|| name.to_owned(), |prefix| format!("{prefix}_{name}"));
        let found = variables.iter().find(|variable| variable.name == name);
        found.map(|variable| variable.value.expose_secret())
    };
    assert_eq!(value("DB_HOST"), Some(HOST));
    assert_eq!(value("DB_PORT"), Some(login.port.to_string().as_str()));
    assert_eq!(value("DB_USER"), Some(login.user.as_str()));
    assert_eq!(value("DB_PASSWORD"), Some(login.password.expose()));
    let own = login.adapter.app_variables();
    // Where apps share the engine's keys by prefixes, the name of the logical database is one.
    let name = login.database.as_ref().map(LogicalName::as_str);
    let has_prefixes = login.adapter.info().can(Capability::KeyPrefixes);
    let (database, keys) = if has_prefixes { (None, name) } else { (name, None) };
    assert_eq!(value("DB_NAME"), database.or(own.default_database));
    for known in own.key_prefix {
        assert_eq!(value(known).map(str::to_owned), keys.map(|keys| format!("{keys}:")), "{known}");
    }
    // Every name of one part has the same value.
    for (general, names) in [
        ("DATABASE_URL", own.url),
        ("DB_HOST", own.host),
        ("DB_PORT", own.port),
        ("DB_USER", own.user),
        ("DB_PASSWORD", own.password),
        ("DB_NAME", own.database),
    ] {
        assert!(names.iter().all(|name| value(name) == value(general)), "{general}");
    }
    check_url(value("DATABASE_URL").expect("every app gets a URL"), login, value("DB_NAME"));
}

/// The URL says the same as the parts.
fn check_url(url: &str, login: &Login, database: Option<&str>) {
    if url.len() > LONGEST {
        return;
    }
    let found = parse_external(SecretString::from(url.to_owned())).expect("what an app is given can be read");
    assert_eq!((found.host.as_str(), found.port), (HOST, login.port));
    assert_eq!(found.user.as_ref().map(LoginName::as_str), Some(login.user.as_str()));
    assert_eq!(found.password.as_ref().map(Password::expose), Some(login.password.expose()));
    assert_eq!(found.database.as_deref(), database);
}

/// Another password changes nothing but what is called secret.
fn check_secrecy(login: &Login, variables: &[NamedVariable], prefix: Option<&str>) {
    let others = self::variables(login, &login::marked_password(), prefix);
    assert_eq!(format!("{variables:?}"), format!("{others:?}"));
    text::assert_hides(&format!("{others:?}"), "Debug of variables");
    for (own, other) in variables.iter().zip(&others) {
        let is_same = own.value.expose_secret() == other.value.expose_secret();
        assert!(own.is_secret || is_same, "{} holds the password and is not called secret", own.name);
    }
}
