//! `/api/databases/adopt` and `…/release`: looking after a database server that somebody else made, and giving it back.

use actix_web::{HttpResponse, post, web::Data};
use stardeck_domain::DatabaseId;

use super::databases::accepted;
use crate::{
    dto::{
        adoption::{AdoptDatabaseRequest, AdoptQuery, AdoptionReportView},
        databases::DatabaseAccepted,
    },
    extract::{Admin, ContainerRef, Id, JsonBody, QueryOf},
    problem::Problem,
    state::AppState,
};

/// Adopts a database server that somebody else made.
///
/// Nothing in the container changes but that it is connected to the data network, without a restart. The login comes
/// from the request or from the container, and is proved before anything is written down.
#[utoipa::path(
    tag = "databases",
    params(("container_id" = String, Path, description = "The container, by id or name"), AdoptQuery),
    request_body = AdoptDatabaseRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "What would happen, for a dry run", body = AdoptionReportView),
        (status = 202, description = "Begun", body = DatabaseAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "The container is managed already or can not be adopted, or the name is taken",
            body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/databases/adopt/{container_id}")]
pub(crate) async fn adopt_database(
    admin: Admin,
    state: Data<AppState>,
    container: ContainerRef,
    query: QueryOf<AdoptQuery>,
    body: JsonBody<AdoptDatabaseRequest>,
) -> Result<HttpResponse, Problem> {
    let is_dry_run = query.0.check().map_err(Problem::invalid_query)?;
    let request = body.0.check().map_err(Problem::invalid_body)?;
    let databases = state.databases.clone();
    if is_dry_run {
        let report = databases.examine(&container.0, &request).await?;
        return Ok(HttpResponse::Ok().json(AdoptionReportView::of(report)));
    }
    let begun =
        state.to_its_end(async move { databases.adopt(&admin.0, &container.0, request).await }).await?;
    Ok(accepted(begun))
}

/// Gives an adopted database back to whoever made it, exactly as it was.
#[utoipa::path(
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = DatabaseAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "It was not adopted, its status does not allow it, or an operation is at work",
            body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[post("/api/databases/{id}/release")]
pub(crate) async fn release_database(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
) -> Result<HttpResponse, Problem> {
    let databases = state.databases.clone();
    let begun = state.to_its_end(async move { databases.release(&admin.0, id.0).await }).await?;
    Ok(accepted(begun))
}
