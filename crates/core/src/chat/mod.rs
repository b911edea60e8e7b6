//! A conversation with the shop: what is sent, when it is tried again, what is listened to, and in which order it is drawn. A state machine beside the
//! others, with the same contract: one [`Cue`] → [`handle`](Chat::handle) → [`poll`](Chat::poll) until it is empty → [`deadline`](Chat::deadline) → next
//! cue. Only a page on which a conversation opens pays for it. docs/chat-protocol.md says what it speaks.
//!
//! - **Nothing is lost**: a message waits until the server has said that it has it, over pages of the tab and breaks of the line.
//! - **Nothing comes twice**: a message is told by its number in the conversation, an entry by its own; what is known already is passed over.
//! - **The order is the server's**: entries are drawn one after the other without a gap, and what has no place in them yet stands below.

mod clean;
mod cue;
mod read;
mod sse;
#[cfg(test)]
mod tests;

pub use clean::{LONGEST, clean};
pub use cue::{Cue, Sent, Wish};

use crate::data::find;
use crate::json::{Writer, first_chars, inside};
use crate::rng::Entropy;
use crate::time::Millis;
use crate::words::{is_plain, number};
use read::{each, is, is_object, text, whole};
use sse::Events;

/// The first wait before something is tried again, and the longest, in ms; each is twice the one before.
const FIRST: u64 = 1_000;
const LAST: u64 = 30_000;
/// A stream that was had and is gone is asked for again after this long, in ms: as long as browsers wait.
const AGAIN: u64 = 2_000;
/// After so many streams without a byte the line does not let them through,
const DRY: u32 = 2;
/// … and after this long one is tried again, in ms.
const POLLING: u64 = 60_000;
/// How long the server may think about an answer to "what is new?", in s.
const PATIENCE: u32 = 25;
/// What answers at once though nothing is new is not asked again at once, in ms.
const PAUSE: u64 = 1_000;
/// A stream begins with a sign of life, and bears another each 15 s: without the first, or without another for twice as long, it is dead, in ms.
const SILENT: u64 = 8_000;
const SILENCE: u64 = 40_000;
/// Who looks away for so long is listened for no longer, in ms: what has come meanwhile is asked for when they are back.
const AWAY: u64 = 60_000;
/// Somebody who writes says so again while they write; after this long they have stopped, in ms.
const TYPING: u64 = 6_000;
/// Whether anybody is there is worth asking again after this long, in ms.
const STALE: u64 = 60_000;
/// So many bytes of messages go together: the protocol's bodies have 64 KiB at most.
const BODY: usize = 40 * 1024;
/// A journey that is longer than this stays at home, in bytes.
const JOURNEY: usize = 16 * 1024;
/// A server that leaves out a number is asked for it so many times; then there is none.
const GAPS: u32 = 3;
/// Who answers has a name of so many characters at most.
const LONG_NAME: usize = 60;
/// The characters of a conversation's name: 130 bits.
const NAME: usize = 26;

/// For which shop, in which language, on which page.
#[derive(Default)]
pub struct Scene {
    /// The shop's public key.
    pub key: String,
    /// The language of the page.
    pub lang: String,
    /// The template of its path.
    pub page: String,
}

/// A message of the shopper's that has no place among the entries yet.
struct Mine {
    n: u32,
    /// The inside of a JSON text.
    text: String,
    sent: Sent,
    /// It may have arrived: it was tried on this page or an earlier one.
    tried: bool,
}

/// How a conversation came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    No,
    /// Somebody has ended it; it can be gone on with.
    Ended,
    /// The server has it no longer.
    Gone,
    /// The shopper wanted it forgotten, and it is.
    Forgotten,
}

/// The reasons to wake up, a place of `Chat::due` for each.
const ASK: usize = 0;
const POST: usize = 1;
const LISTEN: usize = 2;
const DEAD: usize = 3;
const TYPED: usize = 4;
const HIDE: usize = 5;
const TIMERS: usize = 6;

/// The kinds of requests, of which there is one each at a time: a place of `Chat::open` and `Chat::fails`.
const KINDS: usize = 3;

/// See the [module](self).
pub struct Chat {
    scene: Scene,
    now: Millis,
    entropy: Entropy,
    /// The conversation's name; empty until something is said.
    name: String,
    /// The newest entry that was drawn.
    last: u32,
    /// The newest entry that an earlier page has drawn.
    known: u32,
    /// The number of the shopper's next message.
    next: u32,
    mine: Vec<Mine>,
    /// What the server holds is known: before that nothing is sent, as a copy of the tab may have said something meanwhile.
    caught: bool,
    /// The server has the conversation.
    begun: bool,
    over: Over,
    /// What goes with the next message.
    journey: String,
    /// The shopper wants it ended, or forgotten.
    end: bool,
    forget: bool,
    /// What is known of those who answer: raw, as the server said it last.
    state: String,
    stated: Millis,
    /// There is no such server.
    off: bool,
    /// Somebody has answered, and who.
    answered: bool,
    with: String,
    typing: bool,
    /// Requests are numbered.
    token: u32,
    /// The number of the open request of each kind; 0: there is none.
    open: [u32; KINDS],
    /// How often each has failed since it last did not.
    fails: [u32; KINDS],
    due: [Millis; TIMERS],
    /// The messages of the post that is under way, and whether it ends the conversation; and one is sent at a time, as several together were refused.
    posted: Vec<u32>,
    ending: bool,
    single: bool,
    /// What is listened to is asked for, and no stream.
    polling: bool,
    asked: Millis,
    events: Events,
    /// The stream has brought something; and so many before it did not.
    live: bool,
    dry: u32,
    polls_until: Millis,
    gaps: u32,
    /// The first of those that came before their turn.
    ahead: u32,
    online: bool,
    hidden: bool,
    left: bool,
    started: bool,
    wishes: Vec<Wish>,
    /// What was told and kept last.
    status: String,
    line: String,
}

impl Chat {
    /// For a page of this kind.
    #[must_use]
    pub fn new(scene: Scene) -> Self {
        Self {
            scene,
            now: Millis(0),
            entropy: Entropy::NEW,
            name: String::new(),
            last: 0,
            known: 0,
            next: 1,
            mine: Vec::new(),
            caught: true,
            begun: false,
            over: Over::No,
            journey: String::new(),
            end: false,
            forget: false,
            state: String::new(),
            stated: Millis(0),
            off: false,
            answered: false,
            with: String::new(),
            typing: false,
            token: 0,
            open: [0; KINDS],
            fails: [0; KINDS],
            due: [Millis::NEVER; TIMERS],
            posted: Vec::new(),
            ending: false,
            single: false,
            polling: false,
            asked: Millis(0),
            events: Events::default(),
            live: false,
            dry: 0,
            polls_until: Millis(0),
            gaps: 0,
            ahead: 0,
            online: true,
            hidden: false,
            left: false,
            started: false,
            wishes: Vec::new(),
            status: String::new(),
            line: String::new(),
        }
    }

    /// Takes one cue that came at `now`. A moment before the newest one counts as that one.
    pub fn handle(&mut self, now: Millis, cue: Cue<'_>) {
        self.now = self.now.max(now);
        match cue {
            Cue::Begin { entropy, kept } => {
                self.seed(entropy);
                self.started = true;
                self.due[ASK] = self.now;
                self.restore(kept);
            }
            Cue::Answered { token, status, after, body } => {
                if let Some(kind) = self.open.iter().position(|open| token > 0 && *open == token) {
                    self.open[kind] = 0;
                    let wait = u64::from(after.min(3_600)) * 1_000;
                    match kind {
                        ASK => self.stated(status, wait, body),
                        POST => self.received(status, wait, body),
                        _ => self.polled(status, wait, body),
                    }
                }
            }
            Cue::Bytes { token, text } if token == self.open[LISTEN] => self.streamed(text),
            Cue::Broke { token, status } if token == self.open[LISTEN] => self.broken(status),
            Cue::Bytes { .. } | Cue::Broke { .. } | Cue::Tick => {}
            Cue::Say(text) => self.say(text),
            Cue::Journey(json) => {
                let fits = json.len() <= JOURNEY && is_object(json);
                self.journey = if fits { json.to_owned() } else { String::new() };
            }
            Cue::Retry => {
                for at in 0..self.mine.len() {
                    if self.mine[at].sent == Sent::Refused && self.over != Over::Gone {
                        self.mark(at, Sent::Sending);
                    }
                }
                self.online = true;
                self.hurry();
            }
            Cue::End => {
                self.end = self.begun && self.over == Over::No;
                self.due[POST] = self.now;
            }
            Cue::Forget => self.forget(),
            Cue::Anew { entropy } => self.anew(entropy),
            Cue::Online(online) => {
                self.online = online;
                if online {
                    self.hurry();
                } else {
                    self.hang();
                }
            }
            Cue::Hidden(hidden) => {
                self.due[HIDE] = if hidden { self.now.plus(AWAY) } else { Millis::NEVER };
                let back = std::mem::replace(&mut self.hidden, hidden) && !hidden;
                if (back || self.left) && !hidden {
                    self.left = false;
                    self.hurry();
                }
                if hidden && self.polling {
                    self.hang();
                }
            }
            Cue::Left => {
                self.left = true;
                self.hang();
                // Whether it arrives nobody will tell this page: whoever comes back to it tries again, and it is known there.
                self.open[POST] = 0;
                self.open[ASK] = 0;
                self.due[POST] = self.now;
            }
        }
        if self.started {
            self.step();
        }
    }

    /// The next thing to do; `None` when there is no more.
    pub fn poll(&mut self) -> Option<Wish> {
        (!self.wishes.is_empty()).then(|| self.wishes.remove(0))
    }

    /// When [`Cue::Tick`] is due at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        let mut next = Millis::NEVER;
        let wanted = [self.asks(), self.posts(), self.listens() && self.open[LISTEN] == 0, true, true, true];
        for (at, wanted) in wanted.into_iter().enumerate() {
            if wanted {
                next = next.min(self.due[at]);
            }
        }
        (next < Millis::NEVER).then_some(next.max(self.now))
    }

    fn seed(&mut self, entropy: &str) {
        let bytes = entropy.as_bytes();
        self.entropy.refill(std::array::from_fn(|at| bytes.get(at).copied().unwrap_or_default()));
    }

    /// What an earlier page of the tab has kept. What is damaged is none: then there was no conversation.
    fn restore(&mut self, kept: &str) {
        let name = text(kept, "c");
        if !is_object(kept) || name.len() != NAME || !is_plain(name) {
            return;
        }
        name.clone_into(&mut self.name);
        self.known = whole(kept, "s");
        self.next = whole(kept, "n").max(1);
        self.forget = is(kept, "f");
        let (mut mine, mut next) = (Vec::new(), self.next);
        each(find(kept, "o").unwrap_or_default(), &mut |one| {
            let mut parts = Vec::new();
            each(one, &mut |part| parts.push(part));
            if let [n, tried, said] = parts[..]
                && let (Some(n), Some(said)) = (number(n).and_then(|n| u32::try_from(n).ok()), inside(said))
            {
                next = next.max(n.saturating_add(1));
                mine.push(Mine { n, text: said.to_owned(), sent: Sent::Sending, tried: tried == "1" });
            }
        });
        (self.mine, self.next) = (mine, next);
        self.caught = false;
        self.due[LISTEN] = self.now;
        self.due[POST] = self.now;
        self.line = kept.to_owned();
        if !self.forget {
            for at in 0..self.mine.len() {
                self.tell(at);
            }
        }
    }

    fn say(&mut self, said: &str) {
        let said = clean(said);
        if said.is_empty() || self.forget || matches!(self.over, Over::Gone | Over::Forgotten) {
            return;
        }
        if self.name.is_empty() {
            self.name = self.entropy.id(NAME);
        }
        let mut json = Writer::default();
        json.escaped(&said);
        let text = inside(json.as_str()).unwrap_or_default().to_owned();
        self.mine.push(Mine { n: self.next, text, sent: Sent::Sending, tried: false });
        self.next += 1;
        self.tell(self.mine.len() - 1);
        // Who says something wants it there now; what failed before may not fail again.
        self.due[POST] = self.now;
    }

    fn forget(&mut self) {
        if self.name.is_empty() {
            return self.forgotten();
        }
        self.forget = true;
        self.due[POST] = self.now;
        self.hang();
    }

    /// It is gone, here and there.
    fn forgotten(&mut self) {
        self.begin_anew();
        self.mine.clear();
        self.over = Over::Forgotten;
    }

    fn anew(&mut self, entropy: &str) {
        self.seed(entropy);
        self.begin_anew();
        self.mine.retain(|mine| mine.sent != Sent::Sent);
        if !self.mine.is_empty() {
            self.name = self.entropy.id(NAME);
        }
        for at in 0..self.mine.len() {
            let mine = &mut self.mine[at];
            (mine.n, mine.tried, mine.sent) = (self.next, false, Sent::Sending);
            self.next += 1;
            self.tell(at);
        }
        self.due[POST] = self.now;
    }

    /// As if nothing had been said.
    fn begin_anew(&mut self) {
        self.hang();
        self.open[POST] = 0;
        self.posted.clear();
        self.name.clear();
        (self.last, self.known, self.next, self.gaps) = (0, 0, 1, 0);
        (self.caught, self.begun, self.answered, self.typing) = (true, false, false, false);
        (self.end, self.forget, self.single) = (false, false, false);
        self.over = Over::No;
        self.with.clear();
        self.journey.clear();
        self.wishes.push(Wish::Clear);
    }

    /// What waits to be tried again is tried now.
    fn hurry(&mut self) {
        self.fails = [0; KINDS];
        for at in [POST, LISTEN] {
            self.due[at] = self.now;
        }
        if self.stated.0 == 0 || self.now.since(self.stated) > STALE {
            self.due[ASK] = self.now;
        }
    }

    /// After how long something that has failed is tried again, in ms.
    fn back_off(&mut self, kind: usize, wait: u64) {
        let fails = self.fails[kind];
        self.fails[kind] = fails + 1;
        let ms = (FIRST << fails.min(5)).min(LAST);
        // A quarter more or less: not all pages of a shop come back together.
        let ms = ms - ms / 4 + self.entropy.up_to(ms / 2);
        self.due[kind] = self.now.plus(ms.max(wait));
    }

    fn token(&mut self, kind: usize) -> u32 {
        self.token += 1;
        self.open[kind] = self.token;
        self.token
    }

    /// Whether anybody is there has to be asked, once that is due.
    fn asks(&self) -> bool {
        self.open[ASK] == 0 && self.online && !self.hidden && !self.left
    }

    /// Something has to be sent, once that is due.
    fn posts(&self) -> bool {
        let waits = || self.mine.iter().any(|mine| matches!(mine.sent, Sent::Sending | Sent::Waiting));
        let may = self.open[POST] == 0 && self.online && !self.left && !self.name.is_empty();
        may && (self.forget
            || self.caught && !matches!(self.over, Over::Gone | Over::Forgotten) && (self.end || waits()))
    }

    /// What is new is worth knowing.
    fn listens(&self) -> bool {
        let there = self.begun || !self.caught;
        let watched = !self.hidden || self.open[LISTEN] > 0;
        there && watched && self.over == Over::No && self.online && !self.left && !self.forget && !self.name.is_empty()
    }

    fn hang(&mut self) {
        if self.open[LISTEN] > 0 {
            self.open[LISTEN] = 0;
            self.wishes.push(Wish::Hang);
        }
        self.due[DEAD] = Millis::NEVER;
    }

    fn is_due(&mut self, at: usize) -> bool {
        let due = self.due[at] <= self.now;
        if due {
            self.due[at] = Millis::NEVER;
        }
        due
    }

    /// Everything that is due is done.
    fn step(&mut self) {
        if self.is_due(TYPED) {
            self.typing = false;
        }
        if self.is_due(HIDE) {
            self.hang();
        }
        if self.open[LISTEN] > 0 && self.is_due(DEAD) {
            self.wishes.push(Wish::Hang);
            self.broken(0);
        }
        if self.asks() && self.is_due(ASK) {
            let token = self.token(ASK);
            self.wishes.push(Wish::State { token });
        }
        if self.open[LISTEN] > 0 && !self.listens() {
            self.hang();
        }
        if self.listens() && self.open[LISTEN] == 0 && self.is_due(LISTEN) {
            self.listen();
        }
        if self.posts() && self.is_due(POST) {
            self.post();
        }
        self.keep();
        self.say_how_it_stands();
    }

    fn listen(&mut self) {
        let token = self.token(LISTEN);
        self.asked = self.now;
        let (name, after) = (self.name.clone(), self.last);
        self.polling = !self.caught || self.now < self.polls_until;
        if self.polling {
            // What is there already is not waited for.
            let wait = if self.caught { PATIENCE } else { 0 };
            self.wishes.push(Wish::Poll { token, name, after, wait });
        } else {
            self.events = Events::default();
            self.live = false;
            self.due[DEAD] = self.now.plus(SILENT);
            self.wishes.push(Wish::Stream { token, name, after });
        }
    }

    fn post(&mut self) {
        let mut json = Writer::object(1_000);
        json.number_member("polku_chat", 1);
        json.text_member("key", &self.scene.key);
        self.posted.clear();
        if self.forget {
            json.flag_member("forget", true);
        } else {
            json.text_member("lang", &self.scene.lang);
            json.escaped_member("page", &self.scene.page);
            json.key("say");
            json.raw("[");
            for mine in &mut self.mine {
                if !matches!(mine.sent, Sent::Sending | Sent::Waiting) {
                    continue;
                }
                let full = self.single || json.as_str().len() + mine.text.len() > BODY;
                if full && !self.posted.is_empty() {
                    break;
                }
                mine.tried = true;
                self.posted.push(mine.n);
                json.comma();
                json.raw("{");
                json.number_member("n", mine.n.into());
                json.key("text");
                json.raw("\"");
                json.raw(&mine.text);
                json.raw("\"}");
            }
            json.raw("]");
            if !self.journey.is_empty() && !self.posted.is_empty() {
                json.key("journey");
                json.raw(&self.journey);
            }
            // What is ended has nothing more to say: what waits goes first.
            self.ending = self.end && self.posted.len() == self.unsent();
            if self.ending {
                json.flag_member("end", true);
            }
        }
        json.raw("}");
        let token = self.token(POST);
        self.wishes.push(Wish::Post { token, name: self.name.clone(), body: json.into_string() });
    }

    /// How many messages the server has not said to have.
    fn unsent(&self) -> usize {
        self.mine.iter().filter(|mine| matches!(mine.sent, Sent::Sending | Sent::Waiting)).count()
    }

    /// The server says whether anybody is there.
    fn stated(&mut self, status: u16, wait: u64, body: &str) {
        if status == 200 && is_object(body) && whole(body, "polku_chat") == 1 {
            self.fails[ASK] = 0;
            self.off = false;
            self.set_state(body);
            // When it opens that is worth knowing; it may open later than was said.
            let opens = find(body, "opens").and_then(number).unwrap_or_default();
            if !is(body, "open") && opens > 0 {
                self.due[ASK] = Millis(opens.min(1 << 40) * 1_000).max(self.now.plus(STALE));
            }
        } else {
            // Another server altogether, or a page of one.
            self.off = matches!(status, 200..=299 | 400..=428 | 430..=499);
            if !self.off {
                self.back_off(ASK, wait);
            }
        }
    }

    fn set_state(&mut self, raw: &str) {
        raw.clone_into(&mut self.state);
        self.stated = self.now;
        let with = text(raw, "with");
        if !with.is_empty() {
            with.clone_into(&mut self.with);
        }
    }

    /// The server has answered to what was posted.
    fn received(&mut self, status: u16, wait: u64, body: &str) {
        let posted = std::mem::take(&mut self.posted);
        if self.forget {
            return match status {
                200 if is_object(body) => self.forgotten(),
                404 | 410 => self.forgotten(),
                _ => self.back_off(POST, wait),
            };
        }
        let entries = if is_object(body) { find(body, "entries") } else { None };
        match (status, entries) {
            (200, Some(entries)) => {
                self.fails[POST] = 0;
                self.single = false;
                if !self.begun {
                    self.begun = true;
                    self.due[LISTEN] = self.now;
                }
                let ended = std::mem::take(&mut self.ending);
                self.end &= !ended;
                if !posted.is_empty() {
                    self.journey.clear();
                    // What is said after the end opens it again.
                    if self.over == Over::Ended {
                        self.over = Over::No;
                        self.due[LISTEN] = self.now;
                    }
                }
                for n in posted {
                    if let Some(at) = self.mine.iter().position(|mine| mine.n == n) {
                        self.mark(at, Sent::Sent);
                    }
                }
                // Those between are on their way by what is listened to, where something is.
                if self.take_all(entries) && self.open[LISTEN] == 0 {
                    self.due[LISTEN] = self.now;
                }
                if ended && self.over == Over::No {
                    self.over = Over::Ended;
                }
                self.due[POST] = self.now;
            }
            // It will not be taken: together with others, or with a journey, or at all.
            (400 | 401 | 403 | 405..=407 | 409 | 411..=428 | 431..=499, _) => {
                self.due[POST] = self.now;
                if !self.journey.is_empty() {
                    self.journey.clear();
                } else if posted.len() > 1 {
                    self.single = true;
                } else {
                    self.end &= !posted.is_empty();
                    self.refuse(&posted);
                }
            }
            (404 | 410, _) => self.gone(),
            _ => {
                for at in 0..self.mine.len() {
                    if self.mine[at].sent == Sent::Sending {
                        self.mark(at, Sent::Waiting);
                    }
                }
                self.back_off(POST, wait);
            }
        }
    }

    fn refuse(&mut self, posted: &[u32]) {
        for at in 0..self.mine.len() {
            if posted.contains(&self.mine[at].n) {
                self.mark(at, Sent::Refused);
            }
        }
    }

    /// The server has it no longer. What was not sent can go along into another one.
    fn gone(&mut self) {
        self.over = Over::Gone;
        self.hang();
        for at in 0..self.mine.len() {
            if self.mine[at].sent != Sent::Sent {
                self.mark(at, Sent::Refused);
            }
        }
    }

    /// The server has answered to what was polled.
    fn polled(&mut self, status: u16, wait: u64, body: &str) {
        self.polling = false;
        let entries = if is_object(body) { find(body, "entries") } else { None };
        match (status, entries) {
            (200, Some(entries)) => {
                self.fails[LISTEN] = 0;
                let before = self.last;
                let ahead = self.take_all(entries);
                if let Some(state) = find(body, "state").filter(|state| is_object(state)) {
                    self.set_state(state);
                }
                if is(body, "typing") {
                    self.writes();
                }
                if !self.caught {
                    (self.caught, self.begun) = (true, true);
                    self.due[POST] = self.now;
                }
                if ahead {
                    return self.gap();
                }
                self.gaps = 0;
                let quick = self.last == before && self.now.since(self.asked) < PAUSE && self.now < self.polls_until;
                self.due[LISTEN] = self.now.plus(if quick { PAUSE } else { 0 });
            }
            (404, _) if !self.caught && self.known == 0 => {
                // What was said never arrived.
                self.caught = true;
                self.due[POST] = self.now;
            }
            (404 | 410, _) => self.gone(),
            _ => self.back_off(LISTEN, wait),
        }
    }

    /// A piece of the stream.
    fn streamed(&mut self, piece: &str) {
        self.live = true;
        (self.dry, self.fails[LISTEN]) = (0, 0);
        self.due[DEAD] = self.now.plus(SILENCE);
        let mut events = std::mem::take(&mut self.events);
        let before = self.last;
        self.ahead = 0;
        let good = events.take(piece, &mut |event, data| {
            if !is_object(&data) {
                return;
            }
            match event.as_str() {
                "entry" => self.take(&data),
                "state" => self.set_state(&data),
                "typing" if text(&data, "by") != "shopper" => self.writes(),
                _ => {}
            }
        });
        self.events = events;
        if self.last > before {
            self.gaps = 0;
        }
        if good.is_none() {
            self.wishes.push(Wish::Hang);
            self.broken(0);
        } else if self.ahead > self.last {
            self.hang();
            self.gap();
        }
    }

    /// An entry came whose predecessor did not: it is asked for, and after some time there is none.
    fn gap(&mut self) {
        self.gaps += 1;
        if self.gaps > GAPS {
            self.gaps = 0;
            self.last = self.ahead - 1;
        }
        self.due[LISTEN] = self.now.plus(PAUSE);
    }

    fn broken(&mut self, status: u16) {
        self.open[LISTEN] = 0;
        self.due[DEAD] = Millis::NEVER;
        if status == 410 || status == 404 {
            return self.gone();
        }
        if self.live {
            // It was had, and is had again: at once would be a storm where a server restarts.
            self.due[LISTEN] = self.now.plus(AGAIN / 2 + self.entropy.up_to(AGAIN));
            return;
        }
        self.dry += 1;
        if self.dry < DRY {
            return self.back_off(LISTEN, 0);
        }
        // The line may be there all the same: asking will tell.
        self.polls_until = self.now.plus(POLLING);
        self.due[LISTEN] = self.now;
    }

    fn writes(&mut self) {
        self.typing = true;
        self.due[TYPED] = self.now.plus(TYPING);
    }

    /// Takes entries; says whether one before them is missing.
    fn take_all(&mut self, entries: &str) -> bool {
        self.ahead = 0;
        each(entries, &mut |entry| self.take(entry));
        self.ahead > self.last
    }

    /// Takes an entry, if it is the next one.
    fn take(&mut self, raw: &str) {
        let seq = whole(raw, "seq");
        if seq == 0 || !is_object(raw) {
            return;
        }
        let by = text(raw, "by");
        let n = if by == "shopper" { whole(raw, "n") } else { 0 };
        if n > 0 {
            self.own(n);
        }
        if seq != self.last + 1 {
            if seq > self.last && (self.ahead == 0 || seq < self.ahead) {
                self.ahead = seq;
            }
            return;
        }
        self.last = seq;
        self.mine.retain(|mine| mine.n != n);
        self.over = if text(raw, "what") == "ended" { Over::Ended } else { Over::No };
        match (by, self.over) {
            (_, Over::Ended) => (self.answered, self.typing) = (false, false),
            ("person" | "bot", _) => {
                (self.answered, self.typing) = (true, false);
                text(raw, "name").clone_into(&mut self.with);
            }
            _ => {}
        }
        self.wishes.push(Wish::Entry { json: raw.to_owned(), known: seq <= self.known });
    }

    /// The server has a message of this number.
    fn own(&mut self, n: u32) {
        self.next = self.next.max(n.saturating_add(1));
        let Some(at) = self.mine.iter().position(|mine| mine.n == n) else { return };
        if self.mine[at].tried {
            return self.mark(at, Sent::Sent);
        }
        // A copy of the tab has said something under this number: ours was not tried yet, and gets another one.
        for at in at..self.mine.len() {
            if self.mine[at].tried {
                continue;
            }
            let mine = &mut self.mine[at];
            let (was, text) = (std::mem::replace(&mut mine.n, self.next), mine.text.clone());
            self.wishes.push(Wish::Mine { n: was, sent: Sent::Gone, text });
            self.next += 1;
            self.tell(at);
        }
    }

    fn mark(&mut self, at: usize, sent: Sent) {
        if self.mine[at].sent != sent && self.mine[at].sent != Sent::Sent {
            self.mine[at].sent = sent;
            self.tell(at);
        }
    }

    fn tell(&mut self, at: usize) {
        let Mine { n, sent, text, .. } = &self.mine[at];
        self.wishes.push(Wish::Mine { n: *n, sent: *sent, text: text.clone() });
    }

    /// The line for the next page: nothing before something was said, and nothing once it is forgotten.
    fn keep(&mut self) {
        let mut json = Writer::default();
        let unsent = self.mine.iter().any(|mine| mine.sent != Sent::Sent);
        if !self.name.is_empty() && (self.over != Over::Gone || unsent) {
            json.raw("{");
            json.word_member("c", &self.name);
            json.number_member("s", self.last.max(self.known).into());
            json.number_member("n", self.next.into());
            json.key("o");
            json.raw("[");
            for mine in &self.mine {
                if mine.sent != Sent::Sent && !self.forget {
                    json.comma();
                    json.raw("[");
                    json.number(mine.n.into());
                    json.raw(if mine.tried { ",1,\"" } else { ",0,\"" });
                    json.raw(&mine.text);
                    json.raw("\"]");
                }
            }
            json.raw("]");
            if self.forget {
                json.flag_member("f", true);
            }
            json.raw("}");
        }
        if self.line != json.as_str() {
            self.line = json.into_string();
            self.wishes.push(Wish::Keep(self.line.clone()));
        }
    }

    /// `phase`: `new` (nothing was said), `off` (there is no such server), `waiting` (for an answer), `with` (somebody has answered), `ended`, `gone`,
    /// `forgotten`; `open`, `opens`, `wait`, `place`, `with` as the protocol has them; `typing`; `lost`: the line is; `unsent`: there are messages that wait;
    /// `refused`: … that were not taken; `erasing`: it is being forgotten.
    fn say_how_it_stands(&mut self) {
        let phase = match self.over {
            Over::Forgotten => "forgotten",
            Over::Gone => "gone",
            Over::Ended => "ended",
            Over::No if self.name.is_empty() => {
                if self.off {
                    "off"
                } else {
                    "new"
                }
            }
            Over::No if self.answered => "with",
            Over::No => "waiting",
        };
        let has = |sent| self.mine.iter().any(|mine| mine.sent == sent);
        let state = self.state.as_str();
        let mut json = Writer::object(200);
        json.word_member("phase", phase);
        // Until it is known, somebody may be there.
        json.flag_member("open", find(state, "open") != Some("false"));
        for (name, member) in [("opens", "opens"), ("wait", "wait_s"), ("place", "place")] {
            let value = find(state, member).unwrap_or_default();
            if number(value).is_some_and(|value| value > 0) && value.len() < 12 {
                json.key(name);
                json.raw(value);
            }
        }
        let with = if self.with.is_empty() { text(state, "name") } else { &self.with };
        if !with.is_empty() {
            json.word_member("with", first_chars(with, LONG_NAME));
        }
        json.flag_member("typing", self.typing && self.over == Over::No);
        json.flag_member("lost", !self.online || self.fails.iter().any(|fails| *fails > 1));
        json.flag_member("unsent", has(Sent::Waiting));
        json.flag_member("refused", has(Sent::Refused));
        json.flag_member("erasing", self.forget);
        json.raw("}");
        if self.status != json.as_str() {
            self.status = json.into_string();
            self.wishes.push(Wish::Status(self.status.clone()));
        }
    }
}
