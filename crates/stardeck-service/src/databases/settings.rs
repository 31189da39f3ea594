//! Changing settings of a database. What only its row says is done at once; what its container is made with becomes an
//! operation.

use std::collections::BTreeSet;

use chrono::Utc;
use stardeck_domain::{
    Action, AuditAction, ConfigBefore, DatabaseConfig, DatabaseId, DatabaseSettings, DatabaseStatus,
    DesiredState, JsonText, ManagedDatabase, Operation, OperationKind, Origin, Port, PortPurpose,
    PortReservation, ValidationError, ValidationErrors, is_loopback_bind,
};
use stardeck_engines::EngineAdapter;
use stardeck_repository::{Tx, audit, databases, operations, ports};

use super::{
    Change, ChangeDatabase, Databases, RunSettings, SettingChange, SettingsOutcome,
    create::{check_bind, pick_port, port_conflict},
    limits::{check_settings, require_limits},
    verbs::{in_progress, new_operation},
};
use crate::{
    Actor, Error,
    auth::audit_entry,
    core::Core,
    operations::plan::Input,
    ports::{Candidates, check_fixed, require_local},
    runtime::{ContainerState, ContainerSummary},
};

/// What is to become of the host port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PortWish {
    /// It stays, or there is none.
    Stay,
    /// It is closed.
    Close,
    /// It is to be this one.
    Fixed(Port),
    /// It is to be the first free one.
    Automatic,
}

/// What a request comes down to.
struct Wanted {
    /// The new values; the port is the old one as long as the new one is not known.
    config: DatabaseConfig,
    settings: DatabaseSettings,
    port: PortWish,
}

/// What was found out before the transaction.
struct Prepared {
    adapter: &'static dyn EngineAdapter,
    wanted: Wanted,
    candidates: Option<Candidates>,
    was_up: bool,
}

impl Databases {
    /// Changes settings. With `is_dry` nothing is changed, and the answer says what would be. A revision that is given
    /// has to be the present one.
    ///
    /// # Errors
    /// Fields that are not right, a revision that is not the present one, a port that is taken, a status that does not
    /// allow it, another operation at work, or a runtime that does not answer; in each case nothing was changed.
    pub async fn change_settings(
        &self,
        actor: &Actor,
        id: DatabaseId,
        revision: Option<u32>,
        request: ChangeDatabase,
        is_dry: bool,
    ) -> Result<SettingsOutcome, Error> {
        let database = self.get(id).await?;
        check_revision(&database, revision)?;
        let adapter = stardeck_engines::adapter(database.engine);
        let wanted = wanted(&database, request, adapter)?;
        if database.is_shared && !wanted.config.is_shared {
            self.core().check_at_most_one_app(id).await?;
        }
        let changes = changes(&database, &wanted, adapter, None)?;
        // What was looked at is what is changed, whether or not the request named its revision.
        let revision = database.revision;
        if !changes.iter().any(|change| change.requires_restart) && wanted.port == PortWish::Stay {
            if is_dry || changes.is_empty() {
                return Ok(SettingsOutcome { database, changes, operation: None });
            }
            let database = self.write_row(actor, id, revision, wanted, told(&changes)).await?;
            return Ok(SettingsOutcome { database, changes, operation: None });
        }
        if database.origin == Origin::Adopted {
            return Err(Error::ManagedElsewhere { lines: lines_to_change(&changes) });
        }
        if !database.allows(Action::Update) {
            return Err(Error::InvalidTransition { from: database.status, action: Action::Update });
        }
        require_limits(self.core().runtime.as_ref(), &new_limits(&database, &wanted.settings)?).await?;
        let containers = self.core().runtime.list_containers().await?;
        let candidates = self.port_candidates(&database, &wanted, adapter, &containers).await?;
        if is_dry {
            let port = candidates.as_ref().and_then(|candidates| candidates.ports.first().copied());
            let changes = self::changes(&database, &wanted, adapter, port)?;
            return Ok(SettingsOutcome { database, changes, operation: None });
        }
        let prepared = Prepared { adapter, wanted, candidates, was_up: is_up(&database, &containers) };
        let outcome = self.write_update(actor, id, revision, prepared).await?;
        if let Some(operation) = &outcome.operation {
            self.dispatcher().dispatch(operation.clone());
        }
        Ok(outcome)
    }

    /// The host ports to choose from; None when the port stays, or is closed.
    async fn port_candidates(
        &self,
        database: &ManagedDatabase,
        wanted: &Wanted,
        adapter: &dyn EngineAdapter,
        containers: &[ContainerSummary],
    ) -> Result<Option<Candidates>, Error> {
        let (address, has) = (wanted.config.bind_address, database.external_port);
        match wanted.port {
            PortWish::Close => Ok(None),
            PortWish::Stay if has.is_none() => Ok(None),
            PortWish::Stay => require_local(address).map(|()| None),
            PortWish::Fixed(port) if has == Some(port) => require_local(address).map(|()| None),
            PortWish::Fixed(port) => check_fixed(port, address, containers).await.map(Some),
            PortWish::Automatic => self.free_ports(adapter, address, containers).await.map(Some),
        }
    }

    /// One transaction: the row and the audit entry.
    async fn write_row(
        &self,
        actor: &Actor,
        id: DatabaseId,
        revision: u32,
        wanted: Wanted,
        told: String,
    ) -> Result<ManagedDatabase, Error> {
        let actor = actor.clone();
        self.core()
            .db
            .write(move |tx| {
                let database = require_unchanged(tx, id, revision)?;
                let mut config = wanted.config;
                // The port is none of this change, whatever it has become since.
                config.external_port = database.external_port;
                databases::set_config(tx, id, &config)?;
                append_audit(tx, &actor, &database, told)?;
                databases::get(tx, id).map_err(Error::from)
            })
            .await
    }

    /// One transaction: the row, the port's reservation, the operation, the audit entry. All or nothing.
    async fn write_update(
        &self,
        actor: &Actor,
        id: DatabaseId,
        revision: u32,
        prepared: Prepared,
    ) -> Result<SettingsOutcome, Error> {
        let actor = actor.clone();
        self.core()
            .db
            .write(move |tx| {
                let Prepared { adapter, wanted, candidates, was_up } = prepared;
                let now = Utc::now();
                let database = require_unchanged(tx, id, revision)?;
                if !database.allows(Action::Update) {
                    return Err(Error::InvalidTransition { from: database.status, action: Action::Update });
                }
                let port = match candidates {
                    Some(candidates) => Some(pick_port(tx, &database.host_id, database.engine, &candidates)?),
                    None if wanted.port == PortWish::Close => None,
                    None => database.external_port,
                };
                let changes = changes(&database, &wanted, adapter, port)?;
                if let Some(port) = port.filter(|port| database.external_port != Some(*port)) {
                    let reservation = PortReservation {
                        host_id: database.host_id.clone(),
                        address: wanted.config.bind_address,
                        port,
                        purpose: PortPurpose::Data,
                        database_id: Some(id),
                    };
                    ports::reserve(tx, &reservation, now).map_err(|error| port_conflict(error, port))?;
                }
                let should_run = database.desired_state == DesiredState::Running;
                let input = Input::Update {
                    before: Box::new(ConfigBefore::of(&database, was_up)),
                    is_port_automatic: wanted.port == PortWish::Automatic,
                    should_run,
                };
                let operation = new_operation(id, OperationKind::Update, input, Some(actor.user.id))?;
                databases::set_config(tx, id, &DatabaseConfig { external_port: port, ..wanted.config })?;
                if should_run {
                    databases::set_status(tx, id, DatabaseStatus::Restarting, None, now)?;
                }
                operations::insert(tx, &operation, now).map_err(in_progress)?;
                append_audit(tx, &actor, &database, told(&changes))?;
                let operation: Operation = operations::get(tx, operation.id)?;
                let database = databases::get(tx, id)?;
                Ok(SettingsOutcome { database, changes, operation: Some(operation) })
            })
            .await
    }
}

/// How a database runs, as far as that can be told.
pub fn run_settings(database: &ManagedDatabase) -> RunSettings {
    match Core::settings(database) {
        Ok(chosen) => {
            let applied = stardeck_engines::adapter(database.engine).applied_settings(&chosen);
            RunSettings { chosen, applied }
        }
        Err(error) => {
            tracing::error!(database = %database.id, ?error, "the stored settings can not be read");
            RunSettings::default()
        }
    }
}

/// The limits that are not what they were: those that are there already need not be possible any more.
fn new_limits(database: &ManagedDatabase, wanted: &DatabaseSettings) -> Result<DatabaseSettings, Error> {
    let present = Core::settings(database)?;
    Ok(DatabaseSettings {
        memory_bytes: wanted.memory_bytes.filter(|_| wanted.memory_bytes != present.memory_bytes),
        cpu_millis: wanted.cpu_millis.filter(|_| wanted.cpu_millis != present.cpu_millis),
        ..DatabaseSettings::default()
    })
}

/// Settings as they are kept.
pub(super) fn settings_json(settings: &DatabaseSettings) -> Result<JsonText, Error> {
    serde_json::to_string(settings).map(JsonText).map_err(Error::internal)
}

fn check_revision(database: &ManagedDatabase, revision: Option<u32>) -> Result<(), Error> {
    match revision {
        Some(given) if given != database.revision => {
            Err(Error::RevisionMismatch { current: database.revision })
        }
        Some(_) | None => Ok(()),
    }
}

/// The row, when nobody changed it and nothing works on it.
fn require_unchanged(tx: &mut Tx, id: DatabaseId, revision: u32) -> Result<ManagedDatabase, Error> {
    let database = databases::get(tx, id)?;
    if let Some(other) = operations::find_unfinished_of(tx, id)? {
        return Err(Error::OperationInProgress { operation: other.id });
    }
    check_revision(&database, Some(revision))?;
    Ok(database)
}

fn append_audit(tx: &mut Tx, actor: &Actor, database: &ManagedDatabase, told: String) -> Result<(), Error> {
    let (target, name) = (Some(database.id.to_string()), Some(database.name.to_string()));
    let mut entry = audit_entry(actor, AuditAction::DatabaseChanged, target, name, Utc::now());
    entry.detail = Some(told);
    Ok(audit::append(tx, &entry)?)
}

/// The changed fields with their values, for the audit log.
fn told(changes: &[SettingChange]) -> String {
    let value = |value: &Option<String>| value.as_deref().unwrap_or("nothing").to_owned();
    let change = |change: &SettingChange| {
        format!("{}: {} to {}", change.field, value(&change.from), value(&change.to))
    };
    changes.iter().map(change).collect::<Vec<_>>().join("; ")
}

/// What the request makes of the database, when all its fields are right.
fn wanted(
    database: &ManagedDatabase,
    request: ChangeDatabase,
    adapter: &dyn EngineAdapter,
) -> Result<Wanted, Error> {
    let mut errors = Vec::new();
    let is_exposed = database.external_port.is_some();
    let will_be_exposed = request.expose_port.unwrap_or(is_exposed);
    if request.external_port.is_some() && !will_be_exposed {
        let reason = "needs expose_port to be true".to_owned();
        errors.push(ValidationError { field: "external_port", code: "needs_expose_port", reason });
    }
    let port = match (will_be_exposed, request.external_port) {
        (false, _) if is_exposed => PortWish::Close,
        (true, Some(port)) if database.external_port != Some(port) => PortWish::Fixed(port),
        (true, None) if !is_exposed => PortWish::Automatic,
        (true | false, _) => PortWish::Stay,
    };
    let bind_address = request.bind_address.unwrap_or(database.bind_address);
    let is_newly_bound = !is_exposed || bind_address != database.bind_address;
    if will_be_exposed && is_newly_bound {
        let is_confirmed = request.confirm_public || is_loopback_bind(bind_address);
        check_bind(bind_address, is_confirmed, &mut errors);
    }
    let present = Core::settings(database)?;
    let mut engine = present.engine.clone();
    match request.engine_settings {
        Change::Keep => {}
        Change::Clear => engine.clear(),
        Change::To(changed) => {
            for (name, value) in changed {
                match value {
                    Some(value) => engine.insert(name, value),
                    None => engine.remove(&name),
                };
            }
        }
    }
    let settings = DatabaseSettings {
        memory_bytes: request.memory_bytes.apply(present.memory_bytes),
        cpu_millis: request.cpu_millis.apply(present.cpu_millis),
        engine,
    };
    check_settings(adapter, &settings, &mut errors);
    if !errors.is_empty() {
        return Err(ValidationErrors(errors).into());
    }
    let config = DatabaseConfig {
        is_shared: request.is_shared.unwrap_or(database.is_shared),
        external_port: database.external_port,
        bind_address,
        settings: settings_json(&settings)?,
        description: request.description.apply(database.description.clone()),
        color: request.color.apply(database.color.clone()),
    };
    Ok(Wanted { config, settings, port })
}

/// What differs between what is and what is wanted. `port` is the new host port, where it is known.
fn changes(
    database: &ManagedDatabase,
    wanted: &Wanted,
    adapter: &dyn EngineAdapter,
    port: Option<Port>,
) -> Result<Vec<SettingChange>, Error> {
    let (old, new) = (Core::settings(database)?, &wanted.settings);
    let port = match wanted.port {
        PortWish::Stay => database.external_port,
        PortWish::Close => None,
        PortWish::Fixed(port) => Some(port),
        PortWish::Automatic => port,
    };
    let is_exposed = database.external_port.is_some() || port.is_some();
    let config = &wanted.config;
    let text = |value: &dyn ToString| Some(value.to_string());
    let cpus = |millis: Option<u32>| millis.map(|millis| (f64::from(millis) / 1000.0).to_string());
    let bytes = |value: Option<u64>| value.map(|value| value.to_string());
    let number = |port: Option<Port>| port.map(|port| port.to_string());
    let mut all = vec![
        ("is_shared", text(&database.is_shared), text(&config.is_shared), false),
        ("external_port", number(database.external_port), number(port), true),
        ("bind_address", text(&database.bind_address), text(&config.bind_address), is_exposed),
        ("memory_bytes", bytes(old.memory_bytes), bytes(new.memory_bytes), true),
        ("cpus", cpus(old.cpu_millis), cpus(new.cpu_millis), true),
        ("description", database.description.clone(), config.description.clone(), false),
        ("color", database.color.clone(), config.color.clone(), false),
    ]
    .into_iter()
    .map(|(field, from, to, requires_restart)| SettingChange {
        field: field.to_owned(),
        from,
        to,
        requires_restart,
    })
    .collect::<Vec<_>>();
    let (old, new) = (adapter.applied_settings(&old), adapter.applied_settings(new));
    let names: BTreeSet<&str> = old.iter().chain(&new).map(|setting| setting.name.as_str()).collect();
    for name in names {
        let value = |list: &[stardeck_engines::AppliedSetting]| {
            list.iter().find(|setting| setting.name == name).map(|setting| setting.value.clone())
        };
        let field = format!("engine_settings.{name}");
        all.push(SettingChange { field, from: value(&old), to: value(&new), requires_restart: true });
    }
    all.retain(|change| change.from != change.to);
    Ok(all)
}

/// What a person has to change where the container was made.
fn lines_to_change(changes: &[SettingChange]) -> Vec<String> {
    let lines = changes.iter().filter(|change| change.requires_restart).map(|change| {
        let to = change.to.as_deref().unwrap_or("nothing");
        format!("{} becomes {to}", change.field)
    });
    lines.collect()
}

fn is_up(database: &ManagedDatabase, containers: &[ContainerSummary]) -> bool {
    containers
        .iter()
        .filter(|container| container.names.iter().any(|name| name == database.container_name.as_str()))
        .any(|container| container.state == ContainerState::Running)
}
