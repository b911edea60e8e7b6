//! How much a sender may send, and how slowly.

use crate::respond;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use std::time::Duration;

/// The largest batch. A widget stays below 64 KiB, the quota of a request that outlives its page.
pub const MAX_BODY: usize = 256 * 1024;

/// What is read and thrown away beyond the limit, so that an honest sender gets to read the answer before the
/// connection ends.
const MAX_DRAINED: usize = 2 * 1024 * 1024;

/// A slow phone on a bad network needs seconds; a minute is somebody holding the connection.
const MAX_TIME: Duration = Duration::from_secs(30);

/// Why a body was not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More than [`MAX_BODY`].
    TooLarge,
    /// More than [`MAX_TIME`].
    TooSlow,
    /// The sender went away.
    Broken,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::TooLarge => {
                respond::error(StatusCode::PAYLOAD_TOO_LARGE, "the batch is larger than 262144 bytes; send it in parts")
            }
            Self::TooSlow => respond::error(StatusCode::REQUEST_TIMEOUT, "the batch did not arrive within 30 seconds"),
            Self::Broken => respond::error(StatusCode::BAD_REQUEST, "the batch did not arrive whole"),
        }
    }
}

/// Reads a body within the limits.
///
/// # Errors
/// When it is too large, too slow or broken off.
pub async fn read(body: Body) -> Result<Bytes, Refusal> {
    tokio::time::timeout(MAX_TIME, collect(body)).await.unwrap_or(Err(Refusal::TooSlow))
}

async fn collect(body: Body) -> Result<Bytes, Refusal> {
    let mut stream = body.into_data_stream();
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| Refusal::Broken)?;
        seen = seen.saturating_add(part.len());
        if seen > MAX_DRAINED {
            break;
        }
        if seen <= MAX_BODY {
            kept.extend_from_slice(&part);
        }
    }
    if seen > MAX_BODY { Err(Refusal::TooLarge) } else { Ok(kept.into()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn the_limit_itself_is_allowed_and_one_more_is_not() {
        assert_eq!(read(Body::from(vec![b' '; MAX_BODY])).await.unwrap().len(), MAX_BODY);
        assert_eq!(read(Body::from(vec![b' '; MAX_BODY + 1])).await, Err(Refusal::TooLarge));
    }
}
