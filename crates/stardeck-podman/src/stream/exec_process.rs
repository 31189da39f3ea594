//! A process started in a container: its input, its output, its end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWrite, ReadHalf, WriteHalf};

use super::frames::{FrameDecoder, OutputSource};
use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::{Error, Stage};
use crate::transport::RawStream;

/// Bytes read from the connection at a time.
const READ_CHUNK: usize = 32 * 1024;

/// A process started in a running container.
///
/// Podman lets a process run on when its client goes away. Dropping an `ExecProcess` before its end therefore
/// ends the process, in a task of the current tokio runtime (see [`crate::Exec::terminate`] for how).
///
/// Input and output must flow at the same time, or full pipes stop both: take the input with
/// [`ExecProcess::take_input`] and write it from another task.
#[derive(Debug)]
pub struct ExecProcess {
    leash: Leash,
    input: Option<ExecInput>,
    output: ExecOutput,
}

/// Ends a process when it is dropped, unless it was released before.
#[derive(Debug)]
pub(crate) struct Leash {
    client: Client,
    container: String,
    id: String,
    released: bool,
}

/// The standard input of a process. Shutting it down gives the process end of file; so does dropping it.
#[derive(Debug)]
pub struct ExecInput(Option<WriteHalf<RawStream>>);

/// The output of a process.
#[derive(Debug)]
pub struct ExecOutput {
    /// `None` once the output has ended.
    stream: Option<ReadHalf<RawStream>>,
    frames: FrameDecoder,
    buffer: BytesMut,
    client: Client,
}

impl ExecProcess {
    pub(crate) fn new(leash: Leash, stream: RawStream, has_input: bool) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        let input = has_input.then_some(ExecInput(Some(writer)));
        let output = ExecOutput {
            stream: Some(reader),
            frames: FrameDecoder::default(),
            buffer: BytesMut::new(),
            client: leash.client.clone(),
        };
        Self { leash, input, output }
    }

    /// Id of the exec session.
    ///
    /// ```
    /// # fn example(process: &stardeck_podman::ExecProcess) {
    /// println!("session {}", process.id());
    /// # }
    /// ```
    pub fn id(&self) -> &str {
        &self.leash.id
    }

    /// The input, once; `None` also when none was asked for.
    ///
    /// ```no_run
    /// # async fn example(mut process: stardeck_podman::ExecProcess) -> std::io::Result<()> {
    /// use tokio::io::AsyncWriteExt;
    ///
    /// if let Some(mut input) = process.take_input() {
    ///     input.write_all(b"hello\n").await?;
    ///     input.shutdown().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_input(&mut self) -> Option<ExecInput> {
        self.input.take()
    }

    /// The next piece of output; see [`ExecOutput::next`].
    ///
    /// # Errors
    /// As [`ExecOutput::next`].
    ///
    /// ```no_run
    /// # async fn example(mut process: stardeck_podman::ExecProcess) -> Result<(), stardeck_podman::Error> {
    /// while let Some(piece) = process.next().await {
    ///     println!("{:?}", piece?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<(OutputSource, Bytes), Error>> {
        self.output.next().await
    }

    /// Waits for the end, throwing remaining output away, and returns the exit code. Closes an input that was
    /// not taken. 127 means that there is no such program.
    ///
    /// # Errors
    /// As [`ExecOutput::next`], and those of [`crate::Exec::inspect`].
    ///
    /// ```no_run
    /// # async fn example(process: stardeck_podman::ExecProcess) -> Result<(), stardeck_podman::Error> {
    /// println!("it ended with {}", process.wait().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(mut self) -> Result<i32, Error> {
        drop(self.input.take());
        while let Some(piece) = self.output.next().await {
            piece?;
        }
        // The exit code is there as soon as the output ends (measured on 4.3 and 5.8), except when the output
        // ended because the service went away.
        let state = self.leash.client.exec().inspect(&self.leash.id).await?;
        if state.running {
            return Err(self.output.broken(io::ErrorKind::ConnectionReset.into()));
        }
        self.leash.release();
        Ok(state.exit_code)
    }

    /// Ends the process and waits until it is gone.
    ///
    /// # Errors
    /// As [`crate::Exec::terminate`].
    ///
    /// ```no_run
    /// # async fn example(process: stardeck_podman::ExecProcess) -> Result<(), stardeck_podman::Error> {
    /// process.terminate().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn terminate(self) -> Result<(), Error> {
        let Leash { client, container, id, .. } = &self.leash;
        let result = client.exec().terminate(container, id).await;
        self.leash.release();
        result
    }

    /// Leaves the process to itself: it runs on.
    ///
    /// ```
    /// # fn example(process: stardeck_podman::ExecProcess) {
    /// let session = process.id().to_owned();
    /// process.detach();
    /// println!("{session} runs on");
    /// # }
    /// ```
    pub fn detach(self) {
        self.leash.release();
    }
}

impl Leash {
    pub(crate) fn new(client: Client, container: String, id: String) -> Self {
        Self { client, container, id, released: false }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Leaves the process to itself.
    pub(crate) fn release(mut self) {
        self.released = true;
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        if self.released {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            tracing::warn!(session = self.id, "no runtime left to end a process in");
            return;
        };
        let (client, container, id) = (self.client.clone(), self.container.clone(), self.id.clone());
        runtime.spawn(async move {
            if let Err(error) = client.exec().terminate(&container, &id).await
                && !error.is_not_found()
            {
                tracing::warn!(%error, session = id, "process given up could not be ended");
            }
        });
    }
}

impl ExecOutput {
    /// The next piece of output, or `None` when both streams have ended. A reset connection counts as an end:
    /// Podman resets it when a process ends before it has read all its input.
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`Error::Transport`] when the connection broke, [`Error::Decode`] and [`Error::TooLarge`] for something that
    /// is not output. After an error comes `None`.
    ///
    /// ```no_run
    /// # async fn example(mut output: stardeck_podman::ExecOutput) -> Result<(), stardeck_podman::Error> {
    /// while let Some(piece) = output.next().await {
    ///     println!("{:?}", piece?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<(OutputSource, Bytes), Error>> {
        let result = self.read().await.transpose();
        if !matches!(result, Some(Ok(_))) {
            self.stream = None;
        }
        result
    }

    async fn read(&mut self) -> Result<Option<(OutputSource, Bytes)>, Error> {
        loop {
            let Some(stream) = &mut self.stream else { return Ok(None) };
            if let Some(frame) = self.frames.next_frame().map_err(|error| error.of(Endpoint::ExecStart))? {
                return Ok(Some((frame.source, frame.payload)));
            }
            self.buffer.clear();
            self.buffer.reserve(READ_CHUNK);
            match stream.read_buf(&mut self.buffer).await {
                Ok(0) if self.frames.is_empty() => return Ok(None),
                Ok(0) => return Err(self.broken(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => self.frames.push(&self.buffer),
                Err(error) if is_reset(&error) => return Ok(None),
                Err(error) => return Err(self.broken(error)),
            }
        }
    }

    fn broken(&self, source: io::Error) -> Error {
        let socket = self.client.socket().to_owned();
        Error::Transport { endpoint: Endpoint::ExecStart, stage: Stage::Body, socket, source }
    }
}

fn is_reset(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)
}

impl AsyncWrite for ExecInput {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.0 {
            Some(stream) => Pin::new(stream).poll_write(cx, data),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Some(stream) => Pin::new(stream).poll_flush(cx),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Some(stream) => {
                let done = Pin::new(stream).poll_shutdown(cx);
                if done.is_ready() {
                    self.0 = None;
                }
                done
            }
            None => Poll::Ready(Ok(())),
        }
    }
}

impl Drop for ExecInput {
    /// Half of a split connection does not close it, so the shutdown has to be said.
    fn drop(&mut self) {
        if let Some(stream) = &mut self.0 {
            // Shutting down the write side of a Unix socket never waits.
            let mut context = Context::from_waker(std::task::Waker::noop());
            if let Poll::Ready(Err(error)) = Pin::new(stream).poll_shutdown(&mut context) {
                tracing::trace!(%error, "input of a process was closed already");
            }
        }
    }
}
