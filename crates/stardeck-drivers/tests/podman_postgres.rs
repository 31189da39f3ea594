//! The PostgreSQL driver and plan against real servers, in the tests' own Podman.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that can not go on fails")]

mod support;

use secrecy::ExposeSecret;
use stardeck_domain::{LogicalName, Password, Port, Preset};
use stardeck_drivers::{Accounts, Error, Login, NewLogicalDatabase, NewUser, Probe};
use stardeck_engines::ConnectionTarget;
use support::{Server, driver, engine, password, user};

/// The passwords as the server keeps them, and who may enter the two shared databases.
const STATE: &str = "SELECT string_agg(rolname || rolpassword, ' ' ORDER BY rolname) FROM pg_authid \
     UNION ALL SELECT string_agg(datname || datacl::text, ' ' ORDER BY datname) FROM pg_database";

fn accounts(server: &Server, admin: &Password) -> Accounts {
    Accounts {
        admin: (server.admin.clone(), admin.clone()),
        management: (user("stardeck"), password("man@gement: /#?%")),
    }
}

async fn assert_rejected(server: &Server, name: &str, with: &str) {
    let error = driver().login(&server.login(&user(name), &password(with))).await.unwrap_err();
    assert!(matches!(error, Error::CredentialsRejected { .. }), "{name}: {error:?}");
}

/// The whole way of one version, from an empty volume.
async fn fresh_server(major: &str) {
    let server = Server::start(major, "postgres");
    server.answers().await;

    let info = driver().login(&server.bootstrap_login()).await.unwrap();
    assert!(info.version.starts_with(&format!("{major}.")), "{}", info.version);
    assert!(info.version.chars().all(|c| c.is_ascii_digit() || c == '.'), "{}", info.version);
    assert_rejected(&server, "postgres", "wrong").await;
    assert_rejected(&server, "nobody", server.bootstrap.expose()).await;

    let admin = password("adm1n-passw0rd");
    let accounts = accounts(&server, &admin);
    driver().secure(&server.bootstrap_login(), &accounts).await.unwrap();
    for (name, password) in [&accounts.admin, &accounts.management] {
        assert_eq!(driver().login(&server.login(name, password)).await.unwrap(), info);
    }
    assert_rejected(&server, "postgres", server.bootstrap.expose()).await;
    assert_rejected(&server, "stardeck", "wrong").await;

    let before = server.ask(STATE);
    driver().secure(&server.bootstrap_login(), &accounts).await.unwrap();
    assert_eq!(server.ask(STATE), before, "a second run changed something");

    assert_born_right(&server, major);
}

/// What can not be changed later, and what a role without rights may not do.
fn assert_born_right(server: &Server, major: &str) {
    assert_eq!(server.ask("SHOW data_checksums"), "on");
    assert_eq!(server.ask("SHOW server_encoding"), "UTF8");
    let provider = if major == "16" { "c C.UTF-8" } else { "b C.UTF-8" };
    let columns = "datlocprovider::text || ' ' || datcollate";
    assert_eq!(
        server.ask(&format!("SELECT {columns} FROM pg_database WHERE datname = 'postgres'")),
        provider
    );
    for right in ["CONNECT", "TEMP"] {
        for database in ["postgres", "template1"] {
            let query = format!("SELECT has_database_privilege('pg_monitor', '{database}', '{right}')");
            assert_eq!(server.ask(&query), "f", "{right} on {database}");
        }
    }
    let stored = server.ask("SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$4096:%'");
    assert_eq!(stored, "2");
    assert_eq!(server.ask("SELECT rolsuper FROM pg_roles WHERE rolname = 'stardeck'"), "t");
}

#[tokio::test]
async fn fresh_server_of_16_opens_to_its_accounts_only() {
    fresh_server("16").await;
}

#[tokio::test]
async fn fresh_server_of_17_opens_to_its_accounts_only() {
    fresh_server("17").await;
}

#[tokio::test]
async fn hostile_passwords_open_by_driver_and_by_url() {
    let server = Server::start("16", "postgres");
    server.answers().await;
    let mut current = server.bootstrap.clone();
    let long = "ü".repeat(128);
    let like_md5 = format!("md5{}", "0".repeat(32));
    for text in [
        r#"p@:/#?% '"\$`&ü"#,
        "  blanks at both ends  ",
        r"\",
        "''; DROP ROLE postgres; --",
        "%41%zz+%00",
        "[::1]:5432/?sslmode=require#&host=elsewhere",
        "-c x=y",
        like_md5.as_str(),
        "SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAA:AAAA",
        "пароль パスワード",
        // Changed by SASLprep: ligature, circled digit, no-break space, soft hyphen.
        "\u{fb01}\u{2460}\u{a0}a\u{ad}b",
        // Composed and decomposed letters.
        "\u{c5}A\u{30a}\u{212b}",
        // Forbidden by SASLprep, so taken byte by byte: unassigned in Unicode 3.2, mixed directions, private use.
        "🦀🔑",
        "a\u{5d0}b",
        "\u{e000}",
        long.as_str(),
    ] {
        let next = password(text);
        engine().check_admin(&server.admin, Some(&next)).unwrap();
        let bootstrap = server.login(&server.admin, &current);
        let secured = driver().secure(&bootstrap, &accounts(&server, &next)).await;
        assert_eq!(secured, Ok(()), "{text}\n{}", server.log());
        driver().login(&server.login(&server.admin, &next)).await.expect(text);
        assert_opens_by_url(&server, &next).await;
        assert_rejected(&server, "postgres", current.expose()).await;
        current = next;
    }
}

#[tokio::test]
async fn hostile_admin_name_works_from_birth() {
    let server = Server::start("17", "- a;b @:/#?%&={} ü");
    engine().check_admin(&server.admin, None).unwrap();
    server.answers().await;
    driver().login(&server.bootstrap_login()).await.unwrap();
    let admin = password("adm1n");
    driver().secure(&server.bootstrap_login(), &accounts(&server, &admin)).await.unwrap();
    assert_opens_by_url(&server, &admin).await;
    assert_eq!(server.ask("SELECT current_user"), server.admin.as_str());
}

/// The connection URL opens the server, read by the driver's own parser and by libpq.
async fn assert_opens_by_url(server: &Server, with: &Password) {
    let url = |host: &str, port: Port| {
        let target = ConnectionTarget { host, port, user: &server.admin, password: with, database: None };
        engine().connection_url(&target).expose_secret().to_owned()
    };
    let outside = server.addr();
    let parsed: tokio_postgres::Config =
        url("127.0.0.1", Port::parse(outside.port().into()).unwrap()).parse().unwrap();
    assert_eq!(parsed.get_user(), Some(server.admin.as_str()));
    assert_eq!(parsed.get_password(), Some(with.expose().as_bytes()));
    let (connected, connection) = parsed.connect(tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    connected.simple_query("SELECT 1").await.unwrap();
    drop(connected);
    connection.await.unwrap().unwrap();

    let inside = url("127.0.0.1", engine().info().internal_port);
    let output = server.exec(&["psql", "-XAtqc", "SELECT 1", &inside]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "1", "{output:?}");
}

#[tokio::test]
async fn server_that_still_initialises_is_not_ready() {
    let server = Server::create("16", "postgres", &[]);
    // Holds the initialisation while its temporary server runs, until the test lets it go on.
    server.put("/docker-entrypoint-initdb.d/wait.sh", "until [ -e /tmp/go ]; do sleep 0.05; done\n");
    server.run();
    server.succeeds(&["psql", "-XAtqU", "postgres", "-c", "SELECT 1"]).await;

    let login = server.bootstrap_login();
    let probe = driver().probe(login.addr, login.timeout).await;
    assert!(matches!(probe, Probe::NotYet { .. }), "{probe:?}");
    let error = driver().login(&login).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");

    server.succeeds(&["touch", "/tmp/go"]).await;
    server.answers().await;
    driver().login(&login).await.unwrap();
}

#[tokio::test]
async fn failed_transaction_changes_nothing_and_no_password_reaches_the_log() {
    let server = Server::create("16", "postgres", &["-c", "log_statement=all", "-c", "log_connections=on"]);
    server.run();
    server.answers().await;
    let admin = password("adm1n-passw0rd");
    let good = accounts(&server, &admin);
    // The server refuses this name, after our own role was made in the same transaction.
    let bad = Accounts { admin: (user("pg_reserved"), admin.clone()), ..good.clone() };
    let error = driver().secure(&server.bootstrap_login(), &bad).await.unwrap_err();
    assert!(matches!(&error, Error::Refused { code, .. } if code == "42939"), "{error:?}");
    assert!(!error.to_string().contains(admin.expose()));
    assert_eq!(server.ask("SELECT count(*) FROM pg_roles WHERE rolname = 'stardeck'"), "0");

    driver().secure(&server.bootstrap_login(), &good).await.unwrap();
    assert_rejected(&server, "postgres", "wr0ng-passw0rd").await;
    let log = server.log();
    assert!(
        log.contains("SET LOCAL log_statement"),
        "the log holds no statements, so this shows nothing: {log}"
    );
    for secret in [&server.bootstrap, &admin, &good.management.1, &password("wr0ng-passw0rd")] {
        assert!(!log.contains(secret.expose()), "a password is in the log");
    }
    assert!(!log.contains("SCRAM-SHA-256$"), "a verifier is in the log");
}

#[tokio::test]
async fn later_run_repairs_an_admin_whose_password_was_changed() {
    let server = Server::start("17", "boss");
    server.answers().await;
    let admin = password("adm1n-passw0rd");
    let accounts = accounts(&server, &admin);
    driver().secure(&server.bootstrap_login(), &accounts).await.unwrap();
    server.ask("ALTER ROLE boss PASSWORD 'another'");
    assert_rejected(&server, "boss", admin.expose()).await;
    driver().secure(&server.bootstrap_login(), &accounts).await.unwrap();
    driver().login(&server.login(&server.admin, &admin)).await.unwrap();

    let strangers = Accounts { management: (user("stardeck"), password("wrong")), ..accounts };
    let error = driver().secure(&server.bootstrap_login(), &strangers).await.unwrap_err();
    assert!(matches!(error, Error::CredentialsRejected { .. }), "{error:?}");
}

#[tokio::test]
async fn server_on_data_of_another_major_is_explained() {
    let old = Server::start("16", "postgres");
    old.answers().await;
    let new = old.succeed("17");
    new.run();
    let exit_code = new.end();
    let log: Vec<_> = new.log().lines().map(str::to_owned).collect();
    let words = engine().explain_exit(Some(exit_code), &log).unwrap();
    assert!(
        words.starts_with("the volume holds data of PostgreSQL 16, which the server of version 17"),
        "{words}"
    );
}

/// What somebody who owns a logical database can leave there for administrators to run into: operators and functions that
/// are nearer than the server's own, and settings that hold up or weaken their sessions.
const TRAPS: [&str; 11] = [
    "CREATE FUNCTION public.seize(name, text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN \
     IF pg_catalog.current_setting('is_superuser') = 'on' THEN EXECUTE 'ALTER ROLE app SUPERUSER'; END IF; \
     RETURN false; END$$",
    "CREATE OPERATOR public.!~ (LEFTARG = name, RIGHTARG = text, FUNCTION = public.seize)",
    "CREATE OPERATOR public.<> (LEFTARG = name, RIGHTARG = text, FUNCTION = public.seize)",
    "CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.seize)",
    "ALTER DATABASE shop SET search_path = public, pg_catalog",
    "ALTER DATABASE shop SET default_transaction_read_only = on",
    "ALTER DATABASE shop SET standard_conforming_strings = off",
    "ALTER DATABASE shop SET statement_timeout = 1",
    "ALTER DATABASE shop SET role = shop_owner",
    "ALTER DATABASE shop SET idle_session_timeout = 1",
    "ALTER DATABASE shop SET local_preload_libraries = nowhere",
];

/// A server with a logical database in it, and our own login.
async fn server_with_a_database(major: &str) -> (Server, Login, LogicalName) {
    let server = Server::start(major, "postgres");
    server.answers().await;
    let accounts = accounts(&server, &password("adm1n"));
    driver().secure(&server.bootstrap_login(), &accounts).await.unwrap();
    let management = server.login(&accounts.management.0, &accounts.management.1);
    let shop = LogicalName::parse("shop").unwrap();
    let new =
        NewLogicalDatabase { name: shop.clone(), encoding: None, collation: None, extensions: Vec::new() };
    driver().create_database(&management, &new).await.unwrap();
    (server, management, shop)
}

async fn owner_gets_nothing_of_ours(major: &str) {
    let (server, management, shop) = server_with_a_database(major).await;
    let put = |name: &str, preset| {
        let (username, password) = (user(name), password("s3cr3t"));
        let database = shop.clone();
        NewUser { username, password, database, preset, connection_limit: None }
    };
    driver().put_user(&management, &put("app", Preset::Owner)).await.unwrap();
    let app = Login { database: Some("shop".to_owned()), ..server.login(&user("app"), &password("s3cr3t")) };
    let (client, connection) = tokio_postgres::Config::new()
        .user("app")
        .password("s3cr3t")
        .dbname("shop")
        .host("127.0.0.1")
        .port(app.addr.port())
        .connect(tokio_postgres::NoTls)
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    for trap in TRAPS {
        client.simple_query(trap).await.expect(trap);
    }
    drop(client);
    connection.await.unwrap().unwrap();

    for preset in Preset::ALL {
        driver().put_user(&management, &put("other", *preset)).await.unwrap();
    }
    driver().drop_user(&management, &user("other")).await.unwrap();
    assert_eq!(server.ask("SELECT rolsuper FROM pg_roles WHERE rolname = 'app'"), "f");
    driver().drop_user(&management, &user("app")).await.unwrap();
    assert_eq!(server.ask("SELECT count(*) FROM pg_roles WHERE rolname IN ('app', 'other')"), "0");
    driver().drop_database(&management, &shop).await.unwrap();
    assert_eq!(server.ask("SELECT count(*) FROM pg_database WHERE datname = 'shop'"), "0");
}

#[tokio::test]
async fn owner_of_a_database_gets_nothing_of_ours_by_what_it_leaves_there_on_16() {
    owner_gets_nothing_of_ours("16").await;
}

#[tokio::test]
async fn owner_of_a_database_gets_nothing_of_ours_by_what_it_leaves_there_on_18() {
    owner_gets_nothing_of_ours("18").await;
}

/// Whatever it is called: somebody who asks for such a user would own what is another's, and take it away with himself.
#[tokio::test]
async fn role_that_owns_a_database_is_nobodys_user_and_goes_with_its_database_only() {
    let (server, management, shop) = server_with_a_database("16").await;
    let thief = NewUser {
        username: user("shop_owner"),
        password: password("s3cr3t"),
        database: shop.clone(),
        preset: Preset::ReadOnly,
        connection_limit: None,
    };
    let refused = driver().put_user(&management, &thief).await;
    assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
    assert_rejected(&server, "shop_owner", "s3cr3t").await;
    driver().drop_user(&management, &thief.username).await.unwrap();
    let facts = driver().list_databases(&management).await.unwrap();
    assert_eq!(facts[0].owner.as_deref(), Some("shop_owner"));
    let roles = driver().list_users(&management).await.unwrap();
    assert!(!roles.iter().find(|facts| facts.username == "shop_owner").unwrap().can_log_in);
    driver().drop_database(&management, &shop).await.unwrap();
    let roles = driver().list_users(&management).await.unwrap();
    assert!(roles.iter().all(|facts| facts.username != "shop_owner"));
}
