//! Every driver against peers that are not, or not yet, its engine.
#![expect(clippy::unwrap_used, reason = "a test that can not go on fails")]

use std::{net::SocketAddr, time::Duration};

use stardeck_domain::{Engine, LoginName, Password, PasswordRules};
use stardeck_drivers::{Accounts, EngineClient, Error, Login, Probe, client};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::Instant,
};

const PASSWORD: &str = "t0p-s3cr3t";
/// Long enough for anything on this host.
const PATIENT: Duration = Duration::from_secs(20);
/// Short, for peers that never answer.
const IMPATIENT: Duration = Duration::from_millis(300);

/// What a peer says to everybody who connects, and whether it says it once or for ever.
#[derive(Clone)]
enum Speech {
    Once(Vec<u8>),
    OnceAndClose(Vec<u8>),
    ForEver(Vec<u8>),
}

/// A peer that takes every connection.
async fn peer(speech: Speech) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let speech = speech.clone();
            // Broken connections are what these peers are about, so their errors end the play and nothing more.
            tokio::spawn(async move {
                match speech {
                    Speech::Once(words) => {
                        drop(stream.write_all(&words).await);
                        drop(stream.read_to_end(&mut Vec::new()).await);
                    }
                    Speech::OnceAndClose(words) => drop(stream.write_all(&words).await),
                    Speech::ForEver(words) => while stream.write_all(&words).await.is_ok() {},
                }
            });
        }
    });
    addr
}

fn drivers() -> impl Iterator<Item = &'static dyn EngineClient> {
    Engine::ALL.iter().map(|engine| client(*engine).unwrap())
}

fn account(name: &str) -> (LoginName, Password) {
    let password = Password::parse(PASSWORD.to_owned(), PasswordRules::ENGINE).unwrap();
    (LoginName::parse(name).unwrap(), password)
}

fn login_to(addr: SocketAddr, timeout: Duration) -> Login {
    let (user, password) = account("admin");
    Login { addr, user, password, database: None, timeout }
}

/// The error of a login and of the work on the accounts, which have to be of one mind, and hide the password.
async fn errors(driver: &dyn EngineClient, addr: SocketAddr, timeout: Duration) -> Error {
    let login = login_to(addr, timeout);
    let error = driver.login(&login).await.unwrap_err();
    let accounts = Accounts { admin: account("admin"), management: account("stardeck") };
    let other = driver.secure(&login, &accounts).await.unwrap_err();
    assert_eq!(std::mem::discriminant(&error), std::mem::discriminant(&other), "{error:?} {other:?}");
    assert!(!format!("{error} {error:?} {other} {other:?}").contains(PASSWORD));
    error
}

#[tokio::test]
async fn where_nobody_listens_a_later_try_may_succeed() {
    let addr = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for driver in drivers() {
        assert!(matches!(driver.probe(addr, PATIENT).await, Probe::NotYet { .. }), "{}", driver.engine());
        let error = errors(driver, addr, PATIENT).await;
        assert!(matches!(error, Error::NotReady { .. }), "{}: {error:?}", driver.engine());
    }
}

#[tokio::test]
async fn silence_ends_in_time() {
    let addr = peer(Speech::Once(Vec::new())).await;
    for driver in drivers() {
        let started = Instant::now();
        assert!(matches!(driver.probe(addr, IMPATIENT).await, Probe::NotYet { .. }), "{}", driver.engine());
        assert_eq!(errors(driver, addr, IMPATIENT).await, Error::Timeout, "{}", driver.engine());
        assert!(started.elapsed() < PATIENT, "{}", driver.engine());
    }
}

#[tokio::test]
async fn closed_connection_may_succeed_later() {
    let addr = peer(Speech::OnceAndClose(Vec::new())).await;
    for driver in drivers() {
        assert!(matches!(driver.probe(addr, PATIENT).await, Probe::NotYet { .. }), "{}", driver.engine());
        let error = errors(driver, addr, PATIENT).await;
        assert!(error.is_transient(), "{}: {error:?}", driver.engine());
    }
}

#[tokio::test]
async fn something_else_is_never_taken_for_the_engine() {
    for words in [
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"220 mail.example ESMTP\r\n".to_vec(),
        vec![0; 4096],
        vec![0xff; 4096],
        vec![b'x'; 4096],
    ] {
        for speech in [Speech::Once(words.clone()), Speech::OnceAndClose(words.clone())] {
            let addr = peer(speech).await;
            for driver in drivers() {
                let probe = driver.probe(addr, IMPATIENT).await;
                assert!(matches!(probe, Probe::NotYet { .. }), "{}: {words:?}", driver.engine());
                let error = driver.login(&login_to(addr, IMPATIENT)).await.unwrap_err();
                assert!(
                    !matches!(error, Error::CredentialsRejected { .. }),
                    "{}: {error:?}",
                    driver.engine()
                );
            }
        }
    }
}

#[tokio::test]
async fn flood_ends_without_filling_the_memory() {
    let greeting = b"\x4a\0\0\0\x0a5.5.5-10.11.6-MariaDB\0".to_vec();
    for words in [vec![b'x'; 64 * 1024], b"+OK\r\n".repeat(10_000), b"$2147483647\r\n".to_vec(), greeting] {
        let addr = peer(Speech::ForEver(words)).await;
        for driver in drivers() {
            let started = Instant::now();
            driver.probe(addr, IMPATIENT).await;
            let login = login_to(addr, Duration::from_secs(2));
            assert!(driver.login(&login).await.is_err(), "{}", driver.engine());
            assert!(started.elapsed() < PATIENT, "{}", driver.engine());
        }
    }
}

/// A packet of MySQL: three bytes of length, the lowest first, and a number.
fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    let [low, middle, high, _] = u32::try_from(body.len()).unwrap().to_le_bytes();
    [&[low, middle, high, number][..], body].concat()
}

/// What a server says that lets everybody in, and answers the first statement with one row of one column.
fn one_row(value: &[u8]) -> Vec<u8> {
    let greeting = b"\x0a8.0.36\0\x09\0\0\0abcdefgh\0\xff\xff\x21\x02\0\xff\0\x15\0\0\0\0\0\0\0\0\0\0\
                     ijklmnopqrst\0mysql_native_password\0";
    let column = b"\x03def\0\0\0\x01v\0\x0c\x21\0\x20\0\0\0\xfd\0\0\0\0\0";
    let end = b"\xfe\0\0\x02\0";
    let welcome = packet(2, b"\0\0\0\x02\0\0\0");
    let head = [packet(0, greeting), welcome, packet(1, &[1]), packet(2, column), packet(3, end)].concat();
    [head, packet(4, value), packet(5, end)].concat()
}

#[tokio::test]
async fn rows_of_other_columns_than_were_asked_for_are_a_protocol_error() {
    for engine in [Engine::MariaDb, Engine::MySql] {
        let driver = client(engine).unwrap();
        let login = login_to(peer(Speech::Once(one_row(b"\x068.0.36"))).await, PATIENT);
        assert_eq!(driver.login(&login).await.unwrap().version, "8.0.36");
        let error = driver.list_databases(&login).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{engine}: {error:?}");
        let error = driver.list_users(&login).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{engine}: {error:?}");
        // Nothing in place of the version.
        let nothing = login_to(peer(Speech::Once(one_row(b"\xfb"))).await, PATIENT);
        let error = driver.login(&nothing).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{engine}: {error:?}");
    }
}

/// The driver panics at it.
#[tokio::test]
async fn empty_packet_in_place_of_a_row_is_a_protocol_error() {
    for engine in [Engine::MariaDb, Engine::MySql] {
        let driver = client(engine).unwrap();
        let login = login_to(peer(Speech::Once(one_row(b""))).await, PATIENT);
        let errors = [
            driver.login(&login).await.unwrap_err(),
            driver.list_databases(&login).await.unwrap_err(),
            driver.list_users(&login).await.unwrap_err(),
        ];
        assert!(errors.iter().all(|error| matches!(error, Error::Protocol { .. })), "{engine}: {errors:?}");
    }
}
