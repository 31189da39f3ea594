//! Resource use of containers, measured again and again.

use super::lines::LineSplitter;
use crate::endpoint::Endpoint;
use crate::error::{ApiError, Error};
use crate::transport::ReplyBody;
use crate::types::{ContainerStats, StatsReport, lenient};

/// Longest line that is accepted: thousands of containers.
const MAX_LINE: usize = 8 * 1024 * 1024;

/// Measurements of containers, one set per interval. Dropping it ends the call.
#[derive(Debug)]
pub struct StatsStream {
    /// `None` once the stream has ended.
    body: Option<ReplyBody>,
    lines: LineSplitter,
}

impl StatsStream {
    pub(crate) fn new(body: ReplyBody) -> Self {
        Self { body: Some(body), lines: LineSplitter::new(MAX_LINE) }
    }

    /// The next set, or `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    /// `NotFound` of [`ErrorKind`](crate::ErrorKind) when one of the containers is missing, [`Error::Transport`] when
    /// the connection broke, [`Error::Decode`] and [`Error::TooLarge`] for lines that are no statistics. After an
    /// error comes `None`.
    ///
    /// ```no_run
    /// # async fn example(mut stats: stardeck_podman::StatsStream) -> Result<(), stardeck_podman::Error> {
    /// while let Some(set) = stats.next().await {
    ///     println!("{} containers", set?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<Vec<ContainerStats>, Error>> {
        let result = self.read().await.transpose();
        if !matches!(result, Some(Ok(_))) {
            self.body = None;
        }
        result
    }

    async fn read(&mut self) -> Result<Option<Vec<ContainerStats>>, Error> {
        let endpoint = Endpoint::ContainerStats;
        let Some(body) = &mut self.body else { return Ok(None) };
        let too_long = |_| Error::TooLarge { endpoint, what: "line", limit: MAX_LINE };
        loop {
            if let Some(line) = self.lines.next_line().map_err(too_long)? {
                let report: StatsReport =
                    lenient::from_slice(&line).map_err(|reason| Error::Decode { endpoint, reason })?;
                return statistics(report).map(Some);
            }
            match body.chunk().await {
                Some(piece) => self.lines.push(&piece?),
                None if self.lines.rest().is_some() => return Err(body.cut()),
                None => return Ok(None),
            }
        }
    }
}

/// The statistics of a report, or its error.
pub(crate) fn statistics(report: StatsReport) -> Result<Vec<ContainerStats>, Error> {
    if report.error.is_none() {
        return Ok(report.stats);
    }
    // Before 5.2 the error is an empty object; the usual reason is a container that is gone.
    let mut error = ApiError::in_stream(Endpoint::ContainerStats, "no reason given".to_owned());
    "no such container".clone_into(&mut error.cause);
    Err(Error::Api(error))
}
