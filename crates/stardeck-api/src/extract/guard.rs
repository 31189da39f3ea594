//! Guards: a handler that takes one of these can not be reached without the role.
//!
//! Who asks was found out by `middleware/identify.rs`, so a guard decides at once. It is the first argument of its
//! handler, so that nobody learns from the answer whether the rest of the request was right.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use stardeck_domain::Role;
use stardeck_service::{Actor, Error, auth};

use crate::problem::Problem;

/// Who sent a request, as far as that could be told.
pub(crate) enum Identity {
    /// Nobody is signed in.
    Anonymous,
    /// Somebody is.
    Known(Actor),
    /// It could not be found out.
    Failed(Problem),
}

macro_rules! guard {
    ($( $(#[$meta:meta])* $name:ident($role:expr), )+) => { $(
        $(#[$meta])*
        pub(crate) struct $name(pub(crate) Actor);

        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;

            fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
                ready(actor_with(request, $role).map(Self))
            }
        }
    )+ };
}

guard! {
    /// Somebody who may look.
    Viewer(Role::Viewer),
    /// Somebody who may start and stop.
    Operator(Role::Operator),
    /// Somebody who may do everything.
    Admin(Role::Admin),
}

fn actor_with(request: &HttpRequest, needed: Role) -> Result<Actor, Problem> {
    let extensions = request.extensions();
    match extensions.get::<Identity>() {
        Some(Identity::Known(actor)) => {
            auth::require(actor, needed)?;
            Ok(actor.clone())
        }
        Some(Identity::Failed(problem)) => Err(problem.clone()),
        Some(Identity::Anonymous) | None => Err(Error::Unauthenticated.into()),
    }
}
