//! The visit record: what the tabs of a shop share for as long as the visit lasts. One line of words:
//! `1 <id> <stage or -> <start> <last> <orders or -> <prompts or ->`.

use crate::journey;
use crate::json::Writer;
use crate::stage::Stage;
use crate::time::Millis;
use crate::words;

/// The first word of both records. Another one means another layout: discarded, one message.
pub(crate) const VERSION: &str = "1 ";

/// Orders that are remembered, at most: the newest win.
const ORDERS: usize = 20;

/// The record under `polku:1:visit`.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Visit {
    /// 16 base-32 characters.
    pub(crate) id: String,
    pub(crate) start: Millis,
    pub(crate) last: Millis,
    /// Where the visit stands, for a tab that is opened in its middle.
    pub(crate) stage: Option<Stage>,
    /// Salted hashes of the orders that were counted.
    pub(crate) orders: Vec<u64>,
    /// Prompts that were opened.
    pub(crate) asked: Vec<String>,
}

impl Visit {
    /// Reads a record; `None` where it is damaged or of another version.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut visit = Self::default();
        let mut place = 0;
        let mut whole = true;
        words::split(text.strip_prefix(VERSION)?, b' ', &mut |word| {
            match place {
                0 => word.clone_into(&mut visit.id),
                1 => visit.stage = Stage::parse(word),
                2 => visit.start.0 = words::number(word).unwrap_or_default(),
                3 => visit.last.0 = words::number(word).unwrap_or_default(),
                4 => whole = read_numbers(word, &mut visit.orders),
                5 => words::split(word, b',', &mut |id| {
                    if id != "-" {
                        visit.asked.push(id.to_owned());
                    }
                }),
                _ => whole = false,
            }
            place += 1;
        });
        visit.orders.truncate(ORDERS);
        (whole && place == 6 && is_id(&visit.id) && visit.start.0 > 0 && visit.last >= visit.start).then_some(visit)
    }

    /// Whether the visit has ended by `now`.
    pub(crate) fn is_over(&self, now: Millis) -> bool {
        journey::is_over(self.start, self.last, now)
    }

    /// Remembers an order.
    pub(crate) fn claim(&mut self, order: u64) {
        self.orders.insert(0, order);
        self.orders.truncate(ORDERS);
    }

    /// The record's text.
    pub(crate) fn write(&self) -> String {
        let mut out = Writer::default();
        head(&mut out, &self.id, self.stage);
        out.number(self.start.0);
        out.raw(" ");
        out.number(self.last.0);
        out.raw(" ");
        numbers(&mut out, &self.orders);
        let mut before = " ";
        for id in &self.asked {
            out.raw(before);
            out.raw(id);
            before = ",";
        }
        if before == " " {
            out.raw(" -");
        }
        out.into_string()
    }
}

/// The words with which both records begin.
pub(crate) fn head(out: &mut Writer, id: &str, stage: Option<Stage>) {
    out.raw(VERSION);
    out.raw(id);
    out.raw(" ");
    out.raw(stage.map_or("-", Stage::as_str));
    out.raw(" ");
}

/// Numbers as one word.
pub(crate) fn numbers(out: &mut Writer, numbers: &[u64]) {
    let mut before = "";
    for &number in numbers {
        out.raw(before);
        out.number(number);
        before = ",";
    }
    if before.is_empty() {
        out.raw("-");
    }
}

/// Reads such a word; says whether it was one.
pub(crate) fn read_numbers(word: &str, into: &mut Vec<u64>) -> bool {
    let mut whole = true;
    if word != "-" {
        words::split(word, b',', &mut |number| match words::number(number) {
            Some(number) => into.push(number),
            None => whole = false,
        });
    }
    whole
}

/// Whether `id` is a journey's: 16 lower-case letters and digits.
pub(crate) fn is_id(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit() -> Visit {
        Visit {
            id: "9xk2m4t0c7qe3fzb".into(),
            start: Millis(1_795_284_000_123),
            last: Millis(1_795_284_085_000),
            stage: Some(Stage::Decision),
            orders: vec![7, u64::MAX],
            asked: vec!["order-nps".into()],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Visit::read(&visit().write()), Some(visit()));
        let young = Visit {
            stage: None,
            orders: vec![],
            asked: vec![],
            ..visit()
        };
        assert_eq!(Visit::read(&young.write()), Some(young));
    }

    #[test]
    fn what_is_damaged_is_none() {
        let text = visit().write();
        for cut in 0..text.len() - "order-nps".len() {
            assert_eq!(Visit::read(&text[..cut]), None, "{}", &text[..cut]);
        }
        assert_eq!(Visit::read(&text.replacen('1', "2", 1)), None);
        assert_eq!(Visit::read(&text.replace("9xk2", "9XK2")), None);
        assert_eq!(Visit::read(&text.replace("7,", "7;")), None);
        assert_eq!(Visit::read(&format!("{text} more")), None);
    }
}
