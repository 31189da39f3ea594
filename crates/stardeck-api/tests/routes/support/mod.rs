//! An application to ask, with accounts to ask it as.

pub(crate) mod socket;

use std::{net::SocketAddr, sync::Arc};

use actix_http::Request;
use actix_web::{
    Error, HttpMessage as _, HttpServer,
    body::{BoxBody, to_bytes},
    dev::{Service, ServiceResponse},
    http::{Method, StatusCode, header},
    rt,
    test::{TestRequest, init_service},
    web::Data,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use stardeck_api::{AllowedHosts, AppState, CookiePolicy, app};
use stardeck_domain::TokenScope;
use stardeck_service::{Services, ServicesConfig};
use stardeck_testkit::{FakeRuntime, TEST_TIMINGS, TempStore, fake_driver, until};
use stardeck_ui::Ui;

/// The password of every account in these tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// An application in a directory of its own.
pub(crate) struct TestApp<S> {
    service: S,
    state: Data<AppState>,
    /// What its databases run on.
    pub(crate) runtime: FakeRuntime,
    /// Kept, since the use cases end with it.
    _services: Services,
    store: TempStore,
}

/// What the application answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body as a problem: its status and code, after checking what every problem must have.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let json = self.json();
        let code = json["code"].as_str().unwrap();
        assert_eq!(json["status"], self.status.as_u16());
        assert_eq!(json["type"], format!("/docs/problems/{code}"));
        assert!(json["title"].is_string() && json["detail"].is_string() && json["instance"].is_string());
        assert_eq!(json["request_id"].as_str(), self.header("x-request-id"));
        (self.status.as_u16(), code.to_owned())
    }

    /// The fields that an `invalid_fields` problem names, each with its code.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        assert_eq!(self.problem(), (422, "invalid_fields".to_owned()), "{self:?}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.json()["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (text(&e["field"]), text(&e["code"])))
            .collect()
    }
}

/// An application on a fake runtime, with a store of its own and no web UI.
pub(crate) async fn start()
-> TestApp<impl Service<Request, Response = ServiceResponse<BoxBody>, Error = Error>> {
    start_with_ui(Ui::none()).await
}

/// The same with a web UI.
pub(crate) async fn start_with_ui(
    ui: Ui,
) -> TestApp<impl Service<Request, Response = ServiceResponse<BoxBody>, Error = Error>> {
    let store = TempStore::new();
    let runtime = FakeRuntime::new();
    let (db, vault) = store.open().await;
    let config = ServicesConfig {
        db,
        vault,
        runtime: Arc::new(runtime.clone()),
        drivers: fake_driver,
        timings: TEST_TIMINGS,
        data_dir: store.directory(),
    };
    let services = Services::start(config).await.unwrap();
    let state = AppState::new(&services, AllowedHosts::with([]), CookiePolicy::HostPrefixed);
    let state = Data::new(state.with_ui(ui));
    let service = init_service(app(state.clone())).await;
    TestApp { service, state, runtime, _services: services, store }
}

impl<S> TestApp<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error>,
{
    /// Lets the same application be reached over the network as well; returns where.
    pub(crate) fn listen(&self) -> SocketAddr {
        let state = self.state.clone();
        let server = HttpServer::new(move || app(state.clone())).workers(1).disable_signals();
        let server = server.bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        rt::spawn(server.run());
        address
    }

    /// Says goodbye to followers, as a server does that ends.
    pub(crate) fn end_follows(&self) {
        self.state.end_follows();
    }

    /// Adds lines to an operation's log behind the server's back.
    pub(crate) async fn fill_log(&self, operation: &Value, line: &str, times: u32) {
        self.store.fill_log(id_of(operation).parse().unwrap(), line, times).await;
    }

    /// Writes down behind the server's back that a database fell silent.
    pub(crate) async fn mark_unhealthy(&self, database: &Value) {
        self.store.mark_unhealthy(id_of(database).parse().unwrap()).await;
    }

    /// Tells followers so many times that the containers changed that detection looks at.
    pub(crate) async fn tell_detection_changed(&self, times: u32) {
        self.store.tell_detection_changed(times).await;
    }

    /// Sends a request as it is, with a `Host` unless it has one.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let mut request = request.to_request();
        if !request.headers().contains_key(header::HOST) {
            let host = header::HeaderValue::from_static("localhost:8080");
            request.headers_mut().insert(header::HOST, host);
        }
        let response = self.service.call(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.unwrap_or_else(|_| panic!("the body broke off"));
        Answer { status, headers, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// Sends a request with a token and a JSON body, as far as there are.
    pub(crate) async fn ask(
        &self,
        method: Method,
        uri: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let mut request = TestRequest::default().method(method).uri(uri);
        if let Some(token) = token {
            request = request.insert_header((header::AUTHORIZATION, format!("Bearer {token}")));
        }
        if let Some(body) = body {
            request = request.set_json(body);
        }
        self.send(request).await
    }

    pub(crate) async fn get(&self, uri: &str, token: &str) -> Answer {
        self.ask(Method::GET, uri, Some(token), None).await
    }

    pub(crate) async fn post(&self, uri: &str, token: &str, body: Value) -> Answer {
        self.ask(Method::POST, uri, Some(token), Some(body)).await
    }

    /// Sends a change with the revision it is made for, as far as that is given.
    pub(crate) async fn patch(&self, uri: &str, token: &str, revision: Option<&str>, body: Value) -> Answer {
        let mut request = TestRequest::default()
            .method(Method::PATCH)
            .uri(uri)
            .insert_header((header::AUTHORIZATION, format!("Bearer {token}")))
            .set_json(body);
        if let Some(revision) = revision {
            request = request.insert_header((header::IF_MATCH, revision));
        }
        self.send(request).await
    }

    /// Makes the first administrator, `admin`, and signs in as it.
    pub(crate) async fn admin(&self) -> String {
        let token = self.setup_token();
        let body = json!({"token": token, "username": "admin", "password": PASSWORD});
        let made = self.ask(Method::POST, "/api/setup", None, Some(body)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        self.sign_in("admin").await
    }

    /// Makes an account of the role, named like it, and signs in as it.
    pub(crate) async fn account(&self, admin: &str, role: &str) -> String {
        self.named_account(admin, role, role).await.1
    }

    /// Makes an account and signs in as it; returns where the account is, and the token.
    pub(crate) async fn named_account(&self, admin: &str, name: &str, role: &str) -> (String, String) {
        let body = json!({"username": name, "password": PASSWORD, "role": role});
        let made = self.post("/api/users", admin, body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        (format!("/api/users/{}", id_of(&made.json())), self.sign_in(name).await)
    }

    pub(crate) async fn sign_in(&self, username: &str) -> String {
        let answer = self.try_sign_in(username, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn try_sign_in(&self, username: &str, password: &str) -> Answer {
        let body = json!({"username": username, "password": password});
        self.ask(Method::POST, "/api/auth/login", None, Some(body)).await
    }

    /// A session of the account that began so long ago; returns its token.
    pub(crate) async fn old_session(&self, username: &str, age: TimeDelta) -> String {
        self.store.old_session(username, age).await
    }

    /// An API token of the account that was made so long ago, for a day; returns the token.
    pub(crate) async fn old_token(&self, username: &str, scope: TokenScope, age: TimeDelta) -> String {
        self.store.old_token(username, scope, age).await
    }

    /// An API token of whoever asks; returns the token.
    pub(crate) async fn token(&self, asker: &str, scope: &str) -> String {
        let made = self.post("/api/tokens", asker, json!({"name": "ci", "scope": scope})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.json()["token"].as_str().unwrap().to_owned()
    }

    /// What the server wrote into the set-up token's file.
    pub(crate) fn setup_token(&self) -> String {
        let path = self.store.directory().join("setup-token");
        std::fs::read_to_string(path).unwrap().trim().to_owned()
    }

    /// Whether the set-up token's file is there.
    pub(crate) fn has_setup_token(&self) -> bool {
        self.store.directory().join("setup-token").exists()
    }

    /// Deploys a database and waits until it runs; returns it.
    pub(crate) async fn deploy(&self, admin: &str, request: Value) -> Value {
        let begun = self.post("/api/databases", admin, request).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
        let json = begun.json();
        let ended = self.follow(admin, &json["operation"]).await;
        assert_eq!(ended["state"], "succeeded", "{ended}");
        let database = self.get(&format!("/api/databases/{}", id_of(&json["database"])), admin).await;
        assert_eq!(database.status, StatusCode::OK);
        database.json()
    }

    /// Asks for an operation until it has ended; returns it.
    pub(crate) async fn follow(&self, token: &str, operation: &Value) -> Value {
        let uri = format!("/api/operations/{}", id_of(operation));
        until("the end of the operation", || async {
            let operation = self.get(&uri, token).await.json();
            let state = operation["state"].as_str().unwrap().to_owned();
            matches!(state.as_str(), "succeeded" | "failed" | "cancelled").then_some(operation)
        })
        .await
    }
}

/// The id of a thing.
pub(crate) fn id_of(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}
