//! `/api/sessions`: logins that are still good.

use actix_web::{
    HttpResponse, delete, get,
    web::{Data, Json},
};
use stardeck_domain::SessionId;

use crate::{
    dto::{
        access::{OfUserQuery, SessionList, SessionView},
        lists::views,
    },
    extract::{Id, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists the own sessions that are still good.
///
/// An administrator may ask for those of another account with `user_id`.
#[utoipa::path(
    tag = "auth",
    params(OfUserQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The sessions", body = SessionList))
)]
#[get("/api/sessions")]
pub(crate) async fn list_sessions(
    viewer: Viewer,
    state: Data<AppState>,
    query: QueryOf<OfUserQuery>,
) -> Result<Json<SessionList>, Problem> {
    let (user, page) = query.0.check().map_err(Problem::invalid_query)?;
    let found = state.sessions.list(&viewer.0, user, page).await?;
    let (items, next_cursor) = views(found, |session| SessionView::of(session, &viewer.0));
    Ok(Json(SessionList { items, next_cursor }))
}

/// Ends one of the own sessions, with everything that is followed in it.
///
/// An administrator may end anybody's. An API token for less than `admin` ends none.
#[utoipa::path(
    tag = "auth",
    params(("id" = SessionId, Path, description = "The session")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 204, description = "Ended"))
)]
#[delete("/api/sessions/{id}")]
pub(crate) async fn revoke_session(
    viewer: Viewer,
    state: Data<AppState>,
    id: Id<SessionId>,
) -> Result<HttpResponse, Problem> {
    state.sessions.revoke(&viewer.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
