//! What is seen in containers rather than in names. Names are tested with the corpora.

use super::*;

fn evidence(image: &str, env: &[(&str, &str)], ports: &[u16], volume: &str, argv: &[&str]) -> Evidence {
    Evidence {
        image: image.to_owned(),
        env: env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        exposed_ports: ports.to_vec(),
        volume_paths: vec![volume.to_owned()],
        command: argv.iter().map(|word| (*word).to_owned()).collect(),
        ..Evidence::default()
    }
}

/// A container of an image that is built like the official one of PostgreSQL 16.
fn postgres(image: &str, argv: &[&str]) -> Option<Detected> {
    let env = [("PG_MAJOR", "16"), ("PG_VERSION", "16.4-1.pgdg12+2"), ("PGDATA", "/var/lib/postgresql/data")];
    classify(&evidence(image, &env, &[5432], "/var/lib/postgresql/data", argv))
}

const USUAL: &[&str] = &["docker-entrypoint.sh", "postgres"];

#[test]
fn renamed_image_is_found_by_what_is_in_it() {
    let found = postgres("registry.local/infra/db:3", USUAL).unwrap();
    assert_eq!((found.engine, found.confidence), (Engine::PostgreSql, Confidence::High));
    assert_eq!(found.version.map(|version| version.to_string()).as_deref(), Some("16.4"));
    assert!(found.reasons.iter().any(|reason| reason.contains("it runs postgres")), "{:?}", found.reasons);
    assert!(found.reasons.iter().any(|reason| reason.contains("PG_VERSION")), "{:?}", found.reasons);
    // An image that has lost its name is known by its id.
    assert!(postgres("sha256:0123", USUAL).is_some() && postgres("", USUAL).is_some());
}

#[test]
fn what_runs_something_else_in_a_database_image_is_no_server() {
    for argv in [
        &["docker-entrypoint.sh", "psql", "-h", "shop"][..],
        &["docker-entrypoint.sh", "pg_dump", "-U", "postgres", "postgres"],
        &["sleep", "infinity"],
        &["docker-entrypoint.sh", "bash"],
        &["sh", "-c", "while true; do pg_dump -h shop postgres > /b; sleep 86400; done"],
        &["/bin/sh", "-c", "exec /usr/local/bin/go-cron -s @daily /backup.sh"],
        &["sh", "-c", "while", "true;", "do", "pg_dump", "shop;", "done"],
        &["/bin/bash", "/backup-scripts/start.sh"],
        &["python3", "/app/server.py"],
        &["pgbouncer", "/etc/pgbouncer.ini"],
    ] {
        for image in ["registry.local/infra/db:3", "docker.io/library/postgres:16"] {
            assert_eq!(postgres(image, argv), None, "{argv:?}");
        }
    }
}

#[test]
fn server_is_seen_through_whatever_starts_it() {
    for argv in [
        &["docker-entrypoint.sh", "-c", "max_connections=200"][..],
        &["docker-entrypoint.sh"],
        &["tini", "--", "docker-entrypoint.sh", "postgres", "-c", "shared_buffers=1GB"],
        &["sh", "-c", "chown -R postgres /data && exec gosu postgres postgres -D /data"],
        &["/usr/lib/postgresql/16/bin/postgres", "-D", "/data"],
        &["container-entrypoint", "run-postgresql"],
        &["/opt/vendor/scripts/entrypoint.sh", "/opt/vendor/scripts/run.sh"],
        &["/bin/sh", "/launch.sh", "init"],
    ] {
        let found = postgres("registry.local/infra/db:3", argv);
        assert_eq!(found.map(|found| found.engine), Some(Engine::PostgreSql), "{argv:?}");
    }
}

#[test]
fn a_port_or_a_variable_alone_proves_nothing() {
    assert_eq!(classify(&evidence("registry.local/a/b:1", &[], &[5432], "/x", &["pooler"])), None);
    assert_eq!(
        classify(&evidence("registry.local/a/b:1", &[("REDIS_VERSION", "7")], &[80], "/x", &[])),
        None
    );
    assert_eq!(classify(&Evidence::default()), None);
}

#[test]
fn name_of_something_else_outweighs_what_its_base_declares() {
    for image in ["docker.io/prodrigestivill/postgres-backup-local:16", "quay.io/a/postgres-exporter:1"] {
        assert_eq!(postgres(image, USUAL), None, "{image}");
    }
    let mut titled = evidence("registry.local/a/b:1", &[("PG_MAJOR", "16")], &[5432], "/pgdata", USUAL);
    titled.image_labels.insert("org.opencontainers.image.title".to_owned(), "PostgreSQL exporter".to_owned());
    assert_eq!(classify(&titled), None);
}

#[test]
fn server_that_runs_outweighs_a_name_that_says_otherwise() {
    let env = [("MARIADB_VERSION", "1:11.4.2+maria~ubu2404")];
    let argv = ["docker-entrypoint.sh", "mariadbd"];
    let found = classify(&evidence("registry.local/shop/mysql:8.0", &env, &[3306], "/var/lib/mysql", &argv));
    let found = found.unwrap();
    assert_eq!(found.engine, Engine::MariaDb);
    assert_eq!(found.version.map(|version| version.to_string()).as_deref(), Some("11.4.2"));
}

#[test]
fn one_program_of_two_engines_is_told_apart_by_variables() {
    let argv = ["docker-entrypoint.sh", "mysqld"];
    for (variable, engine) in [("MYSQL_VERSION", Engine::MySql), ("MARIADB_VERSION", Engine::MariaDb)] {
        let found = classify(&evidence("registry.local/a/b", &[(variable, "10.11.6")], &[3306], "/x", &argv));
        assert_eq!(found.map(|found| found.engine), Some(engine));
    }
    let bare = classify(&evidence("registry.local/a/b", &[], &[3306], "/var/lib/mysql", &argv)).unwrap();
    assert_eq!((bare.engine, bare.version), (Engine::MySql, None));
}

#[test]
fn kind_is_told_by_variables_and_labels_when_the_name_is_gone() {
    let valkey = [("VALKEY_VERSION", "8.1.3")];
    let found = classify(&evidence("registry.local/cache:1", &valkey, &[6379], "/data", &["valkey-server"]));
    assert_eq!(found.unwrap().flavor.as_deref(), Some("valkey"));
    let packaged = [("BITNAMI_APP_NAME", "postgresql"), ("APP_VERSION", "16.3.0")];
    let argv = ["/opt/bitnami/scripts/postgresql/entrypoint.sh", "/opt/bitnami/scripts/postgresql/run.sh"];
    let mut packaged = evidence("registry.local/x:2", &packaged, &[5432], "/bitnami/postgresql", &argv);
    packaged
        .image_labels
        .insert("org.opencontainers.image.vendor".to_owned(), "Bitnami by VMware".to_owned());
    let found = classify(&packaged).unwrap();
    assert_eq!(found.flavor.as_deref(), Some("bitnami"));
    assert_eq!(found.version.map(|version| version.to_string()).as_deref(), Some("16.3.0"));
}

#[test]
fn watchers_of_redis_are_no_databases() {
    let env = [("REDIS_VERSION", "7.4.1")];
    for argv in [&["redis-server", "/s.conf", "--sentinel"][..], &["redis-sentinel", "/s.conf"]] {
        assert_eq!(classify(&evidence("docker.io/library/redis:7", &env, &[6379], "/data", argv)), None);
    }
}

#[test]
fn what_is_said_about_itself_outweighs_the_tag() {
    let found = postgres("docker.io/library/postgres:latest", USUAL).unwrap();
    assert_eq!(found.version.map(|version| version.to_string()).as_deref(), Some("16.4"));
    let found = postgres("registry.local/library/postgres:15", USUAL).unwrap();
    assert_eq!(found.version.map(|version| version.to_string()).as_deref(), Some("16.4"));
    let found = postgres("docker.io/citusdata/citus:12.1", USUAL).unwrap();
    assert_eq!(
        (found.version.map(|v| v.to_string()).as_deref(), found.flavor.as_deref()),
        (Some("16.4"), Some("citus"))
    );
}

#[test]
fn who_runs_it_is_among_the_reasons() {
    let mut composed = evidence("docker.io/library/redis:7", &[], &[], "/data", &[]);
    for (label, value) in [
        ("com.docker.compose.project", "shop"),
        ("com.docker.compose.service", "cache"),
        ("PODMAN_SYSTEMD_UNIT", "cache.service"),
    ] {
        composed.labels.insert(label.to_owned(), value.to_owned());
    }
    let reasons = classify(&composed).unwrap().reasons.join("; ");
    assert!(reasons.contains("service cache of the compose project shop"), "{reasons}");
    assert!(reasons.contains("cache.service"), "{reasons}");
}
