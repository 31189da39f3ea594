//! The container: arguments and volumes. There is no secret: the accounts are in a file of the data volume.

use std::collections::BTreeMap;

use super::{PORT, image};
use crate::{ContainerPlan, DeploySpec, ImageFacts, ImageUnsuitable, plan::mounts};

/// Where the images keep the data, and what they change to before the server starts.
const DATA_PATH: &str = "/data";

/// The accounts, beside the data, so that they survive the container.
pub(super) const ACL_FILE: &str = "/data/users.acl";

/// Whom the server takes clients for that give no name.
pub(super) const DEFAULT_USER: &str = "default";

/// The server uses no shared memory; this is the runtime's own default.
const SHM_BYTES: u64 = 64 * 1024 * 1024;

/// A server with much data writes all of it before it ends.
const STOP_GRACE_SECONDS: u32 = 120;

pub(super) fn plan(spec: &DeploySpec, image: &ImageFacts) -> Result<ContainerPlan, ImageUnsuitable> {
    let major = image::declared_major(image, &spec.version)?;
    Ok(ContainerPlan {
        env: BTreeMap::new(),
        command: arguments(),
        secret_files: Vec::new(),
        volumes: mounts(DATA_PATH, &image.volumes)?,
        port: PORT,
        shm_bytes: SHM_BYTES,
        stop_grace_seconds: STOP_GRACE_SECONDS,
        data_major: Some(major),
        memory_bytes: None,
    })
}

/// Arguments for the server. They begin with an option, so that the entrypoints of all images of the family put their
/// own server's name before them, and give up root.
fn arguments() -> Vec<String> {
    [
        ("--dir", DATA_PATH),
        ("--aclfile", ACL_FILE),
        // Without it a crash loses what was written since the last snapshot, minutes ago.
        ("--appendonly", "yes"),
        // Made for servers without passwords; the accounts decide here.
        ("--protected-mode", "no"),
    ]
    .into_iter()
    .flat_map(|(name, value)| [name.to_owned(), value.to_owned()])
    .collect()
}

#[cfg(test)]
mod tests {
    use stardeck_domain::{LoginName, VersionTag};

    use super::*;

    #[test]
    fn plan_of_7_is_as_recorded() {
        let spec = DeploySpec {
            version: VersionTag::parse("7").unwrap(),
            admin_user: LoginName::parse("default").unwrap(),
        };
        let facts = ImageFacts {
            volumes: vec!["/data".to_owned()],
            env: [("REDIS_VERSION".to_owned(), "7.4.2".to_owned())].into(),
            exposed_ports: vec![6379],
        };
        insta::assert_json_snapshot!(plan(&spec, &facts).unwrap());
    }
}
