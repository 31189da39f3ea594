//! The first administrator.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use stardeck_domain::{Password, PasswordRules, UserName, ValidationErrors};
use utoipa::ToSchema;

use super::fields::{Fields, absent, any, password};

/// Whether the first administrator is still to be made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Setup)]
pub(crate) struct SetupView {
    /// True until `POST /api/setup` has succeeded.
    pub(crate) needed: bool,
}

/// The first administrator to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupRequest {
    /// The content of the file `setup-token` in the server's data directory.
    #[schema(value_type = String, required, format = Password, write_only)]
    token: Option<SecretString>,
    /// The name to sign in with: 1-64 characters of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit.
    #[schema(value_type = String, required, example = "admin", min_length = 1, max_length = 64)]
    username: Option<String>,
    /// The password: 10-256 characters without control characters, other than the user name.
    #[schema(value_type = String, required, format = Password, write_only, min_length = 10, max_length = 256)]
    password: Option<SecretString>,
}

/// The same in the service's words.
pub(crate) struct NewAdmin {
    pub(crate) token: SecretString,
    pub(crate) username: UserName,
    pub(crate) password: Password,
}

impl SetupRequest {
    pub(crate) fn check(self) -> Result<NewAdmin, ValidationErrors> {
        let mut fields = Fields::default();
        let token = fields.required("token", self.token, any);
        let username = fields.required("username", self.username, |text| UserName::parse(&text));
        let password = fields.required("password", self.password, password(PasswordRules::ACCOUNT));
        fields.finish()?;
        let (Some(token), Some(username), Some(password)) = (token, username, password) else {
            return Err(absent("username"));
        };
        Ok(NewAdmin { token, username, password })
    }
}
