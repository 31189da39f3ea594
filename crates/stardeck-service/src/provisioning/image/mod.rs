//! The image: taken as it is when it is present, pulled otherwise. It stays when the deployment is taken back, like
//! any other image somebody pulled.

use std::time::Duration;

use async_trait::async_trait;
use stardeck_domain::{FailureCode, RegistryHost, StepName};
use stardeck_repository::databases;
use tokio::{sync::mpsc, time::Instant};

use crate::{
    Error,
    operations::step::{Step, StepContext, StepError},
    provisioning::image::progress::PullMeter,
    registries::login_for,
    runtime::PullProgress,
};

mod progress;

pub(super) struct Image;

/// How often the progress of a pull is written down at most.
const TELL_EVERY: Duration = Duration::from_millis(300);

#[async_trait]
impl Step for Image {
    fn name(&self) -> StepName {
        StepName::Image
    }

    fn is_interruptible(&self) -> bool {
        true
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let reference = database.image.to_string();
        // A resumed deployment runs on the image it began with, whatever the tag names now.
        let wanted = database.image_id.as_ref().map_or(reference.as_str(), stardeck_domain::ImageId::as_str);
        let found = if let Some(image) = cx.core.runtime.find_image(wanted).await? {
            cx.tell(format!("{reference} is present")).await?;
            image
        } else {
            pull(cx, &database.image).await?;
            cx.core.runtime.find_image(&reference).await?.ok_or_else(|| {
                StepError::failed(FailureCode::ImageNotFound, format!("{reference} vanished after the pull"))
            })?
        };
        let id = cx.database;
        cx.core
            .db
            .write(move |tx| {
                databases::record_image(tx, id, &found.id, found.digest.as_deref()).map_err(Error::from)
            })
            .await?;
        Ok(())
    }
}

/// Pulls the image and writes down how far it is.
async fn pull(cx: &StepContext, reference: &stardeck_domain::ImageReference) -> Result<(), StepError> {
    cx.tell(format!("pulling {reference}")).await?;
    let login = login_for(&cx.core, RegistryHost::of(reference)).await?;
    let (sender, receiver) = mpsc::channel(64);
    let (pulled, told) = tokio::join!(
        cx.core.runtime.pull_image(reference, login.as_ref(), sender),
        tell_progress(cx, reference, receiver)
    );
    pulled?;
    told
}

/// Ends when the pull drops its sender.
async fn tell_progress(
    cx: &StepContext,
    reference: &stardeck_domain::ImageReference,
    mut receiver: mpsc::Receiver<PullProgress>,
) -> Result<(), StepError> {
    let mut meter = PullMeter::default();
    let mut last: Option<(Instant, String)> = None;
    while let Some(progress) = receiver.recv().await {
        meter.add(&progress);
        let text = format!("pulling {reference}: {meter}");
        let is_due = last.as_ref().is_none_or(|(at, said)| at.elapsed() >= TELL_EVERY && *said != text);
        if is_due {
            cx.tell(text.clone()).await?;
            last = Some((Instant::now(), text));
        }
    }
    Ok(())
}
