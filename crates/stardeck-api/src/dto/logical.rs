//! Logical databases and their users.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    InvalidValue, LogicalName, LogicalState, LoginName, PasswordRules, Preset, ValidationErrors,
};
use stardeck_service::logical::{
    CreateLogicalDatabase, CreateLogicalUser, LogicalDatabaseEntry, LogicalUserEntry, UserCredentials,
};
use utoipa::{IntoParams, ToSchema};

use super::fields::{Fields, absent, any, one_of, password};

/// Most extensions of one request.
const EXTENSIONS_MAX: usize = 32;
/// Longest name of an option, in characters.
const WORD_MAX: usize = 64;

/// A database inside a managed database.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogicalDatabase)]
pub(crate) struct LogicalDatabaseView {
    /// Its name.
    name: String,
    /// The role it belongs to; null where the engine knows no owners.
    owner: Option<String>,
    /// The bytes it takes; null where the engine does not tell.
    size_bytes: Option<u64>,
    /// How many clients use it now; null where the engine does not tell.
    connections: Option<u32>,
    /// Where it stands; null when it was not made through Stardeck. One that is `pending` did not come through: ask for it
    /// again, or drop it.
    state: Option<LogicalState>,
    /// When it was asked for; null when it was not made through Stardeck.
    created_at: Option<DateTime<Utc>>,
}

impl LogicalDatabaseView {
    pub(crate) fn of(entry: LogicalDatabaseEntry) -> Self {
        let LogicalDatabaseEntry { name, owner, size_bytes, connections, state, created_at } = entry;
        Self { name, owner, size_bytes, connections, state, created_at }
    }
}

/// All databases inside a managed database, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogicalDatabaseList {
    /// The databases.
    pub(crate) items: Vec<LogicalDatabaseView>,
}

/// A database to be made inside a managed database.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateLogicalDatabaseRequest {
    /// The name. What is allowed differs between engines.
    #[schema(value_type = String, required, example = "shop", min_length = 1, max_length = 128)]
    name: Option<String>,
    /// How its text is encoded, for engines with the capability `encodings`; left out for the usual one.
    #[schema(example = "UTF8", max_length = 64)]
    encoding: Option<String>,
    /// How its text is sorted, for engines with the capability `encodings`; left out for the usual one.
    #[schema(example = "C.UTF-8", max_length = 64)]
    collation: Option<String>,
    /// The extensions it has from the beginning, for engines with the capability `extensions`.
    #[schema(value_type = Option<Vec<String>>, max_items = 32)]
    extensions: Option<Vec<String>>,
}

impl CreateLogicalDatabaseRequest {
    pub(crate) fn check(self) -> Result<CreateLogicalDatabase, ValidationErrors> {
        let mut fields = Fields::default();
        let name = fields.required("name", self.name, |text| LogicalName::parse(&text));
        let encoding = fields.optional("encoding", self.encoding, word);
        let collation = fields.optional("collation", self.collation, word);
        let extensions = fields.optional("extensions", self.extensions, |all| {
            if all.len() > EXTENSIONS_MAX {
                let reason = format!("must be at most {EXTENSIONS_MAX}");
                return Err(InvalidValue::new("too_many", reason));
            }
            all.into_iter().map(word).collect::<Result<Vec<_>, _>>()
        });
        fields.finish()?;
        let Some(name) = name else { return Err(absent("name")) };
        Ok(CreateLogicalDatabase { name, encoding, collation, extensions: extensions.unwrap_or_default() })
    }
}

/// The name of an option of an engine.
fn word(text: String) -> Result<String, InvalidValue> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
    if text.is_empty() || text.chars().count() > WORD_MAX || !text.chars().all(is_allowed) {
        let reason = format!("must have 1 to {WORD_MAX} letters, digits and _ - . @");
        return Err(InvalidValue::new("invalid_name", reason));
    }
    Ok(text)
}

/// A user inside a managed database.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogicalUser)]
pub(crate) struct LogicalUserView {
    /// Its login name.
    username: String,
    /// Whether it may do everything on the whole server.
    is_admin: bool,
    /// How many connections it has now; null where the engine does not tell.
    connections: Option<u32>,
    /// The logical database it may use; null when it was not made through Stardeck.
    database_name: Option<LogicalName>,
    /// What it may do there; null when it was not made through Stardeck.
    preset: Option<Preset>,
    /// Where it stands; null when it was not made through Stardeck.
    state: Option<LogicalState>,
    /// When it was asked for; null when it was not made through Stardeck.
    created_at: Option<DateTime<Utc>>,
}

impl LogicalUserView {
    pub(crate) fn of(entry: LogicalUserEntry) -> Self {
        Self {
            username: entry.username,
            is_admin: entry.is_admin,
            connections: entry.connections,
            database_name: entry.database,
            preset: entry.preset,
            state: entry.state,
            created_at: entry.created_at,
        }
    }
}

/// All users that can log in to a managed database, by name, without Stardeck's own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogicalUserList {
    /// The users.
    pub(crate) items: Vec<LogicalUserView>,
}

/// A user to be made inside a managed database.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateLogicalUserRequest {
    /// The login name. What is allowed differs between engines.
    #[schema(value_type = String, required, example = "shop", min_length = 1, max_length = 128)]
    username: Option<String>,
    /// The password, 1-128 characters without control characters; left out for a generated one.
    #[schema(value_type = Option<String>, format = Password, write_only, min_length = 1, max_length = 128)]
    password: Option<SecretString>,
    /// The logical database it may use, and nothing else. It was made through Stardeck.
    #[schema(value_type = String, required, example = "shop", min_length = 1, max_length = 128)]
    database_name: Option<String>,
    /// What it may do there.
    #[schema(value_type = Option<Preset>, default = "owner")]
    preset: Option<String>,
    /// Most connections at once; left out for a fifth of what the server takes. Only for engines with the capability
    /// `connection_limits`.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000)]
    connection_limit: Option<i64>,
}

impl CreateLogicalUserRequest {
    pub(crate) fn check(self) -> Result<CreateLogicalUser, ValidationErrors> {
        let mut fields = Fields::default();
        let username = fields.required("username", self.username, |text| LoginName::parse(&text));
        let password = fields.optional("password", self.password, password(PasswordRules::ENGINE));
        let database = fields.required("database_name", self.database_name, |text| LogicalName::parse(&text));
        let preset = fields.optional("preset", self.preset, |text| one_of(&text, Preset::ALL));
        let connection_limit = fields.optional("connection_limit", self.connection_limit, |number| {
            u32::try_from(number)
                .ok()
                .filter(|number| (1..=10_000).contains(number))
                .ok_or_else(|| InvalidValue::new("out_of_range", "must be a whole number from 1 to 10000"))
        });
        fields.finish()?;
        let (Some(username), Some(database)) = (username, database) else { return Err(absent("username")) };
        let preset = preset.unwrap_or(Preset::Owner);
        Ok(CreateLogicalUser { username, password, database, preset, connection_limit })
    }
}

/// How a user signs in.
#[derive(Serialize, ToSchema)]
#[schema(as = LogicalUserCredentials)]
pub(crate) struct UserCredentialsView {
    /// The user name.
    username: LoginName,
    /// The password.
    #[schema(format = Password)]
    password: String,
    /// The logical database.
    database_name: LogicalName,
    /// The URL for apps on the data network, with the password percent-encoded.
    #[schema(format = Password)]
    internal_url: String,
}

impl UserCredentialsView {
    pub(crate) fn of(credentials: UserCredentials) -> Self {
        Self {
            password: credentials.password.expose().to_owned(),
            internal_url: credentials.internal_url.expose_secret().to_owned(),
            username: credentials.username,
            database_name: credentials.database,
        }
    }
}

/// The name of what is to be dropped, typed again.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConfirmQuery {
    /// The name, typed again.
    #[param(value_type = String, required)]
    confirm: Option<String>,
}

impl ConfirmQuery {
    pub(crate) fn check(self) -> Result<String, ValidationErrors> {
        let mut fields = Fields::default();
        let confirm = fields.required("confirm", self.confirm, any);
        fields.finish()?;
        confirm.ok_or_else(|| absent("confirm"))
    }
}
