//! From what was counted to the page. The template has the words' places; what stands in them is made here.

use super::Lang;
use super::count::{Counted, Period, StageCounted};
use super::draw;
use super::say::Say;
use crate::map::before_after::{Compared, Measures, Told};
use crate::map::cost::Cost;
use crate::map::facts::filter::{DAY, date};
use crate::map::goals::{self, Stand, State};
use crate::map::kpi::{Kpi, Measured};
use crate::map::scores::MIN_N;
use crate::map::share::Share;
use crate::map::voice::Voice;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

const TEMPLATE: &str = include_str!("template.html");
/// Frictions, themes and words that are told: a digest is no list.
const FRICTIONS: usize = 5;
const THEMES: usize = 6;
const WORDS: usize = 12;

/// Writes the page.
pub(super) fn render(counted: &Counted, key: &str, lang: Lang) -> Result<String, String> {
    let say = Say::new(lang)?;
    let mut environment = Environment::new();
    // A misspelt place fails instead of leaving a hole in the page.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template("report.html", TEMPLATE).map_err(|why| format!("the report's template: {why:#}"))?;
    let Period { from, to } = counted.period;
    let before = counted.period.before();
    let period = say.text(
        "period",
        &[
            ("from", &say.day(from)),
            ("to", &say.day(to - DAY)),
            ("before_from", &say.day(before.from)),
            ("before_to", &say.day(before.to - DAY)),
        ],
    );
    let journeys = counted.whole.iter().find(|one| one.kpi == Kpi::Conversion);
    let journeys = journeys.map_or((0, 0), |one| (one.after.n, one.before.n));
    let all_note = say.text("all_note", &[("n", &say.count(journeys.0)), ("before", &say.count(journeys.1))]);
    let page = Page {
        lang: say.tag(),
        t: say.words(),
        period,
        all_note,
        shop: (!key.is_empty()).then(|| say.text("shop", &[("key", key)])),
        goals: counted.goals.goals.iter().map(|stand| goal(stand, &say)).collect(),
        changes: counted.changes.changes.iter().map(|one| change(one, &say)).collect(),
        whole: rows(&counted.whole, &say),
        stages: counted.stages.iter().map(|one| stage(one, &say)).collect(),
        frictions: frictions(counted, &say),
        themes: themes(&counted.voice, &counted.voice_before, &say),
        words: if counted.verbatims { words(&counted.voice, &say) } else { Vec::new() },
        fine: say.text("fine", &[("min", &MIN_N.to_string()), ("version", env!("CARGO_PKG_VERSION"))]),
    };
    let template = environment.get_template("report.html").map_err(|why| format!("the report's template: {why:#}"))?;
    template.render(Serde(&page)).map_err(|why| format!("the report's template: {why:#}"))
}

/// A text as an attribute or an element may hold it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What the template is filled with.
#[derive(Serialize)]
struct Page<'a> {
    lang: &'static str,
    t: &'a serde_json::Value,
    period: String,
    all_note: String,
    shop: Option<String>,
    goals: Vec<GoalTold>,
    changes: Vec<ChangeTold>,
    whole: Vec<RowTold>,
    stages: Vec<StageTold>,
    frictions: Vec<FrictionTold>,
    themes: Vec<ThemeTold>,
    words: Vec<WordsTold>,
    fine: String,
}

#[derive(Serialize)]
struct GoalTold {
    name: String,
    note: String,
    state: &'static str,
    chance: bool,
    says: String,
    picture: Value,
}

fn goal(stand: &Stand, say: &Say) -> GoalTold {
    let goal = &stand.goal;
    let level = |value: f64| say.level(goal.kpi, value);
    let by = date(&goal.by).map(|by| say.day(by)).unwrap_or_default();
    let (from, to, n) = (level(goal.from), level(goal.to), say.count(stand.now.n));
    let says = match (stand.now.value, stand.now.low, stand.now.high) {
        (Some(value), Some(low), Some(high)) => say.text(
            "goal_now",
            &[
                ("value", &level(value)),
                ("low", &level(low)),
                ("high", &level(high)),
                ("n", &n),
                ("expected", &level(stand.expected)),
                ("from", &from),
                ("to", &to),
                ("by", &by),
            ],
        ),
        _ => say.text(
            "goal_few",
            &[
                ("n", &n),
                ("days", &goals::DAYS.to_string()),
                ("min", &MIN_N.to_string()),
                ("from", &from),
                ("to", &to),
                ("by", &by),
            ],
        ),
    };
    let place = place(goal.stage.as_deref(), say);
    let note: Vec<String> = [say.kpi(goal.kpi), place].into_iter().chain(goal.owner.clone()).collect();
    GoalTold {
        name: goal.id.clone(),
        note: note.join(" · "),
        state: match stand.state {
            State::OnTrack => "on_track",
            State::Behind => "behind",
            State::Reached => "reached",
            State::TooFew => "too_few",
        },
        chance: stand.state != State::TooFew && !stand.sure,
        says,
        picture: Value::from_safe_string(draw::line(stand, say, &say.text("goal_label", &[("title", &goal.id)]))),
    }
}

fn place(stage: Option<&str>, say: &Say) -> String {
    stage.map_or_else(|| say.text("whole_path", &[]), |stage| say.name("stage", stage))
}

#[derive(Serialize)]
struct ChangeTold {
    what: String,
    note: String,
    rows: Vec<RowTold>,
}

fn change(one: &Compared, say: &Say) -> ChangeTold {
    let days = match one.days {
        0 => say.text("change_none", &[]),
        days => say.text("change_days", &[("n", &days.to_string())]),
    };
    let on = date(&one.change.on).map(|on| say.day(on)).unwrap_or_default();
    ChangeTold {
        what: one.change.what.clone(),
        note: [on, place(one.change.stage.as_deref(), say), days].join(" · "),
        rows: rows(&one.measures, say),
    }
}

#[derive(Serialize)]
struct RowTold {
    name: String,
    before: String,
    after: String,
    told: &'static str,
    points: Option<String>,
    picture: Value,
}

fn rows(measures: &[Measures], say: &Say) -> Vec<RowTold> {
    measures
        .iter()
        .map(|one| RowTold {
            name: say.kpi(one.kpi),
            before: measured(one.kpi, one.before, say),
            after: measured(one.kpi, one.after, say),
            told: match one.told {
                Told::Better => "better",
                Told::Worse => "worse",
                Told::CannotBeTold => "cannot_be_told",
                Told::TooFew => "too_few",
            },
            points: one.gap.map(|gap| {
                let signed = |value: f64| say.number(value, true);
                say.text(
                    "points",
                    &[("n", &signed(gap.points)), ("low", &signed(gap.low)), ("high", &signed(gap.high))],
                )
            }),
            picture: Value::from_safe_string(draw::pair(one.kpi, one.before, one.after)),
        })
        .collect()
}

fn measured(kpi: Kpi, of: Measured, say: &Say) -> String {
    match (of.value, of.low, of.high) {
        (Some(value), Some(low), Some(high)) => {
            let level = |value: f64| say.level(kpi, value);
            say.text("value", &[("value", &level(value)), ("low", &level(low)), ("high", &level(high))])
        }
        _ => say.text("few", &[("n", &say.count(of.n))]),
    }
}

#[derive(Serialize)]
struct StageTold {
    name: String,
    class: String,
    rows: Vec<RowTold>,
    did: Option<String>,
    belief: Option<String>,
    targets: Vec<String>,
}

fn stage(one: &StageCounted, say: &Say) -> StageTold {
    let came = one.measures.iter().any(|measure| measure.kpi == Kpi::Reached && measure.after.n > 0)
        && one.measures.iter().any(|measure| measure.kpi == Kpi::Conversion && measure.after.n > 0);
    let did: Vec<String> =
        one.top.iter().map(|(name, n)| format!("{} ({})", say.name("moment", name), say.count(*n))).collect();
    let target = |target: &crate::statements::Target| {
        let now =
            one.measures.iter().find(|measure| measure.kpi == target.kpi).map(|one| one.after).unwrap_or_default();
        say.text(
            "target",
            &[
                ("kpi", &say.kpi(target.kpi)),
                ("target", &say.level(target.kpi, target.target)),
                ("value", &measured(target.kpi, now, say)),
            ],
        )
    };
    StageTold {
        name: say.name("stage", &one.stage),
        class: one.stage.clone(),
        rows: if came { rows(&one.measures, say) } else { Vec::new() },
        did: (!did.is_empty()).then(|| did.join(", ")),
        belief: one.belief.as_ref().map(|belief| {
            let emotion = format!("{:?}", belief.emotion).to_lowercase();
            say.text("believed", &[("emotion", &say.name("emotion", &emotion))])
        }),
        targets: one.targets.iter().map(target).collect(),
    }
}

#[derive(Serialize)]
struct FrictionTold {
    name: String,
    stage: String,
    met: String,
    with: String,
    without: String,
    orders: Option<String>,
    money: Option<String>,
}

fn frictions(counted: &Counted, say: &Say) -> Vec<FrictionTold> {
    let currency = counted.costs.order.as_ref().map(|order| order.currency.clone()).unwrap_or_default();
    let between = |key: &str, low: String, high: String| say.text(key, &[("low", &low), ("high", &high)]);
    let told = |cost: &Cost| FrictionTold {
        name: say.name("moment", &cost.name),
        stage: say.name("stage", &cost.stage),
        met: share(cost.met, say),
        with: share(cost.with, say),
        without: share(cost.without, say),
        orders: cost.orders.map(|orders| {
            between("orders", say.number(orders.low.round(), false), say.number(orders.high.round(), false))
        }),
        money: cost
            .money
            .map(|money| between("money", say.money(money.low, &currency), say.money(money.high, &currency))),
    };
    counted.costs.frictions.iter().take(FRICTIONS).map(told).collect()
}

fn share(of: Share, say: &Say) -> String {
    match (of.percent, of.low, of.high) {
        (Some(value), Some(low), Some(high)) => {
            let [value, low, high] = [value, low, high].map(|value| say.percent(value));
            say.text("value", &[("value", &value), ("low", &low), ("high", &high)])
        }
        _ => say.text("of", &[("n", &say.count(of.n)), ("of", &say.count(of.of))]),
    }
}

#[derive(Serialize)]
struct ThemeTold {
    name: String,
    before: String,
    n: String,
}

fn themes(now: &Voice, before: &Voice, say: &Say) -> Vec<ThemeTold> {
    let earlier = |theme: &str| before.themes.iter().find(|one| one.theme == theme).map_or(0, |one| one.n);
    let told = now.themes.iter().take(THEMES).map(|one| ThemeTold {
        name: say.name("theme", &one.theme),
        before: say.count(earlier(&one.theme)),
        n: say.count(one.n),
    });
    told.collect()
}

#[derive(Serialize)]
struct WordsTold {
    text: String,
    note: String,
}

fn words(voice: &Voice, say: &Say) -> Vec<WordsTold> {
    let told = voice.words.iter().take(WORDS).map(|one| WordsTold {
        text: one.text.clone(),
        note: [date(&one.day).map(|day| say.day(day)).unwrap_or_default(), say.name("stage", &one.stage)].join(" · "),
    });
    told.collect()
}
