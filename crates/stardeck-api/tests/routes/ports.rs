//! `/api/ports`

use actix_web::http::Method;
use serde_json::json;
use stardeck_testkit::ForeignContainer;

use crate::support::start;

#[actix_web::test]
async fn next_port_is_the_first_that_nobody_holds() {
    let app = start().await;
    let admin = app.admin().await;
    let first = app.get("/api/ports/next?type=postgresql", &admin).await.json()["port"].as_u64().unwrap();
    assert!((5432..5499).contains(&first));
    let foreign = ForeignContainer {
        name: "other".to_owned(),
        host_ports: vec![u16::try_from(first).unwrap()],
        ..ForeignContainer::default()
    };
    app.runtime.add_foreign_container(foreign);
    let second = app.get("/api/ports/next?type=postgresql", &admin).await.json()["port"].as_u64().unwrap();
    assert!(second > first);
    let body = json!({"type": "postgresql", "name": "shop", "expose_port": true});
    let made = app.ask(Method::POST, "/api/databases", Some(&admin), Some(body)).await.json();
    assert_eq!(made["database"]["external_port"], second);
    let third = app.get("/api/ports/next?type=postgresql", &admin).await.json()["port"].as_u64().unwrap();
    assert!(third > second);
}

#[actix_web::test]
async fn query_that_is_not_right_is_told_by_its_parameters() {
    let app = start().await;
    let admin = app.admin().await;
    for (query, field) in
        [("", "type"), ("?type=oracle", "type"), ("?type=postgresql&bind_address=here", "bind_address")]
    {
        let answer = app.get(&format!("/api/ports/next{query}"), &admin).await;
        assert_eq!(answer.problem().0, 422, "{query}");
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
}
