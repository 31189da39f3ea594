//! Connection strings that somebody gives us: any text at all.

use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{Engine, LoginName, Password};
use stardeck_engines::{ConnectionTarget, ExternalTarget, NamedVariable, adapter, parse_external};

use crate::text;

/// Longest string that is taken, in bytes.
const LONGEST: usize = 4096;
/// Longest host, in characters (RFC 1035, section 2.3.4).
const LONGEST_HOST: usize = 253;

/// The whole input is the string.
///
/// # Panics
/// The property does not hold.
pub fn check(input: &[u8]) {
    let given = String::from_utf8_lossy(input);
    if let Some(target) = parsed(&given) {
        check_parts(&given, &target);
        check_variables(&target);
        check_printed(&target);
    }
    check_secrecy(&given);
}

fn parsed(given: &str) -> Option<ExternalTarget> {
    match parse_external(SecretString::from(given.to_owned())) {
        Ok(target) => Some(target),
        Err(wrong) => {
            assert!(!wrong.code.is_empty() && !wrong.reason.is_empty());
            None
        }
    }
}

fn check_parts(given: &str, target: &ExternalTarget) {
    assert_eq!(target.url.expose_secret(), given, "apps get the string as it was given");
    assert!(given.len() <= LONGEST && !given.contains(|c: char| c.is_control() || c.is_whitespace()));
    let host = target.host.as_str();
    assert!(!host.is_empty() && host.len() <= LONGEST_HOST && host.is_ascii(), "{host:?}");
    assert!(!host.eq_ignore_ascii_case("localhost"), "inside an app's container that is the app");
    if let Ok(address) = host.parse::<std::net::IpAddr>() {
        let address = address.to_canonical();
        assert!(!address.is_loopback() && !address.is_unspecified(), "{host} is the app itself");
    }
    // A login is tried only where there is one, and all of it is known.
    let is_whole = target.user.is_some() && target.password.is_some();
    assert!(target.untried_because.is_some() || is_whole);
}

fn check_variables(target: &ExternalTarget) {
    let variables = target.variables(None);
    check_names(&variables, None);
    check_names(&target.variables(Some("CACHE")), Some("CACHE"));
    let port = target.port.to_string();
    let user = target.user.as_ref().map(LoginName::as_str);
    let password = target.password.as_ref().map(Password::expose);
    for (name, part) in [
        ("DATABASE_URL", Some(target.url.expose_secret())),
        ("DB_HOST", Some(target.host.as_str())),
        ("DB_PORT", Some(port.as_str())),
        ("DB_USER", user),
        ("DB_PASSWORD", password),
        ("DB_NAME", target.database.as_deref()),
    ] {
        let found = variables.iter().find(|variable| variable.name == name);
        assert_eq!(found.map(|variable| variable.value.expose_secret()), part, "{name}");
    }
}

/// Variables have names that every program can read, each once, and values that fit into a variable.
pub(crate) fn check_names(variables: &[NamedVariable], prefix: Option<&str>) {
    for (at, variable) in variables.iter().enumerate() {
        let NamedVariable { name, value, is_secret } = variable;
        assert!(name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'), "{name}");
        assert!(prefix.is_none_or(|prefix| name.starts_with(&format!("{prefix}_"))), "{name}");
        assert!(variables.iter().take(at).all(|before| before.name != *name), "{name} is given twice");
        assert!(
            !value.expose_secret().contains(char::is_control),
            "{name} has a value that no variable can have"
        );
        let is_told_secret = ["URL", "URI", "PASSWORD"].iter().any(|end| name.ends_with(end));
        assert_eq!(*is_secret, is_told_secret, "{name}");
    }
}

/// What is printed of the parts means the same parts, and is printed so again.
fn check_printed(target: &ExternalTarget) {
    let (Some(user), Some(password)) = (&target.user, &target.password) else { return };
    let print = |target: &ExternalTarget| {
        let (host, database) = (target.host.as_str(), target.database.as_deref());
        adapter(target.engine).connection_url(&ConnectionTarget {
            host,
            port: target.port,
            user,
            password,
            database,
        })
    };
    let printed = print(target);
    if printed.expose_secret().len() > LONGEST {
        return;
    }
    let again = parsed(printed.expose_secret()).expect("what we print is a connection string");
    assert_eq!(family(again.engine), family(target.engine));
    assert_eq!((&again.host, again.port), (&target.host, target.port));
    assert_eq!(again.user.as_ref(), Some(user));
    assert_eq!(again.password.as_ref().map(Password::expose), Some(password.expose()));
    let usual = adapter(target.engine).app_variables().default_database;
    assert_eq!(again.database.as_deref(), target.database.as_deref().or(usual));
    assert_eq!(again.untried_because, None, "our own strings can be tried");
    assert_eq!(print(&again).expose_secret(), printed.expose_secret());
}

/// The two engines that share a scheme count as one.
fn family(engine: Engine) -> Engine {
    if engine == Engine::MariaDb { Engine::MySql } else { engine }
}

/// A password put into the string is shown by no error, and by no `Debug`.
fn check_secrecy(given: &str) {
    let Some((scheme, rest)) = given.split_once("://") else { return };
    let marked = format!("{scheme}://user:{}{rest}", text::MARKER);
    match parse_external(SecretString::from(marked)) {
        Ok(target) => text::assert_hides(&format!("{target:?}"), "Debug of what was parsed"),
        Err(wrong) => text::assert_hides(&format!("{wrong} {wrong:?}"), "an error"),
    }
}
