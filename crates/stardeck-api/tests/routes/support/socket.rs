//! A client of the API's `WebSockets`.

use std::net::SocketAddr;

use futures_util::StreamExt as _;
use serde_json::Value;
use stardeck_testkit::within_deadline;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error as WsError, Message, client::IntoClientRequest as _, protocol::frame::coding::CloseCode,
    },
};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The cookie that carries a session.
pub(crate) const COOKIE: &str = "__Host-stardeck-session";

/// Shakes hands with these headers; else the status and the problem's code.
pub(crate) async fn connect(
    at: SocketAddr,
    path: &str,
    headers: &[(&'static str, String)],
) -> Result<Socket, (u16, String)> {
    let mut request = format!("ws://{at}{path}").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match within_deadline("the handshake", connect_async(request)).await {
        Ok((socket, _)) => Ok(socket),
        Err(WsError::Http(answer)) => {
            let problem: Value = serde_json::from_slice(answer.body().as_ref().unwrap()).unwrap();
            Err((answer.status().as_u16(), problem["code"].as_str().unwrap().to_owned()))
        }
        Err(error) => panic!("{error}"),
    }
}

/// The header of a program that is signed in.
pub(crate) fn bearer(token: &str) -> [(&'static str, String); 1] {
    [("authorization", format!("Bearer {token}"))]
}

/// The next message.
pub(crate) async fn message(socket: &mut Socket) -> Option<Message> {
    within_deadline("a frame", socket.next()).await.map(Result::unwrap)
}

/// The next frame, past pings.
pub(crate) async fn frame(socket: &mut Socket) -> Value {
    loop {
        match message(socket).await {
            Some(Message::Text(text)) => return serde_json::from_str(&text).unwrap(),
            Some(Message::Ping(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// All frames as they were sent, and the code of the goodbye after which the connection ended.
pub(crate) async fn rest(mut socket: Socket) -> (Vec<String>, CloseCode) {
    let mut frames = Vec::new();
    loop {
        match message(&mut socket).await {
            Some(Message::Text(text)) => frames.push(text.to_string()),
            Some(Message::Ping(_)) => {}
            Some(Message::Close(reason)) => {
                // Answers the goodbye and reads to the end of the connection.
                assert!(message(&mut socket).await.is_none());
                return (frames, reason.unwrap().code);
            }
            other => panic!("{other:?} after {frames:?}"),
        }
    }
}
