//! What goes into the asker, and what comes out.

use super::judge::Reason;
use crate::config::Device;

/// What is known of the page before anything happens on it.
#[derive(Clone, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Scene {
    /// The coarse class of the device.
    pub device: Device,
    /// The main pointer is a finger.
    pub touch: bool,
    /// The document's language, a BCP 47 tag.
    pub locale: String,
    /// A program drives the browser (`navigator.webdriver`).
    pub automation: bool,
    /// The shopper wants to save data.
    pub saves_data: bool,
    /// The shopper said "not now" without `measure` (the cookie `polku_quiet`).
    pub quiet: bool,
    /// Without `measure`: a random number of this document, from which samples are drawn. It is neither kept nor told.
    pub seed: u32,
    /// The minute of the week at the first cue, in the shopper's own time, from Monday 00:00.
    pub minute: u32,
    /// The shop's framework, as the engine takes it.
    pub framework: String,
}

/// What may be done, a bit each, as the engine tells it.
pub mod may {
    /// A prompt may be shown.
    pub const ASK: u8 = 1;
    /// There is a journey: `measure` was granted.
    pub const MEASURE: u8 = 2;
    /// What is beyond the visit may be remembered.
    pub const REMEMBER: u8 = 4;
    /// Without `measure`: an order was placed on this page.
    pub const ORDERED: u8 = 8;
    /// A prompt has opened by itself in this visit, in whichever tab.
    pub const ASKED: u8 = 16;
}

/// What a page can be busy with, a bit each.
pub mod busy {
    /// A field of the shop has the focus, or something was written into one and not sent.
    pub const TYPING: u8 = 1;
    /// Another dialog is open.
    pub const DIALOG: u8 = 2;
    /// The page has the fields of an address or of a payment.
    pub const PAYMENT: u8 = 4;
    /// A banner that asks for consent is open.
    pub const BANNER: u8 = 8;
}

/// What has to be looked at on a page, a bit each.
pub mod observe {
    /// How far it is scrolled.
    pub const SCROLL: u8 = 1;
    /// A pointer that leaves at the top.
    pub const EXIT: u8 = 2;
    /// On touch: scrolling up fast.
    pub const UP: u8 = 4;
    /// Signs of life.
    pub const ACTIVE: u8 = 8;
}

/// One thing that the asker hears of. Texts are borrowed from whoever saw it.
#[derive(Clone, Copy, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Cue<'a> {
    /// What is to be known of the definitions: a JSON list of objects with `id`, `version`, `kind`, `when`, `who`, `limits`, `quiet`, `ui`. Once.
    Prompts(&'a str),
    /// What may be done with this shopper has changed.
    May {
        /// The bits of [`may`].
        flags: u8,
        /// What [`Wish::Keep`] kept of the visit, where there is `measure`; else nothing.
        visit: &'a str,
        /// … and beyond it, where there is `remember`.
        past: &'a str,
    },
    /// A page is looked at.
    Page {
        /// Its path with its query, decoded.
        path: &'a str,
        /// In a document that stayed.
        route: bool,
    },
    /// The engine's [`Effect::Happened`](crate::Effect::Happened).
    Happened(&'a str),
    /// The tab went out of sight, or came back.
    Visibility {
        /// It cannot be seen now.
        hidden: bool,
    },
    /// The shopper moved, typed or scrolled.
    Active,
    /// So many per cent of the page were reached.
    Scrolled(u32),
    /// The pointer left at the top, after it went up so many px in the last tenth of a second.
    Exit(u32),
    /// Near its top the page was scrolled up so many px within 0.3 s.
    Up(u32),
    /// At least half of what a selector of [`Wish::Observe`] chooses has come into view, or has left it.
    Seen {
        /// The selector, as JSON.
        selector: &'a str,
        /// It is in view.
        seen: bool,
    },
    /// The answer to [`Wish::Look`].
    Found {
        /// The bits of [`busy`].
        busy: u8,
        /// What is remembered beyond the visit now, where it may be.
        past: &'a str,
    },
    /// Somebody asks for the prompt with this id.
    Asked {
        /// The definition's.
        id: &'a str,
        /// Who asks.
        by: By,
    },
    /// A prompt that was open on the page before goes on here.
    Resumed {
        /// The definition's.
        id: &'a str,
        /// It had opened by itself.
        auto: bool,
        /// Something was answered.
        answered: bool,
    },
    /// What has become of the open prompt.
    Ended(End),
    /// The deadline has come.
    Tick,
}

/// Who asks for a prompt.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum By {
    /// The shop, by `polku.prompt.open`.
    Api = 0,
    /// The shopper, by a launcher.
    Launcher = 1,
    /// The shopper, by a link with `polku_prompt`.
    Link = 2,
}

/// What becomes of a prompt.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum End {
    /// Half of it was painted for a second. It goes on.
    Shown = 0,
    /// A question was answered. It goes on.
    Answered = 1,
    /// It was answered to its end.
    Completed = 2,
    /// It was closed.
    Dismissed = 3,
    /// "Not now".
    Snoozed = 4,
    /// "Don't ask again".
    Never = 5,
    /// It went with its page, or ran out.
    Gone = 6,
    /// It could not be drawn.
    Failed = 7,
}

impl End {
    /// All, in order.
    pub const ALL: [Self; 8] = [
        Self::Shown,
        Self::Answered,
        Self::Completed,
        Self::Dismissed,
        Self::Snoozed,
        Self::Never,
        Self::Gone,
        Self::Failed,
    ];
}

/// One thing to do.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Wish {
    /// Open a prompt.
    Open {
        /// The definition's id.
        id: String,
        /// What opened it.
        trigger: String,
        /// It begins as a pill.
        pill: bool,
        /// The shopper asked for it.
        user: bool,
    },
    /// A prompt stays shut: for those who listen; nothing of it leaves.
    Suppressed {
        /// The definition's id.
        id: String,
        /// What would have opened it.
        trigger: String,
        /// Why it does not.
        reason: Reason,
    },
    /// What is the page busy with? Answered with [`Cue::Found`] at once.
    Look,
    /// What has to be looked at from now on; nothing: nothing any more.
    Observe {
        /// The bits of [`observe`].
        what: u8,
        /// The selectors of what has to come into view, a line of JSON each.
        selectors: String,
    },
    /// The launchers that the page may have from now on: ids, a line each.
    Launchers(String),
    /// Keep these: the visit's with the tab, the other beyond the visit. Where one is empty what is kept stays as it is; a dash deletes it.
    Keep {
        /// For [`Cue::May`], on the next page of the tab.
        visit: String,
        /// … and in the next visit.
        past: String,
    },
    /// Keep the shopper's "not now" until the browser is closed.
    Quiet,
}
