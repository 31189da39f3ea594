//! A look at an app's image.

use serde::{Deserialize, Serialize};
use stardeck_domain::{Engine, ImageReference, ValidationErrors};
use stardeck_service::apps::ImageLook;
use utoipa::{IntoParams, ToSchema};

use crate::dto::fields::{Fields, absent};

/// The image to look at.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImageQuery {
    /// The image.
    #[param(value_type = String, required, example = "docker.io/library/wordpress:6")]
    image: Option<String>,
}

impl ImageQuery {
    pub(crate) fn check(self) -> Result<ImageReference, ValidationErrors> {
        let mut fields = Fields::default();
        let image = fields.required("image", self.image, |text| ImageReference::parse(&text));
        fields.finish()?;
        image.ok_or_else(|| absent("image"))
    }
}

/// What an image says about the app in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImageLook)]
pub(crate) struct ImageLookView {
    /// The image.
    image: String,
    /// Whether it is here; of one that is not, only its name is known.
    is_present: bool,
    /// The engines it seems to want, the likeliest first.
    engines: Vec<EngineHintView>,
    /// The names of its variables.
    env_names: Vec<String>,
    /// The TCP ports it declares.
    ports: Vec<u16>,
    /// The paths it declares as volumes.
    volumes: Vec<String>,
}

/// An engine that an app seems to want.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EngineHint)]
pub(crate) struct EngineHintView {
    /// The engine.
    #[serde(rename = "type")]
    engine: Engine,
    /// What speaks for it, the strongest first.
    reasons: Vec<String>,
    /// The variables among the image's that apps of this engine read.
    variables: Vec<String>,
}

impl ImageLookView {
    pub(crate) fn of(look: ImageLook) -> Self {
        let mut engines = Vec::new();
        for hint in look.engines {
            let (engine, reasons, variables) = (hint.engine, hint.reasons, hint.variables);
            engines.push(EngineHintView { engine, reasons, variables });
        }
        Self {
            image: look.image.to_string(),
            is_present: look.is_present,
            engines,
            env_names: look.env_names,
            ports: look.ports,
            volumes: look.volumes,
        }
    }
}
