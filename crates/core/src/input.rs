//! What goes into the engine.

use crate::trigger::Rule;

/// One thing that happened. Plain data: texts are borrowed from whoever saw it.
#[derive(Clone, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[non_exhaustive]
pub enum Input<'a> {
    /// Fresh random bytes: the first input of all, and the answer to [`Effect::Entropy`](crate::Effect::Entropy).
    Entropy([u8; 32]),
    /// What this visit had stored: the answer to [`Effect::Restore`](crate::Effect::Restore).
    Restored {
        /// The visit record that the tabs of this shop share.
        visit: Option<&'a str>,
        /// This tab's snapshot.
        tab: Option<&'a str>,
    },
    /// The shopper decided, or a source of consent reported what was decided.
    Consent {
        /// The journey may be kept for its visit, and may leave. `None`: not said.
        measure: Option<bool>,
        /// The shopper may be asked. `None`: not said.
        feedback: Option<bool>,
        /// The decision was made before this document loaded, so what this document observed counts.
        earlier: bool,
        /// Which source reported it: one lower-case word.
        by: &'a str,
        /// The version of the shop's policy; may be empty.
        policy: &'a str,
    },
    /// The shopper withdraws everything.
    Withdraw,
    /// A page is looked at.
    Page {
        /// Its path; query and fragment are cut off.
        path: &'a str,
        /// Its referrer; empty where there is none.
        referrer: &'a str,
        /// The referrer is a page of this very site.
        own_host: bool,
        /// The page came back from the back/forward cache.
        restored: bool,
    },
    /// A touchpoint that the shop reports.
    Track {
        /// One of [`Name`](crate::Name)'s texts.
        name: &'a str,
        /// A JSON object; only what is on the allow-list stays.
        data: Option<&'a str>,
    },
    /// A click or tap.
    Pointer(Pointer<'a>),
    /// The page went out of sight (or is about to go for good), or came back.
    Visibility {
        /// It cannot be seen now.
        hidden: bool,
    },
    /// The prompts that the shop has configured.
    Prompts(Vec<Rule>),
    /// Somebody asks for the prompt with this id.
    Open(&'a str),
    /// A prompt could not open just now: the shopper is busy.
    Busy,
    /// What the open prompt reports.
    Prompt(PromptEvent<'a>),
    /// What became of a batch.
    Delivered {
        /// The number that [`Effect::Send`](crate::Effect::Send) gave it.
        batch: u32,
        /// Its fate.
        outcome: Outcome<'a>,
    },
    /// Which [`Topic`](crate::Topic)s anybody listens to: one bit each.
    Listen(u8),
    /// Send what is queued now.
    Flush,
    /// The deadline has come.
    Tick,
}

impl Input<'_> {
    /// An explicit decision about `measure`, made before this document loaded: the shape that tests and simulations need most.
    #[must_use]
    pub fn consent(measure: bool) -> Self {
        Self::Consent { measure: Some(measure), feedback: None, earlier: true, by: "api", policy: "" }
    }
}

/// A click or tap, and what was hit.
#[derive(Clone, Copy, PartialEq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Pointer<'a> {
    /// CSS px from the left of the viewport.
    pub x: i32,
    /// CSS px from the top of the viewport.
    pub y: i32,
    /// The element's name, made by [`target_name`](crate::target_name).
    pub target: &'a str,
    /// Its ARIA role; without one its tag, or the type of an `input`.
    pub role: &'a str,
    /// Its short label in lower case, where it is a button: tells steppers from other buttons, and never leaves.
    pub label: &'a str,
}

/// What the open prompt reports. The JSON objects are filtered: only the members that are named here stay.
#[derive(Clone, Copy, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum PromptEvent<'a> {
    /// At least half of it was painted for a second.
    Shown,
    /// A question was answered or skipped, and the shopper pressed *Send* or *Skip*: `{step, rev, ask, score | text, skipped}`,
    /// the text scrubbed.
    Answer(&'a str),
    /// It ended: `{reason, partial}`, the reason `completed`, `dismissed`, `snoozed`, `abandoned` or `expired`.
    Closed(&'a str),
    /// It could not be loaded or drawn.
    Failed,
}

/// What became of a batch.
#[derive(Clone, Copy, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Outcome<'a> {
    /// The collector answered.
    Reply {
        /// HTTP status.
        status: u16,
        /// The body, as far as it is text.
        body: &'a str,
        /// Seconds from `Retry-After`, where the collector gave them.
        retry_after: Option<u32>,
    },
    /// No answer: refused, cut off, timed out, blocked.
    NoAnswer,
}
