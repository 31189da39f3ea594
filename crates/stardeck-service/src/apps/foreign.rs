//! Linking an app that somebody else made. Its container is made anew with the variables, and everything else of it stays
//! as it was; what can not be kept is refused before anything is written or made.

use chrono::Utc;
use stardeck_domain::{
    App, AppId, AppRestart, AppStatus, AuditAction, ContainerName, DatabaseConnection, DatabaseId,
    DatabaseName, DesiredState, InvalidValue, JsonText, ManagedDatabase, NetworkName, Operation,
    OperationKind, Origin, ValidationError, ValidationErrors,
};
use stardeck_repository::{Constraint, apps, audit, databases, operations};

use super::{
    AppPort, AppSpec, AppVolume, Apps, DatabaseChoice, LinkApp, LinkChange, LinkChangeKind, LinkContainer,
    LinkOptions, LinkReport, PreviewLink, PreviewVariable,
    link::{Prepared, Target, Who, has_own_network},
    verbs::new_operation,
};
use crate::{
    Actor, Error,
    auth::audit_entry,
    databases::image_reference,
    labels,
    logical::Engine,
    operations::plan::Input,
    ownership,
    runtime::{Alteration, ContainerDetails, ContainerState, ImageDetails, MountSource, UnkeptField},
};

/// The field that all of it is about.
const FIELD: &str = "container_id";
/// How much of its id is in the name of an app whose container's name is none.
const ID_CHARACTERS: usize = 8;

/// A container that was looked at.
enum Looked {
    /// One of an app that is known.
    Known(Box<App>),
    /// Somebody else's.
    Foreign(Box<Foreign>),
}

/// A container that somebody else made, with what a link would change.
struct Foreign {
    container: ContainerDetails,
    image: Option<ImageDetails>,
    name: DatabaseName,
    report: LinkReport,
}

impl Apps {
    /// Tells what a link would change, and what of the container could not be kept. Nothing is written and nothing made.
    ///
    /// # Errors
    /// As for [`Apps::link_container`], except that what can not be kept is part of the answer.
    pub async fn examine_container(
        &self,
        database: DatabaseId,
        request: &LinkContainer,
    ) -> Result<LinkReport, Error> {
        match self.look(database, request).await? {
            Looked::Known(app) => self.known_report(database, &app, &request.options).await,
            Looked::Foreign(foreign) => {
                self.prepare_foreign(database, AppId::new(), &foreign, &only_looked(&request.options))
                    .await?;
                Ok(foreign.report)
            }
        }
    }

    /// The link of a container that is no app yet, with all that would refuse it.
    async fn prepare_foreign(
        &self,
        database: DatabaseId,
        app: AppId,
        foreign: &Foreign,
        options: &LinkOptions,
    ) -> Result<Prepared, Error> {
        let engine = Engine::of(self.core(), database).await?;
        let own = own_variables(&foreign.container, foreign.image.as_ref());
        let who = Who { app, name: &foreign.name, env_names: &own };
        let target = Target { database: &engine.database, engine: Some(&engine) };
        self.core().prepare_link(&who, &target, options).await
    }

    /// Tells what the link of an app would change. Nothing is written and nothing made.
    ///
    /// # Errors
    /// As for [`Apps::link`], as far as that can be told without making anything.
    pub async fn examine_link(&self, database: DatabaseId, request: &LinkApp) -> Result<LinkReport, Error> {
        let id = request.app;
        let app = self.core().db.read(move |tx| apps::get(tx, id).map_err(Error::from)).await?;
        self.known_report(database, &app, &request.options).await
    }

    /// Links a container that somebody else made to a database, as [`Apps::link`] does with an app. It is made anew with
    /// the variables, under its name; the one before is kept, stopped, until that has proved that it works.
    ///
    /// # Errors
    /// There is no such container; it is a database's, or another Stardeck's; it is run by a program that would make it
    /// anew without the variables; something of it can not be kept; or as for [`Apps::link`].
    pub async fn link_container(
        &self,
        actor: &Actor,
        database: DatabaseId,
        request: LinkContainer,
    ) -> Result<(DatabaseConnection, Operation), Error> {
        let foreign = match self.look(database, &request).await? {
            Looked::Known(app) => {
                return self.link(actor, database, LinkApp { app: app.id, options: request.options }).await;
            }
            Looked::Foreign(foreign) => foreign,
        };
        refuse_unkept(&foreign.report.unkept)?;
        let app = self.new_foreign_app(&foreign, actor)?;
        let prepared = self.prepare_foreign(database, app.id, &foreign, &request.options).await?;
        let connection = prepared.connection.clone();
        let runs = app.desired_state == DesiredState::Running;
        let input = Input::Link { link: prepared.link, runs, is_foreign: true, is_new: true };
        let operation = new_operation(app.id, OperationKind::Link, input, Some(actor.user.id))?;
        let actor = actor.clone();
        let operation = self
            .core()
            .db
            .write(move |tx| {
                let now = Utc::now();
                apps::insert(tx, &app).map_err(linked_already)?;
                operations::insert(tx, &operation, now)?;
                prepared.write(tx)?;
                let (target, name) = (Some(app.id.to_string()), Some(app.name.to_string()));
                audit::append(tx, &audit_entry(&actor, AuditAction::AppLinked, target, name, now))?;
                Ok::<_, Error>(operations::get(tx, operation.id)?)
            })
            .await?;
        self.dispatcher.dispatch(operation.clone());
        Ok((connection, operation))
    }

    async fn look(&self, database: DatabaseId, request: &LinkContainer) -> Result<Looked, Error> {
        let core = self.core();
        let absent = || Error::NotFound { what: "container", id: request.container.clone() };
        let container = core.runtime.find_container(&request.container).await?.ok_or_else(absent)?;
        if let Some(app) = self.known_app(&container).await? {
            return Ok(Looked::Known(Box::new(app)));
        }
        self.check_unmanaged(&container).await?;
        let name = self.name_for(&container).await?;
        let given = self.given(database, &name, &request.options).await?;
        let row = core.database(database).await?;
        check_runner(&container, &given, &row.network)?;
        if !matches!(
            container.state,
            ContainerState::Running | ContainerState::Exited | ContainerState::Created
        ) {
            let reason =
                format!("the container is {}, and has to run or to be stopped", container.state.as_str());
            return Err(ValidationError { field: FIELD, code: "invalid_state", reason }.into());
        }
        let image = core.runtime.find_image(container.image_id.as_str()).await?;
        let unkept = core.runtime.list_unkept(container.id.as_str(), &unaltered(&container)?).await?;
        let network = link_network(&row, &name, &request.options);
        let mut report = report(given, &network, &container);
        report.unkept = unkept;
        let marks = [labels::APP, labels::INSTANCE, labels::OPERATION, labels::MANAGED, labels::GIVEN_ENV];
        report.changes.extend(marks.map(|name| change(LinkChangeKind::Label, name, None)));
        Ok(Looked::Foreign(Box::new(Foreign { container, image, name, report })))
    }

    /// The app that the container is of, when that is in our book.
    async fn known_app(&self, container: &ContainerDetails) -> Result<Option<App>, Error> {
        let id = container.labels.get(labels::APP).and_then(|id| id.parse::<AppId>().ok());
        let Some(id) = id.filter(|id| labels::is_of_app(&container.labels, self.core().instance, *id)) else {
            return Ok(None);
        };
        match self.core().db.read(move |tx| apps::get(tx, id).map_err(Error::from)).await {
            Ok(app) => Ok(Some(app)),
            // It was given back, and is anybody's.
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn check_unmanaged(&self, container: &ContainerDetails) -> Result<(), Error> {
        if container.labels.contains_key(labels::MANAGED) {
            return Err(Error::AlreadyManaged { holder: "a Stardeck made it".to_owned() });
        }
        let rows = self.core().db.read(|tx| databases::list_all(tx).map_err(Error::from)).await?;
        let adopted = rows.iter().filter(|row| row.origin == Origin::Adopted);
        match adopted.into_iter().find(|row| ownership::is_of(container, row, self.core().instance)) {
            Some(row) => Err(Error::AlreadyManaged { holder: format!("it is the database {}", row.name) }),
            None => Ok(()),
        }
    }

    /// The app's name: the container's where that is one and is free, else with the container's id behind. The
    /// container's own name must lead to nothing else on the database's network.
    async fn name_for(&self, container: &ContainerDetails) -> Result<DatabaseName, Error> {
        let containers = self.core().runtime.list_containers().await?;
        let is_free = |name: DatabaseName| {
            let containers = containers.clone();
            async move { self.databases.check_free_name(&name, &containers, Some(&container.id)).await }
        };
        let readable = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let text: String = container.name.chars().map(readable).collect();
        let short: String = container.id.as_str().chars().take(ID_CHARACTERS).collect();
        if let Ok(own) = DatabaseName::parse(&container.name) {
            is_free(own.clone()).await?;
            return Ok(own);
        }
        let candidates = [text.trim_matches('-').to_owned(), format!("app-{short}")];
        let mut refused = None;
        for name in candidates.iter().filter_map(|text| DatabaseName::parse(text).ok()) {
            match is_free(name.clone()).await {
                Ok(()) => return Ok(name),
                Err(error @ Error::NameTaken { .. }) => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(refused.unwrap_or_else(|| Error::internal("no name to try")))
    }

    /// The variables that it would be given, with what holds the password masked.
    async fn given(
        &self,
        database: DatabaseId,
        name: &DatabaseName,
        options: &LinkOptions,
    ) -> Result<Vec<PreviewVariable>, Error> {
        let preview = PreviewLink {
            name: name.clone(),
            database: DatabaseChoice::Existing { database },
            options: options.clone(),
        };
        self.preview(&preview).await
    }

    async fn known_report(
        &self,
        database: DatabaseId,
        app: &App,
        options: &LinkOptions,
    ) -> Result<LinkReport, Error> {
        let row = self.core().database(database).await?;
        let container = self
            .find_container(app)
            .await?
            .ok_or_else(|| Error::AppContainerMissing { app: app.name.to_string() })?;
        self.prepare(database, app, &only_looked(options)).await?;
        let network = link_network(&row, &app.name, options);
        Ok(report(self.given(database, &app.name, options).await?, &network, &container))
    }

    fn new_foreign_app(&self, foreign: &Foreign, actor: &Actor) -> Result<App, Error> {
        let Foreign { container, name, .. } = foreign;
        let id = AppId::new();
        let setup = &container.setup;
        let volumes = setup.mounts.iter().filter_map(|mount| match &mount.source {
            MountSource::Volume(name) => Some(AppVolume { name: name.clone(), path: mount.path.clone() }),
            MountSource::Bind(_) | MountSource::Other => None,
        });
        let ports = setup.published_ports.iter().map(|port| AppPort {
            container_port: port.container_port,
            host_port: port.host_port,
            address: port.address,
        });
        let spec = AppSpec {
            command: setup.command.clone(),
            env_names: own_variables(container, foreign.image.as_ref()),
            ports: ports.collect(),
            volumes: volumes.collect(),
            restart: setup.restart.unwrap_or(AppRestart::No),
            memory_bytes: None,
            cpu_millis: None,
            labels: container.labels.clone(),
            external: None,
            is_foreign: true,
        };
        let runs = container.state == ContainerState::Running;
        let now = Utc::now();
        Ok(App {
            id,
            name: name.clone(),
            container_id: Some(container.id.clone()),
            container_name: ContainerName::parse(&container.name).map_err(Error::internal)?,
            image: image_reference(container)?,
            image_id: Some(container.image_id.clone()),
            status: AppStatus::Changing,
            status_reason: None,
            desired_state: if runs { DesiredState::Running } else { DesiredState::Stopped },
            spec: JsonText(serde_json::to_string(&spec).map_err(Error::internal)?),
            // What it has of its own stays in its container.
            sealed_env: self.core().seal_env(id, &[])?,
            sealed_external: None,
            created_at: now,
            updated_at: now,
            created_by: Some(actor.user.id),
        })
    }
}

/// The names of the variables that are not the image's own.
fn own_variables(container: &ContainerDetails, image: Option<&ImageDetails>) -> Vec<String> {
    let declared = image.map(|image| &image.facts.env);
    let is_own = |(name, value): &(&str, &str)| {
        !declared.is_some_and(|env| env.iter().any(|(known, given)| known == name && given == value))
    };
    container.setup.env.iter().filter(is_own).map(|(name, _)| name.to_owned()).collect()
}

/// A container made anew with nothing altered, to see whether it can be.
fn unaltered(container: &ContainerDetails) -> Result<Alteration, Error> {
    let name = ContainerName::parse(&container.name).map_err(Error::internal)?;
    Ok(Alteration {
        name,
        labels: labels::none(),
        without_labels: labels::ours(&container.labels).cloned().collect(),
        env: std::collections::BTreeMap::new(),
        without_env: labels::names_in(&container.labels, labels::GIVEN_ENV).map(str::to_owned).collect(),
        secret_env: std::collections::BTreeMap::new(),
        secret_files: Vec::new(),
        without_secrets: std::collections::BTreeSet::new(),
        networks: std::collections::BTreeSet::new(),
        without_networks: std::collections::BTreeSet::new(),
    })
}

/// A look shows nobody a variable, so that nobody has to accept that.
fn only_looked(options: &LinkOptions) -> LinkOptions {
    LinkOptions { accept_visible_env: true, ..options.clone() }
}

/// The network on which they would meet. That of a link ends with a mark that it has only when it is made.
fn link_network(database: &ManagedDatabase, app: &DatabaseName, options: &LinkOptions) -> NetworkName {
    if has_own_network(database, options) {
        NetworkName::of_link(app, "…")
    } else {
        database.network.clone()
    }
}

fn report(given: Vec<PreviewVariable>, network: &NetworkName, container: &ContainerDetails) -> LinkReport {
    let variable = |variable: PreviewVariable| LinkChange {
        kind: LinkChangeKind::Variable,
        name: variable.name,
        value: Some(variable.value),
    };
    let mut changes: Vec<_> = given.into_iter().map(variable).collect();
    if !container.aliases.contains_key(network.as_str()) {
        changes.push(change(LinkChangeKind::Network, network.as_str(), None));
    }
    LinkReport { changes, unkept: Vec::new() }
}

fn change(kind: LinkChangeKind, name: &str, value: Option<secrecy::SecretString>) -> LinkChange {
    LinkChange { kind, name: name.to_owned(), value }
}

/// One field error for each that can not be kept.
fn refuse_unkept(unkept: &[UnkeptField]) -> Result<(), Error> {
    if unkept.is_empty() {
        return Ok(());
    }
    let error = |unkept: &UnkeptField| {
        let reason = format!("{} can not be kept: {}", unkept.field, unkept.reason);
        InvalidValue::new("not_kept", reason).in_field(FIELD)
    };
    Err(ValidationErrors(unkept.iter().map(error).collect()).into())
}

/// Whoever made the container would make it anew without the variables; so they belong where it is described.
fn check_runner(
    container: &ContainerDetails,
    given: &[PreviewVariable],
    network: &NetworkName,
) -> Result<(), Error> {
    let Some(lines) = ownership::lines_to_link(container, given, network) else { return Ok(()) };
    Err(Error::ManagedElsewhere { lines })
}

fn linked_already(error: stardeck_repository::Error) -> Error {
    match error {
        stardeck_repository::Error::Conflict { constraint: Constraint::AppName } => {
            Error::AlreadyManaged { holder: "it was linked a moment ago".to_owned() }
        }
        other => other.into(),
    }
}
