//! When a prompt opens by itself, and what keeps it shut. A state machine beside the engine and the watcher, with the same contract: one [`Cue`] →
//! [`handle`](Asker::handle) → [`poll`](Asker::poll) until it is empty → [`deadline`](Asker::deadline) → next cue. Only pages that have prompts, and may
//! show them, pay for it.
//!
//! Nothing is decided by chance: samples are sticky (a hash of the visit, or of a seed that is remembered), so that who looks at many pages is asked no
//! more often than who looks at few. Every suppression has its [reason](Reason), which the shop can hear.

mod cue;
mod judge;
mod limits;
mod memory;
mod read;
mod rule;
mod story;
mod who;

pub use cue::{By, Cue, End, Scene, Wish, busy, may, observe};
pub use judge::Reason;

use crate::time::Millis;
use memory::{DWELT, EXIT, Past, STAGE, Visit};
use read::List;
use rule::{LATER, Rule};
use story::{Stages, Story};

/// Prompts that open by themselves wait until the visit is this old, in ms; the order page is exempt.
const SETTLE: u64 = 10_000;
/// While the shopper is busy, it is looked again after this long, in ms.
const BUSY: u64 = 2_000;
/// A stage counts as entered when the shopper was in it for this long, in ms: what is entered and left in passing is none.
pub(crate) const DWELL: u64 = 1_500;
/// What is in view counts after this long, in ms, as for everything that was seen.
pub(crate) const SEEN: u64 = 1_000;
/// Nobody means to leave a page within this long, in ms.
const STAYED: u64 = 5_000;
/// A pointer that leaves at the top went up so many px in the last tenth of a second: slower ones are on their way to the shop's own menu.
const HASTE: u32 = 20;
/// On touch: a tab that was away for longer than this was left, in ms,
const AWAY: u64 = 5_000;
/// … and who scrolls up so many px within 0.3 s, near the top, looks for the address bar.
const UP: u32 = 600;
/// A single-page shop tells of the order first and shows its page of thanks then: within this long, in ms.
const THANKS: u64 = 10_000;
/// So many errors are trouble.
const ERRORS: u64 = 3;

/// What waits for its delay, or for a quiet moment.
struct Pending {
    /// What opened it, as it is told.
    trigger: String,
    due: Millis,
    /// It belongs to the page: another address ends it.
    of_page: bool,
    /// It was opened by a stage.
    staged: bool,
    /// What would call it off, and had come already as it began to wait: a bit for each.
    before: u32,
}

/// The prompt that is open.
struct Open {
    rule: usize,
    /// It opened by itself.
    auto: bool,
    answered: bool,
    /// Another one was open on this page before.
    again: bool,
}

/// The page that is looked at.
#[derive(Default)]
struct Page {
    path: String,
    began: Millis,
    /// For so long it was seen, in ms.
    seen: u64,
    /// How far it was scrolled, in %.
    scrolled: u32,
    /// The last sign of life.
    active: Millis,
    /// An order was placed on it.
    ordered: Option<Millis>,
    /// Somebody is filling in an address, or paying.
    paying: bool,
    /// A prompt was opened on it,
    asked: bool,
    /// … by the launcher.
    launched: bool,
    /// How long the shopper had been in the stage as it began, in ms.
    stage: u64,
    /// What of the selectors is in view, and since when.
    views: Vec<(String, Millis)>,
}

/// See the [module](self).
#[derive(Default)]
pub struct Asker {
    scene: Scene,
    stages: Stages,
    rules: Vec<Rule>,
    wishes: Vec<Wish>,
    now: Millis,
    /// The first moment.
    began: Millis,
    /// The [bits](may).
    may: u8,
    story: Story,
    visit: Visit,
    past: Past,
    /// What the tab had kept, until it is known of which visit.
    kept: String,
    page: Page,
    /// The tab is out of sight since then.
    hidden: Option<Millis>,
    open: Option<Open>,
    /// It is being looked whether this one may open now.
    looking: Option<usize>,
    /// A link has asked for this one.
    link: Option<usize>,
    /// What is to be kept, the visit's and beyond it.
    dirty: (bool, bool),
    /// What the launchers were told last.
    launchers: String,
    observed: bool,
}

impl Asker {
    /// For a page of this kind.
    #[must_use]
    pub fn new(scene: Scene) -> Self {
        let stages = Stages::new(&scene.framework);
        Self { scene, stages, ..Self::default() }
    }

    /// Takes one cue that came at `now`. A moment before the newest one counts as that one.
    pub fn handle(&mut self, now: Millis, cue: Cue<'_>) {
        self.pass(now);
        match cue {
            Cue::Prompts(heads) => self.define(heads),
            Cue::May { flags, visit, past } => self.allow(flags, visit, past),
            Cue::Page { path, route } => self.arrive(path, route),
            Cue::Happened(text) => self.hear(text),
            Cue::Visibility { hidden } => self.turn(hidden),
            Cue::Active => self.page.active = self.now,
            Cue::Scrolled(percent) => self.page.scrolled = self.page.scrolled.max(percent),
            Cue::Exit(up) if up >= HASTE && self.page.seen >= STAYED => self.leaving(false),
            Cue::Up(px) if px >= UP => self.leaving(true),
            Cue::Exit(_) | Cue::Up(_) | Cue::Tick => {}
            Cue::Seen { selector, seen } => self.see(selector, seen),
            Cue::Found { busy, past } => self.found(busy, past),
            Cue::Asked { id, by } => self.asked(id, by),
            Cue::Resumed { id, auto, answered } => self.resume(id, auto, answered),
            Cue::Ended(end) => self.ended(end),
        }
        self.step();
        self.keep();
    }

    /// The next thing to do; `None` when there is no more.
    pub fn poll(&mut self) -> Option<Wish> {
        (!self.wishes.is_empty()).then(|| self.wishes.remove(0))
    }

    /// When [`Cue::Tick`] is due at the latest. Nothing is due while the tab is out of sight.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        if self.hidden.is_some() || !self.is_ready() {
            return None;
        }
        let mut next = Millis::NEVER;
        for rule in &self.rules {
            if let Some(pending) = &rule.pending {
                next = next.min(pending.due);
            }
            let mut bit = 1_u32;
            for trigger in rule.triggers() {
                let wait = self.level(trigger);
                if rule.fired & bit == 0 && wait > 0 && wait < LATER {
                    next = next.min(self.now.plus(wait));
                }
                bit = bit.rotate_left(1);
            }
        }
        (next < Millis::NEVER).then_some(next.max(self.now))
    }

    /// Time has passed: what is counted while the page is seen.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn pass(&mut self, now: Millis) {
        if self.now.0 == 0 {
            (self.now, self.began) = (now, now);
        }
        let passed = now.since(self.now);
        self.now = self.now.plus(passed);
        if self.hidden.is_none() {
            self.page.seen += passed;
            if self.visit.numbers[STAGE] > 0 {
                self.visit.numbers[DWELT] += passed;
            }
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn define(&mut self, heads: &str) {
        // Pending and open ones are known by their places: definitions come once.
        if self.rules.is_empty() {
            for head in read::list(heads) {
                if let Some(rule) = Rule::new(head) {
                    self.rules.push(rule);
                }
            }
            self.observe();
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn is(&self, bit: u8) -> bool {
        self.may & bit != 0
    }

    /// Before the page is known, and before the engine has told of the journey, nobody knows how it stands.
    fn is_ready(&self) -> bool {
        self.page.began.0 > 0 && (!self.is(may::MEASURE) || !self.story.id.is_empty())
    }

    /// What may be done with the shopper has changed, or an order was placed where nothing else is known.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn allow(&mut self, flags: u8, visit: &str, past: &str) {
        let changed = self.may ^ flags;
        self.may = flags;
        if changed & may::MEASURE != 0 {
            // What was met before a grant plays no part after it, nor what was met before a refusal.
            if flags & may::ASK != 0 {
                for rule in &mut self.rules {
                    rule.pending = None;
                }
            }
            self.story = Story::default();
            self.visit = Visit::default();
            (self.page.stage, self.page.ordered) = (0, None);
            visit.clone_into(&mut self.kept);
            if flags & may::MEASURE == 0 {
                // The engine closes it, and what becomes of it is nobody's business any more.
                self.open = None;
            }
        }
        if changed & may::REMEMBER != 0 {
            self.past = Past::read(past, self.now);
            if flags & may::REMEMBER == 0 && flags & may::MEASURE != 0 {
                self.wishes.push(Wish::Keep { visit: String::new(), past: "-".to_owned() });
            }
        }
        if changed & flags & may::ORDERED != 0 && flags & may::MEASURE == 0 {
            self.page.ordered = Some(self.now);
            self.happen("purchase", "");
        }
        if flags & may::ASK == 0 {
            for at in 0..self.rules.len() {
                self.suppress(at, Reason::Consent);
            }
        } else if let Some(rule) = self.link.take() {
            self.show(rule, "link", false, true);
        }
        self.observe();
        self.launch();
    }

    /// What looks at the page looks only where a rule needs it, and only on a page that is measured.
    fn observe(&mut self) {
        let on = self.is(may::ASK) && self.is(may::MEASURE);
        if on == self.observed || self.rules.is_empty() {
            return;
        }
        self.observed = on;
        let (mut what, mut selectors) = (0, String::new());
        let mut look = |triggers: List<'_>| {
            for trigger in triggers {
                what |= rule::observes(trigger, self.scene.touch);
                if let Some(selector) = rule::selector(trigger) {
                    line(&mut selectors, selector);
                }
            }
        };
        for rule in &self.rules {
            if on {
                look(rule.triggers());
                look(rule.cancels());
            }
        }
        self.wishes.push(Wish::Observe { what, selectors });
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn arrive(&mut self, path: &str, route: bool) {
        let now = self.now;
        let ordered = self.page.ordered.filter(|at| route && now.since(*at) < THANKS);
        let page = Page { path: path.to_owned(), began: now, active: now, ordered, ..Page::default() };
        self.page = Page { asked: self.open.is_some(), stage: self.visit.numbers[DWELT], ..page };
        for rule in &mut self.rules {
            (rule.fired, rule.told) = (0, 0);
            if rule.pending.as_ref().is_some_and(|pending| pending.of_page) {
                rule.pending = None;
            }
        }
        self.looking = None;
        self.launch();
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn turn(&mut self, hidden: bool) {
        if hidden {
            self.hidden = Some(self.now);
            self.dirty.0 = true;
        } else if let Some(since) = self.hidden.take() {
            self.page.active = self.now;
            for view in &mut self.page.views {
                view.1 = self.now;
            }
            if self.now.since(since) > AWAY {
                self.leaving(true);
            }
        }
    }

    /// The shopper seems to be leaving: once a visit. Who has just ordered leaves nothing behind.
    fn leaving(&mut self, touch: bool) {
        if self.scene.touch == touch && self.page.ordered.is_none() && !self.visit.note(EXIT) {
            self.happen("exit_intent", if touch { "touch" } else { "" });
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn see(&mut self, selector: &str, seen: bool) {
        if let Some(at) = self.page.views.iter().position(|(known, _)| known == selector) {
            self.page.views.swap_remove(at);
        }
        if seen {
            self.page.views.push((selector.to_owned(), self.now));
        }
    }

    /// `on` has happened: what waits for it begins to, what it calls off ends. `is`: the stage, or that it was a finger.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn happen(&mut self, on: &str, is: &str) {
        for at in 0..self.rules.len() {
            let rule = &self.rules[at];
            if rule.cancels().any(|trigger| rule::meets(trigger, on, is)) {
                self.suppress(at, Reason::Cancelled);
            }
            let rule = &self.rules[at];
            // A stage is entered when it has lasted: see `level`.
            if on != "stage" && rule.triggers().any(|trigger| rule::meets(trigger, on, is)) {
                self.wait(at, on, on == "exit_intent", false);
            }
        }
    }

    /// The trigger of rule `at` has come.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn wait(&mut self, at: usize, trigger: &str, of_page: bool, staged: bool) {
        let rule = &self.rules[at];
        if rule.pending.is_some() {
            return;
        }
        let (mut before, mut bit) = (0, 1_u32);
        for trigger in rule.cancels() {
            if self.level(trigger) == 0 {
                before |= bit;
            }
            bit = bit.rotate_left(1);
        }
        // The dwell is part of the delay.
        let delay = rule.delay.saturating_sub(if staged { DWELL } else { 0 });
        let due = self.now.plus(delay);
        self.rules[at].pending = Some(Pending { trigger: trigger.to_owned(), due, of_page, staged, before });
        // Whom it is not for need not wait to hear it. Who is nobody yet is looked at when it is due.
        if self.is_ready()
            && let Some(reason) = self.unfit(at)
        {
            self.suppress(at, reason);
        }
    }

    /// Looks at what has been reached, and at what is due.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn step(&mut self) {
        if !self.is_ready() {
            return;
        }
        for at in 0..self.rules.len() {
            let mut reached = None;
            let rule = &self.rules[at];
            let mut bit = 1_u32;
            for trigger in rule.triggers() {
                if rule.fired & bit == 0 && self.level(trigger) == 0 {
                    let on = rule::word(trigger);
                    let staged = on == "stage";
                    reached = Some((if staged { rule::stage(trigger) } else { on }.to_owned(), staged));
                    break;
                }
                bit = bit.rotate_left(1);
            }
            if let Some((on, staged)) = reached {
                self.rules[at].fired |= bit;
                self.wait(at, &on, !staged, staged);
            }
            let rule = &self.rules[at];
            if let Some(pending) = &rule.pending {
                let mut bits = pending.before;
                let off = rule.cancels().any(|trigger| {
                    let before = bits & 1 != 0;
                    bits = bits.rotate_right(1);
                    !before && self.level(trigger) == 0 && rule::word(trigger) != "stage"
                });
                if off {
                    self.suppress(at, Reason::Cancelled);
                }
            }
        }
        if self.hidden.is_none() && self.looking.is_none() {
            self.choose();
        }
    }

    /// The best of those that are due is opened, if it may.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn choose(&mut self) {
        while let Some(at) = self.best() {
            match self.judge(at) {
                Ok(()) => {
                    self.looking = Some(at);
                    self.wishes.push(Wish::Look);
                    return;
                }
                Err((reason, again)) => self.put_off(at, reason, again),
            }
        }
    }

    /// Help before all others, then what is for this very stage, then the most important one, then the oldest one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn best(&self) -> Option<usize> {
        let mut best: Option<(usize, _)> = None;
        for (at, rule) in self.rules.iter().enumerate() {
            if let Some(pending) = &rule.pending
                && pending.due <= self.now
            {
                let rank = (rule.help, pending.staged || rule.staged, rule.priority);
                if best.is_none_or(|(_, known)| rank > known) {
                    best = Some((at, rank));
                }
            }
        }
        best.map(|(at, _)| at)
    }

    /// Rule `at` does not open now: it waits on, or never will for this trigger.
    fn put_off(&mut self, at: usize, reason: Reason, again: Option<Millis>) {
        match again {
            Some(due) => {
                self.tell(at, reason);
                if let Some(pending) = &mut self.rules[at].pending {
                    pending.due = due;
                }
            }
            None => self.suppress(at, reason),
        }
    }

    /// What the page is busy with; and what other tabs have remembered meanwhile.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn found(&mut self, busy: u8, past: &str) {
        let Some(at) = self.looking.take() else { return };
        if self.is(may::REMEMBER) && !past.is_empty() {
            self.past = Past::read(past, self.now);
        }
        let Some(trigger) = self.rules[at].pending.as_ref().map(|pending| pending.trigger.clone()) else { return };
        match self.judge(at).and_then(|()| self.disturbs(at, busy)) {
            Ok(()) => self.show(at, &trigger, true, false),
            Err((reason, again)) => self.put_off(at, reason, again),
        }
    }

    /// Somebody asks for a prompt: neither delay nor limits, but consent, and one at a time.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn asked(&mut self, id: &str, by: By) {
        let Some(at) = self.rules.iter().position(|rule| rule.id == id) else { return };
        let trigger = ["api", "launcher", "link"][by as usize];
        if !self.is(may::ASK) {
            if by == By::Link {
                self.link = Some(at);
            }
            self.say(at, trigger, Reason::Consent);
        } else if self.open.is_some() {
            self.say(at, trigger, Reason::Page);
        } else {
            self.page.launched |= by == By::Launcher;
            self.show(at, trigger, false, true);
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn show(&mut self, at: usize, trigger: &str, auto: bool, user: bool) {
        let rule = &self.rules[at];
        let (help, id) = (rule.help, rule.id.clone());
        // On touch a card would cover what the shopper looks at; on the order page everything is done.
        let pill = !user && (help || rule.pill || self.scene.touch && self.page.ordered.is_none());
        self.rules[at].pending = None;
        for other in 0..self.rules.len() {
            self.suppress(other, if help { Reason::Help } else { Reason::Page });
        }
        let again = std::mem::replace(&mut self.page.asked, true);
        if auto {
            self.visit.asked(help);
            self.dirty.0 = true;
        }
        self.open = Some(Open { rule: at, auto, answered: false, again });
        self.wishes.push(Wish::Open { id, trigger: trigger.to_owned(), pill, user });
    }

    /// What was open on the page before is open on this one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn resume(&mut self, id: &str, auto: bool, answered: bool) {
        if let Some(rule) = self.rules.iter().position(|rule| rule.id == id)
            && self.open.is_none()
            && self.is(may::ASK)
        {
            let again = std::mem::replace(&mut self.page.asked, true);
            self.open = Some(Open { rule, auto, answered, again });
        }
    }

    /// What has become of the open prompt.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn ended(&mut self, end: End) {
        let Some(Open { rule: at, auto, answered, again }) = self.open else { return };
        let (now, rule) = (self.now, &self.rules[at]);
        self.dirty = (true, true);
        match end {
            End::Shown => self.past.shown(rule, now),
            End::Answered => {
                self.past.answered(rule, now);
                self.open = Some(Open { rule: at, auto, answered: true, again });
            }
            End::Failed => {
                // It was never there, and keeps no other one from opening.
                self.open = None;
                self.page.asked = again;
                if auto {
                    self.visit.unasked(rule.help);
                }
            }
            end => {
                self.past.closed(rule, end, answered, now);
                self.open = None;
                if end != End::Completed && !self.is(may::MEASURE) {
                    self.scene.quiet = true;
                    self.wishes.push(Wish::Quiet);
                }
            }
        }
    }

    /// Which launchers the page may have now.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn launch(&mut self) {
        let mut ids = String::new();
        for (at, rule) in self.rules.iter().enumerate() {
            // The shop's own button stands where the shop has put it; ours only where the prompt is for this shopper.
            if rule.launcher > 0 && self.is(may::ASK) && (rule.launcher == 1 || self.unfit(at).is_none()) {
                line(&mut ids, &rule.id);
            }
        }
        if ids != self.launchers {
            ids.clone_into(&mut self.launchers);
            self.wishes.push(Wish::Launchers(ids));
        }
    }

    /// If rule `at` waits, it does not open, and no longer waits.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn suppress(&mut self, at: usize, reason: Reason) {
        self.tell(at, reason);
        self.rules[at].pending = None;
    }

    fn tell(&mut self, at: usize, reason: Reason) {
        if let Some(pending) = &self.rules[at].pending {
            let trigger = pending.trigger.clone();
            self.say(at, &trigger, reason);
        }
    }

    /// Each reason of each prompt is told once a page.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn say(&mut self, at: usize, trigger: &str, reason: Reason) {
        let rule = &mut self.rules[at];
        let bit = 1 << reason as u32;
        if rule.told & bit == 0 {
            rule.told |= bit;
            self.wishes.push(Wish::Suppressed { id: rule.id.clone(), trigger: trigger.to_owned(), reason });
        }
    }

    /// Keeps what is new: only where it may be.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn keep(&mut self) {
        let (visit, past) = std::mem::take(&mut self.dirty);
        if (visit || past) && self.is(may::MEASURE) && !self.story.id.is_empty() {
            let remember = self.is(may::REMEMBER);
            let visit = self.visit.write(&self.story.id, (!remember).then_some(&self.past));
            let past = if past && remember { self.past.write(self.now, self.seed()) } else { String::new() };
            self.wishes.push(Wish::Keep { visit, past });
        }
    }
}

/// One line more.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn line(lines: &mut String, line: &str) {
    lines.push_str(line);
    lines.push('\n');
}
