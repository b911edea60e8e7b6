//! What stands behind one cell of the map: everything that was seen there, whether those who met it bought, and journeys to look at.

use super::facts::{ById, Chosen, Fact, Facts, Id};
use super::mood::Mood;
use super::scores::MIN_N;
use super::share::{Gap, Share};
use super::touchpoints::LENSES;
use super::view::by_weight;
use super::voice::{self, Voice};
use serde::Serialize;

/// Journeys that lead on from a row.
const EXAMPLES: usize = 3;
/// The lens of what shoppers said.
pub const VOICE: &str = "voice";

/// One cell.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Cell {
    /// Below this many there are counts alone.
    pub min_n: u64,
    /// The stage.
    pub stage: String,
    /// The lens.
    pub lens: String,
    /// Journeys that entered the stage.
    pub entered: u64,
    /// How the stage felt.
    pub mood: Mood,
    /// What happened there, what got in the way first, then the most frequent.
    pub rows: Vec<Row>,
    /// What was said there; of the lens `voice` alone.
    pub voice: Option<Voice>,
}

/// Something that happened.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "CellRow")]
pub struct Row {
    /// Its name.
    pub name: String,
    /// It got in the way.
    pub friction: bool,
    /// Times.
    pub times: u64,
    /// Of those that entered the stage, how many met it.
    pub met: Share,
    /// Of these, how many bought.
    pub bought: Share,
    /// How far that lies from those who entered the stage and did not meet it.
    pub gap: Option<Gap>,
    /// The newest journeys in which it happened.
    pub examples: Vec<String>,
}

#[derive(Default)]
struct Met<'a> {
    journeys: u64,
    bought: u64,
    times: u64,
    newest: Vec<&'a Fact>,
}

/// Whether there is such a lens.
pub fn is_lens(lens: &str) -> bool {
    lens == VOICE || LENSES.contains(&lens)
}

/// Counts the journeys that were chosen.
pub fn count(facts: &Facts, chosen: &Chosen, stage: &str, lens: &str) -> Cell {
    let id = facts.words.plain.find(&stage.to_owned());
    let (mut entered, mut bought, mut mood) = (0, 0, Mood::default());
    let mut met: ById<Id, Met<'_>> = ById::default();
    for fact in facts.all.iter().filter(|fact| fact.known && chosen.takes(fact)) {
        if fact.dwell.iter().all(|(at, _)| Some(*at) != id) {
            continue;
        }
        entered += 1;
        bought += u64::from(fact.bought);
        fact.felt.iter().filter(|(at, _)| Some(*at) == id).for_each(|(_, felt)| mood.add(*felt));
        for (moment, times) in &fact.moments {
            let what = facts.words.moments.word(*moment);
            if Some(what.stage) == id && what.lens == lens {
                met.entry(*moment).or_default().add(fact, *times);
            }
        }
    }
    let mut rows: Vec<Row> = met
        .into_iter()
        .map(|(moment, met)| {
            let what = facts.words.moments.word(moment);
            let others = (bought - met.bought, entered - met.journeys);
            Row {
                name: what.name.clone(),
                friction: what.friction,
                times: met.times,
                met: Share::new(met.journeys, entered),
                bought: Share::new(met.bought, met.journeys),
                gap: Gap::between((met.bought, met.journeys), others),
                examples: met.newest.iter().map(|fact| fact.id.to_string()).collect(),
            }
        })
        .collect();
    rows.sort_by(|a, b| (!a.friction, by_weight(&a.name, a.met.n)).cmp(&(!b.friction, by_weight(&b.name, b.met.n))));
    let voice = (lens == VOICE).then(|| voice::count_at(facts, chosen, |at| Some(at) == id));
    let (stage, lens) = (stage.to_owned(), lens.to_owned());
    Cell { min_n: MIN_N, stage, lens, entered, mood: mood.reckoned(), rows, voice }
}

impl<'a> Met<'a> {
    fn add(&mut self, fact: &'a Fact, times: u16) {
        self.journeys += 1;
        self.bought += u64::from(fact.bought);
        self.times += u64::from(times);
        let age = |fact: &Fact| std::cmp::Reverse((fact.started, fact.row));
        let at = self.newest.partition_point(|known| age(known) < age(fact));
        if at < EXAMPLES {
            self.newest.insert(at, fact);
            self.newest.truncate(EXAMPLES);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::{Feeling, Filter, Moment, Said};
    use super::*;

    #[test]
    fn a_cell_opens_to_what_happened_there_and_to_journeys() {
        let mut facts = Facts::default();
        let [decision, other, nps] = ["decision", "other", "nps"].map(|word| facts.words.plain.of(&word.to_owned()));
        let mut moment = |stage, lens, name: &str, friction| {
            facts.words.moments.of(&Moment { stage, lens, name: name.to_owned(), friction })
        };
        let (cart, declined, elsewhere) = (
            moment(decision, "tech", "retry", false),
            moment(decision, "tech", "payment_declined", true),
            moment(other, "tech", "js_error", true),
        );
        for row in 0..100 {
            let moments: Box<[(Id, u16)]> =
                if row < 40 { Box::new([(declined, 2), (cart, 1)]) } else { Box::new([(cart, 1), (elsewhere, 1)]) };
            facts.put(Fact {
                row,
                id: format!("j{row}").into(),
                started: if row == 7 { 999 } else { row },
                known: true,
                bought: row >= 30,
                dwell: Box::new([(decision, 1)]),
                felt: Box::new([(decision, Feeling::Neutral), (other, Feeling::Frustrated)]),
                moments,
                said: Box::new([Said {
                    ask: nps,
                    score: Some(9),
                    stage: if row < 50 { decision } else { other },
                    ..Said::default()
                }]),
                ..Fact::default()
            });
        }
        facts.put(Fact { row: 500, known: true, dwell: Box::new([(other, 1)]), ..Fact::default() });
        let all = Filter::default().choose(&facts.words).unwrap();
        let cell = count(&facts, &all, "decision", "tech");
        assert_eq!((cell.entered, cell.mood.n, cell.mood.neutral), (100, 100, 100));
        let rows: Vec<_> =
            cell.rows.iter().map(|row| (row.name.as_str(), row.met.n, row.times, row.bought.percent)).collect();
        assert_eq!(rows, [("payment_declined", 40, 80, Some(25.0)), ("retry", 100, 100, Some(70.0))]);
        assert_eq!((cell.rows[0].gap.unwrap().points, cell.rows[1].gap), (-75.0, None));
        assert_eq!(cell.rows[0].examples, ["j7", "j39", "j38"], "the newest first");
        assert!(cell.voice.is_none());
        let voice = count(&facts, &all, "decision", VOICE);
        assert_eq!((voice.rows.len(), voice.voice.unwrap().scores.nps.n), (0, 50));
        let nowhere = count(&facts, &all, "nobody-was-here", VOICE);
        assert_eq!((nowhere.entered, nowhere.voice.unwrap().scores.nps.n), (0, 0));
        assert!(is_lens("voice") && is_lens("did") && !is_lens("smelt"));
    }
}
