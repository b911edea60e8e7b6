//! Waiting for conditions, never for a time.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Nothing that works takes longer, also on a busy machine.
const LONG: Duration = Duration::from_secs(15);
/// How often it is looked.
const OFTEN: Duration = Duration::from_millis(25);

/// Looks until there is something, and gives it back. `Err` from `look` ends the waiting.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    within(LONG, what, look).await
}

/// The same with a limit of its own.
pub(crate) async fn within<T>(
    limit: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if Instant::now() > end {
            bail!("waited {} s in vain: {what}", limit.as_secs());
        }
        tokio::time::sleep(OFTEN).await;
    }
}
