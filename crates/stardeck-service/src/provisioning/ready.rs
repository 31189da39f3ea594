//! Waiting until the engine answers a query with the password over TCP.
//!
//! "Started" proves nothing, and neither does the temporary server that listens on a socket while the data directory
//! is initialised. So this asks over the wire, from the host: first without credentials, cheaply and often, then with
//! one real login.

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{CredentialPurpose, CredentialState, Failure, FailureCode, ManagedDatabase, StepName};
use stardeck_drivers::{EngineClient, Error as DriverError, Login, Probe, ServerInfo};
use stardeck_repository::{databases, volumes};
use tokio::time::Instant;

use crate::{
    Error,
    core::Core,
    labels,
    last_words::{last_words, log_tail},
    operations::step::{Step, StepContext, StepError},
    runtime::{ContainerDetails, ContainerState},
};

pub(crate) struct Ready;

/// First wait between two probes; a running engine is seen at once. Each further one is twice as long, up to a limit.
const PROBE_FIRST: Duration = Duration::from_millis(5);
/// For so long, the longest wait between two probes: while most engines come up, then while one that has to recover does,
/// which writes each probe into its log.
const PROBE_MOST: [(Duration, Duration); 2] = [
    (Duration::from_secs(6), Duration::from_millis(10)),
    (Duration::from_secs(30), Duration::from_millis(50)),
];
/// The longest wait after that.
const PROBE_LATE: Duration = Duration::from_millis(500);
/// How long one probe may take.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
/// A container that was there before may fail so often less one until it is given up.
const LOOP_DEATHS: u32 = 3;
/// How long the end of Podman's tries is waited for.
const LAST_TRY_WITHIN: Duration = Duration::from_secs(10);
/// How often the container itself is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(400);

#[async_trait]
impl Step for Ready {
    fn name(&self) -> StepName {
        StepName::Ready
    }

    fn is_interruptible(&self) -> bool {
        true
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let info = wait(cx, &database).await?;
        let id = cx.database;
        cx.core
            .db
            .write(move |tx| {
                volumes::mark_initialised(tx, id)?;
                databases::mark_health(tx, id, stardeck_domain::Health::Healthy, Some(Utc::now()))?;
                Ok::<_, Error>(())
            })
            .await?;
        cx.tell(format!("{} {} answers", database.engine, info.version)).await
    }
}

/// The logins that may work now, the likeliest first: once the bootstrap password is gone, our own role.
pub(crate) async fn logins(
    core: &Core,
    database: &ManagedDatabase,
    addr: SocketAddr,
) -> Result<Vec<Login>, Error> {
    let candidates = [
        (CredentialPurpose::Management, CredentialState::Active),
        (CredentialPurpose::Bootstrap, CredentialState::Pending),
        (CredentialPurpose::Management, CredentialState::Pending),
    ];
    let mut logins = Vec::new();
    for (purpose, state) in candidates {
        if let Some(credential) = core.credential(database.id, purpose, state).await? {
            logins.push(Login {
                addr,
                password: core.open(&credential)?,
                user: credential.username,
                database: None,
                timeout: core.timings.login,
            });
        }
    }
    Ok(logins)
}

async fn wait(cx: &StepContext, database: &ManagedDatabase) -> Result<ServerInfo, StepError> {
    let adapter = stardeck_engines::adapter(database.engine);
    let driver = cx.core.driver(database.engine)?;
    let is_first = !is_initialised(cx).await?;
    let readiness = adapter.readiness();
    let limit = if is_first { readiness.first_start } else { readiness.later_start };
    let began = Instant::now();
    let mut pause = PROBE_FIRST;
    let mut looked: Option<(Instant, SocketAddr)> = None;
    loop {
        let addr = match looked {
            Some((at, addr)) if at.elapsed() < LOOK_EVERY => addr,
            _ => {
                look(cx, database, is_first).await?;
                let addr = address(&cx.core, database).await?;
                looked = Some((Instant::now(), addr));
                addr
            }
        };
        if let Probe::Answers = driver.probe(addr, PROBE_TIMEOUT).await
            && let Some(info) = log_in(cx, database, driver).await?
        {
            return Ok(info);
        }
        if began.elapsed() >= limit {
            let text = format!("the engine did not answer within {} seconds", limit.as_secs());
            return Err(explained(cx, database, FailureCode::EngineNotReady, text).await);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(longest_pause(began.elapsed()));
    }
}

/// The longest wait between two probes when it was waited for so long.
fn longest_pause(waited: Duration) -> Duration {
    let tier = PROBE_MOST.iter().find(|(within, _)| waited < *within);
    tier.map_or(PROBE_LATE, |(_, pause)| *pause)
}

/// Where the engine is reached. It changes with every start of the container.
async fn address(core: &Core, database: &ManagedDatabase) -> Result<SocketAddr, Error> {
    let name = database.container_name.as_str();
    Ok(core.runtime.reach(name, database.internal_port).await?.addr)
}

/// A login at an engine that listens.
async fn log_in(
    cx: &StepContext,
    database: &ManagedDatabase,
    driver: &dyn EngineClient,
) -> Result<Option<ServerInfo>, StepError> {
    // Asked for again, so that no password goes to what has the address now.
    let addr = address(&cx.core, database).await?;
    let mut rejected = None;
    for login in logins(&cx.core, database, addr).await? {
        match driver.login(&login).await {
            Ok(info) => return Ok(Some(info)),
            Err(DriverError::CredentialsRejected { detail }) => rejected = Some(detail),
            Err(error) if error.is_transient() => return Ok(None),
            Err(error) => return Err(StepError::failed(FailureCode::EngineNotReady, error.to_string())),
        }
    }
    let text = rejected.unwrap_or_else(|| "no credentials are stored for this database".to_owned());
    Err(explained(cx, database, FailureCode::CredentialsRejected, text).await)
}

/// Fails at once when the container has ended, instead of waiting for an engine that will not come.
async fn look(cx: &StepContext, database: &ManagedDatabase, is_first: bool) -> Result<(), StepError> {
    let Some(container) = cx.core.runtime.find_container(database.container_name.as_str()).await? else {
        return Err(StepError::failed(FailureCode::ContainerMissing, "the container is gone"));
    };
    let has_ended = match container.state {
        ContainerState::Exited | ContainerState::Stopping | ContainerState::Removing => true,
        ContainerState::Created
        | ContainerState::Running
        | ContainerState::Paused
        | ContainerState::Unknown => false,
    };
    if has_ended {
        return Err(ended(cx, database, &container).await);
    }
    // Podman restarts without a pause, so a container in a crash loop is often seen running.
    let is_new = labels::is_of_operation(&container.labels, cx.core.instance, cx.database, cx.operation);
    let deaths = if is_new { 1 } else { LOOP_DEATHS };
    if container.restart_count < deaths {
        return Ok(());
    }
    // On half an initialisation every further start says something else, so only the first end counts. Otherwise Podman's
    // last try tells how it ends.
    let container = if is_first { container } else { last_try(cx, database, container).await? };
    Err(ended(cx, database, &container).await)
}

/// Waits a moment for the end of Podman's tries, since only a container that has ended shows how.
async fn last_try(
    cx: &StepContext,
    database: &ManagedDatabase,
    mut container: ContainerDetails,
) -> Result<ContainerDetails, StepError> {
    let give_up = Instant::now() + LAST_TRY_WITHIN;
    while container.state != ContainerState::Exited && Instant::now() < give_up {
        tokio::time::sleep(LOOK_EVERY).await;
        match cx.core.runtime.find_container(database.container_name.as_str()).await? {
            Some(found) => container = found,
            None => break,
        }
    }
    Ok(container)
}

async fn ended(cx: &StepContext, database: &ManagedDatabase, container: &ContainerDetails) -> StepError {
    let end = last_words(&cx.core, database, container.exit_code).await;
    let mut failure = Failure::new(
        FailureCode::EngineExited,
        format!("the container ended{} before the engine answered{}", end.how, end.why),
    );
    failure.log_tail = end.log;
    StepError::Failed(Box::new(failure))
}

async fn explained(
    cx: &StepContext,
    database: &ManagedDatabase,
    code: FailureCode,
    text: String,
) -> StepError {
    let mut failure = Failure::new(code, text);
    failure.log_tail = log_tail(&cx.core, database).await;
    StepError::Failed(Box::new(failure))
}

/// Whether a login has succeeded on the database's volumes.
pub(super) async fn is_initialised(cx: &StepContext) -> Result<bool, StepError> {
    let id = cx.database;
    let volumes = cx.core.db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
    Ok(volumes.iter().any(|volume| volume.initialised))
}
