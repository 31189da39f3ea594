//! The audit log: who did what to what, and how it ended.

use chrono::{DateTime, Utc};

use crate::{AuditId, TokenId, UserId, text_enum::text_enum};

text_enum! {
    /// What was done.
    pub enum AuditAction ("audit action") {
        /// The first administrator was made.
        Setup = "setup",
        /// Somebody signed in.
        Login = "login",
        /// Somebody tried to sign in and failed.
        LoginFailed = "login_failed",
        /// Somebody signed out.
        Logout = "logout",
        /// A session was ended from another one, or by an administrator.
        SessionRevoked = "session_revoked",
        /// An API token was made.
        TokenCreated = "token_created",
        /// An API token was revoked.
        TokenRevoked = "token_revoked",
        /// An account was made.
        UserCreated = "user_created",
        /// An account's role was changed.
        UserChanged = "user_changed",
        /// An account was removed.
        UserDeleted = "user_deleted",
        /// A password of an account was changed.
        PasswordChanged = "password_changed",
        /// A database was asked for.
        DatabaseCreated = "database_created",
        /// A database was started.
        DatabaseStarted = "database_started",
        /// A database was stopped.
        DatabaseStopped = "database_stopped",
        /// A database was restarted.
        DatabaseRestarted = "database_restarted",
        /// A database's settings were changed.
        DatabaseChanged = "database_changed",
        /// A database was removed.
        DatabaseDeleted = "database_deleted",
        /// A database was asked for on a kept volume.
        DatabaseReattached = "database_reattached",
        /// The container of a missing database was made again.
        DatabaseRecreated = "database_recreated",
        /// A database that somebody else made was adopted.
        DatabaseAdopted = "database_adopted",
        /// An adopted database was given back.
        DatabaseReleased = "database_released",
        /// A kept volume was removed for good.
        KeptVolumeDeleted = "kept_volume_deleted",
        /// A database's password was shown.
        CredentialsRead = "credentials_read",
        /// A password of the administrator or of Stardeck's own role was replaced.
        CredentialsRotated = "credentials_rotated",
        /// A logical database was made.
        LogicalDatabaseCreated = "logical_database_created",
        /// A logical database was dropped.
        LogicalDatabaseDropped = "logical_database_dropped",
        /// A user of a logical database was made.
        LogicalUserCreated = "logical_user_created",
        /// A user of a logical database was dropped.
        LogicalUserDropped = "logical_user_dropped",
        /// An app was asked for.
        AppCreated = "app_created",
        /// An app was started.
        AppStarted = "app_started",
        /// An app was stopped.
        AppStopped = "app_stopped",
        /// An app was restarted.
        AppRestarted = "app_restarted",
        /// An app was removed.
        AppDeleted = "app_deleted",
        /// An app was linked to a database.
        AppLinked = "app_linked",
        /// An app's link to a database was removed.
        AppUnlinked = "app_unlinked",
        /// The password of an app's link was replaced.
        ConnectionRotated = "connection_rotated",
        /// An operation came to its end, as its outcome says.
        OperationEnded = "operation_ended",
        /// Somebody asked for what the role does not allow.
        AccessRefused = "access_refused",
        /// The store was put back from a backup.
        StoreRestored = "store_restored",
        /// The stored secrets were sealed anew with another key.
        MasterKeyReplaced = "master_key_replaced",
        /// The whole audit log was read.
        AuditExported = "audit_exported",
        /// An operation was cancelled.
        OperationCancelled = "operation_cancelled",
        /// The login for an image registry was saved.
        RegistrySaved = "registry_saved",
        /// The login for an image registry was removed.
        RegistryDeleted = "registry_deleted",
    }
}

text_enum! {
    /// How it ended.
    pub enum AuditOutcome ("audit outcome") {
        /// It was done; or begun, where it is an operation, whose end has an entry of its own.
        Done = "done",
        /// It was not allowed.
        Refused = "refused",
        /// An operation failed.
        Failed = "failed",
        /// An operation was cancelled.
        Cancelled = "cancelled",
    }
}

/// One entry of the audit log. It refers by id without foreign keys, so that it outlives what it is about.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// Its id, which sorts by time.
    pub id: AuditId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who did it; None when nobody was signed in.
    pub user_id: Option<UserId>,
    /// The name that person had then, or that was tried.
    pub username: Option<String>,
    /// What was done.
    pub action: AuditAction,
    /// The id of what it was done to.
    pub target_id: Option<String>,
    /// The name that had then.
    pub target_name: Option<String>,
    /// The address the request came from.
    pub remote_address: Option<String>,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// The API token that the request was signed in with; None for a session.
    pub token_id: Option<TokenId>,
    /// What else there is to say, in words that programs may read: of an operation its kind and id, of a refusal the method
    /// and the path.
    pub detail: Option<String>,
}
