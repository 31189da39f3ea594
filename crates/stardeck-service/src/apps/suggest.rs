//! Looking at an app's image before it is deployed.

use std::collections::BTreeMap;

use stardeck_domain::ImageReference;
use stardeck_engines::{EngineHint, suggest};

use super::Apps;
use crate::Error;

/// What an image says about the app in it.
#[derive(Debug)]
pub struct ImageLook {
    /// The image.
    pub image: ImageReference,
    /// Whether it is here; of one that is not, only its name is known.
    pub is_present: bool,
    /// The engines it seems to want, the likeliest first.
    pub engines: Vec<EngineHint>,
    /// The names of its variables.
    pub env_names: Vec<String>,
    /// The TCP ports it declares.
    pub ports: Vec<u16>,
    /// The paths it declares as volumes.
    pub volumes: Vec<String>,
}

impl Apps {
    /// What an image says about the app in it. Nothing is pulled.
    ///
    /// # Errors
    /// The runtime does not answer.
    pub async fn look_at_image(&self, image: ImageReference) -> Result<ImageLook, Error> {
        let found = self.core().runtime.find_image(&image.to_string()).await?;
        let none = BTreeMap::new();
        let labels = found.as_ref().map_or(&none, |found| &found.labels);
        let facts = found.as_ref().map(|found| &found.facts);
        let engines = suggest(&image, facts, labels);
        Ok(ImageLook {
            is_present: found.is_some(),
            engines,
            env_names: facts.iter().flat_map(|facts| facts.env.keys().cloned()).collect(),
            ports: facts.map(|facts| facts.exposed_ports.clone()).unwrap_or_default(),
            volumes: facts.map(|facts| facts.volumes.clone()).unwrap_or_default(),
            image,
        })
    }
}
