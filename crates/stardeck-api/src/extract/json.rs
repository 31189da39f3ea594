//! JSON bodies. Their bytes may hold passwords, so they are wiped after parsing, and no value of theirs is repeated
//! in an error.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, error::PayloadError};
use futures_util::StreamExt as _;
use secrecy::zeroize::Zeroizing;
use serde::de::DeserializeOwned;

use crate::problem::{Problem, ProblemCode};

/// Largest body in bytes.
const LIMIT: usize = 64 * 1024;
/// How long the whole body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// The body, read as JSON.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for JsonBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let announced: Option<usize> = request
            .headers()
            .get(actix_web::http::header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let payload = payload.take();
        Box::pin(async move {
            if !is_json {
                let detail = "send the body as application/json";
                return Err(Problem::new(ProblemCode::UnsupportedMediaType, detail));
            }
            if announced.is_some_and(|length| length > LIMIT) {
                return Err(too_large());
            }
            let body = tokio::time::timeout(PATIENCE, read(payload))
                .await
                .map_err(|_| Problem::new(ProblemCode::BodyTimeout, "the body did not arrive in time"))??;
            parse(&body).map(Self)
        })
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let essence = request.content_type().trim();
    essence.eq_ignore_ascii_case("application/json")
}

async fn read(mut payload: Payload) -> Result<Zeroizing<Vec<u8>>, Problem> {
    // Reserved whole, so that the vector never moves and leaves a copy of a password behind.
    let mut body = Zeroizing::new(Vec::with_capacity(LIMIT));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| broken(&error))?;
        if body.len() + chunk.len() > LIMIT {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn too_large() -> Problem {
    Problem::new(ProblemCode::BodyTooLarge, format!("the body may have at most {LIMIT} bytes"))
}

fn broken(error: &PayloadError) -> Problem {
    tracing::debug!(%error, "a request's body broke off");
    Problem::new(ProblemCode::MalformedBody, "the body broke off")
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // A list of the values in the order of the fields would do for serde.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::new(ProblemCode::MalformedBody, "expected an object, not a list"));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        malformed(error.inner(), &path)
    })?;
    json.end().map_err(|error| malformed(&error, ROOT))?;
    Ok(value)
}

/// The path of the body itself.
const ROOT: &str = ".";

fn malformed(error: &serde_json::Error, path: &str) -> Problem {
    let detail = match error.classify() {
        serde_json::error::Category::Eof => "the JSON ends too early".to_owned(),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
            "the body is not JSON".to_owned()
        }
        serde_json::error::Category::Data if path == ROOT => without_values(&error.to_string()),
        serde_json::error::Category::Data => format!("{path}: {}", without_values(&error.to_string())),
    };
    let place = format!("line {}, column {}", error.line(), error.column());
    Problem::new(ProblemCode::MalformedBody, format!("{detail} ({place})"))
}

/// What serde says about a wrong type or an unknown field, less the value it found, which may be a password.
fn without_values(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(before, _)| before);
    match message.rsplit_once(", expected ") {
        Some((_, expected)) if expected.starts_with("struct ") => "expected an object".to_owned(),
        Some((_, expected)) if !message.starts_with("unknown field") => format!("expected {expected}"),
        Some(_) | None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only parsing is tested")]
        password: String,
    }

    fn detail(body: &str) -> String {
        parse::<Body>(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_value_of_the_wrong_type_is_not_repeated() {
        for body in [r#"{"password": 12345678}"#, r#"{"password": ["12345678"]}"#, r#""12345678""#] {
            let detail = detail(body);
            assert!(detail.contains("expected"), "{detail}");
            assert!(!detail.contains("12345678"), "{detail}");
        }
    }

    #[test]
    fn the_field_of_the_wrong_type_is_named() {
        assert_eq!(
            detail(r#"{"password": 5}"#),
            "malformed_body: password: expected a string (line 1, column 14)"
        );
        assert_eq!(detail("5"), "malformed_body: expected an object (line 1, column 1)");
    }

    #[test]
    fn a_list_is_no_object() {
        assert_eq!(detail(r#" ["secret"]"#), "malformed_body: expected an object, not a list");
        assert!(detail(r#"{"password": "x"} {}"#).contains("not JSON"));
    }

    #[test]
    fn an_unknown_field_is_named() {
        assert!(detail(r#"{"pasword": "x"}"#).contains("unknown field `pasword`"));
    }

    #[test]
    fn text_that_is_not_json_is_told_with_its_place() {
        assert!(detail("{nope").contains("not JSON (line 1, column 2)"));
        assert!(detail("{").contains("ends too early"));
    }
}
