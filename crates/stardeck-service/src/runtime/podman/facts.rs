//! What Podman is. To say all of it takes Podman a third of a second, so what does not change is asked once.

use std::sync::{Arc, Mutex, PoisonError};

use stardeck_podman::{Client, Info, Version};

use super::errors::runtime_error;
use crate::runtime::{RuntimeInfo, RuntimeResult};

/// What was learnt of one version of Podman.
#[derive(Clone, Default)]
pub(super) struct Facts(Arc<Mutex<Option<(Version, RuntimeInfo)>>>);

impl Facts {
    /// Asks whether Podman answers, and what it is.
    pub(super) async fn info(&self, client: &Client) -> RuntimeResult<RuntimeInfo> {
        let version = client.system().ping().await.map_err(runtime_error("Podman"))?.libpod_version;
        if let Some((_, info)) = self.known().filter(|(of, _)| *of == version) {
            return Ok(info);
        }
        let told = client.system().info().await.map_err(runtime_error("Podman"))?;
        let info = learnt(version, &told);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, info.clone()));
        Ok(info)
    }

    /// What is known of it, asked only when nothing is: it is needed for every step towards an engine.
    pub(super) async fn recalled(&self, client: &Client) -> RuntimeResult<RuntimeInfo> {
        match self.known() {
            Some((_, info)) => Ok(info),
            None => self.info(client).await,
        }
    }

    fn known(&self) -> Option<(Version, RuntimeInfo)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Without root, only controllers that were delegated to the user are there, and none of control groups v1.
fn learnt(version: Version, told: &Info) -> RuntimeInfo {
    let rootless = told.host.security.rootless;
    let has = |controller: &str| {
        !rootless || told.host.cgroup_controllers.iter().any(|delegated| delegated == controller)
    };
    RuntimeInfo {
        version: version.to_string(),
        rootless,
        can_limit_memory: has("memory"),
        can_limit_cpu: has("cpu"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rootless: bool, controllers: &[&str]) -> RuntimeInfo {
        let mut info = Info::default();
        info.host.security.rootless = rootless;
        info.host.cgroup_controllers = controllers.iter().map(|name| (*name).to_owned()).collect();
        learnt(Version::new(5, 4, 2), &info)
    }

    #[test]
    fn without_root_only_delegated_controllers_limit() {
        let limits = |info: RuntimeInfo| (info.can_limit_memory, info.can_limit_cpu);
        assert_eq!(limits(told(true, &[])), (false, false));
        assert_eq!(limits(told(true, &["memory", "pids"])), (true, false));
        assert_eq!(limits(told(true, &["cpu", "memory", "pids"])), (true, true));
        assert_eq!(limits(told(false, &[])), (true, true));
    }
}
