//! The API's own description: the OpenAPI document, and a page that shows it without anything from elsewhere.

use actix_web::{HttpResponse, get, http::header, web::Data};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Gives this document.
#[utoipa::path(
    tag = "docs",
    responses((status = 200, description = "An OpenAPI 3.1 document", body = serde_json::Value))
)]
#[get("/api/openapi.json")]
pub(crate) async fn show_openapi(document: Data<OpenApi>) -> HttpResponse {
    HttpResponse::Ok().json(document.get_ref())
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
