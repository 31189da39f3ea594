//! The id of a request, by which an answer, the log and a person's question are brought together.

use actix_web::{dev::ServiceRequest, http::header::HeaderName};
use uuid::Uuid;

/// The header a client may send an id in, and gets one back in.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id taken from a client, in characters.
const LENGTH_MAX: usize = 64;

/// The client's own id where it is harmless in a log, else a new one.
pub(crate) fn request_id_of(request: &ServiceRequest) -> String {
    let sent = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    match sent {
        Some(id) if is_harmless(id) => id.to_owned(),
        Some(_) | None => Uuid::now_v7().to_string(),
    }
}

fn is_harmless(id: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !id.is_empty() && id.len() <= LENGTH_MAX && id.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_could_forge_a_log_line_are_refused() {
        assert!(is_harmless("01890a5d-ac96-774b-bcce-b302099a8057"));
        for bad in ["", "a b", "a\nb", "ü", "a=\"b\"", "x".repeat(65).as_str()] {
            assert!(!is_harmless(bad), "{bad}");
        }
    }
}
