//! The progress of a pull. Podman answers 200 before it starts, so failures come as a line of the stream.

use serde::Deserialize;

use super::lines::LineSplitter;
use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::{ApiError, Error};
use crate::transport::ReplyBody;
use crate::types::{PullEvent, lenient};

/// Longest line that is accepted.
const MAX_LINE: usize = 1024 * 1024;

/// The steps of a pull; the last one is [`PullEvent::Done`]. Dropping it makes Podman give up the pull.
#[derive(Debug)]
pub struct PullStream {
    client: Client,
    reference: String,
    state: State,
}

#[derive(Debug)]
enum State {
    Reading {
        body: ReplyBody,
        lines: LineSplitter,
        succeeded: bool,
    },
    /// The stream has ended well; the image is looked up for its full id.
    Finishing,
    Ended,
}

/// A line of either dialect. A failure is told by one of three keys.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Line {
    stream: String,
    status: String,
    id: String,
    progress_detail: ProgressDetail,
    error: String,
    message: String,
    error_detail: ErrorDetail,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProgressDetail {
    current: Option<u64>,
    total: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ErrorDetail {
    message: String,
}

impl PullStream {
    pub(crate) fn new(client: Client, reference: String, body: ReplyBody) -> Self {
        let state = State::Reading { body, lines: LineSplitter::new(MAX_LINE), succeeded: false };
        Self { client, reference, state }
    }

    /// The next step, or `None` after the last one. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`Error::Api`] when the pull failed ([`crate::ErrorKind::ManifestUnknown`], `Unauthorized`,
    /// `RegistryUnreachable`, …), [`Error::Transport`] when the connection broke, [`Error::Timeout`] when nothing
    /// comes for too long. After an error comes `None`.
    ///
    /// ```no_run
    /// # async fn example(mut pull: stardeck_podman::PullStream) -> Result<(), stardeck_podman::Error> {
    /// while let Some(event) = pull.next().await {
    ///     println!("{:?}", event?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<PullEvent, Error>> {
        let result = self.advance().await.transpose();
        if matches!(result, Some(Err(_) | Ok(PullEvent::Done { .. }))) {
            self.state = State::Ended;
        }
        result
    }

    /// Follows the pull to its end and returns the full id of the image.
    ///
    /// # Errors
    /// As [`PullStream::next`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::PullOptions;
    ///
    /// let pull = client.images().pull("docker.io/library/alpine:3", &PullOptions::default()).await?;
    /// println!("image {}", pull.finish().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn finish(mut self) -> Result<String, Error> {
        loop {
            match self.next().await {
                Some(Ok(PullEvent::Done { image_id })) => return Ok(image_id),
                Some(Ok(PullEvent::Progress { .. })) => {}
                Some(Err(error)) => return Err(error),
                None => {
                    let reason = "the pull was followed to its end before".to_owned();
                    return Err(Error::Decode { endpoint: Endpoint::ImagePull, reason });
                }
            }
        }
    }

    async fn advance(&mut self) -> Result<Option<PullEvent>, Error> {
        loop {
            match &mut self.state {
                State::Ended => return Ok(None),
                State::Finishing => {
                    let image_id = self.client.images().inspect(&self.reference).await?.id;
                    return Ok(Some(PullEvent::Done { image_id }));
                }
                State::Reading { body, lines, succeeded } => {
                    let endpoint = body.endpoint();
                    let too_long = |_| Error::TooLarge { endpoint, what: "line", limit: MAX_LINE };
                    let line = match lines.next_line().map_err(too_long)? {
                        Some(line) => line,
                        None => match body.chunk().await {
                            Some(piece) => {
                                lines.push(&piece?);
                                continue;
                            }
                            None => match lines.rest() {
                                Some(line) => line,
                                None if *succeeded => {
                                    self.state = State::Finishing;
                                    continue;
                                }
                                None => return Err(body.cut()),
                            },
                        },
                    };
                    if let Some(event) = read(endpoint, &line, succeeded)? {
                        return Ok(Some(event));
                    }
                }
            }
        }
    }
}

/// Reads one line: a step, a failure, or the mark of success, which is kept in `succeeded`.
fn read(endpoint: Endpoint, line: &[u8], succeeded: &mut bool) -> Result<Option<PullEvent>, Error> {
    let line: Line = lenient::from_slice(line).map_err(|reason| Error::Decode { endpoint, reason })?;
    let failure =
        [line.error_detail.message, line.error, line.message].into_iter().find(|text| !text.is_empty());
    if let Some(message) = failure {
        return Err(Error::Api(ApiError::in_stream(endpoint, message)));
    }
    if line.stream.is_empty() && line.status.is_empty() {
        // libpod's last line holds nothing but ids.
        *succeeded |= !line.id.is_empty();
        return Ok(None);
    }
    // The Docker-compatible stream has no last line of its own: it ends after the image's "complete".
    *succeeded |= matches!(line.status.as_str(), "Download complete" | "Pull complete" | "Already exists");
    let status = if line.status.is_empty() { line.stream.trim_end().to_owned() } else { line.status };
    let layer = (!line.id.is_empty()).then_some(line.id);
    let ProgressDetail { current, total } = line.progress_detail;
    Ok(Some(PullEvent::Progress { layer, status, current, total: total.filter(|total| *total > 0) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn failure(line: &str) -> Error {
        read(Endpoint::ImagePullCompat, line.as_bytes(), &mut false).unwrap_err()
    }

    #[test]
    fn each_of_the_three_error_keys_is_a_failure() {
        for line in [
            r#"{"error":"reading manifest nope: manifest unknown"}"#,
            r#"{"message":"manifest unknown: x"}"#,
            r#"{"progressDetail":{},"errorDetail":{"message":"manifest unknown"},"error":null}"#,
        ] {
            assert_eq!(failure(line).kind(), ErrorKind::ManifestUnknown, "{line}");
        }
    }

    #[test]
    fn last_line_of_libpod_is_success_and_no_step() {
        let mut succeeded = false;
        let step = read(Endpoint::ImagePull, br#"{"images":["9c51"],"id":"9c51"}"#, &mut succeeded).unwrap();
        assert_eq!((step, succeeded), (None, true));
    }

    #[test]
    fn bytes_of_a_layer_are_told() {
        let line =
            br#"{"status":"Downloading","progressDetail":{"current":5,"total":9},"id":"fbb153a711d4"}"#;
        let step = read(Endpoint::ImagePullCompat, line, &mut false).unwrap().unwrap();
        let expected = PullEvent::Progress {
            layer: Some("fbb153a711d4".into()),
            status: "Downloading".into(),
            current: Some(5),
            total: Some(9),
        };
        assert_eq!(step, expected);
    }

    #[test]
    fn text_of_libpod_is_a_step() {
        let line = br#"{"stream":"Copying blob sha256:5a73\n"}"#;
        let step = read(Endpoint::ImagePull, line, &mut false).unwrap().unwrap();
        let status = "Copying blob sha256:5a73".to_owned();
        assert_eq!(step, PullEvent::Progress { layer: None, status, current: None, total: None });
    }
}
