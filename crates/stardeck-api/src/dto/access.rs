//! Sessions and API tokens.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    ApiToken, InvalidValue, Session, SessionId, TokenId, TokenName, TokenScope, UserId, ValidationErrors,
};
use stardeck_service::{Access, Actor, Page, auth::NewToken};
use utoipa::{IntoParams, ToSchema};

use super::{
    fields::{Fields, absent, one_of},
    lists::{self, list_view},
};

/// Longest life of a token in days.
const DAYS_MOST: u32 = 3650;
/// Life of a token in days when nothing is said.
const DAYS_DEFAULT: u32 = 90;

/// A login that is still good.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    /// Its id.
    id: SessionId,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it ends by itself.
    expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_used_at: Option<DateTime<Utc>>,
    /// The address it was begun from; null when that is not known.
    remote_address: Option<String>,
    /// Whether it is the one that this request came with.
    is_current: bool,
}

impl SessionView {
    /// A session as the actor sees it.
    pub(crate) fn of(session: Session, actor: &Actor) -> Self {
        Self {
            id: session.id,
            created_at: session.created_at,
            expires_at: session.expires_at,
            last_used_at: session.last_used_at,
            remote_address: session.remote_address,
            is_current: actor.access == Access::Session(session.id),
        }
    }
}

/// A token that programs sign in with, without the token itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiToken)]
pub(crate) struct ApiTokenView {
    /// Its id.
    id: TokenId,
    /// What its owner calls it.
    name: TokenName,
    /// What it lets do, as far as its owner may.
    scope: TokenScope,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it ends by itself.
    expires_at: DateTime<Utc>,
    /// When it was last used, to the minute; null when never.
    last_used_at: Option<DateTime<Utc>>,
}

impl ApiTokenView {
    pub(crate) fn of(token: ApiToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scope: token.scope,
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
        }
    }
}

/// A token that was just made. It is shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedApiToken)]
pub(crate) struct CreatedApiTokenView {
    /// The token itself, to be sent as `Authorization: Bearer TOKEN`.
    #[schema(format = Password)]
    token: String,
    /// What is known about it from now on.
    api_token: ApiTokenView,
}

impl CreatedApiTokenView {
    pub(crate) fn of(new: NewToken) -> Self {
        Self { token: new.secret.expose_secret().to_owned(), api_token: ApiTokenView::of(new.token) }
    }
}

list_view! {
    /// Sessions, oldest first.
    SessionList of SessionView;
    /// Tokens, oldest first, those that have expired among them.
    ApiTokenList of ApiTokenView;
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApiTokenRequest {
    /// What to call it: 1-64 characters without control characters.
    #[schema(value_type = String, required, example = "nightly backup", min_length = 1, max_length = 64)]
    name: Option<String>,
    /// What it lets do, as far as its owner may: `read` looks as a viewer does, `operate` is an operator, `admin` may all.
    #[schema(value_type = TokenScope, required)]
    scope: Option<String>,
    /// After how many days it ends: 1-3650, and 90 when it is left out. One that is made with another token lasts no longer
    /// than that.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 3650, default = 90)]
    expires_in_days: Option<i64>,
}

/// The same in the service's words.
pub(crate) struct WantedToken {
    pub(crate) name: TokenName,
    pub(crate) scope: TokenScope,
    pub(crate) lifetime: TimeDelta,
}

impl CreateApiTokenRequest {
    pub(crate) fn check(self) -> Result<WantedToken, ValidationErrors> {
        let mut fields = Fields::default();
        let name = fields.required("name", self.name, |text| TokenName::parse(&text));
        let scope = fields.required("scope", self.scope, |text| one_of(&text, TokenScope::ALL));
        let days = fields.optional("expires_in_days", self.expires_in_days, days);
        fields.finish()?;
        let (Some(name), Some(scope)) = (name, scope) else { return Err(absent("name")) };
        let lifetime = TimeDelta::days(i64::from(days.unwrap_or(DAYS_DEFAULT)));
        Ok(WantedToken { name, scope, lifetime })
    }
}

fn days(number: i64) -> Result<u32, InvalidValue> {
    u32::try_from(number).ok().filter(|days| (1..=DAYS_MOST).contains(days)).ok_or_else(|| {
        InvalidValue::new("out_of_range", format!("must be a number of days from 1 to {DAYS_MOST}"))
    })
}

/// Which part of a person's list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfUserQuery {
    /// The account, when it is not the own one; for administrators.
    #[param(value_type = Option<UserId>, nullable = false)]
    user_id: Option<String>,
    /// Most entries of the answer.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// The `next_cursor` of the part before.
    #[param(value_type = Option<String>, nullable = false)]
    cursor: Option<String>,
}

impl OfUserQuery {
    pub(crate) fn check(self) -> Result<(Option<UserId>, Page), ValidationErrors> {
        let mut fields = Fields::default();
        let user = fields.optional("user_id", self.user_id, |text| {
            text.parse().map_err(|_| InvalidValue::new("invalid_id", "must be the id of an account"))
        });
        let page = lists::page(&mut fields, self.limit.as_deref(), self.cursor);
        fields.finish().map(|()| (user, page))
    }
}
