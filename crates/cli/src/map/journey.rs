//! One journey, folded from its events.

use super::answers::{self, Answer};
use super::path::{self, Stop};
use super::touchpoints::{self, Role};
use crate::store::{Event, JourneyRecord};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A journey as the list shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Journey {
    /// Place in the list: `?after=` this.
    pub cursor: String,
    /// The shop's key.
    pub key: String,
    /// Its id.
    pub id: String,
    /// Unix seconds.
    pub started: i64,
    /// Device class.
    pub device: Option<String>,
    /// Language of the page.
    pub lang: Option<String>,
    /// Where it is now, or ended.
    pub stage: Option<String>,
    /// The stages in the order in which they were visited, returns included.
    pub stages: Vec<String>,
    /// How many events are stored.
    pub events: usize,
    /// Whether something was bought.
    pub purchase: bool,
    /// For how much, in all.
    pub value: Option<Value>,
    /// In which currency.
    pub currency: Option<String>,
    /// What got in the way, and how often.
    pub friction: BTreeMap<String, u64>,
    /// What the shopper said.
    pub answers: Vec<Answer>,
    /// Milliseconds from the start to the last event.
    pub last_at: Option<i64>,
    /// Whether there is a path: an answer that was given without consent has none.
    pub path_known: bool,
    /// The stops on the way.
    pub path: Vec<Stop>,
    /// Milliseconds spent in each stage.
    #[serde(skip)]
    pub dwell: BTreeMap<String, i64>,
}

/// An amount: a number with consent, a band like `"20-50"` without.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Money {
    /// Number or band.
    pub value: Value,
    /// ISO 4217.
    pub currency: Option<String>,
}

impl Money {
    /// The amount of an event, if it carries one.
    pub fn of(event: &Event) -> Option<Self> {
        let value = event.data.get("value").filter(|value| value.is_number() || value.is_string())?.clone();
        let currency = event.data.get("currency").and_then(Value::as_str).map(str::to_owned);
        Some(Self { value, currency })
    }

    /// Together, where they can be added; else the later one.
    fn and(self, later: Self) -> Self {
        match (self.value.as_f64(), later.value.as_f64()) {
            (Some(a), Some(b)) if self.currency == later.currency => Self { value: number(a + b), ..later },
            _ => later,
        }
    }
}

/// 48, not 48.0.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 { Value::from(value as i64) } else { Value::from(value) }
}

impl Journey {
    /// Folds the events, which must be in order.
    pub fn fold(record: JourneyRecord, events: &[Event]) -> Self {
        Self { answers: answers::of(events), path: path::of(events), ..Self::outline(record, events) }
    }

    /// The same without answers and stops.
    pub fn outline(record: JourneyRecord, events: &[Event]) -> Self {
        let mut journey = Self {
            cursor: record.cursor.to_string(),
            key: record.key,
            id: record.id,
            started: record.started,
            device: record.device,
            lang: record.lang,
            events: events.len(),
            last_at: events.iter().filter_map(|event| event.at).max(),
            path_known: events.iter().any(|event| event.at.is_some() || event.stage.is_some()),
            ..Self::default()
        };
        journey.walk_stages(events);
        journey.stage = journey.stages.last().cloned().or(record.stage);
        for event in events.iter().filter(|event| touchpoints::role(&event.name) == Role::Friction) {
            *journey.friction.entry(event.name.clone()).or_default() += 1;
        }
        journey.count_money(events);
        journey
    }

    /// Where each event says it happened; a stage lasts until the next one begins or the last event comes.
    fn walk_stages(&mut self, events: &[Event]) {
        let mut since = 0;
        for event in events {
            let Some(stage) = &event.stage else { continue };
            let at = event.at.unwrap_or(since);
            if self.stages.last() != Some(stage) {
                self.leave_stage(at - since);
                since = at;
                self.stages.push(stage.clone());
            }
        }
        self.leave_stage(self.last_at.unwrap_or(since) - since);
    }

    fn leave_stage(&mut self, after: i64) {
        if let Some(stage) = self.stages.last() {
            *self.dwell.entry(stage.clone()).or_default() += after.max(0);
        }
    }

    fn count_money(&mut self, events: &[Event]) {
        let purchases = events.iter().filter(|event| event.name == "purchase");
        let mut money: Option<Money> = None;
        for event in purchases {
            self.purchase = true;
            if let Some(paid) = Money::of(event) {
                money = Some(match money {
                    Some(before) => before.and(paid),
                    None => paid,
                });
            }
        }
        // A summary may arrive where the purchase itself was lost on the way.
        let summary = events.iter().filter(|event| event.name == "journey_summary");
        for event in summary.filter(|event| event.data.get("converted").and_then(Value::as_bool) == Some(true)) {
            self.purchase = true;
            money = money.or_else(|| Money::of(event));
        }
        if let Some(money) = money {
            self.value = Some(money.value);
            self.currency = money.currency;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(at: i64, name: &str, stage: &str, data: Value) -> Event {
        Event {
            at: Some(at),
            name: name.into(),
            stage: Some(stage.into()),
            data: data.as_object().cloned().unwrap_or_default(),
            ..Event::default()
        }
    }

    #[test]
    fn stages_are_walked_with_returns_and_their_time_is_summed() {
        let none = json!({});
        let journey = Journey::fold(
            JourneyRecord::default(),
            &[
                event(0, "page_view", "awareness", none.clone()),
                event(1000, "view_item", "consideration", none.clone()),
                event(4000, "add_to_cart", "decision", none.clone()),
                event(6000, "view_item", "consideration", none.clone()),
                event(9000, "rage_click", "consideration", none),
            ],
        );
        assert_eq!(journey.stages, ["awareness", "consideration", "decision", "consideration"]);
        assert_eq!(journey.stage.as_deref(), Some("consideration"));
        assert_eq!(journey.dwell.get("consideration"), Some(&6000));
        assert_eq!(journey.dwell.get("decision"), Some(&2000));
        assert_eq!(journey.friction.get("rage_click"), Some(&1));
        assert_eq!((journey.last_at, journey.purchase), (Some(9000), false));
    }

    #[test]
    fn purchases_of_one_currency_are_added_and_a_band_stays_a_band() {
        let buy = |data| event(0, "purchase", "decision", data);
        let fold = |events: &[Event]| {
            let journey = Journey::fold(JourneyRecord::default(), events);
            (journey.value, journey.currency)
        };
        let euro = json!({"value":48,"currency":"EUR"});
        assert_eq!(fold(&[buy(euro.clone()), buy(euro.clone())]), (Some(json!(96)), Some("EUR".into())));
        assert_eq!(fold(&[buy(json!({"value":"20-50","currency":"EUR"}))]), (Some(json!("20-50")), Some("EUR".into())));
        assert_eq!(fold(&[buy(json!({}))]), (None, None));
        let summary = event(0, "journey_summary", "decision", json!({"converted":true,"value":48,"currency":"EUR"}));
        assert_eq!(fold(&[buy(euro), summary]), (Some(json!(48)), Some("EUR".into())));
    }

    #[test]
    fn an_answer_without_consent_has_no_path() {
        let event = Event { name: "prompt_answer".into(), ..Event::default() };
        assert!(!Journey::fold(JourneyRecord::default(), &[event]).path_known);
    }
}
