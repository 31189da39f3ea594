//! `/api/containers` and `/api/databases/{id}/connections`

use actix_web::http::Method;
use serde_json::{Value, json};

use stardeck_testkit::ForeignContainer;

use crate::support::{id_of, start};

const IMAGE: &str = "docker.io/acme/web:1";

fn shop() -> Value {
    json!({"type": "postgresql", "name": "shop", "version": "16"})
}

/// Deploys an app and waits until it runs; returns it.
macro_rules! deployed {
    ($app:ident, $admin:expr, $request:expr) => {{
        let begun = $app.post("/api/containers", $admin, $request).await;
        assert_eq!(begun.status, 202, "{begun:?}");
        let json = begun.json();
        assert_eq!(json["operation"]["target_type"], "container");
        let ended = $app.follow($admin, &json["operation"]).await;
        assert_eq!(ended["state"], "succeeded", "{ended}");
        $app.get(&format!("/api/containers/{}", id_of(&json["container"])), $admin).await.json()
    }};
}

#[actix_web::test]
async fn an_app_is_deployed_with_a_database_shown_without_values_run_and_removed() {
    let app = start().await;
    app.runtime.add_plain_image(IMAGE);
    let admin = app.admin().await;
    let database = id_of(&app.deploy(&admin, shop()).await);
    let request = json!({
        "image": IMAGE, "name": "web", "env": {"API_TOKEN": "hush-hush"}, "delivery": "file",
        "ports": [{"container_port": 80}], "volumes": [{"name": "uploads", "path": "/srv/uploads"}],
        "database": {"mode": "existing", "database_id": database},
    });
    let web = deployed!(app, &admin, request);
    assert_eq!((web["status"].as_str(), web["container_state"].as_str()), (Some("running"), Some("running")));
    assert_eq!(web["env_names"], json!(["API_TOKEN"]));
    assert!(web["ports"][0]["host_port"].as_u64().unwrap() >= 8100, "{web}");
    assert_eq!(web["connections"][0]["database_name"], "web");
    assert!(!web.to_string().contains("hush"));
    let shown = app.get(&format!("/api/databases/{database}"), &admin).await.json();
    assert_eq!(shown["connection_count"], 1);

    let list = app.get("/api/containers", &admin).await;
    assert_eq!(list.json()["items"].as_array().unwrap().len(), 1);
    assert!(!list.text.contains("hush"));
    let id = id_of(&web);
    for verb in ["stop", "start", "restart"] {
        let begun = app.post(&format!("/api/containers/{id}/{verb}"), &admin, json!({})).await;
        assert_eq!(begun.status, 202, "{verb}: {begun:?}");
        assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded", "{verb}");
    }
    let logs = app.get(&format!("/api/containers/{id}/logs"), &admin).await;
    assert!(logs.json()["items"].is_array(), "{logs:?}");
    let linked = app
        .ask(Method::DELETE, &format!("/api/databases/{database}?data=keep&confirm=shop"), Some(&admin), None)
        .await;
    assert_eq!(linked.problem(), (409, "apps_linked".to_owned()));

    let uri = format!("/api/containers/{id}?confirm=");
    let wrong = app.ask(Method::DELETE, &format!("{uri}shop"), Some(&admin), None).await;
    assert_eq!(wrong.fields(), [("confirm".to_owned(), "mismatch".to_owned())]);
    let begun = app.ask(Method::DELETE, &format!("{uri}web&volumes=delete"), Some(&admin), None).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    assert_eq!(app.get(&format!("/api/containers/{id}"), &admin).await.problem().0, 404);
}

#[actix_web::test]
async fn a_link_is_made_shown_rotated_and_removed() {
    let app = start().await;
    app.runtime.add_plain_image(IMAGE);
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let web = deployed!(app, &admin, json!({"image": IMAGE, "name": "web"}));
    let uri = format!("/api/databases/{id}/connections");
    let visible = app.post(&uri, &admin, json!({"container_id": id_of(&web)})).await;
    assert_eq!(visible.fields(), [("accept_visible_env".to_owned(), "confirmation_needed".to_owned())]);
    let mut body = json!({"container_id": id_of(&web), "accept_visible_env": true, "env_prefix": "STATS"});
    body["network"] = json!("mine");
    let wrong = app.post(&uri, &admin, body.clone()).await;
    assert_eq!(wrong.fields()[0].0, "network", "{wrong:?}");
    body["network"] = json!("own");
    let begun = app.post(&uri, &admin, body).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(begun.json()["connection"]["network"], "own");
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    let cid = id_of(&begun.json()["connection"]);

    let list = app.get(&uri, &admin).await.json();
    assert_eq!(
        (list["items"][0]["state"].as_str(), list["items"][0]["env_prefix"].as_str()),
        (Some("active"), Some("STATS"))
    );
    let shown = app.get(&format!("/api/databases/{id}/connections/{cid}/credentials"), &admin).await;
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let before = shown.json();
    let url = before["variables"]["STATS_DATABASE_URL"].as_str().unwrap();
    assert!(url.starts_with("postgresql://web:") && url.ends_with("@shop:5432/web"), "{url}");

    let begun = app.post(&format!("/api/databases/{id}/connections/{cid}/rotate"), &admin, json!({})).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    let after = app.get(&format!("/api/databases/{id}/connections/{cid}/credentials"), &admin).await.json();
    assert_ne!(before["password"], after["password"]);

    let one = format!("/api/databases/{id}/connections/{cid}");
    let none = app.ask(Method::DELETE, &one, Some(&admin), None).await;
    let required = |field: &str| (field.to_owned(), "required".to_owned());
    assert_eq!(none.fields(), [required("user"), required("database")]);
    let wrong = app.ask(Method::DELETE, &format!("{one}?user=keep&database=drop"), Some(&admin), None).await;
    assert_eq!(wrong.fields(), [("confirm".to_owned(), "mismatch".to_owned())]);
    let begun = app
        .ask(Method::DELETE, &format!("{one}?user=revoke&database=drop&confirm=web"), Some(&admin), None)
        .await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    assert!(app.get(&uri, &admin).await.json()["items"].as_array().unwrap().is_empty());
    let inside = app.get(&format!("/api/databases/{id}/databases"), &admin).await.json();
    assert!(inside["items"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn a_preview_masks_the_password() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let body = json!({"name": "web", "database": {"mode": "existing", "database_id": id}});
    let preview = app.post("/api/containers/preview", &admin, body).await;
    assert_eq!(preview.status, 200, "{preview:?}");
    let items = preview.json()["items"].as_array().unwrap().clone();
    let value = |name: &str| items.iter().find(|item| item["name"] == name).unwrap()["value"].clone();
    assert_eq!(value("DATABASE_URL"), "postgresql://web:********@shop:5432/web");
    assert_eq!((value("DB_PASSWORD"), value("DB_HOST")), (json!("********"), json!("shop")));

    let database = json!({"mode": "new", "type": "redis"});
    let body = json!({"name": "web", "database": database, "delivery": "file", "env_prefix": "CACHE"});
    let items = app.post("/api/containers/preview", &admin, body).await.json()["items"].clone();
    let of_name = |name: &str| items.as_array().unwrap().iter().find(|item| item["name"] == name).cloned();
    assert_eq!(of_name("CACHE_DB_HOST").unwrap()["value"], "web-db");
    assert_eq!(of_name("CACHE_REDIS_URL_FILE").unwrap()["value"], "/run/secrets/CACHE_REDIS_URL");
    assert_eq!(of_name("CACHE_REDIS_URL"), None);
    let none = app.post("/api/containers/preview", &admin, json!({})).await;
    let required = |field: &str| (field.to_owned(), "required".to_owned());
    assert_eq!(none.fields(), [required("name"), required("database")]);
}

#[actix_web::test]
async fn what_would_reach_the_host_is_refused() {
    let app = start().await;
    let admin = app.admin().await;
    let with = |field: &str, value: Value| {
        let mut body = json!({"image": IMAGE, "name": "web"});
        body[field] = value;
        body
    };
    for (body, field, code) in [
        (with("volumes", json!([{"name": "/etc", "path": "/x"}])), "volumes", "bind_mount_refused"),
        (with("volumes", json!([{"name": "a", "path": "/../etc"}])), "volumes", "invalid_path"),
        (with("labels", json!({"stardeck.managed": "true"})), "labels", "reserved_name"),
        (with("labels", json!({"PODMAN_SYSTEMD_UNIT": "web.service"})), "labels", "reserved_name"),
        (with("command", json!(["a\u{0}b"])), "command", "invalid_value"),
        (
            with("database", json!({"mode": "new", "type": "redis", "preset": "boss"})),
            "database.preset",
            "unknown_value",
        ),
        (with("env", json!({"A B": "x"})), "env", "invalid_name"),
        (with("ports", json!([{"container_port": 0}])), "ports", "out_of_range"),
        (with("restart_policy", json!("sometimes")), "restart_policy", "unknown_value"),
        (with("limits", json!({"memory_bytes": 1})), "limits", "out_of_range"),
        (with("database", json!({"mode": "existing"})), "database.database_id", "required"),
        (with("env_prefix", json!("lower")), "env_prefix", "invalid_name"),
    ] {
        let refused = app.post("/api/containers", &admin, body).await;
        assert_eq!(refused.fields(), [(field.to_owned(), code.to_owned())]);
    }
    for field in ["privileged", "devices", "network_mode", "cap_add"] {
        let refused = app.post("/api/containers", &admin, with(field, json!(true))).await;
        assert_eq!(refused.problem(), (400, "malformed_body".to_owned()), "{field}");
    }
}

#[actix_web::test]
async fn an_external_database_is_previewed_masked_and_shown_without_its_string() {
    let app = start().await;
    app.runtime.add_plain_image(IMAGE);
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let url =
        app.get(&format!("/api/databases/{id}/credentials"), &admin).await.json()["internal_url"].clone();
    // Engines of the fake listen on port 1.
    let url = json!(url.as_str().unwrap().replacen(":5432/", ":1/", 1));
    let database = json!({"mode": "external", "connection_string": url});
    let body = json!({"name": "web", "database": database});
    let preview = app.post("/api/containers/preview", &admin, body).await;
    let password = url.as_str().unwrap().split([':', '@']).nth(2).unwrap().to_owned();
    assert!(preview.status == 200 && !preview.text.contains(&password), "{preview:?}");
    let web = deployed!(
        app,
        &admin,
        json!({"image": IMAGE, "name": "web", "delivery": "file", "env_prefix": "OLD", "database": database})
    );
    assert_eq!(
        (web["external"]["type"].as_str(), web["external"]["host"].as_str()),
        (Some("postgresql"), Some("shop"))
    );
    assert_eq!(
        (web["external"]["env_prefix"].as_str(), web["external"]["port"].as_u64()),
        (Some("OLD"), Some(1))
    );
    assert!(!web.to_string().contains(&password));
    for (string, code) in [("shop", "unknown_scheme"), ("postgres://u:p@localhost", "host_is_the_app")] {
        let database = json!({"mode": "external", "connection_string": string});
        let body = json!({"image": IMAGE, "name": "other", "database": database});
        let refused = app.post("/api/containers", &admin, body).await;
        assert_eq!(refused.fields(), [("database.connection_string".to_owned(), code.to_owned())]);
    }
}

#[actix_web::test]
async fn an_image_says_which_engines_it_seems_to_want() {
    let app = start().await;
    let admin = app.admin().await;
    let look = app.get("/api/containers/suggest?image=docker.io/library/wordpress:6", &admin).await.json();
    assert_eq!(
        (look["is_present"].as_bool(), look["engines"].as_array().unwrap().len()),
        (Some(false), 2),
        "{look}"
    );
    assert!(look["engines"][0]["reasons"][0].as_str().unwrap().contains("wordpress"));
    let none = app.get("/api/containers/suggest", &admin).await;
    assert_eq!(none.fields(), [("image".to_owned(), "required".to_owned())]);
}

#[actix_web::test]
async fn a_container_of_somebody_else_is_looked_at_linked_and_given_back() {
    let app = start().await;
    app.runtime.add_plain_image(IMAGE);
    let blog = ForeignContainer {
        name: "blog".to_owned(),
        image: Some(IMAGE.to_owned()),
        ..ForeignContainer::default()
    };
    app.runtime.add_foreign_container(blog);
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let uri = format!("/api/databases/{id}/connections");
    let body = json!({"container_id": "blog", "delivery": "file"});
    let report = app.post(&format!("{uri}?dry_run=true"), &admin, body.clone()).await;
    assert_eq!(report.status, 200, "{report:?}");
    let report = report.json();
    assert_eq!((&report["is_possible"], &report["unkept"]), (&json!(true), &json!([])));
    let changes = report["changes"].as_array().unwrap();
    let has = |kind: &str, name: &str| {
        changes.iter().any(|change| change["kind"] == kind && change["name"] == name)
    };
    assert!(has("variable", "DB_HOST") && has("network", "stardeck-data"), "{report}");
    assert!(app.get("/api/containers", &admin).await.json()["items"].as_array().unwrap().is_empty());

    let odd = app.post(&uri, &admin, json!({"container_id": "no such name"})).await;
    assert_eq!(odd.fields(), [("container_id".to_owned(), "invalid_id".to_owned())]);
    let absent = app.post(&uri, &admin, json!({"container_id": "nobody"})).await;
    assert_eq!(absent.problem().0, 404);
    let begun = app.post(&uri, &admin, body).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    let list = app.get("/api/containers", &admin).await.json();
    let shown = &list["items"][0];
    assert_eq!((&shown["container_name"], &shown["is_foreign"]), (&json!("blog"), &json!(true)));
    let one = format!("/api/containers/{}?confirm=blog", id_of(shown));
    let refused = app.ask(Method::DELETE, &one, Some(&admin), None).await;
    assert_eq!(refused.problem(), (409, "managed_elsewhere".to_owned()));
    let cid = id_of(&begun.json()["connection"]);
    let gone = format!("{uri}/{cid}?user=revoke&database=keep");
    let begun = app.ask(Method::DELETE, &gone, Some(&admin), None).await;
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    assert!(app.get("/api/containers", &admin).await.json()["items"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn a_connection_string_is_tried_and_what_is_wrong_with_it_has_a_code() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let shown = app.get(&format!("/api/databases/{id}/credentials"), &admin).await.json();
    // Engines of the fake listen on port 1.
    let url = shown["internal_url"].as_str().unwrap().replacen(":5432/", ":1/", 1);
    let tried = app.post("/api/containers/test-connection", &admin, json!({"connection_string": url})).await;
    assert_eq!(tried.status, 200, "{tried:?}");
    let tried = tried.json();
    assert_eq!((&tried["host"], &tried["is_login_tried"]), (&json!("shop"), &json!(true)));
    assert!(tried["server_version"].is_string() && tried["tried_from"] == "host", "{tried}");
    for (given, code) in [
        (url.replacen("@shop", "x@shop", 1), "credentials_rejected"),
        (url.replacen("@shop", "@no-such-host.invalid", 1), "unknown_host"),
        (url.replacen(":1/", ":2/", 1), "unreachable"),
        ("mailto:me".to_owned(), "unknown_scheme"),
    ] {
        let refused =
            app.post("/api/containers/test-connection", &admin, json!({"connection_string": given})).await;
        assert_eq!(refused.fields(), [("connection_string".to_owned(), code.to_owned())]);
    }
}
