//! Makes a plain Debian host able to run what a command needs, and says what it changes before it changes it.
//! Everything here is idempotent: on a host that is ready nothing happens and nothing is printed.
//! What only the tests' own Podman needs is in `podman/`.

mod conditions;
mod containers_conf;
mod kernel;
mod packages;
mod service;

pub(crate) use conditions::Conditions;
pub(crate) use containers_conf::engine_settings;
pub(crate) use kernel::repair_dev_null;
pub(crate) use packages::Need;
pub(crate) use service::{ensure_api_service, wait_until_it_answers};

/// Installs what is missing for `needs`, and changes nothing else: for commands that run no container.
///
/// # Errors
/// As [`prepare`].
pub(crate) fn install(needs: &[Need]) -> anyhow::Result<()> {
    packages::ensure(needs)
}

/// Installs what is missing for `needs` and adapts the host where its conditions demand it.
///
/// # Errors
/// Without root: the one line to install what is missing. With root: what could not be installed or written.
pub(crate) fn prepare(needs: &[Need]) -> anyhow::Result<Conditions> {
    packages::ensure(needs)?;
    let conditions = Conditions::detect();
    repair_dev_null()?;
    containers_conf::ensure(conditions)?;
    kernel::announce_bridge_addresses(conditions)?;
    Ok(conditions)
}
