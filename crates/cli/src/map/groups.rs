//! Journeys side by side: by door, device, language, order or trial; how many bought, for how much, and how it felt.

use super::facts::{ById, Chosen, Fact, Facts, Feeling, Id, NONE};
use super::outcome::Outcome;
use super::scores::{MIN_N, Nps};
use super::share::{Gap, Share, Spread};
use serde::{Deserialize, Serialize};

/// By what journeys are told apart.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Where the shopper came from.
    Door,
    /// The campaign that led here.
    Campaign,
    /// Device class.
    Device,
    /// Language.
    Lang,
    /// First, second, later order.
    Order,
    /// What the shop tries out.
    Variant,
}

/// All groups.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Groups {
    /// Below this many there are counts alone.
    pub min_n: u64,
    /// By what.
    pub by: By,
    /// What groups are held against each other by.
    pub outcome: Outcome,
    /// All together.
    pub all: Group,
    /// Each of them, the largest first.
    pub groups: Vec<Group>,
}

/// One group.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Group {
    /// Its name; empty where it was not told.
    pub name: String,
    /// Of all journeys, how many belong to it.
    pub share: Share,
    /// Of these, how many bought.
    pub bought: Share,
    /// Of those of whom it is known, how many came to the outcome; the same as `bought` where that is it.
    pub came: Share,
    /// How far that lies from all others.
    pub gap: Option<Gap>,
    /// What was paid, in hundredths of the currency that most paid in.
    pub paid: Spread,
    /// That currency.
    pub currency: String,
    /// How many were frustrated somewhere.
    pub frustrated: Share,
    /// Would they recommend the shop.
    pub nps: Nps,
}

#[derive(Default)]
struct Counting {
    journeys: u64,
    bought: u64,
    /// Of whom the outcome is known, and who came to it.
    known: u64,
    good: u64,
    frustrated: u64,
    paid: ById<Id, Vec<i64>>,
    nps: Nps,
}

/// Counts the journeys that were chosen, and holds them against each other by what they bought.
pub fn count(facts: &Facts, chosen: &Chosen, by: By) -> Groups {
    count_toward(facts, chosen, by, Outcome::Bought)
}

/// Counts the journeys that were chosen, and holds them against each other by an outcome.
pub fn count_toward(facts: &Facts, chosen: &Chosen, by: By, outcome: Outcome) -> Groups {
    let judge = outcome.judge(facts);
    let nps = facts.words.plain.find(&"nps".to_owned());
    let mut all = Counting::default();
    let mut groups: ById<Id, Counting> = ById::default();
    for fact in facts.all.iter().filter(|fact| fact.known && chosen.takes(fact)) {
        let came = judge.of(fact);
        all.add(fact, nps, came);
        match by {
            By::Variant => fact.variants.iter().for_each(|id| groups.entry(*id).or_default().add(fact, nps, came)),
            _ => groups.entry(by.of(fact)).or_default().add(fact, nps, came),
        }
    }
    let (journeys, known, good) = (all.journeys, all.known, all.good);
    let word = |id: Id| facts.words.plain.word(id).clone();
    let finish = |name: String, counting: Counting| {
        let gap = Gap::between((counting.good, counting.known), (good - counting.good, known - counting.known));
        let (currency, paid) =
            counting.paid.into_iter().max_by_key(|(currency, paid)| (paid.len(), *currency)).unwrap_or_default();
        Group {
            name,
            share: Share::new(counting.journeys, journeys),
            bought: Share::new(counting.bought, counting.journeys),
            came: Share::new(counting.good, counting.known),
            gap,
            paid: Spread::of(paid),
            currency: word(currency),
            frustrated: Share::new(counting.frustrated, counting.journeys),
            nps: counting.nps,
        }
    };
    let mut groups: Vec<Group> = groups.into_iter().map(|(id, counting)| finish(word(id), counting)).collect();
    groups.sort_by(|a, b| b.share.n.cmp(&a.share.n).then(a.name.cmp(&b.name)));
    Groups { min_n: MIN_N, by, outcome, all: finish(String::new(), all), groups }
}

impl By {
    fn of(self, fact: &Fact) -> Id {
        match self {
            Self::Door => fact.door,
            Self::Campaign => fact.campaign,
            Self::Device => fact.device,
            Self::Lang => fact.lang,
            Self::Order => fact.order,
            Self::Variant => NONE,
        }
    }
}

impl Counting {
    fn add(&mut self, fact: &Fact, nps: Option<Id>, came: Option<bool>) {
        self.journeys += 1;
        self.known += u64::from(came.is_some());
        self.good += u64::from(came == Some(true));
        self.bought += u64::from(fact.bought);
        self.frustrated += u64::from(fact.felt.iter().any(|(_, felt)| *felt == Feeling::Frustrated));
        if let Some(paid) = fact.paid {
            self.paid.entry(fact.currency).or_default().push(paid);
        }
        for score in fact.said.iter().filter(|said| Some(said.ask) == nps).filter_map(|said| said.score) {
            self.nps.add(score);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::Filter;
    use super::*;

    #[test]
    fn a_door_that_converts_better_is_told_from_the_others() {
        let mut facts = Facts::default();
        let (mail, ad) = (facts.words.plain.of(&"mail".to_owned()), facts.words.plain.of(&"ad".to_owned()));
        for (door, bought, times) in [(mail, true, 60), (mail, false, 140), (ad, true, 50), (ad, false, 950)] {
            for _ in 0..times {
                let row = facts.all.len() as i64;
                facts.put(Fact { row, known: true, door, bought, paid: bought.then_some(4_000), ..Fact::default() });
            }
        }
        let groups = count(&facts, &Filter::default().choose(&facts.words).unwrap(), By::Door);
        assert_eq!(
            groups.groups.iter().map(|group| (group.name.as_str(), group.share.n)).collect::<Vec<_>>(),
            [("ad", 1000), ("mail", 200)]
        );
        let mail = &groups.groups[1];
        assert_eq!((mail.bought.percent, mail.paid.median), (Some(30.0), Some(4_000)));
        assert!(mail.gap.is_some_and(|gap| gap.points == 25.0 && gap.low > 18.0));
        assert_eq!(groups.all.bought.n, 110);
        assert!(groups.all.gap.is_none(), "there is nobody else");
        assert_eq!((mail.came, groups.outcome), (mail.bought, Outcome::Bought));
        let back = count_toward(&facts, &Filter::default().choose(&facts.words).unwrap(), By::Door, Outcome::Return);
        assert_eq!(
            (back.all.came.of, back.all.bought.n, back.groups[1].gap),
            (0, 110, None),
            "of no order it is known"
        );
    }
}
