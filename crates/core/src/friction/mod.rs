//! Detectors of friction: pure state machines, fed with plain observations.

mod rage_click;

pub(crate) use rage_click::RageClick;
