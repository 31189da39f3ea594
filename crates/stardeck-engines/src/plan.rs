//! The container an engine runs in, as data. The service keeps it as JSON and puts it into the runtime's words.

use std::{collections::BTreeMap, time::Duration};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use stardeck_domain::{DatabaseSettings, LoginName, Port, VersionTag};

use crate::{AppliedSetting, ConfigFile, ImageUnsuitable};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploySpec {
    /// The version the image is taken for.
    pub version: VersionTag,
    /// The administrator's name.
    pub admin_user: LoginName,
    /// How it is to run.
    pub settings: DatabaseSettings,
}

/// What a pulled image declares about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageFacts {
    /// The paths it declares as volumes (`Config.Volumes`).
    pub volumes: Vec<String>,
    /// Its environment (`Config.Env`).
    pub env: BTreeMap<String, String>,
    /// The TCP ports it declares (`Config.ExposedPorts`).
    pub exposed_ports: Vec<u16>,
}

/// A container to be made. It holds no secret, so that it can be kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerPlan {
    /// Variables, without secrets.
    pub env: BTreeMap<String, String>,
    /// Arguments; empty for the image's own.
    pub command: Vec<String>,
    /// Secrets that are mounted as files; none for an engine that needs no bootstrap password.
    pub secret_files: Vec<SecretFile>,
    /// One volume for the data and one for every other path the image declares, so that no anonymous volume can
    /// exist.
    pub volumes: Vec<VolumeMount>,
    /// The port the engine listens on.
    pub port: Port,
    /// Size of `/dev/shm` in bytes.
    pub shm_bytes: u64,
    /// How many seconds a stop waits before it kills.
    pub stop_grace_seconds: u32,
    /// The version whose data files the volume will hold, as one number, where the engine binds data to it: the major
    /// version, or 1011 where that is 10.11.
    pub data_major: Option<u32>,
    /// Most memory in bytes; None for no limit.
    pub memory_bytes: Option<u64>,
    /// Most processor time in thousandths of one processor; None for no limit.
    #[serde(default)]
    pub cpu_millis: Option<u32>,
    /// The settings the server gets beside its own defaults.
    #[serde(default)]
    pub settings: Vec<AppliedSetting>,
    /// The file they are in; None when there are none.
    #[serde(default)]
    pub config: Option<ConfigFile>,
}

/// A secret that is mounted as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretFile {
    /// What the secret is.
    pub role: SecretRole,
    /// The absolute path in the container.
    pub target: String,
    /// The owner's number in the container.
    pub uid: u32,
    /// The group's number in the container.
    pub gid: u32,
    /// The permission bits, such as `0o400`.
    pub mode: u32,
}

/// What a mounted secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretRole {
    /// The one-time password the data directory is initialised with.
    BootstrapPassword,
}

/// A file that must lie in the data volume before the engine's first start. It is not part of the plan, because it may
/// hold what nobody should see.
#[derive(Debug)]
pub struct SeedFile {
    /// The absolute path in the container.
    pub path: String,
    /// The permission bits, such as `0o644`; the owner is root.
    pub mode: u32,
    /// What it holds.
    pub content: SecretString,
}

/// A volume and where it is mounted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeMount {
    /// What the volume is for.
    pub role: VolumeRole,
    /// The absolute path in the container.
    pub path: String,
}

/// What a volume is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeRole {
    /// The engine's data.
    Data,
    /// Another path the image declares, counted from 1.
    Extra(u16),
}

/// How long an engine may take until it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// On an empty volume, initialisation included.
    pub first_start: Duration,
    /// On a volume that was initialised before.
    pub later_start: Duration,
}

/// Where the bootstrap password is mounted.
pub(crate) const BOOTSTRAP_FILE: &str = "/run/secrets/stardeck-bootstrap-password";

/// The bootstrap password as a file that every process in the container may read.
///
/// Entrypoints read it after they have changed to the image's own user, whose number is not known: 999 in most official
/// Debian images, 70 in PostgreSQL's Alpine ones, anything in others. Only the engine runs in the container, the host's
/// copy lies in root's directory, and the password is replaced as soon as the engine answers; so nothing is lost by
/// the wide mode.
pub(crate) fn bootstrap_file() -> SecretFile {
    SecretFile {
        role: SecretRole::BootstrapPassword,
        target: BOOTSTRAP_FILE.to_owned(),
        uid: 0,
        gid: 0,
        mode: 0o444,
    }
}

/// Volumes that cover the data path and every other path the image declares.
///
/// # Errors
/// The image declares a path that can not be mounted on.
pub(crate) fn mounts(data_path: &str, declared: &[String]) -> Result<Vec<VolumeMount>, ImageUnsuitable> {
    let mut mounts = vec![VolumeMount { role: VolumeRole::Data, path: data_path.to_owned() }];
    let mut number: u16 = 0;
    for path in declared.iter().map(|path| normalised(path)) {
        if !path.starts_with('/') || path.len() < 2 || path.split('/').any(|part| part == "..") {
            return Err(ImageUnsuitable::because(format!("it declares a volume at {path:?}")));
        }
        if mounts.iter().all(|mount| mount.path != path) {
            number += 1;
            mounts.push(VolumeMount { role: VolumeRole::Extra(number), path: path.to_owned() });
        }
    }
    Ok(mounts)
}

/// Whether `path` is `volume` or lies below it.
pub(crate) fn is_within(path: &str, volume: &str) -> bool {
    normalised(path)
        .strip_prefix(normalised(volume))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A path without slashes at its end.
pub(crate) fn normalised(path: &str) -> &str {
    path.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_path_gets_exactly_one_volume() {
        let declared = ["/data/", "/extra", "/data", "/extra"].map(str::to_owned);
        let mounts = mounts("/data", &declared).unwrap();
        assert_eq!(
            mounts,
            [
                VolumeMount { role: VolumeRole::Data, path: "/data".to_owned() },
                VolumeMount { role: VolumeRole::Extra(1), path: "/extra".to_owned() },
            ]
        );
    }

    #[test]
    fn paths_that_can_not_be_mounted_on_are_refused() {
        for bad in ["", "/", "data", "/data/../etc"] {
            assert!(mounts("/data", &[bad.to_owned()]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_is_within_itself_and_its_parents_only() {
        assert!(is_within("/var/lib/x", "/var/lib"));
        assert!(is_within("/var/lib/", "/var/lib"));
        assert!(!is_within("/var/library", "/var/lib"));
        assert!(!is_within("/var", "/var/lib"));
    }
}
