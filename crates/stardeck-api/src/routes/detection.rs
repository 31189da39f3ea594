//! `/api/databases/detect`: database servers on the host that nobody manages yet.

use actix_web::{
    get,
    web::{Data, Json},
};

use crate::{
    dto::{
        detection::{DetectedDatabaseList, DetectedDatabaseView},
        lists::{ListQuery, views},
    },
    extract::{Admin, QueryOf},
    problem::Problem,
    state::AppState,
};

/// Lists the database servers on the host that nobody manages yet, running or not.
///
/// Exporters, web interfaces, poolers, backup jobs, operators and proxies are not among them.
#[utoipa::path(
    tag = "databases",
    params(ListQuery),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "What was found", body = DetectedDatabaseList),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/databases/detect")]
pub(crate) async fn detect_databases(
    _admin: Admin,
    state: Data<AppState>,
    query: QueryOf<ListQuery>,
) -> Result<Json<DetectedDatabaseList>, Problem> {
    let page = query.0.into_page().map_err(Problem::invalid_query)?;
    let (items, next_cursor) = views(state.databases.detect(page).await?, DetectedDatabaseView::of);
    Ok(Json(DetectedDatabaseList { items, next_cursor }))
}
