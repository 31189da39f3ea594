//! `/metrics`: figures for Prometheus.

use actix_web::{HttpResponse, get, http::header, web::Data};
use stardeck_service::Error;

use crate::{extract::Viewer, metrics::TEXT, problem::Problem, state::AppState};

/// Tells figures in Prometheus' text form: requests, operations, databases by status, and how quickly Podman answers.
///
/// A collector signs in with an API token of scope `read`.
#[utoipa::path(
    tag = "health",
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The figures", content_type = "application/openmetrics-text", body = String))
)]
#[get("/metrics")]
pub(crate) async fn get_metrics(_viewer: Viewer, state: Data<AppState>) -> Result<HttpResponse, Problem> {
    let figures = state.metrics.read().await?;
    let text = state.requests.text(&figures).map_err(Error::internal)?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, TEXT)).body(text))
}
