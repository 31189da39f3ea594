//! What handlers take out of a request. Everything here fails as problem+json, and in the right order: who asks is
//! known before anything else of the request is looked at.

mod guard;
mod id;
mod if_match;
mod json;
mod query;

pub(crate) use guard::{Admin, Identity, Operator, Viewer};
pub(crate) use id::{ContainerRef, Id, NamedIn, PartOf};
pub(crate) use if_match::IfMatch;
pub(crate) use json::JsonBody;
pub(crate) use query::QueryOf;
