//! Says which requests took long.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::time::{Duration, Instant};

/// What a person notices: the map of a million journeys is to be there in 300 ms, a batch in 50.
const SLOW: Duration = Duration::from_secs(1);

/// Passes a request on, and tells of it if it was slow: by the pattern of its route, since an address may hold an id.
pub(super) async fn tell(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let took = began.elapsed();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    // A long poll waits on purpose.
    if took >= SLOW && !route.ends_with("/poll") {
        tracing::warn!(route, status = response.status().as_u16(), ms = took.as_millis() as u64, "slow request");
    }
    response
}
