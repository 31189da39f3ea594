//! `/api/audit`

use crate::support::{PASSWORD, start};

#[actix_web::test]
async fn what_was_done_is_listed_newest_first_without_secrets() {
    let app = start().await;
    let admin = app.admin().await;
    app.account(&admin, "viewer").await;
    app.try_sign_in("viewer", "not the password").await;
    let log = app.get("/api/audit", &admin).await;
    let json = log.json();
    let actions: Vec<_> =
        json["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["login_failed", "login", "user_created", "login", "setup"]);
    assert_eq!(json["items"][2]["username"], "admin");
    assert_eq!(json["items"][2]["target_name"], "viewer");
    assert!(!log.text.contains(PASSWORD) && !log.text.contains("not the password"));
}
