//! `/api/registries`: logins for image registries.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json},
};
use stardeck_domain::RegistryId;
use stardeck_service::registries::Saved;

use crate::{
    dto::{
        lists::{ListQuery, views},
        registries::{RegistryList, RegistryView, SaveRegistryRequest},
    },
    extract::{Admin, Id, JsonBody, QueryOf},
    problem::Problem,
    state::AppState,
};

/// Lists the logins for image registries, without their passwords.
#[utoipa::path(
    tag = "registries",
    params(ListQuery),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses((status = 200, description = "The logins", body = RegistryList))
)]
#[get("/api/registries")]
pub(crate) async fn list_registries(
    _admin: Admin,
    state: Data<AppState>,
    query: QueryOf<ListQuery>,
) -> Result<Json<RegistryList>, Problem> {
    let page = query.0.into_page().map_err(Problem::invalid_query)?;
    let (items, next_cursor) = views(state.registries.list(page).await?, RegistryView::of);
    Ok(Json(RegistryList { items, next_cursor }))
}

/// Saves the login for an image registry, in place of the one there was.
///
/// Pulls from this registry use it from now on. It is tried by the next pull, not by this request.
#[utoipa::path(
    tag = "registries",
    request_body = SaveRegistryRequest,
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "The login for this registry was replaced", body = RegistryView),
        (status = 201, description = "It is the first for this registry", body = RegistryView),
    )
)]
#[post("/api/registries")]
pub(crate) async fn save_registry(
    admin: Admin,
    state: Data<AppState>,
    body: JsonBody<SaveRegistryRequest>,
) -> Result<HttpResponse, Problem> {
    let (host, username, password) = body.0.check().map_err(Problem::invalid_body)?;
    let (registry, saved) = state.registries.save(&admin.0, host, username, password).await?;
    let mut answer = match saved {
        Saved::Created => HttpResponse::Created(),
        Saved::Replaced => HttpResponse::Ok(),
    };
    Ok(answer.json(RegistryView::of(registry)))
}

/// Removes the login for an image registry. Images that were pulled with it stay.
#[utoipa::path(
    tag = "registries",
    params(("id" = RegistryId, Path, description = "The login")),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses((status = 204, description = "Removed"))
)]
#[delete("/api/registries/{id}")]
pub(crate) async fn delete_registry(
    admin: Admin,
    state: Data<AppState>,
    id: Id<RegistryId>,
) -> Result<HttpResponse, Problem> {
    state.registries.delete(&admin.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
