//! `/etc/containers/containers.conf`, written only where Podman does not work without it and only when there is none.

use super::Conditions;
use crate::report;
use anyhow::Context as _;
use std::fs;
use std::path::Path;

const PATH: &str = "/etc/containers/containers.conf";

/// The settings that make Podman work under the given conditions, as sections of a `containers.conf`.
/// The caller may append further keys to the last section, which is `[engine]`.
pub(crate) fn engine_settings(conditions: Conditions, extra_network: &str, extra_engine: &str) -> String {
    let mut text = String::new();
    if !conditions.can_raise_limits {
        // Podman asks for more than this process may have (nofile 1048576, nproc unlimited).
        text.push_str("[containers]\ndefault_ulimits = [\"nofile=20000:20000\", \"nproc=32768:32768\"]\n\n");
    }
    text.push_str("[network]\nnetwork_backend = \"netavark\"\n");
    text.push_str(extra_network);
    text.push_str("\n[engine]\n");
    if conditions.has_hybrid_cgroups {
        text.push_str("runtime = \"runc\"\n");
    }
    if !conditions.has_systemd {
        text.push_str("cgroup_manager = \"cgroupfs\"\n");
    }
    text.push_str(extra_engine);
    text
}

/// Writes the host's file where it is needed.
///
/// # Errors
/// When it can not be written.
pub(crate) fn ensure(conditions: Conditions) -> anyhow::Result<()> {
    if conditions.suit_default_podman() || Path::new(PATH).exists() {
        return Ok(());
    }
    report::change(&format!("writes {PATH}, which does not exist yet, because {}", reasons(conditions)));
    fs::create_dir_all("/etc/containers").context("making /etc/containers")?;
    let text = format!(
        "# Written by the Stardeck automation, because {}.\n{}",
        reasons(conditions),
        engine_settings(conditions, "", "")
    );
    fs::write(PATH, text).with_context(|| format!("writing {PATH}"))
}

fn reasons(conditions: Conditions) -> String {
    let mut reasons = Vec::new();
    if conditions.has_hybrid_cgroups {
        reasons.push("cgroups are mounted in hybrid mode (crun refuses, runc works)");
    }
    if !conditions.can_raise_limits {
        reasons.push("this host may not raise resource limits (no CAP_SYS_RESOURCE)");
    }
    reasons.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDINARY: Conditions =
        Conditions { has_hybrid_cgroups: false, can_raise_limits: true, has_systemd: true, has_udev: true };

    #[test]
    fn ordinary_host_gets_no_runtime_and_no_limits() {
        let text = engine_settings(ORDINARY, "", "");
        assert!(!text.contains("runtime"), "{text}");
        assert!(!text.contains("default_ulimits"), "{text}");
        assert!(ORDINARY.suit_default_podman());
    }

    #[test]
    fn every_combination_is_valid_toml() {
        for bits in 0..8 {
            let conditions = Conditions {
                has_hybrid_cgroups: bits & 1 != 0,
                can_raise_limits: bits & 2 != 0,
                has_systemd: bits & 4 != 0,
                has_udev: false,
            };
            let text = engine_settings(conditions, "a = 1\n", "b = 2\n");
            let table: toml::Table = toml::from_str(&text).unwrap();
            assert_eq!(table["network"]["a"].as_integer(), Some(1));
            assert_eq!(table["engine"]["b"].as_integer(), Some(2));
        }
    }
}
