//! What names logical databases may have in each engine, as data. How they are quoted is the drivers' business.

use stardeck_domain::{InvalidValue, LogicalName};

/// What an engine takes as the name of a logical database, on top of the domain's own rules.
#[derive(Debug, Clone, Copy)]
pub struct LogicalRules {
    /// Longest name, in units of `cost`.
    pub max: usize,
    /// What one character counts.
    pub cost: fn(char) -> usize,
    /// How the limit is put into words.
    pub max_words: &'static str,
    /// The characters that may be in a name.
    pub is_allowed: fn(char) -> bool,
    /// How those are put into words.
    pub allowed_words: &'static str,
    /// Names of the engine's own.
    pub reserved: &'static [&'static str],
    /// How names of the engine's own begin, where they do in a way of their own.
    pub reserved_start: Option<&'static str>,
    /// Whether two names that differ in case only are one.
    pub ignores_case: bool,
}

impl LogicalRules {
    /// Checks a name.
    ///
    /// # Errors
    /// Says which rule is broken and what would be right.
    pub fn check(&self, name: &LogicalName) -> Result<(), InvalidValue> {
        let text = name.as_str();
        if text.chars().map(self.cost).sum::<usize>() > self.max {
            return Err(InvalidValue::new("too_long", format!("must have at most {}", self.max_words)));
        }
        if !text.chars().all(self.is_allowed) || text.trim() != text {
            return Err(InvalidValue::new("invalid_name", format!("may have {}", self.allowed_words)));
        }
        if self.reserved.iter().any(|reserved| self.is_same(reserved, text)) {
            return Err(InvalidValue::new("reserved_name", format!("{text} is one of the server's own")));
        }
        if let Some(start) = self.reserved_start.filter(|start| text.starts_with(start)) {
            let reason = format!("must not begin with {start}, as the server's own names do");
            return Err(InvalidValue::new("reserved_name", reason));
        }
        Ok(())
    }

    /// Whether the engine takes the two for one name.
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        if self.ignores_case { one.to_lowercase() == other.to_lowercase() } else { one == other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(name: &str) -> Vec<&'static str> {
        let name = LogicalName::parse(name).unwrap();
        let check = |adapter: &&dyn crate::EngineAdapter| adapter.logical_rules().check(&name);
        crate::offered()
            .iter()
            .map(|adapter| check(adapter).map_or_else(|wrong| wrong.code, |()| "ok"))
            .collect()
    }

    /// In the order of the catalogue: `PostgreSQL`, `MariaDB`, `MySQL`, Redis, `MongoDB`.
    #[test]
    fn every_engine_takes_what_it_can_hold_and_refuses_the_rest() {
        let (bad, long, own) = ("invalid_name", "too_long", "reserved_name");
        for (name, expected) in [
            ("shop", ["ok"; 5]),
            ("my-shop_2", ["ok"; 5]),
            ("o'brien\"`;--", ["ok", "ok", "ok", bad, bad]),
            ("a\\b", ["ok", bad, bad, bad, bad]),
            ("a.b", ["ok", bad, bad, "ok", bad]),
            ("a/b", ["ok", bad, bad, bad, bad]),
            (" a", [bad; 5]),
            ("a*", ["ok", "ok", "ok", bad, "ok"]),
            ("größe", ["ok", "ok", "ok", bad, "ok"]),
            ("🦀", ["ok", bad, bad, bad, "ok"]),
            ("postgres", [own, "ok", "ok", "ok", "ok"]),
            ("pg_shop", [own, "ok", "ok", "ok", "ok"]),
            ("MySQL", ["ok", own, own, "ok", "ok"]),
            ("Admin", ["ok", "ok", "ok", "ok", own]),
            (&"a".repeat(57), ["ok"; 5]),
            (&"a".repeat(58), [long, "ok", "ok", "ok", "ok"]),
            (&"a".repeat(64), [long, "ok", "ok", "ok", long]),
            (&"a".repeat(65), [long; 5]),
            (&"_".repeat(33), ["ok", long, long, "ok", "ok"]),
            (&"-".repeat(50), ["ok", long, long, "ok", "ok"]),
        ] {
            assert_eq!(codes(name), expected, "{name}");
        }
    }

    #[test]
    fn users_of_apps_are_not_the_servers_own() {
        for adapter in crate::offered() {
            let info = adapter.info();
            for own in [&info.default_admin_user, &info.management_user] {
                let wrong = adapter.check_app_user(own, None).unwrap_err();
                assert_eq!((wrong.0[0].field, wrong.0[0].code), ("username", "reserved_name"), "{own}");
            }
            assert_eq!(adapter.check_app_user(&crate::info::fixed_login("shop"), None), Ok(()));
            let owner = adapter.check_app_user(&crate::info::fixed_login("shop_owner"), None);
            let is_reserved = adapter.engine() == stardeck_domain::Engine::PostgreSql;
            assert_eq!(owner.is_err(), is_reserved, "{}", adapter.engine());
        }
    }
}
