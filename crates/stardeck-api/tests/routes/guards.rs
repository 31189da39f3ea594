//! Every operation of the document, asked by everybody: what it says about roles is what the server does.

use actix_web::http::Method;
use serde_json::Value;

use crate::support::start;

/// Operations that need nobody signed in.
const OPEN: [&str; 6] = ["get_setup", "complete_setup", "login", "live", "ready", "show_openapi"];

struct Operation {
    name: String,
    method: Method,
    uri: String,
    path: String,
    role: Option<String>,
}

/// The operations of the document, with an id that nothing has in place of parameters.
fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(stardeck_api::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push(Operation {
                name: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                uri: path
                    .replace("{id}", "01890a5d-ac96-774b-bcce-b302099a8057")
                    .replace("{container_id}", "no-such-container")
                    .replace("{cid}", "01890a5d-ac96-774b-bcce-b302099a8057")
                    .replace("{name}", "nobody"),
                path: path.clone(),
                role: role_of(operation),
            });
        }
    }
    assert!(found.len() >= 29, "{}", found.len());
    found
}

/// The role that both ways of signing in need, as the document says.
fn role_of(operation: &Value) -> Option<String> {
    let requirements = operation["security"].as_array()?;
    let role = requirements[0]["bearer"][0].as_str().unwrap();
    assert_eq!(requirements[1]["cookie"][0], role);
    assert_eq!(requirements.len(), 2);
    Some(role.to_owned())
}

#[actix_web::test]
async fn without_a_session_everything_but_the_open_operations_is_401() {
    let app = start().await;
    app.admin().await;
    for operation in operations() {
        let is_open = OPEN.contains(&operation.name.as_str());
        assert_eq!(operation.role.is_none(), is_open, "{}", operation.name);
        let answer = app.ask(operation.method.clone(), &operation.uri, None, None).await;
        if is_open {
            assert_ne!(answer.status, 401, "{}", operation.name);
        } else {
            assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()), "{}", operation.name);
        }
        let stale = app.ask(operation.method, &operation.uri, Some("no-such-token"), None).await;
        assert_eq!(stale.status == 401, !is_open, "{}", operation.name);
    }
}

#[actix_web::test]
async fn a_role_that_is_too_low_is_403_and_a_sufficient_one_is_not() {
    let app = start().await;
    let admin = app.admin().await;
    let viewer = app.account(&admin, "viewer").await;
    let operator = app.account(&admin, "operator").await;
    let people = [("viewer", viewer), ("operator", operator), ("admin", admin)];
    let rank = |role: &str| people.iter().position(|(name, _)| *name == role).unwrap();
    for operation in operations() {
        // The session has to last; and of passwords, everybody may change their own, which is tested with the users.
        if matches!(operation.name.as_str(), "logout" | "change_password") {
            continue;
        }
        let Some(needed) = &operation.role else { continue };
        for (role, token) in &people {
            let answer = app.ask(operation.method.clone(), &operation.uri, Some(token), None).await;
            if rank(role) < rank(needed) {
                assert_eq!(answer.problem(), (403, "forbidden".to_owned()), "{role} {}", operation.name);
                assert!(answer.json()["detail"].as_str().unwrap().contains(needed.as_str()));
            } else {
                assert!(!matches!(answer.status.as_u16(), 401 | 403), "{role} {}", operation.name);
            }
        }
    }
}

#[actix_web::test]
async fn every_status_that_is_answered_is_declared() {
    let app = start().await;
    let admin = app.admin().await;
    let document = serde_json::to_value(stardeck_api::openapi()).unwrap();
    for operation in operations() {
        let method = operation.method.as_str().to_lowercase();
        let declared = document["paths"][&operation.path][&method]["responses"].as_object().unwrap();
        let empty = Some(serde_json::json!({}));
        for (token, body) in
            [(None, None), (None, empty.clone()), (Some(&*admin), None), (Some(&*admin), empty)]
        {
            if operation.name == "logout" && token.is_some() {
                continue;
            }
            let answer = app.ask(operation.method.clone(), &operation.uri, token, body).await;
            let response = declared.get(answer.status.as_str());
            let response = response.unwrap_or_else(|| panic!("{} {}", operation.name, answer.status));
            if answer.status.is_client_error() {
                assert!(response["content"]["application/problem+json"].is_object(), "{}", operation.name);
            }
        }
    }
}

/// Each operation is asked for by its path in some test of this folder.
#[test]
fn every_operation_has_a_test() {
    let sources = [
        include_str!("adoption.rs"),
        include_str!("apps.rs"),
        include_str!("audit.rs"),
        include_str!("auth.rs"),
        include_str!("databases.rs"),
        include_str!("detection.rs"),
        include_str!("docs.rs"),
        include_str!("engines.rs"),
        include_str!("events.rs"),
        include_str!("follow.rs"),
        include_str!("health.rs"),
        include_str!("logical.rs"),
        include_str!("missing.rs"),
        include_str!("operations.rs"),
        include_str!("ports.rs"),
        include_str!("registries.rs"),
        include_str!("settings.rs"),
        include_str!("setup.rs"),
        include_str!("users.rs"),
        include_str!("volumes.rs"),
        include_str!("watch.rs"),
        include_str!("support/mod.rs"),
    ]
    .concat();
    let document = serde_json::to_value(stardeck_api::openapi()).unwrap();
    for path in document["paths"].as_object().unwrap().keys() {
        let (before, after) = path.split_once("{id}").unwrap_or((path, ""));
        assert!(sources.contains(before) && sources.contains(after), "{path}");
    }
}
