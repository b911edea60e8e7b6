//! How a stage felt: `satisfied`, `confused`, `frustrated`, else `neutral`, from what happened in it and what the shopper said.
//!
//! What bears on it is counted per stage and name; each adds its weight to one feeling. The feeling with the most weight holds, if that
//! is [`ENOUGH`]. Where two have as much, the worse one: a shop can do something about it. What the shopper says of a stage overrides it.

use super::walk::{Share, Walk};
use crate::json::Writer;
use crate::list;
use crate::name::Name;
use crate::stage::Stage;
use crate::words::List;

/// Its places are those of [`FEELINGS`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Feeling {
    Satisfied = 1,
    Confused = 2,
    Frustrated = 3,
}
use Feeling::{Confused, Frustrated, Satisfied};

/// As written, the worst last.
const FEELINGS: List = list!["neutral", "satisfied", "confused", "frustrated"];

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

/// Counts `name` in `stage`: marks are names, stages and counts, packed into numbers, so that they are stored as what they are.
pub(crate) fn mark(marks: &mut Vec<u64>, name: Name, stage: Stage) {
    let key = (name as u64) << 3 | u64::from(stage.0);
    match marks.iter_mut().find(|mark| **mark & 0x7ff == key) {
        Some(mark) => *mark = mark.saturating_add(ONE),
        None => marks.push(ONE | key),
    }
}

const ONE: u64 = 1 << 11;

/// Calls `each` with the names that are marked in `stage`, and how often.
fn marked(walk: &Walk, stage: Stage, each: &mut dyn FnMut(Name, u64)) {
    for mark in &walk.marks {
        if mark & 7 == u64::from(stage.0)
            && let Some(&name) = Name::ALL.get((mark >> 3 & 255) as usize)
        {
            each(name, mark / ONE);
        }
    }
}

/// What an answer says: its score × 4 + the feeling that it tells, or 0 where it tells none.
pub(crate) fn answer(ask: &str, score: u64) -> u64 {
    // The usual borders: promoters and detractors of NPS, the two best and the two worst of CSAT, and of effort (of 5 or 7 points,
    // which the answer does not tell) what is good or bad on either.
    let (bad, good) = match ask {
        "nps" => (6, 9),
        "csat" => (2, 4),
        _ => (2, 5),
    };
    match score {
        _ if score >= good => score << 2 | Satisfied as u64,
        _ if score <= bad => score << 2 | Frustrated as u64,
        _ => 0,
    }
}

/// The feeling of `stage`, by its place in the order from `neutral` to `frustrated`.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn of(walk: &Walk, stage: Stage) -> usize {
    let mut sums = [ENOUGH - 1, 0, 0, 0];
    marked(walk, stage, &mut |name, count| {
        if let Some((feeling, weight)) = weight(name) {
            sums[feeling as usize] += u64::from(weight) * count.min(99);
        }
    });
    let said = walk.shares[Share::Said as usize][stage.place()] & 3;
    // Beyond what any sum reaches; nothing said leaves all as it is.
    sums[said as usize] |= u64::MAX * said.min(1);
    let mut most = 0;
    for at in 1..4 {
        if sums[at] > sums[0] && sums[at] >= sums[most] {
            most = at;
        }
    }
    most
}

/// Writes `"emotion":…`, and, where it is not `neutral`, `"evidence":{…}`: what it was judged by, and how often that was, or the score
/// that said it.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn write(out: &mut Writer, walk: &Walk, stage: Stage) {
    let feeling = of(walk, stage);
    out.word_member("emotion", name(feeling));
    if feeling > 0 {
        out.key("evidence");
        out.raw("{");
        let said = walk.shares[Share::Said as usize][stage.place()];
        if said > 0 {
            out.number_member(Name::PromptAnswer.as_str(), said >> 2);
        } else {
            write_marks(out, walk, stage, feeling);
        }
        out.raw("}");
    }
}

/// Writes the counts in `stage` of what bears on `feeling` as members; of frictions for 0.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn write_marks(out: &mut Writer, walk: &Walk, stage: Stage, feeling: usize) {
    marked(walk, stage, &mut |name, count| {
        if if feeling > 0 { weight(name).is_some_and(|(of, _)| of as usize == feeling) } else { name.is_friction() } {
            out.number_member(name.as_str(), count);
        }
    });
}

/// As written.
pub(crate) fn name(feeling: usize) -> &'static str {
    FEELINGS.at(feeling)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Stage = Stage::Decision;

    fn walk(names: &[Name], said: u64) -> Walk {
        let mut walk = Walk::default();
        for &of in names {
            mark(&mut walk.marks, of, HERE);
        }
        walk.shares[Share::Said as usize][HERE.place()] = said;
        walk
    }

    fn felt_and_said(names: &[Name], said: u64) -> &'static str {
        let walk = walk(names, said);
        assert_eq!(of(&walk, Stage::Retention), 0, "each stage has its own");
        name(of(&walk, HERE))
    }

    fn felt(names: &[Name]) -> &'static str {
        felt_and_said(names, 0)
    }

    #[test]
    fn a_feeling_takes_enough() {
        assert_eq!(felt(&[]), "neutral");
        assert_eq!(felt(&[Name::SlowPage, Name::JsError]), "neutral");
        assert_eq!(felt(&[Name::SlowPage, Name::JsError, Name::JsError]), "frustrated");
        assert_eq!(felt(&[Name::RageClick]), "frustrated");
        assert_eq!(felt(&[Name::BackAndForth]), "confused");
        assert_eq!(felt(&[Name::SearchNoResults]), "neutral");
        assert_eq!(felt(&[Name::SearchNoResults, Name::HelpView]), "confused");
        assert_eq!(felt(&[Name::Purchase]), "satisfied");
    }

    #[test]
    fn the_heavier_feeling_holds_and_of_two_the_worse() {
        assert_eq!(felt(&[Name::Purchase, Name::PaymentDeclined]), "frustrated");
        assert_eq!(felt(&[Name::Purchase, Name::RageClick]), "frustrated");
        assert_eq!(felt(&[Name::Purchase, Name::Share, Name::RageClick]), "satisfied");
        assert_eq!(felt(&[Name::BackAndForth, Name::Purchase]), "confused");
    }

    #[test]
    fn what_the_shopper_says_overrides() {
        let declined = [Name::PaymentDeclined];
        assert_eq!(felt_and_said(&declined, answer("nps", 9)), "satisfied");
        assert_eq!(felt_and_said(&[Name::Purchase], answer("nps", 6)), "frustrated");
        assert_eq!(felt_and_said(&declined, answer("nps", 7)), "frustrated", "a passive answer says nothing");
        let alone = |ask, score| felt_and_said(&[], answer(ask, score));
        assert_eq!([alone("csat", 4), alone("csat", 3), alone("csat", 1)], ["satisfied", "neutral", "frustrated"]);
        assert_eq!([alone("ces", 7), alone("ces", 4), alone("ces", 1)], ["satisfied", "neutral", "frustrated"]);
        assert_eq!(alone("nps", 0), "frustrated");
    }

    #[test]
    fn the_evidence_is_kept() {
        let names = [Name::RageClick, Name::RageClick, Name::SlowPage, Name::Purchase];
        let told = |said| {
            let mut out = Writer::default();
            write(&mut out, &walk(&names, said), HERE);
            out.into_string()
        };
        assert_eq!(told(0), r#""emotion":"frustrated","evidence":{"rage_click":2,"slow_page":1}"#);
        assert_eq!(told(answer("nps", 10)), r#""emotion":"satisfied","evidence":{"prompt_answer":10}"#);
    }

    #[test]
    fn every_friction_bears_on_a_feeling() {
        for &name in Name::ALL {
            assert!(bears(name) || !name.is_friction(), "{name:?}");
        }
    }
}
