//! What the host must have before anything is deployed on it: what is missing would show only as a container that ends
//! again and again.

use std::collections::HashSet;

use stardeck_domain::{InvalidValue, ValidationError, ValidationErrors, VersionTag};
use stardeck_engines::EngineAdapter;

use crate::{Error, runtime::ContainerRuntime};

/// Where the kernel says what the processor can do.
const CPU_INFO: &str = "/proc/cpuinfo";

/// Checks that this host's processor can run the official image of a version.
///
/// # Errors
/// The field `version`, with what the processor lacks.
pub(crate) async fn check_cpu(
    adapter: &dyn EngineAdapter,
    version: &VersionTag,
) -> Result<(), ValidationError> {
    // Elsewhere the flags have other names, and the images other needs.
    if !cfg!(target_arch = "x86_64") {
        return Ok(());
    }
    // A kernel that does not tell is no reason to refuse.
    let cpu_info = tokio::fs::read_to_string(CPU_INFO).await.unwrap_or_default();
    let missing = missing_flags(&cpu_info, adapter.cpu_flags(version));
    if missing.is_empty() {
        return Ok(());
    }
    let reason = format!(
        "{} {version} needs a processor with {}, which this host does not have; choose an older version or a build for \
         older processors by its image",
        adapter.info().display_name,
        missing.join(", "),
    );
    Err(InvalidValue::new("cpu_unsupported", reason).in_field("version"))
}

/// Checks that the runtime can hold a container to the limits that are asked for, each told as the field that asks. Podman
/// without root would pass over them, or fail at the start.
///
/// # Errors
/// Each field that asks for what can not be had, or a runtime that does not answer.
pub(crate) async fn check_limits(
    runtime: &dyn ContainerRuntime,
    memory: Option<&'static str>,
    cpu: Option<&'static str>,
) -> Result<(), Error> {
    if memory.is_none() && cpu.is_none() {
        return Ok(());
    }
    let info = runtime.info().await?;
    let refused = [("memory", memory, info.can_limit_memory), ("cpu", cpu, info.can_limit_cpu)];
    let errors = refused.into_iter().filter(|(_, _, is_possible)| !is_possible).filter_map(|(controller, field, _)| {
        let reason = format!(
            "must be left out: Podman runs without root here, and its user has no {controller} controller of control \
             groups v2, without which there are no such limits; `stardeck doctor` says more"
        );
        Some(ValidationError { field: field?, code: "unsupported_limit", reason })
    });
    let errors: Vec<_> = errors.collect();
    if errors.is_empty() { Ok(()) } else { Err(ValidationErrors(errors).into()) }
}

/// The flags that no processor of the host has; none when the text does not tell any.
fn missing_flags<'a>(cpu_info: &str, needed: &[&'a str]) -> Vec<&'a str> {
    let line = cpu_info.lines().find_map(|line| line.strip_prefix("flags")?.trim_start().strip_prefix(':'));
    let Some(line) = line else { return Vec::new() };
    let flags: HashSet<_> = line.split_whitespace().collect();
    needed.iter().copied().filter(|flag| !flags.contains(flag)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str =
        "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu sse4_1 popcnt\nbugs\t\t: swapgs\n";

    #[test]
    fn flags_that_the_processor_lacks_are_named() {
        assert_eq!(missing_flags(OLD, &["avx", "popcnt"]), ["avx"]);
        assert!(missing_flags(OLD, &["fpu"]).is_empty());
        assert!(missing_flags(OLD, &[]).is_empty());
    }

    #[test]
    fn a_kernel_that_does_not_tell_refuses_nothing() {
        assert!(missing_flags("Features : fp asimd\n", &["avx"]).is_empty());
        assert!(missing_flags("", &["avx"]).is_empty());
    }
}
