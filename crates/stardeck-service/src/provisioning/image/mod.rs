//! The image: taken as it is when it is present, pulled otherwise. It stays when the deployment is taken back, like
//! any other image somebody pulled.

use async_trait::async_trait;
use stardeck_domain::{FailureCode, RegistryHost, StepName, TransferProgress};
use stardeck_repository::databases;
use tokio::sync::mpsc;

use crate::{
    Error,
    operations::step::{Step, StepContext, StepError},
    provisioning::image::progress::{Pace, PullMeter},
    registries::login_for,
    runtime::PullProgress,
};

mod progress;

pub(super) struct Image;

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

/// The image that was recorded, and no other: data must not meet another version because a tag moved on.
pub(super) struct Recorded;

#[async_trait]
impl Step for Recorded {
    fn name(&self) -> StepName {
        StepName::Image
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let reference = &database.image;
        let found = match &database.image_id {
            Some(id) => cx.core.runtime.find_image(id.as_str()).await?,
            None => None,
        };
        if found.is_some() {
            return cx.tell(format!("{reference} is present as it was")).await;
        }
        let text = format!(
            "the image that it ran, {reference}, is no longer on this host, and another one is not taken for it"
        );
        Err(StepError::failed(FailureCode::ImageNotFound, text))
    }
}

/// Pulls the image and writes down how far it is.
pub(crate) async fn pull(
    cx: &StepContext,
    reference: &stardeck_domain::ImageReference,
) -> Result<(), StepError> {
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

/// Ends when the pull drops its sender. What was reported last is always written down.
async fn tell_progress(
    cx: &StepContext,
    reference: &stardeck_domain::ImageReference,
    mut receiver: mpsc::Receiver<PullProgress>,
) -> Result<(), StepError> {
    let mut meter = PullMeter::default();
    let mut pace = Pace::default();
    let mut shown = TransferProgress::default();
    let mut has_more = true;
    while has_more {
        let report = if *meter.progress() == shown {
            Ok(receiver.recv().await)
        } else {
            tokio::time::timeout(pace.wait(), receiver.recv()).await
        };
        match report {
            Ok(Some(report)) => meter.add(&report),
            Ok(None) => has_more = false,
            // What waits to be shown is due.
            Err(_) => {}
        }
        if *meter.progress() != shown && (pace.is_due() || !has_more) {
            shown.clone_from(meter.progress());
            cx.show_progress(shown.clone(), format!("pulling {reference}: {meter}")).await?;
            pace.shown();
        }
    }
    Ok(())
}
