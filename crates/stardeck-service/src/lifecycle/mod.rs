//! Starting, stopping, restarting, changing and removing a database that exists. One file per verb's own steps.

mod remove;
mod stop;
mod update;

use stardeck_domain::FailureCode;

pub(crate) use update::update_steps;

use crate::{
    databases::DataFate,
    operations::step::{Step, StepContext, StepError},
    ownership, provisioning,
    runtime::ContainerDetails,
};

/// The steps of a start.
pub(crate) fn start_steps() -> Vec<Box<dyn Step>> {
    vec![
        Box::new(provisioning::network::Network),
        Box::new(provisioning::start::Start),
        Box::new(provisioning::ready::Ready),
        provisioning::finish_step(),
    ]
}

/// The steps of a stop.
pub(crate) fn stop_steps() -> Vec<Box<dyn Step>> {
    vec![Box::new(stop::Stop), Box::new(stop::Stopped)]
}

/// The steps of a restart.
pub(crate) fn restart_steps() -> Vec<Box<dyn Step>> {
    let mut steps: Vec<Box<dyn Step>> = vec![Box::new(stop::Stop)];
    steps.extend(start_steps());
    steps
}

/// The steps of a removal.
pub(crate) fn delete_steps(data: DataFate, force: bool) -> Vec<Box<dyn Step>> {
    let mut steps: Vec<Box<dyn Step>> = Vec::new();
    // Data that is deleted anyway needs no clean shutdown.
    if data == DataFate::Keep && !force {
        steps.push(Box::new(stop::Stop));
    }
    steps.push(Box::new(remove::Container));
    steps.push(Box::new(remove::Secret));
    if data == DataFate::Delete {
        steps.push(Box::new(remove::Volumes));
    }
    steps.push(Box::new(remove::Release { data }));
    steps
}

/// The steps that remove a kept volume for good. It has neither container nor secret any more.
pub(crate) fn delete_kept_steps() -> Vec<Box<dyn Step>> {
    vec![Box::new(remove::Volumes), Box::new(remove::Release { data: DataFate::Delete })]
}

/// The database's container, if it is there and ours.
///
/// None also when the row is gone: a removal that is taken up after its very last step finds it so.
pub(crate) async fn find_own_container(cx: &StepContext) -> Result<Option<ContainerDetails>, StepError> {
    let Some(database) = cx.core.find_database(cx.database).await? else { return Ok(None) };
    ownership::find(&cx.core, &database).await.map_err(StepError::from)
}

/// The database's container.
pub(crate) async fn own_container(cx: &StepContext) -> Result<ContainerDetails, StepError> {
    find_own_container(cx).await?.ok_or_else(|| {
        StepError::failed(
            FailureCode::ContainerMissing,
            "the container is gone, or is not the one Stardeck made",
        )
    })
}
