//! `/api/health`: for whoever watches over the server. Anybody may ask.

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Data, Json},
};

use crate::{
    dto::health::{LiveView, ReadyView},
    state::AppState,
};

/// Says that the server runs.
#[utoipa::path(tag = "health", responses((status = 200, description = "It runs", body = LiveView)))]
#[get("/api/health/live")]
pub(crate) async fn live() -> Json<LiveView> {
    Json(LiveView::ok())
}

/// Says whether the server can do its work: its store answers, and so does Podman.
#[utoipa::path(
    tag = "health",
    responses(
        (status = 200, description = "It can", body = ReadyView),
        (status = 503, description = "It can not", body = ReadyView),
    )
)]
#[get("/api/health/ready")]
pub(crate) async fn ready(state: Data<AppState>) -> HttpResponse {
    let report = state.readiness.check().await;
    let view = ReadyView::of(report);
    if report.is_ready() {
        HttpResponse::Ok().json(view)
    } else {
        HttpResponse::ServiceUnavailable().insert_header((header::RETRY_AFTER, "5")).json(view)
    }
}
