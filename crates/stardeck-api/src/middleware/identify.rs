//! Finds out who asks, once for each request, by the bearer token or the session cookie.
//!
//! What is *not* here: whether that person may do what they ask. The guards of `extract/` decide that.

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web::Data,
};

use super::origin::check_origin;
use crate::{
    extract::Identity,
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// Most characters of a path that are written down.
const PATH_MOST: usize = 300;

pub(crate) async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let Some(state) = request.app_data::<Data<AppState>>().cloned() else {
        return Ok(request.error_response(Problem::internal()));
    };
    let remote = state.trusted_proxies.remote_address(request.peer_addr(), request.headers());
    let token = token_of(&request, &state);
    let checked = match token {
        Token::Cookie(_) => check_origin(&request, true),
        Token::None => check_origin(&request, false),
        Token::Bearer(_) | Token::Unreadable => Ok(()),
    };
    if let Err(problem) = checked {
        return Ok(request.error_response(problem));
    }
    let found = match token {
        Token::Bearer(token) => Some(state.sessions.authenticate(&token, remote).await),
        // A browser has no API token to send, so that one in its cookie was put there by somebody else.
        Token::Cookie(token) => Some(state.sessions.authenticate_session(&token, remote).await),
        Token::None | Token::Unreadable => None,
    };
    let identity = match found {
        Some(Ok(actor)) => Identity::Known(actor),
        Some(Err(error)) => Identity::Failed(error.into()),
        None => Identity::Anonymous,
    };
    let actor = match &identity {
        Identity::Known(actor) => Some(actor.clone()),
        Identity::Anonymous | Identity::Failed(_) => None,
    };
    request.extensions_mut().insert(identity);
    let response = next.call(request).await?.map_into_boxed_body();
    if let Some(actor) = actor
        && is_forbidden(&response)
    {
        let asked = response.request();
        let path: String = asked.path().chars().take(PATH_MOST).collect();
        if let Err(error) = state.audit.record_refusal(&actor, format!("{} {path}", asked.method())).await {
            tracing::warn!(%error, "a refusal can not be written down");
        }
    }
    Ok(response)
}

/// Whether the role was too low for what was asked.
fn is_forbidden(response: &ServiceResponse) -> bool {
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>());
    problem.is_some_and(|problem| problem.code() == ProblemCode::Forbidden)
}

/// What a request brings to say who sent it.
enum Token {
    Bearer(String),
    Cookie(String),
    /// There is an `Authorization` header, and it holds no bearer token.
    Unreadable,
    None,
}

/// An `Authorization` header counts before a cookie, so that a program that sends both is not held to `Origin`.
fn token_of(request: &ServiceRequest, state: &AppState) -> Token {
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let bearer = value.to_str().ok().and_then(|text| text.split_once(' '));
        return match bearer {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                Token::Bearer(token.trim().to_owned())
            }
            Some(_) | None => Token::Unreadable,
        };
    }
    match request.cookie(state.cookies.name()) {
        Some(cookie) => Token::Cookie(cookie.value().to_owned()),
        None => Token::None,
    }
}
