//! Waiting for a condition, never for a time.

use std::time::Duration;

/// How long a test waits for something that is to happen by itself. Far longer than it takes, so that a busy machine
/// fails no test.
pub const DEADLINE: Duration = Duration::from_secs(150);

/// How often a condition that tells nobody is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Waits for a future.
///
/// # Panics
/// When it takes longer than [`DEADLINE`].
pub async fn within_deadline<T>(what: &str, future: impl Future<Output = T>) -> T {
    within(DEADLINE, what, future).await
}

async fn within<T>(limit: Duration, what: &str, future: impl Future<Output = T>) -> T {
    let result = tokio::time::timeout(limit, future).await;
    result.unwrap_or_else(|_| panic!("waited {} seconds in vain for {what}", limit.as_secs()))
}

/// Looks again and again until the closure gives a value.
///
/// # Panics
/// When it takes longer than [`DEADLINE`].
pub async fn until<T, F>(what: &str, look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    until_within(DEADLINE, what, look).await
}

/// Looks again and again until the closure gives a value, for what takes a busy machine longer: a server that sets itself
/// up, a program that runs in a container.
///
/// # Panics
/// When it takes longer than the limit.
pub async fn until_within<T, F>(limit: Duration, what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let looking = async {
        loop {
            if let Some(value) = look().await {
                return value;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    within(limit, what, looking).await
}
