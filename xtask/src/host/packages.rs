//! Debian packages: only what the command at hand needs, and only what is missing.

use crate::{environment, process, report};
use anyhow::bail;
use std::path::Path;
use std::process::Command;

/// What a command wants to do on this host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Run containers with Podman on bridge networks with name resolution.
    RunContainers,
    /// Assemble images from distribution packages.
    BuildImages,
    /// Install packages of the npm index, for an image that holds some.
    InstallNpmPackages,
    /// Play the scenarios, which are shell scripts with curl.
    PlayScenarios,
    /// Put load on the server.
    Measure,
    /// Bootstrap a whole Debian root.
    BootstrapRoot,
    /// Look at pages as a person does.
    Browse,
    /// Look into packages of other distributions.
    LookIntoPackages,
    /// Fuzz: compile libFuzzer, and run it in a network of its own.
    Fuzz,
    /// Generate clients of the API in other languages, and compile them.
    GenerateClients,
}

/// A package and one of the files that prove that it, or something that stands for it, is there.
/// A path without a slash is a program to be found on `PATH`.
struct Package {
    name: &'static str,
    proof: &'static [&'static str],
}

const RUN_CONTAINERS: &[Package] = &[
    Package { name: "podman", proof: &["podman"] },
    Package { name: "runc", proof: &["runc"] },
    Package { name: "netavark", proof: &["/usr/lib/podman/netavark", "/usr/libexec/podman/netavark"] },
    Package {
        name: "aardvark-dns",
        proof: &["/usr/lib/podman/aardvark-dns", "/usr/libexec/podman/aardvark-dns"],
    },
    Package { name: "iptables", proof: &["iptables"] },
    Package { name: "iproute2", proof: &["ip"] },
    Package { name: "uidmap", proof: &["newuidmap"] },
    Package {
        name: "catatonit",
        proof: &["catatonit", "/usr/libexec/podman/catatonit", "/usr/libexec/catatonit/catatonit"],
    },
    Package { name: "containers-storage", proof: &["containers-storage"] },
    Package { name: "ca-certificates", proof: &["/etc/ssl/certs/ca-certificates.crt"] },
];

const BUILD_IMAGES: &[Package] = &[
    Package { name: "mmdebstrap", proof: &["mmdebstrap"] },
    Package { name: "python3-pip", proof: &["pip3"] },
];

const INSTALL_NPM_PACKAGES: &[Package] = &[Package { name: "npm", proof: &["npm"] }];

const PLAY_SCENARIOS: &[Package] = &[
    Package { name: "curl", proof: &["curl"] },
    // Its verifier of units runs without it being the system.
    Package { name: "systemd", proof: &["systemd-analyze"] },
    Package { name: "python3", proof: &["python3"] },
    Package { name: "python3-websocket", proof: &["/usr/lib/python3/dist-packages/websocket/__init__.py"] },
    Package { name: "iproute2", proof: &["ss"] },
];

const MEASURE: &[Package] = &[Package { name: "wrk", proof: &["wrk"] }];

const BROWSE: &[Package] = &[Package { name: "chromium", proof: &["/usr/bin/chromium"] }];

const LOOK_INTO_PACKAGES: &[Package] =
    &[Package { name: "rpm", proof: &["rpm"] }, Package { name: "cpio", proof: &["cpio"] }];

const FUZZ: &[Package] =
    &[Package { name: "g++", proof: &["c++"] }, Package { name: "iproute2", proof: &["ip"] }];
const GENERATE_CLIENTS: &[Package] = &[
    Package { name: "golang-go", proof: &["go"] },
    Package { name: "default-jre-headless", proof: &["java"] },
];

const BOOTSTRAP_ROOT: &[Package] = &[Package { name: "mmdebstrap", proof: &["mmdebstrap"] }];

impl Need {
    fn packages(self) -> &'static [Package] {
        match self {
            Self::RunContainers => RUN_CONTAINERS,
            Self::BuildImages => BUILD_IMAGES,
            Self::InstallNpmPackages => INSTALL_NPM_PACKAGES,
            Self::PlayScenarios => PLAY_SCENARIOS,
            Self::Measure => MEASURE,
            Self::BootstrapRoot => BOOTSTRAP_ROOT,
            Self::Browse => BROWSE,
            Self::LookIntoPackages => LOOK_INTO_PACKAGES,
            Self::Fuzz => FUZZ,
            Self::GenerateClients => GENERATE_CLIENTS,
        }
    }
}

/// Installs what is missing.
///
/// # Errors
/// Without root, with the line to run; or when apt fails.
pub(crate) fn ensure(needs: &[Need]) -> anyhow::Result<()> {
    let mut missing: Vec<&str> = needs
        .iter()
        .flat_map(|need| need.packages())
        .filter(|package| !is_present(package))
        .map(|package| package.name)
        .collect();
    missing.sort_unstable();
    missing.dedup();
    let is_root = rustix::process::geteuid().is_root();
    if missing.is_empty() && is_root {
        return Ok(());
    }
    if missing.is_empty() {
        bail!("this needs root; everything is installed, so run the same command as root");
    }
    let names = missing.join(" ");
    if !is_root {
        bail!(
            "run this once, then the same command again as root:\n  sudo apt-get install --no-install-recommends {names}"
        );
    }
    if environment::find_program("apt-get").is_none() {
        bail!("this is no Debian host; install what these Debian packages contain: {names}");
    }
    report::change(&format!("installs the Debian packages {names}"));
    install(&missing)
}

/// Installs with the package lists that are there, and fetches new ones only where those do not serve.
fn install(names: &[&str]) -> anyhow::Result<()> {
    let label = format!("installing {} packages", names.len());
    let with_old_lists = process::run_as_step(&label, apt("install").args(names));
    crate::interrupt::check()?;
    if with_old_lists.is_ok() {
        return Ok(());
    }
    report::change("fetches new package lists (apt-get update), since the present ones do not serve");
    process::run_as_step("fetching package lists", &mut apt("update"))?;
    process::run_as_step(&label, apt("install").args(names))
}

fn apt(verb: &str) -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args([
        "-y",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=120",
        verb,
    ]);
    if verb == "install" {
        command.arg("--no-install-recommends");
    }
    command
}

fn is_present(package: &Package) -> bool {
    package.proof.iter().any(|proof| {
        if proof.starts_with('/') {
            Path::new(proof).exists()
        } else {
            environment::find_program(proof).is_some()
        }
    })
}
