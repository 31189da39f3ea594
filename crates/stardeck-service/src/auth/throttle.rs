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
/// After so many pauses they are not doubled any more, whatever the limits say.
const PAUSES_COUNTED: u32 = 16;

/// How much is too much.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// So many failed tries …
    pub(super) tries: usize,
    /// … within so long …
    pub(super) within: TimeDelta,
    /// … make the key pause so long after the last of them,
    pub(super) pause: TimeDelta,
    /// and twice as long each time it goes on afterwards, up to this. A day without a failed try forgives.
    pub(super) pause_most: TimeDelta,
}

/// How long nothing may have happened until earlier pauses are forgotten.
const PAUSES_FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(1);

/// Counts failed tries by key.
pub(super) struct Throttle {
    limits: Limits,
    tries: Mutex<HashMap<String, Tries>>,
}

/// What is known of a key.
#[derive(Default)]
struct Tries {
    /// When the failed ones that count were.
    failed: VecDeque<DateTime<Utc>>,
    /// How many pauses it had to make.
    pauses: u32,
    /// When the last of them was over.
    paused_until: Option<DateTime<Utc>>,
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
        match tries.failed.back() {
            Some(last) if tries.failed.len() >= self.limits.tries => {
                Err(wait_until(*last + self.pause(tries), now))
            }
            Some(_) | None => {
                tries.failed.push_back(now);
                Ok(Admitted { key, at: now })
            }
        }
    }

    /// Takes a try back that turned out not to be a failed one.
    pub(super) fn withdraw(&self, admitted: &Admitted) {
        let mut all = self.lock();
        let Some(tries) = all.get_mut(&admitted.key) else { return };
        if let Some(position) = tries.failed.iter().rposition(|at| *at == admitted.at) {
            tries.failed.remove(position);
        }
        if tries.failed.is_empty() && tries.pauses == 0 {
            all.remove(&admitted.key);
        }
    }

    /// Forgives a key all its tries, since its owner has shown up.
    pub(super) fn forgive(&self, admitted: &Admitted) {
        self.lock().remove(&admitted.key);
    }

    /// Drops the tries that do not count any more: when the pause is over, all; else those out of the window. Those
    /// of the future are from before the clock was set back.
    fn forget_old(&self, tries: &mut Tries, now: DateTime<Utc>) {
        tries.failed.retain(|at| *at <= now);
        if tries.failed.len() < self.limits.tries {
            tries.failed.retain(|at| now - *at < self.limits.within);
        } else if let Some(end) = tries.failed.back().map(|last| *last + self.pause(tries))
            && now >= end
        {
            tries.failed.clear();
            tries.pauses = tries.pauses.saturating_add(1);
            tries.paused_until = Some(end);
        }
        let is_long_ago = |end: DateTime<Utc>| end > now || now - end >= PAUSES_FORGOTTEN_AFTER;
        if tries.failed.is_empty() && tries.paused_until.is_none_or(is_long_ago) {
            (tries.pauses, tries.paused_until) = (0, None);
        }
    }

    /// How long the key has to pause, after the pauses it has made.
    fn pause(&self, tries: &Tries) -> TimeDelta {
        let doubled = 1_i32.checked_shl(tries.pauses.min(PAUSES_COUNTED)).unwrap_or(i32::MAX);
        self.limits.pause.checked_mul(doubled).unwrap_or(self.limits.pause_most).min(self.limits.pause_most)
    }

    /// Forgets keys without anything that counts, and if that is not enough, the one whose last try is longest ago.
    fn make_room(&self, all: &mut HashMap<String, Tries>, now: DateTime<Utc>) {
        all.retain(|_, tries| {
            self.forget_old(tries, now);
            !tries.failed.is_empty() || tries.pauses > 0
        });
        if all.len() >= KEYS_MAX
            && let Some(oldest) = all
                .iter()
                .min_by_key(|(_, tries)| tries.failed.back().copied().or(tries.paused_until))
                .map(|(key, _)| key.clone())
        {
            all.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Tries>> {
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

    const LIMITS: Limits = Limits {
        tries: 3,
        within: TimeDelta::seconds(60),
        pause: TimeDelta::seconds(30),
        pause_most: TimeDelta::seconds(100),
    };

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

    /// Fails as often as is let in from this second on; says how long the pause is.
    fn pause_from(throttle: &Throttle, second: i64) -> u64 {
        for _ in 0..3 {
            throttle.admit("a", at(second)).unwrap();
        }
        match throttle.admit("a", at(second)) {
            Err(Error::TooManyAttempts { retry_after }) => retry_after.as_secs() - 1,
            other => panic!("must be refused: {other:?}"),
        }
    }

    #[test]
    fn each_pause_is_twice_as_long_as_the_one_before_up_to_the_most() {
        let throttle = Throttle::new(LIMITS);
        assert_eq!(pause_from(&throttle, 0), 30);
        assert_eq!(pause_from(&throttle, 30), 60);
        assert!(is_refused(&throttle, "a", 89));
        assert_eq!(pause_from(&throttle, 90), 100);
        assert_eq!(pause_from(&throttle, 190), 100);
        let quiet = 290 + PAUSES_FORGOTTEN_AFTER.num_seconds();
        assert_eq!(pause_from(&throttle, quiet), 30, "a quiet day forgives");
    }

    #[test]
    fn success_forgives_the_pauses_as_well() {
        let throttle = Throttle::new(LIMITS);
        pause_from(&throttle, 0);
        let admitted = throttle.admit("a", at(30)).unwrap();
        throttle.forgive(&admitted);
        assert_eq!(pause_from(&throttle, 31), 30);
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
