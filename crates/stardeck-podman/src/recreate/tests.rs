//! Containers made anew from inspections as captured, and from the parts that those lack.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::*;
use crate::types::ImageConfig;

const GOLDEN: [(&str, &[u8]); 4] = [
    ("4.3.1", include_bytes!("../../tests/golden/inspect-4.3.1-v4path.json")),
    ("5.4.2", include_bytes!("../../tests/golden/inspect-5.4.2-v5path.json")),
    ("5.8.6 v4", include_bytes!("../../tests/golden/inspect-5.8.6-v4path.json")),
    ("5.8.6 v5", include_bytes!("../../tests/golden/inspect-5.8.6-v5path.json")),
];

/// What the runtime was configured with, as far as it matters.
const CONFIG: &[u8] = br#"{"linux":{"sysctl":{"net.core.somaxconn":"64"}},
    "mounts":[{"destination":"/run/secrets/pw","source":"/run/containers/x/userdata/secrets/x-s1"}]}"#;

fn image() -> ImageInspect {
    let config = json!({"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]});
    ImageInspect {
        repo_tags: vec!["localhost/t/redis:7".to_owned()],
        config: serde_json::from_value::<ImageConfig>(config).unwrap(),
        ..ImageInspect::default()
    }
}

fn golden(version: &str) -> Value {
    let (_, json) = GOLDEN.into_iter().find(|(name, _)| *name == version).unwrap();
    serde_json::from_slice(json).unwrap()
}

fn inspected(value: &Value) -> InspectedContainer {
    InspectedContainer::from_json(value.to_string().as_bytes()).unwrap()
}

/// The golden container as Podman's own program would have made it, with these options before its image.
fn by_command_line(options: &[&str]) -> Value {
    let mut whole = golden("4.3.1");
    let words =
        [&["podman", "run", "-d"], options, &["localhost/t/redis:7", "redis-server", "--secret", "none"]]
            .concat();
    whole["Config"]["CreateCommand"] = json!(words);
    whole
}

fn made(whole: &Value) -> Result<Value, Vec<Unkept>> {
    let alteration = Alteration { name: "x-c2".to_owned(), ..Alteration::default() };
    Recreation::of(&inspected(whole), &image(), None, &alteration).map(|made| Value::Object(made.body))
}

fn refused_fields(whole: &Value) -> Vec<String> {
    made(whole).err().unwrap_or_default().into_iter().map(|unkept| unkept.field).collect()
}

#[test]
fn rights_of_a_user_who_is_not_root_are_asked_for_although_they_are_not_shown_as_added() {
    let with = |user: &str, added: &[&str]| {
        let mut whole = by_command_line(&["--user", user, "--cap-add", "NET_BIND_SERVICE"]);
        whole["Config"]["User"] = json!(user);
        whole["EffectiveCaps"] = json!(["CAP_NET_BIND_SERVICE"]);
        whole["HostConfig"]["CapAdd"] = json!(added);
        whole["Config"]["Secrets"] = json!([]);
        made(&whole).unwrap().get("cap_add").cloned().unwrap_or(Value::Null)
    };
    assert_eq!(with("1000:1000", &[]), json!(["CAP_NET_BIND_SERVICE"]));
    assert_eq!(with("www", &["CAP_NET_BIND_SERVICE"]), json!(["CAP_NET_BIND_SERVICE"]));
    assert_eq!(with("0:0", &[]), Value::Null);
}

#[test]
fn everything_of_a_rich_container_is_asked_for_again() {
    let alteration = Alteration {
        name: "x-c2".to_owned(),
        env: [("DB_HOST".to_owned(), "shop".to_owned())].into(),
        secret_env: [("DATABASE_URL".to_owned(), "stardeck-1".to_owned())].into(),
        labels: [("stardeck.app".to_owned(), "1".to_owned())].into(),
        networks: ["stardeck-data".to_owned()].into(),
        ..Alteration::default()
    };
    let whole = inspected(&golden("4.3.1"));
    let made = Recreation::of(&whole, &image(), Some(CONFIG), &alteration).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&made.body).unwrap());
}

#[test]
fn every_version_is_read() {
    for (version, _) in GOLDEN {
        let whole = inspected(&golden(version));
        // The capture of 5.4 has a variable that comes from a secret, and was made through the API.
        let without =
            Alteration { without_env: ["x-s1", "SEC"].map(str::to_owned).into(), ..Alteration::default() };
        let made = Recreation::of(&whole, &image(), Some(CONFIG), &without)
            .unwrap_or_else(|unkept| panic!("{version}: {unkept:?}"));
        let part = |key: &str| made.body.get(key).cloned().unwrap_or_default();
        assert_eq!(part("hostname"), "c1", "{version}");
        assert_eq!(part("stop_signal"), 15, "{version}");
        assert_eq!(part("portmappings")[0]["host_port"], 16400, "{version}");
        assert_eq!(part("volumes")[0]["Name"], "x-v1", "{version}");
        assert_eq!(part("secrets")[0]["Target"], "pw", "{version}");
        assert_eq!(part("sysctl")["net.core.somaxconn"], "64", "{version}");
        assert_eq!(part("log_configuration")["size"], 10 * 1024 * 1024, "{version}");
        assert_eq!(part("no_new_privileges"), true, "{version}");
        assert_eq!(part("entrypoint"), Value::Null, "{version}");
    }
}

#[test]
fn what_only_the_command_line_tells_is_done_again() {
    let whole = by_command_line(&[
        "--sysctl=net.core.somaxconn=64",
        "--secret",
        "x-s1,target=/etc/pw,mode=0400",
        "--secret=x-e1,type=env,target=SEC",
        "--network",
        "x-net:ip=10.89.0.77,mac=92:d0:c6:0a:29:33",
        "--device",
        "/dev/null:/dev/zilch:r",
        "--log-opt=max-size=12mb",
        "-itp8080:80",
        "-eA=1",
    ]);
    let made = made(&whole).unwrap();
    assert_eq!(made["sysctl"]["net.core.somaxconn"], "64");
    assert_eq!(made["secrets"][0]["Target"], "/etc/pw");
    assert_eq!(made["secret_env"]["SEC"], "x-e1");
    assert_eq!(made["env"].get("SEC"), None, "its value is not kept in clear");
    assert_eq!(made["Networks"]["x-net"]["static_ips"], json!(["10.89.0.77"]));
    assert_eq!(made["Networks"]["x-net"]["static_mac"], "92:d0:c6:0a:29:33");
    assert_eq!(made["devices"], json!([{"path": "/dev/null:/dev/zilch:r"}]));
    assert_eq!(made["log_configuration"]["size"], 12_000_000);
    assert_eq!(made["containerCreateCommand"], whole["Config"]["CreateCommand"]);
}

/// Podman 5.4 and 5.8 after a start (measured): `--secret x-e1,type=env,target=SEC` shows as `x-e1=*******`.
#[test]
fn variable_that_is_masked_under_its_secrets_name_is_made_from_the_secret_again() {
    let mut whole = by_command_line(&["--secret", "x-s1", "--secret=x-e1,type=env,target=SEC"]);
    whole["Config"]["Env"] = json!(["PATH=/bin", "x-e1=*******"]);
    let made = made(&whole).unwrap();
    assert_eq!(made["secret_env"], json!({ "SEC": "x-e1" }));
    assert_eq!(made["env"], json!({ "PATH": "/bin" }));
    let mut not_started = whole.clone();
    not_started["Config"]["Env"] = json!(["PATH=/bin"]);
    let nothing = Alteration::default();
    assert_eq!(inspected(&whole).differences(&inspected(&not_started), &nothing), Vec::<String>::new());

    // What a link gave, and takes away again: no command line tells of it.
    whole["Config"]["Env"] = json!(["PATH=/bin", "x-e1=*******", "stardeck-7=*******"]);
    assert_eq!(refused_fields(&whole), ["Config.Env"]);
    let unlinked = Alteration {
        without_env: ["DATABASE_URL".to_owned()].into(),
        without_secrets: ["stardeck-7".to_owned()].into(),
        ..Alteration::default()
    };
    let made = Recreation::of(&inspected(&whole), &image(), None, &unlinked).unwrap();
    assert_eq!(made.body["env"], json!({ "PATH": "/bin" }));
    assert_eq!(inspected(&whole).differences(&inspected(&not_started), &unlinked), Vec::<String>::new());
}

/// Measured: 4.3 shows what was given and the id, 5.4 and 5.8 the host's name after these.
#[test]
fn host_name_that_podman_made_an_alias_is_not_given_again_and_one_that_was_given_is() {
    let mut whole = by_command_line(&["--secret", "x-s1"]);
    let id: String = whole["Id"].as_str().unwrap().chars().take(12).collect();
    let mut aliases = |shown: &[&str]| {
        whole["NetworkSettings"]["Networks"]["x-net"]["Aliases"] = json!(shown);
        made(&whole).unwrap()["Networks"]["x-net"]["aliases"].clone()
    };
    assert_eq!(aliases(&["first", &id, "c1"]), json!(["first"]));
    assert_eq!(aliases(&["c1", &id]), json!(["c1"]));
    assert_eq!(aliases(&["c1", &id, "c1"]), json!(["c1"]));
}

/// Measured on 5.8: of an anonymous volume the options do not say that it can be written to.
#[test]
fn volume_whose_options_do_not_say_that_it_is_written_to_gets_none_that_do() {
    let mut whole = by_command_line(&["--secret", "x-s1"]);
    let options = |whole: &Value| made(whole).unwrap()["volumes"][0]["Options"].clone();
    whole["HostConfig"]["Binds"] = json!(["x-v1:/data:rw,rprivate,nosuid,nodev,rbind"]);
    assert!(options(&whole).as_array().unwrap().contains(&json!("rw")));
    whole["HostConfig"]["Binds"] = json!(["x-v1:/data:rprivate,nosuid,nodev,rbind"]);
    assert!(!options(&whole).as_array().unwrap().contains(&json!("rw")));
    whole["Mounts"][0]["RW"] = json!(false);
    assert!(options(&whole).as_array().unwrap().contains(&json!("ro")));
}

#[test]
fn log_without_a_limit_is_shown_as_none_or_as_minus_one() {
    let mut whole = by_command_line(&["--secret", "x-s1"]);
    for shown in ["", "0B", "-1B"] {
        whole["HostConfig"]["LogConfig"]["Size"] = json!(shown);
        assert_eq!(made(&whole).unwrap()["log_configuration"].get("size"), None, "{shown}");
    }
}

#[test]
fn what_can_not_be_kept_is_named() {
    let secret = ["--secret", "x-s1"];
    assert_eq!(refused_fields(&by_command_line(&secret)), Vec::<String>::new());
    for options in [
        &["--secret", "x-s1", "--gpus", "all"][..],
        &["--secret", "x-s1", "--from-the-future"],
        &["--secret", "x-s1", "-Z"],
        &["--secret", "x-s1", "--volume", "/a:/b:O"],
        &["--secret", "x-s1", "--mount", "type=image,src=a,dst=/b"],
        &["--secret", "x-s1", "--network", "x-net:interface_name=eth9"],
    ] {
        assert_eq!(refused_fields(&by_command_line(options)), ["Config.CreateCommand"], "{options:?}");
    }
    for (pointer, value, field) in [
        ("/HostConfig/Privileged", json!(true), "HostConfig.Privileged"),
        ("/HostConfig/AutoRemove", json!(true), "HostConfig.AutoRemove"),
        ("/HostConfig/NetworkMode", json!("host"), "HostConfig.NetworkMode"),
        ("/HostConfig/PidMode", json!("host"), "HostConfig.PidMode"),
        ("/HostConfig/VolumesFrom", json!(["other"]), "HostConfig.VolumesFrom"),
        (
            "/HostConfig/BlkioWeightDevice",
            json!([{"Path": "/dev/sda", "Weight": 1}]),
            "HostConfig.BlkioWeightDevice",
        ),
        ("/Pod", json!("4ad1"), "Pod"),
        ("/Dependencies", json!(["4ad1"]), "Dependencies"),
        ("/NetworkSettings/Networks", json!({}), "NetworkSettings.Networks"),
        ("/Mounts/0/Type", json!("glob"), "Mounts[/data]"),
        ("/Config/OnBuild", json!([]), ""),
    ] {
        let mut whole = by_command_line(&secret);
        *whole.pointer_mut(pointer).unwrap() = value;
        let expected: Vec<_> = Some(field).filter(|field| !field.is_empty()).into_iter().collect();
        assert_eq!(refused_fields(&whole), expected, "{pointer}");
    }
    let mut whole = by_command_line(&secret);
    whole["HostConfig"]["Hovercraft"] = json!("eels");
    assert_eq!(refused_fields(&whole), ["HostConfig.Hovercraft"], "a field of a later Podman");
    assert_eq!(
        refused_fields(&golden("4.3.1")),
        ["Config.CreateCommand", "Config.Secrets"],
        "made through the API"
    );
    let mut masked = by_command_line(&secret);
    masked["Config"]["Env"] = json!(["PASSWORD=*******"]);
    assert_eq!(refused_fields(&masked), ["Config.Env"]);
}

#[test]
fn words_of_a_process_are_divided_as_they_were_given() {
    let mut image = image();
    image.config.entrypoint = vec!["/entry".to_owned()];
    image.config.cmd = vec!["serve".to_owned(), "all".to_owned()];
    let parts = |path: &str, arguments: &[&str], command: &[&str]| {
        let mut whole = by_command_line(&["--secret", "x-s1"]);
        whole["HostConfig"]["Init"] = json!(false);
        whole["Path"] = json!(path);
        whole["Args"] = json!(arguments);
        whole["Config"]["Cmd"] = json!(command);
        let made = Recreation::of(&inspected(&whole), &image, None, &Alteration::default()).unwrap();
        (made.body.get("entrypoint").cloned(), made.body.get("command").cloned())
    };
    assert_eq!(parts("/entry", &["serve", "all"], &["serve", "all"]), (None, None), "the image's own");
    assert_eq!(parts("/entry", &["one thing"], &["one thing"]), (None, Some(json!(["one thing"]))));
    assert_eq!(
        parts("sh", &["-c", "a b", "x"], &["x"]),
        (Some(json!(["sh", "-c", "a b"])), Some(json!(["x"])))
    );
    assert_eq!(
        parts("/entry", &[], &[]),
        (Some(json!(["/entry"])), None),
        "the image's command was left out"
    );
}

#[test]
fn variables_of_the_image_and_of_podman_are_left_to_them() {
    let mut whole = by_command_line(&["--secret", "x-s1"]);
    whole["Config"]["Env"] = json!(["container=podman", "HOSTNAME=c1", "HOME=/srv", "FOO=a=b"]);
    let made = made(&whole).unwrap();
    assert_eq!(made["env"], json!({"FOO": "a=b", "HOME": "/srv"}));
    assert_eq!(made["unsetenv"], json!(["PATH"]), "the image's, which was taken away");
}

#[test]
fn containers_that_differ_in_themselves_only_are_alike() {
    let before = golden("4.3.1");
    let mut after = before.clone();
    after["Id"] = json!("0123456789abcdef");
    after["NetworkSettings"]["Networks"]["x-net"]["Aliases"] = json!(["0123456789ab", "c1alias"]);
    after["Config"]["Env"] =
        json!(["SEC=s3cr3t", "FOO=bar", before["Config"]["Env"][0], before["Config"]["Env"][3]]);
    let (before, unaltered) = (inspected(&before), Alteration::default());
    assert_eq!(before.differences(&inspected(&after), &unaltered), Vec::<String>::new());
    after["Config"]["Env"][1] = json!("FOO=baz");
    after["HostConfig"]["Memory"] = json!(1);
    after["Mounts"][0]["RW"] = json!(false);
    after["NetworkSettings"]["Networks"]["x-net"]["Aliases"] = json!(["0123456789ab"]);
    let differences = before.differences(&inspected(&after), &unaltered);
    assert_eq!(
        differences,
        ["Config.Env", "HostConfig.Memory", "Mounts[/data]", "NetworkSettings.Networks.x-net"]
    );
}

#[test]
fn what_is_altered_is_no_difference() {
    let before = golden("4.3.1");
    let mut after = before.clone();
    let added = ["FOO=bar", "DB_HOST=shop", "DATABASE_URL=postgresql://x"].map(|text| json!(text));
    let kept = before["Config"]["Env"].as_array().unwrap().iter().filter(|text| *text != "SEC=s3cr3t");
    after["Config"]["Env"] = kept.filter(|text| *text != "FOO=bar").chain(&added).cloned().collect();
    after["Config"]["Labels"]["stardeck.app"] = json!("1");
    after["NetworkSettings"]["Networks"]["stardeck-data"] = json!({"Aliases": ["c1"]});
    let alteration = Alteration {
        env: [("DB_HOST".to_owned(), "shop".to_owned())].into(),
        secret_env: [("DATABASE_URL".to_owned(), "stardeck-1".to_owned())].into(),
        without_env: ["SEC".to_owned()].into(),
        labels: [("stardeck.app".to_owned(), "1".to_owned())].into(),
        networks: ["stardeck-data".to_owned()].into(),
        ..Alteration::default()
    };
    assert_eq!(inspected(&before).differences(&inspected(&after), &alteration), Vec::<String>::new());
}

#[test]
fn nothing_of_a_container_is_shown_by_debug() {
    let whole = inspected(&golden("4.3.1"));
    assert!(format!("{whole:?}").contains("x-c1") && !format!("{whole:?}").contains("s3cr3t"));
    let made = Recreation::of(&whole, &image(), Some(CONFIG), &Alteration::default()).unwrap();
    assert!(!format!("{made:?}").contains("s3cr3t"));
}
