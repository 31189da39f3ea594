//! Which tests run: those that speak to Podman, and what of them says most about a version of it.

use super::privilege::Privilege;

/// The packages with tests on a real Podman, and the programs that hold these.
pub(crate) const PACKAGES: &[(&str, &str)] = &[
    ("stardeck-podman", "podman_calls"),
    ("stardeck-drivers", "podman_postgres"),
    ("stardeck-service", "podman_lifecycle"),
    ("stardeck-server", "host"),
];

/// All tests on a real Podman, as a filterset of nextest: two programs have nothing else.
const ALL: &str = "(binary(/^podman_/) | test(the_doctor_of_the_tests_own_podman_finds_it_in_order))";

/// Of the use cases, one of a kind: every engine's whole life, its apps, and whatever a version of Podman can do otherwise.
/// The rest is about engines.
const USUAL: &str = "(not package(stardeck-service) \
    | test(/^engines::.*_lives_/) | test(/^apps::.*_existing_/) | test(/^foreign_apps::/) | test(/^adopted_apps::/) \
    | test(/^adoption::(adopted|containers|postgresql|redis)/) | test(/^isolation::/) | test(/^one_database::/) \
    | test(/^external::postgresql/) | test(/^logical::postgresql_16/) | test(/^rotation::postgresql/) \
    | test(/^settings::postgresql_16/) | test(/^crash_loops::redis/) | test(/^reach::/))";

/// What can not be had of an ordinary user's Podman here, with the reason: tests, or whole modules of them, which end in `::`.
/// In the table they are left out, by name.
const NOT_ROOTLESS: &[(&str, &str)] = &[
    ("settings::", "without root memory is not limited on control groups v1"),
    ("watching::stats_are_what_the_container_uses", "without root nothing is measured on control groups v1"),
    (
        "one_database::what_others_do_to_the_container_is_seen",
        "without root nothing is paused on control groups v1",
    ),
    ("external::", "an ordinary user's server can not go into the network of a container"),
];

/// The tests to run.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    /// The packages that were asked for.
    pub(crate) packages: Vec<String>,
    /// Whether everything in them is wanted.
    pub(crate) everything: bool,
    /// More words for nextest.
    pub(crate) nextest: Vec<String>,
}

impl Selection {
    /// The arguments that make cargo compile the programs of the packages, and nothing else.
    pub(crate) fn to_compile(&self) -> Vec<&str> {
        let wanted = PACKAGES.iter().filter(|(package, _)| self.packages.iter().any(|name| name == package));
        wanted.flat_map(|(package, program)| ["--package", package, "--test", program]).collect()
    }

    /// The filterset of what runs on such a Podman.
    pub(crate) fn filter(&self, privilege: Privilege) -> String {
        let packages: Vec<_> = self.packages.iter().map(|name| format!("package({name})")).collect();
        let mut parts = vec![format!("({}) & {ALL}", packages.join(" | "))];
        if !self.everything {
            parts.push(format!("& {USUAL}"));
        }
        parts.extend(left_out(privilege).iter().map(|(test, _)| {
            let operator = if test.ends_with("::") { format!("/^{test}/") } else { format!("={test}") };
            format!("- test({operator})")
        }));
        parts.join(" ")
    }
}

/// Why a test is left out on such a Podman; None when it is not.
pub(crate) fn reason_to_leave_out(test: &str, privilege: Privilege) -> Option<&'static str> {
    let covers = |name: &str| test == name || (name.ends_with("::") && test.starts_with(name));
    left_out(privilege).iter().find(|(name, _)| covers(name)).map(|(_, reason)| *reason)
}

/// What is left out on such a Podman, with the reason.
fn left_out(privilege: Privilege) -> &'static [(&'static str, &'static str)] {
    match privilege {
        Privilege::Rootful => &[],
        Privilege::Rootless => NOT_ROOTLESS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(packages: &[&str], everything: bool) -> Selection {
        let packages = packages.iter().map(|package| (*package).to_owned()).collect();
        Selection { packages, everything, nextest: Vec::new() }
    }

    #[test]
    fn only_programs_of_the_packages_are_compiled() {
        let chosen = selection(&["stardeck-podman", "stardeck-server"], false);
        assert_eq!(
            chosen.to_compile(),
            [
                "--package",
                "stardeck-podman",
                "--test",
                "podman_calls",
                "--package",
                "stardeck-server",
                "--test",
                "host"
            ]
        );
    }

    #[test]
    fn everything_is_more_than_the_usual_and_what_can_not_be_is_left_out_for_users_only() {
        let usual = selection(&["stardeck-service"], false).filter(Privilege::Rootful);
        assert_eq!(usual, format!("(package(stardeck-service)) & {ALL} & {USUAL}"));
        let everything = selection(&["stardeck-service", "stardeck-server"], true).filter(Privilege::Rootful);
        assert_eq!(everything, format!("(package(stardeck-service) | package(stardeck-server)) & {ALL}"));
        let filter = selection(&["stardeck-service"], true).filter(Privilege::Rootless);
        assert!(filter.contains(" - test(/^settings::/)"), "{filter}");
        assert!(filter.contains(" - test(=watching::stats_are_what_the_container_uses)"), "{filter}");
        let memory = |privilege| reason_to_leave_out("settings::redis_8_is_changed_and_put_back", privilege);
        assert!(memory(Privilege::Rootless).is_some_and(|reason| reason.contains("memory")));
        assert_eq!(memory(Privilege::Rootful), None);
        let log = "watching::log_is_followed_line_by_line_over_a_restart";
        assert_eq!(reason_to_leave_out(log, Privilege::Rootless), None);
    }
}
