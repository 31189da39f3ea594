//! A registry with one image, as much of the distribution protocol as a pull needs, without TLS.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::tar::{digest, image_config, tar};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// What the registry is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Open,
    /// Wants the user `reader` with the password `let-me`.
    Guarded,
    /// Sends half of the layer and then nothing.
    Stalling,
}

/// The registry. It ends with the test.
pub(crate) struct Registry {
    address: String,
    /// Is told when half of the layer has been sent.
    pub(crate) stalled: Arc<Notify>,
    /// Is told when a client has gone away in the middle of the layer.
    pub(crate) abandoned: Arc<Notify>,
    _server: JoinSet<()>,
}

struct Content {
    mood: Mood,
    layer: Vec<u8>,
    config: Vec<u8>,
    manifest: Vec<u8>,
    stalled: Arc<Notify>,
    abandoned: Arc<Notify>,
}

impl Registry {
    /// A registry whose image differs from every other by `salt`.
    pub(crate) async fn start(mood: Mood, salt: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stalled, abandoned) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let filler = vec![b'x'; 300_000];
        let layer = tar(&[("hello", salt.as_bytes()), ("filler", &filler)]);
        let config = image_config(&layer, salt);
        let manifest = serde_json::json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": digest(&config),
                "size": config.len(),
            },
            "layers": [{
                "mediaType": "application/vnd.oci.image.layer.v1.tar",
                "digest": digest(&layer),
                "size": layer.len(),
            }],
        });
        let manifest = serde_json::to_vec(&manifest).unwrap();
        let (told, left) = (Arc::clone(&stalled), Arc::clone(&abandoned));
        let content = Arc::new(Content { mood, layer, config, manifest, stalled: told, abandoned: left });
        let mut server = JoinSet::new();
        server.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                open.spawn(serve(stream, Arc::clone(&content)));
            }
        });
        Self { address, stalled, abandoned, _server: server }
    }

    /// The image under a name, which every name leads to.
    pub(crate) fn reference(&self, name: &str) -> String {
        format!("{}/{name}:1", self.address)
    }
}

/// Answers the requests of one connection, one after the other.
async fn serve(mut stream: TcpStream, content: Arc<Content>) {
    loop {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            match stream.read(&mut byte).await {
                // Podman tries TLS first, whose first byte is this.
                Ok(1) if byte[0] != 0x16 => request.push(byte[0]),
                _ => return,
            }
        }
        if !answer(&mut stream, &content, &String::from_utf8_lossy(&request)).await {
            return;
        }
    }
}

/// Answers one request. Can the connection be used again?
async fn answer(stream: &mut TcpStream, content: &Content, request: &str) -> bool {
    let mut words = request.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    // base64 of reader:let-me
    let known = request.contains("cmVhZGVyOmxldC1tZQ==");
    let (status, kind, body): (&str, &str, &[u8]) = if content.mood == Mood::Guarded && !known {
        (
            "401 Unauthorized",
            "application/json",
            br#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#,
        )
    } else if path == "/v2/" {
        ("200 OK", "application/json", b"{}")
    } else if path.ends_with("/manifests/1") || path.contains("/manifests/sha256:") {
        ("200 OK", MANIFEST, &content.manifest)
    } else if path.ends_with(&digest(&content.config)) {
        ("200 OK", "application/octet-stream", &content.config)
    } else if path.ends_with(&digest(&content.layer)) {
        ("200 OK", "application/octet-stream", &content.layer)
    } else {
        (
            "404 Not Found",
            "application/json",
            br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#,
        )
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nDocker-Content-Digest: {}\r\n\
         WWW-Authenticate: Basic realm=\"test\"\r\n\r\n",
        body.len(),
        digest(body),
    );
    let body = if method == "HEAD" { b"" } else { body };
    if content.mood == Mood::Stalling && body == content.layer {
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body[..body.len() / 2]).await.unwrap();
        content.stalled.notify_one();
        // Returns when the client closes.
        drop(stream.read_to_end(&mut Vec::new()).await);
        content.abandoned.notify_one();
        return false;
    }
    stream.write_all(head.as_bytes()).await.is_ok() && stream.write_all(body).await.is_ok()
}
