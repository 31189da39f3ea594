//! Every password that the rules allow opens the engine: by our driver through the host's port, and by the URL with the
//! client programs of an app on the network. The passwords are drawn at random, beside some that are known to hurt.

use std::time::Duration;

use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::TestRunner,
};
use secrecy::ExposeSecret as _;
use stardeck_domain::{LogicalName, LoginName, Password, PasswordRules, Preset};
use stardeck_drivers::Login;
use stardeck_engines::{Capability, adapter};
use stardeck_service::{
    Timings,
    databases::{CreateDatabase, DataFate},
    logical::{CreateLogicalDatabase, CreateLogicalUser},
};
use stardeck_testkit::{APP_PROBE, EngineRow, TEST_TIMINGS, engine_row};

use crate::world::{World, address, exposed, log_in, succeeded, unique_name};

/// What quoting, shells, URLs, configuration files, Unicode and fixed buffers take for something else.
const POINTED: &[&str] = &[
    "%",
    "%41%00",
    "#not a comment",
    ">hash",
    "<old",
    "!other",
    " leading and trailing ",
    "'; DROP USER p0; --",
    "\"\\\"\\\\",
    "$$ $1 ${HOME} $(id) `id`",
    "user:pass@host:1/db?x=y&z",
    "+ plus and space",
    "nopass on ~* +@all",
    "ä\u{308}\u{fb01}",
    "\u{ff21}\u{2168}\u{aa}",
    "пароль密码🦀",
    "\u{a0}\u{3000}",
];
/// How many are drawn beside them.
const DRAWN: usize = 12;

/// The passwords to be tried. The same at each run, so that a failure can be met again.
fn passwords(row: &EngineRow) -> Vec<Password> {
    let mut runner = TestRunner::deterministic();
    let mut texts: Vec<String> = POINTED.iter().map(|text| (*text).to_owned()).collect();
    for shape in ["[ -~]{1,128}", "\\PC{1,128}"] {
        texts.extend((0..DRAWN / 2).map(|_| shape.new_tree(&mut runner).unwrap().current()));
    }
    texts.push("x".repeat(128));
    let user = LoginName::parse("p").unwrap();
    let parsed = texts.into_iter().map(|text| Password::parse(text, PasswordRules::ENGINE).unwrap());
    parsed.filter(|password| adapter(row.engine).check_app_user(&user, Some(password)).is_ok()).collect()
}

async fn every_allowed_password_opens(row: &EngineRow) {
    let timings = Timings { login: Duration::from_secs(30), ..TEST_TIMINGS };
    let world = World::with_drivers(timings, stardeck_drivers::client).await;
    let request = CreateDatabase {
        engine: row.engine,
        version: row.version(),
        image: row.image(),
        ..exposed(&unique_name("words"), "1")
    };
    let (shop, operation, _leftovers) = world.deploy(request).await;
    succeeded(&operation);
    let database = LogicalName::parse("app_probe").unwrap();
    let logical = &world.services.logical;
    let new = CreateLogicalDatabase {
        name: database.clone(),
        encoding: None,
        collation: None,
        extensions: Vec::new(),
    };
    logical.create_database(&world.admin, shop.id, new).await.unwrap();

    let info = adapter(row.engine).info();
    let passwords = passwords(row);
    assert!(passwords.len() > DRAWN, "only {} passwords are allowed", passwords.len());
    let mut urls = Vec::new();
    for (i, password) in passwords.iter().enumerate() {
        let username = LoginName::parse(&format!("p{i}")).unwrap();
        let user = CreateLogicalUser {
            username: username.clone(),
            password: Some(password.clone()),
            database: database.clone(),
            preset: Preset::ReadWrite,
            connection_limit: info.can(Capability::ConnectionLimits).then_some(3),
        };
        let text = password.expose();
        logical.create_user(&world.admin, shop.id, user).await.expect(text);
        let within = (!info.can(Capability::KeyPrefixes)).then(|| "app_probe".to_owned());
        let login = Login {
            addr: address(&shop),
            user: username.clone(),
            password: password.clone(),
            database: within,
            timeout: Duration::from_secs(30),
        };
        let said = stardeck_drivers::client(row.engine).unwrap().login(&login).await;
        assert!(said.is_ok(), "{:?}: {said:?}", password.expose());
        let url = logical.user_credentials(&world.admin, shop.id, username).await.unwrap().internal_url;
        urls.push(url.expose_secret().to_owned());
    }

    let said = all_by_url(&world, &urls);
    assert_eq!(said.len(), urls.len(), "{said:?}");
    for (password, line) in passwords.iter().zip(said) {
        assert!(line.starts_with("ok"), "{:?}: {line}", password.expose());
    }

    // Each opens its own user only.
    let other = LoginName::parse("p0").unwrap();
    assert!(log_in(&shop, &other, passwords.last().unwrap().clone()).await.is_err());
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}

/// What one app is told by each URL.
fn all_by_url(world: &World, urls: &[String]) -> Vec<String> {
    let script = "import os,runpy,time\n\
         p = runpy.run_path('/usr/local/bin/probe', run_name='x')\n\
         def said(url):\n\
         \x20 end = time.monotonic() + 40\n\
         \x20 while True:\n\
         \x20\x20 try:\n\
         \x20\x20\x20 p['connect'](url).version()\n\
         \x20\x20\x20 return 'ok'\n\
         \x20\x20 except Exception as e:\n\
         \x20\x20\x20 text = ' '.join(str(e).split())\n\
         \x20\x20\x20 if 'resolution' not in text and 'host' not in text or time.monotonic() > end: return 'fail ' + text\n\
         \x20\x20\x20 time.sleep(0.2)\n\
         for url in os.environ['URLS'].split('\\n'): print(said(url))\n";
    let secret = format!("URLS={}", urls.join("\n"));
    let run =
        ["run", "--rm", "--network=stardeck-data", "--env", &secret, APP_PROBE, "python3", "-c", script];
    world.podman.must(&run).lines().map(str::to_owned).collect()
}

macro_rules! cases {
    ($($case:ident: $row:literal;)+) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $case() {
            every_allowed_password_opens(engine_row($row)).await;
        }
    )+ };
}

cases! {
    postgresql_opens_to_every_allowed_password: "postgres:16";
    mariadb_opens_to_every_allowed_password: "mariadb:10.11";
    mysql_opens_to_every_allowed_password: "mysql:9";
    redis_opens_to_every_allowed_password: "redis:7";
    mongodb_opens_to_every_allowed_password: "mongo:6";
}
