//! Builds images into a storage: a bootstrapped base per suite, then each image on it.

use super::mirror::Mirror;
use super::{Catalogue, Image, ImageStore, downloads};
use crate::report::Step;
use crate::{interrupt, mounts, process, report};
use anyhow::{Context as _, bail};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Instant;

/// Options of apt and dpkg inside a base: no texts in other languages, no documentation beyond the licences.
/// sid's release file may be older than it says it is valid for, on mirrors that are slow to follow.
const BASE_OPTIONS: &[&str] = &[
    "--aptopt=Acquire::Languages \"none\"",
    "--aptopt=APT::Install-Recommends \"false\"",
    "--aptopt=Acquire::Check-Valid-Until \"false\"",
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/info/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-include=/usr/share/locale/locale.alias",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
];

/// Builds images: the suites side by side, the images of a suite one after the other. What no distribution has is
/// downloaded meanwhile.
///
/// # Errors
/// When one can not be built.
pub(crate) fn build(store: &ImageStore, catalogue: &Catalogue, images: &[&Image]) -> anyhow::Result<()> {
    let mirror = Mirror::of_this_host()?;
    let mut suites: Vec<&str> = images.iter().map(|image| image.suite.as_str()).collect();
    suites.sort_unstable();
    suites.dedup();
    let names: Vec<&str> = images.iter().map(|image| image.name.as_str()).collect();
    let step = Step::start(format!("building {} from distribution packages", names.join(", ")));
    let results: Vec<anyhow::Result<()>> = thread::scope(|scope| {
        let fetching = scope.spawn(|| downloads::fetch(catalogue, images));
        let builds: Vec<_> = suites
            .iter()
            .map(|suite| {
                let (step, mirror) = (&step, &mirror);
                scope.spawn(move || build_suite(store, catalogue, suite, images, mirror, step))
            })
            .collect();
        builds
            .into_iter()
            .chain([fetching])
            .map(|build| build.join().unwrap_or_else(|_| bail!("a thread that built images panicked")))
            .collect()
    });
    match results.into_iter().collect::<anyhow::Result<Vec<()>>>() {
        Ok(_) => {
            step.done();
            Ok(())
        }
        Err(error) => {
            step.failed();
            Err(error)
        }
    }
}

fn build_suite(
    store: &ImageStore,
    catalogue: &Catalogue,
    suite: &str,
    images: &[&Image],
    mirror: &Mirror,
    step: &Step,
) -> anyhow::Result<()> {
    let started = Instant::now();
    if !store.has(&base_reference(suite)) {
        bootstrap_base(store, suite, mirror).with_context(|| format!("bootstrapping {suite}"))?;
        step.note(&format!("  {suite} bootstrapped in {}", report::seconds(started.elapsed())));
    }
    refresh_lists(store, suite)?;
    for image in images.iter().filter(|image| image.suite == suite) {
        interrupt::check()?;
        let started = Instant::now();
        build_image(store, catalogue, image).with_context(|| format!("building {}", image.name))?;
        step.note(&format!("  {} built in {}", image.name, report::seconds(started.elapsed())));
    }
    Ok(())
}

fn base_reference(suite: &str) -> String {
    format!("docker.io/library/debian:{suite}")
}

/// Bootstraps a suite into one layer. Its package lists stay outside of it and are mounted into the builds, so that
/// they are fetched once and are in no image.
fn bootstrap_base(store: &ImageStore, suite: &str, mirror: &Mirror) -> anyhow::Result<()> {
    let scratch = scratch_directory()?;
    let archive = scratch.path().join("root.tar");
    let sources = scratch.path().join("sources.list");
    fs::write(&sources, mirror.lines_for(suite))?;
    let lists = store.lists(suite);
    mounts::remove_tree(&lists)?;
    fs::create_dir_all(&lists).with_context(|| format!("making {}", lists.display()))?;

    let mut command = Command::new("mmdebstrap");
    command.env("TMPDIR", scratch.path());
    command
        .args(["--mode=root", "--variant=apt", "--include=passwd,tzdata", "--format=tar"])
        .args(BASE_OPTIONS);
    if suite == "bookworm" {
        // It would otherwise install usrmerge, and with it 45 MB of perl.
        command.args(["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", "--include=usr-is-merged"]);
    }
    let keep_lists = format!("copy-out /var/lib/apt/lists {}", scratch.path().display());
    command
        .args(["--skip=cleanup/apt/lists", &format!("--customize-hook={keep_lists}")])
        .arg("--customize-hook=rm -rf \"$1\"/var/lib/apt/lists/*")
        .args([suite, &archive.display().to_string(), &sources.display().to_string()]);
    process::run_hidden(&mut command)?;
    process::read(Command::new("cp").arg("-a").arg(scratch.path().join("lists/.")).arg(&lists))?;

    process::run_hidden(
        store
            .podman()
            .args(["import", "--quiet", "--change", "CMD [\"bash\"]"])
            .args(["--change", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
            .arg(&archive)
            .arg(base_reference(suite)),
    )
}

/// Bootstrapping is twice as fast in memory; a host with little shared memory uses the disk.
fn scratch_directory() -> anyhow::Result<tempfile::TempDir> {
    const NEEDED: u64 = 1 << 30;
    let memory = Path::new("/dev/shm");
    let has_room =
        rustix::fs::statvfs(memory).is_ok_and(|info| info.f_bavail.saturating_mul(info.f_frsize) > NEEDED);
    let parent = if has_room { memory } else { Path::new("/var/tmp") };
    tempfile::Builder::new().prefix("stardeck-base-").tempdir_in(parent).context("making a scratch directory")
}

/// Fetches the lists again when they are six hours old: older ones name packages that the mirror has replaced.
fn refresh_lists(store: &ImageStore, suite: &str) -> anyhow::Result<()> {
    const FRESH_MINUTES: &str = "-360";
    let lists = store.lists(suite);
    let mut find = Command::new("find");
    find.arg(&lists).args(["-name", "*_Packages*", "-mmin", FRESH_MINUTES, "-print", "-quit"]);
    if lists.is_dir() && !process::read(&mut find)?.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(&lists).with_context(|| format!("making {}", lists.display()))?;
    process::run_hidden(in_base(store, suite).args(["apt-get", "-o", "APT::Sandbox::User=root", "update"]))?;
    process::read(Command::new("find").arg(&lists).args([
        "-name",
        "*_Packages*",
        "-exec",
        "touch",
        "{}",
        "+",
    ]))?;
    Ok(())
}

/// A program in a container of the suite's base that sees the package lists.
fn in_base(store: &ImageStore, suite: &str) -> Command {
    let mut command = store.podman();
    command
        .args(["run", "--rm", "--network", "host", "--volume"])
        .arg(format!("{}:/var/lib/apt/lists", store.lists(suite).display()))
        .arg(base_reference(suite));
    command
}

fn build_image(store: &ImageStore, catalogue: &Catalogue, image: &Image) -> anyhow::Result<()> {
    let context = catalogue.kit.join(&image.folder);
    let mut command = store.podman();
    command
        .args([
            "build",
            "--quiet",
            "--network",
            "host",
            "--layers=false",
            "--format",
            "docker",
            "--pull=never",
        ])
        .args(["--build-arg", &format!("BASE={}", base_reference(&image.suite))])
        .arg("--volume")
        .arg(format!("{}:/var/lib/apt/lists", store.lists(&image.suite).display()));
    for (name, value) in &image.arguments {
        command.args(["--build-arg", &format!("{name}={value}")]);
    }
    for version in &image.versions {
        let value = version.part.of(&candidate_version(store, &image.suite, &version.package)?);
        command.args(["--build-arg", &format!("{}={value}", version.argument)]);
    }
    if let Some(wheel) = &image.wheel {
        command.arg("--volume").arg(format!("{}:/kit:ro", downloads::wheel(wheel)?.display()));
    }
    if let Some(folder) = &image.npm {
        let packages = downloads::npm_packages(&context.join(folder))?;
        command.arg("--volume").arg(format!("{}:/npm:ro", packages.display()));
    }
    command.args(["--tag", &image.reference, "--file"]).arg(context.join(&image.file)).arg(&context);
    process::run_hidden(&mut command)
}

/// The version of a package that an installation would choose.
fn candidate_version(store: &ImageStore, suite: &str, package: &str) -> anyhow::Result<String> {
    let policy = process::read(in_base(store, suite).args(["apt-cache", "policy", package]))?;
    policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate:"))
        .map(|version| version.trim().to_owned())
        .with_context(|| format!("{suite} has no package {package}"))
}
