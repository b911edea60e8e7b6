//! Products and categories: seen, put into the cart, bought.

use super::facts::fact::{BOUGHT, CART};
use super::facts::{ById, Chosen, Facts, Feeling, Id};
use super::scores::MIN_N;
use super::share::Share;
use serde::Serialize;

/// How many of each are listed.
const TOP: usize = 100;

/// What is sold.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Products {
    /// Below this many there are counts alone.
    pub min_n: u64,
    /// Those that most journeys saw.
    pub items: Vec<Product>,
    /// Categories, likewise.
    pub categories: Vec<Product>,
}

/// One of them.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Product {
    /// The shop's id, or the category's name.
    pub name: String,
    /// Journeys that saw it.
    pub seen: u64,
    /// Of these, how many put it into the cart.
    pub cart: Share,
    /// Of these, how many bought it.
    pub bought: Share,
    /// Of those that saw it, how many were frustrated somewhere.
    pub frustrated: Share,
}

/// Counts the journeys that were chosen.
pub fn count(facts: &Facts, chosen: &Chosen) -> Products {
    let (mut items, mut categories) = (Counted::default(), Counted::default());
    for fact in facts.all.iter().filter(|fact| fact.known && chosen.takes(fact)) {
        let frustrated = u64::from(fact.felt.iter().any(|(_, felt)| *felt == Feeling::Frustrated));
        add(&mut items, &fact.items, frustrated);
        add(&mut categories, &fact.categories, frustrated);
    }
    Products {
        min_n: MIN_N,
        items: listed(items, |id| facts.words.items.word(id).clone()),
        categories: listed(categories, |id| facts.words.plain.word(id).clone()),
    }
}

type Counted = ById<Id, [u64; 4]>;

fn add(counted: &mut Counted, far: &[(Id, u8)], frustrated: u64) {
    for (id, far) in far {
        let [seen, cart, bought, felt] = counted.entry(*id).or_default();
        *seen += 1;
        *cart += u64::from(far & CART != 0);
        *bought += u64::from(far & BOUGHT != 0);
        *felt += frustrated;
    }
}

fn listed(counted: Counted, word: impl Fn(Id) -> String) -> Vec<Product> {
    let mut all: Vec<Product> = counted
        .into_iter()
        .map(|(id, [seen, cart, bought, frustrated])| Product {
            name: word(id),
            seen,
            cart: Share::new(cart, seen),
            bought: Share::new(bought, cart),
            frustrated: Share::new(frustrated, seen),
        })
        .collect();
    all.sort_by(|a, b| b.seen.cmp(&a.seen).then(a.name.cmp(&b.name)));
    all.truncate(TOP);
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::fact::SEEN;
    use super::super::facts::{Fact, Filter};
    use super::*;

    #[test]
    fn each_step_is_a_share_of_the_one_before() {
        let mut facts = Facts::default();
        let cup = facts.words.items.of(&"CUP-1".to_owned());
        for (far, times) in [(SEEN, 60), (SEEN | CART, 10), (SEEN | CART | BOUGHT, 30)] {
            for _ in 0..times {
                facts.put(Fact {
                    row: facts.all.len() as i64,
                    known: true,
                    items: Box::new([(cup, far)]),
                    ..Fact::default()
                });
            }
        }
        let product = count(&facts, &Filter::default().choose(&facts.words).unwrap()).items.remove(0);
        assert_eq!(
            (product.name.as_str(), product.seen, product.cart.percent, product.bought.percent),
            ("CUP-1", 100, Some(40.0), Some(75.0))
        );
    }
}
