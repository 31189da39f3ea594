//! Ids in the path.

use std::{
    future::{Ready, ready},
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Path};
use stardeck_domain::{
    AppId, ConnectionId, ContainerName, DatabaseId, InvalidValue, LogicalName, LoginName, OperationId,
    RegistryId, SessionId, TokenId, UserId,
};
use stardeck_service::Error;

use crate::problem::Problem;

/// The id in the path's `{id}`. A text that is no id names nothing, so it is answered like an id nobody has: 404.
pub(crate) struct Id<T>(pub(crate) T);

/// Something that is found by its id in the path.
pub(crate) trait Resource: FromStr {
    /// What it is called when there is none.
    const WHAT: &'static str;
}

impl Resource for DatabaseId {
    const WHAT: &'static str = "database";
}

impl Resource for AppId {
    const WHAT: &'static str = "app";
}

impl Resource for ConnectionId {
    const WHAT: &'static str = "connection";
}

impl Resource for OperationId {
    const WHAT: &'static str = "operation";
}

impl Resource for RegistryId {
    const WHAT: &'static str = "registry";
}

impl Resource for SessionId {
    const WHAT: &'static str = "session";
}

impl Resource for TokenId {
    const WHAT: &'static str = "token";
}

impl Resource for UserId {
    const WHAT: &'static str = "user";
}

/// The id and the name in a path with `{id}` and `{name}`. A name that nothing can have names nothing: 404.
pub(crate) struct NamedIn<T, N> {
    /// The id of the whole.
    pub(crate) id: T,
    /// The name of the part.
    pub(crate) name: N,
}

/// The ids in a path with `{id}` and `{cid}`.
pub(crate) struct PartOf<T, P> {
    /// The id of the whole.
    pub(crate) id: T,
    /// The id of the part.
    pub(crate) part: P,
}

impl<T: Resource, P: Resource> FromRequest for PartOf<T, P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let both = parse(request, "id").and_then(|id| Ok(Self { id, part: parse(request, "cid")? }));
        ready(both)
    }
}

/// A part that is found by its name in the path.
pub(crate) trait Named: TryFrom<String, Error = InvalidValue> {
    /// What it is called when there is none.
    const WHAT: &'static str;
}

impl Named for LogicalName {
    const WHAT: &'static str = "logical database";
}

impl Named for LoginName {
    const WHAT: &'static str = "user";
}

impl<T: Resource, N: Named> FromRequest for NamedIn<T, N> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(named_in(request, payload))
    }
}

fn named_in<T: Resource, N: Named>(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<NamedIn<T, N>, Problem> {
    let id = Id::<T>::from_request(request, payload).into_inner()?.0;
    // Unlike the plain text of the path, this has all characters decoded; the two are in the order of the path.
    let parts = Path::<(String, String)>::from_request(request, payload).into_inner();
    let text = parts.map(|parts| parts.into_inner().1).unwrap_or_default();
    let shown = shown(&text);
    let name = N::try_from(text).map_err(|_| Error::NotFound { what: N::WHAT, id: shown })?;
    Ok(NamedIn { id, name })
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(SHOWN_MAX).collect()
}

/// The container in the path's `{container_id}`: an id, the beginning of one, or a name, by Podman's rule. Another text
/// names nothing.
pub(crate) struct ContainerRef(pub(crate) String);

impl FromRequest for ContainerRef {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let text = request.match_info().get("container_id").unwrap_or_default();
        let name = ContainerName::parse(text).map_err(|_| {
            let id = text.chars().filter(|c| !c.is_control()).take(SHOWN_MAX).collect();
            Error::NotFound { what: "container", id }.into()
        });
        ready(name.map(|name| Self(name.to_string())))
    }
}

/// Longest part of a path that is repeated in an answer, in characters.
const SHOWN_MAX: usize = 64;

impl<T: Resource> FromRequest for Id<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(parse(request, "id").map(Self))
    }
}

fn parse<T: Resource>(request: &HttpRequest, name: &str) -> Result<T, Problem> {
    let text = request.match_info().get(name).unwrap_or_default();
    text.parse().map_err(|_| Error::NotFound { what: T::WHAT, id: shown(text) }.into())
}
