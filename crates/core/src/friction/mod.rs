//! Detectors of friction: pure state machines, fed with plain observations.

pub(crate) mod back_and_forth;
pub(crate) mod cta_hidden;
pub(crate) mod hesitation;
pub(crate) mod marks;
pub(crate) mod no_progress;
pub(crate) mod order_unconfirmed;
pub(crate) mod page_reloaded;
pub(crate) mod payment_declined;
mod rage_click;
pub(crate) mod search_no_results;
pub(crate) mod search_repeated;

pub(crate) use rage_click::RageClick;
