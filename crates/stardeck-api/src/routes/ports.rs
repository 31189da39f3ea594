//! `/api/ports`: host ports.

use actix_web::{
    get,
    web::{Data, Json},
};

use crate::{
    dto::ports::{NextPort, NextPortQuery},
    extract::{Admin, QueryOf},
    problem::Problem,
    state::AppState,
};

/// Shows the host port that the next database of an engine would get.
#[utoipa::path(
    tag = "databases",
    params(NextPortQuery),
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses(
        (status = 200, description = "A port that is free now", body = NextPort),
        (status = 409, description = "No port of the engine's range is free", body = Problem),
        (status = 502, description = "Podman refused", body = Problem),
    )
)]
#[get("/api/ports/next")]
pub(crate) async fn get_next_port(
    _admin: Admin,
    state: Data<AppState>,
    query: QueryOf<NextPortQuery>,
) -> Result<Json<NextPort>, Problem> {
    let (engine, address) = query.0.check().map_err(Problem::invalid_query)?;
    let port = state.databases.next_port(engine, address).await;
    Ok(Json(NextPort { port: port.map_err(|error| Problem::from(error).in_query())? }))
}
