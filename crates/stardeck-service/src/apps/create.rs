//! Accepting a new app, and the dedicated database for it where one is asked for.

use std::collections::BTreeSet;

use chrono::Utc;
use stardeck_domain::{
    App, AppId, AppStatus, AuditAction, ContainerName, DatabaseConnection, DatabaseId, DatabaseName,
    DesiredState, HostId, JsonText, ManagedDatabase, Operation, OperationKind, Port, PortPurpose, PortRange,
    PortReservation, ValidationError, ValidationErrors,
};
use stardeck_repository::{Constraint, Tx, apps, audit, operations, ports};

use super::{
    AppPort, AppSpec, Apps, CreateApp, DatabaseChoice,
    external::{self, External},
    link::{Prepared, Target, Who},
    verbs::new_operation,
};
use crate::{
    Actor, Error,
    auth::audit_entry,
    databases::{CreateDatabase, Dedicated},
    logical::Engine,
    operations::plan::Input,
    ownership,
    ports::{check_fixed, free_of_range},
    preflight::check_limits,
    runtime::ContainerSummary,
};

/// The host ports that are given out to apps.
const PORTS: PortRange = PortRange { first: Port::fixed(8100), last: Port::fixed(8999) };

/// The database that an app will use, found to be possible.
#[derive(Default)]
struct Chosen {
    prepared: Option<Prepared>,
    dedicated: Option<Dedicated>,
    external: Option<External>,
}

impl Apps {
    /// Checks the request, reserves names and ports, and starts the deployment.
    ///
    /// # Errors
    /// Fields that are not right, names or ports that are taken, a database that does not run or is another app's own, or a
    /// runtime that does not answer; in each case nothing was written and nothing was made.
    pub async fn create(
        &self,
        actor: &Actor,
        request: CreateApp,
    ) -> Result<(App, Option<DatabaseConnection>, Operation), Error> {
        check(&request)?;
        let limits = (request.memory_bytes.map(|_| "limits"), request.cpu_millis.map(|_| "limits"));
        check_limits(self.core().runtime.as_ref(), limits.0, limits.1).await?;
        let containers = self.core().runtime.list_containers().await?;
        self.check_app_name(&request.name, &containers).await?;
        let ports = self.ports(&request, &containers).await?;
        let id = AppId::new();
        let chosen = self.database_for(actor, id, &request, &containers).await?;
        let Chosen { prepared, dedicated, external } = chosen;
        let app = self.new_app(id, &request, &ports, external, actor)?;
        let input = Input::AppCreate {
            link: prepared.as_ref().map(|prepared| prepared.link),
            deploys: dedicated.as_ref().map(Dedicated::id),
        };
        let operation = new_operation(id, OperationKind::AppCreate, input, Some(actor.user.id))?;
        let connection = prepared.as_ref().map(|prepared| prepared.connection.clone());
        let actor = actor.clone();
        let (app, operation) = self
            .core()
            .db
            .write(move |tx| {
                let now = Utc::now();
                apps::insert(tx, &app).map_err(|error| name_conflict(error, &app.name))?;
                for port in &ports {
                    reserve(tx, id, *port)?;
                }
                if let Some(dedicated) = dedicated {
                    dedicated.write(tx, now)?;
                }
                if let Some(prepared) = prepared {
                    prepared.write(tx)?;
                }
                operations::insert(tx, &operation, now)?;
                let (target, name) = (Some(id.to_string()), Some(app.name.to_string()));
                audit::append(tx, &audit_entry(&actor, AuditAction::AppCreated, target, name, now))?;
                Ok::<_, Error>((apps::get(tx, id)?, operations::get(tx, operation.id)?))
            })
            .await?;
        self.dispatcher.dispatch(operation.clone());
        Ok((app, connection, operation))
    }

    /// The link that was asked for, with the database that is deployed for it.
    async fn database_for(
        &self,
        actor: &Actor,
        app: AppId,
        request: &CreateApp,
        containers: &[ContainerSummary],
    ) -> Result<Chosen, Error> {
        let env_names: Vec<_> = request.env.iter().map(|(name, _)| name.clone()).collect();
        let who = Who { app, name: &request.name, env_names: &env_names };
        match &request.database {
            None => Ok(Chosen::default()),
            Some(DatabaseChoice::External { connection_string, accept_untested }) => {
                let target = external::parse(connection_string)?;
                let external = self.core().prepare_external(&who, target, &request.link).await?;
                self.core().try_external(&external.target, *accept_untested, None).await?;
                Ok(Chosen { external: Some(external), ..Chosen::default() })
            }
            Some(DatabaseChoice::Existing { database }) => {
                let engine = Engine::of(self.core(), *database).await?;
                let target = Target { database: &engine.database, engine: Some(&engine) };
                let prepared = self.core().prepare_link(&who, &target, &request.link).await?;
                Ok(Chosen { prepared: Some(prepared), ..Chosen::default() })
            }
            Some(choice @ DatabaseChoice::New { .. }) => {
                let new = dedicated_request(&request.name, choice)?;
                let dedicated = self.databases.prepare_dedicated(actor, new, containers).await?;
                let row: ManagedDatabase = dedicated.as_row();
                let target = Target { database: &row, engine: None };
                let prepared = self.core().prepare_link(&who, &target, &request.link).await?;
                Ok(Chosen { prepared: Some(prepared), dedicated: Some(dedicated), external: None })
            }
        }
    }

    /// The name must be new among apps and databases, and on the network: two containers with one name resolve to both.
    async fn check_app_name(
        &self,
        name: &DatabaseName,
        containers: &[ContainerSummary],
    ) -> Result<(), Error> {
        let wanted = name.clone();
        let known =
            self.core().db.read(move |tx| apps::find_by_name(tx, &wanted).map_err(Error::from)).await?;
        if known.is_some() {
            return Err(taken(name));
        }
        let own = ContainerName::of_app(name);
        if containers.iter().any(|container| container.names.iter().any(|found| found == own.as_str())) {
            return Err(Error::NameTaken {
                name: name.to_string(),
                holder: format!("container {own} exists"),
            });
        }
        self.databases.check_free_name(name, containers, None).await
    }

    async fn ports(
        &self,
        request: &CreateApp,
        containers: &[ContainerSummary],
    ) -> Result<Vec<AppPort>, Error> {
        let held = self
            .core()
            .db
            .read(|tx| ports::list_taken(tx, &HostId::local(), Utc::now()).map_err(Error::from));
        let mut reserved: BTreeSet<Port> = held.await?.into_iter().map(|taken| taken.port).collect();
        let mut ports = Vec::new();
        for port in &request.ports {
            let candidates = match port.host_port {
                Some(fixed) if reserved.contains(&fixed) => return Err(port_taken(fixed)),
                Some(fixed) => check_fixed(fixed, port.address, containers).await,
                None => free_of_range(PORTS, port.address, containers, &reserved).await,
            };
            let candidates = candidates.map_err(in_ports)?;
            let host_port =
                candidates.ports.first().copied().ok_or_else(|| Error::internal("no port to choose from"))?;
            reserved.insert(host_port);
            ports.push(AppPort { container_port: port.container_port, host_port, address: port.address });
        }
        Ok(ports)
    }

    fn new_app(
        &self,
        id: AppId,
        request: &CreateApp,
        ports: &[AppPort],
        external: Option<External>,
        actor: &Actor,
    ) -> Result<App, Error> {
        let sealed_external = external.as_ref().map(|found| self.core().seal_external(id, &found.target));
        let spec = AppSpec {
            command: request.command.clone(),
            env_names: request.env.iter().map(|(name, _)| name.clone()).collect(),
            ports: ports.to_vec(),
            volumes: request.volumes.clone(),
            restart: request.restart,
            memory_bytes: request.memory_bytes,
            cpu_millis: request.cpu_millis,
            labels: request.labels.clone(),
            external: external.map(|external| external.facts),
            is_foreign: false,
        };
        let now = Utc::now();
        Ok(App {
            id,
            name: request.name.clone(),
            container_id: None,
            container_name: ContainerName::of_app(&request.name),
            image: request.image.clone(),
            image_id: None,
            status: AppStatus::Creating,
            status_reason: None,
            desired_state: DesiredState::Running,
            spec: JsonText(serde_json::to_string(&spec).map_err(Error::internal)?),
            sealed_env: self.core().seal_env(id, &request.env)?,
            sealed_external,
            created_at: now,
            updated_at: now,
            created_by: Some(actor.user.id),
        })
    }
}

/// A database for this app alone: not exposed, with generated passwords.
fn dedicated_request(app: &DatabaseName, choice: &DatabaseChoice) -> Result<CreateDatabase, Error> {
    let DatabaseChoice::New { engine, version, image, name } = choice else {
        return Err(Error::internal("no database to deploy"));
    };
    let name = dedicated_name(app, name.as_ref())?;
    Ok(CreateDatabase {
        engine: *engine,
        name,
        version: version.clone(),
        image: image.clone(),
        is_shared: false,
        ..CreateDatabase::internal(*engine, app.clone())
    })
}

/// The name of an app's own database.
pub(super) fn dedicated_name(
    app: &DatabaseName,
    given: Option<&DatabaseName>,
) -> Result<DatabaseName, Error> {
    match given {
        Some(name) => Ok(name.clone()),
        None => DatabaseName::parse(&format!("{app}-db")).map_err(|_| {
            let reason = "must be given, since the app's name is too long to make one of it".to_owned();
            Error::from(ValidationError { field: "database.name", code: "required", reason })
        }),
    }
}

/// Checks what can be told from the request alone.
fn check(request: &CreateApp) -> Result<(), Error> {
    let mut errors = Vec::new();
    let mut add = |field, code, reason: String| errors.push(ValidationError { field, code, reason });
    if let Some(name) = request.labels.keys().find(|name| name.starts_with("stardeck.")) {
        add("labels", "reserved_name", format!("{name} is Stardeck's own"));
    }
    if let Some(name) = request.labels.keys().find(|name| ownership::is_runners_label(name)) {
        add("labels", "reserved_name", format!("{name} says that another program runs the container"));
    }
    let mut names = BTreeSet::new();
    if let Some((name, _)) = request.env.iter().find(|(name, _)| !names.insert(name)) {
        add("env", "duplicate", format!("{name} is given twice"));
    }
    let mut paths = BTreeSet::new();
    let mut volumes = BTreeSet::new();
    for volume in &request.volumes {
        if !paths.insert(&volume.path) || !volumes.insert(&volume.name) {
            add("volumes", "duplicate", format!("{} is given twice", volume.name));
        }
    }
    let mut ports = BTreeSet::new();
    for port in &request.ports {
        if !ports.insert(port.container_port) || port.address.is_ipv6() {
            add("ports", "invalid_port", "each port inside once, at IPv4 addresses only".to_owned());
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(ValidationErrors(errors).into()) }
}

fn reserve(tx: &mut Tx, app: AppId, port: AppPort) -> Result<(), Error> {
    let reservation = PortReservation {
        host_id: HostId::local(),
        address: port.address,
        port: port.host_port,
        purpose: PortPurpose::App,
        database_id: None::<DatabaseId>,
    };
    ports::reserve(tx, &reservation, Utc::now()).map_err(|error| match error {
        stardeck_repository::Error::Conflict { constraint: Constraint::HostPort } => {
            port_taken(port.host_port)
        }
        other => other.into(),
    })?;
    apps::hold_port(tx, &reservation.host_id, port.host_port, app).map_err(Error::from)
}

fn port_taken(port: Port) -> Error {
    let holder = "a database or another app has it, or had it in the last two minutes".to_owned();
    Error::PortTaken { port: port.get(), holder }
}

fn name_conflict(error: stardeck_repository::Error, name: &DatabaseName) -> Error {
    match error {
        stardeck_repository::Error::Conflict { constraint: Constraint::AppName } => taken(name),
        other => other.into(),
    }
}

fn taken(name: &DatabaseName) -> Error {
    Error::NameTaken { name: name.to_string(), holder: "another app has it".to_owned() }
}

/// The address that is wrong is one of a port.
fn in_ports(error: Error) -> Error {
    match error {
        Error::Validation(ValidationErrors(wrong)) => {
            let wrong = wrong.into_iter().map(|error| ValidationError { field: "ports", ..error });
            ValidationErrors(wrong.collect()).into()
        }
        other => other,
    }
}
