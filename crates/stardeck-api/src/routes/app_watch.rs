//! `/api/containers/{id}/logs`, `…/logs/follow` and `…/stats`: what an app writes and uses.

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Data, Json, Payload},
};
use stardeck_domain::AppId;

use super::database_watch::LogFeed;
use crate::{
    dto::{
        logs::{FollowLogsQuery, LogList, LogsQuery},
        stats::ContainerStats,
    },
    extract::{Id, Operator, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
    ws,
};

/// Shows the last lines an app logged, oldest first.
#[utoipa::path(
    tag = "containers",
    params(("id" = AppId, Path, description = "The app"), LogsQuery),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 200, description = "The lines", body = LogList),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/containers/{id}/logs")]
pub(crate) async fn list_container_logs(
    _operator: Operator,
    state: Data<AppState>,
    id: Id<AppId>,
    query: QueryOf<LogsQuery>,
) -> Result<Json<LogList>, Problem> {
    let query = query.0.check().map_err(Problem::invalid_query)?;
    Ok(Json(LogList::of_lines(state.apps.logs(id.0, query).await?)))
}

/// Follows what an app logs over a WebSocket.
///
/// Each text message is a `LogFrame`. They begin with the last lines there are, and go on over restarts and new containers
/// of the app until it is removed, after which the server closes with code 1000.
#[utoipa::path(
    tag = "containers",
    params(("id" = AppId, Path, description = "The app"), FollowLogsQuery),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 101, description = "A WebSocket, on which the server sends `LogFrame`s"),
        (status = 426, description = "The request is no handshake of a WebSocket", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/containers/{id}/logs/follow")]
pub(crate) async fn follow_container_logs(
    operator: Operator,
    state: Data<AppState>,
    id: Id<AppId>,
    query: QueryOf<FollowLogsQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let query = query.0.check().map_err(Problem::invalid_query)?;
    let follower = state.logs.follow_app(id.0, &query).await?;
    ws::follow(&request, payload, state, operator.0, LogFeed(follower))
}

/// Shows what an app uses at this moment.
///
/// Measured as for a database.
#[utoipa::path(
    tag = "containers",
    params(("id" = AppId, Path, description = "The app")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "What it uses", body = ContainerStats),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/containers/{id}/stats")]
pub(crate) async fn get_container_stats(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<AppId>,
) -> Result<Json<ContainerStats>, Problem> {
    Ok(Json(ContainerStats::of(state.stats.of_app(id.0).await?)))
}
