//! The HTTP API of Stardeck's database manager: routes, the shapes of requests and answers, errors as problem+json, the
//! OpenAPI document, and the guards around all of it.
//!
//! A handler extracts, makes one call to the service, and answers with a view. What is *not* here: rules of what may be
//! done when (the service has them), and listening on a socket (`stardeck-server`).

mod app;
mod dto;
mod etag;
mod extract;
mod metrics;
mod middleware;
mod openapi;
mod problem;
mod ready;
mod routes;
mod state;
mod ws;

pub use app::app;
pub use middleware::{host::AllowedHosts, remote::TrustedProxies};
pub use openapi::{openapi, openapi_3_0};
pub use problem::{FieldProblem, PROBLEM_JSON, Problem, ProblemCode};
pub use state::{AppState, CookiePolicy};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
