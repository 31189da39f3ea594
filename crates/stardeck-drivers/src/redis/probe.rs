//! The question without credentials: a PING, and one line back.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

use crate::{
    Error,
    net::{connect, io_error},
};

/// Longest line that is read, in bytes. Replies to a PING have far fewer.
const LINE_MAX: u64 = 1024;

/// Errors of a server that loads its data, or copies it from another.
const NOT_NOW: &[&str] = &["LOADING", "MASTERDOWN", "BUSY"];

/// Ok when the server decides about logins: it asked for a password, let us in, or refused for good.
pub(super) async fn ask(addr: SocketAddr) -> Result<(), Error> {
    let mut stream = connect(addr).await?;
    let failed = |error: std::io::Error| io_error(addr, &error);
    stream.write_all(b"*1\r\n$4\r\nPING\r\n").await.map_err(failed)?;
    let mut line = Vec::new();
    BufReader::new(stream.take(LINE_MAX)).read_until(b'\n', &mut line).await.map_err(failed)?;
    judge(&line)
}

fn judge(line: &[u8]) -> Result<(), Error> {
    let text = match line.strip_suffix(b"\r\n") {
        Some(whole) => String::from_utf8_lossy(whole),
        None if line.is_empty() => return Err(Error::not_ready("the connection was closed")),
        None => return Err(Error::protocol("it does not answer as Redis does")),
    };
    match text.strip_prefix('-') {
        Some(error) => {
            let code = error.split(' ').next().unwrap_or_default();
            if NOT_NOW.contains(&code) { Err(Error::not_ready(error)) } else { Ok(()) }
        }
        None if text == "+PONG" => Ok(()),
        None => Err(Error::protocol("it does not answer as Redis does")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_asks_for_a_password_answers() {
        for line in ["-NOAUTH Authentication required.\r\n", "+PONG\r\n", "-NOPERM no\r\n", "-DENIED x\r\n"] {
            assert_eq!(judge(line.as_bytes()), Ok(()), "{line}");
        }
    }

    #[test]
    fn a_server_that_loads_its_data_may_answer_later() {
        for line in ["-LOADING Redis is loading the dataset in memory\r\n", "-MASTERDOWN x\r\n", ""] {
            assert!(judge(line.as_bytes()).unwrap_err().is_transient(), "{line}");
        }
    }

    #[test]
    fn something_else_is_a_protocol_error() {
        for line in ["HTTP/1.1 400 Bad Request\r\n", "+PONG", "$4\r\n", "\0\0\0\n"] {
            assert!(matches!(judge(line.as_bytes()), Err(Error::Protocol { .. })), "{line}");
        }
    }
}
