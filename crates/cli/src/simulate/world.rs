//! One shopper's world: tabs that open and close, the script's inputs, and time that passes by itself.

use super::browser::{Browser, Event, PageId};
use super::clock::Clocks;
use super::dice::Dice;
use super::judge::{Back, Finding, GRACE, Judge, Totals, Wrong};
use super::network::{Fate, Network};
use super::script::{Act, End, PATHS, Script, Setup};
use super::storage::Storage;
use super::tab::{self, Come, Decision, Document, Maker};

/// Things that happen in a journey, at most: a world that is busier never comes to rest.
const MOST: u32 = 400_000;
/// The shopper who comes back at the end stays for so long, in ms: a shelf is adopted ten seconds after it was written, and many batches
/// leave one after the other.
const STAY: u64 = 5 * 60_000;
/// A document is loaded after so many ms: at least, and at most.
const LOADS: (u64, u64) = (5, 150);
/// A page that is left hides so much later than the one behind it is shown, in ms, at most (seen in Chromium).
const LATE: u64 = 240;

/// A tab.
#[derive(Default)]
struct Tab {
    /// It was opened, and is not closed.
    open: bool,
    session: usize,
    page: Option<PageId>,
    /// What is being loaded.
    loading: Option<(&'static str, Come)>,
    /// Pages in the back/forward cache, the newest last.
    behind: Vec<PageId>,
    /// Its page is to end so long after it has sent next.
    armed: Option<(End, u64)>,
}

/// A world that runs one script.
struct World<'a> {
    setup: &'a Setup,
    make: Maker<'a>,
    browser: Browser,
    tabs: Vec<Tab>,
    pages: Vec<Document>,
    /// Pages that live, and are not in the cache.
    awake: Vec<PageId>,
    /// What each page was told, and whether it was told anything.
    knows: Vec<Option<Decision>>,
    /// What the shop's banner knows.
    decision: Decision,
    /// When that was decided,
    when: u64,
    /// … and whether that counts as before any page was loaded.
    earlier: bool,
    /// Something was decided since this browser was started.
    decided: bool,
}

/// What became of a journey.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) totals: Totals,
    pub(crate) findings: Vec<Finding>,
    /// Two pages of the journey have drawn the same leg.
    pub(crate) collided: bool,
    /// What happened, where somebody wanted to know.
    pub(crate) trace: Vec<String>,
}

/// Runs a script to its end, and judges.
pub(crate) fn run(script: &Script, make: Maker<'_>, trace: bool) -> Outcome {
    let Setup { dice, latency, shut, steady, locks, measure, remember, .. } = script.setup;
    let mut browser =
        Browser::new(Clocks::new(steady), Storage::new(shut), Network::new(latency), Dice::of(dice), locks);
    browser.trace = trace.then(Vec::new);
    browser.judge.has_second = script.setup.second;
    browser.judge.deaf = shut;
    browser.judge.banner = script.setup.banner;
    let mut world = World {
        setup: &script.setup,
        make,
        browser,
        tabs: Vec::new(),
        pages: Vec::new(),
        awake: Vec::new(),
        knows: Vec::new(),
        decision: Decision { measure, remember },
        when: 0,
        earlier: true,
        decided: measure.is_some(),
    };
    world.play(script);
    let back = world.end();
    let World { mut browser, .. } = world;
    let totals = browser.judge.close(&browser.storage, &browser.clocks, back.as_ref());
    let Judge { findings, collided, .. } = browser.judge;
    Outcome { totals, findings, collided, trace: browser.trace.unwrap_or_default() }
}

impl World<'_> {
    fn play(&mut self, script: &Script) {
        for line in &script.lines {
            match line.act {
                Act::Burst { tab, name, serial, count, gap } => {
                    for nth in 0..count {
                        let act = Act::Track { tab, name, serial: serial + nth, items: 1, layer: false };
                        self.browser.plan(line.at + nth * gap, Event::Act(act));
                    }
                }
                // Five clicks within a second and a half, on something that does nothing.
                Act::Rage { tab } => {
                    for nth in 0..5 {
                        self.browser.plan(line.at + nth * 150, Event::Act(Act::Rage { tab }));
                    }
                }
                ref act => self.browser.plan(line.at, Event::Act(act.clone())),
            }
        }
        let last = script.lines.last().map_or(0, |line| line.at);
        self.pass(last);
        self.wait(self.setup.linger);
    }

    /// The shopper leaves, and perhaps comes back.
    fn end(&mut self) -> Option<Back> {
        for tab in 0..self.tabs.len() {
            if self.setup.torn { self.crash(tab) } else { self.close(tab) }
        }
        self.browser.forget_plans();
        // What is still under way arrives.
        self.wait(self.setup.back.unwrap_or(STAY));
        self.setup.back?;
        let now = self.browser.clocks.now;
        self.browser.forget_plans();
        self.browser.network.heal();
        self.browser.storage.empty(now);
        let session = self.tabs.first().filter(|_| self.setup.restored).map(|tab| tab.session);
        let tab = self.tabs.len();
        self.open(tab, PATHS[0], Come::Typed, session);
        self.wait(STAY);
        let young = tab::too_young(&self.browser);
        self.close(tab);
        self.browser.forget_plans();
        self.wait(60_000);
        Some(Back { at: now, remembers: self.decision.remember == Some(true), young })
    }

    // Time.

    fn wait(&mut self, ms: u64) {
        self.pass(self.browser.clocks.now + ms);
    }

    /// Lets everything happen until `end`.
    fn pass(&mut self, end: u64) {
        for _ in 0..MOST {
            let timers = self.awake.iter().filter_map(|page| {
                let due = self.pages[*page].due()?;
                Some(self.browser.clocks.true_of(due))
            });
            let Some(next) = timers.chain(self.browser.next()).min().filter(|next| *next <= end) else {
                self.browser.clocks.now = self.browser.clocks.now.max(end);
                return;
            };
            self.browser.clocks.now = self.browser.clocks.now.max(next);
            self.step();
        }
        let now = self.browser.clocks.now;
        self.browser.judge.find(Wrong::Trap, now, "the world does not come to rest".to_owned());
    }

    fn step(&mut self) {
        if let Some(event) = self.browser.due() {
            self.happen(event);
        } else {
            let now = self.browser.clocks.page();
            let due = self.awake.iter().copied().find(|page| self.pages[*page].due().is_some_and(|due| due <= now));
            if let Some(page) = due {
                self.pages[page].tick(&mut self.browser);
            }
        }
        for page in std::mem::take(&mut self.browser.senders) {
            self.has_sent(page);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Act(act) => {
                self.browser.note(|| format!("* {act:?}"));
                self.act(&act);
            }
            Event::Arrives { flight, body, answered, again } => self.browser.arrives(flight, &body, answered, again),
            Event::Answered { flight, answer } => {
                if let Some((page, batch, answer)) = self.browser.answered(flight, answer) {
                    self.browser.note(|| format!("page {page} hears of {batch}: {answer:?}"));
                    if self.awake.contains(&page) {
                        self.pages[page].delivered(&mut self.browser, batch, &answer);
                    } else {
                        self.pages[page].miss(batch);
                    }
                }
            }
            Event::Hides(page) => {
                self.pages[page].leave(&mut self.browser);
                self.gone(page, false);
            }
            Event::Online => {
                if !self.browser.network.is_offline(self.browser.clocks.now) {
                    for page in self.awake.clone() {
                        self.pages[page].online(&mut self.browser);
                    }
                }
            }
            Event::Loads(tab) => {
                if let Some((path, come)) = self.tabs[tab].loading.take() {
                    self.loaded(tab, path, come);
                }
            }
            Event::Errand(page, errand) => {
                if self.awake.contains(&page) {
                    self.pages[page].errand(&mut self.browser, errand);
                } else {
                    self.pages[page].postpone(errand);
                }
            }
            Event::Erased(by, told) => {
                for page in self.awake.clone() {
                    if page != by {
                        self.knows[page] = Some(Decision { measure: Some(false), remember: None });
                        self.pages[page].erased(&mut self.browser, told.as_deref());
                    }
                }
            }
            Event::Banner => {
                for page in self.awake.clone() {
                    self.tell(page, self.earlier);
                }
            }
            Event::Withdrawn => {
                // Unless the shopper has thought better of it meanwhile.
                if self.decision.measure == Some(false) {
                    let sessions = self.tabs.iter().filter(|tab| tab.page.is_some()).map(|tab| tab.session);
                    let left = self.browser.storage.left(sessions);
                    self.browser.judge.has_withdrawn(&self.browser.clocks, &left);
                }
            }
        }
    }

    /// A page has sent: perhaps it was to end then.
    fn has_sent(&mut self, page: PageId) {
        let Some(tab) = self.tabs.iter().position(|tab| tab.page == Some(page)) else { return };
        if let Some((end, after)) = self.tabs[tab].armed.take() {
            let act = match end {
                End::Close => Act::Close { tab },
                End::Crash => Act::Crash { tab },
                End::Go => Act::Go { tab, path: PATHS[5], cached: false },
            };
            self.browser.plan(self.browser.clocks.now + after, Event::Act(act));
        }
    }

    // What happens.

    fn act(&mut self, act: &Act) {
        let now = self.browser.clocks.now;
        let network = &mut self.browser.network;
        match *act {
            Act::Open { tab, path, outside } => {
                if self.tabs.get(tab).is_none_or(|tab| !tab.open) {
                    self.open(tab, path, if outside { Come::Outside } else { Come::Typed }, None);
                }
            }
            Act::Copy { tab, of } => {
                let session = self.tabs.get(of).filter(|of| of.page.is_some()).map(|of| of.session);
                if let Some(session) = session.filter(|_| self.tabs.get(tab).is_none_or(|tab| !tab.open)) {
                    self.open(tab, PATHS[1], Come::Link, Some(session));
                }
            }
            Act::Go { tab, path, cached } => self.go(tab, path, cached, Come::Link),
            Act::Reload { tab } => self.go(tab, PATHS[2], false, Come::Reload),
            Act::Route { tab, path } => self.with(tab, |page, browser| page.page(browser, path, Come::Route)),
            Act::Back { tab } => self.back(tab),
            Act::Hide { tab } => self.with(tab, |page, browser| page.visibility(browser, true)),
            Act::Show { tab } => self.with(tab, |page, browser| page.visibility(browser, false)),
            Act::Close { tab } => self.close(tab),
            Act::Track { tab, name, serial, items, layer } => {
                self.with(tab, |page, browser| page.track(browser, name, serial, items, layer));
            }
            Act::Linger { tab, ms } => self.with(tab, |page, browser| page.linger(browser, ms)),
            Act::Rage { tab } => self.with(tab, Document::click),
            Act::Answer { tab, serial } => self.with(tab, |page, browser| page.answer(browser, serial)),
            Act::Consent { tab, measure, remember, earlier } => {
                self.decide(tab, Decision { measure, remember }, earlier, false);
            }
            Act::Withdraw { tab } => self.decide(tab, Decision { measure: Some(false), remember: None }, false, true),
            Act::Flush { tab } => self.with(tab, Document::flush),
            // Was taken apart as it was planned.
            Act::Burst { .. } => {}

            Act::Crash { tab } => self.crash(tab),
            Act::Revive { tab } => {
                if self.tabs.get(tab).is_some_and(|tab| tab.open && tab.page.is_none() && tab.loading.is_none()) {
                    self.load(tab, PATHS[2], Come::Reload);
                }
            }
            Act::Kill => (0..self.tabs.len()).for_each(|tab| self.crash(tab)),
            Act::Lose(count) => network.doom(count, Fate::Lost),
            Act::Mute(count) => network.doom(count, Fate::Mute),
            Act::Double { count, late } => network.doom(count, Fate::Doubled { late }),
            Act::Hang { count, late } => network.doom(count, Fate::Hung { late }),
            Act::Belie { count, code } => network.doom(count, Fate::Belied(code)),
            Act::Offline(ms) => {
                network.offline(now + ms);
                self.browser.plan(now + ms, Event::Online);
            }
            Act::Slow { ms, latency } => network.slow(now + ms, latency),
            Act::Status { ms, code, after } => network.status(now + ms, code, after),
            Act::Nonsense(ms) => network.nonsense(now + ms),
            Act::Limit { ms, bytes } => network.limit(now + ms, bytes),
            Act::Poison(ms) => network.poison(now + ms),
            Act::Reject(ms) => network.reject(now + ms),
            Act::Full(ms) => self.browser.storage.fill(now, ms),
            Act::FullSession(ms) => self.browser.storage.fill_sessions(now, ms),
            Act::Jump(by) => self.browser.clocks.jump(by),
            Act::Sleep(ms) => {
                self.browser.cut();
                self.browser.clocks.sleep(ms);
            }
            Act::MidSend { tab, end, after } => {
                if let Some(tab) = self.tabs.get_mut(tab) {
                    tab.armed = Some((end, after));
                }
            }
        }
    }

    /// Does something with the page of a tab, where there is one.
    fn with(&mut self, tab: usize, run: impl FnOnce(&mut Document, &mut Browser)) {
        if let Some(page) = self.tabs.get(tab).and_then(|tab| tab.page) {
            run(&mut self.pages[page], &mut self.browser);
        }
    }

    /// Opens a tab whose session storage is empty, or a copy of this one.
    fn open(&mut self, tab: usize, path: &'static str, come: Come, copy: Option<usize>) {
        if self.tabs.len() <= tab {
            self.tabs.resize_with(tab + 1, Tab::default);
        }
        let session = self.browser.storage.session(copy);
        self.tabs[tab] = Tab { open: true, session, ..Tab::default() };
        self.load(tab, path, come);
    }

    /// A document is on its way into a tab.
    fn load(&mut self, tab: usize, path: &'static str, come: Come) {
        self.tabs[tab].loading = Some((path, come));
        let (soon, late) = LOADS;
        let at = self.browser.clocks.now + self.browser.dice.skewed(soon, late);
        self.browser.plan(at, Event::Loads(tab));
    }

    /// A document is loaded into a tab, and told what the banner knows.
    fn loaded(&mut self, tab: usize, path: &'static str, come: Come) {
        let Setup { mode, gpc, second, .. } = *self.setup;
        let session = self.tabs[tab].session;
        let page = Document::load(&mut self.browser, self.make, (tab, session), (mode, gpc, second), path, come);
        let id = page.id;
        debug_assert_eq!(id, self.pages.len());
        self.pages.push(page);
        self.awake.push(id);
        self.knows.push(None);
        self.tabs[tab].page = Some(id);
        self.tell(id, true);
    }

    /// The page ends, with its engine.
    fn gone(&mut self, page: PageId, torn: bool) {
        self.awake.retain(|awake| *awake != page);
        self.browser.abandon(page, true);
        self.browser.locks.free(page, true);
        self.browser.note(|| format!("page {page} is {}", if torn { "torn away" } else { "gone" }));
        self.browser.judge.died(page, &self.browser.clocks, &self.browser.storage, torn);
    }

    fn go(&mut self, tab: usize, path: &'static str, cached: bool, come: Come) {
        let Some(page) = self.tabs.get_mut(tab).and_then(|tab| tab.page.take()) else { return };
        self.pages[page].leave(&mut self.browser);
        if cached {
            self.awake.retain(|awake| *awake != page);
            self.browser.locks.free(page, true);
            // It may never come back: what it could not do by now it could not do.
            self.browser.judge.died(page, &self.browser.clocks, &self.browser.storage, false);
            self.tabs[tab].behind.push(page);
        } else {
            self.gone(page, false);
        }
        self.load(tab, path, come);
    }

    fn back(&mut self, tab: usize) {
        let Some(page) = self.tabs.get(tab).and_then(|tab| tab.page) else { return };
        let Some(behind) = self.tabs[tab].behind.pop() else { return };
        // The page that is left hides before the other is shown, or a little later.
        let late = self.browser.dice.between(0, 3) * LATE / 3;
        if late == 0 {
            self.pages[page].leave(&mut self.browser);
            self.gone(page, false);
        } else {
            self.awake.retain(|awake| *awake != page);
            self.browser.judge.leaves(page);
            self.browser.plan(self.browser.clocks.now + late, Event::Hides(page));
        }
        self.tabs[tab].page = Some(behind);
        self.awake.push(behind);
        self.browser.judge.woke(behind);
        self.pages[behind].wake(&mut self.browser);
        if self.setup.banner {
            self.tell(behind, self.earlier);
        }
    }

    fn close(&mut self, tab: usize) {
        let Some(it) = self.tabs.get_mut(tab) else { return };
        let (page, behind) = (it.page.take(), std::mem::take(&mut it.behind));
        (it.open, it.loading) = (false, None);
        if let Some(page) = page {
            self.pages[page].leave(&mut self.browser);
            self.gone(page, false);
        }
        for page in behind {
            self.gone(page, false);
        }
    }

    fn crash(&mut self, tab: usize) {
        let Some(it) = self.tabs.get_mut(tab) else { return };
        let (page, behind) = (it.page.take(), std::mem::take(&mut it.behind));
        it.loading = None;
        if let Some(page) = page {
            self.gone(page, true);
        }
        for page in behind {
            self.gone(page, false);
        }
    }

    /// The shop's banner tells a page what it knows, where that is news.
    fn tell(&mut self, page: PageId, earlier: bool) {
        if self.decided && self.knows[page] != Some(self.decision) {
            self.knows[page] = Some(self.decision);
            self.pages[page].decide(&mut self.browser, self.decision, earlier, self.when);
        }
    }

    /// The shopper decides in a tab. Some shops' banners tell the other pages that are awake, and those in the cache as they come back.
    fn decide(&mut self, tab: usize, said: Decision, earlier: bool, all: bool) {
        let Some(page) = self.tabs.get(tab).and_then(|tab| tab.page) else { return };
        let before = self.decision;
        self.decided = true;
        self.decision.measure = said.measure.or(before.measure);
        self.decision.remember = said.remember.or(before.remember);
        if said.measure == Some(false) {
            self.decision.remember = None;
        }
        let now = self.browser.clocks.now;
        (self.when, self.earlier) = (now, earlier);
        if said.measure == Some(false) && before.measure == Some(true) && !self.setup.gpc {
            self.browser.judge.withdraws_now(&self.browser.clocks, &self.browser.storage);
            self.browser.plan(now + GRACE, Event::Withdrawn);
        }
        if said.measure == Some(true) {
            self.browser.judge.grants_now(now);
        }
        self.knows[page] = Some(self.decision);
        if all {
            self.pages[page].withdraw(&mut self.browser);
        } else {
            self.pages[page].decide(&mut self.browser, said, earlier, now);
        }
        if self.setup.banner {
            let late = self.browser.dice.between(0, GRACE / 2);
            self.browser.plan(now + late, Event::Banner);
        }
    }
}
