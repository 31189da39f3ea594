//! Processes in running containers. Starting one takes 150 to 400 ms: nothing for a loop.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, sleep};

use crate::client::{Client, Pace};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::request::exec as request;
use crate::stream::{ExecInput, ExecProcess, Leash, OutputSource};
use crate::types::{ExecInspect, ExecOptions};
use crate::upload::Upload;

/// Most output that [`Exec::run`] keeps of each stream.
const MAX_OUTPUT: usize = 64 * 1024 * 1024;
/// Time a process has between `SIGTERM` and `SIGKILL`, and then to be gone.
const GRACE: Duration = Duration::from_secs(5);
/// Between two looks at a process that is ending.
const LOOK: Duration = Duration::from_millis(50);

/// Calls about processes in running containers.
#[derive(Debug, Clone, Copy)]
pub struct Exec<'a> {
    client: &'a Client,
}

/// How a process ended and what it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecOutcome {
    /// Exit code; 127 when there is no such program.
    pub exit_code: i32,
    /// What it wrote to standard output.
    pub stdout: Bytes,
    /// What it wrote to standard error, with Podman's own complaints mixed in. Decide by the exit code.
    pub stderr: Bytes,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Created {
    id: String,
}

impl<'a> Exec<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Starts a process in a running container, attached. Dropping the future ends the process, however far its
    /// start has got.
    ///
    /// # Errors
    /// `NotFound`; `StateImproper` when the container does not run.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::ExecOptions;
    ///
    /// let mut process = client.exec().start("web", &ExecOptions::new(["ls", "/"])).await?;
    /// while let Some(piece) = process.next().await {
    ///     let (source, bytes) = piece?;
    ///     println!("{source:?}: {bytes:?}");
    /// }
    /// assert_eq!(process.wait().await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(&self, container: &str, options: &ExecOptions) -> Result<ExecProcess, Error> {
        let (client, container, options) = (self.client.clone(), container.to_owned(), options.clone());
        // A task of its own, since Podman goes on with a start whose client has gone away: only who waits for the
        // answer can end what was started.
        match tokio::spawn(async move { start(client, container, &options).await }).await {
            Ok(started) => started,
            Err(end) => match end.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is going away, and this future with it.
                Err(_) => std::future::pending().await,
            },
        }
    }

    /// Runs a process to its end, with `input` as its standard input (`options.stdin` follows from it).
    /// Dropping the future ends the process.
    ///
    /// A process that ends before it has read all its input is told by its exit code; Podman can lose the last of
    /// its output then. Where that output matters, let a shell read the rest:
    /// `sh -c 'command; code=$?; cat >/dev/null; exit $code'`.
    ///
    /// # Errors
    /// Those of [`Exec::start`]; [`Error::TooLarge`] when it writes more than 64 MiB; [`Error::Stream`] when `input`
    /// can not be read.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::ExecOptions;
    ///
    /// let outcome = client.exec().run("web", &ExecOptions::new(["nginx", "-t"]), None).await?;
    /// assert_eq!(outcome.exit_code, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(
        &self,
        container: &str,
        options: &ExecOptions,
        input: Option<Upload>,
    ) -> Result<ExecOutcome, Error> {
        let options = ExecOptions { stdin: input.is_some(), ..options.clone() };
        let mut process = self.start(container, &options).await?;
        let sink = process.take_input();
        let (fed, output) = tokio::join!(feed(sink, input), collect(&mut process));
        let (stdout, stderr) = output?;
        fed?;
        let exit_code = process.wait().await?;
        Ok(ExecOutcome { exit_code, stdout, stderr })
    }

    /// State of a process by the id of its session. Podman forgets a session five minutes after its end.
    ///
    /// # Errors
    /// `NotFound` when there is no such session.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// # let process = client.exec().start("web", &stardeck_podman::ExecOptions::new(["ls"])).await?;
    /// let state = client.exec().inspect(process.id()).await?;
    /// println!("running: {}", state.running);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inspect(&self, id: &str) -> Result<ExecInspect, Error> {
        self.client.json(request::inspect(id)?, Pace::Usual).await
    }

    /// Ends a process and the processes it started: `SIGTERM`, and `SIGKILL` when that does not help. Podman has no
    /// call for this, so it starts `kill` (or the shell's) in the container.
    ///
    /// # Errors
    /// `NotFound` when there is no such session; [`Error::Timeout`] when the process did not end.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// # let process = client.exec().start("web", &stardeck_podman::ExecOptions::new(["ls"])).await?;
    /// let session = process.id().to_owned();
    /// process.detach();
    /// client.exec().terminate("web", &session).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn terminate(&self, container: &str, id: &str) -> Result<(), Error> {
        for signal in ["TERM", "KILL"] {
            let state = self.inspect(id).await?;
            if !state.running {
                return Ok(());
            }
            let pids = self.client.containers().pids(container).await?;
            if let Some((pid, _)) = pids.into_iter().find(|(_, on_host)| *on_host == state.pid) {
                self.signal(container, &state, pid, signal).await?;
            }
            if self.ends_within(id, GRACE).await? {
                return Ok(());
            }
        }
        Err(Error::Timeout {
            endpoint: Endpoint::ExecStart,
            stage: crate::error::Stage::Body,
            after: GRACE * 2,
        })
    }

    /// Signals the process group that a process started by exec leads, with what the image has for it. Without
    /// the capability `KILL` even root may only signal its own processes, so the process's user comes first.
    async fn signal(
        &self,
        container: &str,
        state: &ExecInspect,
        pid: i64,
        signal: &str,
    ) -> Result<(), Error> {
        let script = format!("kill -s {signal} -- -{pid} 2>/dev/null || kill -s {signal} {pid}");
        let group = format!("-{pid}");
        let commands = [
            ExecOptions::new(["sh", "-c", script.as_str()]),
            ExecOptions::new(["kill", "-s", signal, "--", group.as_str()]),
        ];
        let user = (!state.process_config.user.is_empty()).then(|| state.process_config.user.clone());
        for user in [user, Some("0".to_owned())] {
            for command in &commands {
                let command = ExecOptions { user: user.clone(), ..command.clone() };
                // Boxed: a run that is dropped ends its process by a terminate, which is this.
                if Box::pin(self.run(container, &command, None)).await?.exit_code == 0 {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn ends_within(&self, id: &str, limit: Duration) -> Result<bool, Error> {
        let deadline = Instant::now() + limit;
        while self.inspect(id).await?.running {
            if Instant::now() >= deadline {
                return Ok(false);
            }
            sleep(LOOK).await;
        }
        Ok(true)
    }
}

async fn start(client: Client, container: String, options: &ExecOptions) -> Result<ExecProcess, Error> {
    let created: Created = client.json(request::create(&container, options)?, Pace::Usual).await?;
    let request = request::start(&created.id)?;
    let leash = Leash::new(client, container, created.id);
    let reply = match leash.client().send(request, Pace::Usual).await {
        Ok(reply) => reply,
        Err(error @ Error::Api(_)) => {
            leash.release();
            return Err(error);
        }
        // It may run all the same: the leash ends it.
        Err(error) => return Err(error),
    };
    if reply.status() != 101 {
        let reason = format!("status {} instead of 101", reply.status());
        return Err(Error::Decode { endpoint: Endpoint::ExecStart, reason });
    }
    let stream = reply.into_raw().await?;
    Ok(ExecProcess::new(leash, stream, options.stdin))
}

/// Writes the input and closes it. A process that ends before it has read everything is no error here; its
/// exit code tells.
async fn feed(sink: Option<ExecInput>, input: Option<Upload>) -> Result<(), Error> {
    let (Some(mut sink), Some(input)) = (sink, input) else { return Ok(()) };
    let mut reader = input.into_reader();
    let mut buffer = BytesMut::with_capacity(64 * 1024);
    loop {
        buffer.clear();
        let read = tokio::io::AsyncReadExt::read_buf(&mut reader, &mut buffer).await;
        let count = read.map_err(|source| Error::Stream { endpoint: Endpoint::ExecStart, source })?;
        if count == 0 || sink.write_all(&buffer).await.is_err() {
            break;
        }
    }
    // A failed shutdown means the same as a failed write.
    sink.shutdown().await.ok();
    Ok(())
}

async fn collect(process: &mut ExecProcess) -> Result<(Bytes, Bytes), Error> {
    let (mut stdout, mut stderr) = (BytesMut::new(), BytesMut::new());
    while let Some(piece) = process.next().await {
        let (source, piece) = piece?;
        let target = match source {
            OutputSource::Stdout => &mut stdout,
            OutputSource::Stderr => &mut stderr,
        };
        if target.len().saturating_add(piece.len()) > MAX_OUTPUT {
            return Err(Error::TooLarge { endpoint: Endpoint::ExecStart, what: "output", limit: MAX_OUTPUT });
        }
        target.extend_from_slice(&piece);
    }
    Ok((stdout.freeze(), stderr.freeze()))
}
