//! Proving a link: on the app's network the database's name leads to it and to nothing else, and the app's login opens it
//! at its address there.

use std::time::Duration;

use async_trait::async_trait;
use stardeck_domain::{App, AppRestart, Failure, FailureCode, ManagedDatabase, NetworkName, StepName};
use stardeck_drivers::Login;
use stardeck_engines::Capability;
use tokio::time::Instant;

use super::{app, container::made, logical::told};
use crate::{
    Error,
    apps::{environment::Link, external::External},
    last_words::lines_of,
    networks::{
        links,
        names::{self, Found},
    },
    operations::step::{Step, StepContext, StepError},
    runtime::ContainerState,
};

/// How long an app is watched after its start: one that can not work ends soon.
const WATCH: Duration = Duration::from_millis(1500);
/// How often it is looked at meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(250);

pub(super) struct Verify {
    pub(super) is_first: bool,
}

#[async_trait]
impl Step for Verify {
    fn name(&self) -> StepName {
        StepName::Verify
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        for link in cx.core.links_of(app.id).await? {
            prove(cx, &app, &link, self.is_first).await?;
        }
        if let Some(external) = cx.core.external_of(&app)? {
            prove_external(cx, &app, &external, self.is_first).await?;
        }
        let (begun, watch) = (Instant::now(), WATCH.min(cx.core.timings.login));
        loop {
            look(cx, &app, self.is_first).await?;
            if begun.elapsed() >= watch {
                if is_well(cx, &app, self.is_first).await? {
                    return Ok(());
                }
                if begun.elapsed() >= cx.core.timings.health {
                    return Err(unhealthy(cx, &app).await);
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// The name server that the app's container asks is asked, and the app's login is tried.
async fn prove(cx: &StepContext, app: &App, link: &Link, is_first: bool) -> Result<(), StepError> {
    let database = &link.database;
    let network = links::meeting_place(&link.connection, database);
    if !made(cx, app, is_first).await?.aliases.contains_key(network.as_str()) {
        return Err(not_resolved(network, database));
    }
    prove_name(cx, network, database).await?;
    let runtime = cx.core.runtime.as_ref();
    let reach = runtime.reach(database.container_name.as_str(), database.internal_port).await?;
    let has_prefixes = stardeck_engines::adapter(database.engine).info().can(Capability::KeyPrefixes);
    let within = (!has_prefixes).then(|| link.connection.logical_database.to_string());
    let login = Login {
        addr: reach.addr,
        user: link.connection.username.clone(),
        password: link.password.clone(),
        database: within,
        timeout: cx.core.timings.login,
    };
    cx.core.driver(database.engine)?.login(&login).await.map_err(|error| told(&error))?;
    cx.tell(format!("{} opens {}", link.connection.username, database.name)).await
}

/// The name leads to the database and to nothing else. A name server takes up a change within milliseconds, and can miss one
/// when two containers start at once (see [`names`]).
async fn prove_name(
    cx: &StepContext,
    network: &NetworkName,
    database: &ManagedDatabase,
) -> Result<(), StepError> {
    let give_up = Instant::now() + cx.core.timings.login;
    while !leads_there(cx, network, database).await? {
        if Instant::now() >= give_up {
            // Nobody finds it by its name, so that to be put on the network anew takes nothing from anybody.
            let found = names::ensure(&cx.core, database, network).await?;
            let is_found = found != Found::No && leads_there(cx, network, database).await?;
            return if is_found { Ok(()) } else { Err(not_resolved(network, database)) };
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// A name server that does not answer us says nothing about what it answers to containers.
async fn leads_there(
    cx: &StepContext,
    network: &NetworkName,
    database: &ManagedDatabase,
) -> Result<bool, StepError> {
    let address = names::address(&cx.core, database, network).await?;
    let found = cx.core.runtime.resolve(network, &database.internal_host).await?;
    Ok(found.is_none_or(|addresses| address.is_some_and(|address| addresses == [address])))
}

fn not_resolved(network: &NetworkName, database: &ManagedDatabase) -> StepError {
    let host = &database.internal_host;
    let text = format!("on {network} the name {host} does not lead to the database");
    StepError::failed(FailureCode::NameNotResolved, text)
}

/// It was tried with the request, and what is not tried was accepted then. Now that it is tried from the app's own container,
/// a name server that starts anew at this very moment is no reason to give up.
async fn prove_external(
    cx: &StepContext,
    app: &App,
    external: &External,
    is_first: bool,
) -> Result<(), StepError> {
    let give_up = Instant::now() + cx.core.timings.login;
    loop {
        let container = made(cx, app, is_first).await?.id;
        match cx.core.try_external(&external.target, true, Some(container.as_str())).await {
            Ok(()) => return Ok(()),
            Err(error) if Instant::now() >= give_up => {
                return Err(StepError::failed(FailureCode::EngineNotReady, in_words(&error)));
            }
            Err(error) => tracing::debug!(app = %app.name, %error, "the external database is tried again"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// What is wrong with a field is said by its reason: the step has no fields.
fn in_words(error: &Error) -> String {
    match error {
        Error::Validation(errors) => {
            let reasons: Vec<_> = errors.0.iter().map(|error| error.reason.as_str()).collect();
            reasons.join("; ")
        }
        other => other.to_string(),
    }
}

/// An app that somebody else made says by its healthcheck, where it has one, whether it works.
async fn is_well(cx: &StepContext, app: &App, is_first: bool) -> Result<bool, StepError> {
    if !super::super::spec_of(app)?.is_foreign {
        return Ok(true);
    }
    let container = made(cx, app, is_first).await?;
    if container.state == ContainerState::Exited {
        return Ok(true);
    }
    Ok(cx.core.runtime.check_health(container.id.as_str()).await? != Some(false))
}

async fn unhealthy(cx: &StepContext, app: &App) -> StepError {
    let text = "with the variables of its database, the app's own healthcheck fails";
    let mut failure = Failure::new(FailureCode::AppExited, text);
    failure.log_tail = lines_of(&cx.core, app.container_name.as_str()).await;
    StepError::Failed(Box::new(failure))
}

/// An app that ended by a failure, or that should go on and did not, does not work.
async fn look(cx: &StepContext, app: &App, is_first: bool) -> Result<(), StepError> {
    let container = made(cx, app, is_first).await?;
    let spec = super::super::spec_of(app)?;
    let has_ended = container.state == ContainerState::Exited;
    let is_done = has_ended && container.exit_code == Some(0) && spec.restart == AppRestart::No;
    if (has_ended || container.restart_count > 0) && !is_done {
        let text = match container.exit_code {
            Some(code) => format!("the app ended with status {code} right after its start"),
            None => "the app ended right after its start, and again".to_owned(),
        };
        let mut failure = Failure::new(FailureCode::AppExited, text);
        failure.log_tail = lines_of(&cx.core, &container.name).await;
        return Err(StepError::Failed(Box::new(failure)));
    }
    Ok(())
}
