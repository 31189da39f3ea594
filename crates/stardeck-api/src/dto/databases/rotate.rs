//! Whose password is to be replaced.

use serde::Deserialize;
use stardeck_domain::ValidationErrors;
use stardeck_service::databases::RotatedLogin;
use utoipa::ToSchema;

use crate::dto::fields::{Fields, absent, one_of};

/// Whose password is to be replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateRequest {
    /// Whose.
    #[schema(value_type = LoginPurpose, required)]
    purpose: Option<String>,
}

/// A login that every database has.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum LoginPurpose {
    /// The administrator's.
    Admin,
    /// Stardeck's own.
    Management,
}

impl RotateRequest {
    pub(crate) fn check(self) -> Result<RotatedLogin, ValidationErrors> {
        let mut fields = Fields::default();
        let purpose =
            fields.required("purpose", self.purpose, |text| one_of(&text, &["admin", "management"]));
        fields.finish()?;
        match purpose {
            Some("admin") => Ok(RotatedLogin::Admin),
            Some(_) => Ok(RotatedLogin::Management),
            None => Err(absent("purpose")),
        }
    }
}
