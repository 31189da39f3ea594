//! `/api/audit`: who did what.

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Bytes, Data, Json},
};
use futures_util::{Stream, stream};
use stardeck_domain::AuditEntry;
use stardeck_service::{Error, Slice, auth::Audit};

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

/// Exports the whole audit log, oldest first, as one JSON object a line.
///
/// An answer that breaks off is not whole. That it was exported is an entry itself.
#[utoipa::path(
    tag = "audit",
    security(("bearer" = ["admin"]), ("cookie" = ["admin"])),
    responses((
        status = 200,
        description = "The entries, one `AuditEntry` a line",
        content_type = "application/x-ndjson",
        body = String
    ))
)]
#[get("/api/audit/export")]
pub(crate) async fn export_audit(admin: Admin, state: Data<AppState>) -> Result<HttpResponse, Problem> {
    let first = state.audit.begin_export(&admin.0).await?;
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"stardeck-audit.ndjson\"");
    let kind = "application/x-ndjson";
    let lines = lines(state.audit.clone(), first);
    Ok(HttpResponse::Ok().content_type(kind).insert_header(name).streaming(lines))
}

/// What comes next of an export.
enum Next {
    Part(Slice<AuditEntry>),
    After(String),
    Nothing,
}

/// The entries part by part. Each is read when the one before was taken, so a slow reader costs no memory.
fn lines(audit: Audit, first: Slice<AuditEntry>) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold((audit, Next::Part(first)), |(audit, next)| async move {
        let part = match next {
            Next::Part(part) => part,
            Next::After(cursor) => audit.export_after(Some(cursor)).await?,
            Next::Nothing => return Ok(None),
        };
        let mut text = Vec::new();
        for entry in part.items {
            serde_json::to_writer(&mut text, &AuditEntryView::of(entry)).map_err(Error::internal)?;
            text.push(b'\n');
        }
        let next = part.next.map_or(Next::Nothing, Next::After);
        Ok(Some((Bytes::from(text), (audit, next))))
    })
}
