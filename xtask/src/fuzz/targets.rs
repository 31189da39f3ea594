//! What is fuzzed, and how much of it.

/// One program of `xtask/fuzz`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// Its name, and that of its corpus and dictionary.
    pub(super) name: &'static str,
    /// Its share of all executions, in hundredths. What goes through a socket takes longest and gets least.
    pub(super) share: u64,
    /// Longest input, in bytes.
    pub(super) longest: u32,
    /// Whether it listens on a TCP port, and so gets a network of its own.
    pub(super) uses_network: bool,
}

/// All programs.
pub(super) const TARGETS: &[Target] = &[
    Target { name: "command_line", share: 17, longest: 512, uses_network: false },
    Target { name: "connection_string", share: 17, longest: 512, uses_network: false },
    Target { name: "connection_url", share: 17, longest: 600, uses_network: false },
    Target { name: "driver_answers", share: 5, longest: 1024, uses_network: true },
    Target { name: "environment", share: 17, longest: 600, uses_network: false },
    Target { name: "image_reference", share: 17, longest: 600, uses_network: false },
    Target { name: "podman_answers", share: 4, longest: 2048, uses_network: false },
    Target { name: "podman_streams", share: 6, longest: 512, uses_network: false },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn shares_are_the_whole_and_every_program_has_one() {
        assert_eq!(TARGETS.iter().map(|target| target.share).sum::<u64>(), 100);
        let folder = workspace::root().join("xtask/fuzz/fuzz_targets");
        let mut programs: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        programs.sort_unstable();
        assert_eq!(programs, TARGETS.iter().map(|target| target.name).collect::<Vec<_>>());
    }
}
