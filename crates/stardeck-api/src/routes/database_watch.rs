//! `/api/databases/{id}/logs`, `…/logs/follow` and `…/stats`: what a database server writes and uses.

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Data, Json, Payload},
};
use stardeck_domain::DatabaseId;
use stardeck_service::{Error, logs::LogFollower};

use crate::{
    dto::{
        logs::{FollowLogsQuery, LogFrame, LogList, LogsQuery},
        stats::ContainerStats,
    },
    extract::{Id, Operator, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
    ws::{self, Feed},
};

/// Lists the last lines the database server logged.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database"), LogsQuery),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 200, description = "The lines, oldest first", body = LogList),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/databases/{id}/logs")]
pub(crate) async fn list_logs(
    _operator: Operator,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    query: QueryOf<LogsQuery>,
) -> Result<Json<LogList>, Problem> {
    let query = query.0.check().map_err(Problem::invalid_query)?;
    Ok(Json(LogList::of_lines(state.databases.logs(id.0, query).await?)))
}

/// Follows what the database server logs over a WebSocket.
///
/// Each text message is a `LogFrame`. They begin with the last lines there are, and go on over restarts of the database
/// until it is deleted, after which the server closes with code 1000.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database"), FollowLogsQuery),
    security(("bearer" = ["operator"]), ("cookie" = ["operator"])),
    responses(
        (status = 101, description = "A WebSocket, on which the server sends `LogFrame`s"),
        (status = 426, description = "The request is no handshake of a WebSocket", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/databases/{id}/logs/follow")]
pub(crate) async fn follow_logs(
    operator: Operator,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    query: QueryOf<FollowLogsQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let query = query.0.check().map_err(Problem::invalid_query)?;
    let follower = state.logs.follow(id.0, &query).await?;
    ws::follow(&request, payload, state, operator.0, LogFeed(follower))
}

/// Shows what a database uses at this moment.
///
/// Measured at most once a second, whoever asks. What it takes on the disk is measured in the background, since Podman
/// looks at every file for that: it is null at first, and about a minute old afterwards.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 200, description = "What it uses", body = ContainerStats),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/databases/{id}/stats")]
pub(crate) async fn get_stats(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<Json<ContainerStats>, Problem> {
    Ok(Json(ContainerStats::of(state.stats.of(id.0).await?)))
}

/// What is logged.
pub(crate) struct LogFeed(pub(crate) LogFollower);

impl Feed for LogFeed {
    type Frame = LogFrame;
    const ENDED: &'static str = "whatever logged is gone";

    async fn next(&mut self) -> Result<Option<LogFrame>, Error> {
        Ok(self.0.next().await.map(LogFrame::of))
    }
}
