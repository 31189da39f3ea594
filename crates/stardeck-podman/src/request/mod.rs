//! Pure request builders: from typed arguments to path, query and body. No I/O happens here.
//!
//! One file per resource. The snapshots beside the tests pin every byte that goes out, because Podman
//! ignores unknown fields and parameters silently.

pub(crate) mod containers;
pub(crate) mod exec;
pub(crate) mod images;
pub(crate) mod networks;
pub(crate) mod secrets;
pub(crate) mod system;
pub(crate) mod volumes;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::SecretString;
use serde::Serialize;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::upload::Upload;

/// What is left as it is in a path segment or a query value (RFC 3986 "unreserved").
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Image references keep their separators: Podman's router takes the rest of the path.
const REFERENCE: &AsciiSet = &SEGMENT.remove(b'/').remove(b':').remove(b'@');

/// The filters of a list: values by key, for example `label` to `["a=b"]`. Several labels must all match;
/// several values of `name`, `status` or `network` are alternatives.
pub type Filters = BTreeMap<String, Vec<String>>;

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Payload {
    Empty,
    Json(Bytes),
    Binary(Bytes),
    Upload(Upload),
}

impl Payload {
    pub(crate) fn content_type(&self) -> Option<&'static str> {
        match self {
            Self::Empty => None,
            Self::Json(_) => Some("application/json"),
            // Go swallows a body that is called a form, so the type is always said.
            Self::Binary(_) => Some("application/octet-stream"),
            Self::Upload(_) => Some("application/x-tar"),
        }
    }
}

/// One request, ready to be sent.
pub(crate) struct Request {
    pub(crate) endpoint: Endpoint,
    path: String,
    query: Vec<(&'static str, String)>,
    pub(crate) payload: Payload,
    pub(crate) registry_auth: Option<SecretString>,
    /// Asks the service to turn the connection into a raw stream.
    pub(crate) upgrade: bool,
}

impl Request {
    /// A request whose path needs no name.
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        let path = format!("{}{}", endpoint.prefix(), endpoint.path_template());
        Self {
            endpoint,
            path,
            query: Vec::new(),
            payload: Payload::Empty,
            registry_auth: None,
            upgrade: false,
        }
    }

    /// A request about the object `name`.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a name that would change the path's meaning.
    pub(crate) fn about(endpoint: Endpoint, name: &str) -> Result<Self, Error> {
        if name.is_empty() || name == "." || name == ".." || name.contains('/') {
            return Err(Error::InvalidInput { endpoint, reason: "not a name or id" });
        }
        Ok(Self::with_segment(endpoint, &utf8_percent_encode(name, SEGMENT).to_string()))
    }

    /// A request about the image `reference`, whose slashes belong to it.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a reference that would change the path's meaning.
    pub(crate) fn about_image(endpoint: Endpoint, reference: &str) -> Result<Self, Error> {
        if reference.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(Error::InvalidInput { endpoint, reason: "not an image reference" });
        }
        Ok(Self::with_segment(endpoint, &utf8_percent_encode(reference, REFERENCE).to_string()))
    }

    /// A request to remove what is unused and matches `filters`.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] without filters: everything unused on a host is never one program's to remove.
    pub(crate) fn prune(endpoint: Endpoint, filters: &Filters) -> Result<Self, Error> {
        if filters.values().all(Vec::is_empty) {
            return Err(Error::InvalidInput {
                endpoint,
                reason: "without filters, everything unused would go",
            });
        }
        // Of images all that no container uses, not only those without a name; `dangling` can narrow it down.
        let all = endpoint == Endpoint::ImagePrune;
        Ok(Self::new(endpoint).flag("all", all).filters(filters))
    }

    fn with_segment(endpoint: Endpoint, segment: &str) -> Self {
        let mut request = Self::new(endpoint);
        if let Some((before, rest)) = request.path.split_once('{') {
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            request.path = format!("{before}{segment}{after}");
        }
        request
    }

    /// Adds a query parameter.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers, flags and texts alike, without & at each call"
    )]
    pub(crate) fn query(mut self, key: &'static str, value: impl ToString) -> Self {
        self.query.push((key, value.to_string()));
        self
    }

    /// Adds a query parameter only when it says something.
    pub(crate) fn maybe(self, key: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.query(key, value),
            None => self,
        }
    }

    /// Adds a flag only when it is set; Podman's flags are false by default.
    pub(crate) fn flag(self, key: &'static str, value: bool) -> Self {
        if value { self.query(key, true) } else { self }
    }

    /// Adds the filters of a list, as Podman wants them: JSON inside one parameter.
    pub(crate) fn filters(self, filters: &Filters) -> Self {
        if filters.is_empty() { self } else { self.query("filters", json_text(filters)) }
    }

    /// Sets the body to the JSON form of `value`.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Self {
        self.payload = Payload::Json(Bytes::from(json_text(value)));
        self
    }

    pub(crate) fn payload(mut self, payload: Payload) -> Self {
        self.payload = payload;
        self
    }

    /// The same request with an empty body and no credentials.
    pub(crate) fn without_payload(&self) -> Self {
        let (path, query) = (self.path.clone(), self.query.clone());
        Self { path, query, upgrade: self.upgrade, ..Self::new(self.endpoint) }
    }

    /// Path and query, percent-encoded.
    pub(crate) fn path_and_query(&self) -> String {
        let mut text = self.path.clone();
        for (index, (key, value)) in self.query.iter().enumerate() {
            text.push(if index == 0 { '?' } else { '&' });
            text.push_str(key);
            text.push('=');
            text.extend(utf8_percent_encode(value, SEGMENT));
        }
        text
    }
}

impl fmt::Debug for Request {
    /// Shows where the request goes, but neither its body nor its credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.endpoint.method().as_str(), self.path_and_query())
    }
}

/// Serializes one of this crate's own types. They are maps with text keys, numbers and texts, for which
/// `serde_json` has no failure; an empty text would be refused by Podman, visibly.
fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Whole seconds, rounded up: a grace of half a second must not become "at once".
pub(crate) fn seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}
