//! The outermost layer: every answer leaves with a request id, with protective headers, and, when it is an error, as
//! problem+json, whoever raised it.

use std::time::Instant;

use actix_web::{
    Error, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderValue},
    },
    middleware::Next,
    web::Data,
};

use super::{
    headers::protect,
    request_id::{REQUEST_ID, request_id_of},
};
use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

pub(crate) async fn outer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let request_id = request_id_of(&request);
    tracing::Span::current().record("request_id", request_id.as_str());
    let path = request.path().to_owned();
    let (method, began) = (request.method().clone(), Instant::now());
    let state = request.app_data::<Data<AppState>>().cloned();
    let response = next.call(request).await?.map_into_boxed_body();
    let mut response = as_problem(response, &path, &request_id);
    protect(&path, response.headers_mut());
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if let Some(state) = state {
        // What there is no route for has no pattern, and is counted as one, however many paths are tried.
        let pattern = response.request().match_pattern();
        let (pattern, method) = (pattern.as_deref().unwrap_or("other"), known(&method));
        state.requests.record(method, pattern, response.status().as_u16(), began.elapsed());
    }
    Ok(response)
}

/// The method's name, or `other` for one of a client's own making.
fn known(method: &Method) -> &str {
    let ours = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
    ];
    if ours.contains(method) { method.as_str() } else { "other" }
}

fn as_problem(response: ServiceResponse, path: &str, request_id: &str) -> ServiceResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = match response.response().error() {
        Some(error) => error.as_error::<Problem>().cloned().unwrap_or_else(|| of_status(status)),
        // An answer that says in its own shape what is wrong, as the health checks and the UI's pages do.
        None if has_own_shape(&response) => return response,
        None => of_status(status),
    };
    let problem = problem.on(path.to_owned()).in_request(request_id.to_owned());
    response.into_response(problem.error_response())
}

fn has_own_shape(response: &ServiceResponse) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|kind| kind == "application/json" || kind.starts_with("text/html"))
}

/// A problem for an error that the web framework raised by itself.
fn of_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::new(ProblemCode::NotFound, "there is nothing at this path"),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(ProblemCode::BodyTooLarge, "the body is too large"),
        status if status.is_client_error() => {
            Problem::new(ProblemCode::MalformedRequest, "the request can not be read")
        }
        _ => Problem::internal(),
    }
}
