//! `/api/operations/{id}/events`: following an operation over a WebSocket.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse, get,
    rt::{self, time::timeout},
    web::{Data, Payload},
};
use actix_ws::{CloseCode, CloseReason, Closed, Message, MessageStream, ProtocolError, Session};
use futures_util::StreamExt as _;
use stardeck_domain::OperationId;
use stardeck_service::{Actor, operations::Follower};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tracing::Instrument as _;

use crate::{
    dto::operation_events::{FollowQuery, OperationFrame},
    extract::{Id, QueryOf, Viewer},
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// How often a follower is pinged, and its session looked at.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A follower of whom nothing was heard for so long is gone.
const SILENCE_MOST: Duration = Duration::from_mins(1);
/// A follower that takes nothing for so long is gone.
const TAKES_WITHIN: Duration = Duration::from_mins(1);
/// Largest frame a follower may send. It has nothing to say but pings, pongs and its goodbye.
const INCOMING_MOST: usize = 256;

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
    let (response, session, incoming) = actix_ws::handle(&request, payload).map_err(|_| {
        Problem::new(ProblemCode::UpgradeRequired, "this is followed over a WebSocket, version 13")
    })?;
    let socket = Socket { state, actor: viewer.0, session, operation: id.0 };
    rt::spawn(socket.run(follower, incoming.max_frame_size(INCOMING_MOST)).in_current_span());
    Ok(response)
}

/// One follower's connection.
struct Socket {
    state: Data<AppState>,
    actor: Actor,
    session: Session,
    operation: OperationId,
}

/// Why a connection ends.
enum End {
    /// We say goodbye.
    Close(CloseCode, &'static str),
    /// There is nobody to say it to.
    Gone,
}

impl From<Closed> for End {
    fn from(_: Closed) -> Self {
        Self::Gone
    }
}

impl Socket {
    async fn run(mut self, follower: Follower, incoming: MessageStream) {
        let ending = self.state.ending.clone();
        let end = tokio::select! {
            end = self.tell(follower, incoming) => end,
            () = ending.cancelled() => End::Close(CloseCode::Away, "the server ends"),
        };
        if let End::Close(code, why) = end {
            let reason = CloseReason { code, description: Some(why.to_owned()) };
            // Whoever takes nothing any more is not waited for, and learns of the end all the same.
            if timeout(TAKES_WITHIN, self.session.close(Some(reason))).await.is_err() {
                tracing::debug!("a follower did not take its goodbye");
            }
        }
    }

    async fn tell(&mut self, mut follower: Follower, mut incoming: MessageStream) -> End {
        let epoch = follower.epoch();
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            let outcome = tokio::select! {
                event = follower.next() => match event {
                    Ok(Some(event)) => self.send(&OperationFrame::of(self.operation, epoch, event)).await,
                    Ok(None) => return End::Close(CloseCode::Normal, "the operation has ended"),
                    Err(error) => {
                        tracing::warn!(%error, "an operation can not be followed");
                        return End::Close(CloseCode::Error, "something went wrong on our side");
                    }
                },
                message = incoming.next() => {
                    heard = Instant::now();
                    self.hear(message).await
                }
                _ = ping.tick() => self.check(heard).await,
            };
            if let Err(end) = outcome {
                return end;
            }
        }
    }

    async fn send(&mut self, frame: &OperationFrame) -> Result<(), End> {
        let Ok(text) = serde_json::to_string(frame) else {
            return Err(End::Close(CloseCode::Error, "something went wrong on our side"));
        };
        // Waits while the connection is full, which is all that happens to whoever is slow.
        timeout(TAKES_WITHIN, self.session.text(text)).await.map_err(|_| End::Gone)?.map_err(End::from)
    }

    async fn hear(&mut self, message: Option<Result<Message, ProtocolError>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Ping(bytes))) => self.session.pong(&bytes).await.map_err(End::from),
            Some(Ok(Message::Pong(_) | Message::Nop)) => Ok(()),
            Some(Ok(Message::Close(_))) => Err(End::Close(CloseCode::Normal, "goodbye")),
            Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Continuation(_))) => {
                Err(End::Close(CloseCode::Policy, "nothing is to be sent here"))
            }
            Some(Err(ProtocolError::Overflow)) => {
                Err(End::Close(CloseCode::Size, "nothing is to be sent here"))
            }
            Some(Err(_)) => Err(End::Close(CloseCode::Protocol, "the frame can not be read")),
            None => Err(End::Gone),
        }
    }

    /// Looks whether the follower is still there and still may follow.
    async fn check(&mut self, heard: Instant) -> Result<(), End> {
        if heard.elapsed() > SILENCE_MOST {
            return Err(End::Gone);
        }
        match self.state.sessions.is_open(&self.actor).await {
            Ok(true) => {}
            Ok(false) => return Err(End::Close(CloseCode::Policy, "the session has ended")),
            Err(error) => tracing::warn!(%error, "a follower's session can not be looked at"),
        }
        timeout(TAKES_WITHIN, self.session.ping(b"")).await.map_err(|_| End::Gone)?.map_err(End::from)
    }
}
