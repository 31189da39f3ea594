//! Whether limits and settings of the server can be what a request asks for.

use stardeck_domain::{DatabaseSettings, ValidationError, ValidationErrors};
use stardeck_engines::EngineAdapter;

use crate::{Error, preflight::check_limits, runtime::ContainerRuntime};

/// The least memory in bytes: with less not even the runtime starts a container.
const MEMORY_LEAST: u64 = 16 * 1024 * 1024;
/// The most memory in bytes: more than any host has.
const MEMORY_MOST: u64 = 16 * 1024 * 1024 * 1024 * 1024;
/// The least processor time in thousandths: the kernel takes no less.
const CPU_LEAST: u32 = 10;
/// The most.
const CPU_MOST: u32 = 1_000_000;

/// Checks limits, and settings of the server.
pub(super) fn check_settings(
    adapter: &dyn EngineAdapter,
    settings: &DatabaseSettings,
    errors: &mut Vec<ValidationError>,
) {
    if settings.memory_bytes.is_some_and(|bytes| !(MEMORY_LEAST..=MEMORY_MOST).contains(&bytes)) {
        let reason = format!("must be from {MEMORY_LEAST} (16 MiB) to {MEMORY_MOST} bytes (16 TiB)");
        errors.push(ValidationError { field: "memory_bytes", code: "out_of_range", reason });
    }
    if settings.cpu_millis.is_some_and(|millis| !(CPU_LEAST..=CPU_MOST).contains(&millis)) {
        let reason = "must be a number of processors from 0.01 to 1000".to_owned();
        errors.push(ValidationError { field: "cpus", code: "out_of_range", reason });
    }
    if let Err(ValidationErrors(more)) = adapter.check_settings(&settings.engine) {
        errors.extend(more);
    }
}

/// Refuses limits to which the runtime can not hold a container.
pub(super) async fn require_limits(
    runtime: &dyn ContainerRuntime,
    settings: &DatabaseSettings,
) -> Result<(), Error> {
    let memory = settings.memory_bytes.map(|_| "memory_bytes");
    check_limits(runtime, memory, settings.cpu_millis.map(|_| "cpus")).await
}
