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
    /// Settings of the server.
    pub settings: SettingsRow,
}

/// Settings of an engine's server, and how it is asked for them.
#[derive(Debug, Clone, Copy)]
pub struct SettingsRow {
    /// A setting with a value that is not its default.
    pub chosen: (&'static str, &'static str),
    /// A setting with a value that our rules allow and the server does not.
    pub wrong: (&'static str, &'static str),
    /// A shell script that asks the server for the chosen setting, and for the one that follows a limit of memory. It
    /// finds `HOST`, `PORT`, `LOGIN`, `PASSWORD` and `URL` in its environment.
    pub ask: &'static str,
    /// What the answer holds with the chosen setting and a limit of one gibibyte.
    pub answers: &'static [&'static str],
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
    settings: SettingsRow {
        chosen: ("work_mem", "8MB"),
        wrong: ("shared_preload_libraries", "no_such_library"),
        ask: "psql \"$URL\" -tAc 'show work_mem' -c 'show shared_buffers'",
        answers: &["8MB", "256MB"],
    },
};

const MARIADB: EngineRow = EngineRow {
    engine: Engine::MariaDb,
    scratch_database: Some("sys"),
    rejection: "access denied",
    ready_words: "ready for connections",
    settings: SettingsRow {
        chosen: ("wait_timeout", "1234"),
        wrong: ("character_set_server", "no_such_set"),
        // Without a locale the client takes the name for Latin-1; the password is not for the command line.
        ask: "MYSQL_PWD=$PASSWORD LC_ALL=C.UTF-8 mariadb --protocol=tcp --host=\"$HOST\" --port=\"$PORT\" \
              --user=\"$LOGIN\" -Ne 'select @@global.wait_timeout, @@innodb_buffer_pool_size'",
        answers: &["1234", "268435456"],
    },
    ..POSTGRESQL
};

const REDIS: EngineRow = EngineRow {
    engine: Engine::Redis,
    rejection: "noauth",
    ready_words: "ready to accept connections",
    settings: SettingsRow {
        chosen: ("maxclients", "321"),
        wrong: ("notify-keyspace-events", "!"),
        ask: "export REDISCLI_AUTH=$PASSWORD; for name in maxclients maxmemory; do redis-cli -h \"$HOST\" -p \"$PORT\" \
              --user \"$LOGIN\" config get $name; done",
        answers: &["321", "805306368"],
    },
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
        settings: SettingsRow {
            // The server's way with passwords wants TLS from this client.
            ask: "MYSQL_PWD=$PASSWORD LC_ALL=C.UTF-8 mariadb --protocol=tcp --ssl --host=\"$HOST\" --port=\"$PORT\" \
                  --user=\"$LOGIN\" -Ne 'select @@global.wait_timeout, @@innodb_buffer_pool_size'",
            ..MARIADB.settings
        },
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
        settings: SettingsRow {
            chosen: ("operationProfiling.slowOpThresholdMs", "77"),
            wrong: ("net.compression.compressors", "no_such_compressor"),
            ask: "python3 -c 'import os, pymongo\nadmin = pymongo.MongoClient(os.environ[\"URL\"]).admin\n\
                  cache = admin.command(\"serverStatus\")[\"wiredTiger\"][\"cache\"]\n\
                  print(admin.command(\"profile\", -1)[\"slowms\"], cache[\"maximum bytes configured\"])'",
            answers: &["77", "268435456"],
        },
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
