//! What can go wrong, as numbers. The sentences live in `www/errors.json` and are fetched only when one is needed.

/// A stable error code. `1xx` configuration, `2xx` prompt definitions, `3xx` transport, `4xx` storage, `5xx` consent, `9xx` a trap.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[non_exhaustive]
#[repr(u16)]
pub enum Code {
    /// A required attribute or option is missing.
    Missing = 101,
    /// An attribute or option has a value that is not on its list.
    NotOnList = 104,
    /// An attribute that should be a URL is none.
    NotAUrl = 105,
    /// A collector's format has a name that Polku does not know.
    UnknownFormat = 115,
    /// A setting of a format is missing, unknown, or has a value that cannot be used.
    BadSetting = 116,
    /// A preset has something that is not understood.
    BadPreset = 117,
    /// `track` was called with a name that Polku does not know.
    UnknownName = 120,
    /// `track` was called with data that is not a JSON object.
    BadData = 121,
    /// `variant` was called with something else than two short words, or for a ninth trial.
    BadVariant = 122,
    /// A prompt's definition has no usable `id`.
    PromptId = 220,
    /// A prompt's definition has a clause that this version cannot follow; the prompt stays shut.
    PromptUnsupported = 221,
    /// The collector could not be reached.
    Unreachable = 301,
    /// The collector answered 2xx, but not with a collector's reply.
    Nonsense = 302,
    /// The collector refused a batch for good.
    Refused = 303,
    /// The collector turned the key away, or is gone; nothing more is sent.
    Stopped = 304,
    /// A batch could not be written in a collector's format.
    Unwritable = 305,
    /// What was stored for this visit was damaged or of another version, and was discarded.
    Damaged = 401,
    /// Storage takes nothing more: what is unsent lives as long as the page.
    NoRoom = 402,
}

impl Code {
    /// All codes, for the test that holds `www/errors.json` against them.
    pub const ALL: [Self; 18] = [
        Self::Missing,
        Self::NotOnList,
        Self::NotAUrl,
        Self::UnknownFormat,
        Self::BadSetting,
        Self::BadPreset,
        Self::UnknownName,
        Self::BadData,
        Self::BadVariant,
        Self::PromptId,
        Self::PromptUnsupported,
        Self::Unreachable,
        Self::Nonsense,
        Self::Refused,
        Self::Stopped,
        Self::Unwritable,
        Self::Damaged,
        Self::NoRoom,
    ];
}
