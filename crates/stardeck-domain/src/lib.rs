//! The words Stardeck's database manager is built from: ids, names, ports, engines, states, operations, secrets.
//!
//! Everything here is plain data with its rules. Parsing happens at the edge, once; a value of one of these types is
//! valid by construction. What is *not* here: I/O, async, SQL, HTTP, and anything that differs between engines
//! beyond the name of the engine (that is `stardeck-engines`).

mod app;
mod audit;
mod credential;
mod database;
mod detection;
mod engine;
mod error;
mod event;
mod failure;
mod ids;
mod image;
mod logical;
mod names;
mod network;
mod operation;
mod ports;
mod registry;
mod secret;
mod settings;
mod status;
mod text_enum;
mod token;
mod user;
mod version;
mod volume;

pub use app::{App, AppRestart, AppStatus, ConnectionState, DatabaseConnection, Delivery, LinkNetwork};
pub use audit::{AuditAction, AuditEntry, AuditOutcome};
pub use credential::{Credential, CredentialPurpose, CredentialState, SealedText};
pub use database::{JsonText, ManagedDatabase, NewDatabase, Origin, Tombstone};
pub use detection::Confidence;
pub use engine::Engine;
pub use error::{InvalidValue, UnknownText, ValidationError, ValidationErrors};
pub use event::{DatabaseFacts, Event, EventKind, News, OperationFacts};
pub use failure::{Failure, FailureCode};
pub use ids::{
    AppId, AuditId, ConnectionId, ContainerId, CredentialId, DatabaseId, EpochId, HostId, ImageId,
    InstanceId, LogicalDatabaseId, LogicalUserId, OperationId, RegistryId, SessionId, TokenId, UserId,
    VolumeId,
};
pub use image::ImageReference;
pub use logical::{LogicalDatabase, LogicalState, LogicalUser, Preset};
pub use names::{
    ContainerName, DatabaseName, LogicalName, LoginName, NetworkName, SecretName, TokenName, UserName,
    VolumeName,
};
pub use network::{DATA_NETWORK, DATA_SUBNET, is_loopback_bind, next_free_own_subnet, next_free_subnet};
pub use operation::{
    LayerProgress, NewOperation, Operation, OperationChange, OperationEvent, OperationKind, OperationLogLine,
    OperationState, OperationStep, StepName, StepState, TransferProgress,
};
pub use ports::{Port, PortPurpose, PortRange, PortReservation};
pub use registry::{Registry, RegistryHost, RegistryUser};
pub use secret::{Password, PasswordRules};
pub use settings::{ConfigBefore, DatabaseConfig, DatabaseSettings};
pub use status::{Action, DatabaseStatus, DesiredState, Health};
pub use token::{ApiToken, TokenScope};
pub use user::{Role, Session, User};
pub use version::VersionTag;
pub use volume::{Volume, VolumeKind, VolumeState};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
