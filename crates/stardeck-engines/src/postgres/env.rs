//! The container: variables, secret, volumes.

use std::collections::BTreeMap;

use super::{PORT, image, settings};
use crate::{
    AppliedSetting, ContainerPlan, DeploySpec, ImageFacts, ImageUnsuitable,
    plan::{BOOTSTRAP_FILE, bootstrap_file, is_within, mounts, normalised},
};

/// Room for the shared memory of parallel queries; the runtime's default of 64 MB breaks them
/// (<https://github.com/docker-library/postgres/issues/416>).
const SHM_BYTES: u64 = 256 * 1024 * 1024;

/// A busy server writes its checkpoint before it ends; Podman's default of 10 s would kill it.
const STOP_GRACE_SECONDS: u32 = 120;

/// The major version from which the official image keeps its data one directory higher
/// (<https://github.com/docker-library/postgres/pull/1259>).
const MOVED_DATA_MAJOR: u32 = 18;

/// The major version from which the server brings its own C.UTF-8, which no update of the C library can change
/// (<https://www.postgresql.org/docs/17/release-17.html>).
const BUILTIN_LOCALE_MAJOR: u32 = 17;

/// Variables of the entrypoint that an image may have set and that would contradict the plan: a second source of a
/// value, at which the entrypoint gives up, or a place for data outside the volumes. The entrypoint takes an empty
/// value for none.
const CONTRADICTING: &[&str] = &[
    "POSTGRES_PASSWORD",
    "POSTGRES_USER_FILE",
    "POSTGRES_DB_FILE",
    "POSTGRES_INITDB_ARGS_FILE",
    "POSTGRES_INITDB_WALDIR",
];

pub(super) fn plan(
    spec: &DeploySpec,
    image: &ImageFacts,
    applied: Vec<AppliedSetting>,
) -> Result<ContainerPlan, ImageUnsuitable> {
    let major = image::declared_major(image, &spec.version)?;
    let config = (!applied.is_empty()).then(|| settings::file(&applied, &data_directory(major, image)));
    Ok(ContainerPlan {
        env: variables(spec, image, major),
        command: config
            .as_ref()
            .map(|file| vec!["-c".to_owned(), format!("config_file={}", file.path)])
            .unwrap_or_default(),
        secret_files: vec![bootstrap_file()],
        volumes: mounts(data_path(major, image)?, &image.volumes)?,
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

fn variables(spec: &DeploySpec, image: &ImageFacts, major: u32) -> BTreeMap<String, String> {
    let contradicting =
        CONTRADICTING.iter().filter(|name| image.env.contains_key(**name)).map(|name| (*name, ""));
    let arguments = initdb_arguments(major);
    [
        ("POSTGRES_USER", spec.admin_user.as_str()),
        ("POSTGRES_PASSWORD_FILE", BOOTSTRAP_FILE),
        // Without this there would be a database named like the administrator.
        ("POSTGRES_DB", "postgres"),
        ("POSTGRES_INITDB_ARGS", &arguments),
        // The entrypoint's own default, said aloud, so that no image can say `trust`.
        ("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256"),
    ]
    .into_iter()
    .chain(contradicting)
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

/// What can not be changed after the data directory is made. The entrypoint splits this text as a shell does, so it
/// holds words of our own only.
fn initdb_arguments(major: u32) -> String {
    let mut arguments =
        "--data-checksums --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8".to_owned();
    if major >= BUILTIN_LOCALE_MAJOR {
        arguments.push_str(" --locale-provider=builtin --builtin-locale=C.UTF-8");
    }
    arguments
}

/// The directory of the data, with the configuration that was made with it.
fn data_directory(major: u32, image: &ImageFacts) -> String {
    let usual = || {
        if major >= MOVED_DATA_MAJOR {
            format!("/var/lib/postgresql/{major}/docker")
        } else {
            "/var/lib/postgresql/data".to_owned()
        }
    };
    image.env.get("PGDATA").map_or_else(usual, |path| normalised(path).to_owned())
}

/// Where the volume with the data belongs: at the usual place of the image's true major, unless the image itself puts
/// its data elsewhere. A volume beside the data would look right and lose everything with the container.
fn data_path(major: u32, image: &ImageFacts) -> Result<&str, ImageUnsuitable> {
    let usual = if major >= MOVED_DATA_MAJOR { "/var/lib/postgresql" } else { "/var/lib/postgresql/data" };
    let Some(data) = image.env.get("PGDATA").map(|path| normalised(path)) else {
        return Ok(usual);
    };
    if !data.starts_with('/') {
        return Err(ImageUnsuitable::because("its PGDATA is not an absolute path"));
    }
    let declared = image.volumes.iter().map(|path| normalised(path)).chain([usual]);
    // The deepest volume around the data is the one that would hold it.
    Ok(declared.filter(|volume| is_within(data, volume)).max_by_key(|volume| volume.len()).unwrap_or(data))
}

#[cfg(test)]
mod tests {
    use stardeck_domain::{DatabaseSettings, LoginName, VersionTag};

    use super::*;
    use crate::{VolumeMount, VolumeRole};

    fn spec(version: &str) -> DeploySpec {
        DeploySpec {
            version: VersionTag::parse(version).unwrap(),
            admin_user: LoginName::parse("postgres").unwrap(),
            settings: DatabaseSettings::default(),
        }
    }

    fn plan(spec: &DeploySpec, image: &ImageFacts) -> Result<ContainerPlan, ImageUnsuitable> {
        super::plan(spec, image, Vec::new())
    }

    fn official(major: u32) -> ImageFacts {
        let (data, volume) = if major >= 18 {
            (format!("/var/lib/postgresql/{major}/docker"), "/var/lib/postgresql")
        } else {
            ("/var/lib/postgresql/data".to_owned(), "/var/lib/postgresql/data")
        };
        facts(&[("PG_MAJOR", &major.to_string()), ("PGDATA", &data), ("LANG", "en_US.utf8")], &[volume])
    }

    fn facts(env: &[(&str, &str)], volumes: &[&str]) -> ImageFacts {
        ImageFacts {
            volumes: volumes.iter().map(|path| (*path).to_owned()).collect(),
            env: env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            exposed_ports: vec![5432],
        }
    }

    fn paths(plan: &ContainerPlan) -> Vec<(VolumeRole, &str)> {
        plan.volumes.iter().map(|VolumeMount { role, path }| (*role, path.as_str())).collect()
    }

    #[test]
    fn plan_of_16_is_as_recorded() {
        insta::assert_json_snapshot!(plan(&spec("16"), &official(16)).unwrap());
    }

    #[test]
    fn plan_of_17_is_as_recorded() {
        insta::assert_json_snapshot!(plan(&spec("17.2"), &official(17)).unwrap());
    }

    #[test]
    fn plan_of_18_is_as_recorded() {
        insta::assert_json_snapshot!(plan(&spec("18"), &official(18)).unwrap());
    }

    #[test]
    fn plan_survives_being_kept_as_json() {
        let plan = plan(&spec("18"), &facts(&[("PG_MAJOR", "18")], &["/var/lib/postgresql", "/x"])).unwrap();
        let kept = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<ContainerPlan>(&kept).unwrap(), plan);
    }

    #[test]
    fn data_follows_the_image_when_it_keeps_it_elsewhere() {
        for (env, volumes, expected) in [
            // No evidence: the usual place.
            (vec![("PG_MAJOR", "16")], vec![], vec!["/var/lib/postgresql/data"]),
            // Elsewhere, without a volume of its own.
            (vec![("PG_MAJOR", "16"), ("PGDATA", "/home/db/data/")], vec![], vec!["/home/db/data"]),
            // Elsewhere, below a volume of its own.
            (vec![("PG_MAJOR", "16"), ("PGDATA", "/srv/db/data")], vec!["/srv/db"], vec!["/srv/db"]),
            // The usual volume is declared too: it gets one that stays empty.
            (
                vec![("PG_MAJOR", "16"), ("PGDATA", "/srv/db")],
                vec!["/var/lib/postgresql/data"],
                vec!["/srv/db", "/var/lib/postgresql/data"],
            ),
            // An 18 that was told to keep the old place.
            (
                vec![("PG_MAJOR", "18"), ("PGDATA", "/var/lib/postgresql/data")],
                vec!["/var/lib/postgresql", "/var/lib/postgresql/data"],
                vec!["/var/lib/postgresql/data", "/var/lib/postgresql"],
            ),
            // The directory above the usual place is declared: the usual place still gets the volume.
            (
                vec![("PG_MAJOR", "16"), ("PGDATA", "/var/lib/postgresql/data/pgdata")],
                vec!["/var/lib/postgresql"],
                vec!["/var/lib/postgresql/data", "/var/lib/postgresql"],
            ),
        ] {
            let facts = facts(&env, &volumes);
            let version = env.iter().find(|(name, _)| *name == "PG_MAJOR").unwrap().1;
            let plan = plan(&spec(version), &facts).unwrap();
            let expected: Vec<_> =
                std::iter::once(VolumeRole::Data).chain((1..).map(VolumeRole::Extra)).zip(expected).collect();
            assert_eq!(paths(&plan), expected);
        }
    }

    #[test]
    fn values_an_image_sets_beside_ours_are_emptied() {
        let facts =
            facts(&[("PG_MAJOR", "16"), ("POSTGRES_PASSWORD", "x"), ("POSTGRES_INITDB_WALDIR", "/w")], &[]);
        let env = plan(&spec("16"), &facts).unwrap().env;
        assert_eq!(env.get("POSTGRES_PASSWORD").map(String::as_str), Some(""));
        assert_eq!(env.get("POSTGRES_INITDB_WALDIR").map(String::as_str), Some(""));
        assert_eq!(env.get("POSTGRES_DB_FILE"), None);
    }

    #[test]
    fn data_directory_that_is_not_absolute_is_refused() {
        assert!(plan(&spec("16"), &facts(&[("PG_MAJOR", "16"), ("PGDATA", "data")], &[])).is_err());
    }

    #[test]
    fn settings_are_in_a_file_that_takes_in_the_one_of_the_data() {
        let setting =
            AppliedSetting { name: "work_mem".to_owned(), value: "8MB".to_owned(), is_tuned: false };
        for (major, directory) in [(16, "/var/lib/postgresql/data"), (18, "/var/lib/postgresql/18/docker")] {
            let facts = facts(&[("PG_MAJOR", &major.to_string())], &[]);
            let plan = super::plan(&spec(&major.to_string()), &facts, vec![setting.clone()]).unwrap();
            assert_eq!(plan.command, ["-c", "config_file=/etc/stardeck/postgresql.conf"]);
            let begin = format!("include_if_exists '{directory}/postgresql.conf'\n");
            assert!(plan.config.unwrap().content.starts_with(&begin));
        }
    }
}
