//! Pulling an image, with its progress.

use stardeck_domain::{ImageId, ImageReference};
use stardeck_podman::{Client, PullEvent, PullOptions, PullPolicy, RegistryAuth};
use tokio::sync::mpsc;

use super::errors::pull_error;
use crate::runtime::{PullProgress, RegistryLogin, RuntimeError, RuntimeResult};

/// Pulls an image, also one that is present.
pub(super) async fn pull(
    client: &Client,
    reference: &ImageReference,
    login: Option<&RegistryLogin>,
    progress: mpsc::Sender<PullProgress>,
) -> RuntimeResult<ImageId> {
    let auth = login.map(|login| RegistryAuth {
        username: login.username.clone(),
        password: login.password.expose().into(),
    });
    let options = PullOptions { auth, policy: PullPolicy::Always, ..PullOptions::default() };
    let name = reference.to_string();
    let mut stream = client.images().pull(&name, &options).await.map_err(pull_error(reference))?;
    while let Some(event) = stream.next().await {
        match event.map_err(pull_error(reference))? {
            PullEvent::Progress { layer, status, current, total } => {
                // Nobody listening is no reason to end the pull.
                if progress.send(PullProgress { layer, status, current, total }).await.is_err() {
                    tracing::debug!(%reference, "nobody watches the pull");
                }
            }
            PullEvent::Done { image_id } => return Ok(ImageId::new(image_id)),
        }
    }
    Err(RuntimeError::Unavailable { detail: "the pull ended without a result".to_owned() })
}
