//! What no handler took: 405 with `Allow` where the path exists for other methods, else 404.

use std::{collections::BTreeSet, sync::LazyLock};

use actix_web::{HttpRequest, HttpResponse};

use super::paths;
use crate::problem::{Problem, ProblemCode};

/// The paths of the API with the methods they know.
struct RouteTable(Vec<Route>);

static ROUTES: LazyLock<RouteTable> = LazyLock::new(RouteTable::of_this_program);

struct Route {
    path: String,
    methods: BTreeSet<&'static str>,
}

/// Paths that are not in the document; they are pages.
const PAGES: [&str; 4] = ["/", "/docs", "/docs/", "/docs/problems/{code}"];

impl RouteTable {
    fn of_this_program() -> Self {
        let documented = paths().paths.into_iter().map(|(path, item)| {
            let methods = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            let methods = methods.into_iter().filter_map(|(name, has)| has.then_some(name)).collect();
            Route { path, methods }
        });
        let pages = PAGES.map(|path| Route { path: path.to_owned(), methods: BTreeSet::from(["GET"]) });
        Self(documented.chain(pages).collect())
    }

    /// The methods a path knows, for the header `Allow`; None when there is no such path.
    fn methods_of(&self, path: &str) -> Option<String> {
        let methods: BTreeSet<_> =
            self.0.iter().filter(|route| fits(&route.path, path)).flat_map(|route| &route.methods).collect();
        let list = methods.into_iter().copied().collect::<Vec<_>>().join(", ");
        (!list.is_empty()).then_some(list)
    }
}

pub(super) fn not_found(request: &HttpRequest) -> Result<HttpResponse, Problem> {
    Err(match ROUTES.methods_of(request.path()) {
        Some(methods) => {
            let detail = format!("this path does not know the method {}", request.method());
            Problem::new(ProblemCode::MethodNotAllowed, detail).with_allow(methods)
        }
        None => Problem::new(ProblemCode::NotFound, "there is nothing at this path"),
    })
}

/// Whether a path fits a template: each part is the same, or the template's is a parameter and the path's not empty.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(&path)
            .all(|(wanted, have)| if wanted.starts_with('{') { !have.is_empty() } else { wanted == have })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_fit_any_part_that_is_not_empty() {
        assert!(fits("/api/databases/{id}/start", "/api/databases/x/start"));
        for other in
            ["/api/databases//start", "/api/databases/x", "/api/databases/x/start/", "/api/databases/x/stop"]
        {
            assert!(!fits("/api/databases/{id}/start", other), "{other}");
        }
    }
}
