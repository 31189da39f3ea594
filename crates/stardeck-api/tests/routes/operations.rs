//! `/api/operations/…`

use actix_web::http::Method;
use serde_json::json;
use stardeck_testkit::Method as Call;

use crate::support::{id_of, start};

#[actix_web::test]
async fn operations_are_found_by_state_and_target() {
    let app = start().await;
    let admin = app.admin().await;
    let shop = app.deploy(&admin, json!({"type": "postgresql", "name": "shop", "version": "16"})).await;
    app.deploy(&admin, json!({"type": "postgresql", "name": "blog", "version": "16"})).await;
    let count = |list: serde_json::Value| list["items"].as_array().unwrap().len();
    assert_eq!(count(app.get("/api/operations", &admin).await.json()), 2);
    assert_eq!(count(app.get("/api/operations?state=succeeded", &admin).await.json()), 2);
    assert_eq!(count(app.get("/api/operations?state=failed", &admin).await.json()), 0);
    let of_shop = app.get(&format!("/api/operations?target={}", id_of(&shop)), &admin).await.json();
    assert_eq!(count(of_shop.clone()), 1);
    assert_eq!(of_shop["items"][0]["target"], shop["id"]);
    assert_eq!(of_shop["items"][0]["target_type"], "database");
}

#[actix_web::test]
async fn the_log_of_an_operation_is_read_in_parts() {
    let app = start().await;
    let admin = app.admin().await;
    let begun = app
        .post("/api/databases", &admin, json!({"type": "postgresql", "name": "shop", "version": "16"}))
        .await;
    let operation = app.follow(&admin, &begun.json()["operation"]).await;
    let uri = format!("/api/operations/{}/log", id_of(&operation));
    let all = app.get(&uri, &admin).await.json();
    let lines = all["items"].as_array().unwrap().clone();
    let seqs: Vec<_> = lines.iter().map(|line| line["seq"].as_u64().unwrap()).collect();
    assert!(seqs.is_sorted());
    if let Some(first) = lines.first() {
        let part = app.get(&format!("{uri}?limit=1"), &admin).await.json();
        assert_eq!(part["items"], json!([first]));
        let rest =
            app.get(&format!("{uri}?cursor={}", part["next_cursor"].as_str().unwrap()), &admin).await.json();
        assert_eq!(rest["items"].as_array().unwrap().as_slice(), &lines[1..]);
    }
}

#[actix_web::test]
async fn a_cancelled_deployment_takes_back_what_it_did() {
    let app = start().await;
    let admin = app.admin().await;
    app.runtime.hang_method(Call::CreateContainer);
    let begun = app
        .post("/api/databases", &admin, json!({"type": "postgresql", "name": "shop", "version": "16"}))
        .await;
    app.runtime.until_hanging().await;
    let operation = begun.json()["operation"].clone();
    let uri = format!("/api/operations/{}/cancel", id_of(&operation));
    let asked = app.ask(Method::POST, &uri, Some(&admin), None).await;
    assert_eq!(asked.status, 202, "{asked:?}");
    assert!(asked.json()["operation"]["cancel_requested_at"].is_string());
    app.runtime.release();
    let ended = app.follow(&admin, &operation).await;
    assert_eq!((&ended["state"], &ended["undone"]), (&json!("cancelled"), &json!(true)), "{ended}");
    let again = app.ask(Method::POST, &uri, Some(&admin), None).await;
    assert_eq!(again.problem(), (409, "operation_ended".to_owned()));
}
