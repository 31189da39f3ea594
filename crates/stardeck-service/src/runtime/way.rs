//! A way from a container's own network to an address.

use std::net::SocketAddr;

use tokio::task::JoinHandle;

/// What came of a connection from a container's own network.
#[derive(Debug)]
pub enum Way {
    /// Something answers there.
    Open(Tunnel),
    /// The host there says that nothing listens.
    Refused,
    /// Nothing comes back, or there is no way.
    Silent {
        /// The system's own words.
        detail: String,
    },
}

/// Connections to its address come out of the container's network, as long as it exists.
#[derive(Debug)]
pub struct Tunnel {
    /// The address to connect to.
    pub addr: SocketAddr,
    task: JoinHandle<()>,
}

impl Tunnel {
    /// A tunnel that a task keeps open.
    pub fn new(addr: SocketAddr, task: JoinHandle<()>) -> Self {
        Self { addr, task }
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}
