//! What comes out of the engine: things to do, as data.

use crate::error::Code;

/// One thing to do. The shell does it after the engine's borrow has ended.
#[derive(Clone, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[non_exhaustive]
pub enum Effect {
    /// More randomness is needed: answer with [`Input::Entropy`](crate::Input::Entropy).
    Entropy,
    /// This visit's storage may be read now: answer with [`Input::Restored`](crate::Input::Restored).
    Restore {
        /// What is remembered beyond the visit may be read as well.
        past: bool,
        /// What lies on this tab's shelf is wanted as well: [`Input::Shelf`](crate::Input::Shelf) follows for each, and once more
        /// without a text.
        shelf: bool,
    },
    /// POST `body` to a collector; answer with [`Input::Delivered`](crate::Input::Delivered).
    Send {
        /// A number for the answer; means nothing outside.
        batch: u32,
        /// Which collector: its place in [`Config::lanes`](crate::Config::lanes).
        lane: u8,
        /// A batch in our own format.
        body: String,
        /// The page is leaving: the request must outlive it.
        leaving: bool,
    },
    /// Keep these two records; each replaces what was kept before.
    Persist {
        /// The visit record, shared by the tabs of this shop; nothing where what was kept is of another visit, and stays as it is.
        visit: String,
        /// What is remembered beyond the visit; nothing where what was kept stays as it is, a dash where it is deleted.
        past: String,
        /// This tab's snapshot; nothing where what was kept stays as it is.
        tab: String,
    },
    /// Keep `text` on this tab's shelf, in storage that outlives it; no text: remove what is there. Answer with
    /// [`Input::Unshelved`](crate::Input::Unshelved) where storage takes nothing.
    Shelve {
        /// The place; one that [`Input::Shelf`](crate::Input::Shelf) named means what was found there.
        slot: u32,
        /// One batch, or what is in none yet.
        text: String,
    },
    /// Delete everything that was ever kept.
    Erase,
    /// The page may be watched from now on: the watcher is told this, and what happens from then on.
    Watch {
        /// What the page holds already counts: the decision was made before it was loaded.
        earlier: bool,
        /// What was remembered of the pages before, for [`Sight::Memory`](crate::Sight::Memory).
        memory: String,
    },
    /// Something was captured, for [`Sight::Happened`](crate::Sight::Happened).
    Happened {
        /// Lines: the journey's id, its leg, the page's template, numbers with a comma before each (start in Unix ms, age in ms,
        /// how far the journey went on since the last time in steps of 100 ms, the stage before and the current one from 1, orders, the
        /// doors of the first and the last touch, and with `remember` the visit's number, the orders before it, the days since), the variants as an object, the event's name, its data. `journey_summary` asks for
        /// one, as the journey is about to end; no name only
        /// tells how the journey stands. Without any lines it is asked what is to be remembered.
        text: String,
    },
    /// What may be done with prompts has changed: from now on they may be fetched and opened, or no more.
    May {
        /// A bit each: a prompt may be shown; there is a journey; what is beyond the visit may be remembered; without a journey, an order was
        /// placed on this page; one has opened by itself in this visit.
        flags: u8,
    },
    /// The prompt that was asked for with [`Input::Open`](crate::Input::Open) may open.
    OpenPrompt {
        /// The submission that its answers belong to.
        sub: String,
        /// Answers are joined to the path.
        measure: bool,
        /// Without `measure`: the names of what this document saw happen, as a JSON array. They go with an answer where the shopper ticks that. Empty where there
        /// is nothing, or nothing may be known of it.
        path: String,
    },
    /// Close the open prompt.
    ClosePrompt,
    /// Tell the page.
    Notify {
        /// What it is about.
        topic: Topic,
        /// A JSON object.
        detail: String,
    },
    /// Tell the shop's developer, each code and field once.
    Fail {
        /// What went wrong.
        code: Code,
        /// Which option, attribute or name it is about.
        field: String,
    },
}

impl Effect {
    /// It is done, or will not be: lets go what it holds. One function, because every page would pay for each place that does so.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn end(self) {}
}

/// What a page can listen to.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum Topic {
    /// A stage was entered: `{stage, from, rule, visit}`.
    Stage = 0,
    /// A touchpoint was captured: the event as it will be sent.
    Touchpoint = 1,
    /// A friction was captured: the event as it will be sent.
    Friction = 2,
    /// Nothing is under way any more: `{sent, queued}`.
    Flushed = 3,
    /// The emotion of a stage has changed: `{stage, emotion, from, evidence}`.
    Emotion = 4,
    /// Events were dropped: `{why, collector, events, what}`; `what` is the event, or the batch that held them.
    Dropped = 5,
}

impl Topic {
    /// The name under which pages listen.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        ["stage", "touchpoint", "friction", "flushed", "emotion", "dropped"][self as usize]
    }
}
