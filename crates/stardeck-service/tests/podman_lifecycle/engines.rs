//! What every engine and version has to do. One row per image in `stardeck_testkit::ENGINE_ROWS`.

use std::net::TcpStream;

use secrecy::SecretString;
use stardeck_domain::{DatabaseStatus, Health, LoginName, ManagedDatabase, Password};
use stardeck_drivers::{Accounts, Error as DriverError};
use stardeck_engines::{ConnectionTarget, adapter};
use stardeck_service::{
    databases::{CreateDatabase, DataFate},
    runtime::LogQuery,
};
use stardeck_testkit::{EngineRow, engine_row, password, wait_for};

use crate::world::{HOSTILE, World, address, exposed, log_in, login, succeeded, unique_name};

/// How many seconds an app may try.
const APP_PATIENCE: &str = "40";

/// Passwords that URLs, shells, SQL, JSON or normalisation could take for something else. Which of them an engine does
/// not take, its own rules say.
const PASSWORDS: &[&str] = &[
    r"\",
    "''; DROP USER root; -- ",
    "%41%zz+%00",
    "[::1]:5432/?authSource=x#&host=elsewhere",
    "  blanks at both ends  ",
    "*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4",
    "#ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    r#"{"$ne": null}"#,
    "пароль パスワード",
    // Changed by SASLprep: ligature, circled digit, no-break space, soft hyphen.
    "\u{fb01}\u{2460}\u{a0}a\u{ad}b",
    // Forbidden by SASLprep.
    "🦀🔑",
    "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü\
     üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü",
];

pub(crate) fn request(row: &EngineRow, name: &str) -> CreateDatabase {
    CreateDatabase {
        engine: row.engine,
        version: row.version(),
        image: row.image(),
        admin_user: row.admin_user(),
        admin_password: Some(password(HOSTILE)),
        ..exposed(name, "1")
    }
}

/// The URL for an app on the data network, of a logical database that holds the row's own tables.
fn app_url(row: &EngineRow, database: &ManagedDatabase, password: &Password) -> SecretString {
    let target = ConnectionTarget {
        host: &database.internal_host,
        port: database.internal_port,
        user: &database.admin_user,
        password,
        database: row.scratch_database,
    };
    adapter(row.engine).connection_url(&target)
}

/// Whether a password is in what Podman shows of the container, in its log, in the store or in a command line.
fn assert_hidden(world: &World, container: &str, secret: &str) {
    let as_json = serde_json::to_string(secret).unwrap();
    for form in [secret, as_json.trim_matches('"')] {
        assert!(
            !world.podman.must(&["inspect", container]).contains(form),
            "podman inspect shows a password"
        );
        assert!(!world.podman.must(&["logs", container]).contains(form), "the log shows a password");
        assert!(!world.store.holds_text(form), "the store holds a password in clear");
        for process in std::fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
            // A process that is gone by now shows nothing.
            let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&line).contains(form), "a command line shows a password");
        }
    }
}

/// A database is deployed, used from the host and from an app, stopped, started and removed.
async fn whole_life(row: &EngineRow, data: DataFate) {
    let world = World::new().await;
    let name = unique_name("life");
    let (database, operation, _leftovers) = world.deploy(request(row, &name)).await;
    succeeded(&operation);
    let id = database.id;
    let found = world.row(id).await;
    assert_eq!((found.status, found.health), (DatabaseStatus::Running, Health::Healthy));
    assert!(found.server_version.as_ref().unwrap().starts_with(row.server_version), "{found:?}");
    assert_eq!(found.flavor.as_deref(), row.flavor);

    opens_to_the_admin_only(&world, &database).await;
    data_stays(&world, row, &database).await;
    let lines = world.services.databases.logs(id, LogQuery { tail: 500, since: None }).await.unwrap();
    assert!(lines.iter().any(|line| line.line.to_lowercase().contains(row.ready_words)), "{lines:?}");

    let container = database.container_name.as_str();
    let mounts = world.podman.must(&["inspect", container, "--format", "{{range .Mounts}}{{.Name}} {{end}}"]);
    let mounts: Vec<_> = mounts.split_whitespace().map(str::to_owned).collect();
    assert!(mounts.iter().all(|volume| volume.contains(&id.to_string())), "anonymous volumes: {mounts:?}");
    world.delete(&database, data).await;
    let kept = match data {
        DataFate::Keep => mounts,
        DataFate::Delete => Vec::new(),
    };
    assert_eq!(world.podman.names_with(&id.to_string()), kept);
    assert!(world.podman.names_with(&name).iter().all(|left| kept.contains(left)));
    assert!(TcpStream::connect(address(&database)).is_err(), "the port is closed");
    assert!(!world.store.holds_text(HOSTILE));
    world.services.shut_down().await;
}

/// The administrator logs in from the host, nobody else does, and no password is to be seen anywhere.
async fn opens_to_the_admin_only(world: &World, database: &ManagedDatabase) {
    let credentials = world.services.databases.credentials(&world.admin, database.id).await.unwrap();
    assert_eq!(credentials.password.expose(), HOSTILE);
    let user = &credentials.username;
    log_in(database, user, credentials.password.clone()).await.unwrap();
    let nobody = LoginName::parse("nobody").unwrap();
    for (user, with) in [(user, "wrong"), (&nobody, HOSTILE)] {
        let refused = log_in(database, user, password(with)).await;
        assert!(matches!(refused, Err(DriverError::CredentialsRejected { .. })), "{refused:?}");
    }
    assert_hidden(world, database.container_name.as_str(), HOSTILE);

    // The one-time password is a file in the container, and opens nothing any more.
    let show = ["exec", database.container_name.as_str(), "sh", "-c", "cat /run/secrets/*"];
    let bootstrap = world.podman.run(&show);
    if bootstrap.is_success {
        let owner = adapter(database.engine).bootstrap_user(user);
        let refused = log_in(database, &owner, password(&bootstrap.text)).await;
        assert!(matches!(refused, Err(DriverError::CredentialsRejected { .. })), "{refused:?}");
        assert_hidden(world, database.container_name.as_str(), &bootstrap.text);
    }
}

/// What an app wrote is there after a stop and a start, and after a restart.
async fn data_stays(world: &World, row: &EngineRow, database: &ManagedDatabase) {
    let url = app_url(row, database, &password(HOSTILE));
    let answer = world.app("wait", &url, &[APP_PATIENCE]).await;
    assert!(answer.contains(row.server_version) && !answer.starts_with("fail"), "{answer}");
    world.app("write", &url, &["greeting", "still here"]).await;
    let wrong = world.app("check", &app_url(row, database, &password("wrong")), &[]).await;
    assert!(wrong.starts_with("fail") && wrong.to_lowercase().contains(row.rejection), "{wrong}");

    world.stop(database.id).await;
    assert_eq!(world.row(database.id).await.status, DatabaseStatus::Stopped);
    assert!(TcpStream::connect(address(database)).is_err(), "nobody listens any more");
    succeeded(&world.start(database.id).await);
    world.app("wait", &url, &[APP_PATIENCE]).await;
    assert_eq!(world.app("read", &url, &["greeting"]).await, "still here");
    let (_, operation) = world.services.databases.restart(&world.admin, database.id).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    world.app("wait", &url, &[APP_PATIENCE]).await;
    assert_eq!(world.app("read", &url, &["greeting"]).await, "still here");
}

/// Every password the engine's rules allow works, by the driver and by the URL in an app, and replaces the one before.
async fn hostile_passwords(row: &EngineRow) {
    let world = World::new().await;
    let (database, operation, _leftovers) = world.deploy(request(row, &unique_name("words"))).await;
    succeeded(&operation);
    world.app("wait", &app_url(row, &database, &password(HOSTILE)), &[APP_PATIENCE]).await;
    let driver = stardeck_drivers::client(row.engine).unwrap();
    let user = &database.admin_user;
    let mut current = password(HOSTILE);
    let mut tried = 0;
    for text in PASSWORDS {
        let next = password(text);
        if adapter(row.engine).check_admin(user, Some(&next)).is_err() {
            continue;
        }
        tried += 1;
        let other = LoginName::parse("other-manager").unwrap();
        let accounts = Accounts { admin: (user.clone(), next.clone()), management: (other, password("m")) };
        driver.secure(&login(&database, user, current.clone()), &accounts).await.expect(text);
        log_in(&database, user, next.clone()).await.expect(text);
        let refused = log_in(&database, user, current).await;
        assert!(matches!(refused, Err(DriverError::CredentialsRejected { .. })), "{text}: {refused:?}");
        let answer = world.app("check", &app_url(row, &database, &next), &[]).await;
        assert!(answer.starts_with("ok"), "{text}: {answer}");
        current = next;
    }
    assert!(tried >= 8, "only {tried} passwords are allowed");
    world.delete(&database, DataFate::Delete).await;
    world.services.shut_down().await;
}

/// An administrator other than root may do all that root may: see every table, make databases and users, give rights away,
/// and change the server's settings.
async fn admin_has_all_rights(row: &EngineRow) {
    let world = World::new().await;
    let (database, operation, _leftovers) = world.deploy(request(row, &unique_name("rights"))).await;
    succeeded(&operation);
    world.app("wait", &app_url(row, &database, &password(HOSTILE)), &[APP_PATIENCE]).await;
    let user = format!("--user={}", database.admin_user);
    let host = format!("--host={}", database.internal_host);
    let statements = "SELECT COUNT(*) FROM mysql.user; CREATE DATABASE shop; CREATE USER clerk IDENTIFIED BY 'x'; \
         GRANT ALL PRIVILEGES ON *.* TO clerk WITH GRANT OPTION; SET GLOBAL max_connections = 99; \
         DROP USER clerk; DROP DATABASE shop; SHUTDOWN";
    let secret = format!("MYSQL_PWD={HOSTILE}");
    // Without a locale the client takes the name for Latin-1.
    let env = ["--env", &secret, "--env", "LC_ALL=C.UTF-8"];
    let podman =
        [&["run", "--rm", "--network=stardeck-data"], &env[..], &[stardeck_testkit::APP_PROBE]].concat();
    // caching_sha2_password wants TLS from this client.
    let client = ["mariadb", &host, &user, "--protocol=tcp", "--ssl", "--execute", statements];
    let said = world.podman.run(&[&podman[..], &client[..]].concat());
    assert!(said.is_success, "{}", said.text);
    world.delete(&database, DataFate::Delete).await;
    world.services.shut_down().await;
}

/// One test per row and case.
macro_rules! cases {
    ($($case:ident: $row:literal, $body:expr;)+) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $case() {
            $body(engine_row($row)).await;
        }
    )+ };
}

async fn lives_and_leaves_nothing(row: &EngineRow) {
    whole_life(row, DataFate::Delete).await;
}

async fn lives_and_leaves_only_its_data(row: &EngineRow) {
    whole_life(row, DataFate::Keep).await;
}

cases! {
    postgresql_16_lives_and_leaves_nothing: "postgres:16", lives_and_leaves_nothing;
    postgresql_17_lives_and_leaves_only_its_data: "postgres:17", lives_and_leaves_only_its_data;
    postgresql_18_lives_and_leaves_nothing: "postgres:18", lives_and_leaves_nothing;
    mariadb_10_11_lives_and_leaves_nothing: "mariadb:10.11", lives_and_leaves_nothing;
    mariadb_11_8_lives_and_leaves_only_its_data: "mariadb:11.8", lives_and_leaves_only_its_data;
    mysql_9_lives_and_leaves_nothing: "mysql:9", lives_and_leaves_nothing;
    redis_7_lives_and_leaves_only_its_data: "redis:7", lives_and_leaves_only_its_data;
    redis_8_lives_and_leaves_nothing: "redis:8", lives_and_leaves_nothing;
    valkey_8_lives_and_leaves_nothing: "valkey:8", lives_and_leaves_nothing;
    mongodb_6_lives_and_leaves_nothing: "mongo:6", lives_and_leaves_nothing;

    mariadb_admin_has_all_rights: "mariadb:11.8", admin_has_all_rights;
    mysql_admin_has_all_rights: "mysql:9", admin_has_all_rights;

    mariadb_takes_hostile_passwords: "mariadb:10.11", hostile_passwords;
    mysql_takes_hostile_passwords: "mysql:9", hostile_passwords;
    redis_takes_hostile_passwords: "redis:7", hostile_passwords;
    mongodb_takes_hostile_passwords: "mongo:6", hostile_passwords;
}
