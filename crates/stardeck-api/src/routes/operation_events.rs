//! `/api/operations/{id}/events`: following an operation over a WebSocket.

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Data, Payload},
};
use stardeck_domain::OperationId;
use stardeck_service::{Error, operations::Follower};

use crate::{
    dto::operation_events::{FollowQuery, OperationFrame},
    extract::{Id, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
    ws::{self, Feed},
};

/// Follows an operation over a WebSocket.
///
/// Each text message is an `OperationFrame`. They begin with the first thing that happened to the operation, whenever
/// the follower comes, and end with the frame of type `result`, after which the server closes with code 1000. Whoever
/// was cut off goes on with `after` and `epoch` of the last frame.
#[utoipa::path(
    tag = "operations",
    params(("id" = OperationId, Path, description = "The operation"), FollowQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 101, description = "A WebSocket, on which the server sends `OperationFrame`s"),
        (status = 426, description = "The request is no handshake of a WebSocket", body = Problem),
    )
)]
#[get("/api/operations/{id}/events")]
pub(crate) async fn follow_operation(
    viewer: Viewer,
    state: Data<AppState>,
    id: Id<OperationId>,
    query: QueryOf<FollowQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let from = query.0.check().map_err(Problem::invalid_query)?;
    let follower = state.operations.follow(id.0, from).await?;
    ws::follow(&request, payload, state, viewer.0, OperationFeed { operation: id.0, follower })
}

/// What happens to an operation.
struct OperationFeed {
    operation: OperationId,
    follower: Follower,
}

impl Feed for OperationFeed {
    type Frame = OperationFrame;
    const ENDED: &'static str = "the operation has ended";

    async fn next(&mut self) -> Result<Option<OperationFrame>, Error> {
        let event = self.follower.next().await?;
        Ok(event.map(|event| OperationFrame::of(self.operation, self.follower.epoch(), event)))
    }
}
