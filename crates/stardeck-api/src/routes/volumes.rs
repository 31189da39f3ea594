//! `/api/volumes/kept`: data that was kept when its database was deleted.

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    web::{Data, Json},
};
use stardeck_domain::DatabaseId;

use crate::{
    dto::{
        databases::OperationAccepted,
        lists::{ListQuery, views},
        operations::{OperationView, location_of},
        volumes::{DeleteKeptVolumeQuery, KeptVolumeList, KeptVolumeView},
    },
    extract::{Admin, Id, QueryOf, Viewer},
    problem::Problem,
    state::AppState,
};

/// Lists the volumes of databases that were deleted with their data kept.
///
/// `POST /api/databases` with `kept_volume_id` makes a database of one again.
#[utoipa::path(
    tag = "volumes",
    params(ListQuery),
    security(("bearer" = ["viewer"]), ("cookie" = ["viewer"])),
    responses((status = 200, description = "The kept volumes", body = KeptVolumeList))
)]
#[get("/api/volumes/kept")]
pub(crate) async fn list_kept_volumes(
    _viewer: Viewer,
    state: Data<AppState>,
    query: QueryOf<ListQuery>,
) -> Result<Json<KeptVolumeList>, Problem> {
    let page = query.0.into_page().map_err(Problem::invalid_query)?;
    let (items, next_cursor) = views(state.databases.list_kept(page).await?, KeptVolumeView::of);
    Ok(Json(KeptVolumeList { items, next_cursor }))
}

/// Removes a kept volume for good.
#[utoipa::path(
    tag = "volumes",
    params(("id" = DatabaseId, Path, description = "The kept volume"), DeleteKeptVolumeQuery),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 202, description = "Begun", body = OperationAccepted,
            headers(("Location" = String, description = "The operation"))),
        (status = 409, description = "It is in use again, or an operation is at work", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[delete("/api/volumes/kept/{id}")]
pub(crate) async fn delete_kept_volume(
    admin: Admin,
    state: Data<AppState>,
    id: Id<DatabaseId>,
    query: QueryOf<DeleteKeptVolumeQuery>,
) -> Result<HttpResponse, Problem> {
    let confirm = query.0.check().map_err(Problem::invalid_query)?;
    let databases = state.databases.clone();
    let removal =
        state.to_its_end(async move { databases.delete_kept(&admin.0, id.0, &confirm).await }).await;
    // The service speaks of fields; here they are parameters of the query.
    let operation = removal.map_err(|error| Problem::from(error).in_query())?;
    let location = (header::LOCATION, location_of(operation.id));
    let body = OperationAccepted { operation: OperationView::of(operation) };
    Ok(HttpResponse::Accepted().insert_header(location).json(body))
}
