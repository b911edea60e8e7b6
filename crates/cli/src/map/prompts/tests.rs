//! Judged by hand: small tables of runs, with what must come of them; and what must not matter.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use serde_json::json;

fn event(leg: &str, seq: i64, at: i64, name: &str, data: Value) -> Event {
    Event {
        leg: leg.into(),
        seq,
        at: Some(at),
        name: name.into(),
        stage: Some("decision".into()),
        data: data.as_object().unwrap().clone(),
        ..Event::default()
    }
}

fn shown(sub: &str) -> Event {
    event("aaaaa", 1, 100, "prompt_shown", json!({"prompt": "p", "version": 1, "sub": sub, "trigger": "purchase"}))
}

fn answer(seq: i64, sub: &str, step: &str, rev: i64, rest: Value) -> Event {
    let mut data = json!({"prompt": "p", "version": 1, "sub": sub, "step": step, "rev": rev});
    data.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    event("aaaaa", seq, 100 * seq, "prompt_answer", data)
}

fn closed(seq: i64, sub: &str, reason: &str) -> Event {
    event(
        "aaaaa",
        seq,
        100 * seq,
        "prompt_closed",
        json!({"prompt": "p", "sub": sub, "reason": reason, "partial": false}),
    )
}

fn count(journeys: &[Vec<Event>]) -> Prompts {
    filtered(journeys, &Filter::default())
}

fn filtered(journeys: &[Vec<Event>], filter: &Filter) -> Prompts {
    let runs: Vec<Run> = journeys.iter().flat_map(|events| runs(events)).collect();
    super::count(runs.iter(), filter)
}

/// Forty journeys: 10 see it and go, 6 say nothing to it at all, 24 answer, of whom 20 come to the end.
fn forty() -> Vec<Vec<Event>> {
    (0..40)
        .map(|n| {
            let mut events = vec![shown("s")];
            match n {
                0..10 => events.push(closed(2, "s", "dismissed")),
                10..16 => (),
                _ => {
                    let score = if n < 36 { 9 } else { 3 };
                    events.push(answer(2, "s", "q", 1, json!({"ask": "nps", "score": score})));
                    let why = if n % 2 == 0 {
                        json!({"ask": "text", "text": "Hyvä"})
                    } else {
                        json!({"ask": "text", "skipped": true})
                    };
                    events.push(answer(3, "s", "why", 1, why));
                    events.push(closed(4, "s", if n < 36 { "completed" } else { "dismissed" }));
                }
            }
            events
        })
        .collect()
}

#[test]
fn rates_and_answers_by_hand() {
    let all = count(&forty());
    let [prompt] = &all.prompts[..] else { panic!("{all:?}") };
    assert_eq!((prompt.prompt.as_str(), prompt.version), ("p", 1));
    assert_eq!((prompt.shown, prompt.engaged, prompt.completed, prompt.alone), (40, 24, 20, 0));
    // 24 / 40; of the 24 there are too few for the other.
    assert_eq!((prompt.response, prompt.completion), (Some(60.0), None));
    assert_eq!(json!(prompt.ended), json!({"dismissed": 14, "completed": 20}));
    let [q, why] = &prompt.steps[..] else { panic!("{prompt:?}") };
    assert_eq!((q.step.as_str(), q.n, q.skipped, q.words), ("q", 24, 0, 0));
    let Some(Score::Nps(nps)) = &q.score else { panic!("{q:?}") };
    assert_eq!((nps.n, nps.promoters, nps.detractors, nps.score), (24, 20, 4, None), "n too small");
    // 12 of 24 wrote something; the others skipped, and a skip is no answer.
    assert_eq!((why.step.as_str(), why.n, why.skipped, why.words, &why.score), ("why", 12, 12, 12, &None));
}

#[test]
fn skips_do_not_pull_a_score_towards_nothing() {
    // 30 promoters and 30 skips: 100, not 50.
    let journeys: Vec<Vec<Event>> = (0..60)
        .map(|n| {
            let said = if n < 30 { json!({"ask": "nps", "score": 10}) } else { json!({"ask": "nps", "skipped": true}) };
            vec![shown("s"), answer(2, "s", "q", 1, said), closed(3, "s", "completed")]
        })
        .collect();
    let all = count(&journeys);
    let step = &all.prompts[0].steps[0];
    let Some(Score::Nps(nps)) = &step.score else { panic!() };
    assert_eq!((nps.n, nps.score, step.skipped), (30, Some(100), 30));
    assert_eq!((all.prompts[0].response, all.prompts[0].completion), (Some(100.0), Some(100.0)));
}

#[test]
fn the_highest_revision_wins_and_a_skip_takes_back() {
    let journeys = [vec![
        shown("s"),
        answer(5, "s", "q", 3, json!({"ask": "csat", "score": 5})),
        answer(4, "s", "q", 2, json!({"ask": "csat", "score": 1})),
        answer(6, "s", "b", 1, json!({"ask": "csat", "score": 4})),
        answer(7, "s", "b", 2, json!({"ask": "csat", "skipped": true})),
    ]];
    let all = count(&journeys);
    let steps = &all.prompts[0].steps;
    let Some(Score::Csat(csat)) = &steps.iter().find(|step| step.step == "q").unwrap().score else { panic!() };
    assert_eq!(csat.counts, [0, 0, 0, 0, 1]);
    let b = steps.iter().find(|step| step.step == "b").unwrap();
    assert_eq!((b.n, b.skipped, &b.score), (0, 1, &None));
}

#[test]
fn answers_nobody_told_the_showing_of_are_in_no_rate() {
    // Without consent to measure only answers come: forty of them, and one that was seen and closed.
    let mut journeys: Vec<Vec<Event>> = (0..40)
        .map(|_| {
            let mut alone = answer(1, "s", "q", 1, json!({"ask": "nps", "score": 8}));
            (alone.at, alone.stage) = (None, None);
            vec![alone]
        })
        .collect();
    journeys.push(vec![shown("s"), closed(2, "s", "dismissed")]);
    let all = count(&journeys);
    let prompt = &all.prompts[0];
    assert_eq!((prompt.shown, prompt.engaged, prompt.alone, prompt.response), (1, 0, 40, None));
    assert_eq!(prompt.steps[0].n, 40);
    assert_eq!(all.stages, ["decision", NO_STAGE]);
    let none = Filter { stage: Some(NO_STAGE.into()), ..Filter::default() };
    assert_eq!(filtered(&journeys, &none).prompts[0].shown, 0);
}

#[test]
fn picks_are_counted_by_person() {
    let journeys: Vec<Vec<Event>> = (0..30)
        .map(|n| {
            let picked = match n {
                0..6 => json!(["b"]),
                6..9 => json!(["b", "a", "b"]),
                _ => json!(["c"]),
            };
            vec![shown("s"), answer(2, "s", "q", 1, json!({"ask": "multi", "choice": picked}))]
        })
        .collect();
    let all = count(&journeys);
    let step = &all.prompts[0].steps[0];
    assert_eq!(step.n, 30);
    let counted: Vec<_> = step.choices.iter().map(|one| (one.choice.as_str(), one.n)).collect();
    assert_eq!(counted, [("c", 21), ("b", 9), ("a", 3)]);
    // 9 of 30: (0.3 + 0.0640) / 1.1281 = 0.3227 ± 0.1561, as for the 21 from the other side.
    assert_eq!(step.choices[1].share, Some((30.0, 16.7, 47.9)));
    assert_eq!(step.choices[0].share, Some((70.0, 52.1, 83.3)));
}

#[test]
fn versions_kinds_and_scales_are_not_mixed() {
    let one = |version: i64, rest: Value| {
        let mut event = answer(2, "s", "q", 1, rest);
        event.data.insert("version".into(), version.into());
        vec![event]
    };
    let all = count(&[
        one(1, json!({"ask": "ces", "score": 7})),
        one(2, json!({"ask": "ces", "score": 5, "scale": 5})),
        one(2, json!({"ask": "ces", "score": 6})),
        one(2, json!({"ask": "rating", "score": 4, "scale": 5})),
        one(2, json!({"ask": "rating", "score": 6, "scale": 5})),
    ]);
    assert_eq!(all.prompts.iter().map(|prompt| prompt.version).collect::<Vec<_>>(), [1, 2]);
    let mut kinds: Vec<_> = all.prompts[1].steps.iter().map(|step| json!(step.score)["metric"].clone()).collect();
    kinds.sort_by_key(ToString::to_string);
    assert_eq!(kinds, ["ces", "ces5", "rating"]);
    let rating = all.prompts[1].steps.iter().find(|step| step.ask == "rating").unwrap();
    assert_eq!(rating.n, 1, "6 is not on a scale of five");
    // Ease from 1 to 5 by its short name, and a skip of the same question beside it.
    let all = count(&[one(1, json!({"ask": "ces5", "score": 4})), one(1, json!({"ask": "ces5", "skipped": true}))]);
    let [step] = &all.prompts[0].steps[..] else { panic!("{all:?}") };
    let Some(Score::Ces5(scale)) = &step.score else { panic!("{step:?}") };
    assert_eq!((step.n, step.skipped, scale.good, step.ask.as_str()), (1, 1, 1, "ces"));
}

#[test]
fn a_stage_and_a_door_can_be_asked_for() {
    let with = |door: &str, stage: &str, score: i64| {
        let page = event("aaaaa", 1, 0, "page_view", json!({"door": door}));
        let mut events = vec![page, shown("s"), answer(3, "s", "q", 1, json!({"ask": "nps", "score": score}))];
        events[1].stage = Some(stage.into());
        events[2].stage = Some("advocacy".into());
        events
    };
    let journeys = [with("search", "decision", 9), with("mail", "retention", 8), with("unknown", "decision", 7)];
    let all = count(&journeys);
    assert_eq!(
        (all.stages, all.doors),
        (vec!["decision".to_owned(), "retention".into()], vec!["mail".to_owned(), "search".into()])
    );
    let n = |stage: Option<&str>, door: Option<&str>| {
        let filter = Filter { stage: stage.map(str::to_owned), door: door.map(str::to_owned), ..Filter::default() };
        filtered(&journeys, &filter).prompts.first().map_or(0, |prompt| prompt.shown)
    };
    assert_eq!(n(None, None), 3);
    assert_eq!((n(Some("decision"), None), n(Some("retention"), None), n(Some("advocacy"), None)), (2, 1, 0));
    assert_eq!((n(None, Some("search")), n(Some("decision"), Some("mail")), n(None, Some("unknown"))), (1, 0, 0));
}

#[test]
fn what_shoppers_came_to_do_can_be_asked_for() {
    let with = |purpose: &str, score: i64| {
        let mut told = answer(2, "t", "purpose", 1, json!({"ask": "single", "choice": [purpose]}));
        told.data.insert("prompt".into(), "purpose".into());
        vec![shown("s"), told, answer(3, "s", "q", 1, json!({"ask": "nps", "score": score}))]
    };
    let journeys =
        [with("gift", 9), with("buy", 3), vec![shown("s"), answer(3, "s", "q", 1, json!({"ask": "nps", "score": 7}))]];
    assert_eq!(count(&journeys).purposes, ["buy", "gift"]);
    let gift = Filter { purpose: Some("gift".into()), ..Filter::default() };
    let found = filtered(&journeys, &gift);
    let Some(Score::Nps(nps)) = &found.prompts.iter().find(|one| one.prompt == "p").unwrap().steps[0].score else {
        panic!()
    };
    assert_eq!((nps.n, nps.promoters), (1, 1));
    assert_eq!(found.purposes, ["buy", "gift"], "what can be asked for stays");
}

/// A small generator: the same numbers on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    /// A journey with two legs and two runs, in which questions are answered, answered again and skipped.
    fn journey(&mut self) -> Vec<Event> {
        let mut events = vec![event("aaaaa", 1, 0, "page_view", json!({"door": self.one(&["search", "mail"])}))];
        for sub in ["s", "t"] {
            let mut revs = [0; 3];
            if self.roll(4) > 0 {
                events.push(event(
                    "aaaaa",
                    2 + i64::from(sub == "t"),
                    100,
                    "prompt_shown",
                    json!({"prompt": "p", "version": 1, "sub": sub}),
                ));
            }
            for _ in 0..self.roll(7) {
                let step = self.roll(3);
                revs[step] += 1;
                let kind = ["nps", "multi", "text"][step];
                let said = match (step, self.roll(4)) {
                    (_, 0) => json!({"ask": kind, "skipped": true}),
                    (0, _) => json!({"ask": "nps", "score": self.roll(12)}),
                    (1, _) => json!({"ask": "multi", "choice": [self.one(&["a", "b"]), "c"]}),
                    _ => json!({"ask": "text", "text": "x"}),
                };
                let mut one = answer(10 + events.len() as i64, sub, ["q", "m", "w"][step], revs[step], said);
                one.leg = self.one(&["aaaaa", "bbbbb"]).into();
                one.at = Some(self.one(&[500, 500, 900])); // moments that are shared
                events.push(one);
            }
            if self.roll(2) > 0 {
                events.push(closed(
                    90 + i64::from(sub == "t"),
                    sub,
                    self.one(&["completed", "dismissed", "abandoned"]),
                ));
            }
        }
        events
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.roll(at + 1);
            list.swap(at, other);
        }
    }
}

#[test]
fn neither_order_nor_repetition_nor_earlier_answers_matter() {
    let mut some = 0;
    for seed in 1..=300_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let journeys: Vec<Vec<Event>> = (0..40).map(|_| dice.journey()).collect();
        let expected = count(&journeys);
        some += expected.prompts.first().map_or(0, |prompt| prompt.engaged);

        let mut other = journeys.clone();
        dice.shuffle(&mut other);
        for events in &mut other {
            // Each event may come again, in any place.
            let twice: Vec<Event> = events.iter().filter(|_| dice.roll(3) == 0).cloned().collect();
            events.extend(twice);
            dice.shuffle(events);
        }
        assert_eq!(count(&other), expected, "order or repetition, seed {seed}");

        // An answer that was mended counts as if it had been given so at once; every event in which something was mended is gone.
        let mut last = journeys.clone();
        for events in &mut last {
            let kept: Vec<Event> = answers::latest(events).into_iter().cloned().collect();
            events.retain(|event| event.name != "prompt_answer" || kept.contains(event));
        }
        assert_eq!(count(&last), expected, "earlier revisions, seed {seed}");
    }
    assert!(some > 10_000, "{some} runs with answers are too few to show anything");
}

#[test]
fn adding_two_halves_is_adding_the_whole() {
    let journeys = forty();
    let (one, other) = journeys.split_at(17);
    let turned: Vec<Vec<Event>> = other.iter().chain(one).cloned().collect();
    assert_eq!(count(&turned), count(&journeys));
}
