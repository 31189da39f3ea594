//! The list of adapters: the one place outside the domain that names every engine.

use stardeck_domain::Engine;

use crate::{
    EngineAdapter, mariadb::MariaDb, mongodb::MongoDb, mysql::MySql, postgres::PostgreSql, redis::Redis,
};

/// The engines that can be deployed, in the order they are shown.
pub fn offered() -> &'static [&'static dyn EngineAdapter] {
    &[&PostgreSql, &MariaDb, &MySql, &Redis, &MongoDb]
}

/// The adapter of an engine.
pub fn adapter(engine: Engine) -> &'static dyn EngineAdapter {
    match engine {
        Engine::PostgreSql => &PostgreSql,
        Engine::MariaDb => &MariaDb,
        Engine::MySql => &MySql,
        Engine::Redis => &Redis,
        Engine::MongoDb => &MongoDb,
    }
}

#[cfg(test)]
mod tests {
    use stardeck_domain::ImageReference;

    use super::*;

    #[test]
    fn every_engine_is_offered_once_and_found_by_its_name() {
        for engine in Engine::ALL.iter().copied() {
            assert_eq!(adapter(engine).engine(), engine);
            assert_eq!(offered().iter().filter(|adapter| adapter.engine() == engine).count(), 1);
        }
    }

    #[test]
    fn every_offered_version_has_an_image_and_a_day_that_is_a_date() {
        for adapter in offered() {
            let info = adapter.info();
            assert!(info.versions.iter().any(|offered| offered.version == info.default_version));
            for offered in &info.versions {
                let choice = adapter.choose_image(Some(&offered.version), None).unwrap();
                assert_eq!(choice.version, offered.version);
                assert!(ImageReference::parse(&choice.reference.to_string()).is_ok());
                assert!(offered.source.starts_with("https://"));
                if let Some(date) = offered.end_of_life {
                    let parts: Vec<_> = date.split('-').map(str::len).collect();
                    assert_eq!(parts, [4, 2, 2], "{date}");
                }
            }
        }
    }

    #[test]
    fn the_default_admin_is_allowed_and_the_management_user_is_not() {
        for adapter in offered() {
            let info = adapter.info();
            assert_eq!(adapter.check_admin(&info.default_admin_user, None), Ok(()));
            assert!(adapter.check_admin(&info.management_user, None).is_err());
        }
    }

    #[test]
    fn the_internal_port_begins_the_range() {
        for adapter in offered() {
            assert_eq!(adapter.info().internal_port, adapter.info().port_range.first);
        }
    }
}
