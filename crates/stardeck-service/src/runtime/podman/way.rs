//! A way out of a container: what it reaches itself, tried from its own network.
//!
//! A connection belongs to the network that its maker was in when it was made, whoever uses it then. So a thread of its own
//! goes into the container's network, connects, and hands the connection back; nothing is run in the container. That takes
//! root on the host that the container runs on; without it, there is no way.

use std::{fs::File, io, net::TcpStream as StdStream, os::fd::AsFd as _, thread, time::Duration};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use stardeck_podman::Client;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinSet,
};

use super::errors::runtime_error;
use crate::runtime::{RuntimeError, RuntimeResult, Tunnel, Way};

/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a connection could not be made.
enum Closed {
    /// The container's network can not be gone into from here.
    NoEntry(io::Error),
    /// It was gone into, and nothing came of it.
    Failed(io::Error),
}

pub(super) async fn way_out(client: &Client, container: &str, to: SocketAddr) -> RuntimeResult<Option<Way>> {
    let found = client.containers().inspect(container).await.map_err(runtime_error(container))?;
    let pid = found.state.pid;
    if !found.state.running || pid <= 0 {
        return Ok(None);
    }
    let first = match dial(pid, to).await {
        Ok(stream) => stream,
        Err(Closed::NoEntry(error)) => {
            tracing::debug!(container, %error, "its network can not be gone into");
            return Ok(None);
        }
        Err(Closed::Failed(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            return Ok(Some(Way::Refused));
        }
        Err(Closed::Failed(error)) => return Ok(Some(Way::Silent { detail: error.to_string() })),
    };
    let failed =
        |error: io::Error| RuntimeError::Rejected { detail: format!("no port on loopback: {error}") };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let task = tokio::spawn(relay(listener, first, pid, to));
    Ok(Some(Way::Open(Tunnel::new(addr, task))))
}

/// Passes on every connection made here, each through one of its own there.
async fn relay(listener: TcpListener, first: TcpStream, pid: i64, to: SocketAddr) {
    let mut ready = Some(first);
    let mut connections = JoinSet::new();
    while let Ok((mut near, _)) = listener.accept().await {
        let far = match ready.take() {
            Some(stream) => Ok(stream),
            None => dial(pid, to).await,
        };
        // Whoever connected here sees the end of the connection.
        let Ok(mut far) = far else { continue };
        connections.spawn(async move { copy_bidirectional(&mut near, &mut far).await });
    }
}

/// Connects from the network of a process.
async fn dial(pid: i64, to: SocketAddr) -> Result<TcpStream, Closed> {
    let (tell, told) = oneshot::channel();
    // A thread that went elsewhere is of no use to others, so it ends with this.
    let begun = thread::Builder::new().name("way-out".to_owned()).spawn(move || tell.send(connect(pid, to)));
    begun.map_err(Closed::NoEntry)?;
    let gone = |_| Closed::NoEntry(io::Error::other("the thread ended"));
    let stream = told.await.map_err(gone)??;
    stream.set_nonblocking(true).map_err(Closed::Failed)?;
    TcpStream::from_std(stream).map_err(Closed::Failed)
}

fn connect(pid: i64, to: SocketAddr) -> Result<StdStream, Closed> {
    let network = File::open(format!("/proc/{pid}/ns/net")).map_err(Closed::NoEntry)?;
    move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))
        .map_err(|error| Closed::NoEntry(error.into()))?;
    StdStream::connect_timeout(&to, PATIENCE).map_err(Closed::Failed)
}
