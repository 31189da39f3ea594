//! All that differs between database engines, and nothing else: spec in, plan out.
//!
//! Every engine has an [`EngineAdapter`], found by [`adapter`]. The rest of the program asks it (or its
//! [`Capability`]) and never looks at the engine's name. Adding an engine is one folder beside `postgres`, with the
//! same file names, and one line in `catalog.rs`. What is *not* here: I/O of any kind. Speaking to a running engine is
//! `stardeck-drivers`; making the planned container is `stardeck-service`.

mod adapter;
mod catalog;
mod command_line;
mod connection;
mod detect;
mod error;
mod exit;
mod external;
mod image;
mod info;
mod logical;
mod logins;
mod mariadb;
mod mongodb;
mod mysql;
mod mysql_family;
mod plan;
mod postgres;
mod redis;
mod settings;
mod suggest;

pub use adapter::{EngineAdapter, ImageChoice};
pub use catalog::{adapter, offered};
pub use command_line::PortRules;
pub use connection::{
    AppTarget, AppVariable, AppVariables, ConnectionTarget, NamedVariable, app_environment, app_variables,
};
pub use detect::{DetectRules, Detected, Evidence, classify};
pub use error::ImageUnsuitable;
pub use external::{ExternalTarget, UrlRules, parse_external};
pub use info::{Capability, EngineInfo, Limits, OfferedVersion};
pub use logical::LogicalRules;
pub use logins::{LoginSource, VariableForm};
pub use plan::{
    ContainerPlan, DeploySpec, ImageFacts, Readiness, SecretFile, SecretRole, SeedFile, VolumeMount,
    VolumeRole,
};
pub use settings::{AppliedSetting, ConfigFile, SettingRule, Values};
pub use suggest::{EngineHint, suggest};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
