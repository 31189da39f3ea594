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
    let result = tokio::time::timeout(DEADLINE, future).await;
    result.unwrap_or_else(|_| panic!("waited {} seconds in vain for {what}", DEADLINE.as_secs()))
}

/// Looks again and again until the closure gives a value.
///
/// # Panics
/// When it takes longer than [`DEADLINE`].
pub async fn until<T, F>(what: &str, mut look: impl FnMut() -> F) -> T
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
    within_deadline(what, looking).await
}
