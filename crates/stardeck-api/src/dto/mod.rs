//! The shapes of requests and answers. Doc comments here are the descriptions in the OpenAPI document.
//!
//! A request turns into the service's words with every wrong field told at once; a view is made from a domain entity.
//! What is *not* here: rules that need more than the field itself, which the service has.

pub(crate) mod access;
pub(crate) mod adoption;
pub(crate) mod apps;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod databases;
pub(crate) mod detection;
pub(crate) mod engines;
pub(crate) mod events;
mod fields;
pub(crate) mod health;
pub(crate) mod lists;
pub(crate) mod logical;
pub(crate) mod logs;
pub(crate) mod operation_events;
pub(crate) mod operations;
pub(crate) mod ports;
pub(crate) mod registries;
pub(crate) mod setup;
pub(crate) mod stats;
pub(crate) mod users;
pub(crate) mod volumes;
