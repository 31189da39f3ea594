//! What everything that is followed over a `WebSocket` has in common: the handshake, the frames one way, pings, and the end.
//!
//! A route brings a [`Feed`] and hands it to [`follow`]. What is *not* here: what is told, and who may hear it, which the
//! route's guard decides. The session or token of whoever follows is looked at again with every ping, when its time is over, and whenever one ended.

mod guard;

use std::time::Duration;

use actix_web::{
    FromRequest as _, HttpRequest, HttpResponse,
    error::PayloadError,
    rt::{self, time::timeout},
    web::{Data, Payload},
};
use actix_ws::{CloseCode, CloseReason, Closed, Message, MessageStream, ProtocolError, Session};
use futures_util::StreamExt as _;
use serde::Serialize;
use stardeck_service::{Actor, Error};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};
use tracing::Instrument as _;

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// How often a follower is pinged, and its session looked at.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A follower of whom nothing was heard for so long is gone.
const SILENCE_MOST: Duration = Duration::from_mins(1);
/// A follower that takes nothing for so long is gone.
const TAKES_WITHIN: Duration = Duration::from_mins(1);
/// When a session is looked at again that is still good although its time is over.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Largest frame a follower may send. It has nothing to say but pings, pongs and its goodbye.
const INCOMING_MOST: u16 = 256;

/// What a follower is told, one frame after the other.
pub(crate) trait Feed {
    /// One frame, sent as a text message of JSON.
    type Frame: Serialize;
    /// The goodbye after the last frame.
    const ENDED: &'static str;

    /// The next frame, as soon as there is one; None after the last. A call that is dropped loses nothing. It is asked
    /// for only when the one before was taken, so a slow follower costs no memory here.
    async fn next(&mut self) -> Result<Option<Self::Frame>, Error>;
}

/// Shakes hands, and from then on tells `actor` what `feed` brings.
///
/// # Errors
/// The request is no handshake of a WebSocket.
pub(crate) fn follow(
    request: &HttpRequest,
    payload: Payload,
    state: Data<AppState>,
    actor: Actor,
    feed: impl Feed + 'static,
) -> Result<HttpResponse, Problem> {
    let no_handshake =
        |_| Problem::new(ProblemCode::UpgradeRequired, "this is followed over a WebSocket, version 13");
    let mut limited = guard::limited(payload.into_inner(), INCOMING_MOST.into());
    let payload = Payload::from_request(request, &mut limited).into_inner().map_err(no_handshake)?;
    let (response, session, incoming) = actix_ws::handle(request, payload).map_err(no_handshake)?;
    let socket = Socket { state, actor, session };
    rt::spawn(socket.run(feed, incoming.max_frame_size(INCOMING_MOST.into())).in_current_span());
    Ok(response)
}

/// One follower's connection.
struct Socket {
    state: Data<AppState>,
    actor: Actor,
    session: Session,
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
    async fn run(mut self, feed: impl Feed, incoming: MessageStream) {
        let ending = self.state.ending.clone();
        let end = tokio::select! {
            end = self.tell(feed, incoming) => end,
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

    async fn tell<F: Feed>(&mut self, mut feed: F, mut incoming: MessageStream) -> End {
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        let mut ended = self.state.sessions.ended();
        let mut expiry = Box::pin(sleep(self.lasts().await));
        loop {
            let outcome = tokio::select! {
                frame = feed.next() => match frame {
                    Ok(Some(frame)) => self.send(&frame).await,
                    Ok(None) => return End::Close(CloseCode::Normal, F::ENDED),
                    Err(error) => {
                        tracing::warn!(%error, "what is followed can not be told any more");
                        return End::Close(CloseCode::Error, "something went wrong on our side");
                    }
                },
                message = incoming.next() => {
                    heard = Instant::now();
                    self.hear(message).await
                }
                _ = ping.tick() => self.check(heard).await,
                () = expiry.as_mut() => {
                    expiry.as_mut().reset(Instant::now() + AGAIN_AFTER);
                    self.check_access().await
                }
                told = ended.changed() => match told {
                    Ok(()) => self.check_access().await,
                    Err(_) => return End::Close(CloseCode::Away, "the server ends"),
                },
            };
            if let Err(end) = outcome {
                return end;
            }
        }
    }

    /// How long the session or the token lasts by itself.
    async fn lasts(&self) -> Duration {
        match self.state.sessions.lasts(&self.actor).await {
            Ok(lasts) => lasts,
            Err(error) => {
                tracing::warn!(%error, "a follower's session can not be looked at");
                AGAIN_AFTER
            }
        }
    }

    async fn send(&mut self, frame: &impl Serialize) -> Result<(), End> {
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
            Some(Err(error)) if is_overflow(&error) => {
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
        self.check_access().await?;
        timeout(TAKES_WITHIN, self.session.ping(b"")).await.map_err(|_| End::Gone)?.map_err(End::from)
    }

    /// Looks whether what the follower signed in with is still good.
    async fn check_access(&self) -> Result<(), End> {
        match self.state.sessions.is_open(&self.actor).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(End::Close(CloseCode::Policy, "the session has ended")),
            Err(error) => {
                tracing::warn!(%error, "a follower's session can not be looked at");
                Ok(())
            }
        }
    }
}

/// Whether a frame was too long, whoever noticed it.
fn is_overflow(error: &ProtocolError) -> bool {
    match error {
        ProtocolError::Overflow => true,
        ProtocolError::Io(error) => error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<PayloadError>())
            .is_some_and(|inner| matches!(inner, PayloadError::Overflow)),
        _ => false,
    }
}
