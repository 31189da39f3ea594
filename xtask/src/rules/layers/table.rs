//! The dependency table, as data. It says the same as "Who may depend on whom" in `docs/ARCHITECTURE.md`.

/// What one crate of the workspace may depend on.
pub(super) struct Layer {
    /// The crate.
    pub(super) name: &'static str,
    /// Crates of the workspace that it may name in `[dependencies]`, and in `[dev-dependencies]` beside the testkit.
    pub(super) may_use: &'static [&'static str],
}

/// Who may name an outside crate directly.
pub(super) struct Owned {
    /// The outside crate.
    pub(super) name: &'static str,
    /// The crates that may name it in `[dependencies]`.
    pub(super) owners: &'static [&'static str],
    /// Further crates that may name it in `[dev-dependencies]`.
    pub(super) owners_in_tests: &'static [&'static str],
}

/// A crate that may appear in `[dev-dependencies]` only.
pub(super) const TESTKIT: &str = "stardeck-testkit";

const DOMAIN: &str = "stardeck-domain";
const ENGINES: &str = "stardeck-engines";
const DRIVERS: &str = "stardeck-drivers";
const PODMAN: &str = "stardeck-podman";
const REPOSITORY: &str = "stardeck-repository";
const SERVICE: &str = "stardeck-service";
const UI: &str = "stardeck-ui";
const API: &str = "stardeck-api";
const SERVER: &str = "stardeck-server";
const CLIENT: &str = "stardeck-client";
const CLI: &str = "stardeck-cli";
const XTASK: &str = "xtask";
const CODEGEN: &str = "xtask-codegen";
const PROPERTIES: &str = "xtask-properties";

/// The arrows inside the workspace. A crate that is not here is an error: a new one is placed first.
pub(super) const LAYERS: &[Layer] = &[
    Layer { name: DOMAIN, may_use: &[] },
    Layer { name: PODMAN, may_use: &[] },
    Layer { name: UI, may_use: &[] },
    Layer { name: ENGINES, may_use: &[DOMAIN] },
    Layer { name: DRIVERS, may_use: &[DOMAIN, ENGINES] },
    Layer { name: REPOSITORY, may_use: &[DOMAIN] },
    Layer { name: CLIENT, may_use: &[DOMAIN] },
    Layer { name: SERVICE, may_use: &[DOMAIN, ENGINES, DRIVERS, REPOSITORY, PODMAN] },
    Layer { name: API, may_use: &[DOMAIN, SERVICE, UI] },
    // What the commands for a remote server do, any program with a token can do: they see the client and no use case.
    Layer { name: CLI, may_use: &[CLIENT, DOMAIN] },
    Layer { name: SERVER, may_use: &[API, SERVICE, REPOSITORY, PODMAN, DOMAIN, UI, CLI] },
    Layer { name: TESTKIT, may_use: &[DOMAIN, ENGINES, DRIVERS, PODMAN, REPOSITORY, SERVICE, API, CLIENT] },
    Layer { name: XTASK, may_use: &[CLIENT, DOMAIN] },
    Layer { name: CODEGEN, may_use: &[API] },
    // Looks at what the crates offer to everybody, and at nothing else of them.
    Layer { name: PROPERTIES, may_use: &[DOMAIN, ENGINES, DRIVERS, PODMAN] },
];

/// Everything that may do input and output, which the domain and the engines' plans may not.
const WITH_ASYNC: &[&str] =
    &[DRIVERS, PODMAN, REPOSITORY, SERVICE, API, SERVER, CLIENT, CLI, TESTKIT, XTASK, PROPERTIES];
const EVERYONES_TESTS: &[&str] = &[DOMAIN, ENGINES, DRIVERS, PODMAN, REPOSITORY, SERVICE, API, CLIENT, CLI];

/// The outside crates that belong to somebody.
pub(super) const OWNED: &[Owned] = &[
    // SQL is seen by the repository alone.
    Owned { name: "diesel", owners: &[REPOSITORY], owners_in_tests: &[] },
    Owned { name: "diesel_migrations", owners: &[REPOSITORY], owners_in_tests: &[] },
    Owned { name: "libsqlite3-sys", owners: &[REPOSITORY], owners_in_tests: &[] },
    // HTTP over a Unix socket is seen by the Podman client; the testkit plays the other side.
    Owned { name: "hyper", owners: &[PODMAN, TESTKIT], owners_in_tests: &[] },
    Owned { name: "hyper-util", owners: &[PODMAN, TESTKIT], owners_in_tests: &[] },
    Owned { name: "hyperlocal", owners: &[PODMAN], owners_in_tests: &[] },
    Owned { name: "http-body-util", owners: &[PODMAN, TESTKIT], owners_in_tests: &[] },
    Owned { name: "tower-service", owners: &[PODMAN], owners_in_tests: &[] },
    // The web framework is seen by the API, and by the binary that starts it.
    Owned { name: "actix-web", owners: &[API, SERVER, TESTKIT], owners_in_tests: &[] },
    Owned { name: "actix-http", owners: &[API], owners_in_tests: &[] },
    Owned { name: "actix-ws", owners: &[API], owners_in_tests: &[] },
    Owned { name: "tokio-tungstenite", owners: &[CLIENT], owners_in_tests: &[API] },
    Owned { name: "tracing-actix-web", owners: &[API, SERVER], owners_in_tests: &[] },
    Owned { name: "utoipa-actix-web", owners: &[API], owners_in_tests: &[] },
    Owned { name: "utoipa-swagger-ui", owners: &[API], owners_in_tests: &[] },
    Owned { name: "utoipa", owners: &[DOMAIN, API, SERVER], owners_in_tests: &[] },
    // The engines' wire protocols are seen by the drivers.
    Owned { name: "tokio-postgres", owners: &[DRIVERS, TESTKIT], owners_in_tests: &[] },
    Owned { name: "mysql_async", owners: &[DRIVERS, TESTKIT], owners_in_tests: &[] },
    Owned { name: "redis", owners: &[DRIVERS, TESTKIT], owners_in_tests: &[] },
    // The domain and the engines do no input and output.
    Owned { name: "tokio", owners: WITH_ASYNC, owners_in_tests: &[] },
    Owned { name: "tokio-util", owners: WITH_ASYNC, owners_in_tests: &[] },
    Owned { name: "reqwest", owners: &[CLIENT, TESTKIT, XTASK, SERVER], owners_in_tests: &[API] },
    // Libraries have error enums; `anyhow` is for programs and tests.
    Owned { name: "anyhow", owners: &[SERVER, XTASK, CODEGEN, TESTKIT], owners_in_tests: EVERYONES_TESTS },
];

/// Outside crates that the domain may name only as optional ones, behind a feature.
pub(super) const OPTIONAL_IN_DOMAIN: (&str, &[&str]) = (DOMAIN, &["serde", "utoipa"]);
