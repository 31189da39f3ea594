//! Removing what the old container was made of. The change is made by then, so that trouble here takes nothing back: what
//! can not be removed now goes with the next change, or with the database.

use async_trait::async_trait;
use stardeck_domain::StepName;
use stardeck_repository::ports;

use crate::{
    Error, labels,
    operations::step::{Step, StepContext, StepError},
    provisioning::{config_secret_name, config_secret_prefix},
    runtime::{RuntimeError, RuntimeResult},
};

pub(super) struct Discard;

/// How often it is tried.
const TRIES: u32 = 3;

#[async_trait]
impl Step for Discard {
    fn name(&self) -> StepName {
        StepName::Discard
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let current = config_secret_name(cx.database, cx.operation)?;
        let prefix = config_secret_prefix(cx.database);
        for attempt in 1..=TRIES {
            match remove_old(cx, &prefix, current.as_str()).await {
                Ok(()) => break,
                Err(error @ RuntimeError::Unavailable { .. }) => return Err(error.into()),
                Err(error) if attempt == TRIES => {
                    cx.tell(format!("something of the old container is left: {error}")).await?;
                }
                Err(error) => tracing::warn!(operation = %cx.operation, %error, "trying again to tidy up"),
            }
        }
        let database = cx.database().await?;
        let (id, kept) = (cx.database, database.external_port.map(|port| (port, database.bind_address)));
        // Nothing answers there any more, so that nobody has to wait for it.
        cx.core.db.write(move |tx| ports::leave_only(tx, id, kept, None).map_err(Error::from)).await?;
        Ok(())
    }
}

/// Removes every container and every configuration of this database that is not of this operation.
async fn remove_old(cx: &StepContext, prefix: &str, current: &str) -> RuntimeResult<()> {
    let runtime = cx.core.runtime.as_ref();
    for container in runtime.list_labelled(labels::DATABASE, &cx.database.to_string()).await? {
        let labels = &container.labels;
        if labels::is_of_database(labels, cx.core.instance, cx.database)
            && !labels::is_of_operation(labels, cx.core.instance, cx.database, cx.operation)
        {
            runtime.remove_container(container.id.as_str()).await?;
        }
    }
    for secret in runtime.list_secrets().await? {
        if labels::is_of_database(&secret.labels, cx.core.instance, cx.database)
            && secret.name.starts_with(prefix)
            && secret.name != current
        {
            runtime.remove_secret(&secret.name).await?;
        }
    }
    Ok(())
}
