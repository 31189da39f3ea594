//! Puts the routes and the layers around them together.

use actix_web::{
    App, Error,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web::{self, Data},
};

use crate::{
    middleware::{host::host, identify::identify, outer::outer},
    problem::show_problem,
    routes,
    state::AppState,
};

/// The whole application, to be served or tested. Called once for each worker; the state is shared.
pub fn app(
    state: Data<AppState>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .configure(routes::served)
        .app_data(state)
        .service(routes::redirect_root)
        .service(routes::redirect_docs)
        .service(show_problem)
        .service(routes::swagger_ui())
        .default_service(web::to(routes::ui_or_not_found))
        // The layer that is added last is the outermost.
        .wrap(from_fn(identify))
        .wrap(from_fn(host))
        .wrap(from_fn(outer))
}
