//! The objects the fake runtime holds, and what the calls do to them. Nothing here fails on demand.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use stardeck_domain::{ContainerId, ImageId};
use stardeck_service::runtime::{
    ContainerSetup, ContainerState, ImageDetails, Labels, LogLine, LogStream, NetworkDetails, PublishedPort,
    RuntimeError, RuntimeResult,
};

use crate::engine::{EngineBehaviour, LogicalContent, VolumeContent};

/// A container.
#[derive(Debug, Clone)]
pub(crate) struct Container {
    pub(crate) id: ContainerId,
    pub(crate) state: ContainerState,
    pub(crate) exit_code: Option<i32>,
    pub(crate) oom_killed: bool,
    pub(crate) restart_count: u32,
    pub(crate) started_at: Option<DateTime<Utc>>,
    pub(crate) labels: Labels,
    pub(crate) image: ImageId,
    /// How it was set up, as far as others do.
    pub(crate) setup: ContainerSetup,
    /// The networks it is on, with its aliases there.
    pub(crate) networks: BTreeMap<String, Vec<String>>,
    pub(crate) ports: Vec<PublishedPort>,
    /// Named volumes; the first holds the data.
    pub(crate) volumes: Vec<String>,
    pub(crate) anonymous_volumes: Vec<String>,
    /// Copies of the mounted secrets: Podman reads them when the container is made.
    pub(crate) secrets: Vec<SecretString>,
    /// The configurations among them.
    pub(crate) configs: Vec<String>,
    /// Most memory in bytes, and most processor time in thousandths.
    pub(crate) limits: (Option<u64>, Option<u32>),
    pub(crate) env: BTreeMap<String, String>,
    /// Where its engine listens; another one after every start, as with Podman.
    pub(crate) address: Option<SocketAddr>,
    /// Files of its own, by their path.
    pub(crate) files: BTreeMap<String, SecretString>,
    pub(crate) log: Vec<LogLine>,
    /// How often its engine was asked since the last start.
    pub(crate) probes: u32,
    /// What its own healthcheck says; None when it has none.
    pub(crate) health: Option<bool>,
    /// What of it can not be kept when it is made anew.
    pub(crate) unkept: Vec<String>,
}

impl Container {
    /// It is started once more. The list tells seconds, so that another start within the same one would not be seen.
    pub(crate) fn start_once_more(&mut self) {
        let now = Utc::now();
        let next = self.started_at.map(|last| last + TimeDelta::seconds(1));
        self.started_at = Some(next.map_or(now, |next| next.max(now)));
    }
}

/// A volume.
#[derive(Debug, Clone, Default)]
pub(crate) struct Volume {
    pub(crate) labels: Labels,
    /// Files that were put into it, by their path in the container.
    pub(crate) files: BTreeMap<String, SecretString>,
    pub(crate) content: VolumeContent,
    pub(crate) logical: LogicalContent,
}

/// A secret.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub(crate) labels: Labels,
    pub(crate) value: SecretString,
}

/// Everything the runtime holds.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    pub(crate) containers: BTreeMap<String, Container>,
    /// Images that are present, by reference.
    pub(crate) images: BTreeMap<String, ImageDetails>,
    /// What the registries answer, by reference.
    pub(crate) registry: BTreeMap<String, RuntimeResult<ImageDetails>>,
    pub(crate) volumes: BTreeMap<String, Volume>,
    pub(crate) networks: BTreeMap<String, NetworkDetails>,
    pub(crate) secrets: BTreeMap<String, Secret>,
    /// Host ports that processes listen on without any container.
    pub(crate) occupied_ports: BTreeSet<u16>,
    /// Whether it runs without root, and no controllers of control groups were delegated to its user.
    pub(crate) lacks_limits: bool,
    /// How many of the next changes the name server misses.
    pub(crate) changes_to_miss: u32,
    /// Whether containers that are made anew are not healthy.
    pub(crate) recreates_unhealthy: bool,
    /// Containers whose names the name server does not know, by name.
    pub(crate) unknown_names: BTreeSet<String>,
    pub(crate) engine: EngineBehaviour,
    /// Successful logins to engines, by name.
    pub(crate) logins: BTreeMap<String, u32>,
    /// Logins that engines refused.
    pub(crate) refused_logins: u32,
    made: u32,
}

impl Container {
    /// Whether it mounts the volume.
    pub(crate) fn mounts(&self, volume: &str) -> bool {
        self.volumes.iter().chain(&self.anonymous_volumes).any(|mounted| mounted == volume)
    }

    /// Adds a line to its log.
    pub(crate) fn say(&mut self, line: &str) {
        self.log.push(LogLine { at: Some(Utc::now()), stream: LogStream::Stderr, line: line.to_owned() });
    }
}

impl Objects {
    /// A number that no object of this runtime has had.
    pub(crate) fn next_number(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    /// The name of the container with this name or id.
    pub(crate) fn container_name(&self, name_or_id: &str) -> Option<String> {
        if self.containers.contains_key(name_or_id) {
            return Some(name_or_id.to_owned());
        }
        self.containers.iter().find(|(_, c)| c.id.as_str() == name_or_id).map(|(name, _)| name.clone())
    }

    /// The container with this name or id.
    pub(crate) fn container(&mut self, name_or_id: &str) -> RuntimeResult<&mut Container> {
        self.container_name(name_or_id)
            .and_then(|name| self.containers.get_mut(&name))
            .ok_or_else(|| RuntimeError::NotFound { what: format!("container {name_or_id}") })
    }

    /// Checks that nothing else holds the container's host ports, as Podman does when a container starts.
    pub(crate) fn check_ports(&self, name: &str) -> RuntimeResult<()> {
        let Some(container) = self.containers.get(name) else { return Ok(()) };
        for port in container.ports.iter().map(|port| port.host_port.get()) {
            let others = self.containers.iter().filter(|(other, _)| other.as_str() != name);
            let is_published = others
                .filter(|(_, other)| other.state == ContainerState::Running)
                .any(|(_, other)| other.ports.iter().any(|published| published.host_port.get() == port));
            if is_published || self.occupied_ports.contains(&port) {
                let detail = format!("listen tcp4 :{port}: bind: address already in use");
                return Err(RuntimeError::PortTaken { detail });
            }
        }
        Ok(())
    }

    /// Lets the name server know a container that was started or joined a network, unless it is to miss that.
    pub(crate) fn name_is_known(&mut self, name: &str) {
        if self.changes_to_miss > 0 {
            self.changes_to_miss -= 1;
            self.unknown_names.insert(name.to_owned());
        } else {
            self.unknown_names.remove(name);
        }
    }

    /// Makes a container end.
    pub(crate) fn end_container(&mut self, name: &str, exit_code: i32) {
        if let Some(container) = self.containers.get_mut(name)
            && container.state == ContainerState::Running
        {
            container.state = ContainerState::Exited;
            container.exit_code = Some(exit_code);
            container.address = None;
        }
    }

    /// Removes a container with its anonymous volumes.
    pub(crate) fn remove_container(&mut self, name_or_id: &str) {
        if let Some(container) =
            self.container_name(name_or_id).and_then(|name| self.containers.remove(&name))
        {
            for volume in container.anonymous_volumes {
                self.volumes.remove(&volume);
            }
        }
    }

    /// Whether a container mounts the volume, running or not.
    pub(crate) fn is_volume_used(&self, volume: &str) -> bool {
        self.containers.values().any(|container| container.mounts(volume))
    }
}
