//! Whether the shop is set up as it should be: what arrives, what is missing. Counted from what is stored for the map; what must not be stored
//! (origins, who has not decided, staff) is said to be unknown.

use super::facts::filter::{DAY, day_of, today};
use super::facts::{ById, Chosen, Fact, Facts, Filter, Id, newest};
use super::share::Share;
use super::touchpoints::STAGES;
use crate::access::Reader;
use crate::app::App;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use crate::store::Scope;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// Counts are of so many days, today included.
const DAYS: i64 = 28;
/// Who reports consent is told of so many journeys, the newest.
const LOOKED_AT: usize = 5_000;
/// What every shop's path has.
const EXPECTED: [&str; 5] = ["page_view", "view_item", "add_to_cart", "begin_checkout", "purchase"];

/// How a shop is set up.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Setup {
    /// The collector's version.
    pub version: &'static str,
    /// Days after which a journey is deleted, at the latest.
    pub retention_days: i64,
    /// Counts are of so many days, today included.
    pub days: i64,
    /// When the newest event happened, Unix seconds.
    pub last_event: Option<i64>,
    /// When somebody bought last, Unix seconds.
    pub last_purchase: Option<i64>,
    /// Keys of shops that have sent something, those with most journeys first.
    pub shops: Vec<Seen>,
    /// Origins whose pages may send; empty: every page. None for whoever reads some shops alone. Which ones did is not stored.
    pub origins: Option<Vec<String>>,
    /// Who reported the consent to `measure`: a consent platform, `api` (the shop's own code), …; of the newest journeys.
    pub consent: Vec<Reporter>,
    /// Of the newest journeys, how many are answers that were sent without consent. Whoever refuses or has not decided sends nothing else, and is
    /// not counted anywhere.
    pub without_consent: Share,
    /// The stages of the default framework with when they were seen last, then others.
    pub stages: Vec<Seen>,
    /// No stage of the default framework was ever seen, and others were: the shop has a framework of its own.
    pub own_framework: bool,
    /// Touchpoints that every shop has.
    pub touchpoints: Vec<Seen>,
    /// Of the journeys that bought, how many say for how much.
    pub with_value: Share,
    /// Of the journeys that saw a product's page, how many say which product.
    pub with_product: Share,
}

/// What was seen, and when last.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "SetupSeen")]
pub struct Seen {
    /// Its name.
    pub name: String,
    /// Journeys that had it, of the last days.
    pub journeys: u64,
    /// The last day on which a journey that had it began; none where it was never seen.
    pub last: Option<String>,
}

/// Who reported consent.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ConsentReporter")]
pub struct Reporter {
    /// As batches name it.
    pub by: String,
    /// Journeys.
    pub journeys: u64,
}

/// Which shop.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// The shop; all that may be read where it is left out.
    key: Option<String>,
}

/// `GET /api/setup`.
pub(super) async fn answer(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    asked: Result<Query<Which>, QueryRejection>,
) -> Response {
    let Which { key } = match asked {
        Ok(Query(asked)) => asked,
        Err(why) => return respond::error(StatusCode::BAD_REQUEST, &why.body_text()),
    };
    if reader.is_shared() {
        return respond::error(StatusCode::FORBIDDEN, "a shared link opens nothing of the set-up");
    }
    let scope = narrowed(reader.scope(), key.as_deref());
    let away = || respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer");
    let Ok(facts) = app.facts.facts(&app.store).await else { return away() };
    let chosen = match Filter::default().choose(&facts.words) {
        Ok(chosen) => chosen.within(&scope, &facts.words),
        Err(why) => return respond::error(StatusCode::BAD_REQUEST, &why),
    };
    let mut setup = tokio::task::block_in_place(|| count(&facts, &chosen, today()));
    setup.retention_days = app.policy.retention_days;
    setup.origins = (*reader.scope() == Scope::All).then(|| app.policy.allowed.origins());
    ([NO_STORE, NO_SNIFF], Json(setup)).into_response()
}

/// Of these shops the one that is named; none where it is not among them.
fn narrowed(scope: &Scope, key: Option<&str>) -> Scope {
    match (scope, key.filter(|key| !key.is_empty())) {
        (scope, None) => scope.clone(),
        (Scope::All, Some(key)) => Scope::keys(vec![key.to_owned()]),
        (Scope::Keys(keys), Some(key)) => Scope::keys(keys.iter().filter(|own| *own == key).cloned().collect()),
    }
}

/// Journeys that had something, and when the last of them began.
#[derive(Default, Clone, Copy)]
struct Counted {
    journeys: u64,
    last: Option<i64>,
}

impl Counted {
    fn add(&mut self, started: i64, from: i64) {
        self.journeys += u64::from(started >= from);
        self.last = self.last.max(Some(started));
    }

    fn seen(self, name: &str) -> Seen {
        Seen { name: name.to_owned(), journeys: self.journeys, last: self.last.map(day_of) }
    }
}

fn count(facts: &Facts, chosen: &Chosen, today: i64) -> Setup {
    let from = today - (DAYS - 1) * DAY;
    let mut shops: ById<Id, Counted> = ById::default();
    let mut stages: ById<Id, Counted> = ById::default();
    let mut touched = [Counted::default(); EXPECTED.len()];
    // Which of them a moment is, looked up once for each.
    let mut kinds: ById<Id, Option<usize>> = ById::default();
    let mut last_event = None;
    let (mut last_purchase, mut bought, mut paid, mut viewed, mut named) = (None, 0, 0, 0, 0);
    let taken: Vec<&Fact> = facts.all.iter().filter(|fact| chosen.takes(fact)).collect();
    for fact in &taken {
        let lately = u64::from(fact.started >= from);
        last_event = last_event.max(Some(fact.started + fact.last / 1000));
        shops.entry(fact.key).or_default().add(fact.started, from);
        for (stage, _) in &fact.dwell {
            stages.entry(*stage).or_default().add(fact.started, from);
        }
        let mut had = [false; EXPECTED.len()];
        for (moment, _) in &fact.moments {
            let kind = kinds.entry(*moment).or_insert_with(|| {
                let name = facts.words.moments.word(*moment).name.as_str();
                EXPECTED.iter().position(|expected| *expected == name)
            });
            if let Some(had) = kind.and_then(|kind| had.get_mut(kind)) {
                *had = true;
            }
        }
        for ((expected, had), counted) in EXPECTED.into_iter().zip(had).zip(&mut touched) {
            if had {
                counted.add(fact.started, from);
            }
            if had && expected == "view_item" {
                viewed += lately;
                named += lately * u64::from(!fact.items.is_empty());
            }
        }
        if fact.bought {
            bought += lately;
            paid += lately * u64::from(fact.paid.is_some());
            last_purchase = last_purchase.max(Some(fact.started + fact.bought_at.unwrap_or_default() / 1000));
        }
    }
    let word = |id: Id| facts.words.plain.word(id).clone();
    let listed = |counted: ById<Id, Counted>| {
        let mut seen: Vec<Seen> = counted.into_iter().map(|(id, one)| one.seen(&word(id))).collect();
        seen.sort_by(|a, b| b.journeys.cmp(&a.journeys).then(a.name.cmp(&b.name)));
        seen
    };
    let seen = listed(stages);
    let usual = |seen: &Seen| STAGES.contains(&seen.name.as_str());
    let own_framework = !seen.is_empty() && !seen.iter().any(usual);
    let default = STAGES.into_iter().filter(|_| !own_framework).map(|stage| {
        seen.iter().find(|one| one.name == stage).cloned().unwrap_or_else(|| Counted::default().seen(stage))
    });
    let mut reporters: ById<Id, u64> = ById::default();
    let looked_at = newest(taken.iter().copied(), LOOKED_AT);
    // What is sent without consent says nothing of its journey.
    let alone = looked_at.iter().filter(|fact| fact.alone).count() as u64;
    for fact in looked_at.iter().filter(|fact| !fact.alone) {
        *reporters.entry(fact.reporter).or_default() += 1;
    }
    let mut consent: Vec<Reporter> =
        reporters.into_iter().map(|(by, journeys)| Reporter { by: word(by), journeys }).collect();
    consent.sort_by(|a, b| b.journeys.cmp(&a.journeys).then(a.by.cmp(&b.by)));
    Setup {
        version: env!("CARGO_PKG_VERSION"),
        retention_days: 0,
        days: DAYS,
        last_event,
        last_purchase,
        shops: listed(shops),
        origins: None,
        consent,
        without_consent: Share::new(alone, looked_at.len() as u64),
        stages: default.chain(seen.iter().filter(|one| !usual(one)).cloned()).collect(),
        own_framework,
        touchpoints: EXPECTED.into_iter().zip(touched).map(|(name, one)| one.seen(name)).collect(),
        with_value: Share::new(paid, bought),
        with_product: Share::new(named, viewed),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::filter::date;
    use super::super::facts::{Moment, NONE};
    use super::*;
    use crate::store::{Cursor, Event, JourneyRecord};

    #[test]
    fn what_is_missing_is_said_to_be_missing() {
        let mut facts = Facts::default();
        let mut id = |word: &str| facts.words.plain.of(&word.to_owned());
        let (shop, start, own) = (id("pk_a"), id("awareness"), id("fitting"));
        let moment = |name: &str| Moment { stage: start, lens: "did", name: name.into(), friction: false };
        let cookiebot = id("cookiebot");
        let (view, item) = (facts.words.moments.of(&moment("page_view")), facts.words.moments.of(&moment("view_item")));
        let today = date("2026-11-22").unwrap();
        for row in 0..40 {
            // The older half from before the 28 days.
            let started = today - if row < 20 { 60 * DAY } else { 0 };
            facts.put(Fact {
                row,
                key: shop,
                started,
                reporter: if row < 2 { NONE } else { cookiebot },
                alone: row < 2,
                last: if row == 30 { 60_000 } else { 0 },
                known: true,
                bought: row == 3,
                bought_at: (row == 3).then_some(90_000),
                dwell: if row < 20 { Box::new([(start, 1), (own, 1)]) } else { Box::new([(start, 1)]) },
                moments: Box::new([(view, 1), (item, 1)]),
                ..Fact::default()
            });
        }
        let setup = count(&facts, &Filter::default().choose(&facts.words).unwrap(), today);
        let seen = |list: &[Seen], name: &str| {
            let one = list.iter().find(|one| one.name == name).unwrap();
            (one.journeys, one.last.clone())
        };
        assert_eq!(seen(&setup.shops, "pk_a"), (20, Some("2026-11-22".into())));
        assert_eq!(seen(&setup.stages, "awareness").0, 20);
        assert_eq!(seen(&setup.stages, "decision"), (0, None));
        assert_eq!(seen(&setup.stages, "fitting"), (0, Some("2026-09-23".into())));
        assert_eq!((setup.stages.len(), setup.own_framework), (6, false));
        assert_eq!(seen(&setup.touchpoints, "view_item").0, 20);
        assert_eq!(seen(&setup.touchpoints, "purchase"), (0, None));
        assert_eq!((setup.last_purchase, setup.with_value.of), (Some(today - 60 * DAY + 90), 0));
        assert_eq!((setup.with_product.n, setup.with_product.of), (0, 20));
        assert_eq!((setup.without_consent.percent, setup.last_event), (Some(5.0), Some(today + 60)));
        assert_eq!(setup.consent, [Reporter { by: "cookiebot".into(), journeys: 38 }]);
    }

    #[test]
    fn reporters_are_counted_and_the_newest_event_is_the_last() {
        let mut facts = Facts::default();
        let mut store = |row: i64, key: &str, reporter: Option<&str>, lang: Option<&str>, started: i64, at: i64| {
            let record = JourneyRecord {
                cursor: Cursor { started, row },
                key: key.into(),
                id: format!("{row:016}"),
                started,
                lang: lang.map(str::to_owned),
                reporter: reporter.map(str::to_owned),
                ..JourneyRecord::default()
            };
            let event = Event { seq: 1, at: Some(at), name: "page_view".into(), ..Event::default() };
            let fact = Fact::new(&mut facts.words, record, &[event]);
            facts.put(fact);
        };
        store(1, "a", Some("cookiebot"), None, 6_000, 90_000);
        store(2, "a", Some("cookiebot"), None, 1_200, 0);
        // Sent alone; and by somebody who says what the page is, and nothing of consent.
        store(3, "a", None, None, 1_260, 0);
        store(4, "b", Some("api"), None, 90_000, 5_000);
        store(5, "d", None, Some("fi"), 1_260, 0);
        let told = |scope: Scope| {
            let chosen = Filter::default().choose(&facts.words).unwrap().within(&scope, &facts.words);
            let setup = count(&facts, &chosen, 0);
            let consent: Vec<_> = setup.consent.into_iter().map(|one| (one.by, one.journeys)).collect();
            (setup.without_consent.of, setup.without_consent.n, setup.last_event, consent)
        };
        let of = |key: &str| told(Scope::keys(vec![key.into()]));
        assert_eq!(of("a"), (3, 1, Some(6_090), vec![("cookiebot".to_owned(), 2)]));
        assert_eq!(told(Scope::All).2, Some(90_005));
        assert_eq!(of("c"), (0, 0, None, Vec::new()));
        assert_eq!(of("d"), (1, 0, Some(1_260), vec![(String::new(), 1)]));
    }

    #[test]
    fn whoever_reads_some_shops_names_one_of_these() {
        let two = Scope::keys(vec!["a".into(), "b".into()]);
        assert_eq!(narrowed(&two, Some("b")), Scope::keys(vec!["b".into()]));
        assert_eq!(narrowed(&two, Some("c")), Scope::keys(Vec::new()));
        assert_eq!(
            (narrowed(&two, None), narrowed(&Scope::All, Some("c"))),
            (two.clone(), Scope::keys(vec!["c".into()]))
        );
    }
}
