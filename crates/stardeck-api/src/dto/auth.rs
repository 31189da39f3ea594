//! Signing in.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use stardeck_domain::ValidationErrors;
use stardeck_service::auth::Login;
use utoipa::ToSchema;

use super::{
    fields::{Fields, absent, any},
    users::UserView,
};

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    /// The user name.
    #[schema(value_type = String, required, example = "admin")]
    username: Option<String>,
    /// The password.
    #[schema(value_type = String, required, format = Password, write_only)]
    password: Option<SecretString>,
}

impl LoginRequest {
    pub(crate) fn check(self) -> Result<(String, SecretString), ValidationErrors> {
        let mut fields = Fields::default();
        let username = fields.required("username", self.username, any);
        let password = fields.required("password", self.password, any);
        fields.finish()?;
        let (Some(username), Some(password)) = (username, password) else { return Err(absent("username")) };
        Ok((username, password))
    }
}

/// A session. The token is shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = Login)]
pub(crate) struct LoginView {
    /// The session's token, to be sent as `Authorization: Bearer TOKEN`.
    #[schema(format = Password)]
    token: String,
    /// When the session ends by itself.
    expires_at: DateTime<Utc>,
    /// Who signed in.
    user: UserView,
}

impl LoginView {
    pub(crate) fn of(login: Login) -> Self {
        Self {
            token: login.token.expose_secret().to_owned(),
            expires_at: login.expires_at,
            user: UserView::of(login.user),
        }
    }
}
