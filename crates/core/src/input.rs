//! What goes into the engine.

use crate::time::Millis;

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
        /// What is remembered beyond the visit, where [`Effect::Restore`](crate::Effect::Restore) asked for that.
        past: Option<&'a str>,
    },
    /// Something lies on a shelf: where [`Effect::Restore`](crate::Effect::Restore) asked for this tab's, or one whose tab is gone.
    Shelf {
        /// A number that the shell gives it, 2²⁵ or more and never twice.
        slot: u32,
        /// What [`Effect::Shelve`](crate::Effect::Shelve) put there; nothing: that was all of this tab's.
        text: &'a str,
        /// It is this tab's.
        own: bool,
    },
    /// Storage took nothing of what [`Effect::Shelve`](crate::Effect::Shelve) put into this slot.
    Unshelved(u32),
    /// The shopper decided, or a source of consent reported what was decided.
    Consent {
        /// The journey may be kept for its visit, and may leave. `None`: not said.
        measure: Option<bool>,
        /// What is beyond the visit may be remembered, with `measure` alone. `None`: not said.
        remember: Option<bool>,
        /// The shopper may be asked. `None`: not said.
        feedback: Option<bool>,
        /// The decision was made before this document loaded, so what this document observed counts.
        earlier: bool,
        /// Which source reported it: one lower-case word.
        by: &'a str,
        /// The version of the shop's policy; may be empty.
        policy: &'a str,
    },
    /// The shopper withdraws everything. Before it, and before a decision against `measure`, [`Keep`](Self::Keep) is told, so that it is known what other
    /// tabs have sent: that has to be erased, too.
    Withdraw,
    /// … and has done so in another tab, which tells the collectors.
    Withdrawn,
    /// A page is looked at. One that comes back from the back/forward cache, before its visibility is told.
    Page {
        /// Its path (with the route behind a `#/`, where there is one), and the query: that tells the door, and neither leaves as it is.
        path: &'a str,
        /// Its referrer; empty where there is none.
        referrer: &'a str,
        /// The referrer is a page of this very site.
        own_host: bool,
        /// How it came to be looked at.
        how: Arrival,
    },
    /// A touchpoint that the shop reports.
    Track {
        /// One of [`Name`](crate::Name)'s texts.
        name: &'a str,
        /// A JSON object; only what is on the allow-list stays.
        data: Option<&'a str>,
        /// Who says so.
        source: Source,
    },
    /// The watcher has found something: [`Told::Found`](crate::Told::Found).
    Found {
        /// A friction's, a measure's or a summary's.
        name: &'a str,
        /// When it happened.
        at: Millis,
        /// The template of the page where it happened.
        page: &'a str,
        /// A JSON object that is fit to leave.
        data: &'a str,
    },
    /// … and wants to remember this word on the next page.
    Memory(&'a str),
    /// … and needs to know what other tabs have done: once storage has answered, [`Settle`](Self::Settle) follows.
    Keep,
    /// The shop tries something out: the name of the trial, and which variant this shopper has.
    Variant {
        /// The name of the trial.
        name: &'a str,
        /// The variant.
        value: &'a str,
    },
    /// What waits to be captured waits no longer, and the watcher is told how the journey stands. As the page is about to go out of sight,
    /// before the watcher hears of that: then it leaves, then [`Visibility`](Self::Visibility) follows.
    Settle,
    /// The page went out of sight (or is about to go for good), or came back.
    Visibility {
        /// It cannot be seen now.
        hidden: bool,
    },
    /// A prompt is to open; [`Effect::OpenPrompt`](crate::Effect::OpenPrompt) follows where it may.
    Open {
        /// The definition's id, a plain word.
        id: &'a str,
        /// The definition's own version, from 1.
        version: u32,
        /// What opened it, a plain word.
        trigger: &'a str,
        /// The submission of one that goes on from the page before; else nothing.
        sub: &'a str,
        /// It opens by itself.
        auto: bool,
    },
    /// What the open prompt reports.
    Prompt(PromptEvent<'a>),
    /// What became of a batch.
    Delivered {
        /// The number that [`Effect::Send`](crate::Effect::Send) gave it.
        batch: u32,
        /// Its fate.
        outcome: Outcome<'a>,
    },
    /// The browser is online again.
    Online,
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
        Self::Consent { measure: Some(measure), remember: None, feedback: None, earlier: true, by: "api", policy: "" }
    }
}

/// How a page came to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum Arrival {
    /// Its document was loaded.
    #[default]
    Load = 0,
    /// Its document was loaded again, as the shopper asked for it.
    Reload = 1,
    /// The document stayed, its address changed (single-page shops).
    Route = 2,
    /// It came back: from the back/forward cache, or loaded anew by the browser's own buttons.
    Restored = 3,
    /// The shop itself says so (`polku.page()`), in a document that stayed.
    Named = 4,
}

/// Who reports a touchpoint, the most trusted first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum Source {
    /// The JS API.
    #[default]
    Api = 0,
    /// A `data-polku-*` attribute.
    Attribute = 1,
    /// The data layer.
    Layer = 2,
    /// The shop's platform, or a checkout.
    Platform = 3,
    /// schema.org data in the page.
    Schema = 4,
    /// A rule about addresses.
    Url = 5,
}

/// One observation. What `target` and `number` hold is written at each [`What`].
#[derive(Clone, Copy, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Observation<'a> {
    /// What was observed.
    pub what: What,
    /// An element's name made by [`target_name`](crate::target_name), a field's name, a path template, or nothing.
    pub target: &'a str,
    /// A count, a size or a duration; see [`What`].
    pub number: u32,
}

/// What can be observed. The order is that of `www/core/protocol.js`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum What {
    /// Something that can be seen changed on the page.
    Mutation,
    /// A message region (`role=alert`, `aria-live`, toast) got text. `target`: the region.
    Alert,
    /// The page was scrolled to `number` CSS px.
    Scroll,
    /// A field got the focus. `target`: its name, for this and the following.
    Focus,
    /// A field lost the focus.
    Blur,
    /// A field was found invalid as its form was submitted or left.
    Invalid,
    /// Something was typed into a field.
    Edit,
    /// A field has a new value.
    Change,
    /// A form was submitted.
    Submit,
    /// A request of the page ended. `target`: its path's template; `number`: its status × 2²⁰ + its ms (0 as status: no answer).
    Request,
    /// A script failed. `target`: the kind and place, without data.
    Error,
    /// A web vital is known. `target`: `LCP`, `INP`, `CLS`, `TTFB`, `FCP`, then, after a line feed, the element that it is about;
    /// `number`: ms, of CLS ten-thousandths.
    Vital,
    /// The state of the page's main action. `target`: the element; `number`: 0 usable, 1 hidden, 2 covered, 3 disabled, 4 too small.
    Action,
    /// The pointer or the focus came near a button that commits to something.
    Near,
    /// … and went away again.
    Away,
    /// … or pressed it.
    Press,
    /// Something was in view, at least half of it for a second. `target`: `price`, `stock`, `delivery`, `error`, `promotion` or
    /// the shop's own word from `data-polku-see`, then, after a line feed, a short text.
    Seen,
    /// The shopper was active on this page for `number` ms more (visible, and scrolled, moved, typed). `target`: how far the page was seen, in %.
    Engaged,
}

impl What {
    /// All, in order.
    pub const ALL: [Self; 18] = [
        Self::Mutation,
        Self::Alert,
        Self::Scroll,
        Self::Focus,
        Self::Blur,
        Self::Invalid,
        Self::Edit,
        Self::Change,
        Self::Submit,
        Self::Request,
        Self::Error,
        Self::Vital,
        Self::Action,
        Self::Near,
        Self::Away,
        Self::Press,
        Self::Seen,
        Self::Engaged,
    ];
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
    /// It hit a control (link, button, field, or something with a role), from which an answer may be expected.
    pub interactive: bool,
}

/// What the open prompt reports. The JSON objects are filtered: only the members that are named here stay.
#[derive(Clone, Copy, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum PromptEvent<'a> {
    /// At least half of it was painted for a second.
    Shown,
    /// A question was answered or skipped, and the shopper pressed *Send* or *Skip*: `{step, rev, ask, score | text, skipped}`,
    /// the text scrubbed. What was answered is taken back by a higher `rev` that is skipped, also after the end.
    Answer(&'a str),
    /// It ended: `{reason, partial}`, the reason `completed`, `dismissed`, `snoozed`, `abandoned` or `expired`.
    Closed(&'a str),
    /// An answer tells of a contact outside the shop: `{kind, feeling}`. With `measure` alone.
    Offsite(&'a str),
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
