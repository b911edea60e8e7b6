//! How a stage felt: `satisfied`, `confused`, `frustrated`, else `neutral`, from what happened in it and what the shopper said.
//!
//! What bears on it is counted per stage and name; each adds its weight to one feeling. The feeling with the most weight holds, if that
//! is [`ENOUGH`]. Where two have as much, the worse one: a shop can do something about it. What the shopper says of a stage overrides it.

use crate::json::Writer;
use crate::name::Name;
use crate::stage::Stage;
use crate::words;

/// Its places are those of [`FEELINGS`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Feeling {
    Satisfied = 1,
    Confused = 2,
    Frustrated = 3,
}
use Feeling::{Confused, Frustrated, Satisfied};

/// As written, the worst last.
const FEELINGS: [&str; 4] = ["neutral", "satisfied", "confused", "frustrated"];

/// So much weight makes a feeling: one strong sign, or two weak ones of which one is repeated.
const ENOUGH: u64 = 3;

/// What bears on which feeling, and how much: 3 where one is enough, 2 where it takes another sign, 1 where most shoppers shrug it off.
const WEIGHTS: &[(Name, Feeling, u8)] = &[
    // An order is what they came for; so is telling others. To put something aside is a small yes.
    (Name::Purchase, Satisfied, 3),
    (Name::Share, Satisfied, 3),
    (Name::AddToWishlist, Satisfied, 1),
    // They look for the way: once is normal, so only what repeats by itself is enough.
    (Name::BackAndForth, Confused, 3),
    (Name::NoProgress, Confused, 3),
    (Name::Hesitation, Confused, 3),
    (Name::SearchRepeated, Confused, 3),
    (Name::SearchNoResults, Confused, 2),
    (Name::HelpView, Confused, 1),
    // Something stood in the way of what they wanted: the nearer to the order, the heavier.
    (Name::RageClick, Frustrated, 3),
    (Name::PaymentDeclined, Frustrated, 4),
    (Name::OrderUnconfirmed, Frustrated, 4),
    (Name::Complaint, Frustrated, 4),
    (Name::DeadClick, Frustrated, 3),
    (Name::CtaHidden, Frustrated, 3),
    (Name::FormAbandon, Frustrated, 3),
    (Name::PageReloaded, Frustrated, 2),
    (Name::ErrorShown, Frustrated, 2),
    (Name::FormError, Frustrated, 2),
    (Name::RequestFailed, Frustrated, 1),
    (Name::SlowPage, Frustrated, 1),
    (Name::JsError, Frustrated, 1),
];

/// What happened how often in which stage, packed into a number, so that it is stored as what it is.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Mark(pub(crate) u64);

impl Mark {
    fn key(name: Name, stage: Stage) -> u64 {
        (name as u64) << 3 | u64::from(stage.0)
    }

    fn is_of(self, stage: Stage) -> bool {
        self.0 & 7 == u64::from(stage.0)
    }

    fn name(self) -> Option<Name> {
        Name::ALL.get((self.0 >> 3 & 255) as usize).copied()
    }

    fn count(self) -> u64 {
        self.0 >> 11
    }
}

/// A bit for each name that bears on a feeling: most touchpoints do not, and must not cost a search.
const BEARS: u64 = {
    let (mut bits, mut at) = (0, 0);
    while at < WEIGHTS.len() {
        bits |= 1 << WEIGHTS[at].0 as u64;
        at += 1;
    }
    bits
};

/// Whether `name` bears on a feeling.
pub(crate) fn bears(name: Name) -> bool {
    BEARS & 1 << name as u64 != 0
}

fn weight(name: Name) -> Option<(Feeling, u8)> {
    WEIGHTS.iter().find(|(of, ..)| *of == name).map(|&(_, feeling, weight)| (feeling, weight))
}

/// Counts `name` in `stage`.
pub(crate) fn mark(marks: &mut Vec<Mark>, name: Name, stage: Stage) {
    let key = Mark::key(name, stage);
    match marks.iter_mut().find(|mark| mark.0 & 0x7ff == key) {
        Some(mark) => mark.0 = mark.0.saturating_add(1 << 11),
        None => marks.push(Mark(1 << 11 | key)),
    }
}

/// What the shopper said of `stage`, the newest: which feeling that tells, the kind of the question, the score.
fn said(scores: &[String], stage: Stage) -> Option<(Feeling, &str, u64)> {
    let mut said = None;
    for score in scores {
        let (_, rest) = words::cut(score, b':');
        let (_, rest) = words::cut(rest, b':');
        let (ask, rest) = words::cut(rest, b':');
        let (score, of) = words::cut(rest, b':');
        if words::number(of) == Some(u64::from(stage.0)) {
            let number = words::number(score).unwrap_or_default();
            // The usual borders: promoters and detractors of NPS, the two best and the two worst of CSAT, and of effort (of 5 or 7 points,
            // which the answer does not tell) what is good or bad on either.
            let (bad, good) = match ask {
                "nps" => (6, 9),
                "csat" => (2, 4),
                _ => (2, 5),
            };
            let feeling = if number >= good { Satisfied } else { Frustrated };
            said = (number >= good || number <= bad).then_some((feeling, ask, number));
        }
    }
    said
}

/// The feeling of `stage`, by its place in the order from `neutral` to `frustrated`.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn of(marks: &[Mark], scores: &[String], stage: Stage) -> usize {
    if let Some((feeling, ..)) = said(scores, stage) {
        return feeling as usize;
    }
    let mut sums = [ENOUGH - 1, 0, 0, 0];
    for mark in marks {
        if mark.is_of(stage)
            && let Some((feeling, weight)) = mark.name().and_then(weight)
        {
            sums[feeling as usize] += u64::from(weight) * mark.count().min(99);
        }
    }
    let mut most = 0;
    for at in 1..4 {
        if sums[at] > sums[0] && sums[at] >= sums[most] {
            most = at;
        }
    }
    most
}

/// Writes `"emotion":…`, and, where it is not `neutral`, `"evidence":{…}`: what it was judged by, and how often that was, or which
/// answer said it.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn write(out: &mut Writer, marks: &[Mark], scores: &[String], stage: Stage) {
    let feeling = of(marks, scores, stage);
    out.word_member("emotion", name(feeling));
    if feeling > 0 {
        out.key("evidence");
        out.raw("{");
        if let Some((_, ask, score)) = said(scores, stage) {
            out.number_member(ask, score);
        } else {
            write_marks(out, marks, stage, &|name| weight(name).is_some_and(|(of, _)| of as usize == feeling));
        }
        out.raw("}");
    }
}

/// Writes the counts in `stage` of those names that are `wanted`, as members.
pub(crate) fn write_marks(out: &mut Writer, marks: &[Mark], stage: Stage, wanted: &dyn Fn(Name) -> bool) {
    for mark in marks {
        if mark.is_of(stage)
            && let Some(name) = mark.name()
            && wanted(name)
        {
            out.number_member(name.as_str(), mark.count());
        }
    }
}

/// As written.
pub(crate) fn name(feeling: usize) -> &'static str {
    FEELINGS[feeling & 3]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Stage = Stage::Decision;

    fn felt(names: &[Name], scores: &[&str]) -> &'static str {
        let mut marks = Vec::new();
        for &of in names {
            mark(&mut marks, of, HERE);
        }
        let scores: Vec<String> = scores.iter().map(|&score| score.into()).collect();
        assert_eq!(of(&marks, &scores, Stage::Retention), 0, "each stage has its own");
        name(of(&marks, &scores, HERE))
    }

    #[test]
    fn a_feeling_takes_enough() {
        assert_eq!(felt(&[], &[]), "neutral");
        assert_eq!(felt(&[Name::SlowPage, Name::JsError], &[]), "neutral");
        assert_eq!(felt(&[Name::SlowPage, Name::JsError, Name::JsError], &[]), "frustrated");
        assert_eq!(felt(&[Name::RageClick], &[]), "frustrated");
        assert_eq!(felt(&[Name::BackAndForth], &[]), "confused");
        assert_eq!(felt(&[Name::SearchNoResults], &[]), "neutral");
        assert_eq!(felt(&[Name::SearchNoResults, Name::HelpView], &[]), "confused");
        assert_eq!(felt(&[Name::Purchase], &[]), "satisfied");
    }

    #[test]
    fn the_heavier_feeling_holds_and_of_two_the_worse() {
        assert_eq!(felt(&[Name::Purchase, Name::PaymentDeclined], &[]), "frustrated");
        assert_eq!(felt(&[Name::Purchase, Name::RageClick], &[]), "frustrated");
        assert_eq!(felt(&[Name::Purchase, Name::Share, Name::RageClick], &[]), "satisfied");
        assert_eq!(felt(&[Name::BackAndForth, Name::Purchase], &[]), "confused");
    }

    #[test]
    fn what_the_shopper_says_overrides() {
        let declined = [Name::PaymentDeclined];
        assert_eq!(felt(&declined, &["p:q:nps:9:2"]), "satisfied");
        assert_eq!(felt(&[Name::Purchase], &["p:q:nps:6:2"]), "frustrated");
        assert_eq!(felt(&declined, &["p:q:nps:7:2"]), "frustrated", "a passive answer says nothing");
        assert_eq!(felt(&declined, &["p:q:nps:9:4"]), "frustrated", "of another stage");
        assert_eq!(felt(&[], &["p:q:csat:4:2"]), "satisfied");
        assert_eq!(felt(&[], &["p:q:csat:3:2"]), "neutral");
        assert_eq!(felt(&[], &["p:q:ces:1:2"]), "frustrated");
        assert_eq!(felt(&[], &["p:q:nps:2:2", "p:r:csat:5:2"]), "satisfied", "the newest");
    }

    #[test]
    fn the_evidence_is_kept() {
        let mut marks = Vec::new();
        for of in [Name::RageClick, Name::RageClick, Name::SlowPage, Name::Purchase] {
            mark(&mut marks, of, HERE);
        }
        let told = |scores: &[String]| {
            let mut out = Writer::default();
            write(&mut out, &marks, scores, HERE);
            out.into_string()
        };
        assert_eq!(told(&[]), r#""emotion":"frustrated","evidence":{"rage_click":2,"slow_page":1}"#);
        assert_eq!(told(&["p:q:nps:10:2".into()]), r#""emotion":"satisfied","evidence":{"nps":10}"#);
    }

    #[test]
    fn every_friction_bears_on_a_feeling() {
        for &name in Name::ALL {
            assert!(bears(name) || !name.is_friction(), "{name:?}");
        }
    }
}
