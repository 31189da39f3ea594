//! API tokens: what programs sign in with.

use chrono::{DateTime, Utc};

use crate::{Role, TokenId, TokenName, UserId, text_enum::text_enum};

text_enum! {
    /// What a token lets a program do, at most: never more than its owner may.
    pub enum TokenScope ("token scope") {
        /// Look, as a viewer.
        Read = "read",
        /// Start and stop as well, as an operator.
        Operate = "operate",
        /// Everything its owner may.
        Admin = "admin",
    }
}

impl TokenScope {
    /// The role that may do what the scope lets do.
    pub const fn role(self) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::Operate => Role::Operator,
            Self::Admin => Role::Admin,
        }
    }
}

/// A token, without the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: TokenName,
    /// What it lets do, at most.
    pub scope: TokenScope,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute; None when never.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The token it was made with, and ends with; None when it was made in a session.
    pub made_by: Option<TokenId>,
}
