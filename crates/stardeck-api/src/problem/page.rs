//! The pages that a problem's `type` leads to. Plain HTML without anything from elsewhere.

use actix_web::{HttpResponse, get, web};

use super::{Problem, ProblemCode};

/// Explains one kind of problem to a person.
#[get("/docs/problems/{code}")]
pub(crate) async fn show_problem(code: web::Path<String>) -> Result<HttpResponse, Problem> {
    let unknown = |_| Problem::new(ProblemCode::NotFound, "there is no such problem");
    let code: ProblemCode = code.parse().map_err(unknown)?;
    let status = code.status();
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body><h1>{title}</h1>\n<p><code>{code}</code>, HTTP {status}</p>\n<p>{explanation}</p>\n\
         <p><a href=\"/docs/\">API documentation</a></p></body></html>\n",
        title = code.title(),
        explanation = code.explanation(),
    );
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page))
}
