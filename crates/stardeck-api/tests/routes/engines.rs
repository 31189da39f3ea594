//! `/api/engines`

use crate::support::start;

#[actix_web::test]
async fn engines_say_all_that_a_form_needs() {
    let app = start().await;
    let admin = app.admin().await;
    let list = app.get("/api/engines", &admin).await.json();
    assert!(list["next_cursor"].is_null());
    let postgresql =
        list["items"].as_array().unwrap().iter().find(|e| e["type"] == "postgresql").unwrap().clone();
    assert_eq!(postgresql["internal_port"], 5432);
    assert_eq!(postgresql["port_range"]["first"], 5432);
    assert_eq!(postgresql["port_range"]["last"], 5499);
    let versions = postgresql["versions"].as_array().unwrap();
    assert!(versions.iter().any(|v| v["version"] == postgresql["default_version"]));
    let settings = postgresql["settings"].as_array().unwrap();
    let setting = settings.iter().find(|setting| setting["name"] == "max_connections").unwrap();
    assert_eq!(setting["rule"], "must be a whole number from 1 to 262143");
    for text in ["display_name", "description", "default_admin_user"] {
        assert!(!postgresql[text].as_str().unwrap().is_empty(), "{text}");
    }
}
