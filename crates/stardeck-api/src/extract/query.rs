//! Query strings.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::de::DeserializeOwned;

use crate::problem::{Problem, ProblemCode};

/// The query, taken apart. Its values are texts; each request type says what they mean.
pub(crate) struct QueryOf<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for QueryOf<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let query = web::Query::<T>::from_query(request.query_string());
        ready(query.map(|query| Self(query.into_inner())).map_err(|error| {
            use actix_web::error::QueryPayloadError as Wrong;
            let detail = match error {
                // The parameters are texts, so what can be wrong is their names.
                Wrong::Deserialize(error) => error.to_string(),
                _ => "the query can not be read".to_owned(),
            };
            Problem::new(ProblemCode::MalformedQuery, detail)
        }))
    }
}
