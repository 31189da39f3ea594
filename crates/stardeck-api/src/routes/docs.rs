//! The API's own description: the OpenAPI document, and a page that shows it without anything from elsewhere.

use std::sync::LazyLock;

use actix_web::{HttpResponse, get, http::header, web::Bytes};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{openapi::openapi, problem::Problem};

/// The document as it is sent. It never changes, so it is written once, for whoever asks for it first.
static DOCUMENT: LazyLock<Option<Bytes>> = LazyLock::new(|| match serde_json::to_vec(&openapi()) {
    Ok(text) => Some(text.into()),
    Err(error) => {
        tracing::error!(%error, "the document can not be written");
        None
    }
});

/// Gives this document.
#[utoipa::path(
    tag = "docs",
    responses((status = 200, description = "An OpenAPI 3.1 document", body = serde_json::Value))
)]
#[get("/api/openapi.json")]
pub(crate) async fn show_openapi() -> Result<HttpResponse, Problem> {
    let text = DOCUMENT.clone().ok_or_else(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(text))
}

/// Leads to the documentation, whose files are named relative to a directory.
#[get("/docs")]
pub(crate) async fn redirect_docs() -> HttpResponse {
    to_docs()
}

/// The documentation page. Without the validator badge, which would be fetched from elsewhere.
pub(crate) fn swagger_ui() -> SwaggerUi {
    let config = Config::from("/api/openapi.json").validator_url("none");
    SwaggerUi::new("/docs/{_:.*}").config(config)
}

pub(super) fn to_docs() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/docs/")).finish()
}
