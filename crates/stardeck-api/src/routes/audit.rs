//! `/api/audit`: who did what.

use actix_web::{
    get,
    web::{Data, Json},
};

use crate::{
    dto::{
        audit::{AuditEntryView, AuditList},
        lists::{ListQuery, views},
    },
    extract::{Admin, QueryOf},
    problem::Problem,
    state::AppState,
};

/// Lists the entries of the audit log, newest first.
#[utoipa::path(
    tag = "audit",
    params(ListQuery),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses((status = 200, description = "The entries", body = AuditList))
)]
#[get("/api/audit")]
pub(crate) async fn list_audit(
    _admin: Admin,
    state: Data<AppState>,
    query: QueryOf<ListQuery>,
) -> Result<Json<AuditList>, Problem> {
    let page = query.0.into_page().map_err(Problem::invalid_query)?;
    let (items, next_cursor) = views(state.audit.list(page).await?, AuditEntryView::of);
    Ok(Json(AuditList { items, next_cursor }))
}
