//! One prompt's rule, and its triggers. Those that happen at a moment (a touchpoint, a stage that is left, a pointer that leaves) are met; those that are
//! reached (a time, a depth, a number of pages) have a level, which says how long to wait for it.

use super::memory::{DWELT, PAGES, STAGE};
use super::read::{List, list, number_or, text};
use super::{Asker, DWELL, Pending, SEEN, observe};
use crate::data::find;
use crate::words;

/// What the asker knows of a prompt.
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) version: u64,
    /// It offers help: see the module.
    pub(super) help: bool,
    /// How long after its trigger, in ms.
    pub(super) delay: u64,
    pub(super) priority: u64,
    /// It is for shoppers in a certain stage.
    pub(super) staged: bool,
    /// It always begins as a pill.
    pub(super) pill: bool,
    /// It opens where a program drives the browser.
    pub(super) automation: bool,
    /// 1: the shop has a button for it; 2: ours.
    pub(super) launcher: u8,
    /// It waits to open.
    pub(super) pending: Option<Pending>,
    /// The head, as JSON.
    pub(super) head: String,
    /// Which triggers have been reached on this page, and which reasons were told: a bit each.
    pub(super) fired: u32,
    pub(super) told: u32,
}

impl Rule {
    /// `None` where `head` is none.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn new(head: &str) -> Option<Self> {
        let id = text(head, "id");
        if !words::is_plain(id) {
            return None;
        }
        let (when, who) = (member(head, "when"), member(head, "who"));
        let (quiet, ui) = (member(head, "quiet"), member(head, "ui"));
        let launcher = find(ui, "launcher").unwrap_or_default();
        Some(Self {
            id: id.to_owned(),
            version: number_or(head, "version", 1),
            help: text(head, "kind") == "help",
            delay: number_or(when, "delayMs", 0),
            priority: super::limits::of(head, "priority", 50),
            staged: find(who, "stage").is_some()
                || list(member(who, "all")).any(|condition| find(condition, "stage").is_some()),
            pill: text(ui, "layout") == "pill",
            automation: find(quiet, "automation") == Some("false"),
            launcher: if launcher == "true" { 2 } else { u8::from(launcher.starts_with('"')) },
            pending: None,
            head: head.to_owned(),
            fired: 0,
            told: 0,
        })
    }

    /// What opens it: any of these.
    pub(super) fn triggers(&self) -> List<'_> {
        let when = member(&self.head, "when");
        list(find(when, "any").unwrap_or(if find(when, "on").is_some() { when } else { "" }))
    }

    /// What calls it off while it waits.
    pub(super) fn cancels(&self) -> List<'_> {
        list(member(member(&self.head, "when"), "cancelOn"))
    }
}

/// A member's raw value; nothing where there is none.
pub(super) fn member<'a>(raw: &'a str, key: &str) -> &'a str {
    find(raw, key).unwrap_or_default()
}

/// What a trigger waits for.
pub(super) fn word(trigger: &str) -> &str {
    text(trigger, "on")
}

/// The stage that it is about.
pub(super) fn stage(trigger: &str) -> &str {
    text(trigger, "is")
}

/// What has to come into view, as JSON.
pub(super) fn selector(trigger: &str) -> Option<&str> {
    (word(trigger) == "visible").then(|| find(trigger, "selector")).flatten()
}

/// What of the page has to be looked at for it.
pub(super) fn observes(trigger: &str, touch: bool) -> u8 {
    match word(trigger) {
        "scroll" => observe::SCROLL,
        "exit_intent" if !touch => observe::EXIT,
        "exit_intent" if find(trigger, "touch") == Some("true") => observe::UP,
        "inactivity" => observe::ACTIVE,
        _ => 0,
    }
}

/// Whether it is met where `on` happens; `is`: the stage, or that it was a finger.
pub(super) fn meets(trigger: &str, on: &str, is: &str) -> bool {
    let word = word(trigger);
    let word = if word == "order_confirmed" { "purchase" } else { word };
    word == on
        && match on {
            "stage" | "stage_left" => !is.is_empty() && stage(trigger) == is,
            "exit_intent" => is.is_empty() || find(trigger, is) == Some("true"),
            // The days come from what the engine remembers, and are in `is`.
            "after_purchase" => {
                let days = number_or(trigger, "days", 0);
                let until = number_or(trigger, "until", days + 30);
                words::number(is).is_some_and(|day| (days..=until).contains(&day))
            }
            _ => true,
        }
}

/// What is no matter of time has not come.
pub(super) const LATER: u64 = u64::MAX;

impl Asker {
    /// How far `trigger` is from being reached, in ms; [`LATER`] where that is no matter of time alone.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn level(&self, trigger: &str) -> u64 {
        let page = &self.page;
        let ms = number_or(trigger, "seconds", LATER).min(LATER / 1_000) * 1_000;
        let (now, needed) = match word(trigger) {
            "time" => (page.seen, ms),
            "inactivity" if self.hidden.is_none() => (self.now.since(page.active), ms),
            "stage" if page.stage < DWELL && self.is_in(stage(trigger)) => (self.visit.numbers[DWELT], DWELL),
            "stage_time" if page.stage < ms && self.visit.numbers[STAGE] > 0 => (self.visit.numbers[DWELT], ms),
            "scroll" => return instead(page.scrolled.into(), number_or(trigger, "percent", LATER)),
            "page_views" => return instead(self.visit.numbers[PAGES], number_or(trigger, "count", LATER)),
            "visible" if self.hidden.is_none() => {
                let selector = selector(trigger);
                match page.views.iter().find(|(known, _)| Some(&**known) == selector) {
                    Some((_, since)) => (self.now.since(*since), SEEN),
                    None => return LATER,
                }
            }
            _ => return LATER,
        };
        needed.saturating_sub(now)
    }

    /// Whether the shopper is in the stage of this name now.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn is_in(&self, stage: &str) -> bool {
        let place = self.stages.place(stage);
        place > 0 && place == self.visit.numbers[STAGE]
    }
}

/// The level of what is counted.
fn instead(now: u64, needed: u64) -> u64 {
    if now >= needed { 0 } else { LATER }
}
