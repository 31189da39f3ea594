//! The list of drivers that are compiled in.

use stardeck_domain::Engine;

use crate::EngineClient;

const CLIENTS: &[&dyn EngineClient] = &[
    #[cfg(feature = "postgres")]
    &crate::postgres::PostgreSqlClient,
    #[cfg(feature = "mariadb")]
    &crate::mariadb::MariaDbClient,
    #[cfg(feature = "mongodb")]
    &crate::mongodb::MongoDbClient,
    #[cfg(feature = "mysql")]
    &crate::mysql::MySqlClient,
    #[cfg(feature = "redis")]
    &crate::redis::RedisClient,
];

/// The driver of an engine; None when there is none yet or its feature is off.
pub fn client(engine: Engine) -> Option<&'static dyn EngineClient> {
    CLIENTS.iter().copied().find(|client| client.engine() == engine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_driver_is_found_by_its_engine() {
        for listed in CLIENTS {
            assert_eq!(client(listed.engine()).map(EngineClient::engine), Some(listed.engine()));
        }
    }

    #[test]
    fn every_offered_engine_has_a_driver() {
        for adapter in stardeck_engines::offered() {
            assert!(client(adapter.engine()).is_some(), "{}", adapter.engine());
        }
    }
}
