//! What answers where an engine should be: a hostile peer learns no password, and what it sends becomes short, readable
//! words.

use std::{cell::OnceCell, net::SocketAddr, time::Duration};

use stardeck_domain::{Engine, LoginName, Password};
use stardeck_drivers::{Error, Login, Probe, client};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    time::timeout,
};

use crate::{login::marked_password, text};

/// Longer than any exchange with a peer that closes in the end.
const PATIENT: Duration = Duration::from_secs(20);
/// Longest words about a peer, in characters: a piece of its own words, and ours around it.
const LONGEST_WORDS: usize = 500;
/// Stands in an input for the number that a client uses once, which a peer repeats to be believed.
const NONCE: &[u8] = b"%NONCE%";
/// How long a peer waits for that number, which a client may never send.
const NONCE_PATIENCE: Duration = Duration::from_millis(3);

thread_local! {
    static PEER: OnceCell<(Runtime, TcpListener)> = const { OnceCell::new() };
}

/// A byte for the engine and the call, and what the peer says.
///
/// # Panics
/// The property does not hold.
pub fn check(input: &[u8]) {
    let (chosen, speech) = text::chosen(input);
    let engine = text::one_of(Engine::ALL, chosen);
    PEER.with(|peer| {
        let (runtime, listener) = peer.get_or_init(start);
        let told = runtime.block_on(async {
            let addr = listener.local_addr().expect("it listens");
            tokio::select! {
                told = ask(engine, chosen / Engine::ALL.len(), addr) => told,
                () = speak(listener, speech, proves_passwords(engine)) => Vec::new(),
            }
        });
        for words in told {
            check_words(engine, &words);
        }
    });
}

fn start() -> (Runtime, TcpListener) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port on loopback");
    (runtime, listener)
}

/// Whether a login is a conversation of SCRAM (RFC 5802).
fn proves_passwords(engine: Engine) -> bool {
    matches!(engine, Engine::PostgreSql | Engine::MongoDb)
}

/// Everything that a person or a log may be told of the answer.
async fn ask(engine: Engine, call: usize, addr: SocketAddr) -> Vec<String> {
    let driver = client(engine).expect("there is a driver for every engine");
    let user = LoginName::parse("boss").expect("a name");
    // What MongoDB answers to strangers is read without a proof, which no input could give.
    let password =
        if engine == Engine::MongoDb && call & 4 == 0 { Password::none() } else { marked_password() };
    let login = Login { addr, user, password, database: None, timeout: PATIENT };
    text::assert_hides(&format!("{login:?}"), "Debug of a login");
    match call % 4 {
        0 => match driver.probe(addr, PATIENT).await {
            Probe::Answers => Vec::new(),
            Probe::NotYet { reason } => vec![reason],
        },
        1 => match driver.login(&login).await {
            Ok(info) => vec![info.version],
            Err(error) => words_of(&error),
        },
        2 => match driver.list_databases(&login).await {
            Ok(databases) => {
                assert!(databases.len() <= 64 * 1024, "more databases than bytes were sent");
                Vec::new()
            }
            Err(error) => words_of(&error),
        },
        _ => match driver.list_users(&login).await {
            Ok(users) => {
                assert!(users.len() <= 64 * 1024, "more users than bytes were sent");
                Vec::new()
            }
            Err(error) => words_of(&error),
        },
    }
}

fn words_of(error: &Error) -> Vec<String> {
    text::assert_hides(&format!("{error:?}"), "Debug of an error");
    assert_ne!(*error, Error::Timeout, "the peer was waited for, although it closed");
    vec![error.to_string()]
}

fn check_words(engine: Engine, words: &str) {
    text::assert_hides(words, "what is told");
    assert!(words.chars().count() <= LONGEST_WORDS, "{engine}: too long for a person: {words:?}");
    assert!(!words.contains(char::is_control), "{engine}: more than one line: {words:?}");
}

/// Says the same to everybody who connects, one after the other.
async fn speak(listener: &TcpListener, speech: &[u8], has_nonce: bool) {
    while let Ok((stream, _)) = listener.accept().await {
        // A client that has heard enough goes away.
        drop(say(stream, speech, has_nonce).await);
    }
}

async fn say(mut stream: TcpStream, speech: &[u8], has_nonce: bool) -> std::io::Result<()> {
    let mut rest = speech;
    let at = rest.windows(NONCE.len()).position(|window| window == NONCE).filter(|_| has_nonce);
    if let Some(at) = at {
        let (before, after) = rest.split_at(at);
        stream.write_all(before).await?;
        if let Ok(nonce) = timeout(NONCE_PATIENCE, hear_nonce(&mut stream)).await {
            stream.write_all(&nonce?).await?;
        }
        rest = after.strip_prefix(NONCE).unwrap_or(after);
    }
    stream.write_all(rest).await?;
    stream.shutdown().await?;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.map(drop)
}

/// The number used once in the first message of the client; nothing when it goes away before.
async fn hear_nonce(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut heard = Vec::new();
    while stream.read_buf(&mut heard).await? > 0 {
        let Some(at) = heard.windows(3).position(|window| window == b",r=") else { continue };
        let nonce = heard.iter().copied().skip(at + 3);
        return Ok(nonce.take_while(|byte| byte.is_ascii_graphic() && *byte != b',').collect());
    }
    Ok(Vec::new())
}
