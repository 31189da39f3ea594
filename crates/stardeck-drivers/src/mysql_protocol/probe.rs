//! The question without credentials: the server greets first, so nothing is said at all.

use std::net::SocketAddr;

use tokio::io::AsyncReadExt;

use crate::{
    Error, Probe,
    net::{connect, io_error, within},
};

/// Longest greeting taken, in bytes. Real ones have about a hundred.
const GREETING_MAX: u32 = 1024;

/// The first byte of the greeting of every server since 2000 (protocol version 10).
const GREETING: u8 = 0x0a;

/// The first byte of an error.
const ERROR: u8 = 0xff;

/// Errors that pass by themselves: too many connections, going down, short of memory.
const NOT_NOW: &[u16] = &[1040, 1041, 1053];

/// Asks whether the server greets.
pub(crate) async fn probe(addr: SocketAddr, timeout: std::time::Duration) -> Probe {
    match within(timeout, ask(addr)).await {
        Ok(()) => Probe::Answers,
        Err(error) => Probe::NotYet { reason: error.to_string() },
    }
}

async fn ask(addr: SocketAddr) -> Result<(), Error> {
    let mut stream = connect(addr).await?;
    let failed = |error: std::io::Error| io_error(addr, &error);
    // Three bytes of length, the lowest first, and the packet's number, which begins at 0.
    let header = stream.read_u32_le().await.map_err(failed)?;
    if header == 0 || header > GREETING_MAX {
        return Err(Error::protocol("it does not greet as MySQL and MariaDB do"));
    }
    let mut packet = Vec::new();
    (&mut stream).take(header.into()).read_to_end(&mut packet).await.map_err(failed)?;
    if u32::try_from(packet.len()).ok() != Some(header) {
        return Err(Error::not_ready("the connection was closed"));
    }
    judge(&packet)
}

fn judge(packet: &[u8]) -> Result<(), Error> {
    match packet {
        [ERROR, low, high, message @ ..] if NOT_NOW.contains(&u16::from_le_bytes([*low, *high])) => {
            Err(Error::not_ready(String::from_utf8_lossy(message)))
        }
        [GREETING, ..] | [ERROR, _, _, ..] => Ok(()),
        _ => Err(Error::protocol("it does not greet as MySQL and MariaDB do")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greeting_and_refusal_for_good_are_answers() {
        assert_eq!(judge(b"\x0a10.11.6-MariaDB\0"), Ok(()));
        // Host is not allowed to connect.
        assert_eq!(judge(&[0xff, 0x6a, 0x04, b'H']), Ok(()));
    }

    #[test]
    fn refusal_for_now_may_pass() {
        assert!(judge(&[0xff, 0x10, 0x04, b'T', b'o', b'o']).unwrap_err().is_transient());
    }

    #[test]
    fn something_else_is_a_protocol_error() {
        for packet in [&b"HTTP"[..], &[0xff], &[9]] {
            assert!(matches!(judge(packet), Err(Error::Protocol { .. })), "{packet:?}");
        }
    }
}
