//! What shoppers said.

use crate::store::Event;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One answer to one question.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Answer {
    /// Id of the prompt.
    pub prompt: String,
    /// Step in the prompt.
    pub step: String,
    /// Kind of the question: `nps`, `csat`, `ces`, `text`, `single`, …
    pub ask: String,
    /// What was chosen on a scale.
    pub score: Option<i64>,
    /// Points of the scale, where it is not the usual one of its kind.
    #[serde(skip)]
    pub scale: Option<i64>,
    /// What was written.
    pub text: Option<String>,
    /// What was picked.
    pub choice: Option<Vec<String>>,
    /// What its words are about, and how they feel, as the page understood them; none where there are no words or nothing was understood.
    pub themes: Vec<String>,
    /// See [`Self::themes`].
    pub emotion: Option<String>,
    /// Which run of the prompt it belongs to; joins a score and the words that follow it.
    pub sub: String,
    /// The stage in which it was asked for.
    pub stage: Option<String>,
    /// Milliseconds since the journey started.
    pub at: Option<i64>,
}

/// The answers of a journey in their order. A shopper who goes back and answers again gives one answer: the highest
/// `rev` of a step wins. Skipped steps are not answers.
///
/// An answer belongs to the stage in which the question was asked. Not to the one that it led to: a 9 or 10 enters
/// advocacy, and a stage that only satisfied shoppers can enter would always score 100.
pub fn of(events: &[Event]) -> Vec<Answer> {
    with_events(events).into_iter().map(|(answer, _)| answer).collect()
}

/// The same, each with the event that told it.
pub fn with_events(events: &[Event]) -> Vec<(Answer, &Event)> {
    let asked_in = |sub: &str| events.iter().find(|event| event.name == "prompt_shown" && self::sub(event) == sub);
    let answered = latest(events).into_iter().filter_map(|event| Some((answer(event)?, event)));
    answered
        .map(|(mut answer, event)| {
            if let Some(stage) = asked_in(&answer.sub).and_then(|shown| shown.stage.clone()) {
                answer.stage = Some(stage);
            }
            (answer, event)
        })
        .collect()
}

/// What decides which of two answers is the later one: revision, time, leg, number.
type Age<'a> = (i64, Option<i64>, &'a str, i64);

/// What was said last to each question of each run, skipped ones too, in the order of the events. Which of them arrived first does not matter.
pub fn latest(events: &[Event]) -> Vec<&Event> {
    let mut latest: BTreeMap<(String, String), (Age<'_>, usize)> = BTreeMap::new();
    for (index, event) in events.iter().enumerate().filter(|(_, event)| event.name == "prompt_answer") {
        let rev = event.data.get("rev").and_then(Value::as_i64).unwrap_or(0);
        // A revision is one event; where a tab was copied, or a page lies, there may be two.
        let age = (rev, event.at, event.leg.as_str(), event.seq);
        let place = latest.entry((sub(event), text(event, "step"))).or_insert((age, index));
        if age > place.0 {
            *place = (age, index);
        }
    }
    let mut winners: Vec<usize> = latest.into_values().map(|(_, index)| index).collect();
    winners.sort_unstable();
    winners.into_iter().filter_map(|index| events.get(index)).collect()
}

/// The run of the prompt; a prompt without one has one run per journey.
pub fn sub(event: &Event) -> String {
    event.data.get("sub").and_then(Value::as_str).map_or_else(|| text(event, "prompt"), str::to_owned)
}

/// What an event answers; a skipped question is not answered.
pub fn answer(event: &Event) -> Option<Answer> {
    if event.data.get("skipped").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let score = event.data.get("score").and_then(Value::as_i64);
    let words = event.data.get("text").and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let choice: Option<Vec<String>> = match event.data.get("choice") {
        Some(Value::Array(picked)) => Some(picked.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        Some(Value::String(picked)) => Some(vec![picked.clone()]),
        _ => None,
    };
    let choice = choice.filter(|picked| !picked.is_empty());
    let names = event.data.get("themes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let themes: Vec<String> = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let emotion = event.data.get("emotion").and_then(Value::as_str).map(str::to_owned);
    // Of words a shop may keep the themes alone.
    if score.is_none() && words.is_none() && choice.is_none() && themes.is_empty() {
        return None;
    }
    Some(Answer {
        prompt: text(event, "prompt"),
        step: text(event, "step"),
        ask: kind(event).0,
        score,
        scale: kind(event).1,
        text: words.map(str::to_owned),
        choice,
        themes,
        emotion,
        sub: sub(event),
        stage: event.stage.clone(),
        at: event.at,
    })
}

/// The kind of the question, and its points where the event tells them. `ces5` is ease from 1 to 5.
pub fn kind(event: &Event) -> (String, Option<i64>) {
    let (ask, scale) = (text(event, "ask"), event.data.get("scale").and_then(Value::as_i64));
    if ask == "ces5" { ("ces".to_owned(), Some(5)) } else { (ask, scale) }
}

/// A member of an event's data that is a text; empty where it is none.
pub fn text(event: &Event, member: &str) -> String {
    event.data.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn event(data: Value) -> Event {
        Event { name: "prompt_answer".into(), data: data.as_object().unwrap().clone(), ..Event::default() }
    }

    #[test]
    fn the_highest_revision_of_a_step_wins_whatever_the_order() {
        let events = [
            event(json!({"prompt":"p","sub":"s","step":"q1","rev":2,"ask":"nps","score":9})),
            event(json!({"prompt":"p","sub":"s","step":"q1","rev":1,"ask":"nps","score":3})),
            event(json!({"prompt":"p","sub":"s","step":"q2","rev":1,"ask":"text","text":" Kiitos "})),
            event(json!({"prompt":"p","sub":"t","step":"q1","rev":1,"ask":"nps","score":5})),
        ];
        let answers = of(&events);
        assert_eq!(answers.iter().map(|answer| answer.score).collect::<Vec<_>>(), [Some(9), None, Some(5)]);
        assert_eq!(answers[1].text.as_deref(), Some("Kiitos"));
    }

    #[test]
    fn themes_are_an_answer_without_the_words() {
        let events = [
            event(
                json!({"prompt":"p","sub":"s","step":"q1","rev":1,"ask":"text","themes":["delivery","price"],"emotion":"frustrated"}),
            ),
            event(json!({"prompt":"p","sub":"s","step":"q2","rev":1,"ask":"text","themes":"delivery","emotion":7})),
        ];
        let answers = of(&events);
        assert_eq!(answers.len(), 1);
        assert_eq!((answers[0].text.as_deref(), answers[0].emotion.as_deref()), (None, Some("frustrated")));
        assert_eq!(answers[0].themes, ["delivery", "price"]);
    }

    #[test]
    fn an_answer_belongs_to_the_stage_of_the_question() {
        let data = json!({"prompt":"p","sub":"s","step":"q1","rev":1,"ask":"nps","score":10});
        let shown = Event { name: "prompt_shown".into(), stage: Some("decision".into()), ..event(data.clone()) };
        let answered = Event { stage: Some("advocacy".into()), ..event(data) };
        assert_eq!(of(&[shown, answered.clone()])[0].stage.as_deref(), Some("decision"));
        assert_eq!(of(&[answered])[0].stage.as_deref(), Some("advocacy"));
    }

    #[test]
    fn a_skipped_or_empty_answer_is_none_and_skipping_takes_back() {
        let events = [
            event(json!({"prompt":"p","sub":"s","step":"q1","rev":1,"ask":"nps","score":9})),
            event(json!({"prompt":"p","sub":"s","step":"q1","rev":2,"ask":"nps","skipped":true})),
            event(json!({"prompt":"p","sub":"s","step":"q2","rev":1,"ask":"text","text":"  "})),
        ];
        assert_eq!(of(&events), []);
    }
}
