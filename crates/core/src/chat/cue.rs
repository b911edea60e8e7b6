//! What the conversation is told, and what it wants done.

/// What happened. What answers a request bears the request's number: what answers another one is nobody's business any more.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Cue<'a> {
    /// The card with the conversation has opened. `entropy`: 32 letters at random, of which five bits each count; `kept`: the line that was
    /// kept, or nothing.
    Begin {
        /// Of it the conversation's name is made, once there is something to say.
        entropy: &'a str,
        /// See [`Wish::Keep`].
        kept: &'a str,
    },
    /// A request was answered with this status; 0: it was not.
    Answered {
        /// The request's number.
        token: u32,
        /// The status of HTTP.
        status: u16,
        /// Seconds after which it may be asked again, as `Retry-After` says; 0: it says nothing.
        after: u32,
        /// What was answered.
        body: &'a str,
    },
    /// A piece of the stream has come.
    Bytes {
        /// The request's number.
        token: u32,
        /// The piece, cut anywhere between two characters.
        text: &'a str,
    },
    /// The stream has ended, or could not be had.
    Broke {
        /// The request's number.
        token: u32,
        /// The status of HTTP; 0 where nothing came.
        status: u16,
    },
    /// The shopper says something.
    Say(&'a str),
    /// The shopper lets the journey go along with what is said next: a JSON object.
    Journey(&'a str),
    /// The shopper wants it sent now, also what was refused.
    Retry,
    /// The shopper ends the conversation.
    End,
    /// The shopper wants it forgotten, here and there.
    Forget,
    /// The shopper begins another one: fresh entropy, as in `Begin`. What was not sent goes along.
    Anew {
        /// See [`Cue::Begin`].
        entropy: &'a str,
    },
    /// The device has a network, or has none.
    Online(bool),
    /// The tab is out of sight, or back.
    Hidden(bool),
    /// The page is left, perhaps to come back: nothing may stay open.
    Left,
    /// The deadline is here.
    Tick,
}

/// How far a message of the shopper's has come.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Sent {
    /// It is on its way.
    Sending,
    /// It did not get through yet, and is tried again.
    Waiting,
    /// It is there.
    Sent,
    /// It was not taken, and is not tried again by itself.
    Refused,
    /// It is taken off: another conversation begins.
    Gone,
}

/// What is to be done. Requests bear a number; there is one of each kind at a time.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Wish {
    /// Ask whether anybody is there.
    State {
        /// The request's number.
        token: u32,
    },
    /// Post this, at the conversation's name.
    Post {
        /// The request's number.
        token: u32,
        /// The conversation.
        name: String,
        /// The body, JSON.
        body: String,
    },
    /// Listen to the stream, in place of what was listened to.
    Stream {
        /// The request's number.
        token: u32,
        /// The conversation.
        name: String,
        /// What is known already.
        after: u32,
    },
    /// Ask what is new, in place of what was listened to.
    Poll {
        /// The request's number.
        token: u32,
        /// The conversation.
        name: String,
        /// What is known already.
        after: u32,
        /// How long to wait for something new, in s.
        wait: u32,
    },
    /// Listen no longer.
    Hang,
    /// Draw an entry after those that are there, JSON as it came. `known`: an earlier page has drawn it.
    Entry {
        /// The entry.
        json: String,
        /// An earlier page has drawn it.
        known: bool,
    },
    /// Draw a message of the shopper's after all entries, or how far it has come.
    Mine {
        /// Its number in the conversation.
        n: u32,
        /// How far it is.
        sent: Sent,
        /// What it says, as the inside of a JSON text.
        text: String,
    },
    /// Take off what was drawn: another conversation begins.
    Clear,
    /// How the conversation stands: see `Chat::status`.
    Status(String),
    /// Keep this line for the next page; an empty one: keep nothing.
    Keep(String),
}
