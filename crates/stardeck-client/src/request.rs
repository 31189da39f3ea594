//! Sending one request and reading its answer.

use reqwest::{
    RequestBuilder, Response, StatusCode, Upgraded,
    header::{CONNECTION, UPGRADE},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::Error;

/// Largest answer in bytes. The longest are logs.
const ANSWER_MAX: usize = 16 * 1024 * 1024;

/// A request that is being put together.
pub(crate) struct Request(RequestBuilder);

impl Request {
    pub(crate) const fn new(builder: RequestBuilder) -> Self {
        Self(builder)
    }

    /// Adds parameters to the query.
    pub(crate) fn query(self, pairs: &[(&'static str, String)]) -> Self {
        Self(self.0.query(pairs))
    }

    /// Sets a header, when there is a value.
    pub(crate) fn header(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => Self(self.0.header(name, value)),
            None => self,
        }
    }

    /// Sets the body.
    pub(crate) fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.json(body))
    }

    /// Sends it and reads the answer.
    pub(crate) async fn answer<T: DeserializeOwned>(self) -> Result<T, Error> {
        let (status, body) = self.send().await?;
        serde_json::from_slice(&body).map_err(|source| Error::Unexpected { status, source })
    }

    /// Sends it; there is nothing to read.
    pub(crate) async fn done(self) -> Result<(), Error> {
        self.send().await.map(|_| ())
    }

    /// Sends it as the handshake of a WebSocket. `key` and `accept` belong together (RFC 6455, 4.1).
    pub(crate) async fn upgrade(self, key: &str, accept: &str) -> Result<Upgraded, Error> {
        let request = self
            .0
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", key);
        let response = request.send().await.map_err(Error::transport)?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(refusal(response.status(), &read(response).await?));
        }
        let answered = response.headers().get("sec-websocket-accept");
        if answered.is_none_or(|answered| answered.as_bytes() != accept.as_bytes()) {
            return Err(Error::Ended { reason: "it does not speak WebSocket".to_owned() });
        }
        response.upgrade().await.map_err(Error::transport)
    }

    async fn send(self) -> Result<(u16, Vec<u8>), Error> {
        let response = self.0.send().await.map_err(Error::transport)?;
        let status = response.status();
        let body = read(response).await?;
        if status.is_success() {
            return Ok((status.as_u16(), body));
        }
        Err(refusal(status, &body))
    }
}

/// What an answer that is none of success says.
fn refusal(status: StatusCode, body: &[u8]) -> Error {
    match serde_json::from_slice(body) {
        Ok(problem) => Error::Problem(Box::new(problem)),
        Err(source) => Error::Unexpected { status: status.as_u16(), source },
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Error::transport)? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
