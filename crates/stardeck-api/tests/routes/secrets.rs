//! What a viewer and an operator can read, all of it: no answer and no frame has a secret in it.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{
    id_of,
    socket::{bearer, connect, rest},
    start,
};

const IMAGE: &str = "docker.io/acme/web:1";
const CHOSEN: &str = "Tr0ub4dor-3-in-the-clear";

/// Every operation that reads and that the document lets a role do that is below the administrator's.
fn readable() -> Vec<String> {
    let document = serde_json::to_value(stardeck_api::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let get = &methods["get"];
        let is_socket = get["responses"]["101"].is_object();
        if get.is_object() && !is_socket && get["security"][0]["bearer"][0] != "admin" {
            found.push(path.clone());
        }
    }
    assert!(found.len() >= 20, "{found:?}");
    found
}

#[actix_web::test]
async fn nothing_that_a_viewer_or_an_operator_can_read_holds_a_secret() {
    let app = start().await;
    app.runtime.add_plain_image(IMAGE);
    let admin = app.admin().await;
    let (viewer, operator) = (app.account(&admin, "viewer").await, app.account(&admin, "operator").await);
    let shop = json!({"type": "postgresql", "name": "shop", "version": "16", "admin_password": CHOSEN});
    let database = id_of(&app.deploy(&admin, shop).await);
    let registry = json!({"host": "registry.example", "username": "ci", "password": "registry-hush-hush"});
    assert_eq!(app.post("/api/registries", &admin, registry).await.status, 201);
    let web = json!({
        "image": IMAGE, "name": "web", "env": {"API_TOKEN": "env-hush-hush"}, "delivery": "file",
        "database": {"mode": "existing", "database_id": database},
    });
    let begun = app.post("/api/containers", &admin, web).await.json();
    assert_eq!(app.follow(&admin, &begun["operation"]).await["state"], "succeeded");
    let (container, operation) = (id_of(&begun["container"]), id_of(&begun["operation"]));
    let links = app.get(&format!("/api/databases/{database}/connections"), &admin).await.json();
    let link = format!("/api/databases/{database}/connections/{}/credentials", id_of(&links["items"][0]));
    let shown = app.get(&link, &admin).await.json();
    let password = shown["password"].as_str().unwrap().to_owned();
    let token = app.token(&viewer, "read").await;
    let secrets = [CHOSEN, "registry-hush-hush", "env-hush-hush", &password, &viewer, &operator, &token];

    let mut read = 0;
    for path in readable() {
        let id = match path.split('/').nth(2).unwrap_or_default() {
            "databases" => &database,
            "containers" => &container,
            "operations" => &operation,
            _ => "01890a5d-ac96-774b-bcce-b302099a8057",
        };
        let uri = path.replace("{id}", id).replace("{name}", "web");
        for asker in [&viewer, &operator] {
            let answer = app.ask(Method::GET, &uri, Some(asker), None).await;
            read += u32::from(answer.status.is_success());
            for secret in secrets {
                assert!(!answer.text.contains(secret), "{path} tells {secret}");
            }
        }
    }
    assert!(read >= 30, "{read} answers are too few to prove anything");

    let at = app.listen();
    let socket = connect(at, &format!("/api/operations/{operation}/events"), &bearer(&viewer)).await.unwrap();
    let (frames, _) = rest(socket).await;
    let told = frames.concat();
    assert!(told.contains("app_secrets"), "we look where things are: {told}");
    assert!(secrets.iter().all(|secret| !told.contains(secret)));
}

/// The same things exist for an administrator, so that the test above looks for what is there.
#[actix_web::test]
async fn a_reveal_is_for_administrators_and_written_down_each_time() {
    let app = start().await;
    let admin = app.admin().await;
    let operator = app.account(&admin, "operator").await;
    let shop = json!({"type": "postgresql", "name": "shop", "version": "16", "admin_password": CHOSEN});
    let uri = format!("/api/databases/{}/credentials", id_of(&app.deploy(&admin, shop).await));
    assert_eq!(app.get(&uri, &operator).await.problem(), (403, "forbidden".to_owned()));
    for _ in 0..2 {
        assert_eq!(app.get(&uri, &admin).await.json()["password"], CHOSEN);
    }
    let log = app.get("/api/audit?limit=3", &admin).await;
    let told: Vec<Value> = log.json()["items"].as_array().unwrap().clone();
    let actions: Vec<_> = told.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["credentials_read", "credentials_read", "access_refused"]);
    assert!(!log.text.contains(CHOSEN));
}
