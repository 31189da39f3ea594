//! `/api/setup`: the first administrator.

use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Data, Json},
};

use super::auth::RemoteAddress;
use crate::{
    dto::{
        setup::{SetupRequest, SetupView},
        users::UserView,
    },
    extract::JsonBody,
    problem::Problem,
    state::AppState,
};

/// Says whether the first administrator is still to be made.
#[utoipa::path(tag = "setup", responses((status = 200, description = "The answer", body = SetupView)))]
#[get("/api/setup")]
pub(crate) async fn get_setup(state: Data<AppState>) -> Result<Json<SetupView>, Problem> {
    Ok(Json(SetupView { needed: state.setup.needed().await? }))
}

/// Makes the first administrator.
///
/// Works once, with the token that the server wrote into the file `setup-token` of its data directory.
#[utoipa::path(
    tag = "setup",
    request_body = SetupRequest,
    responses(
        (status = 201, description = "The administrator", body = UserView, headers(("Location" = String))),
        (status = 403, description = "The token is wrong or too old", body = Problem),
        (status = 409, description = "There is one already", body = Problem),
        (status = 429, description = "Too many wrong tokens", body = Problem),
    )
)]
#[post("/api/setup")]
pub(crate) async fn complete_setup(
    state: Data<AppState>,
    remote: RemoteAddress,
    body: JsonBody<SetupRequest>,
) -> Result<HttpResponse, Problem> {
    use secrecy::ExposeSecret as _;

    let new = body.0.check().map_err(Problem::invalid_body)?;
    let user = state.setup.complete(new.token.expose_secret(), new.username, new.password, remote.0).await?;
    let location = (header::LOCATION, format!("/api/users/{}", user.id));
    Ok(HttpResponse::Created().insert_header(location).json(UserView::of(user)))
}
