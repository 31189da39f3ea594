//! `/api/databases/…`

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{id_of, start};

fn shop() -> Value {
    json!({"type": "postgresql", "name": "shop", "version": "16"})
}

#[actix_web::test]
async fn a_deployment_is_202_with_an_operation_that_can_be_followed() {
    let app = start().await;
    let admin = app.admin().await;
    let begun = app.post("/api/databases", &admin, shop()).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    let json = begun.json();
    assert_eq!(json["database"]["status"], "creating");
    assert_eq!(json["operation"]["kind"], "create");
    assert_eq!(json["operation"]["target"], json["database"]["id"]);
    let location = format!("/api/operations/{}", id_of(&json["operation"]));
    assert_eq!(begun.header("location"), Some(location.as_str()));

    let ended = app.follow(&admin, &json["operation"]).await;
    assert_eq!(ended["state"], "succeeded", "{ended}");
    assert!(ended["steps"].as_array().unwrap().iter().all(|step| step["state"] == "succeeded"), "{ended}");
    assert!(ended["error"].is_null() && ended["undone"].is_null());
    let database = app.get(&format!("/api/databases/{}", id_of(&json["database"])), &admin).await.json();
    assert_eq!(database["status"], "running");
    assert_eq!(database["health"], "healthy");
}

#[actix_web::test]
async fn a_database_has_these_fields_and_no_password() {
    let app = start().await;
    let admin = app.admin().await;
    let mut request = shop();
    request["admin_password"] = json!("Hush-hush-1");
    let database = app.deploy(&admin, request).await;
    let fields: BTreeSet<_> = database.as_object().unwrap().keys().map(String::as_str).collect();
    let wanted = "admin_user allowed_actions bind_address color connection_count container_id created_at created_by \
        description desired_state external_addresses external_host external_port flavor health id image internal_host internal_port \
        is_shared last_answer_at latency_ms name network origin revision server_version settings status status_reason type updated_at \
        version";
    assert_eq!(fields, wanted.split_whitespace().collect());
    assert_eq!(database["internal_host"], "shop");
    assert_eq!(database["internal_port"], 5432);
    assert_eq!(database["network"], "stardeck-data");
    assert_eq!(database["connection_count"], 0);
    assert_eq!(database["allowed_actions"], json!(["stop", "restart", "update", "delete"]));
    for absent in ["external_port", "external_host", "flavor", "description"] {
        assert!(database[absent].is_null(), "{absent}");
    }
    for uri in
        ["/api/databases".to_owned(), format!("/api/databases/{}", id_of(&database)), "/api/audit".to_owned()]
    {
        assert!(!app.get(&uri, &admin).await.text.contains("Hush-hush-1"), "{uri}");
    }
}

#[actix_web::test]
async fn credentials_are_for_administrators_and_are_audited() {
    let app = start().await;
    let admin = app.admin().await;
    let mut request = shop();
    request["expose_port"] = json!(true);
    request["admin_password"] = json!("p@:/#?% '");
    let database = app.deploy(&admin, request).await;
    let uri = format!("/api/databases/{}/credentials", id_of(&database));
    let answer = app.get(&uri, &admin).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let credentials = answer.json();
    assert_eq!(credentials["username"], "postgres");
    assert_eq!(credentials["password"], "p@:/#?% '");
    let internal = credentials["internal_url"].as_str().unwrap();
    assert!(internal.starts_with("postgresql://postgres:p%40%3A%2F%23%3F%25"), "{internal}");
    assert!(internal.contains("@shop:5432"), "{internal}");
    let external = format!("@127.0.0.1:{}", database["external_port"]);
    assert!(credentials["external_url"].as_str().unwrap().contains(&external));

    let log = app.get("/api/audit?limit=1", &admin).await.json();
    assert_eq!(log["items"][0]["action"], "credentials_read");
    assert_eq!(log["items"][0]["target_id"], database["id"]);
    let operator = app.account(&admin, "operator").await;
    assert_eq!(app.get(&uri, &operator).await.problem(), (403, "forbidden".to_owned()));
}

#[actix_web::test]
async fn fields_that_break_rules_are_422_and_leave_nothing() {
    let app = start().await;
    let admin = app.admin().await;
    for (field, code, request) in [
        ("name", "invalid_name", json!({"type": "postgresql", "name": "my shop"})),
        ("version", "invalid_version", json!({"type": "postgresql", "name": "shop", "version": "abc"})),
        (
            "external_port",
            "needs_expose_port",
            json!({"type": "postgresql", "name": "shop", "external_port": 5433}),
        ),
        (
            "external_port",
            "out_of_range",
            json!({"type": "postgresql", "name": "shop", "external_port": 65536}),
        ),
        (
            "confirm_public",
            "confirmation_needed",
            json!({"type": "postgresql", "name": "shop", "expose_port": true, "bind_address": "0.0.0.0"}),
        ),
        (
            "bind_address",
            "invalid_address",
            json!({"type": "postgresql", "name": "shop", "bind_address": "here"}),
        ),
        ("type", "unknown_value", json!({"type": "oracle", "name": "shop"})),
    ] {
        let refused = app.post("/api/databases", &admin, request).await;
        assert_eq!(refused.fields(), [(field.to_owned(), code.to_owned())]);
        assert_eq!(refused.json()["errors"][0]["pointer"], format!("/{field}"));
    }
    assert_eq!(app.get("/api/databases", &admin).await.json()["items"], json!([]));
    assert_eq!(app.get("/api/operations", &admin).await.json()["items"], json!([]));
}

#[actix_web::test]
async fn a_name_or_port_that_is_taken_is_409() {
    let app = start().await;
    let admin = app.admin().await;
    let mut request = shop();
    request["expose_port"] = json!(true);
    let first = app.deploy(&admin, request.clone()).await;
    assert_eq!(
        app.post("/api/databases", &admin, request.clone()).await.problem(),
        (409, "name_taken".to_owned())
    );
    request["name"] = json!("other");
    request["external_port"] = first["external_port"].clone();
    assert_eq!(app.post("/api/databases", &admin, request).await.problem(), (409, "port_taken".to_owned()));
}

#[actix_web::test]
async fn the_same_name_twice_at_once_is_one_202_and_one_409() {
    let app = start().await;
    let admin = app.admin().await;
    let (a, b) = futures_util::join!(
        app.post("/api/databases", &admin, shop()),
        app.post("/api/databases", &admin, shop())
    );
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 409]);
}

#[actix_web::test]
async fn without_podman_a_deployment_is_503_with_a_time_to_come_back() {
    let app = start().await;
    let admin = app.admin().await;
    app.runtime.go_away();
    let refused = app.post("/api/databases", &admin, shop()).await;
    assert_eq!(refused.problem(), (503, "runtime_unavailable".to_owned()));
    assert!(refused.header("retry-after").is_some());
    assert_eq!(app.get("/api/databases", &admin).await.json()["items"], json!([]));
}

#[actix_web::test]
async fn an_image_that_does_not_exist_ends_as_an_undone_operation_with_a_problem() {
    let app = start().await;
    let admin = app.admin().await;
    let request =
        json!({"type": "postgresql", "name": "shop", "version": "16", "image": "postgres:16-nonsense"});
    let begun = app.post("/api/databases", &admin, request).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    let ended = app.follow(&admin, &begun.json()["operation"]).await;
    assert_eq!(ended["state"], "failed");
    assert_eq!(ended["undone"], true);
    let error = &ended["error"];
    assert_eq!((&error["code"], &error["status"]), (&json!("image_not_found"), &json!(502)));
    assert_eq!(error["type"], "/docs/problems/image_not_found");
    assert_eq!(error["step"], "image");
    assert_eq!(error["instance"], format!("/api/operations/{}", id_of(&ended)));
    assert_eq!(app.get("/api/databases", &admin).await.json()["items"], json!([]));
}

#[actix_web::test]
async fn an_operator_stops_starts_and_restarts() {
    let app = start().await;
    let admin = app.admin().await;
    let operator = app.account(&admin, "operator").await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    for (verb, status) in [("/stop", "stopped"), ("/start", "running"), ("/restart", "running")] {
        let begun = app.ask(Method::POST, &format!("/api/databases/{id}{verb}"), Some(&operator), None).await;
        assert_eq!(begun.status, 202, "{begun:?}");
        assert!(begun.header("location").unwrap().starts_with("/api/operations/"));
        let ended = app.follow(&operator, &begun.json()["operation"]).await;
        assert_eq!(ended["state"], "succeeded", "{ended}");
        let database = app.get(&format!("/api/databases/{id}"), &operator).await.json();
        assert_eq!(database["status"], status);
    }
}

#[actix_web::test]
async fn what_the_status_does_not_allow_is_409() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let started = app.ask(Method::POST, &format!("/api/databases/{id}/start"), Some(&admin), None).await;
    assert_eq!(started.problem(), (409, "invalid_transition".to_owned()));
}

#[actix_web::test]
async fn a_second_operation_is_409_with_the_first_ones_id() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    app.runtime.hang_method(stardeck_testkit::Method::StopContainer);
    let first = app.ask(Method::POST, &format!("/api/databases/{id}/stop"), Some(&admin), None).await.json();
    app.runtime.until_hanging().await;
    let second = app.ask(Method::POST, &format!("/api/databases/{id}/restart"), Some(&admin), None).await;
    assert_eq!(second.problem(), (409, "operation_in_progress".to_owned()));
    assert_eq!(second.json()["operation_id"], first["operation"]["id"]);
    app.runtime.release();
    assert_eq!(app.follow(&admin, &first["operation"]).await["state"], "succeeded");
}

#[actix_web::test]
async fn removal_needs_a_word_on_the_data_and_the_name() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    for (query, fields) in [
        ("", vec!["data", "confirm"]),
        ("?data=delete", vec!["confirm"]),
        ("?confirm=shop", vec!["data"]),
        ("?data=burn&confirm=shop", vec!["data"]),
        ("?data=delete&confirm=shap", vec!["confirm"]),
    ] {
        let refused = app.ask(Method::DELETE, &format!("{uri}{query}"), Some(&admin), None).await;
        let told: Vec<_> = refused.fields().into_iter().map(|(field, _)| field).collect();
        assert_eq!(told, fields, "{query}");
        assert!(refused.json()["errors"][0]["pointer"].is_null());
    }
    let query = "?data=delete&confirm=shop";
    let begun = app.ask(Method::DELETE, &format!("{uri}{query}"), Some(&admin), None).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    assert_eq!(app.get(&uri, &admin).await.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn log_lines_come_oldest_first_and_as_many_as_asked_for() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}/logs", id_of(&app.deploy(&admin, shop()).await));
    let all = app.get(&uri, &admin).await.json();
    let lines = all["items"].as_array().unwrap();
    assert!(!lines.is_empty());
    assert!(
        lines
            .iter()
            .all(|l| matches!(l["stream"].as_str(), Some("stdout" | "stderr")) && l["line"].is_string())
    );
    let last = app.get(&format!("{uri}?tail=1"), &admin).await.json();
    assert_eq!(last["items"].as_array().unwrap().as_slice(), &lines[lines.len() - 1..]);
    let none = app.get(&format!("{uri}?since=2999-01-01T00:00:00Z"), &admin).await.json();
    assert_eq!(none["items"], json!([]));
    let wrong = app.get(&format!("{uri}?tail=0&since=yesterday"), &admin).await;
    assert_eq!(wrong.fields().len(), 2);
}

#[actix_web::test]
async fn an_id_that_nothing_has_and_a_text_that_is_no_id_are_404() {
    let app = start().await;
    let admin = app.admin().await;
    for id in ["01890a5d-ac96-774b-bcce-b302099a8057", "nonsense", "%00", "..%2f"] {
        let answer = app.get(&format!("/api/databases/{id}"), &admin).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{id}");
    }
}

/// The request is cut off while the server asks the runtime, which is the longest part of it.
#[actix_web::test]
async fn a_client_that_goes_away_leaves_nothing_half_begun() {
    let app = start().await;
    let admin = app.admin().await;
    app.runtime.hang_method(stardeck_testkit::Method::ListContainers);
    {
        let request = std::pin::pin!(app.post("/api/databases", &admin, shop()));
        let hanging = std::pin::pin!(app.runtime.until_hanging());
        let first = futures_util::future::select(request, hanging).await;
        assert!(matches!(first, futures_util::future::Either::Right(_)));
    }
    app.runtime.release();
    let operation = stardeck_testkit::until("the operation", || async {
        app.get("/api/operations", &admin).await.json()["items"].get(0).cloned()
    })
    .await;
    assert_eq!(app.follow(&admin, &operation).await["state"], "succeeded");
}

#[actix_web::test]
async fn passwords_of_the_administrator_and_of_our_own_role_are_replaced() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, json!({"type": "postgresql", "name": "shop", "version": "16"})).await);
    let uri = format!("/api/databases/{id}/credentials");
    let rotate = format!("/api/databases/{id}/credentials/rotate");
    let before = app.get(&uri, &admin).await.json()["password"].clone();
    for purpose in ["management", "admin"] {
        let done = app.post(&rotate, &admin, json!({"purpose": purpose})).await;
        assert_eq!(done.status, 204, "{done:?}");
    }
    assert_ne!(app.get(&uri, &admin).await.json()["password"], before);
    let wrong = app.post(&rotate, &admin, json!({"purpose": "app"})).await;
    assert_eq!(wrong.fields(), [("purpose".to_owned(), "unknown_value".to_owned())]);
}
