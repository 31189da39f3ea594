//! Slows down guessing: after some failed tries within a while, a key has to pause.
//!
//! A try counts from its beginning, so that many at once do not slip past the limit together. It is kept in memory
//! only: a restart forgives, and who can restart the server needs no guessing.

use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::Error;

/// Most keys remembered, so that somebody with many names or addresses can not fill the memory.
const KEYS_MAX: usize = 10_000;

/// How much is too much.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// So many failed tries …
    pub(super) tries: usize,
    /// … within so long …
    pub(super) within: TimeDelta,
    /// … make the key pause so long after the last of them.
    pub(super) pause: TimeDelta,
}

/// Counts failed tries by key.
pub(super) struct Throttle {
    limits: Limits,
    tries: Mutex<HashMap<String, VecDeque<DateTime<Utc>>>>,
}

/// A try that was let in. It counts as failed until it is withdrawn.
#[derive(Debug)]
pub(super) struct Admitted {
    key: String,
    at: DateTime<Utc>,
}

impl Throttle {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, tries: Mutex::new(HashMap::new()) }
    }

    /// Lets a try in, or says how long the key has to wait.
    pub(super) fn admit(&self, key: impl Into<String>, now: DateTime<Utc>) -> Result<Admitted, Error> {
        let key = key.into();
        let mut all = self.lock();
        if !all.contains_key(&key) && all.len() >= KEYS_MAX {
            self.make_room(&mut all, now);
        }
        let tries = all.entry(key.clone()).or_default();
        self.forget_old(tries, now);
        match tries.back() {
            Some(last) if tries.len() >= self.limits.tries => Err(wait_until(*last + self.limits.pause, now)),
            Some(_) | None => {
                tries.push_back(now);
                Ok(Admitted { key, at: now })
            }
        }
    }

    /// Takes a try back that turned out not to be a failed one.
    pub(super) fn withdraw(&self, admitted: &Admitted) {
        let mut all = self.lock();
        let Some(tries) = all.get_mut(&admitted.key) else { return };
        if let Some(position) = tries.iter().rposition(|at| *at == admitted.at) {
            tries.remove(position);
        }
        if tries.is_empty() {
            all.remove(&admitted.key);
        }
    }

    /// Forgives a key all its tries, since its owner has shown up.
    pub(super) fn forgive(&self, admitted: &Admitted) {
        self.lock().remove(&admitted.key);
    }

    /// Drops the tries that do not count any more: when the pause is over, all; else those out of the window. Those
    /// of the future are from before the clock was set back.
    fn forget_old(&self, tries: &mut VecDeque<DateTime<Utc>>, now: DateTime<Utc>) {
        tries.retain(|at| *at <= now);
        if tries.len() < self.limits.tries {
            tries.retain(|at| now - *at < self.limits.within);
        } else if tries.back().is_some_and(|last| now - *last >= self.limits.pause) {
            tries.clear();
        }
    }

    /// Forgets keys without tries that count, and if that is not enough, the one whose last try is longest ago.
    fn make_room(&self, all: &mut HashMap<String, VecDeque<DateTime<Utc>>>, now: DateTime<Utc>) {
        all.retain(|_, tries| {
            self.forget_old(tries, now);
            !tries.is_empty()
        });
        if all.len() >= KEYS_MAX
            && let Some(oldest) =
                all.iter().min_by_key(|(_, tries)| tries.back().copied()).map(|(key, _)| key.clone())
        {
            all.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<DateTime<Utc>>>> {
        // A panic elsewhere leaves counts that are at worst one off.
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key of an address. Whoever has an IPv6 address usually has all 2^64 of its network, so they count as one.
pub(super) fn address_key(remote: &str) -> String {
    let address = remote
        .parse::<IpAddr>()
        .or_else(|_| remote.parse::<SocketAddr>().map(|socket| socket.ip()))
        .map(|address| address.to_canonical());
    match address {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => {
            let host_bits = u128::from(u64::MAX);
            Ipv6Addr::from_bits(address.to_bits() & !host_bits).to_string()
        }
        Err(_not_an_address) => remote.to_owned(),
    }
}

/// The refusal, with the wait rounded up to whole seconds so that waiting as told is enough.
fn wait_until(end: DateTime<Utc>, now: DateTime<Utc>) -> Error {
    let seconds = u64::try_from((end - now).num_seconds()).unwrap_or_default();
    Error::TooManyAttempts { retry_after: Duration::from_secs(seconds + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { tries: 3, within: TimeDelta::seconds(60), pause: TimeDelta::seconds(30) };

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn is_refused(throttle: &Throttle, key: &str, second: i64) -> bool {
        matches!(throttle.admit(key, at(second)), Err(Error::TooManyAttempts { .. }))
    }

    #[test]
    fn key_pauses_after_the_limit_and_is_let_in_again_afterwards() {
        let throttle = Throttle::new(LIMITS);
        for second in 0..3 {
            assert!(throttle.admit("a", at(second)).is_ok());
        }
        assert!(is_refused(&throttle, "a", 3) && is_refused(&throttle, "a", 31));
        assert!(!is_refused(&throttle, "b", 3), "another key");
        assert!(throttle.admit("a", at(32)).is_ok());
    }

    #[test]
    fn waiting_as_long_as_told_is_enough() {
        let throttle = Throttle::new(LIMITS);
        for _ in 0..3 {
            throttle.admit("a", at(0)).unwrap();
        }
        let Err(Error::TooManyAttempts { retry_after }) = throttle.admit("a", at(10)) else {
            panic!("must be refused");
        };
        assert!(throttle.admit("a", at(10) + retry_after).is_ok());
    }

    #[test]
    fn tries_spread_out_over_more_than_the_window_are_let_in() {
        let throttle = Throttle::new(LIMITS);
        for second in [0, 31, 62, 93, 124] {
            assert!(!is_refused(&throttle, "a", second), "{second}");
        }
    }

    #[test]
    fn refused_tries_do_not_make_the_pause_longer() {
        let throttle = Throttle::new(LIMITS);
        for _ in 0..3 {
            throttle.admit("a", at(0)).unwrap();
        }
        assert!((1..30).all(|second| is_refused(&throttle, "a", second)));
        assert!(!is_refused(&throttle, "a", 30));
    }

    #[test]
    fn withdrawn_tries_do_not_count() {
        let throttle = Throttle::new(LIMITS);
        for second in 0..10 {
            let admitted = throttle.admit("a", at(second)).unwrap();
            throttle.withdraw(&admitted);
        }
    }

    #[test]
    fn forgiven_key_starts_anew() {
        let throttle = Throttle::new(LIMITS);
        throttle.admit("a", at(0)).unwrap();
        throttle.admit("a", at(1)).unwrap();
        let third = throttle.admit("a", at(2)).unwrap();
        assert!(is_refused(&throttle, "a", 3));
        throttle.forgive(&third);
        assert!(!is_refused(&throttle, "a", 4));
    }

    #[test]
    fn clock_set_back_does_not_lock_anybody_out() {
        let throttle = Throttle::new(LIMITS);
        for _ in 0..3 {
            throttle.admit("a", at(1_000_000)).unwrap();
        }
        assert!(!is_refused(&throttle, "a", 0));
    }

    #[test]
    fn number_of_keys_is_bounded_and_the_newest_are_kept() {
        let throttle = Throttle::new(LIMITS);
        for number in 0..=KEYS_MAX {
            throttle.admit(number.to_string(), at(0)).unwrap();
        }
        throttle.admit("newest", at(1)).unwrap();
        let keys = throttle.lock();
        assert!(keys.len() <= KEYS_MAX && keys.contains_key("newest"));
    }

    #[test]
    fn addresses_are_told_apart_by_host_in_ipv4_and_by_network_in_ipv6() {
        assert_eq!(address_key("192.0.2.7:50412"), "192.0.2.7");
        assert_eq!(address_key("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(address_key("2001:db8:1:2:3:4:5:6"), address_key("[2001:db8:1:2::9]:443"));
        assert_ne!(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:3::1"));
        assert_eq!(address_key("unix"), "unix");
    }
}
