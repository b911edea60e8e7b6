//! The gap: what the shop believes that shoppers feel beside what they felt and said; what was expected beside what came; how shoppers say they came
//! to know the shop beside the door they came through.

use super::facts::{ById, Chosen, Fact, Facts, Feeling, Id, NONE, Said};
use super::mood::Mood;
use super::scores::{Asked, MIN_N};
use super::share::{Gap, Share};
use super::touchpoints::STAGES;
use crate::statements::Belief;
use serde::Serialize;
use std::collections::HashMap;

/// Groups of one kind that are listed.
const TOP: usize = 20;
/// The step that asks whether an order met expectations, in whichever prompt, and its choices.
const EXPECTED: &str = "expected";
const CHOICES: [&str; 3] = ["exceeded", "met", "short"];
/// The kind of the question how a shopper first heard of the shop.
const TOLD: &str = "discovery";

/// What is believed, promised and told, beside what was.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Gaps {
    /// Below this many there are counts alone.
    pub min_n: u64,
    /// The shop has stated what it believes of some stage.
    pub stated: bool,
    /// Stage by stage.
    pub stages: Vec<Believed>,
    /// Did orders meet expectations.
    pub promise: Promise,
    /// How shoppers first heard of the shop, as they tell it.
    pub told: Told,
}

/// A stage, as it is believed to feel and as it did.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Believed {
    /// The stage.
    pub stage: String,
    /// What the shop believes.
    pub belief: Option<Feeling>,
    /// Why it does.
    pub note: Option<String>,
    /// What the pages saw: how the stage felt, of each journey.
    pub felt: Mood,
    /// What shoppers said: scores that were asked for at the stage, and how words sound where no score stands beside them.
    pub said: Mood,
    /// Of `felt`, how many felt as believed; none without a belief.
    pub felt_so: Option<Share>,
    /// Of `said`, likewise.
    pub said_so: Option<Share>,
}

/// Whether orders were what was expected of them. Visits are never joined: a door, a campaign and a category are those of the visit in which the
/// shopper answered.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Promise {
    /// Over all.
    pub all: Expectation,
    /// By where the shopper came from.
    pub door: Vec<Expectation>,
    /// By the campaign that led here.
    pub campaign: Vec<Expectation>,
    /// By category of what was looked at or bought; a visit may count in several.
    pub category: Vec<Expectation>,
}

/// Answers of one group.
#[derive(Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Expectation {
    /// Its name; empty where it was not told.
    pub name: String,
    /// Answers.
    pub n: u64,
    /// It was better than expected.
    pub exceeded: u64,
    /// It was as expected.
    pub met: u64,
    /// It fell short.
    pub short: u64,
    /// Of all, how many were as expected or better.
    pub kept: Share,
    /// How far that lies from all others.
    pub gap: Option<Gap>,
}

/// Told first touches.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Told {
    /// Answers.
    pub n: u64,
    /// The doors of these visits, the most frequent first.
    pub doors: Vec<(String, u64)>,
    /// Each answer, the most frequent first.
    pub touches: Vec<Touch>,
}

/// One way in which shoppers say that they first heard of the shop.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Touch {
    /// What was picked.
    pub name: String,
    /// Of all answers, how many.
    pub share: Share,
    /// Through which doors these visits came, in the order of [`Told::doors`].
    pub doors: Vec<u64>,
}

/// Exceeded, met, short.
type Counted = [u64; 3];

/// Counts the journeys that were chosen, beside what the shop believes.
pub fn count(facts: &Facts, chosen: &Chosen, beliefs: &[Belief]) -> Gaps {
    let find = |word: &str| facts.words.plain.find(&word.to_owned());
    let asks = ["nps", "csat", "ces"].map(|ask| (find(ask), ask));
    let (expected, told) = (find(EXPECTED), find(TOLD));
    let choices = CHOICES.map(find);
    let mut moods: ById<Id, (Mood, Mood)> = ById::default();
    let mut all = Counted::default();
    let mut groups: [ById<Id, Counted>; 3] = Default::default();
    let mut touches: ById<(Id, Id), u64> = ById::default();
    for fact in facts.all.iter().filter(|fact| chosen.takes(fact)) {
        for (stage, felt) in fact.felt.iter().filter(|_| fact.known) {
            moods.entry(*stage).or_default().0.add(*felt);
        }
        for said in fact.said.iter() {
            if let Some(feeling) = feeling(fact, said, &asks) {
                moods.entry(said.stage).or_default().1.add(feeling);
            }
            let Some(picked) = said.choice.first().copied() else { continue };
            let kept = choices.iter().position(|choice| *choice == Some(picked));
            if let (true, Some(kept)) = (Some(said.step) == expected, kept) {
                all[kept] += 1;
                groups[0].entry(fact.door).or_default()[kept] += 1;
                groups[1].entry(fact.campaign).or_default()[kept] += 1;
                for (category, _) in &fact.categories {
                    groups[2].entry(*category).or_default()[kept] += 1;
                }
            }
            if Some(said.ask) == told {
                *touches.entry((picked, fact.door)).or_default() += 1;
            }
        }
    }
    let word = |id: Id| facts.words.plain.word(id).clone();
    let [door, campaign, category] = groups.map(|groups| listed(groups, all, word));
    Gaps {
        min_n: MIN_N,
        stated: !beliefs.is_empty(),
        stages: stages(moods, beliefs, word),
        promise: Promise { all: expectation(String::new(), all, Counted::default()), door, campaign, category },
        told: first_touches(touches, word),
    }
}

/// How an answer feels: a score by its number; words by how they sound, unless a score of the same run says it already.
fn feeling(fact: &Fact, said: &Said, asks: &[(Option<Id>, &str); 3]) -> Option<Feeling> {
    let of = |said: &Said| {
        let (_, ask) = asks.iter().find(|(id, _)| *id == Some(said.ask))?;
        Asked::of(ask, said.scale)?.feeling(said.score?)
    };
    let beside = || fact.said.iter().any(|other| other.run == said.run && of(other).is_some());
    of(said).or_else(|| said.emotion.filter(|_| !beside()))
}

fn stages(moods: ById<Id, (Mood, Mood)>, beliefs: &[Belief], word: impl Fn(Id) -> String) -> Vec<Believed> {
    let mut moods: HashMap<String, (Mood, Mood)> =
        moods.into_iter().filter(|(stage, _)| *stage != NONE).map(|(stage, mood)| (word(stage), mood)).collect();
    let mut names: Vec<String> = STAGES.map(str::to_owned).into();
    let mut others: Vec<String> =
        moods.keys().cloned().chain(beliefs.iter().map(|belief| belief.stage.clone())).collect();
    others.retain(|name| !STAGES.contains(&name.as_str()));
    others.sort();
    others.dedup();
    names.extend(others);
    let told = |stage: String| {
        let belief = beliefs.iter().find(|belief| belief.stage == stage);
        let (felt, said) = moods.remove(&stage).unwrap_or_default();
        let so = |mood: &Mood| belief.map(|belief| Share::new(mood.of(belief.emotion), mood.n));
        Believed {
            stage,
            belief: belief.map(|belief| belief.emotion),
            note: belief.and_then(|belief| belief.note.clone()),
            felt_so: so(&felt),
            said_so: so(&said),
            felt: felt.reckoned(),
            said: said.reckoned(),
        }
    };
    names.into_iter().map(told).collect()
}

fn listed(groups: ById<Id, Counted>, all: Counted, word: impl Fn(Id) -> String) -> Vec<Expectation> {
    let mut listed: Vec<Expectation> =
        groups.into_iter().map(|(id, counted)| expectation(word(id), counted, all)).collect();
    listed.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.name.cmp(&b.name)));
    listed.truncate(TOP);
    listed
}

/// `all`: everybody, this group among them; nothing where it is held against nobody.
fn expectation(name: String, [exceeded, met, short]: Counted, all: Counted) -> Expectation {
    let n = exceeded + met + short;
    let others = (all[0] + all[1]).saturating_sub(exceeded + met);
    let of_others = all.iter().sum::<u64>().saturating_sub(n);
    Expectation {
        name,
        n,
        exceeded,
        met,
        short,
        kept: Share::new(exceeded + met, n),
        gap: Gap::between((exceeded + met, n), (others, of_others)),
    }
}

fn first_touches(touches: ById<(Id, Id), u64>, word: impl Fn(Id) -> String) -> Told {
    let n = touches.values().sum();
    let (mut doors, mut names): (ById<Id, u64>, ById<Id, u64>) = Default::default();
    for ((name, door), count) in &touches {
        *doors.entry(*door).or_default() += count;
        *names.entry(*name).or_default() += count;
    }
    let sorted = |counted: ById<Id, u64>| {
        let mut counted: Vec<(Id, String, u64)> = counted.into_iter().map(|(id, n)| (id, word(id), n)).collect();
        counted.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
        counted
    };
    let (doors, names) = (sorted(doors), sorted(names));
    let touches = names
        .into_iter()
        .map(|(id, name, count)| Touch {
            name,
            share: Share::new(count, n),
            doors: doors.iter().map(|(door, ..)| touches.get(&(id, *door)).copied().unwrap_or_default()).collect(),
        })
        .collect();
    Told { n, doors: doors.into_iter().map(|(_, door, n)| (door, n)).collect(), touches }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::{Filter, fact::SEEN};
    use super::*;

    fn gaps(facts: &Facts, beliefs: &[Belief]) -> Gaps {
        count(facts, &Filter::default().choose(&facts.words).unwrap(), beliefs)
    }

    #[test]
    fn what_is_believed_stands_beside_what_was_felt_and_said() {
        let mut facts = Facts::default();
        let [decision, nps, csat, text] =
            ["decision", "nps", "csat", "text"].map(|word| facts.words.plain.of(&word.to_owned()));
        for row in 0..80 {
            let score = |ask, score| Said { ask, score: Some(score), stage: decision, ..Said::default() };
            let words = Said {
                ask: text,
                emotion: Some(Feeling::Frustrated),
                stage: decision,
                text: "no".into(),
                ..Said::default()
            };
            let said: Vec<Said> = match row {
                0..40 => vec![score(nps, if row < 10 { 10 } else { 3 }), words],
                40..50 => vec![words],
                50..60 => vec![score(csat, 3)],
                _ => vec![],
            };
            let felt = if row < 20 { Feeling::Satisfied } else { Feeling::Neutral };
            facts.put(Fact {
                row,
                known: true,
                felt: Box::new([(decision, felt)]),
                said: said.into(),
                ..Fact::default()
            });
        }
        let belief = Belief { stage: "decision".into(), emotion: Feeling::Satisfied, note: Some("we ask".into()) };
        let told = gaps(&facts, &[belief]);
        let at = &told.stages[2];
        assert_eq!((told.stated, at.belief, at.note.as_deref()), (true, Some(Feeling::Satisfied), Some("we ask")));
        assert_eq!((at.felt.n, at.felt_so.unwrap().percent), (80, Some(25.0)));
        // Words beside a score are heard once.
        assert_eq!((at.said.n, at.said.satisfied, at.said.frustrated, at.said.neutral), (60, 10, 40, 10));
        assert_eq!(at.said_so.unwrap().percent, Some(16.7));
        assert!(told.stages[0].belief.is_none() && told.stages[0].felt_so.is_none());
        assert!(!gaps(&facts, &[]).stated);
    }

    #[test]
    fn a_promise_is_held_against_what_came() {
        let mut facts = Facts::default();
        let [expected, exceeded, met, short, mail, ad, cups] =
            ["expected", "exceeded", "met", "short", "mail", "ad", "Cups"]
                .map(|word| facts.words.plain.of(&word.to_owned()));
        for row in 0..100 {
            let picked = if row < 30 {
                met
            } else if row < 40 {
                exceeded
            } else {
                short
            };
            let said = Said { step: expected, choice: Box::new([picked]), ..Said::default() };
            let other = Said { step: expected, choice: Box::new([cups]), ..Said::default() };
            let categories: Box<[(Id, u8)]> = if row < 20 { Box::new([(cups, SEEN)]) } else { Box::default() };
            facts.put(Fact {
                row,
                known: true,
                door: if row < 50 { mail } else { ad },
                categories,
                said: Box::new([said, other]),
                ..Fact::default()
            });
        }
        let promise = gaps(&facts, &[]).promise;
        assert_eq!((promise.all.n, promise.all.exceeded, promise.all.met, promise.all.short), (100, 10, 30, 60));
        assert_eq!((promise.all.kept.percent, promise.all.gap), (Some(40.0), None));
        let doors: Vec<_> = promise.door.iter().map(|one| (one.name.as_str(), one.n, one.kept.percent)).collect();
        assert_eq!(doors, [("ad", 50, Some(0.0)), ("mail", 50, Some(80.0))]);
        assert!(promise.door[1].gap.is_some_and(|gap| gap.points == 80.0 && gap.low > 60.0));
        assert_eq!((promise.category.len(), promise.category[0].n, promise.category[0].kept.percent), (1, 20, None));
        assert_eq!((promise.campaign[0].name.as_str(), promise.campaign[0].n), ("", 100));
    }

    #[test]
    fn what_is_told_is_crossed_with_the_door() {
        let mut facts = Facts::default();
        let [ask, friend, search, direct] =
            ["discovery", "friend", "search", "direct"].map(|word| facts.words.plain.of(&word.to_owned()));
        for row in 0..40 {
            let said = Said { ask, choice: Box::new([if row < 30 { friend } else { search }]), ..Said::default() };
            let door = if !(10..35).contains(&row) { search } else { direct };
            facts.put(Fact { row, known: true, door, said: Box::new([said]), ..Fact::default() });
        }
        let told = gaps(&facts, &[]).told;
        assert_eq!((told.n, told.doors), (40, vec![("direct".into(), 25), ("search".into(), 15)]));
        let touches: Vec<_> =
            told.touches.iter().map(|one| (one.name.as_str(), one.share.percent, one.doors.clone())).collect();
        assert_eq!(touches, [("friend", Some(75.0), vec![20, 10]), ("search", Some(25.0), vec![5, 5])]);
    }
}
