//! Requests about networks.

use serde::Serialize;

use super::{Filters, Request};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::types::{CreateNetwork, NetworkAttachment};

type Built = Result<Request, Error>;

pub(crate) fn list(filters: &Filters) -> Request {
    Request::new(Endpoint::NetworkList).filters(filters)
}

pub(crate) fn inspect(name: &str) -> Built {
    Request::about(Endpoint::NetworkInspect, name)
}

pub(crate) fn exists(name: &str) -> Built {
    Request::about(Endpoint::NetworkExists, name)
}

pub(crate) fn create(spec: &CreateNetwork) -> Request {
    Request::new(Endpoint::NetworkCreate).json(spec)
}

/// Never with `force`, which would remove the containers on the network.
pub(crate) fn remove(name: &str) -> Built {
    Request::about(Endpoint::NetworkRemove, name)
}

pub(crate) fn connect(name: &str, container: &str, attachment: &NetworkAttachment) -> Built {
    #[derive(Serialize)]
    struct Wire<'a> {
        container: &'a str,
        #[serde(flatten)]
        attachment: &'a NetworkAttachment,
    }
    Ok(Request::about(Endpoint::NetworkConnect, name)?.json(&Wire { container, attachment }))
}

pub(crate) fn disconnect(name: &str, container: &str) -> Built {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Wire<'a> {
        container: &'a str,
        force: bool,
    }
    Ok(Request::about(Endpoint::NetworkDisconnect, name)?.json(&Wire { container, force: false }))
}
