//! `/docs`, `/api/openapi.json` and what leads there.

use actix_web::{http::Method, test::TestRequest};
use stardeck_api::ProblemCode;

use crate::support::start;

#[actix_web::test]
async fn the_document_is_openapi_3_1() {
    let app = start().await;
    let answer = app.ask(Method::GET, "/api/openapi.json", None, None).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json()["openapi"], "3.1.0");
}

#[actix_web::test]
async fn the_root_leads_to_the_documentation() {
    let app = start().await;
    for uri in ["/", "/docs"] {
        let answer = app.ask(Method::GET, uri, None, None).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some("/docs/")), "{uri}");
    }
}

#[actix_web::test]
async fn the_documentation_loads_nothing_from_elsewhere() {
    let app = start().await;
    let page = app.ask(Method::GET, "/docs/", None, None).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("swagger-ui"));
    assert!(!page.text.contains("//unpkg") && !page.text.contains("https://"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';") && policy.contains("connect-src 'self';"), "{policy}");
    for file in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-initializer.js"] {
        let answer = app.send(TestRequest::get().uri(&format!("/docs/{file}"))).await;
        assert_eq!(answer.status, 200, "{file}");
    }
    let start_script = app.send(TestRequest::get().uri("/docs/swagger-initializer.js")).await;
    assert!(start_script.text.contains("/api/openapi.json"));
    assert!(start_script.text.contains(r#""validatorUrl": "none""#), "{}", start_script.text);
}

#[actix_web::test]
async fn a_file_that_is_not_there_is_a_problem() {
    let app = start().await;
    let answer = app.ask(Method::GET, "/docs/nothing.js", None, None).await;
    assert_eq!(answer.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn every_problem_is_explained_where_its_type_leads() {
    let app = start().await;
    for code in ProblemCode::ALL {
        let page = app.ask(Method::GET, &format!("/docs/problems/{code}"), None, None).await;
        assert_eq!(page.status, 200, "{code}");
        assert!(page.text.contains(code.title()), "{code}");
    }
    let unknown = app.ask(Method::GET, "/docs/problems/nonsense", None, None).await;
    assert_eq!(unknown.problem(), (404, "not_found".to_owned()));
}
