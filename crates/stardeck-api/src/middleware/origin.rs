//! The guard against requests that another site makes a browser send (CSRF).

use actix_web::{dev::ServiceRequest, http::header};
use url::Url;

use super::host::host_of;
use crate::problem::{Problem, ProblemCode};

/// Refuses a request that changes something, or opens a WebSocket, when it comes from another site. What a WebSocket
/// tells is readable by whoever opened it: a browser holds only other answers back from another site's scripts.
///
/// A browser sends `Origin` with each of them, so one that carries our cookie and no `Origin` is refused as
/// well. A request with an `Authorization` header is no concern of this guard: no browser adds that by itself.
pub(crate) fn check_origin(request: &ServiceRequest, has_cookie: bool) -> Result<(), Problem> {
    if request.method().is_safe() && !request.headers().contains_key(header::UPGRADE) {
        return Ok(());
    }
    let refused = |detail| Err(Problem::new(ProblemCode::OriginRejected, detail));
    match request.headers().get(header::ORIGIN) {
        Some(origin) => {
            let same = origin.to_str().ok().zip(host_of(request)).is_some_and(|(o, h)| is_same(o, &h));
            if same { Ok(()) } else { refused("the request came from another site") }
        }
        None if has_cookie => refused("a request signed in by cookie needs an Origin header"),
        None => Ok(()),
    }
}

/// Whether an origin's host and port are those of the `Host` header. The scheme is not compared, since a proxy may
/// speak TLS in front of us.
fn is_same(origin: &str, host: &str) -> bool {
    let Ok(origin) = Url::parse(origin) else { return false };
    let Ok(host) = Url::parse(&format!("{}://{host}/", origin.scheme())) else { return false };
    matches!(origin.scheme(), "http" | "https")
        && origin.host_str().is_some()
        && origin.host_str() == host.host_str()
        && origin.port_or_known_default() == host.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_and_host_are_compared_with_their_ports() {
        for (origin, host) in [
            ("http://localhost:8080", "localhost:8080"),
            ("https://stardeck.example", "Stardeck.example"),
            ("https://stardeck.example", "stardeck.example:443"),
            ("http://[::1]:8080", "[::1]:8080"),
        ] {
            assert!(is_same(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("http://localhost:8081", "localhost:8080"),
            ("http://evil.example", "localhost:8080"),
            ("http://localhost:8080.evil.example", "localhost:8080"),
            ("null", "localhost:8080"),
            ("", "localhost:8080"),
            ("file://localhost", "localhost"),
        ] {
            assert!(!is_same(origin, host), "{origin} {host}");
        }
    }
}
