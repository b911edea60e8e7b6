//! Where simulated shoppers come from: an address that they arrive at, and the page before it. Which door that is, the engine says.

use super::truths::SALE_NAME;
use crate::simulate::dice::Dice;

/// A way into the shop.
#[derive(Debug)]
pub(super) struct Way {
    /// Of a thousand shoppers, so many come this way.
    often: u64,
    /// The page before.
    pub(super) referrer: &'static str,
    /// What the link's query says.
    pub(super) query: &'static str,
    /// It is a mail of the shop's.
    pub(super) mail: bool,
}

impl Way {
    /// It is of the campaign that sells little.
    pub(super) fn is_sale(&self) -> bool {
        self.query.ends_with(SALE_NAME)
    }
}

const fn way(often: u64, referrer: &'static str, query: &'static str, mail: bool) -> Way {
    Way { often, referrer, query, mail }
}

/// Who comes to stay: by an address that is known by heart.
pub(super) const BY_HEART: Way = way(160, "", "", false);

const WAYS: [Way; 11] = [
    BY_HEART,
    way(250, "https://www.google.com/", "", false),
    way(50, "https://www.google.com/", "?utm_source=google&utm_medium=cpc&utm_campaign=brand", false),
    way(200, "https://l.instagram.com/", "?utm_source=instagram&utm_medium=social&utm_campaign=summer-sale", false),
    way(60, "https://www.facebook.com/", "", false),
    way(40, "https://www.tiktok.com/", "", false),
    way(90, "", "?utm_source=newsletter&utm_medium=email&utm_campaign=autumn-letter", true),
    way(30, "https://mail.google.com/", "", true),
    way(50, "https://hintaopas.fi/", "", false),
    way(40, "https://chatgpt.com/", "", false),
    way(30, "https://blog.example/coffee", "", false),
];

/// A way, as often as it is taken.
pub(super) fn draw(dice: &mut Dice) -> &'static Way {
    let all: u64 = WAYS.iter().map(|way| way.often).sum();
    let mut left = dice.between(0, all - 1);
    let found = WAYS.iter().find(|way| {
        let here = left < way.often;
        left = left.saturating_sub(way.often);
        here
    });
    found.unwrap_or(&BY_HEART)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_is_taken_as_often_as_it_says() {
        let mut dice = Dice::new(1, 1);
        let ways: Vec<_> = (0..100_000).map(|_| draw(&mut dice)).collect();
        let share = |is: fn(&Way) -> bool| ways.iter().filter(|way| is(way)).count() as f64 / 1_000.0;
        assert!((share(Way::is_sale) - 20.0).abs() < 0.5);
        assert!((share(|way| way.mail) - 12.0).abs() < 0.5);
        assert_eq!(WAYS.iter().filter(|way| way.is_sale()).count(), 1);
    }
}
