//! One prompt's rule, and its triggers. Those that happen at a moment (a touchpoint, a stage that is left, a pointer that leaves) are met; those that are
//! reached (a time, a depth, a number of pages) have a level, which says how long to wait for it.

use super::read::{List, list, number, text};
use super::{Asker, DWELL, SEEN, observe};
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
    /// The head, as JSON.
    pub(super) head: String,
    /// Which triggers have been reached on this page, and which reasons were told: a bit each.
    pub(super) fired: u32,
    pub(super) told: u32,
}

impl Rule {
    /// `None` where `head` is none.
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
            version: number(head, "version").unwrap_or(1),
            help: text(head, "kind") == "help",
            delay: number(when, "delayMs").unwrap_or_default(),
            priority: super::limits::of(head, "priority").unwrap_or(50),
            staged: find(who, "stage").is_some()
                || list(member(who, "all")).any(|condition| find(condition, "stage").is_some()),
            pill: text(ui, "layout") == "pill",
            automation: find(quiet, "automation") == Some("false"),
            launcher: if launcher == "true" { 2 } else { u8::from(launcher.starts_with('"')) },
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
pub(super) fn stage(trigger: &str) -> Option<&str> {
    find(trigger, "is").and_then(crate::json::inside)
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
            "stage" | "stage_left" => stage(trigger) == Some(is),
            "exit_intent" => is.is_empty() || find(trigger, is) == Some("true"),
            // The days come from what the engine remembers, and are in `is`.
            "after_purchase" => {
                let days = number(trigger, "days").unwrap_or_default();
                let until = number(trigger, "until").unwrap_or(days + 30);
                words::number(is).is_some_and(|day| (days..=until).contains(&day))
            }
            _ => true,
        }
}

/// How far a trigger is from being reached.
#[derive(Default)]
pub(super) struct Level {
    pub(super) reached: bool,
    /// In ms, where it is a matter of time alone.
    pub(super) wait: Option<u64>,
}

impl Level {
    /// Of what counts on while the page is seen: `now` of `needed`.
    fn of(now: u64, needed: u64) -> Self {
        Self { reached: now >= needed, wait: (now < needed).then(|| needed - now) }
    }
}

impl Asker {
    /// How far `trigger` is.
    pub(super) fn level(&self, trigger: &str) -> Level {
        let page = &self.page;
        let ms = || number(trigger, "seconds").map_or(u64::MAX, |seconds| seconds.saturating_mul(1_000));
        let instead =
            |now: u64, needed: Option<u64>| Level { reached: needed.is_some_and(|needed| now >= needed), wait: None };
        match word(trigger) {
            "time" => Level::of(page.seen, ms()),
            "inactivity" if self.hidden.is_none() => Level::of(self.now.since(page.active), ms()),
            "stage" if self.is_in(stage(trigger)) && page.stage < DWELL => Level::of(self.visit.dwell, DWELL),
            "stage_time" if self.visit.stage > 0 && page.stage < ms() => Level::of(self.visit.dwell, ms()),
            "scroll" => instead(page.scrolled.into(), number(trigger, "percent")),
            "page_views" => instead(self.visit.pages, number(trigger, "count")),
            "visible" if self.hidden.is_none() => {
                let since = page.views.iter().find(|(known, _)| Some(&**known) == selector(trigger));
                since.map_or_else(Level::default, |(_, since)| Level::of(self.now.since(*since), SEEN))
            }
            _ => Level::default(),
        }
    }

    /// Whether the shopper is in the stage of this name now.
    pub(super) fn is_in(&self, stage: Option<&str>) -> bool {
        let place = self.stages.place(stage.unwrap_or_default());
        place > 0 && place == self.visit.stage
    }
}
