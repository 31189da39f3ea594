//! The images that the tests' own Podman has, one row each, with what tests have to know of them.

use stardeck_domain::{Engine, ImageReference, LoginName, VersionTag};

/// An image of an engine.
#[derive(Debug, Clone, Copy)]
pub struct EngineRow {
    /// What it is called in tests.
    pub name: &'static str,
    /// The engine.
    pub engine: Engine,
    /// The version that is asked for; None where only the image is named.
    version: Option<&'static str>,
    /// The image that is asked for, where it is not the offered one of a version.
    image: Option<&'static str>,
    /// The kind of the engine that the image's name tells.
    pub flavor: Option<&'static str>,
    /// How the version begins that the server says of itself.
    pub server_version: &'static str,
    /// An administrator other than the engine's usual one.
    admin_user: Option<&'static str>,
    /// A logical database in which tests may write; None for the one that clients use by themselves.
    pub scratch_database: Option<&'static str>,
    /// What clients say of a wrong password, in lower case.
    pub rejection: &'static str,
    /// What the server writes to its log when it is ready, in lower case.
    pub ready_words: &'static str,
}

impl EngineRow {
    /// The version that is asked for.
    pub fn version(&self) -> Option<VersionTag> {
        self.version.map(crate::version)
    }

    /// The image that is asked for.
    pub fn image(&self) -> Option<ImageReference> {
        self.image.map(crate::image)
    }

    /// An administrator other than the engine's usual one.
    ///
    /// # Panics
    /// When the name is none.
    pub fn admin_user(&self) -> Option<LoginName> {
        self.admin_user.map(|name| LoginName::parse(name).expect("a login name"))
    }
}

const POSTGRESQL: EngineRow = EngineRow {
    name: "",
    engine: Engine::PostgreSql,
    version: None,
    image: None,
    flavor: None,
    server_version: "",
    admin_user: None,
    scratch_database: None,
    rejection: "password authentication failed",
    ready_words: "ready to accept connections",
};

const MARIADB: EngineRow = EngineRow {
    engine: Engine::MariaDb,
    scratch_database: Some("sys"),
    rejection: "access denied",
    ready_words: "ready for connections",
    ..POSTGRESQL
};

const REDIS: EngineRow = EngineRow {
    engine: Engine::Redis,
    rejection: "noauth",
    ready_words: "ready to accept connections",
    ..POSTGRESQL
};

/// All rows.
pub const ENGINE_ROWS: &[EngineRow] = &[
    EngineRow { name: "postgres:16", version: Some("16"), server_version: "16.", ..POSTGRESQL },
    EngineRow {
        name: "postgres:17",
        version: Some("17"),
        server_version: "17.",
        admin_user: Some("- a;b @:/#?%&={} ü"),
        ..POSTGRESQL
    },
    EngineRow { name: "postgres:18", version: Some("18"), server_version: "18", ..POSTGRESQL },
    EngineRow { name: "mariadb:10.11", version: Some("10.11"), server_version: "10.11.", ..MARIADB },
    EngineRow {
        name: "mariadb:11.8",
        version: Some("11.8"),
        server_version: "11.8.",
        admin_user: Some(r"o'brien\ @:/#?%&= ü"),
        ..MARIADB
    },
    EngineRow {
        name: "mysql:9",
        engine: Engine::MySql,
        version: Some("9"),
        server_version: "9.",
        admin_user: Some(r"o'brien\ @:/#?%&= ü"),
        ..MARIADB
    },
    EngineRow { name: "redis:7", version: Some("7"), server_version: "7.", ..REDIS },
    EngineRow {
        name: "redis:8",
        version: Some("8"),
        server_version: "8.",
        admin_user: Some("#o'brien\"@:/#?%&=ü"),
        ..REDIS
    },
    EngineRow {
        name: "valkey:8",
        image: Some("valkey/valkey:8"),
        flavor: Some("valkey"),
        server_version: "8.",
        ..REDIS
    },
    EngineRow {
        name: "mongo:6",
        engine: Engine::MongoDb,
        image: Some("mongo:6"),
        server_version: "6.",
        admin_user: Some("o'brien=, @:/#?%& ü"),
        scratch_database: Some("scratch"),
        rejection: "authentication failed",
        ready_words: "waiting for connections",
        ..POSTGRESQL
    },
];

/// The row with this name.
///
/// # Panics
/// When there is none.
pub fn engine_row(name: &str) -> &'static EngineRow {
    ENGINE_ROWS.iter().find(|row| row.name == name).expect("a row of the table")
}
