//! The visit record: what the tabs of a shop share for as long as the visit lasts.

use crate::journey;
use crate::json::{self, Writer};
use crate::stage::Stage;
use crate::time::Millis;

/// The first byte of both records. Another one means another layout: discarded, counted, one message.
pub(crate) const VERSION: &str = "1";

/// Orders that are remembered, at most: the newest win.
const ORDERS: usize = 20;

/// The record under `polku:1:visit`.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Visit {
    pub(crate) id: String,
    pub(crate) start: Millis,
    pub(crate) last: Millis,
    /// Where the visit stands, for a tab that is opened in its middle.
    pub(crate) stage: Option<Stage>,
    /// Salted hashes of the orders that were counted.
    pub(crate) orders: Vec<u32>,
    /// Prompts that were opened.
    pub(crate) asked: Vec<String>,
}

impl Visit {
    /// Reads a record; `None` where it is damaged or of another version.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut visit = Self::default();
        json::members(text.strip_prefix(VERSION)?, |key, raw| match key {
            "id" => visit.id = plain(raw),
            "start" => visit.start = Millis(json::as_u64(raw).unwrap_or_default()),
            "last" => visit.last = Millis(json::as_u64(raw).unwrap_or_default()),
            "stage" => visit.stage = Stage::parse(&plain(raw)),
            "orders" => {
                let _ = json::elements(raw, |order| visit.orders.extend(order.parse::<u32>()));
            }
            "asked" => {
                let _ = json::elements(raw, |id| visit.asked.push(plain(id)));
            }
            _ => {}
        })?;
        let whole = is_id(&visit.id, 16) && visit.start.0 > 0 && visit.last >= visit.start;
        visit.orders.truncate(ORDERS);
        whole.then_some(visit)
    }

    /// Whether the visit has ended by `now`. A record from the future (a clock was set back) has not.
    pub(crate) fn is_over(&self, now: Millis) -> bool {
        journey::is_over(self.start, self.last, now)
    }

    /// Remembers an order.
    pub(crate) fn claim(&mut self, order: u32) {
        self.orders.insert(0, order);
        self.orders.truncate(ORDERS);
    }

    /// The record's text.
    pub(crate) fn write(&self) -> String {
        let mut out = Writer::default();
        out.raw(VERSION);
        out.raw("{");
        out.word_member("id", &self.id);
        out.number_member("start", self.start.0);
        out.number_member("last", self.last.0);
        if let Some(stage) = self.stage {
            out.word_member("stage", stage.as_str());
        }
        out.key("orders");
        out.raw("[");
        for &order in &self.orders {
            out.comma();
            out.number(u64::from(order));
        }
        out.raw("]");
        out.key("asked");
        out.raw("[");
        for id in &self.asked {
            out.comma();
            out.text(id);
        }
        out.raw("]}");
        out.into_string()
    }
}

/// A short text without escapes: all that the records hold. Anything else becomes empty.
pub(crate) fn plain(raw: &str) -> String {
    json::as_text(raw)
        .filter(|text| text.len() <= 64)
        .map(Into::into)
        .unwrap_or_default()
}

/// Whether `id` is `chars` lower-case letters and digits.
pub(crate) fn is_id(id: &str, chars: usize) -> bool {
    id.len() == chars && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
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
            orders: vec![7, u32::MAX],
            asked: vec!["order-nps".into()],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Visit::read(&visit().write()), Some(visit()));
    }

    #[test]
    fn what_is_damaged_is_none() {
        let text = visit().write();
        for cut in 0..text.len() {
            assert_eq!(Visit::read(&text[..cut]), None);
        }
        assert_eq!(Visit::read(&text.replacen('1', "2", 1)), None);
        assert_eq!(Visit::read(&text.replace("9xk2", "9XK2")), None);
    }
}
