//! A login and a place that a property is about, read from the lines of an input.

use stardeck_domain::{LogicalName, LoginName, Password, PasswordRules, Port};
use stardeck_engines::{EngineAdapter, offered};

use crate::text;

/// The parts of a connection, each of which may be anything that its type allows.
pub(crate) struct Login {
    pub(crate) adapter: &'static dyn EngineAdapter,
    pub(crate) port: Port,
    pub(crate) host: String,
    pub(crate) user: LoginName,
    pub(crate) password: Password,
    pub(crate) database: Option<LogicalName>,
    /// The lines behind.
    pub(crate) more: Vec<String>,
}

/// Reads them: a byte for the engine, two for the port, then host, user, password and database in a line each. None where
/// one is not allowed.
pub(crate) fn read(input: &[u8]) -> Option<Login> {
    let (engine, rest) = text::chosen(input);
    let (port, rest) = rest.split_at_checked(2)?;
    let port = Port::parse(i64::from(u16::from_be_bytes(port.try_into().ok()?))).ok()?;
    let mut lines = text::lines(rest);
    let host = text::line(&lines, 0).to_owned();
    let user = LoginName::parse(text::line(&lines, 1)).ok()?;
    let password = Password::parse(text::line(&lines, 2).to_owned(), PasswordRules::ENGINE).ok()?;
    let database = Some(text::line(&lines, 3)).filter(|name| !name.is_empty());
    let database = database.map(LogicalName::parse).transpose().ok()?;
    let more = lines.split_off(lines.len().min(4));
    Some(Login { adapter: text::one_of(offered(), engine), port, host, user, password, database, more })
}

/// The password that nothing may show.
pub(crate) fn marked_password() -> Password {
    Password::parse(text::MARKER.to_owned(), PasswordRules::ENGINE).expect("the marker is a password")
}
