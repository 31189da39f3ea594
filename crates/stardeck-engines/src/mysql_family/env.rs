//! The container: variables, secret, volumes.

use std::collections::BTreeMap;

use super::{PORT, settings};
use crate::{
    AppliedSetting, ContainerPlan, DeploySpec, ImageFacts, ImageUnsuitable,
    plan::{BOOTSTRAP_FILE, bootstrap_file, mounts},
};

/// Where both images keep their data.
const DATA_PATH: &str = "/var/lib/mysql";

/// The servers use no shared memory; this is the runtime's own default.
const SHM_BYTES: u64 = 64 * 1024 * 1024;

/// A busy server writes its changed pages before it ends.
const STOP_GRACE_SECONDS: u32 = 180;

/// Parts of names of variables that an image may have set and that would contradict the plan: a second source of the
/// password, at which the entrypoints give up, or accounts and databases of its own. The entrypoints take an empty
/// value for none.
const CONTRADICTING: &[&str] = &[
    "ROOT_PASSWORD",
    "ROOT_PASSWORD_HASH",
    "RANDOM_ROOT_PASSWORD",
    "ALLOW_EMPTY_ROOT_PASSWORD",
    "ALLOW_EMPTY_PASSWORD",
    "ONETIME_PASSWORD",
    "DATABASE",
    "USER",
    "PASSWORD",
];

/// The plan of a server whose entrypoint reads variables that begin with one of `prefixes`, the first before the others.
///
/// # Errors
/// The image declares a path that can not be mounted on.
pub(crate) fn plan(
    spec: &DeploySpec,
    image: &ImageFacts,
    prefixes: &[&str],
    data_major: u32,
    applied: Vec<AppliedSetting>,
) -> Result<ContainerPlan, ImageUnsuitable> {
    Ok(ContainerPlan {
        env: variables(image, prefixes),
        command: settings::arguments(&spec.settings.engine),
        secret_files: vec![bootstrap_file()],
        volumes: mounts(DATA_PATH, &image.volumes)?,
        port: PORT,
        shm_bytes: SHM_BYTES,
        stop_grace_seconds: STOP_GRACE_SECONDS,
        data_major: Some(data_major),
        memory_bytes: spec.settings.memory_bytes,
        cpu_millis: spec.settings.cpu_millis,
        config: settings::file(&applied),
        settings: applied,
    })
}

fn variables(image: &ImageFacts, prefixes: &[&str]) -> BTreeMap<String, String> {
    let contradicting = prefixes
        .iter()
        .flat_map(|prefix| CONTRADICTING.iter().map(move |part| format!("{prefix}_{part}")))
        .filter(|name| image.env.contains_key(name))
        .map(|name| (name, String::new()));
    let own = prefixes.first().into_iter().flat_map(|prefix| {
        [
            (format!("{prefix}_ROOT_PASSWORD_FILE"), BOOTSTRAP_FILE.to_owned()),
            // We come from the network, and so may the administrator.
            (format!("{prefix}_ROOT_HOST"), "%".to_owned()),
        ]
    });
    contradicting.chain(own).collect()
}

#[cfg(test)]
mod tests {
    use stardeck_domain::{DatabaseSettings, LoginName, VersionTag};

    use super::*;

    #[test]
    fn values_an_image_sets_beside_ours_are_emptied() {
        let env =
            [("MYSQL_ROOT_PASSWORD".to_owned(), "x".to_owned()), ("MARIADB_USER".to_owned(), "y".to_owned())];
        let facts = ImageFacts { env: env.into(), ..ImageFacts::default() };
        let spec = DeploySpec {
            version: VersionTag::parse("10.11").unwrap(),
            admin_user: LoginName::parse("root").unwrap(),
            settings: DatabaseSettings::default(),
        };
        let env = plan(&spec, &facts, &["MARIADB", "MYSQL"], 1011, Vec::new()).unwrap().env;
        assert_eq!(env.get("MYSQL_ROOT_PASSWORD").map(String::as_str), Some(""));
        assert_eq!(env.get("MARIADB_USER").map(String::as_str), Some(""));
        assert_eq!(env.get("MARIADB_ROOT_PASSWORD_FILE").map(String::as_str), Some(BOOTSTRAP_FILE));
        assert_eq!(env.len(), 4);
    }
}
