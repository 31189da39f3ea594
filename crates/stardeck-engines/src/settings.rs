//! Settings of the servers that a person may change, as data: names, and what their values may be.
//!
//! Only settings that are listed can be set: what is not there would break what Stardeck relies on (paths, addresses,
//! accounts, TLS) or can not be changed after the data was made. What is *not* here: the lists, which are in the
//! engines' folders, and how a file of each engine is written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stardeck_domain::ValidationError;

/// The field in which settings of a server come.
const FIELD: &str = "engine_settings";
/// Longest value, in characters.
const VALUE_MAX: usize = 500;
/// Longest part of a name that is repeated, in characters.
const SHOWN_MAX: usize = 64;

/// A setting that may be changed.
#[derive(Debug, Clone, Copy)]
pub struct SettingRule {
    /// Its name, as the server spells it.
    pub name: &'static str,
    /// What it may be.
    pub values: Values,
}

/// What a setting may be.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// On or off, in the server's words for both. `true`, `on`, `yes` and `1` mean on.
    Switch(&'static str, &'static str),
    /// A whole number, both ends included.
    Whole(i64, i64),
    /// A number with decimals, both ends included.
    Decimal(f64, f64),
    /// A whole number, at least so much; or one with one of these units.
    Amount(i64, &'static [&'static str]),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A text without control characters and without these.
    Text(&'static [char]),
}

/// A setting as a server gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedSetting {
    /// Its name.
    pub name: String,
    /// Its value, as the server spells it.
    pub value: String,
    /// Whether Stardeck chose it, because of the limit of memory.
    pub is_tuned: bool,
}

/// A configuration file of a server. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigFile {
    /// The absolute path in the container.
    pub path: String,
    /// What it holds.
    pub content: String,
}

impl Values {
    /// The value as the server spells it; None when it is not allowed.
    fn spell(&self, value: &str) -> Option<String> {
        let is_plain = value.chars().count() <= VALUE_MAX && !value.chars().any(char::is_control);
        let spelled = match self {
            Self::Switch(on, off) => match value.to_ascii_lowercase().as_str() {
                "true" | "on" | "yes" | "1" => Some((*on).to_owned()),
                "false" | "off" | "no" | "0" => Some((*off).to_owned()),
                _ => None,
            },
            Self::Whole(least, most) => {
                let number: Option<i64> = value.parse().ok();
                number.filter(|number| (*least..=*most).contains(number)).map(|number| number.to_string())
            }
            Self::Decimal(least, most) => {
                let is_number = value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
                let number: Option<f64> = value.parse().ok().filter(|_| is_number);
                number.filter(|number| (*least..=*most).contains(number)).map(|_| value.to_owned())
            }
            Self::Amount(least, units) => {
                let end = value.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(value.len());
                let (number, unit) = value.split_at_checked(end)?;
                let number: Option<i64> = number.parse().ok();
                // The least is one of the server's own units, which may be any.
                let least = if unit.is_empty() { *least } else { (*least).clamp(0, 1) };
                let is_unit = unit.is_empty() || units.contains(&unit);
                number.filter(|number| *number >= least && is_unit).map(|_| value.to_owned())
            }
            Self::OneOf(words) => words.contains(&value).then(|| value.to_owned()),
            Self::Text(forbidden) => (!value.contains(*forbidden)).then(|| value.to_owned()),
        };
        spelled.filter(|_| is_plain)
    }

    /// What would be right, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Switch(on, off) => format!("must be {on} or {off}"),
            Self::Whole(least, most) => format!("must be a whole number from {least} to {most}"),
            Self::Decimal(least, most) => format!("must be a number from {least} to {most}"),
            Self::Amount(least, units) => {
                format!("must be a whole number from {least} on, or one with a unit: {}", units.join(", "))
            }
            Self::OneOf(words) => format!("must be one of: {}", words.join(", ")),
            Self::Text(forbidden) => {
                let those: Vec<_> = forbidden.iter().map(char::to_string).collect();
                let without = if those.is_empty() {
                    String::new()
                } else {
                    format!(" and without {}", those.join(" "))
                };
                format!(
                    "must be a text of at most {VALUE_MAX} characters without control characters{without}"
                )
            }
        }
    }
}

/// Checks settings that a person chose, and tells every one that is wrong.
pub(crate) fn check(rules: &[SettingRule], chosen: &BTreeMap<String, String>) -> Vec<ValidationError> {
    let mut errors = Vec::new();
    for (name, value) in chosen {
        match rules.iter().find(|rule| rule.name == name) {
            Some(rule) if rule.values.spell(value).is_some() => {}
            Some(rule) => {
                let reason = format!("{}: {}", rule.name, rule.values.words());
                errors.push(ValidationError { field: FIELD, code: "invalid_setting", reason });
            }
            None => {
                let shown: String = name.chars().filter(|c| !c.is_control()).take(SHOWN_MAX).collect();
                let reason = format!(
                    "{shown}: there is no such setting, or it is not one that can be changed here; GET /api/engines \
                     lists those"
                );
                errors.push(ValidationError { field: FIELD, code: "unknown_setting", reason });
            }
        }
    }
    errors
}

/// All settings that a server gets, sorted by name: those a person chose, and for the others what is tuned.
pub(crate) fn applied(
    rules: &[SettingRule],
    tuning: Vec<(&'static str, String)>,
    chosen: &BTreeMap<String, String>,
) -> Vec<AppliedSetting> {
    let spell = |name: &str, value: &str| {
        let rule = rules.iter().find(|rule| rule.name == name);
        rule.and_then(|rule| rule.values.spell(value)).unwrap_or_else(|| value.to_owned())
    };
    let tuned = tuning.into_iter().filter(|(name, _)| !chosen.contains_key(*name)).map(|(name, value)| {
        AppliedSetting { value: spell(name, &value), name: name.to_owned(), is_tuned: true }
    });
    let chosen = chosen.iter().map(|(name, value)| AppliedSetting {
        name: name.clone(),
        value: spell(name, value),
        is_tuned: false,
    });
    let mut all: Vec<_> = tuned.chain(chosen).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// A share of the memory in whole mebibytes, at least so many.
pub(crate) fn share_in_mib(memory_bytes: u64, percent: u64, least: u64) -> u64 {
    ((memory_bytes / (1024 * 1024)).saturating_mul(percent) / 100).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[SettingRule] = &[
        SettingRule { name: "jit", values: Values::Switch("on", "off") },
        SettingRule { name: "max_connections", values: Values::Whole(1, 1000) },
        SettingRule { name: "cost", values: Values::Decimal(0.0, 4.0) },
        SettingRule { name: "work_mem", values: Values::Amount(64, &["kB", "MB"]) },
        SettingRule { name: "level", values: Values::OneOf(&["low", "high"]) },
        SettingRule { name: "zone", values: Values::Text(&['"']) },
    ];

    fn chosen(name: &str, value: &str) -> BTreeMap<String, String> {
        [(name.to_owned(), value.to_owned())].into()
    }

    #[test]
    fn values_are_taken_as_the_server_spells_them() {
        for (name, given, spelled) in [
            ("jit", "true", "on"),
            ("jit", "NO", "off"),
            ("max_connections", "0100", "100"),
            ("cost", "1.10", "1.10"),
            ("work_mem", "8MB", "8MB"),
            ("work_mem", "64", "64"),
            ("level", "low", "low"),
            ("zone", "Europe/Berlin", "Europe/Berlin"),
        ] {
            assert_eq!(check(RULES, &chosen(name, given)), []);
            assert_eq!(applied(RULES, Vec::new(), &chosen(name, given))[0].value, spelled);
        }
    }

    #[test]
    fn wrong_values_and_unknown_names_are_told() {
        for (name, value, code) in [
            ("jit", "maybe", "invalid_setting"),
            ("max_connections", "1001", "invalid_setting"),
            ("max_connections", "1e3", "invalid_setting"),
            ("cost", "inf", "invalid_setting"),
            ("work_mem", "8mb", "invalid_setting"),
            ("work_mem", "1", "invalid_setting"),
            ("work_mem", "MB", "invalid_setting"),
            ("level", "LOW", "invalid_setting"),
            ("zone", "a\"b", "invalid_setting"),
            ("zone", "a\nb", "invalid_setting"),
            ("data_directory", "/etc", "unknown_setting"),
        ] {
            let errors = check(RULES, &chosen(name, value));
            assert_eq!(errors.iter().map(|e| e.code).collect::<Vec<_>>(), [code], "{name} = {value}");
            assert!(errors[0].reason.starts_with(name));
        }
    }

    #[test]
    fn what_a_person_chose_wins_over_what_is_tuned() {
        let tuning = || vec![("work_mem", "64MB".to_owned()), ("cost", "2".to_owned())];
        let all = applied(RULES, tuning(), &chosen("work_mem", "1MB"));
        let told: Vec<_> = all.iter().map(|s| (s.name.as_str(), s.value.as_str(), s.is_tuned)).collect();
        assert_eq!(told, [("cost", "2", true), ("work_mem", "1MB", false)]);
    }

    #[test]
    fn shares_are_whole_mebibytes() {
        assert_eq!(share_in_mib(1024 * 1024 * 1024, 25, 1), 256);
        assert_eq!(share_in_mib(1024 * 1024, 25, 5), 5);
    }
}
