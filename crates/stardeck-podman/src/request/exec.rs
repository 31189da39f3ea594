//! Requests about processes started in running containers.

use serde::Serialize;

use super::Request;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::types::ExecOptions;

/// Always attached: Podman 4.3 never reports the exit code of a detached process.
#[derive(Serialize)]
struct Start {
    #[serde(rename = "Detach")]
    detach: bool,
    #[serde(rename = "Tty")]
    tty: bool,
}

pub(crate) fn create(container: &str, options: &ExecOptions) -> Result<Request, Error> {
    Ok(Request::about(Endpoint::ExecCreate, container)?.json(&options.body()))
}

pub(crate) fn start(id: &str) -> Result<Request, Error> {
    let mut request = Request::about(Endpoint::ExecStart, id)?.json(&Start { detach: false, tty: false });
    request.upgrade = true;
    Ok(request)
}

pub(crate) fn inspect(id: &str) -> Result<Request, Error> {
    Request::about(Endpoint::ExecInspect, id)
}
