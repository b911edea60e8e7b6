//! What is kept: of the visit with its tab, with `measure`; beyond it with `remember`. Both are one line of words.
//!
//! - The visit's: `1 <journey's id> <numbers> <currency or -> <hashes of the categories that were bought> <prompts, without remember>`.
//! - Beyond it: `1 <seed, day of its beginning, hours of the last show and of the end of "don't ask again"> <prompts>`.
//!
//! Of a prompt: its id and numbers, in the order of [`Asked`]. Hours are whole, since the Unix epoch: more is not needed, and less would let a limit
//! end a day early.

use super::End;
use super::limits;
use super::rule::Rule;
use crate::json::Writer;
use crate::rng::is_known;
use crate::time::Millis;
use crate::words;

/// The first word. Another one means another layout, which is forgotten.
const VERSION: &str = "1";
/// Forgotten after so many days (13 months), however often the shopper comes meanwhile: as all that is remembered.
const DAYS: u64 = 395;
/// Prompts that are remembered, at most: the newest.
const PROMPTS: usize = 50;
/// Categories that are known again, at most.
const CATEGORIES: usize = 50;

/// The hour of a moment that has begun …
pub(super) fn hour(now: Millis) -> u64 {
    now.0 / 3_600_000
}

/// … and the first one that has not.
fn next_hour(now: Millis) -> u64 {
    now.0.div_ceil(3_600_000)
}

/// What is known of the visit.
#[derive(Default)]
pub(super) struct Visit {
    pub(super) numbers: [u64; 7],
    currency: String,
    bought: Vec<u64>,
}

/// Places in the visit's numbers: the flags; pages, products and errors; what is in the cart, in hundredths; the stage, from 1 (0 is none), and for how
/// long the shopper was seen in it, in ms.
const FLAGS: usize = 0;
pub(super) const PAGES: usize = 1;
pub(super) const PRODUCTS: usize = 2;
pub(super) const FAULTS: usize = 3;
pub(super) const CART: usize = 4;
pub(super) const STAGE: usize = 5;
pub(super) const DWELT: usize = 6;

/// Flags: a survey has opened by itself,
const SURVEYED: u64 = 1;
/// … or help has.
const HELPED: u64 = 2;
/// The shopper seemed to leave.
pub(super) const EXIT: u64 = 4;
/// What the cart is worth was paid.
pub(super) const PAID: u64 = 8;

impl Visit {
    /// What `text` knows of visit `id`; nothing where it knows of another one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn read(text: &str, id: &str, past: &mut Past) -> Self {
        let mut words = [""; 6];
        for (word, part) in words.iter_mut().zip(words::parts(text, b' ')) {
            *word = part;
        }
        let [version, of, numbers, currency, bought, asked] = words;
        match words::numbers(numbers).try_into() {
            Ok(numbers) if version == VERSION && of == id => {
                if past.asked.is_empty() {
                    past.asked = read_asked(asked);
                }
                Self { numbers, currency: currency.to_owned(), bought: words::numbers(bought) }
            }
            _ => Self::default(),
        }
    }

    /// As it is kept; with what is known of the prompts, where that is not kept beyond the visit.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn write(&self, id: &str, past: Option<&Past>) -> String {
        let mut out = Writer::default();
        for word in [VERSION, " ", id, " "] {
            out.raw(word);
        }
        out.numbers(&self.numbers);
        out.raw(" ");
        out.raw(if self.currency.is_empty() { "-" } else { &self.currency });
        out.raw(" -");
        out.numbers(&self.bought);
        out.raw(" -");
        for asked in past.map(|past| &past.asked[..]).unwrap_or_default() {
            asked.write(&mut out);
        }
        out.into_string()
    }

    /// A prompt has opened by itself.
    pub(super) fn asked(&mut self, help: bool) {
        self.numbers[FLAGS] |= by(help);
    }

    /// … and was never there.
    pub(super) fn unasked(&mut self, help: bool) {
        self.numbers[FLAGS] &= !by(help);
    }

    /// Whether this was noted already; it is from now on.
    pub(super) fn note(&mut self, flag: u64) -> bool {
        let noted = self.numbers[FLAGS] & flag != 0;
        self.numbers[FLAGS] |= flag;
        noted
    }

    /// What the cart is worth was paid, or it is another one.
    pub(super) fn pay(&mut self, paid: bool) -> bool {
        let before = self.note(PAID);
        if !paid {
            self.numbers[FLAGS] &= !PAID;
        }
        before
    }

    /// Whether another one may not: help comes once, surveys come once and not after help.
    pub(super) fn is_asked(&self, help: bool) -> bool {
        self.numbers[FLAGS] & if help { HELPED } else { HELPED | SURVEYED } != 0
    }

    /// The currency of an event.
    pub(super) fn pay_in(&mut self, data: &str) {
        let currency = super::read::text(data, "currency");
        if currency.len() == 3 && words::is_plain(currency) {
            currency.clone_into(&mut self.currency);
        }
    }

    /// The band of the cart's value, as a JSON text; `here`: an order was placed on this very page, and it is that of the order.
    pub(super) fn band(&self, here: bool) -> String {
        let mut out = Writer::default();
        let value = if here || self.numbers[FLAGS] & PAID == 0 { self.numbers[CART] } else { 0 };
        crate::money::write_band(&mut out, value, &self.currency);
        out.into_string()
    }

    pub(super) fn buy(&mut self, category: u64) {
        if !is_known(&self.bought, category) && self.bought.len() < CATEGORIES {
            self.bought.push(category);
        }
    }

    pub(super) fn has_bought(&self, category: u64) -> bool {
        is_known(&self.bought, category)
    }
}

fn by(help: bool) -> u64 {
    if help { HELPED } else { SURVEYED }
}

/// What is known of one prompt.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) id: String,
    pub(super) numbers: [u64; 6],
}

/// Places in the numbers: the version that was answered, how often it was shown and dismissed (since it was answered), until when it rests and why
/// (0 dismissed, 1 not now), and when it was answered.
pub(super) const VERSION_OF: usize = 0;
pub(super) const SHOWS: usize = 1;
pub(super) const DISMISSALS: usize = 2;
pub(super) const UNTIL: usize = 3;
pub(super) const WHY: usize = 4;
pub(super) const ANSWERED: usize = 5;

impl Asked {
    fn write(&self, out: &mut Writer) {
        out.raw(";");
        out.raw(&self.id);
        out.numbers(&self.numbers);
    }
}

fn read_asked(text: &str) -> Vec<Asked> {
    let mut asked = Vec::new();
    for part in words::parts(text, b';') {
        let (id, rest) = words::cut(part, b',');
        let numbers = words::numbers(rest);
        if words::is_plain(id)
            && asked.len() < PROMPTS
            && let Some(&numbers) = numbers.first_chunk()
        {
            asked.push(Asked { id: id.to_owned(), numbers });
        }
    }
    asked
}

/// What is known of prompts.
#[derive(Default)]
pub(super) struct Past {
    pub(super) numbers: [u64; 4],
    asked: Vec<Asked>,
}

/// Places in these numbers: from which samples are drawn (0 is none yet), the day of its beginning, when any prompt was last shown, and when "don't ask
/// again" ends.
pub(super) const SEED: usize = 0;
const BEGAN: usize = 1;
pub(super) const LAST: usize = 2;
pub(super) const NEVER: usize = 3;

impl Past {
    /// What `text` remembers; nothing where it is damaged or too old.
    pub(super) fn read(text: &str, now: Millis) -> Self {
        let (version, rest) = words::cut(text, b' ');
        let (numbers, asked) = words::cut(rest, b' ');
        let today = hour(now) / 24;
        match <[u64; 4]>::try_from(words::numbers(numbers)) {
            // A day that is still to come was told by a clock that was wrong, and would never be over.
            Ok(numbers) if version == VERSION && today.wrapping_sub(numbers[BEGAN]) <= DAYS => {
                Self { numbers, asked: read_asked(asked) }
            }
            _ => Self::default(),
        }
    }

    /// As it is kept.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn write(&mut self, now: Millis, seed: u64) -> String {
        if self.numbers[BEGAN] == 0 {
            self.numbers[BEGAN] = hour(now) / 24;
        }
        self.numbers[SEED] = seed;
        let mut out = Writer::default();
        out.raw(VERSION);
        out.raw(" ");
        out.numbers(&self.numbers);
        out.raw(" -");
        for asked in &self.asked {
            asked.write(&mut out);
        }
        out.into_string()
    }

    /// What is known of `rule`'s prompt.
    pub(super) fn of(&self, rule: &Rule) -> Option<&[u64; 6]> {
        self.asked.iter().find(|asked| asked.id == rule.id).map(|asked| &asked.numbers)
    }

    fn of_mut(&mut self, rule: &Rule) -> &mut [u64; 6] {
        let at = self.asked.iter().position(|asked| asked.id == rule.id).unwrap_or_else(|| {
            if self.asked.len() == PROMPTS {
                self.asked.remove(0);
            }
            self.asked.push(Asked { id: rule.id.clone(), ..Asked::default() });
            self.asked.len() - 1
        });
        &mut self.asked[at].numbers
    }

    pub(super) fn shown(&mut self, rule: &Rule, now: Millis) {
        self.numbers[LAST] = next_hour(now);
        self.of_mut(rule)[SHOWS] += 1;
    }

    pub(super) fn answered(&mut self, rule: &Rule, now: Millis) {
        let asked = self.of_mut(rule);
        *asked = [0; 6];
        (asked[VERSION_OF], asked[ANSWERED]) = (rule.version, next_hour(now));
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn closed(&mut self, rule: &Rule, end: End, answered: bool, now: Millis) {
        match end {
            // Who comes to its end without a question has had all of it.
            End::Completed => return self.answered(rule, now),
            End::Never => self.numbers[NEVER] = limits::after(next_hour(now), limits::NEVER),
            _ => {}
        }
        if answered || !matches!(end, End::Dismissed | End::Snoozed | End::Never) {
            return;
        }
        let days = match end {
            End::Snoozed => limits::SNOOZE,
            End::Never => limits::NEVER,
            _ if self.of(rule).is_some_and(|asked| asked[DISMISSALS] > 0) => {
                limits::of(&rule.head, "afterDismissDays", limits::DISMISSED_TWICE)
            }
            _ => limits::of(&rule.head, "cooldownDays", limits::DISMISSED),
        };
        let asked = self.of_mut(rule);
        asked[DISMISSALS] += u64::from(end == End::Dismissed);
        asked[UNTIL] = limits::after(next_hour(now), days);
        asked[WHY] = u64::from(end == End::Snoozed) + 2 * u64::from(end == End::Never);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(20_780 * 86_400_000 + 5);

    fn rule(id: &str) -> Rule {
        Rule::new(&format!(r#"{{"id":"{id}","version":3}}"#)).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let mut past = Past::default();
        past.shown(&rule("a"), NOW);
        past.closed(&rule("a"), End::Dismissed, false, NOW);
        past.answered(&rule("b-2"), NOW);
        let text = past.write(NOW, 77);
        let hour = NOW.0 / 3_600_000 + 1;
        assert_eq!(text, format!("1 ,77,20780,{hour},0 -;a,0,1,1,{},0,0;b-2,3,0,0,0,0,{hour}", hour + 720));
        assert_eq!(Past::read(&text, NOW).write(NOW, 77), text);
        let visit = Visit { numbers: [HELPED | PAID, 3, 0, 0, 4_800, 2, 7], bought: vec![9], ..Visit::default() };
        let text = visit.write("abc", Some(&past));
        let mut read = Past::default();
        assert_eq!(Visit::read(&text, "abc", &mut read).write("abc", Some(&read)), text);
    }

    #[test]
    fn what_is_damaged_or_old_or_of_another_visit_is_forgotten() {
        for text in ["", "-", "2 ,1,20780,3,4 -", "1 ,1,20384,3,4 -", "1 ,1,20781,3,4 -", "1 ,1,2 -", "{}"] {
            assert_eq!(Past::read(text, NOW).numbers[SEED], 0, "{text}");
        }
        assert_eq!(Past::read("1 ,1,20385,3,4 -;a,b;,1;a b,1,2,3,4,5,6", NOW).asked.len(), 0);
        let text = Visit { numbers: [0, 3, 0, 0, 0, 0, 0], ..Visit::default() }.write("abc", None);
        assert_eq!(Visit::read(&text, "abc", &mut Past::default()).numbers[PAGES], 3);
        assert_eq!(Visit::read(&text, "abd", &mut Past::default()).numbers[PAGES], 0);
    }

    #[test]
    fn the_newest_prompts_are_remembered() {
        let mut past = Past::default();
        for nth in 0..PROMPTS + 5 {
            past.shown(&rule(&format!("p{nth}")), NOW);
        }
        assert_eq!((past.asked.len(), past.asked[0].id.as_str()), (PROMPTS, "p5"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", numbers in "1 [,0-9]{0,60} -[;a-c,0-9]{0,40}") {
            for text in [&text, &numbers] {
                Past::read(text, NOW).write(NOW, 1);
                Visit::read(text, "a", &mut Past::default());
            }
        }
    }
}
