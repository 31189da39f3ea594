//! Ids in the path.

use std::{
    future::{Ready, ready},
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use stardeck_domain::{DatabaseId, OperationId, RegistryId, UserId};
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

impl Resource for OperationId {
    const WHAT: &'static str = "operation";
}

impl Resource for RegistryId {
    const WHAT: &'static str = "registry";
}

impl Resource for UserId {
    const WHAT: &'static str = "user";
}

/// Longest part of a path that is repeated in an answer, in characters.
const SHOWN_MAX: usize = 64;

impl<T: Resource> FromRequest for Id<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let text = request.match_info().get("id").unwrap_or_default();
        ready(text.parse().map(Self).map_err(|_| {
            let id = text.chars().filter(|c| !c.is_control()).take(SHOWN_MAX).collect();
            Error::NotFound { what: T::WHAT, id }.into()
        }))
    }
}
