//! One HTTP exchange over the Unix socket. This is the only file that sees the HTTP libraries.
//!
//! Every exchange has a connection of its own: measured as fast as a pooled one, never stale, and closed as
//! soon as the exchange is dropped. What a call means, and when to repeat it, is decided in `client`.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::Response;
use hyper::body::{Body as HttpBody, Frame, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, HeaderValue, UPGRADE};
use hyper_util::rt::TokioIo;
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;
use tower_service::Service;

use crate::endpoint::Endpoint;
use crate::error::{Error, Stage};
use crate::request::{Payload, Request};
use crate::stream::frames::FrameError;

/// Bytes read at a time from a caller's stream.
const READ_CHUNK: usize = 64 * 1024;

/// How long each part of one exchange may take; `None` is without bound.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadlines {
    /// Opening the socket.
    pub(crate) connect: Duration,
    /// From the open socket to the head of the answer.
    pub(crate) head: Option<Duration>,
    /// Between two pieces of the answer's body.
    pub(crate) idle: Option<Duration>,
}

/// The way to one Podman service.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) socket: PathBuf,
}

/// An answer whose head has arrived.
#[derive(Debug)]
pub(crate) struct Reply {
    response: Response<Incoming>,
    site: CallSite,
    idle: Option<Duration>,
    connection: AbortOnDropHandle<()>,
}

/// The body of an answer. Dropping it closes the connection.
#[derive(Debug)]
pub(crate) struct ReplyBody {
    incoming: Incoming,
    site: CallSite,
    idle: Option<Duration>,
    _connection: AbortOnDropHandle<()>,
}

/// A connection that has left HTTP and carries raw bytes both ways.
pub(crate) type RawStream = TokioIo<hyper::upgrade::Upgraded>;

/// What an error needs to know about its exchange.
#[derive(Debug, Clone)]
struct CallSite {
    endpoint: Endpoint,
    socket: PathBuf,
}

impl CallSite {
    fn broken(&self, stage: Stage, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        let source = io::Error::other(source);
        Error::Transport { endpoint: self.endpoint, stage, socket: self.socket.clone(), source }
    }

    /// The failure of the stream that a request's body was read from.
    fn unreadable(&self, source: hyper::Error) -> Error {
        Error::Stream { endpoint: self.endpoint, source: io::Error::other(source) }
    }

    fn late(&self, stage: Stage, after: Duration) -> Error {
        Error::Timeout { endpoint: self.endpoint, stage, after }
    }
}

impl Transport {
    /// Sends one request and returns once the head of the answer is there.
    pub(crate) async fn exchange(&self, request: Request, deadlines: Deadlines) -> Result<Reply, Error> {
        let site = CallSite { endpoint: request.endpoint, socket: self.socket.clone() };
        let request = outgoing(request)?;
        let stream = timeout(deadlines.connect, self.connect(&site))
            .await
            .map_err(|_| site.late(Stage::Connect, deadlines.connect))??;
        let head = async {
            let failed = |error: hyper::Error| {
                if error.is_user() { site.unreadable(error) } else { site.broken(Stage::Head, error) }
            };
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(stream).await.map_err(failed)?;
            let connection = AbortOnDropHandle::new(tokio::spawn(async move {
                if let Err(error) = connection.with_upgrades().await {
                    tracing::trace!(%error, "connection to the Podman service ended");
                }
            }));
            Ok::<_, Error>((sender.send_request(request).await.map_err(failed)?, connection))
        };
        let (response, connection) = match deadlines.head {
            Some(limit) => timeout(limit, head).await.map_err(|_| site.late(Stage::Head, limit))??,
            None => head.await?,
        };
        Ok(Reply { response, site, idle: deadlines.idle, connection })
    }

    async fn connect(&self, site: &CallSite) -> Result<hyperlocal::UnixStream, Error> {
        if self.socket.as_os_str().is_empty() {
            return Err(site.broken(Stage::Connect, "the path of the socket is empty"));
        }
        if self.socket.to_str().is_none() {
            // The connector carries the path inside a URI and would replace what is not UTF-8.
            return Err(site.broken(Stage::Connect, "the path of the socket is not UTF-8"));
        }
        let uri = hyperlocal::Uri::new(&self.socket, "/").into();
        hyperlocal::UnixConnector.call(uri).await.map_err(|source| Error::Transport {
            endpoint: site.endpoint,
            stage: Stage::Connect,
            socket: self.socket.clone(),
            source,
        })
    }
}

impl Reply {
    pub(crate) fn endpoint(&self) -> Endpoint {
        self.site.endpoint
    }

    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// A header of the answer, when it is there and readable.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn into_body(self) -> ReplyBody {
        let incoming = self.response.into_body();
        ReplyBody { incoming, site: self.site, idle: self.idle, _connection: self.connection }
    }

    /// Takes over the connection after a status of 101.
    pub(crate) async fn into_raw(self) -> Result<RawStream, Error> {
        let upgraded = hyper::upgrade::on(self.response).await;
        upgraded.map(TokioIo::new).map_err(|error| self.site.broken(Stage::Head, error))
    }
}

impl ReplyBody {
    pub(crate) fn endpoint(&self) -> Endpoint {
        self.site.endpoint
    }

    /// The error for a body that ended before it should have.
    pub(crate) fn cut(&self) -> Error {
        self.site.broken(Stage::Body, "the answer ended too early")
    }

    /// The error for a frame that is none.
    pub(crate) fn bad_frame(&self, error: FrameError) -> Error {
        error.of(self.site.endpoint)
    }

    /// The next piece of the body, as it came from the socket. Dropping the future loses nothing.
    pub(crate) async fn chunk(&mut self) -> Option<Result<Bytes, Error>> {
        loop {
            let next = match self.idle {
                Some(limit) => match timeout(limit, self.incoming.frame()).await {
                    Ok(next) => next,
                    Err(_) => return Some(Err(self.site.late(Stage::Body, limit))),
                },
                None => self.incoming.frame().await,
            };
            match next? {
                // Trailers are the other kind of frame; libpod sends none.
                Ok(frame) => {
                    if let Ok(data) = frame.into_data() {
                        return Some(Ok(data));
                    }
                }
                Err(error) => return Some(Err(self.site.broken(Stage::Body, error))),
            }
        }
    }

    /// The whole body.
    pub(crate) async fn collect(mut self, limit: usize) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        while let Some(chunk) = self.chunk().await {
            let chunk = chunk?;
            if whole.len().saturating_add(chunk.len()) > limit {
                return Err(Error::TooLarge { endpoint: self.site.endpoint, what: "answer", limit });
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }
}

type OutgoingBody = UnsyncBoxBody<Bytes, io::Error>;

fn outgoing(request: Request) -> Result<hyper::Request<OutgoingBody>, Error> {
    let endpoint = request.endpoint;
    let mut builder = hyper::Request::builder()
        .method(endpoint.method().as_str())
        .uri(request.path_and_query())
        .header(HOST, "podman");
    if request.upgrade {
        builder = builder.header(CONNECTION, "Upgrade").header(UPGRADE, "tcp");
    }
    if let Some(auth) = &request.registry_auth {
        let mut value = HeaderValue::from_str(auth.expose_secret()).map_err(|_| Error::InvalidInput {
            endpoint,
            reason: "registry credentials do not fit a header",
        })?;
        value.set_sensitive(true);
        builder = builder.header("X-Registry-Auth", value);
    }
    if let Some(content_type) = request.payload.content_type() {
        builder = builder.header(CONTENT_TYPE, content_type);
    }
    let body = match request.payload {
        Payload::Empty => whole_body(Bytes::new()),
        Payload::Json(bytes) | Payload::Binary(bytes) => whole_body(bytes),
        Payload::Upload(upload) => {
            ReaderBody { reader: upload.into_reader(), chunk: BytesMut::new() }.boxed_unsync()
        }
    };
    builder
        .body(body)
        .map_err(|_| Error::InvalidInput { endpoint, reason: "names or filters are too long for a request" })
}

fn whole_body(bytes: Bytes) -> OutgoingBody {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// A request body read from a caller's stream piece by piece, so that an archive never sits in memory.
struct ReaderBody {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    chunk: BytesMut,
}

impl HttpBody for ReaderBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        this.chunk.resize(READ_CHUNK, 0);
        let mut buffer = ReadBuf::new(&mut this.chunk);
        if let Err(error) = ready!(this.reader.as_mut().poll_read(cx, &mut buffer)) {
            return Poll::Ready(Some(Err(error)));
        }
        let filled = buffer.filled().len();
        if filled == 0 {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(Frame::data(this.chunk.split_to(filled).freeze()))))
    }
}
