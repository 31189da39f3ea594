//! The steps of operations on apps, each with its undo next to it.
//!
//! An app that changes gets a new container beside its old one, which is stopped and stays until the new one has proved
//! that it works.

mod container;
mod finish;
mod foreign;
mod image;
mod logical;
mod network;
mod remove;
mod reserve;
mod run;
mod secrets;
mod verify;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use stardeck_domain::{App, AppId, ConnectionId, CredentialId, DatabaseId, StepName};
use stardeck_repository::apps;

use super::{LogicalFate, UserFate};
use crate::{
    Error,
    operations::step::{Step, StepContext, StepError},
    provisioning,
};

/// A link that an operation makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NewLink {
    /// The link.
    pub(crate) connection: ConnectionId,
    /// The managed database.
    pub(crate) database: DatabaseId,
    /// Whether the logical database is made by it.
    pub(crate) makes_database: bool,
    /// Whether the user is made by it.
    pub(crate) makes_user: bool,
    /// Whether the app and the database meet on a network of their own.
    #[serde(default)]
    pub(crate) has_own_network: bool,
}

/// The app that an operation works on.
pub(super) fn app_id(cx: &StepContext) -> AppId {
    AppId::from(cx.database.as_uuid())
}

/// That app's row as it is now.
pub(super) async fn app(cx: &StepContext) -> Result<App, StepError> {
    let id = app_id(cx);
    Ok(cx.core.db.read(move |tx| apps::get(tx, id).map_err(Error::from)).await?)
}

/// The steps of a deployment, with those of its own database first.
pub(crate) fn create_steps(link: Option<NewLink>, deploys: Option<DatabaseId>) -> Vec<Box<dyn Step>> {
    let mut steps: Vec<Box<dyn Step>> = vec![Box::new(reserve::Reserve { link, is_new: true })];
    if let Some(database) = deploys {
        for inner in provisioning::steps(false) {
            steps.push(Box::new(OnDatabase { database, inner }));
        }
    }
    steps.extend(link_steps(link, deploys.is_some()));
    let rest: [Box<dyn Step>; 7] = [
        Box::new(image::Image),
        Box::new(image::Volumes),
        Box::new(secrets::Secrets),
        Box::new(container::Container { is_first: true }),
        Box::new(run::Start { is_first: true, is_new: true }),
        Box::new(verify::Verify { is_first: true }),
        Box::new(finish::Finish { is_first: true, rotated: None, removed: None, is_orphaned: false }),
    ];
    steps.extend(rest);
    steps
}

/// The container that takes the place of an app's earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// Whether the app is to run.
    pub(crate) runs: bool,
    /// Whether somebody else made the app.
    pub(crate) is_foreign: bool,
}

/// The steps that link an app that is there; one that is in the book for this link only goes with it.
pub(crate) fn new_link_steps(link: NewLink, is_new: bool, replacement: Replacement) -> Vec<Box<dyn Step>> {
    let mut steps: Vec<Box<dyn Step>> = vec![Box::new(reserve::Reserve { link: Some(link), is_new })];
    steps.extend(link_steps(Some(link), false));
    steps.push(Box::new(secrets::Secrets));
    steps.extend(replacement.steps());
    steps.push(Box::new(replacement.finish()));
    steps
}

/// The steps that remove a link. The app loses its variables first, the user and the database go last. One that has no
/// container any more gets none.
pub(crate) fn unlink_steps(
    connection: ConnectionId,
    (user, database): (UserFate, LogicalFate),
    replacement: Replacement,
    is_orphaned: bool,
) -> Vec<Box<dyn Step>> {
    let mut steps = if is_orphaned { Vec::new() } else { replacement.steps() };
    if user == UserFate::Revoke {
        steps.push(Box::new(logical::Revoke { connection }));
    }
    if database == LogicalFate::Drop {
        steps.push(Box::new(logical::Drop { connection }));
    }
    steps.push(Box::new(finish::Finish { removed: Some(connection), is_orphaned, ..replacement.finish() }));
    let mut repeatable: Vec<Box<dyn Step>> = Vec::new();
    for step in steps {
        repeatable.push(Box::new(foreign::WhileKnown(step)));
    }
    repeatable
}

/// The steps that replace the password of a link. The engine takes the new one when the container that has it is there, and
/// right before the old one stops.
pub(crate) fn rotate_steps(
    connection: ConnectionId,
    credential: CredentialId,
    replacement: Replacement,
) -> Vec<Box<dyn Step>> {
    let mut steps: Vec<Box<dyn Step>> = vec![Box::new(secrets::Secrets)];
    let mut replace = replacement.steps();
    replace.insert(1, Box::new(logical::Rotate { connection, credential }));
    steps.extend(replace);
    steps.push(Box::new(finish::Finish { rotated: Some(credential), ..replacement.finish() }));
    steps
}

/// The steps of a start, a stop and a restart.
pub(crate) fn run_steps(is_ended: bool, is_begun: bool) -> Vec<Box<dyn Step>> {
    let mut steps: Vec<Box<dyn Step>> = Vec::new();
    if is_ended {
        steps.push(Box::new(run::Stop { is_undoable: false }));
    }
    if is_begun {
        steps.push(Box::new(run::Start { is_first: true, is_new: false }));
    }
    steps.push(Box::new(run::Settle { runs: is_begun }));
    steps
}

/// The steps of a removal.
pub(crate) fn delete_steps(deletes_volumes: bool) -> Vec<Box<dyn Step>> {
    vec![Box::new(remove::Remove { deletes_volumes }), Box::new(remove::Release)]
}

fn link_steps(link: Option<NewLink>, is_deployed: bool) -> Vec<Box<dyn Step>> {
    let Some(link) = link else { return Vec::new() };
    let mut steps: Vec<Box<dyn Step>> = vec![
        Box::new(logical::Database { link, goes_with_its_server: is_deployed }),
        Box::new(logical::User { link, goes_with_its_server: is_deployed }),
    ];
    if link.has_own_network {
        steps.push(Box::new(network::Network { link }));
    }
    steps
}

impl Replacement {
    /// The new container, and the change over to it. One of ours has another name each time; somebody else's keeps its own.
    fn steps(self) -> Vec<Box<dyn Step>> {
        if self.is_foreign {
            return self.steps_in_place();
        }
        let mut steps: Vec<Box<dyn Step>> = vec![Box::new(container::Container { is_first: false })];
        if self.runs {
            steps.push(Box::new(run::Stop { is_undoable: true }));
            steps.push(Box::new(run::Start { is_first: false, is_new: true }));
            steps.push(Box::new(verify::Verify { is_first: false }));
        }
        steps
    }

    fn steps_in_place(self) -> Vec<Box<dyn Step>> {
        let mut steps: Vec<Box<dyn Step>> = vec![Box::new(foreign::Recreate)];
        if self.runs {
            steps.push(Box::new(foreign::StopOld));
        }
        steps.push(Box::new(foreign::SetAside));
        if self.runs {
            steps.push(Box::new(run::Start { is_first: true, is_new: true }));
            steps.push(Box::new(verify::Verify { is_first: true }));
        }
        steps
    }

    const fn finish(self) -> finish::Finish {
        finish::Finish { is_first: self.is_foreign, rotated: None, removed: None, is_orphaned: false }
    }
}

/// A step of a database's own, within an operation on an app.
struct OnDatabase {
    database: DatabaseId,
    inner: Box<dyn Step>,
}

impl OnDatabase {
    fn context(&self, cx: &StepContext) -> StepContext {
        StepContext { database: self.database, ..cx.clone() }
    }
}

#[async_trait]
impl Step for OnDatabase {
    fn name(&self) -> StepName {
        self.inner.name()
    }

    fn is_interruptible(&self) -> bool {
        self.inner.is_interruptible()
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        self.inner.run(&self.context(cx)).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        self.inner.undo(&self.context(cx)).await
    }
}
