//! What a container runs, as far as its entrypoint and arguments tell.

use crate::offered;

/// What a container runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Program {
    /// A database server, by the name of its program.
    Server(String),
    /// An entrypoint that starts whatever its image is for.
    Wrapped,
    /// Nothing is known of it.
    Unknown,
    /// Something that is no database server, by its name.
    Other(String),
}

/// Programs that only start another.
const STARTERS: &[&str] = &[
    "tini",
    "dumb-init",
    "catatonit",
    "exec",
    "env",
    "nohup",
    "time",
    "nice",
    "ionice",
    "numactl",
    "setpriv",
    "command",
    "--",
];
/// Programs that start another as somebody, whose name comes first.
const AS_SOMEBODY: &[&str] = &["gosu", "su-exec", "runuser", "chpst", "su"];
const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "busybox"];
const INTERPRETERS: &[&str] = &["python", "python3", "node", "perl", "ruby", "php", "java", "deno", "bun"];
/// Words of a shell that stand before a command.
const SHELL_WORDS: &[&str] =
    &["while", "until", "if", "then", "do", "else", "elif", "!", "{", "done", "fi", "}"];
/// Programs of every image that are no server of any kind, and servers of other kinds.
const OTHERS: &[&str] = &[
    "sleep",
    "tail",
    "cat",
    "true",
    "false",
    "echo",
    "printf",
    "ls",
    "top",
    "watch",
    "yes",
    "test",
    "id",
    "crond",
    "cron",
    "go-cron",
    "supercronic",
    "nginx",
    "httpd",
    "apache2",
    "haproxy",
    "envoy",
    "curl",
    "wget",
    "tar",
    "rsync",
    "socat",
    "nc",
    "sshd",
];

/// What the two together run. Nothing known is [`Program::Unknown`].
pub(super) fn of(entrypoint: &[String], command: &[String]) -> Program {
    let words: Vec<&str> = entrypoint.iter().chain(command).map(String::as_str).collect();
    if words.is_empty() { Program::Unknown } else { of_words(&words) }
}

fn of_words(words: &[&str]) -> Program {
    let words = without_starters(words);
    let Some((first, rest)) = words.split_first() else { return Program::Unknown };
    let name = base(first);
    if SHELLS.contains(&name) {
        return of_shell(first, rest);
    }
    if let Some(known) = known(name, rest) {
        return known;
    }
    if is_for_something_else(first) {
        return Program::Other(name.to_owned());
    }
    if INTERPRETERS.contains(&name) {
        let script = rest.iter().find(|word| !word.starts_with('-'));
        return match script {
            Some(script) if is_entrypoint(base(script)) => {
                let after: Vec<&str> =
                    rest.iter().skip_while(|word| *word != script).skip(1).copied().collect();
                of_arguments(&after)
            }
            Some(_) | None => Program::Other(name.to_owned()),
        };
    }
    if is_entrypoint(name) { of_arguments(rest) } else { Program::Unknown }
}

/// What an entrypoint is told to run: options and files of settings are the server's own.
fn of_arguments(arguments: &[&str]) -> Program {
    let Some((first, rest)) = arguments.split_first() else { return Program::Wrapped };
    let name = base(first);
    if let Some(known) = known(name, rest) {
        return known;
    }
    if name.is_empty()
        || first.starts_with('-')
        || [".conf", ".cnf", ".yml", ".yaml"].iter().any(|end| name.ends_with(end))
    {
        return Program::Wrapped;
    }
    match of_words(arguments) {
        Program::Unknown => Program::Wrapped,
        other => other,
    }
}

fn known(name: &str, rest: &[&str]) -> Option<Program> {
    let is_of = |list: fn(&crate::DetectRules) -> &'static [&'static str]| {
        offered().iter().any(|adapter| list(adapter.detect_rules()).contains(&name))
    };
    if is_of(|rules| rules.servers) {
        // One program, two things: the watcher that elects a new leader has the server's name.
        let is_watcher = rest.contains(&"--sentinel");
        let name = if is_watcher { "--sentinel" } else { name };
        let of = if is_watcher { Program::Other } else { Program::Server };
        return Some(of(name.to_owned()));
    }
    let is_other = is_of(|rules| rules.clients) || OTHERS.contains(&name);
    is_other.then(|| Program::Other(name.to_owned()))
}

fn of_shell(shell: &str, rest: &[&str]) -> Program {
    let mut arguments = rest.iter();
    while let Some(word) = arguments.next() {
        if word.starts_with('-') && !word.starts_with("--") && word.contains('c') {
            // Podman 4.x shows an entrypoint as words without their quotes.
            let script: Vec<&str> = arguments.copied().collect();
            return of_script(&script.join(" "));
        }
        if !word.starts_with('-') {
            return if is_for_something_else(word) {
                Program::Other(base(word).to_owned())
            } else if is_entrypoint(base(word)) {
                let after: Vec<&str> = arguments.copied().collect();
                of_arguments(&after)
            } else {
                Program::Unknown
            };
        }
    }
    Program::Other(base(shell).to_owned())
}

/// What a script does in the end. Whoever calls a client does not serve.
fn of_script(script: &str) -> Program {
    let mut last = Program::Unknown;
    for line in script.split([';', '\n', '|', '&', '(', ')']) {
        let words: Vec<&str> = line
            .split_whitespace()
            .map(|word| word.trim_matches(['"', '\'']))
            .skip_while(|word| SHELL_WORDS.contains(word))
            .collect();
        if words.is_empty() || words == ["wait"] {
            continue;
        }
        let program = of_words(&words);
        let is_client =
            |name: &str| offered().iter().any(|adapter| adapter.detect_rules().clients.contains(&name));
        if let Program::Other(name) = &program
            && is_client(name)
        {
            return program;
        }
        last = program;
    }
    last
}

fn without_starters<'a>(words: &'a [&'a str]) -> &'a [&'a str] {
    let mut rest = words;
    let mut has_starter = false;
    while let Some((first, after)) = rest.split_first() {
        let name = base(first);
        if STARTERS.contains(&name) {
            (rest, has_starter) = (after, true);
        } else if AS_SOMEBODY.contains(&name) {
            rest = after.get(1..).unwrap_or_default();
            has_starter = true;
        } else if (has_starter && first.starts_with('-')) || is_assignment(first) {
            rest = after;
        } else {
            break;
        }
    }
    rest
}

fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_entrypoint(name: &str) -> bool {
    name.contains("entrypoint")
        || name.strip_suffix(".sh").is_some()
        || name == "init"
        || name.starts_with("run-")
}

/// Whether a path tells of a job beside a database, such as `/backup-scripts/start.sh`.
fn is_for_something_else(path: &str) -> bool {
    const JOBS: &[&str] =
        &["backup", "backups", "cron", "exporter", "dump", "restore", "operator", "proxy", "pgbouncer"];
    path.split(['/', '-', '_', '.']).any(|word| JOBS.contains(&word))
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
