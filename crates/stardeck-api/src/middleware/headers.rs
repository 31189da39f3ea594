//! Headers that tell a browser what it must not do with our answers.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Answers of the API are data; nothing in them may be run, shown in a frame or fetched from elsewhere.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The documentation page runs its own scripts only. It sets inline styles, which a policy can not name one by one.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'none'";

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Adds the headers. One that a handler has set stays as it is.
pub(crate) fn protect(path: &str, headers: &mut HeaderMap) {
    let policy = if path.starts_with("/docs/") { DOCS_POLICY } else { API_POLICY };
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (RESOURCE_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        set_unless_present(headers, name, value);
    }
    if path.starts_with("/api/") {
        // What the API says changes at any time, and some of it is nobody else's business.
        set_unless_present(headers, header::CACHE_CONTROL, "no-store");
    }
}

fn set_unless_present(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
