//! `/api/databases/{id}/databases` and `/api/databases/{id}/users`

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{id_of, start};

/// A name that has to be quoted everywhere, and as it stands in a path.
const HOSTILE: (&str, &str) = (r#"o'b/"r? #%"#, "o%27b%2F%22r%3F%20%23%25");

fn shop() -> Value {
    json!({"type": "postgresql", "name": "shop", "version": "16"})
}

#[actix_web::test]
async fn a_logical_database_is_made_listed_and_dropped() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let uri = format!("/api/databases/{id}/databases");
    let (name, in_path) = HOSTILE;
    let made = app.post(&uri, &admin, json!({"name": name, "extensions": ["citext"]})).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!((made.json()["name"].as_str(), made.json()["state"].as_str()), (Some(name), Some("active")));
    let again = app.post(&uri, &admin, json!({"name": name})).await;
    assert_eq!(again.problem(), (409, "name_taken".to_owned()));
    let viewer = app.account(&admin, "viewer").await;
    let list = app.get(&uri, &viewer).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    assert!(list["items"][0]["owner"].is_string() && list["items"][0]["size_bytes"].is_number(), "{list}");

    let name = in_path;
    let one = format!("/api/databases/{id}/databases/{name}");
    let unconfirmed = app.ask(Method::DELETE, &format!("{one}?confirm=shop"), Some(&admin), None).await;
    assert_eq!(unconfirmed.fields(), [("confirm".to_owned(), "mismatch".to_owned())]);
    let none = app.ask(Method::DELETE, &one, Some(&admin), None).await;
    assert_eq!(none.fields(), [("confirm".to_owned(), "required".to_owned())]);
    let confirmed = format!("{one}?confirm={name}");
    assert_eq!(app.ask(Method::DELETE, &confirmed, Some(&admin), None).await.status, 204);
    let gone = app.ask(Method::DELETE, &confirmed, Some(&admin), None).await;
    assert_eq!(gone.problem(), (404, "not_found".to_owned()));
    assert!(app.get(&uri, &admin).await.json()["items"].as_array().unwrap().is_empty());
    let audit = app.get("/api/audit", &admin).await.text;
    assert!(audit.contains("logical_database_created") && audit.contains("logical_database_dropped"));
}

#[actix_web::test]
async fn a_user_is_made_shown_with_its_login_only_when_asked_and_dropped() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    app.post(&format!("/api/databases/{id}/databases"), &admin, json!({"name": "app"})).await;
    let uri = format!("/api/databases/{id}/users");
    let body =
        json!({"username": "a b/c", "password": "p@ss/w0rd", "database_name": "app", "preset": "read_only"});
    let made = app.post(&uri, &admin, body.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(
        (made.json()["preset"].as_str(), made.json()["is_admin"].as_bool()),
        (Some("read_only"), Some(false))
    );
    assert_eq!(app.post(&uri, &admin, body).await.problem(), (409, "name_taken".to_owned()));
    let list = app.get(&uri, &admin).await;
    let names: Vec<_> =
        list.json()["items"].as_array().unwrap().iter().map(|user| user["username"].clone()).collect();
    assert_eq!(names, ["a b/c", "postgres"]);
    assert!(!made.text.contains("p@ss") && !list.text.contains("p@ss"));

    let name = "a%20b%2Fc";
    let shown = app.get(&format!("/api/databases/{id}/users/{name}/credentials"), &admin).await;
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let login = shown.json();
    assert_eq!(
        (login["password"].as_str(), login["database_name"].as_str()),
        (Some("p@ss/w0rd"), Some("app"))
    );
    let url = login["internal_url"].as_str().unwrap();
    assert_eq!(url, "postgresql://a%20b%2Fc:p%40ss%2Fw0rd@shop:5432/app");
    assert_eq!(app.get("/api/audit?limit=1", &admin).await.json()["items"][0]["action"], "credentials_read");

    let one = format!("/api/databases/{id}/users/{name}?confirm={name}");
    assert_eq!(app.ask(Method::DELETE, &one, Some(&admin), None).await.status, 204);
    assert_eq!(
        app.ask(Method::DELETE, &one, Some(&admin), None).await.problem(),
        (404, "not_found".to_owned())
    );
}

#[actix_web::test]
async fn fields_that_the_engine_does_not_take_are_422() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let databases = format!("/api/databases/{id}/databases");
    let users = format!("/api/databases/{id}/users");
    app.post(&databases, &admin, json!({"name": "app"})).await;
    let long = "x".repeat(58);
    let user = |username: &str, database: &str| json!({"username": username, "database_name": database});
    for (uri, body, field, code) in [
        (&databases, json!({}), "name", "required"),
        (&databases, json!({"name": "template1"}), "name", "reserved_name"),
        (&databases, json!({"name": long}), "name", "too_long"),
        (&databases, json!({"name": "a\nb"}), "name", "control_character"),
        (&databases, json!({"name": "a", "encoding": "x'y"}), "encoding", "invalid_name"),
        (&databases, json!({"name": "a", "extensions": ["a;b"]}), "extensions", "invalid_name"),
        (&users, user("postgres", "app"), "username", "reserved_name"),
        (&users, user("stardeck", "app"), "username", "reserved_name"),
        (&users, user("clerk", "other"), "database_name", "unknown_database"),
        (
            &users,
            json!({"username": "a", "database_name": "app", "preset": "root"}),
            "preset",
            "unknown_value",
        ),
        (
            &users,
            json!({"username": "a", "database_name": "app", "connection_limit": 0}),
            "connection_limit",
            "out_of_range",
        ),
    ] {
        let refused = app.post(uri, &admin, body).await;
        assert_eq!(refused.fields(), [(field.to_owned(), code.to_owned())]);
    }
}

#[actix_web::test]
async fn what_is_inside_can_be_seen_while_it_runs_only() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let stop = app.post(&format!("/api/databases/{id}/stop"), &admin, json!({})).await.json();
    app.follow(&admin, &stop["operation"]).await;
    for uri in [format!("/api/databases/{id}/databases"), format!("/api/databases/{id}/users")] {
        assert_eq!(app.get(&uri, &admin).await.problem(), (409, "database_not_running".to_owned()));
    }
}
