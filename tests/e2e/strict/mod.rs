//! Pages that allow little: policies, Trusted Types, integrity, frames without an origin, service workers, blockers. Each with the headers that a
//! shop sends. What a policy has to allow stands in docs/strict-pages.md.

mod blocked;
mod integrity;
mod policy;
mod sandbox;
pub(crate) mod visit;
mod worker;
