//! The root of a Debian suite with its Podman in it, bootstrapped once and shared by runs, which leave it as it is.

use crate::images::Mirror;
use crate::{environment, host, mounts, process, report};
use anyhow::Context as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Podman with what it only recommends but bridges, names and ordinary users need, and an init for the namespaces.
const PACKAGES: &str = "podman,netavark,aardvark-dns,conmon,runc,catatonit,iptables,nftables,iproute2,ca-certificates,\
                        uidmap,passt,slirp4netns";
/// How long a root is used before it is bootstrapped anew: sid's Podman moves on.
const KEPT: Duration = Duration::from_hours(14 * 24);

/// A root that nobody removes while this value lives.
#[derive(Debug)]
pub(crate) struct SuiteRoot {
    /// Where it lies.
    pub(crate) directory: PathBuf,
    _lock: File,
}

impl SuiteRoot {
    /// Bootstraps the suite where it is missing or old.
    ///
    /// # Errors
    /// When Debian can not be bootstrapped.
    pub(crate) fn ensure(suite: &str) -> anyhow::Result<Self> {
        let all = environment::cache_directory()?.join("roots");
        fs::create_dir_all(&all).with_context(|| format!("making {}", all.display()))?;
        let (directory, complete) = (all.join(suite), all.join(format!("{suite}.complete")));
        let lock = File::create(all.join(format!("{suite}.lock"))).context("making a lock")?;
        // Only a root that no other run uses is made anew.
        if !is_whole(&complete) || (is_old(&complete) && lock.try_lock().is_ok()) {
            lock.lock().context("waiting for another run that uses this root")?;
            if !is_whole(&complete) || is_old(&complete) {
                bootstrap(suite, &directory, &complete)?;
            }
            lock.unlock()?;
        }
        lock.lock_shared().context("waiting for another run that bootstraps this root")?;
        Ok(Self { directory, _lock: lock })
    }
}

/// The mark of completeness is written last, so that a root that was cut off is never taken for whole.
fn bootstrap(suite: &str, directory: &Path, complete: &Path) -> anyhow::Result<()> {
    if complete.exists() {
        fs::remove_file(complete).context("marking a root as incomplete")?;
    }
    mounts::remove_tree(directory)?;
    let sources = tempfile::NamedTempFile::new().context("making a file for apt's sources")?;
    fs::write(&sources, Mirror::of_this_host()?.lines_for(suite))?;
    let bootstrapped = process::run_as_step(
        &format!("bootstrapping Debian {suite} with its Podman"),
        Command::new("mmdebstrap")
            .args(["--mode=root", "--variant=minbase", "--dpkgopt=force-unsafe-io"])
            .args(["--aptopt=Acquire::Languages \"none\"", "--aptopt=Acquire::Check-Valid-Until \"false\""])
            .arg(format!("--include={PACKAGES}"))
            .args([suite, &directory.display().to_string(), &sources.path().display().to_string()]),
    );
    // A bootstrap can leave /dev/null of the host without its mode.
    host::repair_dev_null()?;
    bootstrapped?;
    fs::write(complete, PACKAGES).context("marking a root as complete")
}

/// The mark says what was installed, so that a root without something that is needed now is made anew.
fn is_whole(complete: &Path) -> bool {
    fs::read_to_string(complete).is_ok_and(|installed| installed == PACKAGES)
}

fn is_old(complete: &Path) -> bool {
    let age = fs::metadata(complete).and_then(|mark| mark.modified()).map(|time| time.elapsed());
    let is_old = matches!(age, Ok(Ok(age)) if age > KEPT);
    if is_old {
        report::line("the root is two weeks old, so it is made anew when no other run uses it");
    }
    is_old
}
