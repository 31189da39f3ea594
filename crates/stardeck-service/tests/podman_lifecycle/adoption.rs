//! Databases that somebody else made with `podman`: found among others, adopted without a restart, and given back as
//! they were.

use std::time::Duration;

use stardeck_domain::{DatabaseName, DatabaseStatus, Engine, ManagedDatabase, Origin};
use stardeck_service::{
    Error, Page,
    databases::{AdoptDatabase, DataFate, DeleteDatabase},
};
use stardeck_testkit::{APP_PROBE, PodmanEnv, delete_request, password, until, until_within, wait_for};

use crate::{
    adopted_apps::serves_an_app,
    world::{World, succeeded, unique_name, within_reach},
};

/// How long a server gets to set itself up, on a machine that is busy with others.
const FIRST_START: Duration = Duration::from_mins(4);

const SECRET: &str = "s3cr3t of somebody else's";

/// Removes, when it is dropped, what a test made by `podman`.
struct Made {
    podman: PodmanEnv,
    containers: Vec<String>,
    others: Vec<[String; 2]>,
}

impl Made {
    fn new(podman: &PodmanEnv) -> Self {
        Self { podman: podman.clone(), containers: Vec::new(), others: Vec::new() }
    }

    /// `podman run -d` (or `create`) with a name and these arguments.
    fn container(&mut self, verb: &str, name: &str, arguments: &[&str]) {
        self.containers.push(name.to_owned());
        let start: &[&str] = if verb == "run" { &["run", "--detach"] } else { &["create"] };
        self.podman.must(&[start, &["--name", name], arguments].concat());
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for name in &self.containers {
            self.podman.run(&["rm", "--force", "--volumes", "--time", "0", name]);
        }
        for [kind, name] in &self.others {
            self.podman.run(&[kind, "rm", name]);
        }
    }
}

/// One server as a person makes it.
struct Case {
    engine: Engine,
    image: &'static str,
    env: &'static [&'static str],
    arguments: &'static [&'static str],
    labels: &'static [&'static str],
    /// Where a secret with the password is mounted.
    secret: Option<&'static str>,
    user: &'static str,
    login_from: &'static str,
}

const COMPOSE: &[&str] = &["com.docker.compose.project=blog", "com.docker.compose.service=db"];

const REDIS: Case = Case {
    engine: Engine::Redis,
    image: "docker.io/library/redis:7",
    env: &[],
    arguments: &[],
    labels: COMPOSE,
    secret: None,
    user: "default",
    login_from: "no password",
};

const CASES: &[Case] = &[
    Case {
        engine: Engine::PostgreSql,
        image: "docker.io/library/postgres:16",
        env: &["POSTGRES_USER=ada", "POSTGRES_PASSWORD=s3cr3t of somebody else's"],
        arguments: &[],
        labels: COMPOSE,
        secret: None,
        user: "ada",
        login_from: "the variable POSTGRES_PASSWORD",
    },
    Case {
        engine: Engine::MariaDb,
        image: "docker.io/library/mariadb:10.11",
        env: &["MARIADB_ROOT_PASSWORD_FILE=/run/secrets/root-password"],
        arguments: &[],
        labels: &[],
        secret: Some("root-password"),
        user: "root",
        login_from: "the file that MARIADB_ROOT_PASSWORD_FILE names",
    },
    Case {
        engine: Engine::MySql,
        image: "docker.io/library/mysql:9",
        // The official image's first start ends at a quote in the password.
        env: &["MYSQL_ROOT_PASSWORD=s3cr3t of somebody else"],
        arguments: &[],
        labels: &[],
        secret: None,
        user: "root",
        login_from: "the variable MYSQL_ROOT_PASSWORD",
    },
    REDIS,
    Case {
        engine: Engine::MongoDb,
        image: "docker.io/library/mongo:6",
        env: &["MONGO_INITDB_ROOT_USERNAME=ada", "MONGO_INITDB_ROOT_PASSWORD=s3cr3t of somebody else's"],
        arguments: &[],
        labels: &[],
        secret: None,
        user: "ada",
        login_from: "the variable MONGO_INITDB_ROOT_PASSWORD",
    },
];

fn request(name: &str) -> AdoptDatabase {
    AdoptDatabase {
        name: DatabaseName::parse(name).unwrap(),
        is_shared: true,
        admin_user: None,
        admin_password: None,
    }
}

/// Makes the case's server and waits until it takes logins.
async fn make(world: &World, made: &mut Made, case: &Case, name: &str) {
    let mut arguments: Vec<String> = Vec::new();
    let mut option = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
    option("--publish", "127.0.0.1::5999".to_owned());
    for variable in case.env {
        option("--env", (*variable).to_owned());
    }
    for label in case.labels {
        option("--label", (*label).to_owned());
    }
    if let Some(target) = case.secret {
        let secret = format!("{name}-secret");
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("password");
        std::fs::write(&file, SECRET).unwrap();
        world.podman.must(&["secret", "create", &secret, file.to_str().unwrap()]);
        made.others.push(["secret".to_owned(), secret.clone()]);
        option("--secret", format!("{secret},target={target}"));
    }
    arguments.extend(within_reach(&world.podman, &port_of(case)));
    arguments.push(case.image.to_owned());
    arguments.extend(case.arguments.iter().map(|word| (*word).to_owned()));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    made.container("run", name, &arguments);
    let databases = &world.services.databases;
    until_within(FIRST_START, "a server that takes logins", || async {
        match databases.examine(name, &request("probe")).await {
            Ok(_) => Some(()),
            Err(Error::NotAdoptable { .. } | Error::CredentialsRejected { .. }) => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                None
            }
            Err(error) => panic!("{error:?}"),
        }
    })
    .await;
}

/// Where the case's server listens.
fn port_of(case: &Case) -> String {
    let given = case.arguments.iter().skip_while(|word| **word != "--port").nth(1);
    let usual = stardeck_engines::adapter(case.engine).info().internal_port;
    given.map_or_else(|| usual.to_string(), |port| (*port).to_owned())
}

async fn adopt(world: &World, container: &str, name: &str) -> ManagedDatabase {
    let (database, operation) =
        world.services.databases.adopt(&world.admin, container, request(name)).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    world.row(database.id).await
}

/// What somebody else made is adopted without a restart, reached by name by an app, and given back as it was.
async fn comes_and_goes(case: &Case) {
    let world = World::new().await;
    let mut made = Made::new(&world.podman);
    let container = unique_name("theirs");
    make(&world, &mut made, case, &container).await;
    let started = ["inspect", "--format", "{{.State.StartedAt}} {{.State.Pid}}", &container];
    let (before, started_at) = (world.podman.must(&["inspect", &container]), world.podman.must(&started));

    let report = world.services.databases.examine(&container, &request("shop")).await.unwrap();
    assert_eq!((report.engine, report.login_from.as_str()), (case.engine, case.login_from), "{report:#?}");
    let wrong = AdoptDatabase { admin_password: Some(password("not-it-at-all")), ..request("shop") };
    if case.login_from != "no password" {
        let refused = world.services.databases.adopt(&world.admin, &container, wrong).await;
        assert!(matches!(refused, Err(Error::CredentialsRejected { .. })), "{refused:?}");
    }
    assert!(world.services.databases.list(Page::default()).await.unwrap().items.is_empty());
    assert_eq!(world.podman.must(&["inspect", &container]), before, "the look changed something");

    let name = unique_name("shop");
    let database = adopt(&world, &container, &name).await;
    assert_eq!((database.origin, database.status), (Origin::Adopted, DatabaseStatus::Running));
    assert_eq!((database.engine, database.admin_user.as_str()), (case.engine, case.user));
    assert!(database.server_version.is_some());
    assert_eq!(world.podman.must(&started), started_at, "adoption restarts nothing");
    let twice = world.services.databases.adopt(&world.admin, &container, request("again")).await;
    assert!(matches!(twice, Err(Error::AlreadyManaged { .. })), "{twice:?}");
    let login = world.services.databases.credentials(&world.admin, database.id).await.unwrap();
    let answer = world.app("wait", &login.internal_url, &["40"]).await;
    let answer = if answer.is_empty() { world.app("check", &login.internal_url, &[]).await } else { answer };
    let version = database.server_version.as_deref().unwrap();
    assert!(answer.contains(version.split('.').next().unwrap()), "{answer} from {version}");
    serves_an_app(&world, &database).await;

    let (_, operation) = world.services.databases.release(&world.admin, database.id).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    assert_eq!(world.podman.must(&started), started_at, "release restarts nothing");
    assert_eq!(world.podman.must(&["inspect", &container]), before, "release leaves nothing");
    world.services.shut_down().await;
}

macro_rules! cases {
    ($($name:ident: $at:literal,)+) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            comes_and_goes(&CASES[$at]).await;
        }
    )+ };
}

cases! {
    postgresql_of_somebody_else_comes_and_goes: 0,
    mariadb_of_somebody_else_comes_and_goes: 1,
    mysql_of_somebody_else_comes_and_goes: 2,
    redis_of_somebody_else_comes_and_goes: 3,
    mongodb_of_somebody_else_comes_and_goes: 4,
}

#[tokio::test(flavor = "multi_thread")]
async fn adopted_database_is_stopped_and_started_and_found_when_made_anew() {
    let world = World::new().await;
    let mut made = Made::new(&world.podman);
    let container = unique_name("theirs");
    // Its port is only on its command line.
    let arguments: &[&str] = &["redis-server", "--port", "6390", "--requirepass", "swordfish"];
    let protected = Case { arguments, ..REDIS };
    make(&world, &mut made, &protected, &container).await;
    let name = unique_name("cache");
    let database = adopt(&world, &container, &name).await;
    let login = world.services.databases.credentials(&world.admin, database.id).await.unwrap();
    assert_eq!((login.password.expose(), database.internal_port.get()), ("swordfish", 6390));
    world.stop(database.id).await;
    assert_eq!(world.row(database.id).await.status, DatabaseStatus::Stopped);
    succeeded(&world.start(database.id).await);
    world.app("wait", &login.internal_url, &["40"]).await;
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn containers_that_can_not_be_on_another_network_are_refused_with_the_reason() {
    let world = World::new().await;
    let mut made = Made::new(&world.podman);
    let image = "docker.io/library/redis:7";
    let (host, none, pod) = (unique_name("host"), unique_name("none"), unique_name("pod"));
    made.container(
        "run",
        &host,
        &["--network", "host", image, "redis-server", "--port", "0", "--unixsocket", "/tmp/own"],
    );
    made.container("run", &none, &["--network", "none", image]);
    let member = unique_name("member");
    made.container("run", &member, &["--pod", &format!("new:{pod}"), image]);
    made.others.push(["pod".to_owned(), pod]);
    for (container, words) in [(&host, "host's network"), (&none, "no network"), (&member, "pod")] {
        let refused = world.services.databases.examine(container, &request("cache")).await;
        let is_told = matches!(&refused, Err(Error::NotAdoptable { reason }) if reason.contains(words));
        assert!(is_told, "{container}: {refused:?}");
    }
    world.services.shut_down().await;
}

/// Forty containers at once, most of them never started: what one is does not depend on that.
#[tokio::test(flavor = "multi_thread")]
async fn forty_containers_are_all_taken_for_what_they_are() {
    let world = World::new().await;
    let mut made = Made::new(&world.podman);
    let run = unique_name("many");
    let engines = [
        ("docker.io/library/postgres:16", Engine::PostgreSql),
        ("docker.io/library/postgres:17", Engine::PostgreSql),
        ("docker.io/library/postgres:18", Engine::PostgreSql),
        ("docker.io/library/mariadb:10.11", Engine::MariaDb),
        ("docker.io/library/mariadb:11.8", Engine::MariaDb),
        ("docker.io/library/mysql:9", Engine::MySql),
        ("docker.io/library/redis:7", Engine::Redis),
        ("docker.io/library/redis:8", Engine::Redis),
        ("docker.io/valkey/valkey:8", Engine::Redis),
        ("docker.io/library/mongo:6", Engine::MongoDb),
    ];
    let mut expected: Vec<(String, Engine)> = Vec::new();
    for (at, (image, engine)) in engines.iter().enumerate() {
        // Under its own name, under a name that says nothing, and with a dump in place of the server.
        let renamed = format!("localhost/{run}/infra/db{at}:3");
        world.podman.must(&["tag", image, &renamed]);
        made.others.push(["image".to_owned(), renamed.clone()]);
        for (kind, image) in [("own", *image), ("renamed", renamed.as_str())] {
            let name = format!("{run}-{kind}-{at}");
            made.container("create", &name, &[image]);
            expected.push((name, *engine));
        }
        let dump = format!("{run}-dump-{at}");
        made.container("create", &dump, &["--entrypoint", "sh", image, "-c", "sleep 1d; exec dump-all"]);
    }
    let others = [
        "prometheuscommunity/postgres-exporter:0.15",
        "oliver006/redis_exporter:1",
        "dpage/pgadmin4:8",
        "library/phpmyadmin:5",
        "library/mongo-express:1",
        "redis/redisinsight:2",
        "edoburu/pgbouncer:1.22",
        "proxysql/proxysql:2.6",
        "prodrigestivill/postgres-backup-local:16",
        "percona/percona-postgresql-operator:2.4",
    ];
    for (at, image) in others.iter().enumerate() {
        let tag = format!("localhost/{run}/{image}");
        // Some are built on a database's image and declare all that it declares.
        let base = if at % 2 == 0 { APP_PROBE } else { "docker.io/library/postgres:16" };
        world.podman.must(&["tag", base, &tag]);
        made.others.push(["image".to_owned(), tag.clone()]);
        made.container("create", &format!("{run}-other-{at}"), &[tag.as_str()]);
    }
    assert_eq!(made.containers.len(), 40);
    expected.sort();
    // Podman tells of the last ones within a quarter of a second.
    let found = until("all that are there", || async {
        let found = world.services.databases.detect(Page { limit: 1000, after: None }).await.unwrap().items;
        let mut found: Vec<(String, Engine)> = found
            .into_iter()
            .filter(|found| found.container_name.starts_with(&run))
            .map(|found| (found.container_name, found.engine))
            .collect();
        found.sort();
        (found.len() >= expected.len()).then_some(found)
    })
    .await;
    assert_eq!(found, expected);
    world.services.shut_down().await;
}

/// Deleted once the user takes ownership: the container and its volume, and no directory of the host.
#[tokio::test(flavor = "multi_thread")]
async fn redis_of_somebody_else_is_deleted_with_its_data_but_for_what_the_host_has() {
    let world = World::new().await;
    let mut made = Made::new(&world.podman);
    let (container, volume) = (unique_name("theirs"), unique_name("theirs-data"));
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("kept"), "by the host").unwrap();
    let bind = format!("{}:/extra", directory.path().display());
    made.others.push(["volume".to_owned(), volume.clone()]);
    let mount = format!("{volume}:/data");
    let reach = within_reach(&world.podman, "6379");
    let mut arguments: Vec<_> = reach.iter().map(String::as_str).collect();
    arguments.extend(["--volume", &mount, "--volume", &bind, REDIS.image]);
    made.container("run", &container, &arguments);
    let examined =
        async || world.services.databases.examine(&container, &request("probe")).await.ok().map(drop);
    until_within(FIRST_START, "a server that takes logins", examined).await;
    let database = adopt(&world, &container, &unique_name("shop")).await;
    let request = |take_ownership| DeleteDatabase {
        take_ownership,
        ..delete_request(database.name.as_str(), DataFate::Delete)
    };
    let databases = &world.services.databases;
    let refused = databases.delete(&world.admin, database.id, request(false)).await;
    assert!(matches!(refused, Err(Error::ManagedElsewhere { .. })), "{refused:?}");
    let other = unique_name("other");
    made.container("create", &other, &["--volume", &mount, REDIS.image]);
    let refused = databases.delete(&world.admin, database.id, request(true)).await;
    assert!(matches!(refused, Err(Error::VolumeInUse { .. })), "{refused:?}");
    world.podman.must(&["rm", &other]);
    let operation = databases.delete(&world.admin, database.id, request(true)).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    assert!(!world.podman.must(&["ps", "--all", "--format", "{{.Names}}"]).contains(&container));
    assert!(!world.podman.must(&["volume", "ls", "--format", "{{.Name}}"]).contains(&volume));
    assert_eq!(std::fs::read_to_string(directory.path().join("kept")).unwrap(), "by the host");
    assert!(matches!(databases.get(database.id).await, Err(Error::NotFound { .. })));
    world.services.shut_down().await;
}
