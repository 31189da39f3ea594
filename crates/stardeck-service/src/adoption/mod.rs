//! Adopting a database server that somebody else made, and giving it back.
//!
//! Nothing in the container changes but that it is connected to the data network under the database's names, which
//! needs no restart; giving it back takes that away again. What is *not* here: what is refused before anything is
//! written down (`databases/adopt.rs`).

mod connect;
mod discard;
pub(crate) mod login;
mod row;

use crate::{operations::step::Step, provisioning};

/// The steps of an adoption.
pub(crate) fn adopt_steps() -> Vec<Box<dyn Step>> {
    vec![
        Box::new(row::Reserve),
        provisioning::network_step(),
        Box::new(connect::Connect),
        provisioning::finish_step(),
    ]
}

/// The steps of giving one back.
pub(crate) fn release_steps() -> Vec<Box<dyn Step>> {
    vec![Box::new(connect::Disconnect), Box::new(row::Release)]
}

/// The steps of deleting one with its data, when the user has taken ownership of it.
pub(crate) fn delete_steps() -> Vec<Box<dyn Step>> {
    vec![Box::new(discard::Container), Box::new(discard::Volumes), Box::new(row::Release)]
}
