//! The authorization matrix: every operation of the document, asked by everybody. What the document says about roles is
//! what the server does.

use actix_web::{
    Error,
    body::BoxBody,
    dev::{Service, ServiceResponse},
    http::{Method, header},
    test::TestRequest,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use stardeck_domain::TokenScope;

use crate::support::{
    Answer, TestApp, id_of,
    socket::{COOKIE, bearer, connect},
    start,
};

/// Operations that need nobody signed in.
const OPEN: [&str; 6] = ["get_setup", "complete_setup", "login", "live", "ready", "show_openapi"];
/// The roles, each of which may do what the ones before it may.
const ROLES: [&str; 3] = ["viewer", "operator", "admin"];
/// An id that nothing has.
const NOTHING: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

struct Operation {
    name: String,
    method: Method,
    uri: String,
    path: String,
    /// The role that the document says it needs; None for everybody.
    role: Option<String>,
    is_socket: bool,
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
                    .replace("{id}", NOTHING)
                    .replace("{container_id}", "no-such-container")
                    .replace("{cid}", NOTHING)
                    .replace("{name}", "nobody"),
                path: path.clone(),
                role: role_of(operation),
                is_socket: operation["responses"]["101"].is_object(),
            });
        }
    }
    assert!(found.len() >= 60, "{}", found.len());
    assert!(found.iter().filter(|operation| operation.is_socket).count() >= 3);
    found
}

/// The role that both ways of signing in need, as the document says.
fn role_of(operation: &Value) -> Option<String> {
    let requirements = operation["security"].as_array()?;
    let role = requirements[0]["bearer"][0].as_str().unwrap();
    assert_eq!(requirements[1]["cookie"][0], role);
    assert_eq!(requirements.len(), 2);
    assert!(ROLES.contains(&role), "{role}");
    Some(role.to_owned())
}

/// Somebody who asks.
struct Asker {
    who: &'static str,
    /// What he or she sends along, None for nothing.
    token: Option<String>,
    /// Which role that gives; None when it is good for nothing.
    role: Option<&'static str>,
    /// Whether the same gives it in a cookie. An API token does not.
    is_for_browsers: bool,
}

impl Asker {
    /// Somebody with a session.
    fn with_session(who: &'static str, token: &str, role: Option<&'static str>) -> Self {
        Self { who, token: Some(token.to_owned()), role, is_for_browsers: true }
    }

    /// A program with an API token.
    fn with_token(who: &'static str, token: &str, role: Option<&'static str>) -> Self {
        Self { is_for_browsers: false, ..Self::with_session(who, token, role) }
    }

    /// The same one, as seen through a cookie.
    fn in_browser(&self) -> Self {
        let role = self.role.filter(|_| self.is_for_browsers);
        Self { who: self.who, token: self.token.clone(), role, is_for_browsers: self.is_for_browsers }
    }

    /// What the operation has to answer, as far as it is about who asks; None when it is let in.
    fn refusal(&self, operation: &Operation) -> Option<(u16, String)> {
        let rank = |role: &str| ROLES.iter().position(|known| *known == role).unwrap();
        let needed = operation.role.as_ref()?;
        match self.role {
            None => Some((401, "unauthenticated".to_owned())),
            Some(role) if rank(role) < rank(needed) => Some((403, "forbidden".to_owned())),
            Some(_) => None,
        }
    }
}

/// Everybody there is.
async fn askers<S>(app: &TestApp<S>) -> Vec<Asker>
where
    S: Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = Error>,
{
    let admin = app.admin().await;
    let logged_out = app.sign_in("admin").await;
    assert_eq!(app.ask(Method::POST, "/api/auth/logout", Some(&logged_out), None).await.status, 204);
    let revoked = app.sign_in("admin").await;
    let sessions = app.get("/api/sessions", &admin).await.json();
    let other = sessions["items"].as_array().unwrap().iter().find(|session| session["is_current"] == false);
    let uri = format!("/api/sessions/{}", id_of(other.unwrap()));
    assert_eq!(app.ask(Method::DELETE, &uri, Some(&admin), None).await.status, 204);
    let expired = app.old_session("admin", TimeDelta::hours(13)).await;
    let (viewer, operator) = (app.account(&admin, "viewer").await, app.account(&admin, "operator").await);
    let (uri, deleted) = app.named_account(&admin, "deleted", "admin").await;
    let orphan = app.token(&deleted, "admin").await;
    assert_eq!(app.ask(Method::DELETE, &uri, Some(&admin), None).await.status, 204);
    let (uri, demoted) = app.named_account(&admin, "demoted", "admin").await;
    let lowered = app.token(&demoted, "admin").await;
    let lower = app.ask(Method::PATCH, &uri, Some(&admin), Some(json!({"role": "viewer"}))).await;
    assert_eq!(lower.status, 200);
    let (uri, new_password) = app.named_account(&admin, "new-password", "admin").await;
    let body = Some(json!({"password": "another long password"}));
    assert_eq!(app.ask(Method::PUT, &format!("{uri}/password"), Some(&admin), body).await.status, 204);
    let revoked_token = app.token(&admin, "admin").await;
    let tokens = app.get("/api/tokens", &admin).await.json();
    let uri = format!("/api/tokens/{}", id_of(&tokens["items"][0]));
    assert_eq!(app.ask(Method::DELETE, &uri, Some(&admin), None).await.status, 204);
    let expired_token = app.old_token("admin", TokenScope::Admin, TimeDelta::days(2)).await;
    let mut all = vec![Asker { who: "nobody", token: None, role: None, is_for_browsers: true }];
    for (who, token, role) in [
        ("a made-up session", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", None),
        ("an expired session", expired.as_str(), None),
        ("a session that was signed out", &logged_out, None),
        ("a session that was revoked", &revoked, None),
        ("a session of a deleted account", &deleted, None),
        ("a session from before the role was lowered", &demoted, None),
        ("a session from before the password was changed", &new_password, None),
        ("a viewer", &viewer, Some("viewer")),
        ("an operator", &operator, Some("operator")),
        ("an administrator", &admin, Some("admin")),
    ] {
        all.push(Asker::with_session(who, token, role));
    }
    for (who, token, role) in [
        ("a made-up token", "stardeck_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", None),
        ("an expired token", expired_token.as_str(), None),
        ("a revoked token", &revoked_token, None),
        ("a token of a deleted account", &orphan, None),
        ("a token of an administrator who is a viewer now", &lowered, Some("viewer")),
        ("a token to read", &app.token(&admin, "read").await, Some("viewer")),
        ("a token to operate", &app.token(&admin, "operate").await, Some("operator")),
        ("a token to do all", &app.token(&admin, "admin").await, Some("admin")),
    ] {
        all.push(Asker::with_token(who, token, role));
    }
    all
}

/// Whether the asker is let in, as the answer says: what comes after the guards is tested elsewhere.
fn check(answer: &Answer, asker: &Asker, operation: &Operation, how: &str) {
    let case = format!("{} {} by {how}", asker.who, operation.name);
    match asker.refusal(operation) {
        Some((status, code)) => {
            assert_eq!(answer.problem(), (status, code), "{case}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(status == 401 || detail.contains(operation.role.as_deref().unwrap()), "{case}: {detail}");
        }
        None => assert!(!matches!(answer.status.as_u16(), 401 | 403), "{case}: {answer:?}"),
    }
}

/// Asks for these would change who the askers are; they have tests of their own.
fn is_left_out(operation: &Operation, asker: &Asker) -> bool {
    let changes_askers = matches!(operation.name.as_str(), "logout" | "change_password");
    changes_askers && asker.refusal(operation).is_none()
}

#[actix_web::test]
async fn every_operation_lets_in_exactly_those_whom_its_declared_role_says() {
    let app = start().await;
    let askers = askers(&app).await;
    let mut asked = 0;
    for operation in operations() {
        let is_open = OPEN.contains(&operation.name.as_str());
        assert_eq!(operation.role.is_none(), is_open, "{} declares no role", operation.name);
        for asker in askers.iter().filter(|asker| !is_left_out(&operation, asker)) {
            let answer =
                app.ask(operation.method.clone(), &operation.uri, asker.token.as_deref(), None).await;
            check(&answer, asker, &operation, "token");
            let Some(token) = &asker.token else { continue };
            let request = TestRequest::default()
                .method(operation.method.clone())
                .uri(&operation.uri)
                .insert_header((header::COOKIE, format!("{COOKIE}={token}")))
                .insert_header((header::ORIGIN, "http://localhost:8080"));
            check(&app.send(request).await, &asker.in_browser(), &operation, "cookie");
            asked += 1;
        }
    }
    assert!(asked > 60 * 15, "{asked}");
}

/// A handshake is an operation like any other; and a cookie without the page's own origin opens none.
#[actix_web::test]
async fn every_websocket_lets_in_exactly_those_whom_its_declared_role_says() {
    let app = start().await;
    let at = app.listen();
    let askers = askers(&app).await;
    for operation in operations().iter().filter(|operation| operation.is_socket) {
        for asker in &askers {
            let own = ("origin", format!("http://{at}"));
            let foreign = ("origin", "http://evil.example".to_owned());
            let Some(token) = &asker.token else {
                let refused = connect(at, &operation.uri, &[]).await.err();
                assert_eq!(refused, asker.refusal(operation), "{}", operation.name);
                continue;
            };
            let cookie = ("cookie", format!("{COOKIE}={token}"));
            let ways = [
                (bearer(token).to_vec(), asker.refusal(operation)),
                (vec![cookie.clone(), own], asker.in_browser().refusal(operation)),
            ];
            for (headers, refusal) in ways {
                let refused = connect(at, &operation.uri, &headers).await.err();
                match refusal {
                    Some(refusal) => assert_eq!(refused, Some(refusal), "{} {}", asker.who, operation.name),
                    // What there is not can not be followed, and says so to those who may ask.
                    None => assert!(
                        refused.as_ref().is_none_or(|(status, _)| *status == 404),
                        "{} {}: {refused:?}",
                        asker.who,
                        operation.name
                    ),
                }
            }
            for headers in [vec![cookie.clone(), foreign], vec![cookie]] {
                let refused = connect(at, &operation.uri, &headers).await.err();
                let other_site = Some((403, "origin_rejected".to_owned()));
                assert_eq!(refused, other_site, "{} {}", asker.who, operation.name);
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
        include_str!("metrics.rs"),
        include_str!("missing.rs"),
        include_str!("operations.rs"),
        include_str!("ports.rs"),
        include_str!("registries.rs"),
        include_str!("sessions.rs"),
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
