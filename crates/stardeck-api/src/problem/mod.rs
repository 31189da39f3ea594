//! Problem details (RFC 9457): the one shape of every error this API answers with.
//!
//! What is *not* here: the wording of conditions, which comes from the service's errors, and anything internal: the
//! cause of a defect goes to the log, never into a problem.

mod code;
mod failure;
mod mapping;
mod page;

use std::time::Duration;

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use serde::Serialize;
use stardeck_domain::{OperationId, ValidationErrors};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

pub use code::ProblemCode;
pub(crate) use page::show_problem;

/// The media type of a problem (RFC 9457, section 3).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong (RFC 9457). Boxed, since it is the error of every handler and far larger than what they return.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Members>);

/// What went wrong (RFC 9457). Branch on `code`; `title` and `detail` are for people.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Members {
    /// Where the kind of problem is explained, relative to this server.
    #[serde(rename = "type")]
    #[schema(example = "/docs/problems/name_taken")]
    type_uri: String,
    /// The kind of problem in a few words, the same each time.
    #[schema(example = "The name is taken")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 409, minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time, in words.
    detail: String,
    /// A stable word for programs.
    code: ProblemCode,
    /// What the problem occurred on: the path of the request, or of the operation that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    instance: Option<String>,
    /// The request's id, as in the header `x-request-id` and in the server's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    request_id: Option<String>,
    /// Each field that breaks a rule, when `code` is `invalid_fields`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldProblem>,
    /// The operation at work, when `code` is `operation_in_progress`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    operation_id: Option<OperationId>,
    /// The step that failed, in the error of an operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    step: Option<String>,
    /// The last lines the database server logged, where they explain the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    log_tail: Vec<String>,
    #[serde(skip)]
    #[schema(ignore)]
    retry_after: Option<Duration>,
    #[serde(skip)]
    #[schema(ignore)]
    allow: Option<String>,
}

/// One field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field of the body, or the parameter of the query.
    #[schema(example = "name")]
    field: String,
    /// Where it is in the body, as a JSON pointer (RFC 6901); null for a parameter of the query.
    #[schema(example = "/name")]
    pointer: Option<String>,
    /// A stable word for programs.
    #[schema(example = "too_long")]
    code: String,
    /// What would be right.
    #[schema(example = "must have at most 50 characters")]
    detail: String,
}

impl Problem {
    /// A problem of this kind, with what happened this time. The text is shown to whoever asked.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Members {
            type_uri: format!("/docs/problems/{code}"),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            code,
            instance: None,
            request_id: None,
            errors: Vec::new(),
            operation_id: None,
            step: None,
            log_tail: Vec::new(),
            retry_after: None,
            allow: None,
        }))
    }

    /// The kind of problem.
    pub fn code(&self) -> ProblemCode {
        self.0.code
    }

    /// Fields of the body that break rules.
    pub(crate) fn invalid_body(errors: ValidationErrors) -> Self {
        Self::invalid(errors, |field| Some(pointer_to(field)))
    }

    /// Parameters of the query that break rules.
    pub(crate) fn invalid_query(errors: ValidationErrors) -> Self {
        Self::invalid(errors, |_| None)
    }

    /// The same problem, told of parameters of the query instead of fields of the body.
    pub(crate) fn in_query(mut self) -> Self {
        for error in &mut self.0.errors {
            error.pointer = None;
        }
        self
    }

    /// Adds the header `Retry-After`.
    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds the header `Allow`.
    pub(crate) fn with_allow(mut self, methods: String) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// Names the operation that is at work.
    pub(crate) fn with_operation(mut self, operation: OperationId) -> Self {
        self.0.operation_id = Some(operation);
        self
    }

    /// Says what the problem occurred on.
    pub(crate) fn on(mut self, instance: String) -> Self {
        self.0.instance = Some(instance);
        self
    }

    /// Says under which id the server's log knows the request.
    pub(crate) fn in_request(mut self, request_id: String) -> Self {
        self.0.request_id = Some(request_id);
        self
    }

    fn invalid(errors: ValidationErrors, pointer: impl Fn(&str) -> Option<String>) -> Self {
        let detail = errors.to_string();
        let fields = errors.0.into_iter().map(|error| FieldProblem {
            field: error.field.to_owned(),
            pointer: pointer(error.field),
            code: error.code.to_owned(),
            detail: error.reason,
        });
        let mut problem = Self::new(ProblemCode::InvalidFields, detail);
        problem.0.errors = fields.collect();
        problem
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.detail)
    }
}

impl std::error::Error for Problem {}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        Members::schema()
    }
}

impl ToSchema for Problem {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Members::schemas(schemas);
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(wait) = self.0.retry_after {
            // Rounded up, so that a client that waits exactly so long is not too early.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.insert_header((header::RETRY_AFTER, seconds.max(1)));
        }
        if let Some(methods) = &self.0.allow {
            response.insert_header((header::ALLOW, methods.clone()));
        }
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        if self.status_code() == StatusCode::UPGRADE_REQUIRED {
            response.insert_header((header::UPGRADE, HeaderValue::from_static("websocket")));
        }
        let mut response = response.json(self);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response
    }
}

/// The JSON pointer to a field; dots separate the parts of a nested one.
fn pointer_to(field: &str) -> String {
    field.split('.').fold(String::new(), |mut pointer, part| {
        pointer.push('/');
        pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
        pointer
    })
}

#[cfg(test)]
mod tests {
    use stardeck_domain::InvalidValue;

    use super::*;

    #[test]
    fn members_that_say_nothing_are_left_out() {
        let json = serde_json::to_value(Problem::new(ProblemCode::Busy, "the store is busy")).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "/docs/problems/busy",
                "title": "The store is busy",
                "status": 503,
                "detail": "the store is busy",
                "code": "busy",
            })
        );
    }

    #[test]
    fn each_wrong_field_has_a_pointer_into_the_body_and_none_into_the_query() {
        let error = InvalidValue::new("too_long", "must have at most 50 characters").in_field("name");
        let in_body = Problem::invalid_body(error.into());
        assert_eq!(in_body.0.errors.first().and_then(|e| e.pointer.as_deref()), Some("/name"));
        assert_eq!(in_body.in_query().0.errors.first().map(|e| e.pointer.is_none()), Some(true));
    }

    #[test]
    fn a_wait_of_part_of_a_second_is_rounded_up() {
        let problem =
            Problem::new(ProblemCode::TooManyAttempts, "wait").with_retry_after(Duration::from_millis(1_200));
        let response = problem.error_response();
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "2");
    }
}
