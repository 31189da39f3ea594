//! What Podman is. To say all of it takes Podman a third of a second, so what does not change is asked once.

use std::sync::{Arc, Mutex, PoisonError};

use stardeck_podman::{Client, Version};

use super::errors::runtime_error;
use crate::runtime::{RuntimeInfo, RuntimeResult};

/// What was learnt of one version of Podman: whether it runs without root.
#[derive(Clone, Default)]
pub(super) struct Facts(Arc<Mutex<Option<(Version, bool)>>>);

impl Facts {
    /// Asks whether Podman answers, and what it is.
    pub(super) async fn info(&self, client: &Client) -> RuntimeResult<RuntimeInfo> {
        let version = client.system().ping().await.map_err(runtime_error("Podman"))?.libpod_version;
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rootless = if let Some((_, rootless)) = known.filter(|(of, _)| *of == version) {
            rootless
        } else {
            let info = client.system().info().await.map_err(runtime_error("Podman"))?;
            let rootless = info.host.security.rootless;
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, rootless));
            rootless
        };
        Ok(RuntimeInfo { version: version.to_string(), rootless })
    }
}
