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
    /// A survey has opened by itself, or help has.
    surveyed: bool,
    helped: bool,
    /// The shopper seemed to leave.
    pub(super) exit: bool,
    /// What the cart is worth was paid.
    pub(super) paid: bool,
    pub(super) pages: u64,
    pub(super) products: u64,
    pub(super) errors: u64,
    /// What is in the cart, in hundredths.
    pub(super) cart: u64,
    currency: String,
    /// From 1; 0 is none.
    pub(super) stage: u64,
    /// For how long the shopper was seen in it, in ms.
    pub(super) dwell: u64,
    bought: Vec<u64>,
}

impl Visit {
    /// What `text` knows of visit `id`; nothing where it knows of another one.
    pub(super) fn read(text: &str, id: &str, past: &mut Past) -> Self {
        let mut words = [""; 6];
        for (word, part) in words.iter_mut().zip(words::parts(text, b' ')) {
            *word = part;
        }
        let [version, of, numbers, currency, bought, asked] = words;
        let numbers = words::numbers(numbers);
        let &[flags, pages, products, errors, cart, stage, dwell] = &*numbers else { return Self::default() };
        if version != VERSION || of != id {
            return Self::default();
        }
        if past.asked.is_empty() {
            past.asked = read_asked(asked);
        }
        let is = |bit: u8| flags & 1 << bit != 0;
        Self {
            surveyed: is(0),
            helped: is(1),
            exit: is(2),
            paid: is(3),
            pages,
            products,
            errors,
            cart,
            currency: currency.to_owned(),
            stage,
            dwell,
            bought: words::numbers(bought),
        }
    }

    /// As it is kept; with what is known of the prompts, where that is not kept beyond the visit.
    pub(super) fn write(&self, id: &str, past: Option<&Past>) -> String {
        let mut out = Writer::default();
        let flags = [self.surveyed, self.helped, self.exit, self.paid];
        let flags = flags.iter().rev().fold(0, |bits, flag| bits << 1 | u64::from(*flag));
        for word in [VERSION, " ", id, " "] {
            out.raw(word);
        }
        out.numbers(&[flags, self.pages, self.products, self.errors, self.cart, self.stage, self.dwell]);
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
        *self.has_been(help) = true;
    }

    /// … and was never there.
    pub(super) fn unasked(&mut self, help: bool) {
        *self.has_been(help) = false;
    }

    fn has_been(&mut self, help: bool) -> &mut bool {
        if help { &mut self.helped } else { &mut self.surveyed }
    }

    /// Whether another one may not: help comes once, surveys come once and not after help.
    pub(super) fn is_asked(&self, help: bool) -> bool {
        self.helped || self.surveyed && !help
    }

    /// The currency of an event.
    pub(super) fn pay_in(&mut self, data: &str) {
        let currency = super::read::text(data, "currency");
        if currency.len() == 3 && words::is_plain(currency) {
            currency.clone_into(&mut self.currency);
        }
    }

    /// The band of the cart's value, as a JSON text.
    pub(super) fn band(&self) -> String {
        let mut out = Writer::default();
        crate::money::write_band(&mut out, self.cart, &self.currency);
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
    /// From which samples are drawn; 0 is none yet.
    pub(super) seed: u64,
    /// The day of its beginning.
    began: u64,
    /// When any prompt was last shown.
    pub(super) last: u64,
    /// "Don't ask again" ends then.
    pub(super) never: u64,
    asked: Vec<Asked>,
}

impl Past {
    /// What `text` remembers; nothing where it is damaged or too old.
    pub(super) fn read(text: &str, now: Millis) -> Self {
        let (version, rest) = words::cut(text, b' ');
        let (numbers, asked) = words::cut(rest, b' ');
        let numbers = words::numbers(numbers);
        let today = hour(now) / 24;
        match *numbers {
            // A day that is still to come was told by a clock that was wrong, and would never be over.
            [seed, began, last, never] if version == VERSION && today.wrapping_sub(began) <= DAYS => {
                Self { seed, began, last, never, asked: read_asked(asked) }
            }
            _ => Self::default(),
        }
    }

    /// As it is kept.
    pub(super) fn write(&mut self, now: Millis, seed: u64) -> String {
        if self.began == 0 {
            self.began = hour(now) / 24;
        }
        self.seed = seed;
        let mut out = Writer::default();
        out.raw(VERSION);
        out.raw(" ");
        out.numbers(&[seed, self.began, self.last, self.never]);
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
        self.last = next_hour(now);
        self.of_mut(rule)[SHOWS] += 1;
    }

    pub(super) fn answered(&mut self, rule: &Rule, now: Millis) {
        let asked = self.of_mut(rule);
        *asked = [0; 6];
        (asked[VERSION_OF], asked[ANSWERED]) = (rule.version, next_hour(now));
    }

    pub(super) fn closed(&mut self, rule: &Rule, end: End, answered: bool, now: Millis) {
        match end {
            // Who comes to its end without a question has had all of it.
            End::Completed => return self.answered(rule, now),
            End::Never => self.never = limits::after(next_hour(now), limits::NEVER),
            _ => {}
        }
        if answered || !matches!(end, End::Dismissed | End::Snoozed | End::Never) {
            return;
        }
        let days = match end {
            End::Snoozed => limits::SNOOZE,
            End::Never => limits::NEVER,
            _ if self.of(rule).is_some_and(|asked| asked[DISMISSALS] > 0) => {
                limits::of(&rule.head, "afterDismissDays").unwrap_or(limits::DISMISSED_TWICE)
            }
            _ => limits::of(&rule.head, "cooldownDays").unwrap_or(limits::DISMISSED),
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
        let visit = Visit {
            helped: true,
            paid: true,
            pages: 3,
            cart: 4_800,
            stage: 2,
            dwell: 7,
            bought: vec![9],
            ..Visit::default()
        };
        let text = visit.write("abc", Some(&past));
        let mut read = Past::default();
        assert_eq!(Visit::read(&text, "abc", &mut read).write("abc", Some(&read)), text);
    }

    #[test]
    fn what_is_damaged_or_old_or_of_another_visit_is_forgotten() {
        for text in ["", "-", "2 ,1,20780,3,4 -", "1 ,1,20384,3,4 -", "1 ,1,20781,3,4 -", "1 ,1,2 -", "{}"] {
            assert_eq!(Past::read(text, NOW).seed, 0, "{text}");
        }
        assert_eq!(Past::read("1 ,1,20385,3,4 -;a,b;,1;a b,1,2,3,4,5,6", NOW).asked.len(), 0);
        let text = Visit { pages: 3, ..Visit::default() }.write("abc", None);
        assert_eq!(Visit::read(&text, "abc", &mut Past::default()).pages, 3);
        assert_eq!(Visit::read(&text, "abd", &mut Past::default()).pages, 0);
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
