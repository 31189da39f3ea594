//! Which image the demo deploys: the official one where its registry can be reached, a stand-in otherwise.

use crate::host::Conditions;
use crate::images::{POSTGRES, ensure_stand_ins};
use crate::{process, report};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::process::Command;
use std::time::Duration;

/// The official image.
const OFFICIAL: &str = "docker.io/library/postgres:16";
/// The registry behind it.
const REGISTRY: &str = "registry-1.docker.io:443";
/// How long the registry may take to accept a connection.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// The image to ask for; None for the engine's default, which the server then pulls by itself.
///
/// # Errors
/// When the stand-in is needed and can not be built.
pub(crate) fn choose(conditions: Conditions) -> anyhow::Result<Option<String>> {
    if process::succeeds(Command::new("podman").args(["image", "exists", OFFICIAL])) || is_reachable() {
        return Ok(None);
    }
    report::line(&format!(
        "Docker Hub can not be reached; using a stand-in for {OFFICIAL} made from distribution packages."
    ));
    Ok(ensure_stand_ins(conditions, &[POSTGRES.to_owned()])?.pop())
}

fn is_reachable() -> bool {
    let Ok(addresses) = REGISTRY.to_socket_addrs() else { return false };
    addresses.into_iter().any(|address| TcpStream::connect_timeout(&address, ANSWERS_WITHIN).is_ok())
}
