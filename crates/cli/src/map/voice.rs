//! What shoppers say: scores over time and by stage, what it is about, and the words themselves beside the path that led to them.

use super::answers::Answer;
use super::facts::filter::day_of;
use super::facts::{ById, Chosen, Facts, Feeling, Id, NONE, Said};
use super::scores::{MIN_N, Scores};
use serde::Serialize;
use std::collections::BTreeMap;

/// Words that are sent: the newest.
const WORDS: usize = 60;
const WEEK: i64 = 7 * 86_400;
/// 1970 began on a Thursday; weeks begin on Mondays (ISO 8601).
const MONDAY: i64 = 4 * 86_400;

/// What shoppers say.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Voice {
    /// Below this many there are counts and no scores.
    pub min_n: u64,
    /// Over all.
    pub scores: Scores,
    /// By week, the oldest first.
    pub weeks: Vec<Week>,
    /// By stage, in the order of the path.
    pub stages: Vec<StageVoice>,
    /// What it is about, the most frequent first.
    pub themes: Vec<Theme>,
    /// The newest words.
    pub words: Vec<Words>,
    /// How shoppers came to know the shop, as they tell it, and other choices: by prompt and step.
    pub choices: Vec<Choices>,
}

/// A week.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Week {
    /// Its Monday.
    pub from: String,
    /// What was said in it.
    pub scores: Scores,
}

/// A stage.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct StageVoice {
    /// Its name; empty for answers without a path.
    pub stage: String,
    /// What was said of it.
    pub scores: Scores,
}

/// What words are about.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Theme {
    /// Its name.
    pub theme: String,
    /// Answers.
    pub n: u64,
    /// Of these, by how they sound.
    pub emotions: BTreeMap<&'static str, u64>,
}

/// What was written.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Words {
    /// Scrubbed on the shopper's device.
    pub text: String,
    /// The day.
    pub day: String,
    /// Prompt.
    pub prompt: String,
    /// The stage in which it was asked.
    pub stage: String,
    /// A score that was given in the same run of the prompt, and of which kind.
    pub score: Option<i64>,
    /// Kind of that question.
    pub ask: String,
    /// What it is about.
    pub themes: Vec<String>,
    /// How it sounds.
    pub emotion: Option<Feeling>,
    /// The journey, and the stages that led to it.
    pub journey: String,
    /// Stages in the order in which they were visited.
    pub path: Vec<String>,
}

/// What was picked at one question.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "QuestionChoices")]
pub struct Choices {
    /// Prompt.
    pub prompt: String,
    /// Step.
    pub step: String,
    /// Shoppers who answered.
    pub n: u64,
    /// Each choice with how many picked it, the most frequent first.
    pub picked: Vec<(String, u64)>,
}

const EMOTIONS: [&str; 4] = ["frustrated", "confused", "neutral", "satisfied"];

/// Counts what was said in the journeys that were chosen.
pub fn count(facts: &Facts, chosen: &Chosen) -> Voice {
    count_at(facts, chosen, |_| true)
}

/// … at some stages alone.
pub fn count_at(facts: &Facts, chosen: &Chosen, here: impl Fn(Id) -> bool) -> Voice {
    let word = |id: Id| facts.words.plain.word(id).clone();
    let mut scores = Scores::default();
    let mut weeks: BTreeMap<i64, Scores> = BTreeMap::new();
    let mut stages: ById<Id, Scores> = ById::default();
    let mut themes: ById<Id, Theme> = ById::default();
    let mut choices: ById<(Id, Id), (u64, ById<Id, u64>)> = ById::default();
    let mut texts = Vec::new();
    for fact in facts.all.iter().filter(|fact| !fact.said.is_empty() && chosen.takes(fact)) {
        for said in fact.said.iter().filter(|said| here(said.stage)) {
            if said.score.is_some() {
                let answer = Answer { ask: word(said.ask), score: said.score, scale: said.scale, ..Answer::default() };
                scores.add(&answer);
                weeks.entry((fact.started - MONDAY).div_euclid(WEEK)).or_default().add(&answer);
                stages.entry(said.stage).or_default().add(&answer);
            }
            for theme in &said.themes {
                let theme = themes.entry(*theme).or_default();
                theme.n += 1;
                *theme.emotions.entry(EMOTIONS[said.emotion.unwrap_or_default() as usize]).or_default() += 1;
            }
            if !said.choice.is_empty() {
                let (n, picked) = choices.entry((said.prompt, said.step)).or_default();
                *n += 1;
                said.choice.iter().for_each(|choice| *picked.entry(*choice).or_default() += 1);
            }
            if !said.text.is_empty() {
                texts.push((fact, said));
            }
        }
    }
    texts.sort_by(|(a, _), (b, _)| (b.started, &b.id).cmp(&(a.started, &a.id)));
    let words = texts.into_iter().take(WORDS).map(|(fact, said)| {
        let scored = |other: &&Said| other.run == said.run && other.score.is_some();
        let scored = fact.said.iter().find(scored);
        Words {
            text: said.text.to_string(),
            day: day_of(fact.started),
            prompt: word(said.prompt),
            stage: word(said.stage),
            score: scored.and_then(|said| said.score),
            ask: word(scored.map_or(NONE, |said| said.ask)),
            themes: said.themes.iter().map(|theme| word(*theme)).collect(),
            emotion: said.emotion,
            journey: fact.id.to_string(),
            path: fact.path.iter().map(|stage| word(*stage)).collect(),
        }
    });
    Voice {
        min_n: MIN_N,
        scores,
        words: words.collect(),
        weeks: weeks.into_iter().map(|(week, scores)| Week { from: day_of(week * WEEK + MONDAY), scores }).collect(),
        stages: by_stage(stages, word),
        themes: {
            let mut themes: Vec<Theme> =
                themes.into_iter().map(|(id, theme)| Theme { theme: word(id), ..theme }).collect();
            themes.sort_by(|a, b| b.n.cmp(&a.n).then(a.theme.cmp(&b.theme)));
            themes
        },
        choices: by_question(choices, word),
    }
}

fn by_stage(stages: ById<Id, Scores>, word: impl Fn(Id) -> String) -> Vec<StageVoice> {
    let mut stages: Vec<StageVoice> =
        stages.into_iter().map(|(stage, scores)| StageVoice { stage: word(stage), scores }).collect();
    let place = |stage: &str| super::touchpoints::STAGES.iter().position(|known| *known == stage).unwrap_or(usize::MAX);
    stages.sort_by(|a, b| (place(&a.stage), &a.stage).cmp(&(place(&b.stage), &b.stage)));
    stages
}

fn by_question(choices: ById<(Id, Id), (u64, ById<Id, u64>)>, word: impl Fn(Id) -> String) -> Vec<Choices> {
    let mut all: Vec<Choices> = choices
        .into_iter()
        .map(|((prompt, step), (n, picked))| {
            let mut picked: Vec<(String, u64)> = picked.into_iter().map(|(choice, n)| (word(choice), n)).collect();
            picked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            Choices { prompt: word(prompt), step: word(step), n, picked }
        })
        .collect();
    all.sort_by(|a, b| b.n.cmp(&a.n).then((&a.prompt, &a.step).cmp(&(&b.prompt, &b.step))));
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::{Fact, Filter};
    use super::*;

    #[test]
    fn what_was_said_stands_where_and_when_it_was_said() {
        let mut facts = Facts::default();
        let mut id = |word: &str| facts.words.plain.of(&word.to_owned());
        let (nps, text, decision, delivery, prompt, step) =
            (id("nps"), id("text"), id("decision"), id("delivery"), id("order"), id("q"));
        for row in 0..40 {
            let score = Said {
                ask: nps,
                score: Some(if row < 10 { 3 } else { 9 }),
                stage: decision,
                prompt,
                step,
                ..Said::default()
            };
            let words = Said {
                ask: text,
                text: format!("words {row}").into(),
                themes: Box::new([delivery]),
                emotion: Some(Feeling::Frustrated),
                stage: decision,
                ..Said::default()
            };
            let picked = Said { choice: Box::new([delivery]), prompt, step, ..Said::default() };
            // The last ones on the Monday after.
            let started = if row < 35 { 1_795_305_600 } else { 1_795_392_000 };
            facts.put(Fact {
                row,
                id: format!("{row:016}").into(),
                started,
                known: true,
                path: Box::new([decision]),
                said: Box::new([score, words, picked]),
                ..Fact::default()
            });
        }
        let voice = count(&facts, &Filter::default().choose(&facts.words).unwrap());
        assert_eq!((voice.scores.nps.n, voice.scores.nps.score), (40, Some(50)));
        let weeks: Vec<_> = voice.weeks.iter().map(|week| (week.from.as_str(), week.scores.nps.n)).collect();
        assert_eq!(weeks, [("2026-11-16", 35), ("2026-11-23", 5)]);
        assert_eq!((voice.stages[0].stage.as_str(), voice.stages[0].scores.nps.n), ("decision", 40));
        assert_eq!(
            (voice.themes[0].theme.as_str(), voice.themes[0].n, voice.themes[0].emotions["frustrated"]),
            ("delivery", 40, 40)
        );
        assert_eq!(
            (voice.words[0].text.as_str(), voice.words[0].score, voice.words[0].path.as_slice()),
            ("words 39", Some(9), &["decision".to_owned()][..])
        );
        assert_eq!((voice.choices[0].n, voice.choices[0].picked[0].1), (40, 40));
    }
}
