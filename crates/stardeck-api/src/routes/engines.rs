//! `/api/engines`: what can be deployed.

use actix_web::{get, web::Json};

use crate::{
    dto::engines::{EngineList, EngineView},
    extract::Viewer,
};

/// Lists the engines on offer.
#[utoipa::path(
    tag = "engines",
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The engines, all in one part", body = EngineList))
)]
#[get("/api/engines")]
pub(crate) async fn list_engines(_viewer: Viewer) -> Json<EngineList> {
    let items = stardeck_service::engines().into_iter().map(EngineView::of).collect();
    Json(EngineList { items, next_cursor: None })
}
