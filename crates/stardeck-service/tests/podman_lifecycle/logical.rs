//! Logical databases and users in real engines: what each user can do, and what it can not.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{LogicalName, LoginName, ManagedDatabase, Preset};
use stardeck_drivers::{Error as DriverError, Login, NewUser};
use stardeck_engines::{Capability, adapter};
use stardeck_service::{
    Error, Timings,
    databases::{CreateDatabase, DataFate},
    logical::{CreateLogicalDatabase, CreateLogicalUser},
};
use stardeck_testkit::{APP_PROBE, EngineRow, TEST_TIMINGS, engine_row, password};

use crate::world::{HOSTILE, World, address, exposed, succeeded, unique_name};

/// The database of the user under test; also what the keys of the app begin with.
const OWN: &str = "app_probe";
/// A database of somebody else.
const OTHER: &str = "other";

/// Names that SQL, shells, URLs, patterns and files could take for something else. Which of them an engine does not take,
/// its own rules say.
const NAMES: &[&str] = &[
    "o'brien\"; DROP DATABASE other; --",
    "a`b",
    "a_%b",
    "größe",
    "Shop-1",
    "a b",
    "x.y",
    "select",
    "$(id)",
    "null",
    "пример",
    "a\\b",
    "🦀",
    "*",
];

fn name(text: &str) -> LogicalName {
    LogicalName::parse(text).unwrap()
}

async fn deployed(row: &EngineRow) -> (World, ManagedDatabase, stardeck_testkit::Leftovers) {
    // What is tested is what is refused, not how fast; a busy host takes longer to check a password.
    let timings = Timings { login: Duration::from_secs(30), ..TEST_TIMINGS };
    let world = World::with_drivers(timings, stardeck_drivers::client).await;
    let request = CreateDatabase {
        engine: row.engine,
        version: row.version(),
        image: row.image(),
        ..exposed(&unique_name("inside"), "1")
    };
    let (database, operation, leftovers) = world.deploy(request).await;
    succeeded(&operation);
    (world, database, leftovers)
}

/// Makes a logical database and a user in it; returns the URL for its app.
async fn made(
    world: &World,
    shop: &ManagedDatabase,
    within: &str,
    username: &str,
    preset: Preset,
) -> SecretString {
    let logical = &world.services.logical;
    let entries = logical.list_databases(shop.id).await.unwrap();
    if entries.iter().all(|entry| entry.name != within) {
        let request = CreateLogicalDatabase {
            name: name(within),
            encoding: None,
            collation: None,
            extensions: Vec::new(),
        };
        logical.create_database(&world.admin, shop.id, request).await.expect(within);
    }
    let user = CreateLogicalUser {
        username: LoginName::parse(username).unwrap(),
        password: Some(password(HOSTILE)),
        database: name(within),
        preset,
        connection_limit: None,
    };
    logical.create_user(&world.admin, shop.id, user.clone()).await.expect(username);
    logical.user_credentials(&world.admin, shop.id, user.username).await.unwrap().internal_url
}

/// Runs statements of the engine's own, one after the other, as the app that has this URL; returns what was said to each.
async fn attempts(world: &World, url: &SecretString, statements: &[&str]) -> Vec<String> {
    world.app("wait", url, &["40"]).await;
    let script = "import os,runpy,sys\n\
         p = runpy.run_path('/usr/local/bin/probe', run_name='x')\n\
         for text in sys.argv[1:]:\n\
         \x20 c = p['connect'](os.environ['DATABASE_URL'])\n\
         \x20 try:\n\
         \x20\x20 print('done', c.sql(text) if hasattr(c, 'sql') else c.command(*text.split()) if hasattr(c, 'command') else eval(text, {'c': c}))\n\
         \x20 except Exception as e:\n\
         \x20\x20 print('refused', ' '.join(str(e).split()))\n";
    let secret = format!("DATABASE_URL={}", url.expose_secret());
    let run =
        ["run", "--rm", "--network=stardeck-data", "--env", &secret, APP_PROBE, "python3", "-c", script];
    let said = world.podman.must(&[&run[..], statements].concat());
    let lines: Vec<_> = said.lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), statements.len(), "{said}");
    lines
}

/// What a user of one database must not do, in the engine's own words.
fn forbidden(row: &EngineRow) -> &'static [&'static str] {
    match row.name.split(':').next().unwrap() {
        "postgres" => &[
            "CREATE ROLE thief",
            "CREATE DATABASE thief",
            "DROP DATABASE other",
            "ALTER SYSTEM SET work_mem = '1MB'",
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT rolpassword FROM pg_authid",
            "SET ROLE other_owner",
        ],
        "mariadb" | "mysql" => &[
            "CREATE USER thief;",
            "CREATE DATABASE thief;",
            "DROP DATABASE other;",
            "SHUTDOWN;",
            "SELECT * FROM mysql.user;",
            "SELECT * FROM other.app_probe;",
            "GRANT ALL ON *.* TO CURRENT_USER();",
            // What a name with a wildcard would open.
            "CREATE TABLE appxprobe.t (i INT);",
        ],
        "mongo" => &[
            "c.client.admin.command('createUser', 'thief', pwd='x', roles=['root'])",
            "c.database.command('createRole', 'thief', privileges=[], roles=[])",
            "c.client.other.app_probe.find_one()",
            "c.client.drop_database('other')",
            "c.client.admin.command('shutdown')",
        ],
        _ => &[
            "ACL SETUSER thief on nopass +@all ~*",
            "SHUTDOWN",
            "FLUSHALL",
            "CONFIG GET *",
            "GET other:x",
            "DEL other:x",
            "SUBSCRIBE other:x",
        ],
    }
}

async fn user_is_kept_within_its_database(row: &EngineRow) {
    let (world, shop, _leftovers) = deployed(row).await;
    let own = made(&world, &shop, OWN, "clerk", Preset::Owner).await;
    let other = made(&world, &shop, OTHER, "o'brien-2", Preset::ReadWrite);
    // The rules of some engines have no quotes in names.
    let other = if adapter(row.engine).check_app_user(&LoginName::parse("o'brien-2").unwrap(), None).is_ok() {
        other.await
    } else {
        drop(other);
        made(&world, &shop, OTHER, "brien-2", Preset::ReadWrite).await
    };
    world.app("wait", &own, &["40"]).await;
    assert_eq!(world.app("write", &own, &["greeting", "it's mine"]).await, "");
    assert_eq!(world.app("read", &own, &["greeting"]).await, "it's mine");

    for (statement, said) in forbidden(row).iter().zip(attempts(&world, &own, forbidden(row)).await) {
        assert!(said.starts_with("refused"), "{statement}: {said}");
    }
    assert!(world.app("check", &own, &[]).await.starts_with("ok"), "the server is still there");

    // The same login on somebody else's database, and the other's on this one's keys.
    if adapter(row.engine).info().can(Capability::KeyPrefixes) {
        let said = world.app("read", &other, &["greeting"]).await;
        assert!(said.starts_with("fail"), "{said}");
    } else {
        let url = SecretString::from(own.expose_secret().replacen("/app_probe", "/other", 1));
        let said = world.app("write", &url, &["a", "b"]).await;
        assert!(said.starts_with("fail"), "{said}");
    }

    // One who may only read reads what the owner writes before and after.
    let reader = made(&world, &shop, OWN, "reader", Preset::ReadOnly).await;
    assert_eq!(world.app("read", &reader, &["greeting"]).await, "it's mine");
    assert!(world.app("write", &reader, &["greeting", "no"]).await.starts_with("fail"));
    let writer = made(&world, &shop, OWN, "writer", Preset::ReadWrite).await;
    assert_eq!(world.app("read", &writer, &["greeting"]).await, "it's mine");

    let entries = world.services.logical.list_databases(shop.id).await.unwrap();
    let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, [OWN, OTHER]);
    let users = world.services.logical.list_users(shop.id).await.unwrap();
    let clerk = users.iter().find(|user| user.username == "clerk").unwrap();
    assert!(!clerk.is_admin && clerk.database == Some(name(OWN)), "{clerk:?}");
    assert!(users.iter().any(|user| user.is_admin && user.username == shop.admin_user.as_str()), "{users:?}");

    goes_when_dropped(&world, row, &shop, &own).await;
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}

/// Every step again does nothing; a dropped user does not come in; what it made stays until the database goes.
async fn goes_when_dropped(world: &World, row: &EngineRow, shop: &ManagedDatabase, own: &SecretString) {
    let logical = &world.services.logical;
    let driver = stardeck_drivers::client(row.engine).unwrap();
    let credentials = world.services.databases.credentials(&world.admin, shop.id).await.unwrap();
    let admin = Login {
        addr: address(shop),
        user: credentials.username,
        password: credentials.password,
        database: None,
        timeout: Duration::from_secs(30),
    };
    let clerk = LoginName::parse("clerk").unwrap();
    let again = NewUser {
        username: clerk.clone(),
        password: password(HOSTILE),
        database: name(OWN),
        preset: Preset::Owner,
        connection_limit: Some(7),
    };
    for _ in 0..2 {
        driver.put_user(&admin, &again).await.unwrap();
    }
    assert_eq!(world.app("read", own, &["greeting"]).await, "it's mine");
    driver.set_password(&admin, &clerk, &password("another")).await.unwrap();
    assert!(world.app("read", own, &["greeting"]).await.starts_with("fail"));
    driver.set_password(&admin, &clerk, &password(HOSTILE)).await.unwrap();

    logical.delete_user(&world.admin, shop.id, clerk.clone(), "clerk").await.unwrap();
    driver.drop_user(&admin, &clerk).await.unwrap();
    let login =
        Login { user: clerk, password: password(HOSTILE), database: Some(OWN.to_owned()), ..admin.clone() };
    let login = if adapter(row.engine).info().can(Capability::KeyPrefixes) {
        Login { database: None, ..login }
    } else {
        login
    };
    let refused = driver.login(&login).await;
    assert!(matches!(refused, Err(DriverError::CredentialsRejected { .. })), "{refused:?}");
    let reader = LoginName::parse("reader").unwrap();
    let reader = logical.user_credentials(&world.admin, shop.id, reader).await.unwrap().internal_url;
    assert_eq!(world.app("read", &reader, &["greeting"]).await, "it's mine");

    logical.delete_database(&world.admin, shop.id, name(OWN), OWN).await.unwrap();
    driver.drop_database(&admin, &name(OWN)).await.unwrap();
    let left = logical.list_databases(shop.id).await.unwrap();
    assert_eq!(left.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), [OTHER]);
    let users = logical.list_users(shop.id).await.unwrap();
    assert!(
        users.iter().all(|user| !["clerk", "reader", "writer"].contains(&user.username.as_str())),
        "{users:?}"
    );
    assert!(world.app("check", &reader, &[]).await.starts_with("fail"));
}

/// Every name that the engine's rules allow stands for itself, by the driver and by the URL in an app.
async fn hostile_names(row: &EngineRow) {
    let (world, shop, _leftovers) = deployed(row).await;
    let (rules, logical) = (adapter(row.engine).logical_rules(), &world.services.logical);
    let has_prefixes = adapter(row.engine).info().can(Capability::KeyPrefixes);
    let mut tried = 0;
    for text in NAMES {
        let username = LoginName::parse(text).unwrap();
        let is_user = adapter(row.engine).check_app_user(&username, None).is_ok();
        let username = if is_user { text } else { "clerk" };
        if rules.check(&name(text)).is_err() {
            let request = CreateLogicalDatabase {
                name: name(text),
                encoding: None,
                collation: None,
                extensions: Vec::new(),
            };
            assert!(logical.create_database(&world.admin, shop.id, request).await.is_err(), "{text}");
            continue;
        }
        tried += 1;
        let url = made(&world, &shop, text, username, Preset::Owner).await;
        world.app("wait", &url, &["40"]).await;
        if has_prefixes {
            assert!(world.app("check", &url, &[]).await.starts_with("ok"), "{text}");
            assert!(world.app("write", &url, &["a", "b"]).await.starts_with("fail"), "{text}");
        } else {
            assert_eq!(world.app("write", &url, &["a", "b"]).await, "", "{text}");
            assert_eq!(world.app("read", &url, &["a"]).await, "b", "{text}");
        }
        let entries = logical.list_databases(shop.id).await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), [*text]);
        logical.delete_database(&world.admin, shop.id, name(text), text).await.expect(text);
        assert!(logical.list_databases(shop.id).await.unwrap().is_empty(), "{text}");
    }
    assert!(tried >= 4, "only {tried} names are allowed");
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}

/// Each option that the engine does not take is told by name, and nothing is left of what was begun.
async fn refused_options_are_named(row: &EngineRow) {
    let (world, shop, _leftovers) = deployed(row).await;
    let can_extend = adapter(row.engine).info().can(Capability::Extensions);
    let with = |encoding: Option<&str>, collation: Option<&str>, extensions: &[&str]| CreateLogicalDatabase {
        name: name("other"),
        encoding: encoding.map(str::to_owned),
        collation: collation.map(str::to_owned),
        extensions: extensions.iter().map(|text| (*text).to_owned()).collect(),
    };
    let mut cases = vec![
        ("encoding", with(Some("klingon"), None, &[])),
        ("collation", with(None, Some("klingon"), &[])),
        ("encoding", with(Some("klingon"), Some("klingon"), &[])),
    ];
    if can_extend {
        cases.push(("extensions", with(None, None, &["klingon"])));
    }
    for (field, request) in cases {
        let words = format!("{request:?}");
        let refused = world.services.logical.create_database(&world.admin, shop.id, request).await;
        let Err(Error::Validation(wrong)) = refused else { panic!("{words}: {refused:?}") };
        let told: Vec<_> = wrong.0.iter().map(|error| (error.field, error.code)).collect();
        assert_eq!(told, [(field, "refused_by_engine")], "{words}");
        assert_eq!(world.services.logical.list_databases(shop.id).await.unwrap().len(), 0, "{words}");
    }
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}

macro_rules! cases {
    ($($case:ident: $row:literal, $body:expr;)+) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $case() {
            $body(engine_row($row)).await;
        }
    )+ };
}

cases! {
    postgresql_16_user_is_kept_within_its_database: "postgres:16", user_is_kept_within_its_database;
    postgresql_18_user_is_kept_within_its_database: "postgres:18", user_is_kept_within_its_database;
    mariadb_10_11_user_is_kept_within_its_database: "mariadb:10.11", user_is_kept_within_its_database;
    mariadb_11_8_user_is_kept_within_its_database: "mariadb:11.8", user_is_kept_within_its_database;
    mysql_9_user_is_kept_within_its_database: "mysql:9", user_is_kept_within_its_database;
    redis_7_user_is_kept_within_its_prefix: "redis:7", user_is_kept_within_its_database;
    redis_8_user_is_kept_within_its_prefix: "redis:8", user_is_kept_within_its_database;
    valkey_8_user_is_kept_within_its_prefix: "valkey:8", user_is_kept_within_its_database;
    mongodb_6_user_is_kept_within_its_database: "mongo:6", user_is_kept_within_its_database;

    postgresql_16_names_the_option_it_refuses: "postgres:16", refused_options_are_named;
    postgresql_18_names_the_option_it_refuses: "postgres:18", refused_options_are_named;
    mariadb_names_the_option_it_refuses: "mariadb:10.11", refused_options_are_named;
    mysql_names_the_option_it_refuses: "mysql:9", refused_options_are_named;

    postgresql_takes_hostile_names: "postgres:16", hostile_names;
    mariadb_takes_hostile_names: "mariadb:10.11", hostile_names;
    mysql_takes_hostile_names: "mysql:9", hostile_names;
    redis_takes_hostile_names: "redis:7", hostile_names;
    mongodb_takes_hostile_names: "mongo:6", hostile_names;
}
