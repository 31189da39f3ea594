//! `/api/events`: following the installation as a whole over a WebSocket.

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Data, Payload},
};
use stardeck_service::{Error, events::EventFollower};

use crate::{
    dto::events::{EventFrame, EventsQuery},
    extract::{QueryOf, Viewer},
    problem::Problem,
    state::AppState,
    ws::{self, Feed},
};

/// Follows all databases and operations over a WebSocket.
///
/// Each text message is an `EventFrame`. The first is of kind `begin` or `resync`; then comes every change as it is
/// committed. Whoever was cut off goes on with `after` and `epoch` of the last frame, and is told by `resync` when
/// something may have been missed.
#[utoipa::path(
    tag = "events",
    params(EventsQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses(
        (status = 101, description = "A WebSocket, on which the server sends `EventFrame`s"),
        (status = 426, description = "The request is no handshake of a WebSocket", body = Problem),
    )
)]
#[get("/api/events")]
pub(crate) async fn follow_events(
    viewer: Viewer,
    state: Data<AppState>,
    query: QueryOf<EventsQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let from = query.0.check().map_err(Problem::invalid_query)?;
    let follower = state.events.follow(from).await?;
    ws::follow(&request, payload, state, viewer.0, EventFeed(follower))
}

/// What happens to the installation.
struct EventFeed(EventFollower);

impl Feed for EventFeed {
    type Frame = EventFrame;
    const ENDED: &'static str = "there is nothing more to tell";

    async fn next(&mut self) -> Result<Option<EventFrame>, Error> {
        let told = self.0.next().await?;
        Ok(Some(EventFrame::of(self.0.epoch(), told)))
    }
}
