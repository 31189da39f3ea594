//! A service of Podman that answers with prepared bytes, however wrong they are, and a client of it. The socket is the
//! public door to the decoders of `stardeck-podman`.

use std::{
    cell::OnceCell,
    collections::VecDeque,
    error::Error as _,
    sync::{Arc, Mutex},
};

use stardeck_podman::{Client, Error};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    runtime::{Builder, Runtime},
};

/// What each connection is answered with, piece by piece.
type Answers = Arc<Mutex<VecDeque<Vec<Vec<u8>>>>>;

struct Service {
    runtime: Runtime,
    client: Client,
    answers: Answers,
    _directory: TempDir,
}

thread_local! {
    static SERVICE: OnceCell<Service> = const { OnceCell::new() };
}

/// Runs calls against a service that answers one connection with the first of the answers and so on. A connection beyond
/// them is closed.
pub(crate) fn ask<T>(answers: Vec<Vec<Vec<u8>>>, call: impl AsyncFnOnce(&Client) -> T) -> T {
    SERVICE.with(|service| {
        let Service { runtime, client, answers: waiting, .. } = service.get_or_init(start);
        *waiting.lock().expect("nobody panicked with it") = answers.into();
        runtime.block_on(call(client))
    })
}

fn start() -> Service {
    let directory = tempfile::tempdir().expect("a directory for a socket");
    let socket = directory.path().join("podman.sock");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let answers = Answers::default();
    let listener = {
        let _inside = runtime.enter();
        UnixListener::bind(&socket).expect("a socket")
    };
    runtime.spawn(serve(listener, Arc::clone(&answers)));
    Service { runtime, client: Client::new(socket), answers, _directory: directory }
}

async fn serve(listener: UnixListener, answers: Answers) {
    while let Ok((stream, _)) = listener.accept().await {
        let answer = answers.lock().expect("nobody panicked with it").pop_front();
        if let Some(answer) = answer {
            tokio::spawn(reply(stream, answer));
        }
    }
}

/// Reads the request and sends the answer. A client that has gone away has heard enough.
async fn reply(mut stream: UnixStream, pieces: Vec<Vec<u8>>) {
    let mut request = Vec::new();
    // What is left unread when a socket is closed would make the end a reset.
    while !is_whole(&request) {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    for piece in pieces {
        if stream.write_all(&piece).await.is_err() {
            return;
        }
        // The client may look at each piece by itself.
        tokio::task::yield_now().await;
    }
}

/// Whether a request is here with all of its body.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    length.and_then(|length| length.trim().parse().ok()).is_none_or(|length: usize| body.len() >= length)
}

/// An answer with a length.
pub(crate) fn whole(body: &[u8]) -> Vec<Vec<u8>> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    vec![[head.as_bytes(), body].concat()]
}

/// An answer in chunks, which reach the decoders one by one. Without its end it is cut.
pub(crate) fn chunked<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, has_end: bool) -> Vec<Vec<u8>> {
    let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in pieces {
        answer.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        answer.extend_from_slice(piece);
        answer.extend_from_slice(b"\r\n");
    }
    if has_end {
        answer.extend_from_slice(b"0\r\n\r\n");
    }
    vec![answer]
}

/// A connection that leaves HTTP and carries raw bytes.
pub(crate) fn raw<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
    let head = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n".to_vec();
    std::iter::once(head).chain(pieces.into_iter().map(<[u8]>::to_vec)).collect()
}

/// An error with its causes, as a log shows it.
pub(crate) fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
