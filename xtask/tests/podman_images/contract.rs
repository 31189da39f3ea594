//! What the official images promise, as their Dockerfiles and documentation say it.

/// One image's promises, and how to start it.
#[derive(Debug)]
pub(crate) struct Contract {
    /// The official name.
    pub(crate) image: &'static str,
    /// `Config.Volumes`.
    pub(crate) volumes: &'static [&'static str],
    /// `Config.ExposedPorts`.
    pub(crate) ports: &'static [&'static str],
    /// `Config.Cmd`.
    pub(crate) command: &'static str,
    /// `Config.StopSignal`.
    pub(crate) stop_signal: &'static str,
    /// Variables that tell the version, and how their values begin.
    pub(crate) version_variables: &'static [(&'static str, &'static str)],
    /// Where its data lies.
    pub(crate) data: &'static str,
    /// What it is started with.
    pub(crate) start: Start,
    /// A URL; `{host}` and `{password}` are filled in.
    pub(crate) url: &'static str,
    /// Part of the answer to a wrong password.
    pub(crate) refusal: &'static str,
    /// Part of what it says when it is given no password at all; None where it then starts without one.
    pub(crate) without_password: Option<&'static str>,
}

/// How a password gets in.
#[derive(Debug)]
pub(crate) enum Start {
    /// By variables that name the file with the password, and others.
    Variables {
        /// Set to the path of the file.
        files: &'static [&'static str],
        /// Set as they are, `name=value`.
        others: &'static [&'static str],
    },
    /// By a configuration file that the command names.
    Configuration {
        /// The program that reads it.
        program: &'static str,
    },
}

const POSTGRES_16: Contract = Contract {
    image: "docker.io/library/postgres:16",
    volumes: &["/var/lib/postgresql/data"],
    ports: &["5432/tcp"],
    command: "postgres",
    stop_signal: "SIGINT",
    version_variables: &[("PG_MAJOR", "16"), ("PG_VERSION", "16."), ("PGDATA", "/var/lib/postgresql/data")],
    data: "/var/lib/postgresql/data",
    start: Start::Variables {
        files: &["POSTGRES_PASSWORD_FILE"],
        others: &["POSTGRES_USER=ada", "POSTGRES_DB=shop-db"],
    },
    url: "postgresql://ada:{password}@{host}:5432/shop-db",
    refusal: "password authentication failed",
    without_password: Some("POSTGRES_PASSWORD"),
};

const MARIADB_10_11: Contract = Contract {
    image: "docker.io/library/mariadb:10.11",
    volumes: &["/var/lib/mysql"],
    ports: &["3306/tcp"],
    command: "mariadbd",
    stop_signal: "SIGTERM",
    version_variables: &[("MARIADB_VERSION", "1:10.11.")],
    data: "/var/lib/mysql",
    start: Start::Variables {
        files: &["MARIADB_ROOT_PASSWORD_FILE", "MARIADB_PASSWORD_FILE"],
        others: &["MARIADB_USER=ada", "MARIADB_DATABASE=shop_db"],
    },
    url: "mariadb://ada:{password}@{host}:3306/shop_db",
    refusal: "Access denied",
    without_password: Some("MARIADB_ROOT_PASSWORD"),
};

const REDIS_8: Contract = Contract {
    image: "docker.io/library/redis:8",
    // The official image has declared none since 8.
    volumes: &[],
    ports: &["6379/tcp"],
    command: "redis-server",
    stop_signal: "SIGTERM",
    version_variables: &[("REDIS_VERSION", "8.")],
    data: "/data",
    start: Start::Configuration { program: "redis-server" },
    url: "redis://:{password}@{host}:6379/0",
    refusal: "WRONGPASS",
    without_password: None,
};

/// All of them.
pub(crate) const CONTRACTS: &[Contract] = &[
    POSTGRES_16,
    Contract {
        image: "docker.io/library/postgres:17",
        version_variables: &[
            ("PG_MAJOR", "17"),
            ("PG_VERSION", "17."),
            ("PGDATA", "/var/lib/postgresql/data"),
        ],
        ..POSTGRES_16
    },
    Contract {
        image: "docker.io/library/postgres:18",
        volumes: &["/var/lib/postgresql"],
        version_variables: &[
            ("PG_MAJOR", "18"),
            ("PG_VERSION", "18."),
            ("PGDATA", "/var/lib/postgresql/18/docker"),
        ],
        data: "/var/lib/postgresql",
        ..POSTGRES_16
    },
    MARIADB_10_11,
    Contract {
        image: "docker.io/library/mariadb:11.8",
        version_variables: &[("MARIADB_VERSION", "1:11.8.")],
        ..MARIADB_10_11
    },
    Contract {
        image: "docker.io/library/mysql:9",
        ports: &["3306/tcp", "33060/tcp"],
        command: "mysqld",
        version_variables: &[("MYSQL_VERSION", "9."), ("MYSQL_MAJOR", "9.")],
        start: Start::Variables {
            files: &["MYSQL_ROOT_PASSWORD_FILE", "MYSQL_PASSWORD_FILE"],
            others: &["MYSQL_USER=ada", "MYSQL_DATABASE=shop_db"],
        },
        url: "mysql://ada:{password}@{host}:3306/shop_db",
        without_password: Some("MYSQL_ROOT_PASSWORD"),
        ..MARIADB_10_11
    },
    Contract {
        image: "docker.io/library/redis:7",
        volumes: &["/data"],
        version_variables: &[("REDIS_VERSION", "7.")],
        ..REDIS_8
    },
    REDIS_8,
    Contract {
        image: "docker.io/valkey/valkey:8",
        command: "valkey-server",
        version_variables: &[("VALKEY_VERSION", "8.")],
        start: Start::Configuration { program: "valkey-server" },
        url: "valkey://:{password}@{host}:6379/0",
        ..REDIS_8
    },
    Contract {
        image: "docker.io/library/mongo:6",
        volumes: &["/data/configdb", "/data/db"],
        ports: &["27017/tcp"],
        command: "mongod",
        stop_signal: "SIGTERM",
        version_variables: &[("MONGO_MAJOR", "6.0"), ("MONGO_VERSION", "6.0."), ("HOME", "/data/db")],
        data: "/data/db",
        start: Start::Variables {
            files: &["MONGO_INITDB_ROOT_PASSWORD_FILE"],
            others: &["MONGO_INITDB_ROOT_USERNAME=ada"],
        },
        url: "mongodb://ada:{password}@{host}:27017/shop?authSource=admin",
        refusal: "Authentication failed",
        without_password: None,
    },
];
