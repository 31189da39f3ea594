//! Fuzzing: libFuzzer looks for inputs for which a property of `xtask/properties` does not hold. It starts from the kept
//! inputs; everything else it needs and finds is in `fuzz/` of the target directory.
//!
//! The compiler is the project's own: coverage is counted by instructions that a stable one adds as well. There is no
//! address sanitizer, which needs a nightly one and finds what safe Rust has not.

mod outcome;
mod targets;

use crate::corpus;
use crate::report::Step;
use crate::stages::ensure_cargo_fuzz;
use crate::{process, report, workspace};
use anyhow::{Context as _, bail};
use outcome::Outcome;
use serde::Deserialize;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use targets::{TARGETS, Target};

/// Where the programs and the kept inputs are, in the checkout.
const FOLDER: &str = "xtask/fuzz";
/// Longest time for one input, in seconds: far more than any takes, on a busy host, too.
const TIMEOUT: u32 = 60;
/// Most memory, in MiB. Without an input that makes one greedy, none takes a third of it.
const MEMORY: u32 = 1536;

/// What to do.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The programs; all when empty.
    pub(crate) names: Vec<String>,
    /// Executions of all programs together, were all of them run.
    pub(crate) executions: u64,
    /// Whether what reaches new code is kept.
    pub(crate) keeps: bool,
}

/// Where everything of one run is.
struct Places {
    /// The programs.
    programs: PathBuf,
    /// What is found and logged.
    work: PathBuf,
}

/// Builds the programs and runs them one after the other. Gives whether all properties held.
///
/// # Errors
/// A program can not be built or run, or there is none of a name.
pub(crate) fn run(plan: &Plan) -> anyhow::Result<bool> {
    let chosen = chosen(&plan.names)?;
    let places = build()?;
    let (mut executions, mut crashes) = (0, 0);
    for target in &chosen {
        if plan.executions == 0 && plan.keeps {
            // What an earlier run found is still there.
            places.keep(target)?;
            continue;
        }
        let runs = (plan.executions * target.share / 100).max(1);
        let outcome = places.fuzz(target, runs)?;
        executions += outcome.executions;
        if outcome.crash.is_some() {
            crashes += 1;
        } else if plan.keeps {
            places.keep(target)?;
        }
    }
    report::line(&format!(
        "fuzz: {} targets, {} executions, {crashes} crashes",
        chosen.len(),
        outcome::grouped(executions)
    ));
    Ok(crashes == 0)
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Target>> {
    if names.is_empty() {
        return Ok(TARGETS.iter().collect());
    }
    let find = |name: &String| {
        let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        let target = TARGETS.iter().find(|target| target.name == name);
        target.with_context(|| format!("there is no target {name}; there are {}", known.join(", ")))
    };
    names.iter().map(find).collect()
}

/// The part of `cargo metadata` that matters here.
#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

fn build() -> anyhow::Result<Places> {
    ensure_cargo_fuzz()?;
    let mut metadata = workspace::cargo();
    metadata.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let metadata: Metadata = serde_json::from_str(&process::read(&mut metadata)?)?;
    let whole = metadata.target_directory.join("fuzz");
    let version = process::read(Command::new("rustc").current_dir(workspace::root()).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let mut build = workspace::cargo();
    // Its own default is where a workspace of its own would be built.
    build.args(["fuzz", "build", "--fuzz-dir", FOLDER, "--sanitizer", "none", "--target-dir"]).arg(&whole);
    process::run_as_step("building the fuzzers", &mut build)?;
    Ok(Places { programs: whole.join(host).join("release"), work: whole.join("work") })
}

impl Places {
    /// The program of a target. One that uses the network has one of its own with nothing on it but loopback, so that
    /// hundreds of thousands of connections are nobody else's, and nothing hostile leaves it.
    fn program(&self, target: &Target) -> Command {
        let program = self.programs.join(target.name);
        let mut command = if target.uses_network {
            let mut command = Command::new("unshare");
            command.args(["--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // Files are made and removed all the time; in memory that costs no disk anything.
        command.env("TMPDIR", "/dev/shm").current_dir(&self.work);
        command
    }

    fn fuzz(&self, target: &Target, runs: u64) -> anyhow::Result<Outcome> {
        let (found, log) = (self.work.join(target.name), self.work.join(format!("{}.log", target.name)));
        let kept = unpack(target, &found)?;
        let mut command = self.program(target);
        command
            .arg(&found)
            .arg(format!("-runs={runs}"))
            .arg(format!("-max_len={}", target.longest))
            .arg(format!("-timeout={TIMEOUT}"))
            .arg(format!("-rss_limit_mb={MEMORY}"))
            .arg(format!("-artifact_prefix={}-", found.display()))
            .arg("-print_final_stats=1");
        let dictionary = workspace::root().join(FOLDER).join(format!("dictionaries/{}.dict", target.name));
        if dictionary.is_file() {
            command.arg(format!("-dict={}", dictionary.display()));
        }
        let output = File::create(&log).with_context(|| format!("making {}", log.display()))?;
        command.stdout(output.try_clone()?).stderr(output);
        let step = Step::start(format!("{}: {} executions", target.name, outcome::grouped(runs)));
        let started = Instant::now();
        let status = process::run_in_view(&mut command)?;
        let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        let outcome = Outcome::read(&text, status.success());
        if status.success() {
            step.done();
        } else {
            step.failed();
        }
        report::line(&format!(
            "{}: {} executions in {}, {} crashes; {} inputs, {kept} of them kept",
            target.name,
            outcome::grouped(outcome.executions),
            report::seconds(started.elapsed()),
            u32::from(outcome.crash.is_some()),
            fs::read_dir(&found)?.count(),
        ));
        if let Some(crash) = &outcome.crash {
            tell(target, crash, &log);
        }
        Ok(outcome)
    }

    /// Adds the smallest of the found inputs that reach code which the kept ones do not, and puts all into the checkout.
    fn keep(&self, target: &Target) -> anyhow::Result<()> {
        let kept = self.work.join(format!("{}.kept", target.name));
        unpack(target, &kept)?;
        let mut merge = self.program(target);
        merge.arg("-merge=1").arg(format!("-max_len={}", target.longest));
        merge.arg(&kept).arg(self.work.join(target.name));
        process::run_as_step(&format!("choosing what to keep of {}", target.name), &mut merge)?;
        let mut inputs = Vec::new();
        for entry in fs::read_dir(&kept)? {
            inputs.push(fs::read(entry?.path())?);
        }
        inputs.sort_unstable_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
        let lines: String = inputs.iter().map(|input| corpus::line(input) + "\n").collect();
        fs::write(kept_file(target), &lines)?;
        report::line(&format!("{}: {} inputs kept, {} KiB", target.name, inputs.len(), lines.len() / 1024));
        Ok(())
    }
}

fn kept_file(target: &Target) -> PathBuf {
    workspace::root().join(FOLDER).join(format!("corpus/{}.txt", target.name))
}

fn empty(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))
}

/// Puts the kept inputs into a folder, a file each, as libFuzzer wants them. Gives their number.
fn unpack(target: &Target, folder: &Path) -> anyhow::Result<usize> {
    empty(folder)?;
    let file = kept_file(target);
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let inputs = match corpus::read(&text) {
        Ok(inputs) => inputs,
        Err(line) => bail!("{}:{line} is no input", file.display()),
    };
    for (at, input) in inputs.iter().enumerate() {
        fs::write(folder.join(format!("kept-{at:05}")), input)?;
    }
    Ok(inputs.len())
}

/// Says for which input a property does not hold, and how that is seen again.
fn tell(target: &Target, crash: &outcome::Crash, log: &Path) {
    let name = target.name;
    report::line(&format!("{name}: {}", crash.words));
    if let Some(file) = &crash.file {
        let input = fs::read(file).unwrap_or_default();
        report::line(&format!("  input: {}", corpus::line(&input)));
        report::line(&format!(
            "  again: cargo fuzz run --fuzz-dir {FOLDER} --sanitizer none {name} {}\n  \
             or add the input as a line to {FOLDER}/corpus/{name}.txt: cargo nextest run -p xtask-properties",
            file.display()
        ));
    }
    report::line(&format!("  log: {}", log.display()));
}
