//! Starting a container that may find its host port taken: between the look at the port and the start, somebody else can
//! come. A port that nobody asked for is then changed for the next one.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{Failure, FailureCode, Port, PortPurpose, PortReservation, StepName};
use stardeck_repository::{databases, ports};

use super::{container::Container, start::Start};
use crate::{
    Error, labels,
    operations::step::{Step, StepContext, StepError},
    ports::free_of_range,
};

/// How many ports are tried besides the first.
const OTHER_PORTS: u32 = 8;

pub(crate) struct StartExposed {
    /// Whether nobody asked for the host port that the database has.
    pub(crate) is_port_automatic: bool,
}

#[async_trait]
impl Step for StartExposed {
    fn name(&self) -> StepName {
        StepName::Start
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        for _ in 0..OTHER_PORTS {
            match Start.run(cx).await {
                Err(StepError::Failed(failure))
                    if self.is_port_automatic && failure.code == FailureCode::PortTaken =>
                {
                    take_next_port(cx, failure).await?;
                }
                result => return result,
            }
        }
        Start.run(cx).await
    }
}

/// Makes the container again, with another port. The row changes when the old container is gone, so that after a crash
/// the container is made as the row says.
async fn take_next_port(cx: &StepContext, taken: Box<Failure>) -> Result<(), StepError> {
    let database = cx.database().await?;
    let Some(old) = database.external_port else { return Err(StepError::Failed(taken)) };
    let runtime = cx.core.runtime.as_ref();
    for container in runtime.list_labelled(labels::DATABASE, &cx.database.to_string()).await? {
        if labels::is_of_operation(&container.labels, cx.core.instance, cx.database, cx.operation) {
            runtime.remove_container(container.id.as_str()).await?;
        }
    }
    let containers = runtime.list_containers().await?;
    let host = database.host_id.clone();
    let reserved = cx.core.db.read(move |tx| ports::list_taken(tx, &host, Utc::now()).map_err(Error::from));
    let reserved = reserved.await?.into_iter().map(|taken| taken.port).collect();
    let range = stardeck_engines::adapter(database.engine).info().port_range;
    let candidates = match free_of_range(range, database.bind_address, &containers, &reserved).await {
        Ok(candidates) => candidates.ports,
        // The host has lost the address since the request, or there is no port left at it.
        Err(Error::PortsExhausted { .. } | Error::Validation(_)) => return Err(StepError::Failed(taken)),
        Err(error) => return Err(error.into()),
    };
    let quarantined_until = Utc::now() + cx.core.timings.port_quarantine;
    let next = cx
        .core
        .db
        .write(move |tx| {
            let now = Utc::now();
            let reserved = ports::list_taken(tx, &database.host_id, now)?;
            let is_free = |port: &Port| reserved.iter().all(|taken| taken.port != *port);
            let Some(next) = candidates.into_iter().find(is_free) else { return Ok(None) };
            let reservation = PortReservation {
                host_id: database.host_id.clone(),
                address: database.bind_address,
                port: next,
                purpose: PortPurpose::Data,
                database_id: Some(database.id),
            };
            ports::reserve(tx, &reservation, now)?;
            ports::release(tx, database.id, old, quarantined_until)?;
            databases::set_external_port(tx, database.id, next)?;
            Ok::<_, Error>(Some(next))
        })
        .await?;
    let Some(next) = next else { return Err(StepError::Failed(taken)) };
    cx.tell(format!("port {old} was taken by something else just now; port {next} is used instead")).await?;
    Container.run(cx).await
}
