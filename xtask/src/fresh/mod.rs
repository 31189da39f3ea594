//! A fresh Debian root for `cargo xtask fresh`: bootstrapped, given Rust, Node and a clone, entered in namespaces of its
//! own. The network is the host's, since packages have to be fetched.

use crate::images::Mirror;
use crate::{environment, mounts, process, report, workspace};
use anyhow::{Context as _, bail};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The suite that the README promises to work on.
const SUITE: &str = "bookworm";
/// What a host has that Rust was installed on: a linker and the C library's headers; git brought the clone.
const PACKAGES: &str = "ca-certificates,gcc,libc6-dev,git";
/// The programs' folders inside; what is given comes before what is installed.
const PATH_INSIDE: &str =
    "/opt/rust/bin:/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Where the clone lies inside.
const CLONE: &str = "srv/stardeck";

/// Enters the root (see `xtask/src/fresh/enter.sh`).
const ENTER: &str = include_str!("enter.sh");

/// A fresh root. It is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct FreshRoot {
    directory: PathBuf,
}

impl FreshRoot {
    /// Bootstraps one.
    ///
    /// # Errors
    /// When Debian can not be bootstrapped or the toolchain can not be found.
    pub(crate) fn bootstrap() -> anyhow::Result<Self> {
        let all = environment::cache_directory()?.join("fresh");
        fs::create_dir_all(&all).with_context(|| format!("making {}", all.display()))?;
        let directory = tempfile::Builder::new().prefix("root-").tempdir_in(&all)?.keep();
        let fresh = Self { directory };
        let root = fresh.root();
        let sources = fresh.directory.join("sources.list");
        fs::write(&sources, Mirror::of_this_host()?.lines_for(SUITE))?;
        process::run_as_step(
            "bootstrapping a fresh Debian",
            Command::new("mmdebstrap")
                .args([
                    "--mode=root",
                    "--variant=minbase",
                    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
                ])
                .arg(format!("--include=usr-is-merged,{PACKAGES}"))
                .args(["--aptopt=Acquire::Languages \"none\"", "--dpkgopt=force-unsafe-io"])
                .args([SUITE, &root.display().to_string(), &sources.display().to_string()]),
        )?;
        fresh.give_network()?;
        fresh.give_tools()?;
        Ok(fresh)
    }

    /// Puts a clone of this checkout into it.
    ///
    /// # Errors
    /// When git fails.
    pub(crate) fn clone_checkout(&self, with_uncommitted: bool) -> anyhow::Result<()> {
        let (from, to) = (workspace::root(), self.root().join(CLONE));
        process::run_as_step(
            "cloning the checkout",
            Command::new("git").args(["clone", "--quiet", "--no-hardlinks"]).arg(&from).arg(&to),
        )?;
        let mut list = Command::new("git");
        list.current_dir(&from).args(["ls-files", "--others", "--modified", "--exclude-standard"]);
        let changed = process::read(&mut list)?;
        if changed.is_empty() {
            return Ok(());
        }
        if !with_uncommitted {
            let count = changed.lines().count();
            report::line(&format!("{count} files are not committed, so they are not in the clone"));
            return Ok(());
        }
        // Names of files that are gone are in the list too; tar is told only of those that are there.
        let present: Vec<&str> = changed.lines().filter(|name| from.join(name).exists()).collect();
        let names = self.directory.join("changed");
        fs::write(&names, present.join("\n"))?;
        let archive = self.directory.join("changed.tar");
        process::run_hidden(
            Command::new("tar").arg("-cf").arg(&archive).arg("-C").arg(&from).arg("-T").arg(&names),
        )?;
        process::run_hidden(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&to))
    }

    /// Puts a file where commands are run.
    ///
    /// # Errors
    /// When it can not be copied.
    pub(crate) fn take(&self, file: &Path, name: &str) -> anyhow::Result<()> {
        let to = self.root().join(CLONE).join(name);
        fs::copy(file, &to).with_context(|| format!("copying {}", file.display()))?;
        Ok(())
    }

    /// Runs a command in the clone, as root of the fresh Debian.
    ///
    /// # Errors
    /// When it fails.
    pub(crate) fn run(&self, command: &[&str]) -> anyhow::Result<()> {
        let mut enter = Command::new("unshare");
        enter
            .args([
                "--mount",
                "--pid",
                "--ipc",
                "--uts",
                "--fork",
                "--kill-child",
                "--propagation",
                "private",
            ])
            .args(["bash", "-c", ENTER, "enter"])
            .arg(self.root())
            .arg(format!("/{CLONE}"))
            .arg("env")
            .args(["-i", "HOME=/root", "TERM=dumb", "LANG=C.UTF-8", &format!("PATH={PATH_INSIDE}")])
            .args(environment::network_variables().iter().map(|(name, value)| format!("{name}={value}")))
            .args(command)
            .stdin(std::process::Stdio::null());
        let status = process::run_in_view(&mut enter)?;
        if !status.success() {
            bail!("`{}` failed in the fresh root ({status})", command.join(" "));
        }
        Ok(())
    }

    fn root(&self) -> PathBuf {
        self.directory.join("root")
    }

    /// Names are resolved and certificates trusted as on the host.
    fn give_network(&self) -> anyhow::Result<()> {
        for file in ["/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt"] {
            let target = self.root().join(file.trim_start_matches('/'));
            if Path::new(file).exists() {
                fs::copy(file, &target).with_context(|| format!("copying {file}"))?;
            }
        }
        Ok(())
    }

    /// Rust and Node are given, as on a host where somebody installed them. They are mounted by `enter.sh`.
    fn give_tools(&self) -> anyhow::Result<()> {
        let mut rustc = Command::new("rustc");
        rustc.current_dir(workspace::root()).args(["--print", "sysroot"]);
        let given = self.directory.join("given");
        fs::create_dir_all(&given)?;
        symlink(process::read(&mut rustc)?, given.join("rust"))?;
        for name in ["rust", "node"] {
            fs::create_dir_all(self.root().join("opt").join(name))?;
        }
        fs::create_dir_all(self.root().join(CLONE))?;
        let Some(node) = environment::find_program("node") else { return Ok(()) };
        let node = fs::canonicalize(&node).with_context(|| format!("looking at {}", node.display()))?;
        let prefix = node.ancestors().nth(2).context("finding where node is installed")?;
        let bin = self.root().join("opt/node/bin");
        fs::create_dir_all(&bin)?;
        fs::copy(&node, bin.join("node")).context("copying node")?;
        let modules = prefix.join("lib/node_modules");
        if modules.is_dir() {
            let lib = self.root().join("opt/node/lib");
            fs::create_dir_all(&lib)?;
            process::read(Command::new("cp").arg("-a").arg(&modules).arg(&lib))?;
            for (name, script) in [("npm", "npm-cli.js"), ("npx", "npx-cli.js")] {
                symlink(format!("../lib/node_modules/npm/bin/{script}"), bin.join(name))?;
            }
        }
        Ok(())
    }
}

impl Drop for FreshRoot {
    fn drop(&mut self) {
        if let Err(error) = mounts::remove_tree(&self.directory) {
            report::line(&format!("could not remove {}: {error:#}", self.directory.display()));
        }
    }
}
