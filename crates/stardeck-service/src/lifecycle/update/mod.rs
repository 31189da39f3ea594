//! Changing what a container is made with: the old container is stopped and kept under another name, a new one is made on
//! the same volume from the same image, and the old one goes only when the new one answers. Whatever fails before that
//! brings the old one back. One file per step.

mod check_port;
mod discard;
mod reserve;
mod set_aside;
mod stop_old;
mod successor;

use stardeck_domain::{ConfigBefore, ContainerName};

use super::stop::Stopped;
use crate::{
    Error,
    operations::step::{Step, StepContext, StepError},
    provisioning::{self, network::Network, ready::Ready, secret::Secret, volume::Volumes},
    runtime::ContainerDetails,
};

/// The steps of a change of settings.
pub(crate) fn update_steps(
    before: ConfigBefore,
    is_port_automatic: bool,
    should_run: bool,
) -> Vec<Box<dyn Step>> {
    let mut steps: Vec<Box<dyn Step>> = vec![
        Box::new(reserve::Reserve { before: before.clone() }),
        Box::new(Network),
        Box::new(Volumes),
        Box::new(Secret),
        Box::new(stop_old::StopOld),
        Box::new(set_aside::SetAside),
        Box::new(successor::Successor),
    ];
    if should_run {
        steps.push(Box::new(provisioning::start_exposed::StartExposed { is_port_automatic }));
        steps.push(Box::new(Ready));
    }
    steps.push(Box::new(check_port::CheckPort { before }));
    steps.push(if should_run { provisioning::finish_step() } else { Box::new(Stopped) });
    steps.push(Box::new(discard::Discard));
    steps
}

/// The name of the old container while the new one has its own.
fn aside_name(cx: &StepContext, name: &ContainerName) -> Result<ContainerName, StepError> {
    let text = format!("{name}-before-{}", cx.operation.short());
    Ok(ContainerName::parse(&text).map_err(Error::internal)?)
}

/// Whether the container is the one that this operation made.
fn is_successor(cx: &StepContext, container: &ContainerDetails) -> bool {
    crate::labels::is_of_operation(&container.labels, cx.core.instance, cx.database, cx.operation)
}
