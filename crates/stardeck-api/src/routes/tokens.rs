//! `/api/tokens`: what programs sign in with.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json},
};
use stardeck_domain::TokenId;

use crate::{
    dto::{
        access::{ApiTokenList, ApiTokenView, CreateApiTokenRequest, CreatedApiTokenView, OfUserQuery},
        lists::views,
    },
    extract::{Id, JsonBody, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists the own API tokens, without the tokens themselves.
///
/// An administrator may ask for those of another account with `user_id`.
#[utoipa::path(
    tag = "auth",
    params(OfUserQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The tokens", body = ApiTokenList))
)]
#[get("/api/tokens")]
pub(crate) async fn list_tokens(
    viewer: Viewer,
    state: Data<AppState>,
    query: QueryOf<OfUserQuery>,
) -> Result<Json<ApiTokenList>, Problem> {
    let (user, page) = query.0.check().map_err(Problem::invalid_query)?;
    let (items, next_cursor) = views(state.tokens.list(&viewer.0, user, page).await?, ApiTokenView::of);
    Ok(Json(ApiTokenList { items, next_cursor }))
}

/// Makes an API token of the own account's, which is shown this once.
///
/// It does what its scope says, on every route, and never more than its owner may at that moment. One that is made with a
/// token neither outlasts nor exceeds it, and ends with it. An account has at most 100.
#[utoipa::path(
    tag = "auth",
    request_body = CreateApiTokenRequest,
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 201, description = "The token", body = CreatedApiTokenView))
)]
#[post("/api/tokens")]
pub(crate) async fn create_token(
    viewer: Viewer,
    state: Data<AppState>,
    body: JsonBody<CreateApiTokenRequest>,
) -> Result<HttpResponse, Problem> {
    let wanted = body.0.check().map_err(Problem::invalid_body)?;
    let made = state.tokens.create(&viewer.0, wanted.name, wanted.scope, wanted.lifetime).await?;
    Ok(HttpResponse::Created().json(CreatedApiTokenView::of(made)))
}

/// Revokes one of the own API tokens, with those that were made with it and everything that is followed with them.
///
/// An administrator may revoke anybody's. Asked with a token for less than `admin`, it revokes that token and those made with
/// it, and no other.
#[utoipa::path(
    tag = "auth",
    params(("id" = TokenId, Path, description = "The token")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 204, description = "Revoked"))
)]
#[delete("/api/tokens/{id}")]
pub(crate) async fn revoke_token(
    viewer: Viewer,
    state: Data<AppState>,
    id: Id<TokenId>,
) -> Result<HttpResponse, Problem> {
    state.tokens.revoke(&viewer.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
