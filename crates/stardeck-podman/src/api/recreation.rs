//! Making containers anew, and their healthchecks.

use std::time::Duration;

use serde::Deserialize;

use super::Containers;
use crate::client::Pace;
use crate::error::Error;
use crate::recreate::{InspectedContainer, Recreation};
use crate::request::containers as request;
use crate::types::{CreatedContainer, HealthStatus};

/// What a create may take beyond the usual.
const PREPARATION: Duration = Duration::from_mins(1);
/// What a healthcheck may take: Podman lets it run to its end.
const CHECK: Duration = Duration::from_secs(30);

impl Containers<'_> {
    /// The details of one container, nothing left out.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when there is none.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("{:?}", client.containers().inspect_whole("web").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inspect_whole(&self, name: &str) -> Result<InspectedContainer, Error> {
        self.client.json(request::inspect(name)?, Pace::Usual).await.map(InspectedContainer::new)
    }

    /// Makes a container anew beside the one it was read from. Look at the [`InspectedContainer::differences`] before it
    /// is started.
    ///
    /// # Errors
    /// As for [`Self::create`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use stardeck_podman::{Alteration, Recreation};
    ///
    /// let web = client.containers().inspect_whole("web").await?;
    /// let image = client.images().inspect(web.image_id()).await?;
    /// let renamed = Alteration { name: "web-2".into(), ..Alteration::default() };
    /// match Recreation::of(&web, &image, None, &renamed) {
    ///     Ok(again) => println!("made {}", client.containers().recreate(&again).await?.id),
    ///     Err(unkept) => println!("not without a loss: {unkept:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn recreate(&self, spec: &Recreation) -> Result<CreatedContainer, Error> {
        self.client.json(request::recreate(spec), Pace::Slower(PREPARATION)).await
    }

    /// Runs the healthcheck of a running container and gives what its health is now.
    ///
    /// # Errors
    /// `NotFound`; an error of the status 409 when it has none, or does not run.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("web is {}", client.containers().healthcheck("web").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn healthcheck(&self, name: &str) -> Result<HealthStatus, Error> {
        #[derive(Default, Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        struct Answer {
            status: HealthStatus,
        }
        let answer: Answer = self.client.json(request::healthcheck(name)?, Pace::Slower(CHECK)).await?;
        Ok(answer.status)
    }
}
