//! The web UI: its files, told to browsers in the way that costs least.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    web::Data,
};
use stardeck_ui::{Asset, Found, Ui};

use super::{docs::to_docs, not_found::not_found};
use crate::{problem::Problem, state::AppState};

/// The page a person means who names the server alone.
const HOME: &str = "/container-manager/?tab=databases";
/// Below it, a file's name changes with its content.
const HASHED: &str = "_next/static/";

/// Leads to the user interface, or to the documentation where the server was built without one.
#[get("/")]
pub(crate) async fn redirect_root(state: Data<AppState>) -> HttpResponse {
    if state.ui.is_there() { found(HOME) } else { to_docs() }
}

/// What no route took: a file of the UI, or nothing.
pub(crate) async fn ui_or_not_found(
    request: HttpRequest,
    state: Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let is_for_programs = request.path().starts_with("/api/") || request.path().starts_with("/docs/");
    if is_for_programs || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return not_found(&request);
    }
    match state.ui.find(request.path()) {
        Found::File(asset) => Ok(serve(&state.ui, asset, request.headers(), StatusCode::OK)),
        Found::Folder => {
            let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
            Ok(found(&format!("{}/{query}", request.path())))
        }
        Found::Nothing => match state.ui.not_found().filter(|_| wants_page(request.headers())) {
            Some(page) => Ok(serve(&state.ui, page, request.headers(), StatusCode::NOT_FOUND)),
            None => not_found(&request),
        },
    }
}

fn found(location: &str) -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, location)).finish()
}

fn serve(ui: &Ui, asset: &'static Asset, asked: &HeaderMap, status: StatusCode) -> HttpResponse {
    let cache = if asset.path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        // Kept, but asked about each time, so that a new version is seen at once.
        "no-cache"
    };
    let has_same = status == StatusCode::OK
        && value_of(asked, header::IF_NONE_MATCH).is_some_and(|tags| tags.contains(asset.etag));
    let mut response = HttpResponse::build(if has_same { StatusCode::NOT_MODIFIED } else { status });
    response
        .insert_header((header::ETAG, asset.etag))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header((header::CONTENT_SECURITY_POLICY, ui.policy()));
    if has_same {
        return response.finish();
    }
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(media_type(asset.path))));
    let accepts = |encoding: &str| {
        value_of(asked, header::ACCEPT_ENCODING).is_some_and(|list| accepts_encoding(list, encoding))
    };
    match (asset.brotli.filter(|_| accepts("br")), asset.gzip.filter(|_| accepts("gzip"))) {
        (Some(body), _) => response.insert_header((header::CONTENT_ENCODING, "br")).body(body),
        (None, Some(body)) => response.insert_header((header::CONTENT_ENCODING, "gzip")).body(body),
        (None, None) => response.body(asset.plain),
    }
}

/// Whether a list of encodings has this one, not weighted with nothing.
fn accepts_encoding(list: &str, encoding: &str) -> bool {
    list.split(',').any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        name.trim().eq_ignore_ascii_case(encoding) && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00")
    })
}

/// Whether a person looks at the answer, rather than a page that misses a file.
fn wants_page(asked: &HeaderMap) -> bool {
    value_of(asked, header::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

fn value_of(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn media_type(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_weighted_with_nothing_is_not_accepted() {
        assert!(accepts_encoding("gzip, deflate, br", "br"));
        assert!(accepts_encoding("gzip;q=0.8, BR;q=1", "br"));
        assert!(!accepts_encoding("gzip, br;q=0", "br"));
        assert!(!accepts_encoding("brotli", "br"));
    }

    #[test]
    fn every_kind_of_file_in_the_embedded_ui_has_a_media_type() {
        for (path, is_known) in [("a/index.html", true), ("_next/static/x.woff2", true), ("LICENSE", false)] {
            assert_eq!(media_type(path) != "application/octet-stream", is_known, "{path}");
        }
    }
}
