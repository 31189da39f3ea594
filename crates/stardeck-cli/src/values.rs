//! What people write for amounts and times.

use chrono::{DateTime, TimeDelta, Utc};
use clap::{
    ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use serde_json::Value;
use stardeck_client::types;
use stardeck_domain::Engine;

/// What a token lets do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// Look, but at no password and no log
    Read,
    /// Also start, stop, restart and read logs
    Operate,
    /// Everything
    Admin,
}

impl From<Scope> for types::TokenScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Read => Self::Read,
            Scope::Operate => Self::Operate,
            Scope::Admin => Self::Admin,
        }
    }
}

/// Takes the name of an engine.
pub(crate) fn engine() -> impl TypedValueParser<Value = types::Engine> {
    PossibleValuesParser::new(Engine::ALL.iter().map(|engine| engine.as_str()))
        .try_map(|text| serde_json::from_value::<types::Engine>(Value::String(text)))
}

/// A number of bytes, such as `512M`.
pub(crate) fn bytes(text: &str) -> Result<i64, String> {
    let wrong = || "write a number of bytes, or one with K, M, G or T, such as 512M (1024 each)".to_owned();
    let lower = text.trim().to_ascii_lowercase();
    let short = lower.strip_suffix("ib").or_else(|| lower.strip_suffix('b')).unwrap_or(&lower);
    let (number, power) = ["k", "m", "g", "t"]
        .iter()
        .zip(1_u32..)
        .find_map(|(unit, power)| Some((short.strip_suffix(unit)?, power)))
        .unwrap_or((short, 0));
    let number: u32 = match (number.parse(), power) {
        (Ok(number), 1..) => number,
        // Only bytes by themselves are that many.
        (_, 0) => return number.parse::<u64>().ok().and_then(|n| i64::try_from(n).ok()).ok_or_else(wrong),
        (Err(_), _) => return Err(wrong()),
    };
    i64::from(number).checked_mul(1024_i64.pow(power)).ok_or_else(wrong)
}

/// A number of days, such as `30d`.
pub(crate) fn days(text: &str) -> Result<u32, String> {
    let wrong = || "write a number of days, weeks or years, such as 30d, 4w or 1y".to_owned();
    let (number, factor) = [("d", 1), ("w", 7), ("y", 365)]
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)))
        .ok_or_else(wrong)?;
    number.parse::<u32>().ok().and_then(|number| number.checked_mul(factor)).ok_or_else(wrong)
}

/// A moment, such as `2026-01-31T12:00:00Z`, or how long ago it was, such as `10m`.
pub(crate) fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(moment.to_utc());
    }
    let wrong = || "write a time such as 2026-01-31T12:00:00Z, or how long ago, such as 90s, 10m, 2h or 3d";
    let (number, seconds) = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        .iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, *seconds)))
        .ok_or_else(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong())?;
    TimeDelta::try_seconds(i64::from(number) * seconds)
        .and_then(|ago| Utc::now().checked_sub_signed(ago))
        .ok_or_else(|| wrong().to_owned())
}

/// A setting of the database server, `NAME=VALUE`.
pub(crate) fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("write NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_by_1024() {
        for (text, wanted) in [
            ("16777216", 16_777_216),
            ("512M", 512 << 20),
            ("512MiB", 512 << 20),
            ("1gb", 1 << 30),
            ("2T", 2 << 40),
            ("1k", 1024),
            ("7b", 7),
        ] {
            assert_eq!(bytes(text), Ok(wanted), "{text}");
        }
        for text in ["", "M", "1.5G", "-1", "1X", "5000000000T", "18446744073709551615", "1 M"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_need_their_unit() {
        assert_eq!([days("30d"), days("2w"), days("1y")], [Ok(30), Ok(14), Ok(365)]);
        for text in ["30", "d", "1m", "-1d", "4294967295y"] {
            assert!(days(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_time_or_how_long_ago_it_was() {
        assert_eq!(moment("2026-01-31T13:00:00+01:00").unwrap().to_rfc3339(), "2026-01-31T12:00:00+00:00");
        let ago = Utc::now() - moment("2h").unwrap();
        assert!((7190..=7200).contains(&ago.num_seconds()), "{ago}");
        for text in ["yesterday", "10", "1y", "4294967295d"] {
            assert!(moment(text).is_err(), "{text}");
        }
    }
}
