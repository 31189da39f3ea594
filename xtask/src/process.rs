//! Other programs: run quietly with a spinner, run in full view, or asked for their output.
//! All of them end when the end of the automation is asked for. Detached services are not started here.

use crate::report::Step;
use crate::{interrupt, report};
use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a program may take to end by itself after Ctrl-C, which a terminal sends to it as well.
const GRACE_AFTER_INTERRUPT: Duration = Duration::from_secs(30);
/// How long it may take after our SIGTERM before SIGKILL.
const GRACE_AFTER_TERMINATE: Duration = Duration::from_secs(15);
/// How long a hidden program may take after SIGTERM before SIGKILL.
const GRACE_OF_HIDDEN: Duration = Duration::from_secs(3);
/// How often a running program is looked at.
const POLL: Duration = Duration::from_millis(30);
/// How much of a failed program's output is shown, in bytes from its end.
const SHOWN_TAIL: u64 = 6_000;

/// Runs a program with its output hidden behind a step; the end of the output is part of the error.
///
/// # Errors
/// When it can not be started, ends with a failure, or the end was asked for.
pub(crate) fn run_as_step(label: &str, command: &mut Command) -> anyhow::Result<()> {
    let step = Step::start(label);
    match run_hidden(command) {
        Ok(()) => {
            step.done();
            Ok(())
        }
        Err(error) => {
            step.failed();
            Err(error)
        }
    }
}

/// Runs a program with its output hidden; the end of the output is part of the error.
///
/// It gets a process group of its own, so that it is ended together with whatever it started.
///
/// # Errors
/// As [`run_as_step`].
pub(crate) fn run_hidden(command: &mut Command) -> anyhow::Result<()> {
    let mut output = tempfile::tempfile().context("making a file for a program's output")?;
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output.try_clone()?).process_group(0);
    let name = describe(command);
    let child = command.spawn().with_context(|| format!("starting {name}"))?;
    let status = wait(child, end_group)?;
    if !status.success() {
        bail!("{name} failed ({status}):\n{}", tail(&mut output)?);
    }
    Ok(())
}

/// Runs a program in full view and gives its exit status.
///
/// # Errors
/// When it can not be started, or the end was asked for.
pub(crate) fn run_in_view(command: &mut Command) -> anyhow::Result<ExitStatus> {
    let name = describe(command);
    let child = command.spawn().with_context(|| format!("starting {name}"))?;
    wait(child, end_after_terminal)
}

/// Runs a short program and gives what it printed, without the last line end.
///
/// # Errors
/// When it can not be started or ends with a failure.
pub(crate) fn read(command: &mut Command) -> anyhow::Result<String> {
    let name = describe(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("starting {name}"))?;
    if !output.status.success() {
        bail!("{name} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// True when a short program ends well; its output is thrown away.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Waits for a program, and ends it when the end is asked for.
fn wait(mut child: Child, end: fn(&mut Child) -> anyhow::Result<()>) -> anyhow::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().context("waiting for a program")? {
            interrupt::check()?;
            return Ok(status);
        }
        if interrupt::is_requested() {
            end(&mut child)?;
            interrupt::check()?;
        }
        std::thread::sleep(POLL);
    }
}

/// Ends a program that shares our terminal, whose Ctrl-C has reached it as well: first it may end by itself.
fn end_after_terminal(child: &mut Child) -> anyhow::Result<()> {
    if ends_within(child, GRACE_AFTER_INTERRUPT)? {
        return Ok(());
    }
    terminate(child)
}

/// Ends a program and all it started that is still in its process group.
fn end_group(child: &mut Child) -> anyhow::Result<()> {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("naming a process group")?;
    for (signal, limit) in [(Signal::TERM, GRACE_OF_HIDDEN), (Signal::KILL, GRACE_AFTER_TERMINATE)] {
        // A group that is gone already is what we wanted.
        if let Err(error) = rustix::process::kill_process_group(group, signal)
            && error != rustix::io::Errno::SRCH
        {
            report::line(&format!("could not signal the processes of {}: {error}", child.id()));
        }
        // Its other members get the signal too, but only the program itself can be waited for.
        if ends_within(child, limit)? && signal == Signal::KILL {
            return Ok(());
        }
    }
    Ok(())
}

/// Ends a program with SIGTERM, and with SIGKILL where that does not help.
///
/// # Errors
/// When the program can not be waited for.
pub(crate) fn terminate(child: &mut Child) -> anyhow::Result<()> {
    send(child.id(), Signal::TERM);
    if !ends_within(child, GRACE_AFTER_TERMINATE)? {
        child.kill().context("ending a program")?;
        child.wait().context("waiting for a program")?;
    }
    Ok(())
}

/// Sends a signal to one process by its id. A process that is gone already is what we wanted.
pub(crate) fn send(id: u32, signal: Signal) {
    let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) else { return };
    if let Err(error) = rustix::process::kill_process(pid, signal)
        && error != rustix::io::Errno::SRCH
    {
        report::line(&format!("could not signal process {id}: {error}"));
    }
}

/// True while the process runs. One that only waits for its parent to notice its end does not.
pub(crate) fn is_alive(id: u32) -> bool {
    // The state follows the program's name, which is in parentheses and may itself hold some (proc(5)).
    std::fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z')))
}

fn ends_within(child: &mut Child, limit: Duration) -> anyhow::Result<bool> {
    let deadline = Instant::now() + limit;
    while Instant::now() < deadline {
        if child.try_wait().context("waiting for a program")?.is_some() {
            return Ok(true);
        }
        std::thread::sleep(POLL);
    }
    Ok(false)
}

fn tail(output: &mut File) -> anyhow::Result<String> {
    let length = output.seek(SeekFrom::End(0))?;
    output.seek(SeekFrom::Start(length.saturating_sub(SHOWN_TAIL)))?;
    let mut bytes = Vec::new();
    output.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().take(6).map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}
