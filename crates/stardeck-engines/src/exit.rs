//! What a container's exit status means, whatever runs in it. What an engine writes to its log is in the engines'
//! folders.

/// What a line of an engine's log says, and what that means in words for a person.
pub(crate) type Signs = &'static [(&'static str, &'static str)];

/// Why a container ended: the newest line that means something wins, since an old log may hold the end of an earlier
/// run; without one the exit status speaks.
pub(crate) fn explain(exit_code: Option<i32>, log: &[String], signs: Signs) -> Option<String> {
    if exit_code == Some(0) {
        return None;
    }
    let explain_line = |line: &str| {
        signs
            .iter()
            .find(|(sign, _)| line.contains(sign))
            .map(|(_, words)| *words)
            .or_else(|| explain_machine(line))
    };
    log.iter()
        .rev()
        .find_map(|line| explain_line(line))
        .or_else(|| exit_code.and_then(explain_status))
        .map(str::to_owned)
}

/// The words for an exit status, where it says something by itself.
///
/// 125-127 are the runtime's own (podman-run(1), "Exit Status"); above 128 it is 128 plus the number of the signal
/// that ended the process.
pub(crate) fn explain_status(exit_code: i32) -> Option<&'static str> {
    match exit_code {
        126 => Some("the image's command could not be run; is the image made for this host's architecture?"),
        127 => Some("the image has no such command; it is not an image of this engine"),
        132 => Some("the processor lacks an instruction that this build needs"),
        135 => Some("a read or write of memory failed; the disk or /dev/shm may be full"),
        137 => Some("it was killed, from outside or by the kernel for want of memory"),
        139 => Some("it crashed with a segmentation fault"),
        _ => None,
    }
}

/// The words for what the log of any container may say about the machine.
pub(crate) fn explain_machine(line: &str) -> Option<&'static str> {
    const SIGNS: &[(&str, &str)] = &[
        ("No space left on device", "no space is left on the disk"),
        ("Disk quota exceeded", "the disk quota is used up"),
        ("exec format error", "the image is made for another processor architecture than this host's"),
        ("Exec format error", "the image is made for another processor architecture than this host's"),
        ("Read-only file system", "a file system it has to write to is read-only"),
        ("Input/output error", "the disk reports errors"),
        ("Cannot allocate memory", "there is not enough memory"),
        // What a shell says of a program that the kernel ended.
        ("Killed", "one of its processes was killed, probably for want of memory"),
        ("Permission denied", "it is not permitted to use its files; the volume belongs to another user"),
        ("Operation not permitted", "it lacks a permission, which the container or the host denies"),
    ];
    SIGNS.iter().find(|(sign, _)| line.contains(sign)).map(|(_, words)| *words)
}
