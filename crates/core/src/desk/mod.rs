//! What a server of conversations reads: a message from a page, strictly, and its text as it may be shown.
//!
//! It stores nothing and answers nobody; `docs/chat-protocol.md` is what it holds to. For the command alone: no page loads it.

mod body;
mod journey;
mod text;

pub use body::{Body, Message, Refused, is_conversation, is_key};
pub use text::{clean, one_line};

/// The largest body, in bytes: what a request that outlives its page may carry.
pub const MAX_BODY: usize = 64 * 1024;
/// The longest message, in characters.
pub const MAX_TEXT: usize = 4_000;
/// The highest number of a message: nobody writes so many, and a server need not keep more.
pub const MAX_NUMBER: i64 = 10_000;
