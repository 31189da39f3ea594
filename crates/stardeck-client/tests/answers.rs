//! What the client makes of what a server says. The server here says what the test wants.
#![expect(clippy::unwrap_used, reason = "a test that meets something unexpected should end there")]

use secrecy::ExposeSecret as _;
use stardeck_client::{
    Client, Error,
    types::{CreateDatabaseRequest, DataFate, DatabaseStatus, DeleteDatabaseQuery, Engine, ProblemCode},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// A server that gives one answer; it hands back the request it got.
async fn answering(answer: String) -> (Client, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let request = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !is_whole(&request) {
            let mut chunk = [0; 4096];
            let count = stream.read(&mut chunk).await.unwrap();
            assert_ne!(count, 0, "the request broke off");
            request.extend(chunk.iter().take(count));
        }
        // A client that has heard enough closes the connection, which is no concern of the server.
        stream.write_all(answer.as_bytes()).await.ok();
        String::from_utf8(request).unwrap()
    });
    (client, request)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn json(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn user() -> String {
    format!(
        r#"{{"id": "{ID}", "username": "admin", "role": "admin", "created_at": "2026-01-31T12:00:00Z",
            "last_login_at": null, "a_member_of_the_future": 1}}"#
    )
}

#[tokio::test]
async fn a_login_is_kept_for_what_follows() {
    let login =
        format!(r#"{{"token": "the-token", "expires_at": "2026-01-31T12:00:00Z", "user": {}}}"#, user());
    let (mut client, request) = answering(json("200 OK", &login)).await;
    let who = client.sign_in("admin", "p@ss word".into()).await.unwrap();
    assert_eq!(who.username.as_str(), "admin");
    assert!(request.await.unwrap().contains(r#"{"username":"admin","password":"p@ss word"}"#));
    assert_eq!(client.bearer().unwrap().expose_secret(), "the-token");

    let (other, request) = answering(json("200 OK", &user())).await;
    other.with_bearer("the-token".into()).get_me().await.unwrap();
    let request = request.await.unwrap();
    assert!(request.starts_with("GET /api/auth/me HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: Bearer the-token\r\n"), "{request}");
}

#[tokio::test]
async fn a_refusal_carries_the_servers_problem() {
    let problem = r#"{"type": "/docs/problems/name_taken", "title": "t", "status": 409, "detail": "the name is taken",
        "code": "name_taken", "operation_id": null}"#;
    let (client, request) = answering(json("409 Conflict", problem)).await;
    let mut body = CreateDatabaseRequest::new(Engine::Postgresql, "shop".to_owned());
    body.admin_password = Some("hush-hush".into());
    let error = client.create_database(&body).await.unwrap_err();
    assert_eq!(error.code(), Some(ProblemCode::NameTaken));
    assert_eq!(error.to_string(), "the name is taken");
    let sent = request.await.unwrap();
    assert!(
        sent.contains(r#""type":"postgresql""#) && sent.contains(r#""admin_password":"hush-hush""#),
        "{sent}"
    );
    assert!(!sent.contains("external_port"), "{sent}");
    assert!(!format!("{body:?}{error:?}").contains("hush"));
}

#[tokio::test]
async fn values_in_path_and_query_are_encoded() {
    let (client, request) = answering(json("404 Not Found", "{}")).await;
    let query = DeleteDatabaseQuery::new(DataFate::Delete, "a&b c".to_owned());
    client.delete_database(ID.parse().unwrap(), &query).await.unwrap_err();
    let request = request.await.unwrap();
    let wanted = format!("DELETE /api/databases/{ID}?data=delete&confirm=a%26b+c HTTP/1.1\r\n");
    assert!(request.starts_with(&wanted), "{request}");
}

#[tokio::test]
async fn an_answer_of_another_program_is_told_from_a_refusal() {
    for answer in [
        json("200 OK", "<html>"),
        json("200 OK", "{}"),
        json("502 Bad Gateway", "<html>proxy</html>"),
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_owned(),
    ] {
        let (client, _request) = answering(answer).await;
        let error = client.get_me().await.unwrap_err();
        assert!(matches!(error, Error::Unexpected { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let (client, _request) = answering(json("200 OK", &"x".repeat(17 * 1024 * 1024))).await;
    assert!(matches!(client.get_me().await, Err(Error::TooLarge)));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_transport_error() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::new(&format!("http://{address}")).unwrap();
    assert!(matches!(client.get_me().await, Err(Error::Transport(_))));
}

#[test]
fn words_of_a_newer_server_are_read_as_other() {
    let status: Vec<DatabaseStatus> = serde_json::from_str(r#"["running", "hibernating"]"#).unwrap();
    assert_eq!(status, [DatabaseStatus::Running, DatabaseStatus::Other]);
}
