//! A look at the variables that an app would have.

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stardeck_domain::{DatabaseName, Delivery, ValidationErrors};
use stardeck_service::apps::{PreviewLink, PreviewVariable};
use utoipa::ToSchema;

use super::{
    connections::{LinkParts, options},
    create::{DatabaseChoiceRequest, within_choice},
};
use crate::dto::fields::{Fields, absent};

/// A look at the variables that a link would give to an app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewRequest {
    /// The app's name.
    #[schema(value_type = String, required, example = "shop")]
    name: Option<String>,
    /// The database it is to use.
    #[schema(value_type = DatabaseChoiceRequest, required)]
    database: Option<DatabaseChoiceRequest>,
    /// What the names of the variables begin with.
    #[schema(example = "ANALYTICS", max_length = 32)]
    env_prefix: Option<String>,
    /// How the app gets its password.
    #[schema(value_type = Option<Delivery>, default = "env")]
    delivery: Option<String>,
}

impl PreviewRequest {
    pub(crate) fn check(self) -> Result<PreviewLink, ValidationErrors> {
        self.checked().map_err(within_choice)
    }

    fn checked(self) -> Result<PreviewLink, ValidationErrors> {
        let mut fields = Fields::default();
        let name = fields.required("name", self.name, |text| DatabaseName::parse(&text));
        let given = fields.required("database", self.database, Ok);
        let (database, parts) = match given {
            Some(choice) => choice.check(&mut fields),
            None => (None, LinkParts::default()),
        };
        let parts = LinkParts { env_prefix: self.env_prefix, delivery: self.delivery, ..parts };
        let options = options(&mut fields, parts);
        fields.finish()?;
        let (Some(name), Some(database)) = (name, database) else { return Err(absent("database")) };
        Ok(PreviewLink { name, database, options })
    }
}

/// The variables that a link would give to an app.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewList {
    /// The variables.
    items: Vec<PreviewVariableView>,
}

/// A variable that a link would give to an app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewVariable)]
pub(crate) struct PreviewVariableView {
    /// Its name.
    name: String,
    /// Its value, with the password masked.
    value: String,
    /// Whether the real value holds the password.
    is_secret: bool,
}

impl PreviewList {
    pub(crate) fn of(variables: Vec<PreviewVariable>) -> Self {
        let view = |variable: PreviewVariable| PreviewVariableView {
            value: variable.value.expose_secret().to_owned(),
            name: variable.name,
            is_secret: variable.is_secret,
        };
        Self { items: variables.into_iter().map(view).collect() }
    }
}
