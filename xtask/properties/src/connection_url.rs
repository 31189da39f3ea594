//! Connection strings that we print, of every engine: whatever the parts are, they come back.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{ContainerName, LogicalName, LoginName, Password};
use stardeck_engines::{
    Capability, ConnectionTarget, EngineAdapter, ExternalTarget, app_variables, offered, parse_external,
};
use url::Url;

use crate::{
    login::{self, Login},
    text,
};

/// Longest string that is read again, in bytes.
const LONGEST: usize = 4096;

/// See `login::read`. The byte for the engine chooses the host, too; beside it a container's name is tried.
///
/// # Panics
/// The property does not hold.
pub fn check(input: &[u8]) {
    let Some(login) = login::read(input) else { return };
    let hosts = ["shop", "db-0123456789ab", "10.0.0.7", "fd00::1"];
    check_at(&login, text::one_of(&hosts, text::chosen(input).0 / offered().len()));
    if ContainerName::parse(&login.host).is_ok() {
        check_at(&login, &login.host);
    }
}

/// Whether a string with this host is refused, since it means another thing inside an app's container.
fn is_refused(host: &str) -> bool {
    let is_address = host.parse::<IpAddr>();
    let is_itself = is_address.is_ok_and(|address| address.is_loopback() || address.is_unspecified());
    is_itself || host.eq_ignore_ascii_case("localhost") || host.len() > 253
}

fn check_at(login: &Login, host: &str) {
    let password = &login.password;
    let target = target(login, host, password);
    let printed = login.adapter.connection_url(&target).expose_secret().to_owned();
    let Ok(found) = parse_external(SecretString::from(printed.clone())) else {
        assert!(is_refused(host) || printed.len() > LONGEST, "it is not read again: {printed}");
        return;
    };
    assert!(
        printed.is_ascii() && !printed.contains(|c: char| c.is_ascii_control() || c == ' '),
        "{printed:?}"
    );
    check_found(login, host, &found, &printed);
    check_other_parser(login, &printed);
    check_secrecy(login, host, &printed);
}

fn target<'a>(login: &'a Login, host: &'a str, password: &'a Password) -> ConnectionTarget<'a> {
    ConnectionTarget { host, port: login.port, user: &login.user, password, database: named(login) }
}

/// The database that the login names. Where apps have prefixes in place of databases it is no part of a string.
fn named(login: &Login) -> Option<&str> {
    let has_prefixes = login.adapter.info().can(Capability::KeyPrefixes);
    login.database.as_ref().map(LogicalName::as_str).filter(|_| !has_prefixes)
}

/// The database that the printed string is about.
fn database(login: &Login) -> Option<&str> {
    let usual = login.adapter.app_variables().default_database;
    named(login).or(usual)
}

fn check_found(login: &Login, host: &str, found: &ExternalTarget, printed: &str) {
    assert_eq!((found.host.as_str(), found.port), (host, login.port), "{printed}");
    assert_eq!(found.user.as_ref().map(LoginName::as_str), Some(login.user.as_str()), "{printed}");
    assert_eq!(found.password.as_ref().map(Password::expose), Some(login.password.expose()), "{printed}");
    assert_eq!(found.database.as_deref(), database(login), "{printed}");
    assert_eq!(found.untried_because, None, "our own strings can be tried: {printed}");
}

/// What other programs read in it, by a parser of URLs that is not ours.
fn check_other_parser(login: &Login, printed: &str) {
    let url = Url::parse(printed).expect("what we print is a URL");
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned();
    assert_eq!(decoded(url.username()), login.user.as_str(), "{printed}");
    assert_eq!(decoded(url.password().unwrap_or_default()), login.password.expose(), "{printed}");
    assert_eq!(decoded(url.path()), format!("/{}", database(login).unwrap_or_default()), "{printed}");
    assert_eq!(url.port(), Some(login.port.get()), "{printed}");
    assert_eq!(url.fragment(), None, "{printed}");
}

/// Another password changes nothing of what may be shown.
fn check_secrecy(login: &Login, host: &str, printed: &str) {
    let marked = login::marked_password();
    let (own, other) = (shown(login, host, &login.password), shown(login, host, &marked));
    assert_eq!(own, other, "of {printed}");
    text::assert_hides(&other, "Debug");
}

fn shown(login: &Login, host: &str, password: &Password) -> String {
    let target = target(login, host, password);
    let adapter: &dyn EngineAdapter = login.adapter;
    let parsed = parse_external(adapter.connection_url(&target));
    let parsed = parsed.map_err(|wrong| wrong.code);
    let variables = app_variables(adapter, &target);
    let open = variables.iter().filter(|variable| !variable.is_secret);
    let open: Vec<_> = open.map(|variable| (variable.name, variable.value.expose_secret())).collect();
    format!("{target:?} {parsed:?} {variables:?} {open:?}")
}
