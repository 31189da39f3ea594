//! What is followed over a WebSocket. It goes over the same connection pool and the same TLS as every other request.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::{Method, Upgraded};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        handshake::{client::generate_key, derive_accept_key},
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use crate::{
    Client, Error,
    types::{DatabaseId, ListLogsQuery, LogFrame},
};

/// How long nothing may come. The server pings every 20 seconds.
const SILENCE: Duration = Duration::from_mins(1);
/// Largest message in bytes. A line of a log comes in pieces of 8 KiB.
const MESSAGE_MAX: usize = 1024 * 1024;

/// A log that is followed.
#[derive(Debug)]
pub struct LogFollow {
    socket: WebSocketStream<Upgraded>,
}

impl Client {
    /// Follows what the database server logs: the last lines there are, then what comes, over restarts of the database until
    /// it is deleted.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or speaks no WebSocket.
    pub async fn follow_logs(&self, id: DatabaseId, query: &ListLogsQuery) -> Result<LogFollow, Error> {
        let key = generate_key();
        let accept = derive_accept_key(key.as_bytes());
        let path = ["api", "databases", &id.to_string(), "logs", "follow"];
        let stream = self.request(Method::GET, &path).query(&query.pairs()).upgrade(&key, &accept).await?;
        let limits =
            WebSocketConfig::default().max_message_size(Some(MESSAGE_MAX)).max_frame_size(Some(MESSAGE_MAX));
        let socket = WebSocketStream::from_raw_socket(stream, Role::Client, Some(limits)).await;
        Ok(LogFollow { socket })
    }
}

impl LogFollow {
    /// The next frame; None when the database was deleted.
    ///
    /// # Errors
    /// The connection broke or was ended, nothing came for a minute, or it was no frame of a log.
    pub async fn next(&mut self) -> Result<Option<LogFrame>, Error> {
        loop {
            // Pings are answered by the socket itself, while it is read from.
            let message = tokio::time::timeout(SILENCE, self.socket.next()).await;
            match message.map_err(|_| Error::Timeout)? {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text);
                    return frame.map(Some).map_err(|source| Error::Unexpected { status: 101, source });
                }
                Some(Ok(Message::Close(frame))) => return end(frame),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(broken(&error)),
                None => return end(None),
            }
        }
    }
}

fn end(frame: Option<CloseFrame>) -> Result<Option<LogFrame>, Error> {
    match frame {
        Some(frame) if frame.code == CloseCode::Normal => Ok(None),
        Some(frame) if frame.code == CloseCode::Away => {
            Err(Error::Ended { reason: "it ends itself".to_owned() })
        }
        Some(frame) if frame.code == CloseCode::Policy => {
            Err(Error::Ended { reason: "what it was signed in with is not good any more".to_owned() })
        }
        Some(frame) => Err(Error::Ended { reason: frame.to_string() }),
        None => Err(Error::Ended { reason: "it said nothing about it".to_owned() }),
    }
}

fn broken(error: &tungstenite::Error) -> Error {
    match error {
        tungstenite::Error::Capacity(_) => Error::TooLarge,
        error => Error::Ended { reason: error.to_string() },
    }
}
