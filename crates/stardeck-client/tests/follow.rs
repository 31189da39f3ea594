//! A log that is followed. The server here says what the test wants.
#![expect(clippy::unwrap_used, reason = "a test that meets something unexpected should end there")]

use futures_util::{SinkExt as _, StreamExt as _};
use stardeck_client::{
    Client, Error,
    types::{DatabaseId, ListLogsQuery, LogFrameType, ProblemCode},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{Request, Response},
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

async fn listening() -> (TcpListener, Client) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    (listener, client.with_bearer("hush".into()))
}

fn id() -> DatabaseId {
    ID.parse().unwrap()
}

/// Takes one follower, sends it these messages and a goodbye, and gives back what it sent meanwhile.
async fn send(listener: TcpListener, messages: Vec<Message>, code: CloseCode) -> Vec<Message> {
    let (stream, _) = listener.accept().await.unwrap();
    #[expect(clippy::result_large_err, reason = "the form that tungstenite wants")]
    let look = |request: &Request, response: Response| {
        assert_eq!(request.uri(), format!("/api/databases/{ID}/logs/follow?tail=5").as_str());
        assert_eq!(request.headers().get("authorization").unwrap(), "Bearer hush");
        Ok(response)
    };
    let mut socket = accept_hdr_async(stream, look).await.unwrap();
    for message in messages {
        socket.send(message).await.unwrap();
    }
    let goodbye = CloseFrame { code, reason: "".into() };
    socket.send(Message::Close(Some(goodbye))).await.unwrap();
    let mut answers = Vec::new();
    while let Some(Ok(message)) = socket.next().await {
        answers.push(message);
    }
    answers
}

#[tokio::test]
async fn lines_come_until_the_database_is_deleted_and_pings_are_answered() {
    let (listener, client) = listening().await;
    let line =
        r#"{"type": "line", "seq": 1, "at": null, "stream": "stdout", "line": "hello", "skipped": null}"#;
    let gap = r#"{"type": "gap", "seq": null, "at": null, "stream": null, "line": null, "skipped": 7}"#;
    let ping = Message::Ping("are you there".into());
    let messages = vec![Message::text(line), ping, Message::text(gap)];
    let server = tokio::spawn(send(listener, messages, CloseCode::Normal));
    let query = ListLogsQuery { tail: Some(5), since: None };
    let mut log = client.follow_logs(id(), &query).await.unwrap();
    let frame = log.next().await.unwrap().unwrap();
    assert_eq!((frame.r#type, frame.line.as_deref()), (LogFrameType::Line, Some("hello")));
    let frame = log.next().await.unwrap().unwrap();
    assert_eq!((frame.r#type, frame.skipped), (LogFrameType::Gap, Some(7)));
    assert!(log.next().await.unwrap().is_none());
    drop(log);
    let answers = server.await.unwrap();
    assert!(answers.iter().any(|message| matches!(message, Message::Pong(_))), "{answers:?}");
}

#[tokio::test]
async fn an_end_that_is_not_the_databases_is_an_error() {
    for code in [CloseCode::Away, CloseCode::Policy, CloseCode::Error] {
        let (listener, client) = listening().await;
        let server = tokio::spawn(send(listener, Vec::new(), code));
        let query = ListLogsQuery { tail: Some(5), since: None };
        let mut log = client.follow_logs(id(), &query).await.unwrap();
        assert!(matches!(log.next().await, Err(Error::Ended { .. })), "{code}");
        drop(log);
        server.await.unwrap();
    }
}

async fn answer(listener: TcpListener, text: String) -> TcpStream {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = [0; 4096];
    assert_ne!(stream.read(&mut request).await.unwrap(), 0);
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_refused_handshake_carries_the_servers_problem_and_another_program_is_told_from_it() {
    let problem = r#"{"type": "/x", "title": "t", "status": 403, "detail": "the role is too low", "code": "forbidden"}"#;
    let (listener, client) = listening().await;
    let length = problem.len();
    let refusal = format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {length}\r\n\r\n{problem}");
    let server = tokio::spawn(answer(listener, refusal));
    let error = client.follow_logs(id(), &ListLogsQuery::default()).await.unwrap_err();
    assert_eq!(error.code(), Some(ProblemCode::Forbidden));
    server.await.unwrap();

    let (listener, client) = listening().await;
    let wrong = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                 sec-websocket-accept: AAAA\r\n\r\n";
    let server = tokio::spawn(answer(listener, wrong.to_owned()));
    let error = client.follow_logs(id(), &ListLogsQuery::default()).await.unwrap_err();
    assert!(matches!(error, Error::Ended { .. }), "{error:?}");
    server.await.unwrap();
}
