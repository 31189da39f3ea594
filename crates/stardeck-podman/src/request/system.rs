//! Requests about the service itself.

use super::{Filters, Request};
use crate::endpoint::Endpoint;

pub(crate) fn ping() -> Request {
    Request::new(Endpoint::Ping)
}

pub(crate) fn version() -> Request {
    Request::new(Endpoint::Version)
}

pub(crate) fn info() -> Request {
    Request::new(Endpoint::Info)
}

pub(crate) fn disk_usage() -> Request {
    Request::new(Endpoint::DiskUsage)
}

/// `since` and `until` are times as Podman's `util.ParseEventTime` reads them, here RFC 3339.
pub(crate) fn events(
    filters: &Filters,
    since: Option<String>,
    until: Option<String>,
    stream: bool,
) -> Request {
    Request::new(Endpoint::Events)
        .query("stream", stream)
        .maybe("since", since)
        .maybe("until", until)
        .filters(filters)
}
