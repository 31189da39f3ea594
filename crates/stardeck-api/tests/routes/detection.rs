//! `/api/databases/detect`

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stardeck_testkit::{ForeignContainer, POSTGRES_16};

use crate::support::start;

fn foreign(name: &str) -> ForeignContainer {
    ForeignContainer {
        name: name.to_owned(),
        image: Some(POSTGRES_16.to_owned()),
        host_ports: vec![15_432],
        ..ForeignContainer::default()
    }
}

#[actix_web::test]
async fn databases_of_others_are_listed_with_what_speaks_for_them() {
    let app = start().await;
    let admin = app.admin().await;
    app.deploy(&admin, json!({"type": "postgresql", "name": "shop"})).await;
    app.runtime.add_foreign_container(foreign("blog-db"));
    let list = app.get("/api/databases/detect", &admin).await.json();
    let items = list["items"].as_array().unwrap();
    assert_eq!((items.len(), &list["next_cursor"]), (1, &Value::Null), "{list}");
    let found = &items[0];
    let fields: BTreeSet<_> = found.as_object().unwrap().keys().map(String::as_str).collect();
    let wanted = "container_id container_name type flavor version image state ports confidence reasons";
    assert_eq!(fields, wanted.split_whitespace().collect());
    assert_eq!((&found["container_name"], &found["type"]), (&json!("blog-db"), &json!("postgresql")));
    assert_eq!((&found["version"], &found["flavor"]), (&json!("16"), &Value::Null));
    assert_eq!((&found["state"], &found["confidence"]), (&json!("running"), &json!("high")));
    assert_eq!(found["image"], POSTGRES_16);
    let port = json!({"bind_address": "127.0.0.1", "host_port": 15_432, "container_port": 5432});
    assert_eq!(found["ports"], json!([port]));
    assert!(found["reasons"].as_array().unwrap().iter().all(Value::is_string));
}

#[actix_web::test]
async fn long_lists_come_in_parts() {
    let app = start().await;
    let admin = app.admin().await;
    for name in ["one", "two", "three"] {
        app.runtime.add_foreign_container(ForeignContainer { host_ports: Vec::new(), ..foreign(name) });
    }
    let first = app.get("/api/databases/detect?limit=2", &admin).await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = app.get(&format!("/api/databases/detect?limit=2&cursor={cursor}"), &admin).await.json();
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next_cursor"]), (1, &Value::Null));
    let refused = app.get("/api/databases/detect?limit=0&cursor=x", &admin).await;
    let fields: Vec<_> = refused.fields().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["limit", "cursor"]);
}

#[actix_web::test]
async fn silence_of_podman_is_told() {
    let app = start().await;
    let admin = app.admin().await;
    app.runtime.go_away();
    let refused = app.get("/api/databases/detect", &admin).await;
    assert_eq!(refused.problem(), (503, "runtime_unavailable".to_owned()));
}
