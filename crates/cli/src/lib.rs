//! The command `polku`: reference collector, journey map, demo shop and the package, in one process and one file.
//!
//! ```text
//! POST /v1/batch ─▶ collector ─▶ store (one writer) ─▶ SQLite ─▶ store (readers) ─▶ map ─▶ GET /api/… ─▶ /map/
//! /v1/chat/…     ─▶ chat      ─▶ a database of conversations alone        ─▶ /api/inbox/… ─▶ /inbox/
//! ```
//!
//! What writes and what reads meet only in [`store`]: another database replaces that module and nothing else.
//! Nothing here logs or keeps an address, a User-Agent or a cookie.

pub mod access;
pub mod app;
pub mod chat;
pub mod cli;
pub mod collector;
pub mod encode;
pub mod export;
pub mod failure;
mod fan;
pub mod forget;
pub mod imported;
mod lines;
pub mod load;
pub mod map;
pub mod operate;
pub mod package;
pub mod pages;
pub mod prompts;
pub mod replay;
pub mod report;
pub mod respond;
pub mod scrub;
pub mod seed;
pub mod serve;
pub mod settings;
pub mod shop;
pub mod simulate;
pub mod statements;
pub mod store;
pub mod themes;
