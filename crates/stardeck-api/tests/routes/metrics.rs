//! `/metrics`

use serde_json::json;

use crate::support::start;

#[actix_web::test]
async fn figures_are_told_to_a_collector_with_a_token_to_read() {
    let app = start().await;
    let admin = app.admin().await;
    app.deploy(&admin, json!({"type": "postgresql", "name": "shop", "version": "17"})).await;
    for _ in 0..3 {
        app.get("/api/databases/01890a5d-ac96-774b-bcce-b302099a8057", &admin).await;
        app.get("/no/such/path/whatever-people-ask-for", &admin).await;
    }
    let collector = app.token(&admin, "read").await;
    let answer = app.get("/metrics", &collector).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    for line in [
        r#"stardeck_requests_total{method="GET",path="/api/databases/{id}",status="404"} 3"#,
        r#"stardeck_requests_total{method="GET",path="other",status="404"} 3"#,
        r#"stardeck_databases{status="running"} 1"#,
        r#"stardeck_databases{status="missing"} 0"#,
        r#"stardeck_operations{kind="create",state="succeeded"} 1"#,
        "stardeck_podman_up 1",
    ] {
        assert!(answer.text.lines().any(|found| found == line), "{line} is not in\n{}", answer.text);
    }
    assert!(!answer.text.contains("whatever-people-ask-for") && !answer.text.contains("shop"));
    app.runtime.go_away();
    let answer = app.get("/metrics", &collector).await;
    assert!(answer.status == 200 && answer.text.contains("stardeck_podman_up 0\n"), "{answer:?}");
    app.runtime.come_back();
}
