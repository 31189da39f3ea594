//! The client: where it connects to, how long it waits, and what counts as success.
//!
//! The calls themselves are in `api`, one file per resource.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::api::{Containers, Events, Exec, Images, Networks, Secrets, System, Volumes};
use crate::endpoint::Endpoint;
use crate::error::{ApiError, Error, Stage};
use crate::request::{Filters, Payload, Request};
use crate::transport::{Deadlines, Reply, Transport};
use crate::types::{PruneReport, lenient};

/// Largest answer that is read into memory. A list of ten thousand containers takes about 10 MB.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// How often a call about many objects is tried while some of them vanish.
const TRIES_OF_MANY: u32 = 8;
/// The pause before the second try; each further one is twice as long. Together they are 1.3 s.
const PAUSE_OF_MANY: Duration = Duration::from_millis(10);
/// What a prune may take beyond the usual: it removes any number of objects.
const PRUNING: Duration = Duration::from_mins(5);
/// Largest error answer that is read.
const MAX_ERROR: usize = 256 * 1024;

/// A client of one Podman service.
///
/// It is cheap to clone and holds no connection: every call opens one, and dropping the call's future closes
/// it. Podman goes on with a start, stop or restart then, but gives up a pull.
///
/// ```no_run
/// # async fn example() -> Result<(), stardeck_podman::Error> {
/// let client = stardeck_podman::Client::new("/run/podman/podman.sock");
/// println!("Podman {}", client.system().ping().await?.libpod_version);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    transport: Arc<Transport>,
    timeouts: Timeouts,
}

/// How long a client waits. Calls that take their time by nature get an allowance on top of `head`: a stop its
/// grace, a start or create a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For opening the socket.
    pub connect: Duration,
    /// From the open socket to the head of the answer.
    pub head: Duration,
    /// Between two pieces of an answer, except for streams that follow something.
    pub idle: Duration,
    /// Between two signs of life of a pull. Podman is silent while it unpacks a large layer.
    pub pull_idle: Duration,
    /// For a call that sends an archive, as a whole.
    pub upload: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            head: Duration::from_secs(30),
            idle: Duration::from_mins(1),
            pull_idle: Duration::from_mins(10),
            upload: Duration::from_mins(30),
        }
    }
}

/// What a call needs of the timeouts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    /// Nothing special.
    Usual,
    /// This much longer until the head.
    Slower(Duration),
    /// An answer that comes whenever something happens.
    Follow,
    /// A pull.
    Pull,
    /// An archive is sent along.
    Upload,
}

impl Client {
    /// A client of the service behind `socket`. Nothing is opened until the first call.
    ///
    /// ```
    /// let client = stardeck_podman::Client::new("/run/podman/podman.sock");
    /// assert_eq!(client.socket().to_str(), Some("/run/podman/podman.sock"));
    /// ```
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Self { transport: Arc::new(Transport { socket: socket.into() }), timeouts: Timeouts::default() }
    }

    /// The same client with other timeouts.
    ///
    /// ```
    /// use stardeck_podman::{Client, Timeouts};
    /// use std::time::Duration;
    ///
    /// let hasty = Timeouts { head: Duration::from_secs(3), ..Timeouts::default() };
    /// let client = Client::new("/run/podman/podman.sock").with_timeouts(hasty);
    /// ```
    #[must_use]
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// Path of the service's socket.
    ///
    /// ```
    /// let client = stardeck_podman::Client::new("/run/podman/podman.sock");
    /// println!("Podman listens on {}", client.socket().display());
    /// ```
    pub fn socket(&self) -> &Path {
        &self.transport.socket
    }

    /// Calls about the service itself.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("Podman {}", client.system().negotiate().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn system(&self) -> System<'_> {
        System::new(self)
    }

    /// Calls about containers.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.containers().start("web").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn containers(&self) -> Containers<'_> {
        Containers::new(self)
    }

    /// Calls about processes in running containers.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::ExecOptions;
    ///
    /// let outcome = client.exec().run("web", &ExecOptions::new(["date"]), None).await?;
    /// println!("{:?}", outcome.stdout);
    /// # Ok(())
    /// # }
    /// ```
    pub fn exec(&self) -> Exec<'_> {
        Exec::new(self)
    }

    /// Calls about events.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::EventOptions;
    ///
    /// let mut events = client.events().watch(EventOptions::default());
    /// println!("{:?}", events.next().await);
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> Events<'_> {
        Events::new(self)
    }

    /// Calls about images.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("{}", client.images().exists("docker.io/library/alpine:3").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn images(&self) -> Images<'_> {
        Images::new(self)
    }

    /// Calls about networks.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("{}", client.networks().exists("front").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn networks(&self) -> Networks<'_> {
        Networks::new(self)
    }

    /// Calls about secrets.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("{}", client.secrets().exists("web-key").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets::new(self)
    }

    /// Calls about volumes.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("{}", client.volumes().exists("pages").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn volumes(&self) -> Volumes<'_> {
        Volumes::new(self)
    }

    /// Sends a request and checks the status. 304 ("nothing to do") passes.
    pub(crate) async fn send(&self, request: Request, pace: Pace) -> Result<Reply, Error> {
        let deadlines = self.deadlines(pace);
        let again = request.again();
        let first = self.transport.exchange(request, deadlines).await;
        let reply = match (first, again) {
            // A service that is activated by its socket may end, being idle, just as a request reaches it. What
            // only reads is then simply sent again.
            (Err(Error::Transport { stage: Stage::Head, .. }), Some(request)) => {
                self.transport.exchange(request, deadlines).await?
            }
            (first, _) => first?,
        };
        if matches!(reply.status(), 101 | 200..=299 | 304) { Ok(reply) } else { Err(failure(reply).await) }
    }

    /// The body of the answer.
    pub(crate) async fn bytes(&self, request: Request, pace: Pace) -> Result<Bytes, Error> {
        self.send(request, pace).await?.into_body().collect(MAX_ANSWER).await
    }

    /// The answer as JSON.
    pub(crate) async fn json<T: DeserializeOwned>(&self, request: Request, pace: Pace) -> Result<T, Error> {
        let endpoint = request.endpoint;
        let body = self.bytes(request, pace).await?;
        lenient::from_slice(&body).map_err(|reason| Error::Decode { endpoint, reason })
    }

    /// The answer of a `list` call.
    pub(crate) async fn list<T: DeserializeOwned>(&self, request: Request) -> Result<Vec<T>, Error> {
        self.many(request, Pace::Usual).await
    }

    /// The answer of a call that looks at many objects. Podman fails all of it when one is removed meanwhile (seen of
    /// lists on 4.3 and of prunes on 5.4), so such a failure is tried again.
    async fn many<T: DeserializeOwned>(&self, request: Request, pace: Pace) -> Result<Vec<T>, Error> {
        let mut pause = PAUSE_OF_MANY;
        for _ in 1..TRIES_OF_MANY {
            match self.json(request.without_payload(), pace).await {
                Err(Error::Api(error)) if error.says_something_vanished() => {
                    tracing::debug!(%error, "something was removed while Podman looked at many");
                }
                result => return result,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.json(request, pace).await
    }

    /// Removes what is unused and matches the filters; gives what is gone.
    pub(crate) async fn prune(&self, endpoint: Endpoint, filters: &Filters) -> Result<Vec<String>, Error> {
        let request = Request::prune(endpoint, filters)?;
        let reports: Vec<PruneReport> = self.many(request, Pace::Slower(PRUNING)).await?;
        Ok(reports.into_iter().filter_map(PruneReport::removed).collect())
    }

    /// An answer whose status says it all. Was there something to do?
    pub(crate) async fn done(&self, request: Request, pace: Pace) -> Result<bool, Error> {
        Ok(self.send(request, pace).await?.status() != 304)
    }

    /// The answer of the `exists` calls: a status of 204 or 404.
    pub(crate) async fn exists(&self, request: Request) -> Result<bool, Error> {
        match self.done(request, Pace::Usual).await {
            Ok(_) => Ok(true),
            Err(Error::Api(error)) if error.response == 404 => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn deadlines(&self, pace: Pace) -> Deadlines {
        let Timeouts { connect, head, idle, pull_idle, upload } = self.timeouts;
        let (head, idle) = match pace {
            Pace::Usual => (Some(head), Some(idle)),
            Pace::Slower(by) => (Some(head.saturating_add(by)), Some(idle)),
            Pace::Follow => (None, None),
            Pace::Pull => (Some(head.max(pull_idle)), Some(pull_idle)),
            Pace::Upload => (Some(upload), Some(idle)),
        };
        Deadlines { connect, head, idle }
    }
}

impl Request {
    /// The same request once more, when sending it twice does no harm and nothing of it is used up.
    fn again(&self) -> Option<Self> {
        let repeatable = self.endpoint.is_read_only() && matches!(self.payload, Payload::Empty);
        repeatable.then(|| self.without_payload())
    }
}

/// Reads an error answer. When even that fails, the failure to read it is the error.
async fn failure(reply: Reply) -> Error {
    let (endpoint, status) = (reply.endpoint(), reply.status());
    let reference_id = reply.header("x-reference-id").map(str::to_owned);
    match reply.into_body().collect(MAX_ERROR).await {
        Ok(body) => {
            let error = ApiError::from_body(endpoint, status, &body, reference_id);
            tracing::debug!(%endpoint, status, cause = error.cause, "Podman refused a call");
            Error::Api(error)
        }
        Err(error) => error,
    }
}
