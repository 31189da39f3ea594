//! Answers that a client need not be sent again: named by what is in them (RFC 9110, 8.8.3 and 13.1.2).

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CacheControl, CacheDirective, ETag, EntityTag, Header as _, IfNoneMatch},
    web::Bytes,
};
use serde::Serialize;

use crate::problem::Problem;

/// A body as it is sent, with its name.
#[derive(Clone)]
pub(crate) struct Body {
    text: Bytes,
    tag: EntityTag,
}

impl Body {
    /// Writes it as JSON.
    ///
    /// # Errors
    /// It can not be written, which is a defect.
    pub(crate) fn of(value: &impl Serialize) -> Result<Self, Problem> {
        let text = serde_json::to_string(value).map_err(|error| {
            tracing::error!(%error, "an answer can not be written");
            Problem::internal()
        })?;
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        // Weak: the same things are shown, byte by byte or not.
        let tag = EntityTag::new_weak(format!("{:016x}", hasher.finish()));
        Ok(Self { text: text.into(), tag })
    }

    /// The answer; or 304 without the body, when the client has it already. Caches ask each time.
    pub(crate) fn unless_known(self, request: &HttpRequest) -> HttpResponse {
        let is_known = match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => request.headers().contains_key(IfNoneMatch::name()),
            Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&self.tag)),
            Err(_) => false,
        };
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header(ETag(self.tag))
            .insert_header(CacheControl(vec![CacheDirective::Private, CacheDirective::NoCache]));
        if is_known { answer.finish() } else { answer.content_type("application/json").body(self.text) }
    }
}
