//! `/api/operations`: long-running work.

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use stardeck_domain::OperationId;

use crate::{
    dto::{
        databases::OperationAccepted,
        lists::views,
        operations::{OperationList, OperationLogList, OperationLogQuery, OperationView, OperationsQuery},
    },
    extract::{Admin, Id, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists operations, oldest first.
#[utoipa::path(
    tag = "operations",
    params(OperationsQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The operations", body = OperationList))
)]
#[get("/api/operations")]
pub(crate) async fn list_operations(
    _viewer: Viewer,
    state: Data<AppState>,
    query: QueryOf<OperationsQuery>,
) -> Result<Json<OperationList>, Problem> {
    let (filter, page) = query.0.check().map_err(Problem::invalid_query)?;
    let (items, next_cursor) = views(state.operations.list(filter, page).await?, OperationView::of);
    Ok(Json(OperationList { items, next_cursor }))
}

/// Shows an operation with its steps.
#[utoipa::path(
    tag = "operations",
    params(("id" = OperationId, Path, description = "The operation")),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The operation", body = OperationView))
)]
#[get("/api/operations/{id}")]
pub(crate) async fn get_operation(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<OperationId>,
) -> Result<Json<OperationView>, Problem> {
    Ok(Json(OperationView::of(state.operations.get(id.0).await?)))
}

/// Lists what an operation logged, oldest first.
#[utoipa::path(
    tag = "operations",
    params(("id" = OperationId, Path, description = "The operation"), OperationLogQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The lines", body = OperationLogList))
)]
#[get("/api/operations/{id}/log")]
pub(crate) async fn list_operation_log(
    _viewer: Viewer,
    state: Data<AppState>,
    id: Id<OperationId>,
    query: QueryOf<OperationLogQuery>,
) -> Result<Json<OperationLogList>, Problem> {
    let part = query.0.check().map_err(Problem::invalid_query)?;
    let lines = state.operations.log(id.0, part.after, part.limit).await?;
    Ok(Json(OperationLogList::of_lines(lines, part.limit)))
}

/// Asks an operation to stop and take back what it did.
#[utoipa::path(
    tag = "operations",
    params(("id" = OperationId, Path, description = "The operation")),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Asked; the operation ends as `cancelled`", body = OperationAccepted),
        (status = 409, description = "It has ended, or can not be cancelled", body = Problem),
    )
)]
#[post("/api/operations/{id}/cancel")]
pub(crate) async fn cancel_operation(
    admin: Admin,
    state: Data<AppState>,
    id: Id<OperationId>,
) -> Result<HttpResponse, Problem> {
    let operations = state.operations.clone();
    let operation = state.to_its_end(async move { operations.cancel(&admin.0, id.0).await }).await?;
    Ok(HttpResponse::Accepted().json(OperationAccepted { operation: OperationView::of(operation) }))
}
