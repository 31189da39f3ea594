//! Apps: containers that use databases, and their links to them.
//!
//! [`Apps`] checks a request, writes down what was asked for, and hands the work to [`crate::operations`]; the steps are in
//! `steps/`. An app that somebody else made becomes one as long as it is linked. What is *not* here: what happens inside an
//! engine (`stardeck-drivers`).

mod connections;
mod create;
mod environment;
mod external;
mod foreign;
mod link;
mod preview;
mod requests;
pub(crate) mod steps;
mod suggest;
mod verbs;

use std::sync::Arc;

use stardeck_domain::{App, AppId, AppStatus, DatabaseConnection};
use stardeck_repository::{Page, Slice, apps};

pub use external::{ExternalFacts, ExternalTrial, TriedFrom};
pub use requests::{
    AppEntry, AppPort, AppSpec, AppVolume, ConnectionCredentials, ConnectionEntry, CreateApp, DatabaseChoice,
    LinkApp, LinkChange, LinkChangeKind, LinkContainer, LinkOptions, LinkReport, LogicalFate, NewAppPort,
    PreviewLink, PreviewVariable, UnlinkApp, UserFate,
};
pub use suggest::ImageLook;

use crate::{
    Error,
    core::Core,
    databases::Databases,
    labels,
    operations::Dispatcher,
    runtime::{ContainerDetails, ContainerState, ContainerSummary, Labels, LogLine, LogQuery, RuntimeError},
};

/// The use cases around apps. Cheap to clone.
#[derive(Clone)]
pub struct Apps {
    dispatcher: Dispatcher,
    databases: Databases,
}

impl Apps {
    pub(crate) fn new(dispatcher: Dispatcher, databases: Databases) -> Self {
        Self { dispatcher, databases }
    }

    /// One page of the apps, oldest first.
    ///
    /// # Errors
    /// The store is in trouble, or the runtime does not answer.
    pub async fn list(&self, page: Page) -> Result<Slice<AppEntry>, Error> {
        let slice = self
            .core()
            .db
            .read(move |tx| {
                let slice = apps::list(tx, &page)?;
                let mut items = Vec::new();
                for app in slice.items {
                    let links = stardeck_repository::connections::list_of_app(tx, app.id)?;
                    items.push((app, links));
                }
                Ok::<_, Error>(Slice { items, next: slice.next })
            })
            .await?;
        let containers = self.core().containers.get(self.core().runtime.as_ref()).await?;
        let state = |app: &App| -> Option<ContainerState> {
            containers.iter().find(|container| self.is_its(app, container)).map(|found| found.state)
        };
        let mut items = Vec::new();
        for (app, connections) in slice.items {
            items.push(entry(state(&app), app, connections)?);
        }
        Ok(Slice { items, next: slice.next })
    }

    /// One app.
    ///
    /// # Errors
    /// There is none with this id, or the runtime does not answer.
    pub async fn get(&self, id: AppId) -> Result<AppEntry, Error> {
        let (app, connections) = self
            .core()
            .db
            .read(move |tx| {
                let links = stardeck_repository::connections::list_of_app(tx, id)?;
                Ok::<_, Error>((apps::get(tx, id)?, links))
            })
            .await?;
        let found = self.find_container(&app).await?;
        entry(found.map(|found| found.state), app, connections)
    }

    /// The last lines the app logged, oldest first. Empty while there is no container.
    ///
    /// # Errors
    /// There is no such app, or the runtime does not answer.
    pub async fn logs(&self, id: AppId, query: LogQuery) -> Result<Vec<LogLine>, Error> {
        let app = self.core().db.read(move |tx| apps::get(tx, id).map_err(Error::from)).await?;
        match self.core().runtime.container_logs(app.container_name.as_str(), &query).await {
            Ok(lines) => Ok(lines),
            Err(RuntimeError::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// The app's container, if it is there.
    pub(crate) async fn container_of(&self, id: AppId) -> Result<Option<ContainerDetails>, Error> {
        let app = self.core().db.read(move |tx| apps::get(tx, id).map_err(Error::from)).await?;
        self.find_container(&app).await
    }

    /// Whether a container of the list is the app's. One that has only its name is somebody else's.
    fn is_its(&self, app: &App, container: &ContainerSummary) -> bool {
        let has_name = container.names.iter().any(|name| name == app.container_name.as_str());
        has_name
            && (app.container_id.as_ref() == Some(&container.id) || self.has_labels(app, &container.labels))
    }

    /// The app's container, if it is there.
    async fn find_container(&self, app: &App) -> Result<Option<ContainerDetails>, Error> {
        let found = self.core().runtime.find_container(app.container_name.as_str()).await?;
        let is_its = |found: &ContainerDetails| {
            app.container_id.as_ref() == Some(&found.id) || self.has_labels(app, &found.labels)
        };
        Ok(found.filter(is_its))
    }

    fn has_labels(&self, app: &App, found: &Labels) -> bool {
        labels::is_of_app(found, self.core().instance, app.id)
    }

    fn core(&self) -> &Arc<Core> {
        self.dispatcher.core()
    }
}

/// An app with its links as they are seen.
fn entry(
    container: Option<ContainerState>,
    mut app: App,
    mut connections: Vec<DatabaseConnection>,
) -> Result<AppEntry, Error> {
    if container.is_none() && matches!(app.status, AppStatus::Running | AppStatus::Stopped) {
        app.status = AppStatus::Error;
        app.status_reason = Some("its container was removed by something other than Stardeck".to_owned());
    }
    for connection in &mut connections {
        connection.state = connections::seen_state(connection, container.is_some());
    }
    Ok(AppEntry { container, spec: spec_of(&app)?, app, connections })
}

/// What an app is made of.
pub(crate) fn spec_of(app: &App) -> Result<AppSpec, Error> {
    serde_json::from_str(&app.spec.0).map_err(Error::internal)
}
