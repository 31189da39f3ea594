//! The question without credentials: a start-up message, and one message back.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    MAINTENANCE_DATABASE,
    wire::{AUTHENTICATION, ERROR_RESPONSE, message_end},
};
use crate::{
    Error,
    net::{connect, io_error},
};

/// Protocol 3.0.
const PROTOCOL: u32 = 196_608;

/// Whom we ask for. The server asks for a password whether the role exists or not.
const USER: &str = "stardeck";

/// SQLSTATEs of a server that is starting, recovering or going down (`cannot_connect_now`, `admin_shutdown`,
/// `crash_shutdown`).
const NOT_NOW: &[&str] = &["57P03", "57P01", "57P02"];

/// Ok when the server decides about logins: it asked for a password, let us in, or refused for good.
pub(super) async fn ask(addr: SocketAddr) -> Result<(), Error> {
    let mut stream = connect(addr).await?;
    let failed = |error: std::io::Error| io_error(addr, &error);
    stream.write_all(&startup_message()).await.map_err(failed)?;
    let tag = stream.read_u8().await.map_err(failed)?;
    if tag != AUTHENTICATION && tag != ERROR_RESPONSE {
        return Err(Error::protocol("it does not answer as PostgreSQL does"));
    }
    let length = stream.read_u32().await.map_err(failed)?;
    // The rest is always read: closing a connection with unread bytes resets it, which the server writes to its log.
    let rest = message_end(length).map_err(Error::protocol)?.saturating_sub(5);
    let mut body = Vec::new();
    (&mut stream).take(rest.into()).read_to_end(&mut body).await.map_err(failed)?;
    if u32::try_from(body.len()).ok() != Some(rest) {
        return Err(Error::not_ready("the connection was closed"));
    }
    if tag == ERROR_RESPONSE {
        return judge(&body);
    }
    Ok(())
}

/// Tells a refusal for now from one for good.
fn judge(body: &[u8]) -> Result<(), Error> {
    match error_field(body, b'C') {
        Some(code) if NOT_NOW.contains(&code) => {
            Err(Error::not_ready(error_field(body, b'M').unwrap_or("starting or stopping")))
        }
        Some(_) => Ok(()),
        None => Err(Error::protocol("it sends errors without a code")),
    }
}

/// One field of an error: each is a letter and a text that ends with a zero byte.
fn error_field(body: &[u8], wanted: u8) -> Option<&str> {
    body.split(|byte| *byte == 0)
        .filter_map(<[u8]>::split_first)
        .find(|(letter, _)| **letter == wanted)
        .and_then(|(_, text)| std::str::from_utf8(text).ok())
}

/// The length, the protocol, and pairs of texts, each ending with a zero byte.
fn startup_message() -> Vec<u8> {
    let mut body = PROTOCOL.to_be_bytes().to_vec();
    for text in ["user", USER, "database", MAINTENANCE_DATABASE, ""] {
        body.extend_from_slice(text.as_bytes());
        body.push(0);
    }
    // The length counts itself; the texts above are far too short for it not to fit.
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).saturating_add(4);
    [length.to_be_bytes().to_vec(), body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn startup_message_is_as_the_protocol_says() {
        let expected = b"\0\0\0\x29\0\x03\0\0user\0stardeck\0database\0postgres\0\0";
        assert_eq!(startup_message(), expected);
        assert_eq!(startup_message().len(), 0x29);
    }

    #[test]
    fn only_a_server_that_starts_or_stops_is_not_ready() {
        let error =
            |code: &str| format!("SFATAL\0C{code}\0Mthe database system is starting up\0\0").into_bytes();
        for code in NOT_NOW {
            assert_eq!(judge(&error(code)), Err(Error::not_ready("the database system is starting up")));
        }
        for code in ["3D000", "28000", "53300"] {
            assert_eq!(judge(&error(code)), Ok(()));
        }
        assert!(judge(b"\0\0garbage").is_err());
    }
}
