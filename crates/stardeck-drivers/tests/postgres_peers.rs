//! The PostgreSQL driver against peers that are not, or not yet, a PostgreSQL server.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on fails")]

use std::{net::SocketAddr, time::Duration};

use stardeck_domain::{Engine, LoginName, Password, PasswordRules};
use stardeck_drivers::{Accounts, EngineClient, Error, Login, Probe, client};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::Instant,
};

const PASSWORD: &str = "t0p-s3cr3t";
/// Long enough for anything on this host.
const PATIENT: Duration = Duration::from_secs(20);
/// Short, for peers that never answer.
const IMPATIENT: Duration = Duration::from_millis(300);

/// What a fake peer does after it has read the start-up message.
#[derive(Clone)]
enum Then {
    /// Sends these bytes, then reads until we go away.
    Say(Vec<u8>),
    /// Sends these bytes, then closes.
    SayAndClose(Vec<u8>),
    /// Sends the first once, then the second again and again until we go away.
    Flood(Vec<u8>, Vec<u8>),
}

/// A peer for one connection. It hands back what it was told after the start-up message.
struct Peer {
    addr: SocketAddr,
    heard: JoinHandle<Vec<u8>>,
}

async fn peer(then: Then) -> Peer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        play(stream, then).await
    });
    Peer { addr, heard }
}

async fn play(mut stream: TcpStream, then: Then) -> Vec<u8> {
    let length = stream.read_u32().await.unwrap();
    let mut startup = vec![0; usize::try_from(length).unwrap() - 4];
    stream.read_exact(&mut startup).await.unwrap();
    let mut heard = Vec::new();
    // Broken connections are what these peers are about, so their errors end the play and nothing more.
    match then {
        Then::Say(bytes) => {
            if stream.write_all(&bytes).await.is_ok() {
                drop(stream.read_to_end(&mut heard).await);
            }
        }
        Then::SayAndClose(bytes) => drop(stream.write_all(&bytes).await),
        Then::Flood(first, again) => {
            let mut alive = stream.write_all(&first).await.is_ok();
            while alive {
                alive = stream.write_all(&again).await.is_ok();
            }
        }
    }
    heard
}

/// An address at which nothing listens.
async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[tag][..], &length.to_be_bytes(), body].concat()
}

fn authentication(kind: u32, more: &[u8]) -> Vec<u8> {
    message(b'R', &[&kind.to_be_bytes()[..], more].concat())
}

fn sasl() -> Vec<u8> {
    authentication(10, b"SCRAM-SHA-256\0\0")
}

fn refusal(code: &str, text: &str) -> Vec<u8> {
    message(b'E', format!("SFATAL\0VFATAL\0C{code}\0M{text}\0\0").as_bytes())
}

/// A server that lets everybody in.
fn welcome() -> Vec<u8> {
    [authentication(0, &[]), message(b'Z', b"I")].concat()
}

fn driver() -> &'static dyn EngineClient {
    client(Engine::PostgreSql).unwrap()
}

fn account(name: &str) -> (LoginName, Password) {
    let password = Password::parse(PASSWORD.to_owned(), PasswordRules::ENGINE).unwrap();
    (LoginName::parse(name).unwrap(), password)
}

fn login_to(addr: SocketAddr, timeout: Duration) -> Login {
    let (user, password) = account("postgres");
    Login { addr, user, password, database: None, timeout }
}

async fn login(then: Then, timeout: Duration) -> Error {
    let error = driver().login(&login_to(peer(then).await.addr, timeout)).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(PASSWORD));
    error
}

async fn probe(then: Then) -> Probe {
    driver().probe(peer(then).await.addr, PATIENT).await
}

fn reason(probe: Probe) -> String {
    match probe {
        Probe::NotYet { reason } => reason,
        Probe::Answers => panic!("the probe took it for an engine that answers"),
    }
}

#[tokio::test]
async fn probe_of_a_server_that_asks_for_a_password_is_an_answer() {
    let peer = peer(Then::Say(sasl())).await;
    assert_eq!(driver().probe(peer.addr, PATIENT).await, Probe::Answers);
    assert!(peer.heard.await.unwrap().is_empty(), "the probe said more than its start-up message");
}

#[tokio::test]
async fn probe_of_a_server_that_refuses_for_good_is_an_answer() {
    assert_eq!(probe(Then::SayAndClose(refusal("3D000", "no such database"))).await, Probe::Answers);
    assert_eq!(probe(Then::SayAndClose(welcome())).await, Probe::Answers);
}

#[tokio::test]
async fn probe_of_a_starting_server_is_not_yet() {
    let starting = refusal("57P03", "the database system is starting up");
    assert!(reason(probe(Then::SayAndClose(starting)).await).contains("starting up"));
}

#[tokio::test]
async fn probe_where_nobody_listens_is_not_yet() {
    assert!(reason(driver().probe(nobody().await, PATIENT).await).contains("nothing listens"));
}

#[tokio::test]
async fn probe_of_a_connection_that_closes_is_not_yet() {
    for bytes in [Vec::new(), b"R".to_vec(), b"R\0\0\0\x17\0".to_vec(), b"E\0\0\0\xffC57P03\0".to_vec()] {
        assert!(reason(probe(Then::SayAndClose(bytes)).await).contains("closed"));
    }
}

#[tokio::test]
async fn probe_of_something_else_is_not_yet() {
    for bytes in [
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        b"R\x7f\xff\xff\xff".to_vec(),
        b"E\0\0\0\0".to_vec(),
        message(b'E', b"no fields at all"),
        vec![0; 4096],
    ] {
        assert!(reason(probe(Then::Say(bytes)).await).contains("protocol"));
    }
}

#[tokio::test]
async fn probe_of_a_silent_peer_ends_in_time() {
    let started = Instant::now();
    let addr = peer(Then::Say(Vec::new())).await.addr;
    assert!(reason(driver().probe(addr, IMPATIENT).await).contains("in time"));
    assert!(started.elapsed() < PATIENT);
}

#[tokio::test]
async fn probe_of_a_flood_ends() {
    let flood = Then::Flood(Vec::new(), vec![b'x'; 64 * 1024]);
    assert!(reason(probe(flood).await).contains("protocol"));
    assert_eq!(probe(Then::Flood(sasl(), vec![b'x'; 64 * 1024])).await, Probe::Answers);
}

#[tokio::test]
async fn login_where_nobody_listens_may_succeed_later() {
    let error = driver().login(&login_to(nobody().await, PATIENT)).await.unwrap_err();
    assert!(matches!(error, Error::NotReady { .. }), "{error:?}");
    assert!(error.is_transient());
}

#[tokio::test]
async fn login_to_a_silent_peer_times_out() {
    assert_eq!(login(Then::Say(Vec::new()), IMPATIENT).await, Error::Timeout);
    assert_eq!(login(Then::Say(sasl()), IMPATIENT).await, Error::Timeout);
    assert_eq!(login(Then::Say(welcome()), IMPATIENT).await, Error::Timeout);
}

#[tokio::test]
async fn login_to_a_starting_server_may_succeed_later() {
    let error =
        login(Then::SayAndClose(refusal("57P03", "the database system is starting up")), PATIENT).await;
    assert_eq!(error, Error::NotReady { reason: "the database system is starting up".to_owned() });
}

#[tokio::test]
async fn login_to_a_connection_that_closes_may_succeed_later() {
    for bytes in [Vec::new(), sasl(), welcome(), b"R\0\0".to_vec()] {
        let error = login(Then::SayAndClose(bytes), PATIENT).await;
        assert!(error.is_transient(), "{error:?}");
    }
}

#[tokio::test]
async fn login_with_a_wrong_password_is_rejected_in_the_servers_words() {
    let words = "password authentication failed for user \"postgres\"";
    let error = login(Then::SayAndClose(refusal("28P01", words)), PATIENT).await;
    assert_eq!(error, Error::CredentialsRejected { detail: words.to_owned() });
    assert!(!error.is_transient());
}

#[tokio::test]
async fn login_to_a_database_that_does_not_exist_is_refused_with_its_code() {
    let error = login(Then::SayAndClose(refusal("3D000", "no such\ndatabase")), PATIENT).await;
    assert_eq!(
        error,
        Error::DatabaseMissing { code: "3D000".to_owned(), detail: "no such database".to_owned() }
    );
}

#[tokio::test]
async fn login_to_something_else_is_a_protocol_error() {
    for bytes in [
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        vec![0; 4096],
        authentication(7, &[]),
        authentication(10, b"SOMETHING-NEW\0\0"),
        [sasl(), authentication(11, b"r=other,s=AAAA,i=4096")].concat(),
        message(b'D', &[0, 0]),
    ] {
        let error = login(Then::Say(bytes), PATIENT).await;
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn login_never_sends_the_password_in_clear() {
    let peer = peer(Then::Say(authentication(3, &[]))).await;
    let error = driver().login(&login_to(peer.addr, PATIENT)).await.unwrap_err();
    assert!(error.to_string().contains("password in clear"), "{error}");
    assert!(peer.heard.await.unwrap().is_empty());
}

#[tokio::test]
async fn login_makes_no_room_for_a_message_of_two_gigabytes() {
    for before in [Vec::new(), welcome()] {
        let promise = [before, b"N\x7f\xff\xff\xff".to_vec()].concat();
        let error = login(Then::Say(promise), PATIENT).await;
        assert!(error.to_string().contains("impossible length"), "{error}");
    }
}

#[tokio::test]
async fn login_to_a_flood_of_proper_messages_ends() {
    let notices = message(b'N', b"SNOTICE\0C00000\0Mhello\0\0").repeat(1000);
    for first in [Vec::new(), welcome()] {
        let error = login(Then::Flood(first, notices.clone()), PATIENT).await;
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn secure_says_what_was_wrong_with_the_bootstrap_login() {
    let accounts = Accounts { admin: account("postgres"), management: account("stardeck") };
    let silent = login_to(peer(Then::Say(Vec::new())).await.addr, IMPATIENT);
    assert_eq!(driver().secure(&silent, &accounts).await, Err(Error::Timeout));
    let elsewhere = login_to(peer(Then::Say(b"HTTP/1.1 400\r\n".to_vec())).await.addr, PATIENT);
    let error = driver().secure(&elsewhere, &accounts).await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
}

#[test]
fn debug_of_a_login_shows_no_password() {
    let login = login_to(SocketAddr::from(([127, 0, 0, 1], 1)), PATIENT);
    let accounts = Accounts { admin: account("postgres"), management: account("stardeck") };
    assert!(!format!("{login:?} {accounts:?}").contains(PASSWORD));
}
