//! Accounts.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use stardeck_domain::{Password, PasswordRules, Role, User, UserId, UserName, ValidationErrors};
use utoipa::ToSchema;

use super::{
    fields::{Fields, absent, one_of, password},
    lists::list_view,
};

/// A person's account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    /// Its id.
    id: UserId,
    /// The name to sign in with.
    username: UserName,
    /// What the person may do.
    role: Role,
    /// When the account was made.
    created_at: DateTime<Utc>,
    /// When the person last signed in; null when never.
    last_login_at: Option<DateTime<Utc>>,
}

impl UserView {
    pub(crate) fn of(user: User) -> Self {
        Self {
            id: user.id,
            username: user.username,
            role: user.role,
            created_at: user.created_at,
            last_login_at: user.last_login_at,
        }
    }
}

list_view! {
    /// Accounts, oldest first.
    UserList of UserView;
}

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUserRequest {
    /// The name to sign in with: 1-64 characters of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit.
    #[schema(value_type = String, required, example = "ada", min_length = 1, max_length = 64)]
    username: Option<String>,
    /// The password: 10-256 characters without control characters, other than the user name.
    #[schema(value_type = String, required, format = Password, write_only, min_length = 10, max_length = 256)]
    password: Option<SecretString>,
    /// What the person may do.
    #[schema(value_type = Role, required)]
    role: Option<String>,
}

/// The same in the service's words.
pub(crate) struct NewUser {
    pub(crate) username: UserName,
    pub(crate) password: Password,
    pub(crate) role: Role,
}

impl CreateUserRequest {
    pub(crate) fn check(self) -> Result<NewUser, ValidationErrors> {
        let mut fields = Fields::default();
        let username = fields.required("username", self.username, |text| UserName::parse(&text));
        let password = fields.required("password", self.password, password(PasswordRules::ACCOUNT));
        let role = fields.required("role", self.role, |text| one_of(&text, Role::ALL));
        fields.finish()?;
        let (Some(username), Some(password), Some(role)) = (username, password, role) else {
            return Err(absent("username"));
        };
        Ok(NewUser { username, password, role })
    }
}

/// What is to change about an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeUserRequest {
    /// What the person may do from now on.
    #[schema(value_type = Role, required)]
    role: Option<String>,
}

impl ChangeUserRequest {
    pub(crate) fn check(self) -> Result<Role, ValidationErrors> {
        let mut fields = Fields::default();
        let role = fields.required("role", self.role, |text| one_of(&text, Role::ALL));
        fields.finish()?;
        role.ok_or_else(|| absent("role"))
    }
}

/// A new password for an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePasswordRequest {
    /// The password until now. Needed for the own account; left out for others'.
    #[schema(value_type = Option<String>, format = Password, write_only)]
    current_password: Option<SecretString>,
    /// The new password: 10-256 characters without control characters, other than the user name.
    #[schema(value_type = String, required, format = Password, write_only, min_length = 10, max_length = 256)]
    password: Option<SecretString>,
}

impl ChangePasswordRequest {
    pub(crate) fn check(self) -> Result<(Option<SecretString>, Password), ValidationErrors> {
        let mut fields = Fields::default();
        let password = fields.required("password", self.password, password(PasswordRules::ACCOUNT));
        fields.finish()?;
        let password = password.ok_or_else(|| absent("password"))?;
        Ok((self.current_password, password))
    }
}
