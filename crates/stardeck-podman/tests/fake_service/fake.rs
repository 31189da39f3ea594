//! A service that answers each connection with prepared bytes, however wrong they are.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

/// What the service does with one connection, after it has read the request.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// Sends the bytes and closes.
    Bytes(Vec<u8>),
    /// Sends the bytes and then nothing, without closing.
    BytesThenSilence(Vec<u8>),
    /// Closes.
    Close,
}

impl Answer {
    /// A well-formed answer with a length.
    pub(crate) fn json(status: &str, body: &str) -> Self {
        let head =
            format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
        Self::Bytes(format!("{head}\r\n\r\n{body}").into_bytes())
    }

    /// A chunked answer. Without `end` the last chunk, which tells a whole answer from a cut one, is left out.
    pub(crate) fn chunked(pieces: &[&[u8]], end: bool) -> Vec<u8> {
        let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for piece in pieces {
            bytes.extend(format!("{:x}\r\n", piece.len()).bytes());
            bytes.extend_from_slice(piece);
            bytes.extend(b"\r\n");
        }
        if end {
            bytes.extend(b"0\r\n\r\n");
        }
        bytes
    }
}

/// The fake service. It ends with the test.
pub(crate) struct Fake {
    directory: TempDir,
    requests: Arc<Mutex<Vec<String>>>,
    _server: JoinSet<()>,
}

impl Fake {
    /// Answers the first connection with the first answer and so on; later ones get the last answer again.
    pub(crate) fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let directory = TempDir::new().unwrap();
        let listener = UnixListener::bind(directory.path().join("podman.sock")).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let mut server = JoinSet::new();
        server.spawn(serve(listener, answers.into_iter().collect(), Arc::clone(&requests)));
        Self { directory, requests, _server: server }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        socket_in(self.directory.path())
    }

    /// First lines of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// The socket's place in a directory of a test.
pub(crate) fn socket_in(directory: &Path) -> PathBuf {
    directory.join("podman.sock")
}

async fn serve(listener: UnixListener, answers: Vec<Answer>, requests: Arc<Mutex<Vec<String>>>) {
    let mut open = JoinSet::new();
    for number in 0.. {
        let (stream, _) = listener.accept().await.unwrap();
        let answer = answers.get(number).or(answers.last()).cloned().unwrap();
        open.spawn(answer_one(stream, answer, Arc::clone(&requests)));
    }
}

async fn answer_one(mut stream: UnixStream, answer: Answer, requests: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let first_line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
    requests.lock().unwrap().push(first_line);
    match answer {
        Answer::Bytes(bytes) => drop(stream.write_all(&bytes).await),
        Answer::Close => {}
        Answer::BytesThenSilence(bytes) => {
            drop(stream.write_all(&bytes).await);
            // Returns when the client closes.
            drop(stream.read_to_end(&mut Vec::new()).await);
        }
    }
}
