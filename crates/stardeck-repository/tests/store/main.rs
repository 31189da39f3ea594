//! The store on a real SQLite file: each query at its boundary, transactions, migrations and the schema itself.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not prepare itself, or finds something else than it looked for, fails"
)]

mod accounts;
mod apps;
mod audit;
mod counts;
mod credentials;
mod databases;
mod events;
mod fixture;
mod inspect;
mod logical;
mod meta;
mod migrations;
mod news;
mod operations;
mod ports;
mod pruning;
mod schema;
mod sealed;
mod snapshot;
mod tokens;
mod tombstones;
mod transactions;
mod volumes;
