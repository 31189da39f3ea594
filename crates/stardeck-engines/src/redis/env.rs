//! The container: arguments and volumes. There is no secret: the accounts are in a file of the data volume.

use std::collections::BTreeMap;

use super::{PORT, image, settings};
use crate::{AppliedSetting, ContainerPlan, DeploySpec, ImageFacts, ImageUnsuitable, plan::mounts};

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

pub(super) fn plan(
    spec: &DeploySpec,
    image: &ImageFacts,
    applied: Vec<AppliedSetting>,
) -> Result<ContainerPlan, ImageUnsuitable> {
    let major = image::declared_major(image, &spec.version)?;
    let config = settings::file(&applied);
    let file = config.iter().map(|file| file.path.clone());
    Ok(ContainerPlan {
        env: BTreeMap::new(),
        command: file.chain(arguments(&spec.settings.engine)).collect(),
        secret_files: Vec::new(),
        volumes: mounts(DATA_PATH, &image.volumes)?,
        port: PORT,
        shm_bytes: SHM_BYTES,
        stop_grace_seconds: STOP_GRACE_SECONDS,
        data_major: Some(major),
        memory_bytes: spec.settings.memory_bytes,
        cpu_millis: spec.settings.cpu_millis,
        settings: applied,
        config,
    })
}

/// The setting that keeps every change on the disk.
pub(super) const APPEND_ONLY: &str = "appendonly";

/// Arguments for the server. They begin with an option or a file, so that the entrypoints of all images of the family put
/// their own server's name before them, and give up root. They win over the file, so what a person chose is not among
/// them.
fn arguments(chosen: &BTreeMap<String, String>) -> impl Iterator<Item = String> {
    let has_choice = chosen.contains_key(APPEND_ONLY);
    [
        ("--dir", DATA_PATH),
        ("--aclfile", ACL_FILE),
        // Without it a crash loses what was written since the last snapshot, minutes ago.
        ("--appendonly", "yes"),
        // Made for servers without passwords; the accounts decide here.
        ("--protected-mode", "no"),
    ]
    .into_iter()
    .filter(move |(name, _)| !(has_choice && name.trim_start_matches('-') == APPEND_ONLY))
    .flat_map(|(name, value)| [name.to_owned(), value.to_owned()])
}

#[cfg(test)]
mod tests {
    use stardeck_domain::{DatabaseSettings, LoginName, VersionTag};

    use super::*;

    #[test]
    fn plan_of_7_is_as_recorded() {
        let spec = DeploySpec {
            version: VersionTag::parse("7").unwrap(),
            admin_user: LoginName::parse("default").unwrap(),
            settings: DatabaseSettings::default(),
        };
        let facts = ImageFacts {
            volumes: vec!["/data".to_owned()],
            env: [("REDIS_VERSION".to_owned(), "7.4.2".to_owned())].into(),
            exposed_ports: vec![6379],
        };
        insta::assert_json_snapshot!(plan(&spec, &facts, Vec::new()).unwrap());
    }

    #[test]
    fn file_comes_first_and_what_is_chosen_is_no_argument() {
        let engine = [(APPEND_ONLY.to_owned(), "no".to_owned())].into();
        let spec = DeploySpec {
            version: VersionTag::parse("7").unwrap(),
            admin_user: LoginName::parse("default").unwrap(),
            settings: DatabaseSettings { engine, ..DatabaseSettings::default() },
        };
        let env = [("REDIS_VERSION".to_owned(), "7.4.2".to_owned())].into();
        let facts = ImageFacts { env, ..ImageFacts::default() };
        let setting =
            AppliedSetting { name: APPEND_ONLY.to_owned(), value: "no".to_owned(), is_tuned: false };
        let plan = plan(&spec, &facts, vec![setting]).unwrap();
        assert_eq!(plan.command[0], "/etc/stardeck/redis.conf");
        assert!(plan.command.iter().all(|word| word != "--appendonly"));
        assert_eq!(plan.config.unwrap().content, "appendonly \"no\"\n");
    }
}
