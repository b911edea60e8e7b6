//! What the map counts, by hand and of a million.
#![allow(clippy::unwrap_used)]

use super::super::facts::{Feeling, Filter, Moment};
use super::super::outcome::Outcome;
use super::super::standing::Verdict;
use super::super::{cell, cost, gap};
use super::*;
use std::time::Instant;

fn whole(facts: &Facts) -> Map {
    count(facts, &Filter::default().choose(&facts.words).unwrap(), &[])
}

fn word(facts: &mut Facts, word: &str) -> Id {
    facts.words.plain.of(&word.to_owned())
}

fn moment(facts: &mut Facts, stage: Id, lens: &'static str, name: &str, friction: bool) -> Id {
    facts.words.moments.of(&Moment { stage, lens, name: name.into(), friction })
}

#[test]
fn the_median_of_none_one_two_three() {
    assert_eq!(median(&mut []), None);
    assert_eq!(median(&mut [7]), Some(7));
    assert_eq!(median(&mut [9, 1]), Some(5));
    assert_eq!(median(&mut [9, 1, 2]), Some(2));
    assert_eq!(median(&mut [9, 1, 2, 4]), Some(3));
}

#[test]
fn an_empty_map_has_five_stages_and_no_numbers() {
    let map = whole(&Facts::default());
    assert_eq!(map.stages.iter().map(|stage| stage.stage.as_str()).collect::<Vec<_>>(), STAGES);
    assert_eq!(map.totals.conversion, None);
    assert!(map.stages.iter().all(|stage| stage.entered == 0 && stage.share.is_none()));
}

#[test]
fn what_happened_stands_in_its_stage_and_lens() {
    let mut facts = Facts::default();
    let (decision, own) = (word(&mut facts, "decision"), word(&mut facts, "own-stage"));
    let page = moment(&mut facts, decision, "did", "page_view", false);
    let (cart, checkout) = (
        moment(&mut facts, decision, "did", "add_to_cart", false),
        moment(&mut facts, decision, "did", "begin_checkout", false),
    );
    let rage = moment(&mut facts, decision, "felt", "rage_click", true);
    for row in 0..40 {
        let mut moments = vec![(page, 3), (checkout, 1)];
        if row < 30 {
            moments.push((cart, 1));
        }
        if row < 10 {
            moments.push((rage, 2));
        }
        facts.put(Fact {
            row,
            known: true,
            bought: row < 20,
            hindered: row < 10,
            dwell: [(decision, 1000 + row)].into_iter().chain((row == 0).then_some((own, 5))).collect(),
            path: if row < 4 { Box::new([decision, own, decision]) } else { Box::new([decision]) },
            felt: Box::new([(decision, if row < 10 { Feeling::Frustrated } else { Feeling::Satisfied })]),
            moments: moments.into(),
            ..Fact::default()
        });
    }
    let map = whole(&facts);
    assert_eq!(
        (map.totals.journeys, map.totals.purchases, map.totals.conversion, map.totals.with_friction),
        (40, 20, Some(0.5), 10)
    );
    assert_eq!(
        map.stages.iter().map(|stage| (stage.stage.as_str(), stage.entered)).collect::<Vec<_>>(),
        [("awareness", 0), ("consideration", 0), ("decision", 40), ("retention", 0), ("advocacy", 0), ("own-stage", 1)]
    );
    let at = &map.stages[2];
    assert_eq!((at.returned, at.dwell_median_ms, at.kpis[0].measured.value), (4, Some(1019), Some(50.0)));
    assert_eq!((at.mood.n, at.mood.frustrated, at.mood.balance), (40, 10, Some(50.0)));
    let did: Vec<_> = at.lenses["did"].iter().map(|one| (one.name.as_str(), one.journeys)).collect();
    assert_eq!(did, [("begin_checkout", 40), ("add_to_cart", 30), ("page_view", 40)], "a page view says least");
    assert_eq!(
        (at.friction[0].name.as_str(), at.friction[0].journeys, at.friction[0].count, at.friction[0].share),
        ("rage_click", 10, 20, 0.25)
    );
}

#[test]
fn a_stage_stands_beside_what_the_shop_wants_of_it() {
    let mut facts = Facts::default();
    let decision = word(&mut facts, "decision");
    for row in 0..100 {
        facts.put(Fact { row, known: true, bought: row < 25, dwell: Box::new([(decision, 1)]), ..Fact::default() });
    }
    let target = |stage: &str, kpi, target| Target { stage: stage.into(), kpi, target };
    let targets = [
        target("decision", Kpi::Conversion, 40.0),
        target("decision", Kpi::Nps, 30.0),
        target("awareness", Kpi::Reached, 50.0),
        target("nobody-knows-it", Kpi::Reached, 50.0),
    ];
    let map = count(&facts, &Filter::default().choose(&facts.words).unwrap(), &targets);
    let told = |at: usize| {
        map.stages[at].kpis.iter().map(|one| (one.kpi, one.measured.value, one.target, one.verdict)).collect::<Vec<_>>()
    };
    assert_eq!(
        told(2),
        [(Kpi::Conversion, Some(25.0), Some(40.0), Some(Verdict::Behind)), (Kpi::Nps, None, Some(30.0), None)]
    );
    assert_eq!(
        told(0),
        [(Kpi::Conversion, None, None, None), (Kpi::Reached, Some(0.0), Some(50.0), Some(Verdict::Behind))]
    );
    assert_eq!(map.stages.len(), 5);
}

#[test]
fn what_was_said_stands_where_it_was_asked_the_newest_words_first() {
    let mut facts = Facts::default();
    let [decision, nps, text, prompt, step] =
        ["decision", "nps", "text", "order", "q"].map(|one| word(&mut facts, one));
    // In no order, as they come from the database.
    for row in [3, 9, 1, 7, 5, 0, 8, 2, 6, 4] {
        let score = Said { ask: nps, score: Some(row), stage: decision, ..Said::default() };
        let words = Said { ask: text, text: format!("words {row}").into(), stage: decision, ..Said::default() };
        let picked = Said { choice: Box::new([prompt, step]), prompt, step, ..Said::default() };
        facts.put(Fact {
            row,
            started: row / 2,
            id: row.to_string().into(),
            known: true,
            said: Box::new([score, words, picked]),
            ..Fact::default()
        });
    }
    facts.put(Fact {
        row: 99,
        said: Box::new([Said { ask: nps, score: Some(10), ..Said::default() }]),
        ..Fact::default()
    });
    let map = whole(&facts);
    assert_eq!((map.totals.answers, map.totals.answers_without_path, map.totals.scores.nps.n), (31, 1, 11));
    let voice = &map.stages[2].voice;
    assert_eq!((voice.n, voice.scores.nps.n, voice.scores.nps.promoters), (20, 10, 1));
    let words: Vec<_> =
        voice.words.iter().map(|words| (words.text.as_str(), words.score, words.journey.as_str())).collect();
    assert_eq!(words[..2], [("words 9", Some(9), "9"), ("words 8", Some(8), "8")]);
    assert_eq!((words.len(), words[4].0), (5, "words 5"));
    assert_eq!((map.elsewhere.n, map.elsewhere.scores.nps.promoters), (11, 1));
    assert_eq!(map.elsewhere.choices[0].top, [("order".to_owned(), 10), ("q".to_owned(), 10)]);
}

#[test]
fn a_filter_takes_some_of_it() {
    let mut facts = Facts::default();
    let (mail, green) = (word(&mut facts, "mail"), word(&mut facts, "button=green"));
    for row in 0..40 {
        let door = if row < 10 { mail } else { NONE };
        let variants: Box<[Id]> = if row % 4 == 0 { Box::new([green]) } else { Box::new([]) };
        facts.put(Fact { row, known: true, door, variants, ..Fact::default() });
    }
    let some = |filter: Filter| count(&facts, &filter.choose(&facts.words).unwrap(), &[]).totals.journeys;
    assert_eq!(some(Filter { door: Some("mail".into()), ..Filter::default() }), 10);
    assert_eq!(some(Filter { variant: Some("button=green".into()), ..Filter::default() }), 10);
    assert_eq!(some(Filter { variant: Some("button=blue".into()), ..Filter::default() }), 0);
}

/// As many journeys as a large shop has in a year, each with a path of eight, ten touchpoints and now and then an answer.
fn million() -> Facts {
    let mut facts = Facts::default();
    let stages = STAGES.map(|stage| word(&mut facts, stage));
    let moments: Vec<Id> = (0..60)
        .map(|n| moment(&mut facts, stages[n % 5], LENSES[n % 4], &format!("touchpoint {n}"), n % 7 == 0))
        .collect();
    let [nps, mail, search] = ["nps", "mail", "search"].map(|one| word(&mut facts, one));
    let mut drawn: u64 = 7;
    let mut draw = move |below: u64| {
        drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (drawn >> 33) % below
    };
    for row in 0..1_000_000 {
        let path: Box<[Id]> = (0..8).map(|_| stages[draw(5) as usize]).collect();
        let mut entered: Vec<(Id, i64)> = Vec::new();
        for stage in &path {
            if entered.iter().all(|(known, _)| known != stage) {
                entered.push((*stage, draw(600_000) as i64));
            }
        }
        let said = (draw(5) == 0).then(|| Said {
            ask: nps,
            score: Some(draw(11) as i64),
            stage: stages[2],
            ..Said::default()
        });
        facts.put(Fact {
            row,
            id: format!("{row:016x}").into(),
            started: row,
            known: true,
            bought: draw(30) == 0,
            door: if draw(3) == 0 { mail } else { search },
            felt: Box::new([(path[0], Feeling::Neutral), (path[1], Feeling::Frustrated)]),
            dwell: entered.into(),
            moments: (0..10).map(|_| (moments[draw(60) as usize], 1)).collect(),
            said: said.into_iter().collect(),
            path,
            ..Fact::default()
        });
    }
    facts
}

/// How long a walk over a million takes: the middle one of nine.
fn measured(what: &str, mut walk: impl FnMut()) {
    let mut times: Vec<_> = (0..9)
        .map(|_| {
            let began = Instant::now();
            walk();
            began.elapsed().as_millis()
        })
        .collect();
    times.sort_unstable();
    eprintln!("{what}: {} ms", times[4]);
    assert!(times[4] < 300, "{what} takes {} ms", times[4]);
}

#[test]
#[ignore = "for optimised builds: cargo test -p polku-cli --release --lib a_million -- --ignored --nocapture"]
fn a_million_journeys_are_counted_in_time() {
    let facts = million();
    let all = Filter::default().choose(&facts.words).unwrap();
    let mail = Filter { door: Some("mail".into()), ..Filter::default() }.choose(&facts.words).unwrap();
    let target = |kpi| Target { stage: "decision".into(), kpi, target: 30.0 };
    let targets = [target(Kpi::Nps), target(Kpi::Conversion), target(Kpi::Frustrated)];
    measured("map", || assert_eq!(whole(&facts).totals.journeys, 1_000_000));
    measured("map of a door", || assert!(count(&facts, &mail, &[]).totals.journeys > 300_000));
    measured("map beside three targets", || assert_eq!(count(&facts, &all, &targets).stages[2].kpis.len(), 3));
    measured("gap", || assert!(gap::count(&facts, &all, &[]).stages[0].felt.n > 0));
    measured("cell", || assert!(cell::count(&facts, &all, "decision", "did").entered > 0));
    measured("friction by score", || {
        assert!(!cost::count_toward(&facts, &all, Outcome::Nps).frictions.is_empty());
    });
}
