//! `/api/auth`: signing in and out.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    get, post,
    web::{Data, Json},
};
use chrono::Utc;

use crate::{
    dto::{
        auth::{LoginRequest, LoginView},
        users::UserView,
    },
    extract::{JsonBody, Viewer},
    problem::Problem,
    state::AppState,
};

/// The address a request came from, for the audit log and the brake on guessing.
pub(crate) struct RemoteAddress(pub(crate) Option<String>);

impl FromRequest for RemoteAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>();
        let remote = |state: &Data<AppState>| {
            state.trusted_proxies.remote_address(request.peer_addr(), request.headers())
        };
        ready(Ok(Self(state.and_then(remote))))
    }
}

/// Signs a person in.
///
/// The answer has a token for programs and sets the same as a cookie for browsers. Both are good for 12 hours.
#[utoipa::path(
    tag = "auth",
    request_body = LoginRequest,
    responses(
        (status = 200, description = "The session", body = LoginView, headers(("Set-Cookie" = String))),
        (status = 401, description = "The user name or the password is wrong", body = Problem),
        (status = 409, description = "There is no account yet", body = Problem),
        (status = 429, description = "Too many wrong tries", body = Problem),
    )
)]
#[post("/api/auth/login")]
pub(crate) async fn login(
    state: Data<AppState>,
    remote: RemoteAddress,
    body: JsonBody<LoginRequest>,
) -> Result<HttpResponse, Problem> {
    let (username, password) = body.0.check().map_err(Problem::invalid_body)?;
    let login = state.sessions.login(&username, password, remote.0).await?;
    let lifetime = (login.expires_at - Utc::now()).to_std().unwrap_or(Duration::ZERO);
    let cookie = state.cookies.session(&login.token, lifetime);
    Ok(HttpResponse::Ok().cookie(cookie).json(LoginView::of(login)))
}

/// Ends the session the request came with, or revokes the API token.
#[utoipa::path(
    tag = "auth",
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 204, description = "Signed out"))
)]
#[post("/api/auth/logout")]
pub(crate) async fn logout(viewer: Viewer, state: Data<AppState>) -> Result<HttpResponse, Problem> {
    state.sessions.logout(&viewer.0).await?;
    Ok(HttpResponse::NoContent().cookie(state.cookies.removal()).finish())
}

/// Says who is signed in.
#[utoipa::path(
    tag = "auth",
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The account", body = UserView))
)]
#[get("/api/auth/me")]
pub(crate) async fn get_me(viewer: Viewer) -> Json<UserView> {
    Json(UserView::of(viewer.0.user))
}
