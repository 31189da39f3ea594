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
    fn settings_have_names_of_their_own_and_what_is_tuned_is_among_them() {
        for adapter in offered() {
            let rules = adapter.setting_rules();
            for (number, rule) in rules.iter().enumerate() {
                assert!(rules.iter().skip(number + 1).all(|other| other.name != rule.name), "{}", rule.name);
            }
            for memory in [16 << 20, 1 << 30, 1 << 40] {
                let tuned = adapter.tuning(memory);
                assert!(!tuned.is_empty());
                let tuned = tuned.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                assert_eq!(adapter.check_settings(&tuned), Ok(()), "{memory}");
            }
        }
    }

    #[test]
    fn the_internal_port_begins_the_range() {
        for adapter in offered() {
            assert_eq!(adapter.info().internal_port, adapter.info().port_range.first);
        }
    }
}
