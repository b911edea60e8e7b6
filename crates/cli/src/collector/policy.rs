//! What the shop lets its collector keep, whatever a page asks for.

use super::allow::Allowed;
use super::batch::{Batch, Event};
use super::rate::Rate;
use super::reply::Rejected;
use axum::http::HeaderMap;
use std::sync::Arc;

/// The shop's own limits: `polku serve --retention DAYS --gpc always`.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Days after which a journey goes, at the latest.
    pub retention_days: i64,
    /// Browsers that send `Sec-GPC: 1` have no path here, whatever their shoppers have granted: a second lock behind `data-gpc="always"`.
    pub gpc_wins: bool,
    /// Whose batches are taken.
    pub allowed: Arc<Allowed>,
    /// And how many events.
    pub rate: Arc<Rate>,
}

impl Policy {
    /// `batch`, of a request with these `headers`, as it may be stored.
    pub fn apply(&self, batch: &mut Batch, headers: &HeaderMap) {
        batch.ttl_days = batch.ttl_days.min(self.retention_days);
        if self.gpc_wins && headers.get("sec-gpc").is_some_and(|value| value == "1") {
            // An answer that its shopper sent alone has no books of a journey; and what is asked to be erased is erased.
            let alone = batch.loss.is_none();
            for event in &mut batch.events {
                if let Ok(Event::Touch(touch)) = event
                    && !(alone && touch.name == "prompt_answer")
                {
                    *event = Err(Rejected { seq: Some(touch.seq), why: "Sec-GPC" });
                }
            }
        }
    }
}
