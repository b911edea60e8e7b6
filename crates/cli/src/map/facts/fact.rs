//! What the map knows of one journey: everything that a view counts, and nothing else, in some two hundred bytes.

use super::names::{Id, NONE, Names};
use crate::map::answers::{self, text};
use crate::map::journey::Journey;
use crate::map::prompts::{Run, runs};
use crate::map::touchpoints::{self, Role};
use crate::store::{Event, JourneyRecord};
use serde_json::Value;

/// One journey.
#[derive(Debug, Default, PartialEq)]
pub struct Fact {
    /// Its row, by which it is found again.
    pub row: i64,
    /// Its id, and the shop's key.
    pub id: Box<str>,
    /// The shop's key.
    pub key: Id,
    /// Unix seconds.
    pub started: i64,
    /// Device class.
    pub device: Id,
    /// Language of the page.
    pub lang: Id,
    /// Where the shopper came from: the first touch.
    pub door: Id,
    /// Where from the last time.
    pub last_door: Id,
    /// The campaign's own word for itself, of the same touch as the door.
    pub campaign: Id,
    /// Who reported the consent to `measure`, by name.
    pub reporter: Id,
    /// An answer that was sent alone: it came without consent, and says nothing of its journey.
    pub alone: bool,
    /// Milliseconds from the start to the last event.
    pub last: i64,
    /// There is a path: the shopper agreed to `measure`.
    pub known: bool,
    /// Something was bought.
    pub bought: bool,
    /// Something got in the way, whether it is told where or not.
    pub hindered: bool,
    /// What was paid, in hundredths, where it is told as a number.
    pub paid: Option<i64>,
    /// In which currency.
    pub currency: Id,
    /// Milliseconds from the start to the first purchase.
    pub bought_at: Option<i64>,
    /// `first`, `second` or `third_or_later`.
    pub order: Id,
    /// Days since the order before this visit, as a band (`0-14`, `15-30`, `31-90`, …), where it may be known.
    pub since_order: Id,
    /// Not the first visit, where it may be known.
    pub returning: Option<bool>,
    /// Trials, `name=value` each.
    pub variants: Box<[Id]>,
    /// Stages in the order in which they were visited.
    pub path: Box<[Id]>,
    /// Milliseconds in each stage.
    pub dwell: Box<[(Id, i64)]>,
    /// How each stage felt.
    pub felt: Box<[(Id, Feeling)]>,
    /// What happened, each once, with how often.
    pub moments: Box<[(Id, u16)]>,
    /// What was seen, put into the cart and bought.
    pub items: Reached,
    /// Categories, likewise.
    pub categories: Reached,
    /// What was said.
    pub said: Box<[Said]>,
    /// Prompts that it met.
    pub runs: Box<[Run]>,
    /// Events.
    pub events: u32,
}

/// The newest of these, the newest first.
pub fn newest<'a>(facts: impl Iterator<Item = &'a Fact>, many: usize) -> Vec<&'a Fact> {
    let mut all: Vec<(i64, i64, &Fact)> = facts.map(|fact| (fact.started, fact.row, fact)).collect();
    let order = |a: &(i64, i64, &Fact), b: &(i64, i64, &Fact)| (b.0, b.1).cmp(&(a.0, a.1));
    if many < all.len() {
        all.select_nth_unstable_by(many, order);
        all.truncate(many);
    }
    all.sort_unstable_by(order);
    all.into_iter().map(|(.., fact)| fact).collect()
}

/// How far each thing that is sold has come: bits of [`SEEN`], [`CART`], [`BOUGHT`].
pub type Reached = Box<[(Id, u8)]>;

/// An item or a category was seen.
pub const SEEN: u8 = 1;
/// … put into the cart.
pub const CART: u8 = 2;
/// … bought.
pub const BOUGHT: u8 = 4;

/// How a stage felt, or what was said: the emotions of the design, from worst to best.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Feeling {
    /// Something got in the way.
    Frustrated,
    /// The shopper did not find the way.
    Confused,
    /// Nothing to tell.
    #[default]
    Neutral,
    /// It went well.
    Satisfied,
}

impl Feeling {
    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "frustrated" => Self::Frustrated,
            "confused" => Self::Confused,
            "neutral" => Self::Neutral,
            "satisfied" => Self::Satisfied,
            _ => return None,
        })
    }
}

/// One answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Prompt.
    pub prompt: Id,
    /// Step.
    pub step: Id,
    /// Kind of the question.
    pub ask: Id,
    /// Points of the scale, where told.
    pub scale: Option<i64>,
    /// What was chosen on a scale.
    pub score: Option<i64>,
    /// What was picked.
    pub choice: Box<[Id]>,
    /// What it is about.
    pub themes: Box<[Id]>,
    /// How it sounds.
    pub emotion: Option<Feeling>,
    /// The stage in which it was asked.
    pub stage: Id,
    /// What was written.
    pub text: Box<str>,
    /// The run of the prompt, as a number within the journey.
    pub run: u16,
}

/// Something that happens: in a stage, seen through a lens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Stage.
    pub stage: Id,
    /// Lens.
    pub lens: &'static str,
    /// Name.
    pub name: String,
    /// It got in the way.
    pub friction: bool,
}

/// The words of all facts.
#[derive(Debug, Default)]
pub struct Words {
    /// Stages, devices, doors, prompts, choices, …: whatever is one word.
    pub plain: Names,
    /// What happens where.
    pub moments: Names<Moment>,
    /// Items.
    pub items: Names,
}

impl Words {
    fn some(&mut self, word: Option<&str>) -> Id {
        word.filter(|word| !word.is_empty()).map_or(NONE, |word| self.plain.of(&word.to_owned()))
    }

    fn list(&mut self, value: Option<&Value>) -> Box<[Id]> {
        let words = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        words.map(|word| self.plain.of(&word.to_owned())).filter(|id| *id != NONE).collect()
    }
}

impl Fact {
    /// What is known of a journey, from its events in order.
    pub fn new(words: &mut Words, record: JourneyRecord, events: &[Event]) -> Self {
        let row = record.cursor.row;
        let reporter = words.some(record.reporter.as_deref());
        let alone = record.reporter.is_none() && record.device.is_none() && record.lang.is_none();
        let journey = Journey::outline(record, events);
        let summaries = summaries(events);
        let told = |member: &str| summaries.iter().find_map(|summary| summary.data.get(member)).and_then(Value::as_str);
        let door = events.iter().find(|event| event.name == "page_view").map(|event| text(event, "door"));
        let door = door.filter(|door| !door.is_empty());
        let campaign = events.iter().find(|event| event.name == "page_view").map(|event| text(event, "campaign"));
        let mut fact = Self {
            row,
            id: journey.id.as_str().into(),
            key: words.some(Some(&journey.key)),
            started: journey.started,
            device: words.some(journey.device.as_deref()),
            lang: words.some(journey.lang.as_deref().map(|lang| lang.split('-').next().unwrap_or(lang))),
            door: words.some(door.as_deref().or_else(|| told("door"))),
            last_door: words
                .some(summaries.iter().rev().find_map(|one| one.data.get("last_door")).and_then(Value::as_str)),
            campaign: words.some(campaign.as_deref()),
            reporter,
            alone,
            last: events.iter().filter_map(|event| event.at).max().unwrap_or_default(),
            known: journey.path_known,
            bought: journey.purchase,
            hindered: !journey.friction.is_empty(),
            paid: journey.value.as_ref().and_then(Value::as_f64).map(|value| (value * 100.0).round() as i64),
            currency: words.some(journey.currency.as_deref()),
            bought_at: events.iter().find(|event| event.name == "purchase").and_then(|event| event.at),
            order: words.some(told("order")),
            since_order: words.some(told("since_order")),
            returning: summaries.iter().find_map(|summary| summary.data.get("returning")).and_then(Value::as_bool),
            path: journey.stages.iter().map(|stage| words.plain.of(stage)).collect(),
            dwell: journey.dwell.iter().map(|(stage, ms)| (words.plain.of(stage), *ms)).collect(),
            events: u32::try_from(events.len()).unwrap_or(u32::MAX),
            ..Self::default()
        };
        fact.variants = variants(words, events);
        fact.felt = felt(words, &summaries);
        fact.moments = moments(words, events);
        (fact.items, fact.categories) = items(words, events);
        fact.said = said(words, events);
        fact.runs = runs(events);
        fact
    }
}

/// The newest summary of each tab: they are summed.
fn summaries(events: &[Event]) -> Vec<&Event> {
    let rev = |event: &Event| event.data.get("rev").and_then(Value::as_i64).unwrap_or(0);
    let mut newest: Vec<&Event> = Vec::new();
    for event in events.iter().filter(|event| event.name == "journey_summary") {
        match newest.iter_mut().find(|other| text(other, "tab") == text(event, "tab")) {
            Some(other) if rev(other) <= rev(event) => *other = event,
            Some(_) => {}
            None => newest.push(event),
        }
    }
    newest
}

/// The last value of each trial: one that is named again gets the new value.
fn variants(words: &mut Words, events: &[Event]) -> Box<[Id]> {
    let mut last: Vec<(&str, &str)> = Vec::new();
    let trials = events.iter().filter_map(|event| event.data.get("variant")?.as_object());
    for (name, value) in trials.flatten().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))) {
        match last.iter_mut().find(|(known, _)| *known == name) {
            Some(trial) => trial.1 = value,
            None => last.push((name, value)),
        }
    }
    last.into_iter().map(|(name, value)| words.plain.of(&format!("{name}={value}"))).collect()
}

/// How each stage felt; where tabs differ, the worse.
fn felt(words: &mut Words, summaries: &[&Event]) -> Box<[(Id, Feeling)]> {
    let mut felt: Vec<(Id, Feeling)> = Vec::new();
    for (stage, told) in summaries.iter().filter_map(|summary| summary.data.get("stages")?.as_object()).flatten() {
        let Some(feeling) = told.get("emotion").and_then(Value::as_str).and_then(Feeling::parse) else { continue };
        let stage = words.plain.of(stage);
        match felt.iter_mut().find(|(known, _)| *known == stage) {
            Some((_, before)) if *before == Feeling::Neutral => *before = feeling,
            Some((_, before)) if feeling != Feeling::Neutral => *before = feeling.min(*before),
            Some(_) => {}
            None => felt.push((stage, feeling)),
        }
    }
    felt.into()
}

fn moments(words: &mut Words, events: &[Event]) -> Box<[(Id, u16)]> {
    let mut counted: Vec<(Id, u16)> = Vec::new();
    for event in events {
        let (Some(stage), role) = (&event.stage, touchpoints::role(&event.name)) else { continue };
        let lens = touchpoints::lens(event);
        let Some(lens) = touchpoints::LENSES.into_iter().find(|known| *known == lens) else { continue };
        if !matches!(role, Role::Touchpoint | Role::Friction) {
            continue;
        }
        let stage = words.plain.of(stage);
        let moment = Moment { stage, lens, name: touchpoints::label(event), friction: role == Role::Friction };
        let id = words.moments.of(&moment);
        match counted.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counted.push((id, 1)),
        }
    }
    counted.into()
}

/// How far each item, and each category, has come.
fn items(words: &mut Words, events: &[Event]) -> (Reached, Reached) {
    let (mut items, mut categories) = (Vec::new(), Vec::new());
    for event in events {
        let what = match event.name.as_str() {
            "view_item" => SEEN,
            "add_to_cart" => SEEN | CART,
            "purchase" => SEEN | CART | BOUGHT,
            _ => continue,
        };
        for item in event.data.get("items").and_then(Value::as_array).into_iter().flatten() {
            for (member, list) in [("item_id", &mut items), ("item_category", &mut categories)] {
                let Some(name) = item.get(member).and_then(Value::as_str) else { continue };
                let names = if member == "item_id" { &mut words.items } else { &mut words.plain };
                let id = names.of(&name.to_owned());
                match list.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, far)) => *far |= what,
                    None => list.push((id, what)),
                }
            }
        }
    }
    (items.into(), categories.into())
}

fn said(words: &mut Words, events: &[Event]) -> Box<[Said]> {
    let mut runs: Vec<String> = Vec::new();
    let mut all = Vec::new();
    // The answers in their order, each with the event that it came with.
    for (answer, event) in answers::with_events(events) {
        let run = runs.iter().position(|run| *run == answer.sub).unwrap_or_else(|| {
            runs.push(answer.sub.clone());
            runs.len() - 1
        });
        let choice = answer.choice.unwrap_or_default();
        all.push(Said {
            prompt: words.plain.of(&answer.prompt),
            step: words.plain.of(&answer.step),
            ask: words.plain.of(&answer.ask),
            scale: answer.scale,
            score: answer.score,
            choice: choice.iter().map(|choice| words.plain.of(choice)).collect(),
            themes: words.list(event.data.get("themes")),
            emotion: Feeling::parse(&text(event, "emotion")),
            stage: words.some(answer.stage.as_deref()),
            text: answer.text.unwrap_or_default().into(),
            run: u16::try_from(run).unwrap_or(u16::MAX),
        });
    }
    all.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(at: i64, name: &str, stage: &str, data: Value) -> Event {
        Event {
            at: Some(at),
            name: name.into(),
            stage: Some(stage.into()),
            data: data.as_object().cloned().unwrap_or_default(),
            ..Event::default()
        }
    }

    #[test]
    fn a_journey_is_all_there() {
        let item = json!({"items":[{"item_id":"A","item_category":"Coffee"}]});
        let events = [
            event(
                0,
                "page_view",
                "awareness",
                json!({"door":"search","campaign":"autumn","variant":{"button":"green"}}),
            ),
            event(900, "view_item", "consideration", item.clone()),
            event(1500, "add_to_cart", "decision", item.clone()),
            event(1600, "rage_click", "decision", json!({})),
            event(1700, "rage_click", "decision", json!({})),
            event(
                5000,
                "purchase",
                "decision",
                json!({"value":48.5,"currency":"EUR","items":[{"item_id":"A","item_category":"Coffee"}]}),
            ),
            event(
                5100,
                "prompt_answer",
                "decision",
                json!({"prompt":"p","sub":"s","step":"q","rev":1,"ask":"text","text":"Late","themes":["delivery"],"emotion":"frustrated"}),
            ),
            event(
                6000,
                "journey_summary",
                "decision",
                json!({"tab":"t","rev":1,"order":"first","returning":true,"last_door":"mail","stages":{"decision":{"emotion":"satisfied"}}}),
            ),
            event(
                6100,
                "journey_summary",
                "decision",
                json!({"tab":"t","rev":2,"order":"second","returning":true,"last_door":"mail","stages":{"decision":{"emotion":"frustrated"}}}),
            ),
            event(
                6200,
                "journey_summary",
                "decision",
                json!({"tab":"u","rev":1,"stages":{"decision":{"emotion":"neutral"}}}),
            ),
        ];
        let mut words = Words::default();
        let fact = Fact::new(&mut words, JourneyRecord { key: "pk".into(), ..JourneyRecord::default() }, &events);
        let word = |id: Id| words.plain.word(id).as_str();
        assert_eq!(word(fact.campaign), "autumn");
        assert_eq!(
            (word(fact.door), word(fact.last_door), word(fact.order), fact.returning),
            ("search", "mail", "second", Some(true))
        );
        assert_eq!(
            (fact.bought, fact.paid, word(fact.currency), fact.bought_at),
            (true, Some(4850), "EUR", Some(5000))
        );
        assert_eq!(
            fact.path.iter().map(|stage| word(*stage)).collect::<Vec<_>>(),
            ["awareness", "consideration", "decision"]
        );
        assert_eq!(fact.variants.iter().map(|id| word(*id)).collect::<Vec<_>>(), ["button=green"]);
        assert_eq!(
            fact.felt.iter().map(|(stage, felt)| (word(*stage), *felt)).collect::<Vec<_>>(),
            [("decision", Feeling::Frustrated)]
        );
        let friction = fact.moments.iter().find(|(id, _)| words.moments.word(*id).friction);
        assert_eq!(
            friction.map(|(id, count)| (words.moments.word(*id).name.as_str(), *count)),
            Some(("rage_click", 2))
        );
        assert_eq!(fact.items.as_ref(), [(1, SEEN | CART | BOUGHT)]);
        assert_eq!(fact.categories.iter().map(|(id, far)| (word(*id), *far)).collect::<Vec<_>>(), [("Coffee", 7)]);
        let said = &fact.said[0];
        assert_eq!(
            (said.themes.iter().map(|id| word(*id)).collect::<Vec<_>>(), said.emotion, &*said.text),
            (vec!["delivery"], Some(Feeling::Frustrated), "Late")
        );
    }

    #[test]
    fn an_answer_alone_has_no_path() {
        let answer = Event {
            name: "prompt_answer".into(),
            data: json!({"prompt":"p","step":"q","ask":"nps","score":9}).as_object().cloned().unwrap_or_default(),
            ..Event::default()
        };
        let fact = Fact::new(&mut Words::default(), JourneyRecord::default(), &[answer]);
        assert_eq!((fact.known, fact.path.len(), fact.said.len(), fact.said[0].stage), (false, 0, 1, NONE));
    }
}
