//! What can go wrong in a use case, by what the caller can do about it.

use std::time::Duration;

use stardeck_domain::{
    Action, DatabaseStatus, OperationId, OperationKind, PortRange, Role, ValidationError, ValidationErrors,
};

/// A use case that could not be done. `Display` is safe to show to the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields of the request break rules.
    #[error("some fields are not right")]
    Validation(ValidationErrors),
    /// There is no such thing, or not any more.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// By which id or name.
        id: String,
    },
    /// A database, container or alias of this name exists.
    #[error("the name {name} is taken: {holder}")]
    NameTaken {
        /// The name.
        name: String,
        /// Who has it, in words.
        holder: String,
    },
    /// Somebody uses a volume that was kept.
    #[error("the kept volume is in use: {holder}")]
    VolumeInUse {
        /// Who uses it, in words.
        holder: String,
    },
    /// A volume that was kept is gone.
    #[error("the volume {volume} is gone: somebody removed it, or put another in its place")]
    VolumeMissing {
        /// Its name.
        volume: String,
    },
    /// The container is managed already.
    #[error("the container is managed already: {holder}")]
    AlreadyManaged {
        /// By whom or as what, in words.
        holder: String,
    },
    /// The container can not be adopted as it is.
    #[error("the container can not be adopted: {reason}")]
    NotAdoptable {
        /// Why, and what would help.
        reason: String,
    },
    /// The database was made by Stardeck, so that there is nobody to give it back to.
    #[error("the database was not adopted, so that it can not be released; delete it instead")]
    NotAdopted,
    /// The container is somebody else's, and this would need another one in its place.
    #[error("the container was made by somebody else, who has to do this: {}", lines.join("; "))]
    ManagedElsewhere {
        /// The lines to run or to change there.
        lines: Vec<String>,
    },
    /// The engine refused every login there is.
    #[error("the database server refused the login: {detail}")]
    CredentialsRejected {
        /// What was tried and what the engine said, without passwords.
        detail: String,
    },
    /// The host port is in use.
    #[error("port {port} is taken: {holder}")]
    PortTaken {
        /// The port.
        port: u16,
        /// Who has it, in words.
        holder: String,
    },
    /// Every port of the range is in use.
    #[error(
        "no port of the range {range} is free; one that was given up is given out again after two minutes"
    )]
    PortsExhausted {
        /// The range that was tried.
        range: PortRange,
    },
    /// Another operation works on this database.
    #[error("operation {operation} is still at work on this database")]
    OperationInProgress {
        /// The other operation.
        operation: OperationId,
    },
    /// The operation has ended, so that it can not be cancelled.
    #[error("the operation has already ended")]
    OperationEnded,
    /// Operations of this kind can not be cancelled.
    #[error("a {kind} operation can not be cancelled")]
    NotCancellable {
        /// Its kind.
        kind: OperationKind,
    },
    /// The operation removes what its undo would bring back.
    #[error("the {kind} has done its work and only tidies up, so it can not be cancelled any more")]
    TooLateToCancel {
        /// Its kind.
        kind: OperationKind,
    },
    /// The database's status does not allow this.
    #[error("a database that is {from} does not allow {action}")]
    InvalidTransition {
        /// Its status.
        from: DatabaseStatus,
        /// What was asked for.
        action: Action,
    },
    /// The database does not run, so that nothing can be done inside it.
    #[error("the database is {status}, and has to run for this")]
    DatabaseNotRunning {
        /// Its status.
        status: DatabaseStatus,
    },
    /// The database is one app's own.
    #[error("the database {name} is not shared, and another app has it")]
    DatabaseDedicated {
        /// Its name.
        name: String,
    },
    /// The app's container was removed behind our back.
    #[error("the container of the app {app} is gone; unlink it, or remove the app")]
    AppContainerMissing {
        /// The app's name.
        app: String,
    },
    /// Apps use what is to be removed.
    #[error("apps use it: {}", apps.join(", "))]
    AppsLinked {
        /// Their names.
        apps: Vec<String>,
    },
    /// The engine does not answer, or not as it should.
    #[error("the database server does not answer")]
    EngineUnavailable {
        /// What we saw, for the log.
        internal: String,
    },
    /// The engine answered, and refused.
    #[error("the database server refused ({code}): {detail}")]
    EngineRefused {
        /// The engine's own code.
        code: String,
        /// The engine's own words, without secrets.
        detail: String,
    },
    /// The database has no credentials yet.
    #[error("the database is still being deployed and has no credentials yet")]
    CredentialsNotReady,
    /// Somebody changed the settings since they were read.
    #[error("the settings were changed meanwhile: their revision is {current} now")]
    RevisionMismatch {
        /// The revision they have.
        current: u32,
    },
    /// Podman does not answer.
    #[error("Podman does not answer")]
    RuntimeUnavailable {
        /// What we saw, for the log.
        internal: String,
    },
    /// Podman answered, and refused.
    #[error("Podman refused: {detail}")]
    RuntimeRejected {
        /// Podman's own words, without secrets.
        detail: String,
    },
    /// Nobody is signed in, or the session has ended.
    #[error("sign in first")]
    Unauthenticated,
    /// The name or the password is wrong.
    #[error("the user name or the password is wrong")]
    LoginFailed,
    /// The person's role does not allow this.
    #[error("this needs the role {needed}")]
    Forbidden {
        /// The role that would allow it.
        needed: Role,
    },
    /// Too many tries.
    #[error("too many tries; wait {} seconds", retry_after.as_secs())]
    TooManyAttempts {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The first administrator exists.
    #[error("the first administrator has been set up already")]
    SetupDone,
    /// The first administrator does not exist yet.
    #[error("the first administrator has not been set up yet")]
    SetupNeeded,
    /// The set-up token is wrong or too old.
    #[error("the set-up token is wrong or has expired")]
    SetupTokenRejected,
    /// Another account has this name.
    #[error("the user name {name} is taken")]
    UserNameTaken {
        /// The name.
        name: String,
    },
    /// Nobody could administer any more.
    #[error("this is the last administrator")]
    LastAdmin,
    /// Another server uses the data directory (start-up only).
    #[error("another stardeck server uses this data directory")]
    DataDirectoryLocked,
    /// Secrets are stored, and the key that opens them is not there (start-up only).
    #[error("the master key {path} is missing, but secrets sealed with it are stored; restore the key file")]
    MasterKeyMissing {
        /// Where it was looked for.
        path: String,
    },
    /// Secrets are stored, and this key does not open them (start-up only).
    #[error("the master key {path} is not the one the stored secrets are sealed with")]
    MasterKeyWrong {
        /// Where it was read from.
        path: String,
    },
    /// The key file is not a key, or others may read it (start-up only).
    #[error("the master key {path} can not be used: {reason}")]
    MasterKeyUnusable {
        /// Where it was read from.
        path: String,
        /// Why.
        reason: String,
    },
    /// A backup can not be made or read (commands only).
    #[error("the backup {path} can not be used: {reason}")]
    BackupUnusable {
        /// Its file.
        path: String,
        /// Why.
        reason: String,
    },
    /// A passphrase that is too easily guessed (commands only).
    #[error("the passphrase must have at least {min} characters")]
    PassphraseTooShort {
        /// Fewest characters.
        min: usize,
    },
    /// There is a store where another was to be put (commands only).
    #[error("the data directory has a store already: {path}; move it away first")]
    StoreExists {
        /// The store.
        path: String,
    },
    /// The store is busy; the same request may succeed in a moment.
    #[error("the store is busy; try again")]
    Busy,
    /// There is no room for the store; nothing was changed.
    #[error("no space is left on the disk that the store is on; nothing was changed")]
    StoreFull,
    /// A defect, or a machine in trouble. The source is for the log only.
    #[error("something went wrong on our side")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An internal error with its cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<ValidationError> for Error {
    fn from(error: ValidationError) -> Self {
        Self::Validation(error.into())
    }
}

impl From<ValidationErrors> for Error {
    fn from(errors: ValidationErrors) -> Self {
        Self::Validation(errors)
    }
}

impl From<stardeck_repository::Error> for Error {
    fn from(error: stardeck_repository::Error) -> Self {
        use stardeck_repository::Error as Store;
        match error {
            Store::NotFound { what, id } => Self::NotFound { what, id },
            Store::Busy => Self::Busy,
            Store::Full => Self::StoreFull,
            other => Self::internal(other),
        }
    }
}
