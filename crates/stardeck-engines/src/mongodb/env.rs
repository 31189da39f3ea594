//! The container: variables, secret, volumes.

use std::collections::BTreeMap;

use super::{PORT, image, settings};
use crate::{
    AppliedSetting, ContainerPlan, DeploySpec, ImageFacts, ImageUnsuitable,
    plan::{BOOTSTRAP_FILE, bootstrap_file, mounts},
};

/// Where the image keeps its data. It declares a second volume for the configuration of clusters, which gets one, too.
const DATA_PATH: &str = "/data/db";

/// The server uses no shared memory; this is the runtime's own default.
const SHM_BYTES: u64 = 64 * 1024 * 1024;

/// A busy server writes a checkpoint before it ends.
const STOP_GRACE_SECONDS: u32 = 120;

/// Variables of the entrypoint that an image may have set and that would contradict the plan: a second source of a
/// value, at which the entrypoint gives up. It takes an empty value for none.
const CONTRADICTING: &[&str] = &["MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_USERNAME_FILE"];

pub(super) fn plan(
    spec: &DeploySpec,
    image: &ImageFacts,
    applied: Vec<AppliedSetting>,
) -> Result<ContainerPlan, ImageUnsuitable> {
    let line = image::declared_line(image, &spec.version)?;
    let config = settings::file(&applied);
    Ok(ContainerPlan {
        env: variables(spec, image),
        command: config
            .as_ref()
            .map(|file| vec!["--config".to_owned(), file.path.clone()])
            .unwrap_or_default(),
        secret_files: vec![bootstrap_file()],
        volumes: mounts(DATA_PATH, &image.volumes)?,
        port: PORT,
        shm_bytes: SHM_BYTES,
        stop_grace_seconds: STOP_GRACE_SECONDS,
        data_major: Some(line),
        memory_bytes: spec.settings.memory_bytes,
        cpu_millis: spec.settings.cpu_millis,
        settings: applied,
        config,
    })
}

fn variables(spec: &DeploySpec, image: &ImageFacts) -> BTreeMap<String, String> {
    let contradicting =
        CONTRADICTING.iter().filter(|name| image.env.contains_key(**name)).map(|name| (*name, ""));
    // With an account the entrypoint starts the server with access control, and without one it does not.
    [
        ("MONGO_INITDB_ROOT_USERNAME", spec.admin_user.as_str()),
        ("MONGO_INITDB_ROOT_PASSWORD_FILE", BOOTSTRAP_FILE),
    ]
    .into_iter()
    .chain(contradicting)
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

#[cfg(test)]
mod tests {
    use stardeck_domain::{DatabaseSettings, LoginName, VersionTag};

    use super::*;

    #[test]
    fn plan_of_7_is_as_recorded() {
        let spec = DeploySpec {
            version: VersionTag::parse("7").unwrap(),
            admin_user: LoginName::parse("admin").unwrap(),
            settings: DatabaseSettings::default(),
        };
        let facts = ImageFacts {
            volumes: vec!["/data/configdb".to_owned(), "/data/db".to_owned()],
            env: [("MONGO_VERSION".to_owned(), "7.0.40".to_owned())].into(),
            exposed_ports: vec![27017],
        };
        insta::assert_json_snapshot!(plan(&spec, &facts, Vec::new()).unwrap());
    }
}
