//! The work directory of the tests' own Podman: what lies where, and its configuration.

use super::addresses::AddressClaim;
use crate::host::{self, Conditions};
use anyhow::Context as _;
use serde_json::json;
use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Id that Podman gives to its default network: the SHA-256 of the name `podman`.
const DEFAULT_NETWORK_ID: &str = "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9";

/// Where its API service listens.
pub(crate) fn socket(directory: &Path) -> PathBuf {
    directory.join("podman.sock")
}

/// Where its networks are described, one JSON file each.
pub(crate) fn network_configurations(directory: &Path) -> PathBuf {
    directory.join("net")
}

/// Locks the work directory for this process. While the lock is held, nobody sweeps the directory away; when we die
/// in whatever way, the next run finds it unlocked and takes it down.
///
/// # Errors
/// When the lock can not be made.
pub(crate) fn take_ownership(directory: &Path) -> anyhow::Result<File> {
    let owner = File::create(owner_lock(directory)).context("making the owner's lock")?;
    owner.lock().context("taking the owner's lock")?;
    Ok(owner)
}

/// True when the process that made the work directory is gone.
pub(crate) fn is_abandoned(directory: &Path) -> bool {
    File::open(owner_lock(directory)).is_ok_and(|owner| owner.try_lock().is_ok())
}

/// The arguments that make a `podman` use this work directory and nothing else. The additional image store has to be
/// an option: with `--root` Podman reads no `storage.conf`.
pub(crate) fn podman_arguments(directory: &Path, images: &Path) -> Vec<OsString> {
    let mut store = OsString::from("additionalimagestore=");
    store.push(images);
    vec![
        "--root".into(),
        directory.join("root").into(),
        "--runroot".into(),
        directory.join("run").into(),
        "--tmpdir".into(),
        directory.join("tmp").into(),
        "--storage-driver".into(),
        "overlay".into(),
        "--storage-opt".into(),
        store,
    ]
}

/// Makes the folders and writes the configuration.
///
/// # Errors
/// When a file can not be written.
pub(crate) fn write_configuration(
    directory: &Path,
    conditions: Conditions,
    addresses: &AddressClaim,
    registry: &str,
) -> anyhow::Result<()> {
    for name in ["root", "run", "tmp", "net", "networks", "cache", "scratch"] {
        let path = directory.join(name);
        fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
    }
    let write = |name: &str, text: String| {
        fs::write(directory.join(name), text)
            .with_context(|| format!("writing {name} in {}", directory.display()))
    };
    let network = format!(
        "network_config_dir = \"{}\"\ndefault_subnet = \"{}\"\ndefault_subnet_pools = [{{ base = \"{}\", size = 24 }}]\n",
        network_configurations(directory).display(),
        addresses.default_network(),
        addresses.pool(),
    );
    let engine = format!(
        "events_logger = \"file\"\nimage_copy_tmp_dir = \"{}\"\n",
        directory.join("scratch").display()
    );
    write("containers.conf", host::engine_settings(conditions, &network, &engine))?;
    write("registries.conf", registries(registry))?;
    write("net/podman.json", default_network(addresses))
}

/// A `registries.conf` where the registry at an address stands for docker.io. There is no fallback: what it does not
/// serve is not to be had, wherever the tests run.
pub(crate) fn registries(address: &str) -> String {
    format!(
        "unqualified-search-registries = []\n\n\
         [[registry]]\nprefix = \"docker.io\"\nlocation = \"{address}\"\ninsecure = true\n\n\
         [[registry]]\nlocation = \"{address}\"\ninsecure = true\n"
    )
}

/// Writes the program `podman` of the work directory, which runs any command on the Podman of that directory: a second
/// API service, for example. `script` ends by running Podman with the program's own arguments.
///
/// # Errors
/// When it can not be written.
pub(crate) fn write_command(directory: &Path, script: &str) -> anyhow::Result<()> {
    let path = directory.join("podman");
    fs::write(&path, format!("#!/bin/sh\n{script}"))
        .and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o755)))
        .with_context(|| format!("writing {}", path.display()))
}

/// Podman's default network, with a bridge name of its own: by itself every Podman calls that bridge `podman0`.
fn default_network(addresses: &AddressClaim) -> String {
    json!({
        "name": "podman",
        "id": DEFAULT_NETWORK_ID,
        "driver": "bridge",
        "network_interface": addresses.bridge(),
        "created": "2024-01-01T00:00:00Z",
        "subnets": [{ "subnet": addresses.default_network(), "gateway": addresses.default_gateway() }],
        "ipv6_enabled": false,
        "internal": false,
        "dns_enabled": false,
        "ipam_options": { "driver": "host-local" },
    })
    .to_string()
}

fn owner_lock(directory: &Path) -> PathBuf {
    directory.join("owner.lock")
}
