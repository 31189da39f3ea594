//! An app that somebody else made, with everything that a container can have: linked, it has all of that and the variables;
//! given back, it is what it was. On real Podman, by what `podman inspect` shows and by what is so inside.
#![expect(clippy::indexing_slicing, reason = "a test that can not go on has failed")]

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, TcpListener},
};

use serde_json::{Value, json};
use stardeck_domain::{Delivery, FailureCode, LogicalName, ManagedDatabase, Operation};
use stardeck_service::{
    Error, Page,
    apps::{LinkContainer, LinkOptions, LogicalFate, UnlinkApp, UserFate},
    databases::DataFate,
};
use stardeck_testkit::{APP_PROBE, engine_row, wait_for};

use crate::{
    apps::{database_request, world},
    world::{World, succeeded, unique_name},
};

/// The logical database, with which the keys of the probe begin as well.
const WITHIN: &str = "app_probe";

/// What is made beside a container for a test, removed with it.
struct Scene<'a> {
    world: &'a World,
    name: String,
    directory: tempfile::TempDir,
}

impl<'a> Scene<'a> {
    fn new(world: &'a World) -> Self {
        let scene = Self { world, name: unique_name("rich"), directory: tempfile::tempdir().unwrap() };
        std::fs::write(scene.directory.path().join("note"), "from the host").unwrap();
        let secret = scene.directory.path().join("secret");
        std::fs::write(&secret, "hush").unwrap();
        for name in ["file", "env"] {
            let secret = secret.to_str().unwrap();
            world.podman.must(&["secret", "create", &scene.part(name), secret]);
        }
        for name in ["net-a", "net-b"] {
            world.podman.must(&["network", "create", &scene.part(name)]);
        }
        scene
    }

    fn part(&self, name: &str) -> String {
        format!("{}-{name}", self.name)
    }

    /// Makes a container with all of it, as a person does who knows Podman well.
    fn run_rich(&self) {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let given = [
            format!("--name={}", self.name),
            format!("--publish=127.0.0.1:{free}:8080"),
            format!("--network={}:alias=first,alias=second", self.part("net-a")),
            format!("--network={}", self.part("net-b")),
            format!("--volume={}:/data:rw", self.part("data")),
            format!("--volume={}:/host:ro", self.directory.path().display()),
            format!("--secret={},target=/etc/app-token,mode=0440,uid=7", self.part("file")),
            format!("--secret={},type=env,target=TOKEN", self.part("env")),
        ];
        let plain = [
            "--volume=/cache",
            "--tmpfs=/scratch:size=16m,mode=1777",
            "--hostname=rich.example",
            "--env=GREETING=it's = me",
            "--label=team=writers",
            "--annotation=example.org/x=y",
            "--memory=256m",
            "--memory-swap=300m",
            "--cpus=0.75",
            "--cpu-shares=512",
            "--pids-limit=150",
            "--cap-drop=ALL",
            "--cap-add=CHOWN,SETUID,DAC_OVERRIDE",
            "--security-opt=no-new-privileges",
            "--user=0:0",
            "--group-add=1001",
            "--device=/dev/null:/dev/zilch:rw",
            "--sysctl=net.core.somaxconn=64",
            "--ulimit=nofile=1024:2048",
            "--ulimit=nproc=4096:4096",
            "--shm-size=32m",
            "--workdir=/tmp",
            "--stop-signal=SIGINT",
            "--stop-timeout=3",
            "--restart=on-failure:3",
            "--init",
            "--umask=0027",
            "--dns-search=example.org",
            "--add-host=db.example:10.0.0.1",
            "--log-driver=k8s-file",
            "--log-opt=max-size=10mb",
            "--health-cmd=test -r /host/note",
            "--health-interval=1h",
            "--oom-score-adj=100",
            "--tz=Europe/Vienna",
            "--entrypoint=[\"sh\",\"-c\",\"exec \\\"$@\\\"\",\"entry point\"]",
        ];
        let given: Vec<_> = given.iter().map(String::as_str).collect();
        let command = [APP_PROBE, "sh", "-c", "while :; do sleep 1; done", "two words"];
        self.world.podman.must(&[&["run", "--detach"], &given[..], &plain, &command].concat());
    }

    fn exec(&self, words: &[&str]) -> String {
        self.world.podman.must(&[&["exec", self.name.as_str()], words].concat()).trim().to_owned()
    }

    fn inspect(&self) -> Value {
        let text = self.world.podman.must(&["container", "inspect", &self.name]);
        serde_json::from_str::<Value>(&text).unwrap()[0].take()
    }

    fn request(&self, delivery: Delivery) -> LinkContainer {
        LinkContainer {
            container: self.name.clone(),
            options: LinkOptions {
                database: Some(LogicalName::parse(WITHIN).unwrap()),
                delivery: Some(delivery),
                accept_visible_env: delivery == Delivery::Env,
                ..LinkOptions::default()
            },
        }
    }

    async fn link(&self, shop: &ManagedDatabase, delivery: Delivery) -> Operation {
        let apps = &self.world.services.apps;
        let linked = apps.link_container(&self.world.admin, shop.id, self.request(delivery)).await;
        wait_for(&self.world.services.operations, linked.unwrap().1.id).await
    }

    async fn unlink(&self, shop: &ManagedDatabase) {
        let apps = &self.world.services.apps;
        let connection = apps.list_connections(shop.id).await.unwrap().remove(0).connection;
        let request = UnlinkApp {
            user: UserFate::Revoke,
            database: LogicalFate::Drop,
            confirm: Some(WITHIN.to_owned()),
        };
        let operation = apps.unlink(&self.world.admin, shop.id, connection.id, request).await.unwrap();
        succeeded(&wait_for(&self.world.services.operations, operation.id).await);
    }
}

impl Drop for Scene<'_> {
    fn drop(&mut self) {
        let podman = &self.world.podman;
        podman.run(&["rm", "--force", "--time", "0", "--volumes", &self.name]);
        podman.run(&["volume", "rm", &self.part("data")]);
        for name in ["file", "env"] {
            podman.run(&["secret", "rm", &self.part(name)]);
        }
        for name in ["net-a", "net-b"] {
            podman.run(&["network", "rm", &self.part(name)]);
        }
    }
}

/// What an inspection shows but what every container has for itself: ids, times, addresses, paths below its own directory.
fn lasting(inspected: &Value) -> BTreeMap<String, Value> {
    let mut facts = BTreeMap::new();
    for section in ["Config", "HostConfig"] {
        for (key, value) in inspected[section].as_object().unwrap() {
            facts.insert(format!("{section}.{key}"), value.clone());
        }
    }
    for key in ["Path", "Args", "Image", "ImageName", "BoundingCaps", "EffectiveCaps", "OCIRuntime"] {
        facts.insert(key.to_owned(), inspected[key].clone());
    }
    let short: String = inspected["Id"].as_str().unwrap().chars().take(12).collect();
    for (network, endpoint) in inspected["NetworkSettings"]["Networks"].as_object().unwrap() {
        let mut aliases: Vec<_> = endpoint["Aliases"].as_array().cloned().unwrap_or_default();
        aliases.retain(|alias| *alias != json!(short));
        facts.insert(format!("Networks.{network}"), in_order(aliases));
    }
    facts.insert("Mounts".to_owned(), in_order(inspected["Mounts"].as_array().unwrap().clone()));
    // The order of mount options means nothing.
    let binds = inspected["HostConfig"]["Binds"].as_array().cloned().unwrap_or_default();
    let binds = binds.iter().map(|bind| {
        let mut parts: Vec<_> = bind.as_str().unwrap().split([':', ',']).collect();
        parts.sort_unstable();
        json!(parts)
    });
    facts.insert("HostConfig.Binds".to_owned(), binds.collect());
    for key in
        ["Config.Env", "HostConfig.Binds", "HostConfig.CapAdd", "HostConfig.CapDrop", "HostConfig.Ulimits"]
    {
        let list = facts[key].as_array().cloned().unwrap_or_default();
        facts.insert(key.to_owned(), in_order(list));
    }
    facts.get_mut("HostConfig.LogConfig").unwrap()["Path"] = Value::Null;
    for key in ["Config.Annotations", "HostConfig.Annotations"] {
        if let Some(annotations) = facts.get_mut(key).and_then(Value::as_object_mut) {
            // The others are Podman's own.
            annotations.retain(|name, _| name.starts_with("example.org/"));
        }
    }
    let secrets = facts.get_mut("Config.Secrets").and_then(Value::as_array_mut);
    for secret in secrets.into_iter().flatten() {
        secret["ID"] = Value::Null;
    }
    facts
}

fn in_order(mut list: Vec<Value>) -> Value {
    list.sort_by_key(ToString::to_string);
    Value::Array(list)
}

/// The names of the facts that differ.
fn changed(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Vec<String> {
    let names = before.keys().chain(after.keys()).collect::<std::collections::BTreeSet<_>>();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

/// What of it is only seen from inside.
fn look_inside(scene: &Scene<'_>) -> Vec<String> {
    let looks: [&[&str]; 8] = [
        &["cat", "/proc/sys/net/core/somaxconn"],
        &["stat", "--format", "%a %u", "/etc/app-token"],
        &["cat", "/etc/app-token"],
        &["sh", "-c", "echo $TOKEN $GREETING; umask; id; pwd"],
        &["cat", "/host/note"],
        &["cat", "/cache/kept", "/data/kept"],
        &["sh", "-c", "tr '\\0' '\\n' < /proc/1/cmdline"],
        &["grep", "db.example", "/etc/hosts"],
    ];
    looks.iter().map(|look| scene.exec(look)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rich_container_is_linked_and_given_back_with_everything_it_had() {
    let world = world().await;
    let (shop, operation, _leftovers) =
        world.deploy(database_request(engine_row("postgres:16"), &unique_name("shared"))).await;
    succeeded(&operation);
    let scene = Scene::new(&world);
    scene.run_rich();
    scene.exec(&["sh", "-c", "echo here > /cache/kept; echo there > /data/kept"]);
    let (before, inside) = (scene.inspect(), look_inside(&scene));

    let report =
        world.services.apps.examine_container(shop.id, &scene.request(Delivery::File)).await.unwrap();
    assert_eq!(report.unkept, []);
    assert_eq!(lasting(&scene.inspect()), lasting(&before), "a look changes nothing");
    succeeded(&scene.link(&shop, Delivery::File).await);
    let linked = scene.inspect();
    assert_ne!(linked["Id"], before["Id"]);
    // Its mounts are no difference: the anonymous volume is the one it had.
    let mut differences = changed(&lasting(&before), &lasting(&linked));
    differences.retain(|name| name != "Networks.stardeck-data");
    assert_eq!(differences, ["Config.Env", "Config.Labels", "Config.Secrets"]);
    assert_eq!(look_inside(&scene), inside);
    let url = "export DATABASE_URL=$(cat /run/secrets/DATABASE_URL); exec probe \"$@\"";
    assert!(scene.exec(&["sh", "-c", url, "probe", "check"]).starts_with("ok"));
    assert_eq!(world.podman.names_with(&scene.name).len(), 4, "one container, one volume, two secrets");

    // Its password is replaced in place, and it is given back.
    let connection = world.services.apps.list_connections(shop.id).await.unwrap().remove(0).connection.id;
    let rotated = world.services.apps.rotate(&world.admin, shop.id, connection).await.unwrap();
    succeeded(&wait_for(&world.services.operations, rotated.1.id).await);
    assert!(scene.exec(&["sh", "-c", url, "probe", "check"]).starts_with("ok"));
    assert_eq!(changed(&lasting(&linked), &lasting(&scene.inspect())), ["Config.Labels", "Config.Secrets"]);
    scene.unlink(&shop).await;
    let mut after = scene.inspect();
    after["Config"]["Labels"].as_object_mut().unwrap().retain(|name, _| !name.starts_with("stardeck."));
    assert_eq!(changed(&lasting(&before), &lasting(&after)), Vec::<String>::new());
    assert_eq!(look_inside(&scene), inside);
    assert!(world.services.apps.list(Page::default()).await.unwrap().items.is_empty());
    drop(scene);
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn container_that_does_not_get_well_comes_back_as_it_was() {
    let world = world().await;
    let (shop, operation, _leftovers) =
        world.deploy(database_request(engine_row("postgres:16"), &unique_name("shared"))).await;
    succeeded(&operation);
    let scene = Scene::new(&world);
    let name = format!("--name={}", scene.name);
    let network = format!("--network={}", scene.part("net-a"));
    // It can not stand the variables of a database.
    let sick = "--health-cmd=test -z \"$DB_HOST\"";
    let keeps = ["sh", "-c", "while :; do sleep 1; done"];
    let options = ["run", "-d", "--init", "--read-only", &name, &network, sick, APP_PROBE];
    world.podman.must(&[&options[..], &keeps].concat());
    let before = scene.inspect();
    let operation = scene.link(&shop, Delivery::Env).await;
    assert_eq!(operation.undone, Some(true), "{operation:#?}");
    let failure = operation.error.unwrap();
    assert_eq!(failure.code, FailureCode::AppExited, "its healthcheck said so: {failure:?}");
    let after = scene.inspect();
    assert_eq!((&after["Id"], &after["State"]["Status"]), (&before["Id"], &json!("running")));
    assert_eq!(lasting(&after), lasting(&before));
    assert!(world.services.logical.list_databases(shop.id).await.unwrap().is_empty());
    assert_eq!(world.podman.names_with(&scene.name).len(), 3, "the container and two secrets");
    world.podman.must(&["rm", "--force", "--time", "0", &scene.name]);

    // What would be lost is refused by its name, and nothing happens.
    world
        .podman
        .must(&[&["run", "-d", "--init", &name, &network, "--privileged", APP_PROBE], &keeps[..]].concat());
    let before = scene.inspect();
    let refused =
        world.services.apps.link_container(&world.admin, shop.id, scene.request(Delivery::File)).await;
    let Err(Error::Validation(errors)) = refused else { panic!("{refused:?}") };
    assert!(errors.0.iter().any(|error| error.reason.contains("HostConfig.Privileged")), "{errors:?}");
    assert_eq!(scene.inspect(), before);
    drop(scene);
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}
