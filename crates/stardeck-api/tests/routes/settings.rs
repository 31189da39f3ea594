//! `PATCH /api/databases/{id}`

use std::net::TcpListener;

use serde_json::{Value, json};
use stardeck_testkit::EngineBehaviour;

use crate::support::{id_of, start};

fn shop() -> Value {
    json!({"type": "postgresql", "name": "shop", "version": "16"})
}

#[actix_web::test]
async fn what_needs_no_other_container_is_done_at_once() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    let body = json!({"description": "the shop", "color": "#3366cc", "is_shared": false});
    let changed = app.patch(&uri, &admin, Some("\"1\""), body).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let json = changed.json();
    assert_eq!((&json["requires_restart"], &json["operation"]), (&json!(false), &Value::Null));
    let database = app.get(&uri, &admin).await.json();
    assert_eq!(database, json["database"]);
    assert_eq!((&database["description"], &database["color"]), (&json!("the shop"), &json!("#3366cc")));
    assert_eq!((&database["is_shared"], &database["revision"]), (&json!(false), &json!(2)));
    let cleared = app.patch(&uri, &admin, Some("2"), json!({"description": null, "color": null})).await;
    assert!(
        cleared.json()["database"]["description"].is_null() && cleared.json()["database"]["color"].is_null()
    );
    let log = app.get("/api/audit?limit=1", &admin).await.json();
    assert_eq!(log["items"][0]["action"], "database_changed");
}

#[actix_web::test]
async fn what_needs_another_container_is_202_with_an_operation() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    let body = json!({
        "memory_bytes": 536_870_912, "cpus": 1.5, "expose_port": true,
        "engine_settings": {"work_mem": "8MB", "max_connections": 42, "jit": false},
    });
    let begun = app.patch(&uri, &admin, Some("\"1\""), body).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    let json = begun.json();
    assert_eq!(json["requires_restart"], true);
    assert_eq!(
        (&json["operation"]["kind"], &json["database"]["status"]),
        (&json!("update"), &json!("restarting"))
    );
    let location = format!("/api/operations/{}", id_of(&json["operation"]));
    assert_eq!(begun.header("location"), Some(location.as_str()));
    let ended = app.follow(&admin, &json["operation"]).await;
    assert_eq!(ended["state"], "succeeded", "{ended}");
    let database = app.get(&uri, &admin).await.json();
    let settings = &database["settings"];
    assert_eq!((&settings["memory_bytes"], &settings["cpus"]), (&json!(536_870_912), &json!(1.5)));
    let chosen = json!({"jit": "false", "max_connections": "42", "work_mem": "8MB"});
    assert_eq!(settings["engine_settings"], chosen);
    let applied = json!([
        {"name": "jit", "value": "off", "is_tuned": false},
        {"name": "max_connections", "value": "42", "is_tuned": false},
        {"name": "shared_buffers", "value": "128MB", "is_tuned": true},
        {"name": "work_mem", "value": "8MB", "is_tuned": false},
    ]);
    assert_eq!(settings["applied_settings"], applied);
    assert_eq!(database["external_addresses"], json!(["127.0.0.1"]));

    let back = app.patch(&uri, &admin, Some("2"), json!({"engine_settings": {"jit": null}})).await;
    assert_eq!(app.follow(&admin, &back.json()["operation"]).await["state"], "succeeded");
    let database = app.get(&uri, &admin).await.json();
    assert!(database["settings"]["engine_settings"].get("jit").is_none(), "{database}");
}

#[actix_web::test]
async fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    let before = app.get(&uri, &admin).await.json();
    let dry = format!("{uri}?dry_run=true");
    let answer = app.patch(&dry, &admin, None, json!({"memory_bytes": 268_435_456})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let json = answer.json();
    assert_eq!((&json["requires_restart"], &json["operation"]), (&json!(true), &Value::Null));
    let changes = json!([
        {"field": "memory_bytes", "from": null, "to": "268435456", "requires_restart": true},
        {"field": "engine_settings.shared_buffers", "from": null, "to": "64MB", "requires_restart": true},
    ]);
    assert_eq!(json["changes"], changes);
    let note = app.patch(&dry, &admin, Some("1"), json!({"description": "x"})).await;
    assert_eq!(note.json()["requires_restart"], false);
    assert_eq!(app.get(&uri, &admin).await.json(), before);
    let wrong = app.patch(&format!("{uri}?dry_run=maybe"), &admin, None, json!({})).await;
    assert_eq!(wrong.fields(), [("dry_run".to_owned(), "unknown_value".to_owned())]);
}

#[actix_web::test]
async fn the_revision_has_to_be_named_and_be_the_present_one() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    let note = || json!({"description": "x"});
    assert_eq!(app.patch(&uri, &admin, None, note()).await.problem(), (428, "revision_required".to_owned()));
    for stale in ["\"2\"", "0"] {
        let answer = app.patch(&uri, &admin, Some(stale), note()).await;
        assert_eq!(answer.problem(), (412, "revision_mismatch".to_owned()));
    }
    let answer = app.patch(&uri, &admin, Some("latest"), note()).await;
    assert_eq!(answer.problem(), (400, "malformed_request".to_owned()));
    assert_eq!(app.patch(&uri, &admin, Some("*"), note()).await.status, 200);
}

#[actix_web::test]
async fn fields_that_break_rules_are_422() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    for (field, code, body) in [
        ("memory_bytes", "out_of_range", json!({"memory_bytes": 1000})),
        ("memory_bytes", "out_of_range", json!({"memory_bytes": -1})),
        ("cpus", "out_of_range", json!({"cpus": 0.001})),
        ("engine_settings", "unknown_setting", json!({"engine_settings": {"data_directory": "/etc"}})),
        ("engine_settings", "invalid_setting", json!({"engine_settings": {"work_mem": "much"}})),
        ("external_port", "needs_expose_port", json!({"external_port": 5433})),
        ("bind_address", "invalid_address", json!({"bind_address": "here"})),
        ("confirm_public", "confirmation_needed", json!({"expose_port": true, "bind_address": "0.0.0.0"})),
        ("bind_address", "ipv6_not_supported", json!({"expose_port": true, "bind_address": "::1"})),
        ("color", "invalid_color", json!({"color": "red"})),
        ("description", "too_long", json!({"description": "x".repeat(501)})),
    ] {
        let refused = app.patch(&uri, &admin, Some("1"), body).await;
        assert_eq!(refused.fields(), [(field.to_owned(), code.to_owned())]);
        assert_eq!(refused.json()["errors"][0]["pointer"], format!("/{field}"));
    }
    let unknown = app.patch(&uri, &admin, Some("1"), json!({"memory": 1})).await;
    assert_eq!(unknown.problem(), (400, "malformed_body".to_owned()));
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = app.patch(&uri, &admin, Some("1"), json!({"expose_port": true, "external_port": port})).await;
    assert_eq!(taken.problem(), (409, "port_taken".to_owned()));
    assert_eq!(app.get(&uri, &admin).await.json()["revision"], 1);
}

#[actix_web::test]
async fn a_public_port_lists_the_addresses_it_answers_at() {
    let app = start().await;
    let admin = app.admin().await;
    let mut request = shop();
    request["expose_port"] = json!(true);
    request["bind_address"] = json!("0.0.0.0");
    request["confirm_public"] = json!(true);
    let database = app.deploy(&admin, request).await;
    let addresses = database["external_addresses"].as_array().unwrap();
    assert_eq!(addresses[0], "127.0.0.1");
    assert!(addresses.iter().all(|address| address != "0.0.0.0"), "{addresses:?}");
}

#[actix_web::test]
async fn a_setting_that_the_server_refuses_is_an_undone_operation() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    let refuses = Some("work_mem".to_owned());
    app.runtime.set_engine_behaviour(EngineBehaviour { refuses_setting: refuses, ..Default::default() });
    let body = json!({"engine_settings": {"work_mem": "8MB"}});
    let begun = app.patch(&uri, &admin, Some("1"), body).await.json();
    let ended = app.follow(&admin, &begun["operation"]).await;
    assert_eq!((&ended["state"], &ended["undone"]), (&json!("failed"), &json!(true)));
    assert_eq!(ended["error"]["code"], "engine_exited");
    let database = app.get(&uri, &admin).await.json();
    assert_eq!((&database["status"], &database["revision"]), (&json!("running"), &json!(3)));
    assert_eq!(database["settings"]["engine_settings"], json!({}));
}

#[actix_web::test]
async fn changing_settings_is_for_administrators() {
    let app = start().await;
    let admin = app.admin().await;
    let operator = app.account(&admin, "operator").await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    let refused = app.patch(&uri, &operator, Some("1"), json!({"description": "x"})).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
}
