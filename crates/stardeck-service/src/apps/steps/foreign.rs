//! Another container in the place of one that somebody else made, under the same name.
//!
//! The new one is made beside the old one, so that a refusal costs the app nothing. The old one is stopped, and gives up its
//! name; it comes back under that before it is started again, since a name is made known on networks at the start.

use std::collections::BTreeSet;

use async_trait::async_trait;
use stardeck_domain::{App, ContainerName, FailureCode, NetworkName, StepName};
use stardeck_repository::apps;

use super::app;
use crate::{
    Error, labels,
    networks::links,
    operations::step::{Step, StepContext, StepError},
    runtime::{Alteration, ContainerDetails, ContainerState},
};

/// Makes the new container, like the old one but for its links.
pub(super) struct Recreate;

#[async_trait]
impl Step for Recreate {
    fn name(&self) -> StepName {
        StepName::AppContainer
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        if new(cx, &app).await?.is_some() {
            return Ok(());
        }
        let old = old(cx, &app).await?.ok_or_else(gone)?;
        let alteration = alteration(cx, &app, &old).await?;
        cx.core.runtime.recreate_container(old.id.as_str(), &alteration).await?;
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        remove_new(cx).await
    }
}

/// Stops the old one.
pub(super) struct StopOld;

#[async_trait]
impl Step for StopOld {
    fn name(&self) -> StepName {
        StepName::AppStop
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        if let Some(old) = old(cx, &app).await? {
            cx.core.runtime.stop_container(old.id.as_str(), old.setup.stop_grace).await?;
        }
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        if let Some(old) = old(cx, &app).await?
            && old.state != ContainerState::Running
        {
            cx.core.runtime.start_container(old.id.as_str()).await?;
        }
        Ok(())
    }
}

/// Gives the old one's name to the new one.
pub(super) struct SetAside;

#[async_trait]
impl Step for SetAside {
    fn name(&self) -> StepName {
        StepName::SetAside
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        let runtime = cx.core.runtime.as_ref();
        if let Some(old) = old(cx, &app).await?
            && old.name == app.container_name.as_str()
        {
            runtime.rename_container(old.id.as_str(), &aside(cx, &app)).await?;
        }
        if let Some(new) = new(cx, &app).await?
            && new.name != app.container_name.as_str()
        {
            runtime.rename_container(new.id.as_str(), &app.container_name).await?;
        }
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        remove_new(cx).await?;
        let Some(old) = old(cx, &app).await? else { return Ok(()) };
        if old.name != app.container_name.as_str() {
            cx.core.runtime.rename_container(old.id.as_str(), &app.container_name).await?;
        }
        // The row can name the new one already.
        let id = app.id;
        cx.core
            .db
            .write(move |tx| {
                apps::record_container(tx, id, &app.container_name, &old.id).map_err(Error::from)
            })
            .await?;
        Ok(())
    }
}

/// The name of the old one while the new one has its own.
pub(super) fn aside(cx: &StepContext, app: &App) -> ContainerName {
    app.container_name.before(&cx.operation.short())
}

/// The container that was the app's before this operation. One that somebody put in its place is not.
pub(super) async fn old(cx: &StepContext, app: &App) -> Result<Option<ContainerDetails>, StepError> {
    let runtime = cx.core.runtime.as_ref();
    if let Some(found) = runtime.find_container(aside(cx, app).as_str()).await? {
        return Ok(Some(found));
    }
    let found = runtime.find_container(app.container_name.as_str()).await?;
    let is_its = |found: &ContainerDetails| {
        let is_new = labels::is_of_app_operation(&found.labels, cx.core.instance, app.id, cx.operation);
        let is_ours = labels::is_of_app(&found.labels, cx.core.instance, app.id);
        !is_new && (is_ours || app.container_id.as_ref() == Some(&found.id))
    };
    Ok(found.filter(is_its))
}

/// The container that this operation made.
async fn new(cx: &StepContext, app: &App) -> Result<Option<ContainerDetails>, StepError> {
    for name in [app.container_name.next(&cx.operation.short()), app.container_name.clone()] {
        let found = cx.core.runtime.find_container(name.as_str()).await?;
        let is_new = |found: &ContainerDetails| {
            labels::is_of_app_operation(&found.labels, cx.core.instance, app.id, cx.operation)
        };
        if let Some(found) = found.filter(is_new) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

async fn remove_new(cx: &StepContext) -> Result<(), StepError> {
    let app = super::app_id(cx);
    for container in cx.core.runtime.list_labelled(labels::APP, &app.to_string()).await? {
        if labels::is_of_app_operation(&container.labels, cx.core.instance, app, cx.operation) {
            cx.core.runtime.remove_container(container.id.as_str()).await?;
        }
    }
    Ok(())
}

/// What links gave before is taken away, and what they give now is added. Without any link it is what it was.
async fn alteration(cx: &StepContext, app: &App, old: &ContainerDetails) -> Result<Alteration, StepError> {
    let (instance, runtime) = (cx.core.instance, cx.core.runtime.as_ref());
    let links = cx.core.links_of(app.id).await?;
    let environment = cx.core.environment_of(app).await?;
    let before: BTreeSet<String> =
        labels::names_in(&old.labels, labels::GIVEN_NETWORKS).map(str::to_owned).collect();
    let mut networks = BTreeSet::new();
    for link in &links {
        links::ensure_meeting_place(&cx.core, &link.connection, &link.database).await?;
        let network = links::meeting_place(&link.connection, &link.database);
        let is_its_own = old.aliases.contains_key(network.as_str()) && !before.contains(network.as_str());
        if !is_its_own {
            networks.insert(network.clone());
        }
    }
    let secrets = runtime.list_secrets().await?.into_iter();
    let secrets = secrets.filter(|secret| labels::is_of_app(&secret.labels, instance, app.id));
    let labels = if links.is_empty() {
        labels::of_given_back(instance, app.id, cx.operation)
    } else {
        let mut labels = labels::of_app(instance, app.id, cx.operation);
        let names: Vec<_> =
            environment.env.keys().chain(environment.secret_env.keys()).map(String::as_str).collect();
        labels.insert(labels::GIVEN_ENV.to_owned(), names.join(","));
        let names: Vec<_> = networks.iter().map(NetworkName::as_str).collect();
        labels.insert(labels::GIVEN_NETWORKS.to_owned(), names.join(","));
        labels
    };
    Ok(Alteration {
        name: app.container_name.next(&cx.operation.short()),
        labels,
        without_labels: labels::ours(&old.labels).cloned().collect(),
        env: environment.env,
        without_env: labels::names_in(&old.labels, labels::GIVEN_ENV).map(str::to_owned).collect(),
        secret_env: environment.secret_env,
        secret_files: environment.secret_files,
        without_secrets: secrets.map(|secret| secret.name).collect(),
        networks,
        without_networks: before,
    })
}

fn gone() -> StepError {
    StepError::failed(FailureCode::ContainerMissing, "the app's container is gone, or is another one")
}

/// A step that has nothing to do any more once the app was given back: the last of them can be repeated after a crash.
pub(super) struct WhileKnown(pub(super) Box<dyn Step>);

#[async_trait]
impl Step for WhileKnown {
    fn name(&self) -> StepName {
        self.0.name()
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        match app(cx).await {
            Err(StepError::Internal(Error::NotFound { .. })) => Ok(()),
            Err(error) => Err(error),
            Ok(_) => self.0.run(cx).await,
        }
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        self.0.undo(cx).await
    }
}
