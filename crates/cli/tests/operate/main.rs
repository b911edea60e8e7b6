//! What whoever runs the collector counts on, at the real command: who may write and read, health, settings, export, and that nothing is lost.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
#[path = "../common/mod.rs"]
mod common;

mod access;
mod allow;
mod crash;
mod export;
mod health;
mod hostile;
mod settings;
mod share;
