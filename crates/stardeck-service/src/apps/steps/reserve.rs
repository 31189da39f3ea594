//! The app's name and ports, and the link's rows: all were written with the request; this stands for them.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::StepName;
use stardeck_repository::{apps, connections};

use super::{NewLink, app_id};
use crate::{
    Error,
    operations::step::{Step, StepContext, StepError},
};

pub(super) struct Reserve {
    pub(super) link: Option<NewLink>,
    /// Whether the app is new as well.
    pub(super) is_new: bool,
}

#[async_trait]
impl Step for Reserve {
    fn name(&self) -> StepName {
        StepName::AppReserve
    }

    async fn run(&self, _cx: &StepContext) -> Result<(), StepError> {
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let (id, link, is_new) = (app_id(cx), self.link, self.is_new);
        let quarantined_until = Utc::now() + cx.core.timings.port_quarantine;
        cx.core
            .db
            .write(move |tx| {
                if let Some(link) = link {
                    connections::delete(tx, link.connection)?;
                }
                if is_new {
                    apps::release_ports(tx, id, quarantined_until)?;
                    apps::forget(tx, id)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(())
    }
}
