//! A container's log.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::frames::{Frame, FrameDecoder, OutputSource};
use crate::error::Error;
use crate::transport::ReplyBody;

/// The lines of a container's log, oldest first. Dropping it ends the call.
#[derive(Debug)]
pub struct LogStream {
    /// `None` once the stream has ended or failed.
    body: Option<ReplyBody>,
    frames: FrameDecoder,
    timestamps: bool,
}

/// One line of a container's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Where the container wrote it to. Many programs write all of their log to standard error.
    pub source: OutputSource,
    /// When, if timestamps were asked for. Whole seconds before Podman 5.8.
    pub time: Option<DateTime<Utc>>,
    /// The text without its line end; what is not UTF-8 is replaced.
    pub text: String,
    /// Does the line end here? Podman cuts lines longer than 8 KiB, and gives out what has no line end yet.
    pub complete: bool,
}

impl LogStream {
    pub(crate) fn new(body: ReplyBody, timestamps: bool) -> Self {
        Self { body: Some(body), frames: FrameDecoder::default(), timestamps }
    }

    /// The next line, or `None` at the end. A followed log ends when the container does.
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`Error::Transport`] when the connection broke, [`Error::Timeout`] when a log that is not followed stalls,
    /// [`Error::Decode`] and [`Error::TooLarge`] for an answer that is not a log. After an error comes `None`.
    ///
    /// ```no_run
    /// # async fn example(mut log: stardeck_podman::LogStream) -> Result<(), stardeck_podman::Error> {
    /// while let Some(line) = log.next().await {
    ///     println!("{}", line?.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<LogLine, Error>> {
        let result = self.read().await.transpose();
        if !matches!(result, Some(Ok(_))) {
            self.body = None;
        }
        result
    }

    async fn read(&mut self) -> Result<Option<LogLine>, Error> {
        let Some(body) = &mut self.body else { return Ok(None) };
        loop {
            if let Some(frame) = self.frames.next_frame().map_err(|error| body.bad_frame(error))? {
                return Ok(Some(line(&frame, self.timestamps)));
            }
            match body.chunk().await {
                Some(piece) => self.frames.push(&piece?),
                None if self.frames.is_empty() => return Ok(None),
                None => return Err(body.cut()),
            }
        }
    }
}

fn line(frame: &Frame, timestamps: bool) -> LogLine {
    let Frame { source, payload } = frame;
    let (time, text) = if timestamps { split_time(payload) } else { (None, payload.clone()) };
    let complete = text.ends_with(b"\n");
    let text = text.strip_suffix(b"\n").unwrap_or(&text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    LogLine { source: *source, time, text: String::from_utf8_lossy(text).into_owned(), complete }
}

/// Takes the time off the front of a line: RFC 3339 and one space.
fn split_time(payload: &Bytes) -> (Option<DateTime<Utc>>, Bytes) {
    let parsed = payload.iter().position(|byte| *byte == b' ').and_then(|space| {
        let text = std::str::from_utf8(payload.get(..space)?).ok()?;
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some((time.with_timezone(&Utc), payload.slice(space.saturating_add(1)..)))
    });
    match parsed {
        Some((time, text)) => (Some(time), text),
        None => (None, payload.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(payload: &'static str, timestamps: bool) -> LogLine {
        let frame = Frame { source: OutputSource::Stdout, payload: Bytes::from_static(payload.as_bytes()) };
        line(&frame, timestamps)
    }

    #[test]
    fn times_of_both_precisions_are_taken_off() {
        let seconds = of("2026-11-23T16:43:57Z 6:M ready\n", true);
        assert_eq!((seconds.text.as_str(), seconds.complete), ("6:M ready", true));
        assert_eq!(seconds.time.unwrap().timestamp(), 1_795_452_237);
        let nanos = of("2026-11-23T16:43:58.456606592+02:00 x\n", true);
        assert_eq!(nanos.time.unwrap().timestamp_subsec_nanos(), 456_606_592);
    }

    #[test]
    fn line_without_a_time_is_kept_whole() {
        assert_eq!(of("no time here\n", true).text, "no time here");
        assert_eq!(of("2026-11-23T16:43:57Z said the program\n", false).time, None);
    }

    #[test]
    fn cut_line_is_marked_incomplete() {
        let line = of("half", false);
        assert_eq!((line.text.as_str(), line.complete), ("half", false));
    }

    #[test]
    fn terminal_line_end_is_taken_off() {
        assert_eq!(of("tty\r\n", false).text, "tty");
    }
}
