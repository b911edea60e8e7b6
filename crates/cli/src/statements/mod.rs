//! What the shop states itself: what it believes, what it aims at, and what it has changed. One document for each shop, edited on the map's
//! page and laid beside what is measured. Nothing in it is about a shopper.

mod api;
mod check;

pub(crate) use api::Whose;
pub use api::router;

use crate::access::Reader;
use crate::map::facts::Feeling;
use crate::map::kpi::Kpi;
use crate::store::{Scope, Store, StoreError};
use serde::{Deserialize, Serialize};

/// All that a shop states. Each member may be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Statements {
    /// How it believes that shoppers feel: one for a stage.
    pub beliefs: Vec<Belief>,
    /// What it wants of a stage: one for a stage and a KPI.
    pub targets: Vec<Target>,
    /// What it has changed, in the order of the days.
    pub changes: Vec<Change>,
    /// What it wants to have come to, and until when.
    pub goals: Vec<Goal>,
}

/// How the shop believes that shoppers feel at a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Belief {
    /// The stage.
    pub stage: String,
    /// The feeling.
    pub emotion: Feeling,
    /// Why it believes so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What the shop wants of a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The stage.
    pub stage: String,
    /// What is measured.
    pub kpi: Kpi,
    /// What it is to be: per cent; of NPS points.
    pub target: f64,
}

/// Something that the shop has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The first day with it, UTC.
    pub on: String,
    /// What it is.
    pub what: String,
    /// The stage that it is about; none: all of the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
}

/// What the shop wants to have come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Its name, unique among the goals.
    pub id: String,
    /// What is measured.
    pub kpi: Kpi,
    /// At which stage; none: over all of the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// What it was when the goal was set.
    pub from: f64,
    /// What it is to be.
    pub to: f64,
    /// The day on which it was `from`. Where it is left out, the day on which the goal was first stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The day on which it is to be `to`.
    pub by: String,
    /// What it is to be on days between, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// What a goal is to have come to on a day on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// The day, UTC.
    pub on: String,
    /// What it is to be then.
    pub value: f64,
}

/// A document and how often it was written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stated {
    /// 0 where nothing was ever stated.
    pub revision: i64,
    /// What is stated.
    pub statements: Statements,
}

/// The statements that belong beside what a reader looks at: those of the shop that the filter names, without one those of all shops together.
/// Whoever may read one shop alone always looks at that one; whoever may read several sees none before one is named.
///
/// # Errors
/// When the database could not be read.
pub async fn beside(store: &Store, reader: &Reader, key: Option<&str>) -> Result<Stated, StoreError> {
    match whose(reader.scope(), key) {
        Some(key) => store.statements(key.to_owned()).await,
        None => Ok(Stated::default()),
    }
}

/// The key of the document that a reader of these shops means; `None` where it is none that they may read.
fn whose<'a>(scope: &'a Scope, key: Option<&'a str>) -> Option<&'a str> {
    let key = key.filter(|key| !key.is_empty());
    match (scope, key) {
        (Scope::All, key) => Some(key.unwrap_or_default()),
        (Scope::Keys(keys), Some(key)) => keys.iter().any(|own| own == key).then_some(key),
        (Scope::Keys(keys), None) => match keys.as_slice() {
            [one] => Some(one),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_of_some_shops_has_their_documents_alone() {
        let (one, two) = (Scope::keys(vec!["a".into()]), Scope::keys(vec!["a".into(), "b".into()]));
        assert_eq!((whose(&Scope::All, None), whose(&Scope::All, Some("b"))), (Some(""), Some("b")));
        assert_eq!((whose(&one, None), whose(&one, Some("")), whose(&one, Some("b"))), (Some("a"), Some("a"), None));
        assert_eq!((whose(&two, None), whose(&two, Some("b")), whose(&two, Some("c"))), (None, Some("b"), None));
    }
}
