//! The passwords and URLs of an app's links, where its container reads them.

use async_trait::async_trait;
use stardeck_domain::{FailureCode, StepName};

use super::{app, app_id};
use crate::{
    labels,
    operations::step::{Step, StepContext, StepError},
};

pub(super) struct Secrets;

#[async_trait]
impl Step for Secrets {
    fn name(&self) -> StepName {
        StepName::AppSecrets
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let row = app(cx).await?;
        let app = row.id;
        for set in cx.core.sets_of(&row).await? {
            for (name, value) in set.secrets()? {
                match cx.core.runtime.find_secret(name.as_str()).await? {
                    Some(found) if labels::is_of_app(&found.labels, cx.core.instance, app) => {}
                    Some(_) => {
                        let text = format!("a secret {name} exists that is not ours");
                        return Err(StepError::failed(FailureCode::NameTaken, text));
                    }
                    None => {
                        let labels = labels::of_app(cx.core.instance, app, cx.operation);
                        cx.core.runtime.create_secret(&name, &labels, &value).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        for secret in cx.core.runtime.list_secrets().await? {
            if labels::is_of_app_operation(&secret.labels, cx.core.instance, app_id(cx), cx.operation) {
                cx.core.runtime.remove_secret(&secret.name).await?;
            }
        }
        Ok(())
    }
}
