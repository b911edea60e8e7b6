//! A browser with one asker in each document: it keeps what is to be kept, and takes the steps of a walk.

use polku_core::Device;
use polku_core::asker::{Asker, By, Cue, End, Scene, Wish, busy, may};
use polku_core::{Framework, Millis};
use serde_json::{Value, json};

const DOORS: [&str; 10] = ["direct", "search", "social", "mail", "shop", "comparison", "ai", "", "other", "unknown"];
const FRAMEWORK: [&str; 5] = ["awareness", "consideration", "decision", "retention", "advocacy"];

pub(crate) struct World {
    pub(crate) now: u64,
    /// A Monday at midnight, as the scene's minutes count.
    pub(crate) asker: Asker,
    heads: Vec<Value>,
    scene: Scene,
    pub(crate) flags: u8,
    /// What the browser keeps: with the tab, and for good.
    tab: String,
    local: String,
    pub(crate) busy: u8,
    visits: u64,
    start: u64,
    stage: u64,
    orders: u64,
    past: [u64; 3],
    door: u64,
    variants: String,
    hidden: bool,
    path: String,
    /// `id trigger first` of what opened, `id, reason, when` of what did not.
    pub(crate) opened: Vec<String>,
    pub(crate) suppressed: Vec<(String, &'static str, u64)>,
    /// Whether the newest one opened by itself; and each with its time, its page and its visit.
    pub(crate) log: Vec<Opened>,
    pub(crate) open: Option<usize>,
    pub(crate) pages: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) at: u64,
    pub(crate) auto: bool,
    pub(crate) page: u64,
    pub(crate) visit: u64,
    pub(crate) flags: u8,
    pub(crate) busy: u8,
    pub(crate) shown: Option<u64>,
    pub(crate) end: Option<End>,
    pub(crate) hidden: bool,
    pub(crate) ordered: bool,
}

/// The bits of words.
fn flags(words: &str) -> u8 {
    words.split(' ').fold(0, |bits, word| {
        bits | match word {
            "measure" => may::ASK | may::MEASURE,
            "remember" => may::REMEMBER,
            "feedback" => may::ASK,
            _ => 0,
        }
    })
}

impl World {
    pub(crate) fn new(case: &Value) -> Self {
        let scene = &case["scene"];
        let is = |name: &str| scene[name] == true;
        let touch = is("touch");
        let width = scene["width"].as_u64().unwrap_or(1_280) as u32;
        let scene_of = Scene {
            device: Device::of(width, touch),
            touch,
            locale: scene["locale"].as_str().unwrap_or("en").to_owned(),
            automation: is("automation"),
            saves_data: is("saves"),
            quiet: is("quiet"),
            seed: 7,
            minute: scene["minute"].as_u64().unwrap_or_default() as u32,
            framework: String::new(),
        };
        let now = 20_780 * 86_400_000;
        let mut world = Self {
            now,
            asker: Asker::new(scene_of.clone()),
            heads: case["prompts"].as_array().unwrap().clone(),
            scene: scene_of,
            flags: flags(scene["consent"].as_str().unwrap_or("measure remember")),
            tab: String::new(),
            local: String::new(),
            busy: 0,
            visits: 1,
            start: now,
            stage: 0,
            orders: 0,
            past: [1, 0, 0],
            door: 0,
            variants: "{}".into(),
            hidden: false,
            path: "/".into(),
            opened: vec![],
            suppressed: vec![],
            log: vec![],
            open: None,
            pages: 0,
        };
        assert_eq!(Framework::new("").stage("decision").map(|stage| stage.place()), Some(2));
        world.begin("/");
        world
    }

    /// Another document.
    fn begin(&mut self, path: &str) {
        self.asker = Asker::new(self.scene.clone());
        (self.open, self.hidden) = (None, false);
        self.pages += 1;
        self.flags &= !may::ORDERED;
        path.clone_into(&mut self.path);
        let heads = Value::Array(self.heads.clone()).to_string();
        self.cue(Cue::Prompts(&heads));
        self.cue(Cue::Page { path, route: false });
        self.allow();
        self.happened("page_view", "");
    }

    pub(crate) fn allow(&mut self) {
        let measure = self.flags & may::MEASURE != 0;
        let (visit, past) = (self.tab.clone(), self.local.clone());
        let visit = if measure { visit } else { String::new() };
        let past = if measure && self.flags & may::REMEMBER != 0 { past } else { String::new() };
        self.cue(Cue::May { flags: self.flags, visit: &visit, past: &past });
    }

    /// As the engine tells it.
    pub(crate) fn happened(&mut self, name: &str, data: &str) {
        if self.flags & may::MEASURE == 0 {
            return;
        }
        let [visit, orders, age] = if self.flags & may::REMEMBER == 0 { [0; 3] } else { self.past };
        let text = format!(
            "journey{:09}\nleg00\n{}\n,{},{},0,0,{},{},{},{},{visit},{orders},{age}\n{}\n{name}\n{data}",
            self.visits,
            self.path,
            self.start,
            self.now - self.start,
            self.stage,
            self.orders,
            self.door,
            self.door,
            self.variants,
        );
        self.cue(Cue::Happened(&text));
    }

    pub(crate) fn cue(&mut self, cue: Cue<'_>) {
        self.asker.handle(Millis(self.now), cue);
        let measure = self.flags & may::MEASURE != 0;
        while let Some(wish) = self.asker.poll() {
            match wish {
                Wish::Open { id, trigger, pill, user } => {
                    assert!(self.open.is_none(), "{id} opens over another one");
                    self.opened.push(format!("{id} {trigger} {}", if pill { "pill" } else { "card" }));
                    self.open = Some(self.log.len());
                    let ordered = self.flags & may::ORDERED != 0 || trigger == "purchase";
                    self.log.push(Opened {
                        id,
                        at: self.now,
                        auto: !user,
                        page: self.pages,
                        visit: self.visits,
                        flags: self.flags,
                        busy: self.busy,
                        shown: None,
                        end: None,
                        hidden: self.hidden,
                        ordered,
                    });
                }
                Wish::Suppressed { id, reason, .. } => self.suppressed.push((id, reason.as_str(), self.now)),
                Wish::Look => {
                    let past = if self.flags & may::REMEMBER == 0 { String::new() } else { self.local.clone() };
                    self.cue(Cue::Found { busy: self.busy, past: &past });
                }
                Wish::Keep { visit, past } => {
                    assert!(measure, "something is kept without measure");
                    assert!(past.is_empty() || past == "-" || self.flags & may::REMEMBER != 0, "{past}");
                    if !visit.is_empty() {
                        self.tab = visit;
                    }
                    if !past.is_empty() {
                        self.local = if past == "-" { String::new() } else { past };
                    }
                }
                Wish::Observe { what, selectors } => {
                    assert!(measure || what == 0 && selectors.is_empty(), "it looks at a page that is not measured");
                }
                Wish::Quiet => {
                    assert!(!measure);
                    self.scene.quiet = true;
                }
                Wish::Launchers(_) => {}
            }
        }
    }

    /// Time passes, and what is due on the way is told.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now + ms;
        let mut turns = 0;
        while let Some(due) = self.asker.deadline().filter(|due| due.0 <= end) {
            self.now = self.now.max(due.0);
            self.cue(Cue::Tick);
            turns += 1;
            // What is retried is retried every two seconds.
            assert!(turns <= 1_000 + ms / 1_000, "it wakes up again and again");
            // Days go by with nobody there.
            if ms > 3_600_000 && turns > 2_000 {
                break;
            }
        }
        self.now = end;
    }

    pub(crate) fn hide(&mut self, hidden: bool) {
        self.hidden = hidden;
        self.cue(Cue::Visibility { hidden });
    }

    pub(crate) fn leave(&mut self) {
        if !self.hidden {
            self.hide(true);
        }
    }

    pub(crate) fn end(&mut self, end: End) {
        if let Some(open) = self.open {
            if end == End::Shown {
                self.log[open].shown = Some(self.now);
            }
            // The engine tells all tabs that a prompt has opened by itself.
            if self.log[open].auto && !matches!(end, End::Failed | End::Answered) && self.flags & may::MEASURE != 0 {
                self.flags |= may::ASKED;
            }
            if !matches!(end, End::Shown | End::Answered) {
                self.log[open].end = Some(end);
                self.open = None;
            }
            self.cue(Cue::Ended(end));
            self.allow();
        }
    }

    pub(crate) fn load(&mut self, path: &str) {
        self.leave();
        self.begin(path);
    }

    /// Another visit of the same browser.
    pub(crate) fn visit(&mut self, path: &str) {
        self.leave();
        self.visits += 1;
        self.past[0] = self.past[0].max(1);
        (self.start, self.stage, self.orders) = (self.now, 0, 0);
        self.flags &= !may::ASKED;
        // The tab is another one.
        self.tab.clear();
        self.begin(path);
    }

    /// The visit is that one of many.
    pub(crate) fn set_visit(&mut self, nth: u64) {
        self.visits = nth + 10;
        self.start = self.now;
        self.tab.clear();
    }

    pub(crate) fn step(&mut self, step: &str) {
        let (verb, rest) = step.split_once(' ').unwrap_or((step, ""));
        let number = || rest.parse().unwrap();
        match verb {
            "load" => self.load(rest),
            "route" => {
                rest.clone_into(&mut self.path);
                self.pages += 1;
                self.cue(Cue::Page { path: rest, route: true });
                self.happened("page_view", "");
            }
            "visit" => self.visit(rest),
            "tab" => {
                self.leave();
                self.tab.clear();
                self.begin(rest);
            }
            "did" => {
                let (name, data) = rest.split_once(' ').unwrap_or((rest, ""));
                self.happened(name, data);
            }
            "stage" => {
                self.stage = FRAMEWORK.iter().position(|stage| *stage == rest).unwrap() as u64 + 1;
                self.happened("stage_enter", "{}");
            }
            "scroll" => self.cue(Cue::Scrolled(number())),
            "exit" => self.cue(Cue::Exit(number())),
            "up" => self.cue(Cue::Up(number())),
            "active" => self.cue(Cue::Active),
            "hidden" => self.hide(true),
            "visible" => self.hide(false),
            "sees" => self.cue(Cue::Seen { selector: &json!(rest).to_string(), seen: true }),
            "unsees" => self.cue(Cue::Seen { selector: &json!(rest).to_string(), seen: false }),
            "busy" => {
                let of = |word| match word {
                    "typing" => busy::TYPING,
                    "dialog" => busy::DIALOG,
                    "payment" => busy::PAYMENT,
                    "banner" => busy::BANNER,
                    _ => 0,
                };
                self.busy = rest.split(' ').fold(0, |bits, word| bits | of(word));
            }
            "grant" | "refuse" => {
                let before = self.flags & may::MEASURE;
                let (asked, ordered) = (self.flags & may::ASKED, self.flags & may::ORDERED);
                self.flags = flags(rest);
                if self.flags & may::MEASURE == 0 {
                    self.flags |= ordered;
                }
                if before & self.flags != 0 {
                    self.flags |= asked;
                }
                if before == 0 && self.flags & may::MEASURE != 0 {
                    (self.start, self.visits) = (self.now, self.visits + 1);
                }
                if before != 0 && self.flags & may::MEASURE == 0 {
                    // The engine erases, and closes what is open.
                    self.open = None;
                    (self.tab, self.local) = (String::new(), String::new());
                }
                self.allow();
                if before == 0 {
                    self.happened("page_view", "");
                }
            }
            "order" => {
                self.flags |= may::ORDERED;
                self.allow();
            }
            "variant" => rest.clone_into(&mut self.variants),
            "orders" => self.past[1] = number().into(),
            "visits" => self.past[0] = number().into(),
            "age" => self.past[2] = number().into(),
            "door" => self.door = DOORS.iter().position(|door| *door == rest).unwrap() as u64,
            "version" => {
                let (id, version) = rest.split_once(' ').unwrap();
                let head = self.heads.iter_mut().find(|head| head["id"] == id).unwrap();
                head["version"] = version.parse::<u64>().unwrap().into();
            }
            "api" => self.cue(Cue::Asked { id: rest, by: By::Api }),
            "launcher" => self.cue(Cue::Asked { id: rest, by: By::Launcher }),
            "link" => self.cue(Cue::Asked { id: rest, by: By::Link }),
            "shown" => self.end(End::Shown),
            "answered" => self.end(End::Answered),
            "completed" => self.end(End::Completed),
            "dismissed" => self.end(End::Dismissed),
            "snoozed" => self.end(End::Snoozed),
            "never" => self.end(End::Never),
            "abandoned" => self.end(End::Gone),
            "failed" => self.end(End::Failed),
            time => {
                let split = time.find(|c: char| !c.is_ascii_digit()).unwrap();
                let (count, unit) = time.split_at(split);
                let unit = match unit {
                    "ms" => 1,
                    "s" => 1_000,
                    "m" => 60_000,
                    "h" => 3_600_000,
                    "d" => 86_400_000,
                    _ => panic!("unknown step {step}"),
                };
                let ms = count.parse::<u64>().unwrap() * unit;
                // Nobody sits before the page for days.
                if ms >= 3_600_000 {
                    self.leave();
                }
                self.pass(ms);
            }
        }
    }
}
