//! What holds on every walk, however long and odd.

use polku_core::Millis;
use polku_core::asker::{Asker, By, Cue, End, Scene, busy, may};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::world::World;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

fn prompts() -> Value {
    json!([
        {"id": "order", "when": {"any": [{"on": "order_confirmed"}], "delayMs": 1500}},
        {"id": "cart", "when": {"any": [{"on": "exit_intent"}, {"on": "inactivity", "seconds": 20}, {"on": "scroll", "percent": 50}]}, "limits": {"max": 3}},
        {"id": "stage", "when": {"on": "stage", "is": "consideration"}, "limits": {"recurringDays": 90, "priority": 60}},
        {"id": "pages", "when": {"on": "page_views", "count": 2, "delayMs": 700, "cancelOn": [{"on": "purchase"}]}, "who": {"not": {"url": {"prefix": "/checkout"}}}},
        {"id": "later", "when": {"on": "time", "seconds": 12}, "who": {"sample": 0.6}},
        {"id": "help", "kind": "help", "when": {"on": "trouble"}, "limits": {"max": 99}},
        {"id": "asked", "ui": {"launcher": "#feedback"}}
    ])
}

fn step() -> impl Strategy<Value = String> {
    let texts = |list: &[&'static str]| select(list.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        6 => (1_u32..40).prop_map(|seconds| format!("{seconds}s")),
        2 => texts(&["2h", "1d", "6d", "14d", "30d", "91d", "200d", "400d"]),
        4 => texts(&["load /", "load /p/1", "load /checkout", "route /cart", "visit /", "visit /p/2", "tab /x"]),
        8 => texts(&["did view_item", "did purchase", "did begin_checkout", "did payment_declined", "did form_error", "did rage_click", "did add_to_cart {\"value\":30}", "stage consideration", "stage decision", "stage awareness"]),
        5 => texts(&["scroll 60", "exit 40", "up 900", "active", "hidden", "visible"]),
        3 => texts(&["busy", "busy", "busy typing", "busy dialog", "busy payment", "busy typing dialog"]),
        2 => texts(&["grant measure", "grant measure remember", "grant feedback", "refuse", "order"]),
        1 => texts(&["api asked", "launcher asked", "link order", "api order", "link nobody"]),
        9 => texts(&["shown", "shown", "answered", "completed", "dismissed", "snoozed", "never", "abandoned", "failed"]),
    ]
}

fn walk(scene: Value, steps: &[String]) -> World {
    let mut world = World::new(&json!({"prompts": prompts(), "scene": scene}));
    for step in steps {
        world.step(step);
    }
    world
}

fn scene() -> impl Strategy<Value = Value> {
    (any::<bool>(), select(vec!["", "measure", "measure remember", "feedback"]), any::<bool>()).prop_map(
        |(touch, consent, quiet)| json!({"touch": touch, "width": if touch { 390 } else { 1280 }, "consent": consent, "quiet": quiet}),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nobody_is_asked_too_often(scene in scene(), steps in prop::collection::vec(step(), 1..120)) {
        let world = walk(scene, &steps);
        let log = &world.log;
        for (nth, one) in log.iter().enumerate() {
            // Never without consent, never in a hidden tab.
            prop_assert!(one.flags & may::ASK != 0, "{one:?}");
            let help = one.id == "help";
            if !one.auto {
                continue;
            }
            prop_assert!(!one.hidden, "{one:?}");
            // Without measure only on the order page.
            prop_assert!(one.flags & may::MEASURE != 0 || one.ordered, "{one:?}");
            // Never while something is written or another dialog is open, never among the fields of a payment.
            prop_assert!(help || one.busy & (busy::TYPING | busy::DIALOG) == 0, "{one:?}");
            for before in &log[..nth] {
                let (drawn, seen) = (before.end != Some(End::Failed), before.shown.is_some());
                // One a page, whoever opened it. (Its page is the one on which it opened; a route within the document leaves it open.)
                prop_assert!(before.page != one.page || !drawn, "{before:?} {one:?}");
                // One survey a visit, one help.
                let same_kind = (before.id == "help") == help;
                // Another tab of the visit knows that something was asked, and not that it was help: trouble there is trouble anew.
                if help && steps.iter().any(|step| step.starts_with("tab")) {
                    continue;
                }
                if before.auto && drawn && before.visit == one.visit && one.flags & before.flags & may::MEASURE != 0 && (same_kind || !help) {
                    // What was opened and left unseen with its page in another tab is not known here.
                    prop_assert!(before.end.is_none() || before.flags & may::REMEMBER == 0 && !seen, "{before:?} {one:?}");
                }
            }
        }
    }

    #[test]
    fn the_days_between_hold_over_years(steps in prop::collection::vec(step(), 1..200)) {
        // Whoever lets it remember all along, and closes nothing by withdrawing.
        let steps: Vec<String> = steps.into_iter().filter(|step| !step.starts_with("grant") && step != "refuse" && step != "order").collect();
        let world = walk(json!({}), &steps);
        let shown: Vec<_> = world.log.iter().filter(|one| one.shown.is_some()).collect();
        // All is forgotten thirteen months after the first.
        let Some(first) = world.log.first() else { return Ok(()) };
        for one in world.log.iter().filter(|one| one.auto && one.id != "help" && one.at < first.at + 394 * DAY) {
            for before in shown.iter().filter(|before| before.shown < Some(one.at)) {
                prop_assert!(one.at >= before.shown.unwrap() + 14 * DAY, "{before:?} {one:?}");
            }
            for before in world.log.iter().filter(|before| before.id == one.id && before.at < one.at) {
                let days = (one.at - before.at) / DAY;
                match before.end {
                    Some(End::Dismissed) if one.id != "asked" => prop_assert!(days >= 29 || before.end != Some(End::Dismissed), "{before:?} {one:?}"),
                    Some(End::Completed) => prop_assert!(one.id == "stage" && days >= 89, "{before:?} {one:?}"),
                    Some(End::Never) => prop_assert!(days >= 364, "{before:?} {one:?}"),
                    Some(End::Snoozed) => prop_assert!(days >= 6, "{before:?} {one:?}"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn the_same_walk_comes_to_the_same(scene in scene(), steps in prop::collection::vec(step(), 1..60)) {
        let (one, other) = (walk(scene.clone(), &steps), walk(scene, &steps));
        prop_assert_eq!(one.opened, other.opened);
        prop_assert_eq!(one.suppressed, other.suppressed);
    }

    #[test]
    fn anything_is_survived(head in ".{0,60}", when in ".{0,40}", texts in prop::collection::vec(".{0,30}", 4), numbers in prop::collection::vec(any::<u32>(), 6), flags in any::<u8>()) {
        let mut asker = Asker::new(Scene { framework: texts[3].clone(), ..Scene::default() });
        let now = Millis(1_795_284_000_000);
        let heads = format!("[{head},{{\"id\":\"a\",\"when\":{when}}},{{\"id\":\"b\",\"when\":{{\"on\":\"view_item\"}},\"who\":{when}}}]");
        for heads in [&*head, &heads] {
            asker.handle(now, Cue::Prompts(heads));
        }
        asker.handle(now, Cue::May { flags, visit: &texts[0], past: &texts[1] });
        asker.handle(now, Cue::Page { path: &texts[2], route: flags & 64 != 0 });
        let happened = format!("j\nl\n/\n,{},{},0,{},{},0,{},{},1,1,1\n{{}}\nview_item\n{}", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], texts[0]);
        for cue in [
            Cue::Happened(&texts[1]),
            Cue::Happened(&happened),
            Cue::Scrolled(numbers[0]),
            Cue::Exit(numbers[1]),
            Cue::Up(numbers[2]),
            Cue::Seen { selector: &texts[2], seen: true },
            Cue::Asked { id: "a", by: By::Launcher },
            Cue::Ended(End::Shown),
            Cue::Visibility { hidden: true },
            Cue::Visibility { hidden: false },
            Cue::Found { busy: flags, past: &texts[0] },
            Cue::Ended(End::Dismissed),
        ] {
            asker.handle(now.plus(u64::from(numbers[3])), cue);
        }
        let mut left = 1_000;
        while asker.poll().is_some() {
            left -= 1;
            prop_assert!(left > 0);
        }
        let _ = asker.deadline();
    }
}

/// A year of a shopper who comes every day, buys now and then, and takes what comes: how often is that one asked?
#[test]
fn a_year_of_daily_visits_is_calm() {
    let mut world = World::new(&json!({"prompts": prompts()}));
    for day in 0..365 {
        for step in [
            "visit /",
            "12s",
            "did view_item",
            "stage consideration",
            "15s",
            "shown",
            "dismissed",
            "load /p/2",
            "25s",
            "shown",
            "dismissed",
        ] {
            world.step(step);
        }
        if day % 20 == 0 {
            for step in ["load /thanks", "did purchase", "3s", "shown", "dismissed"] {
                world.step(step);
            }
        }
        world.step("1d");
    }
    let shown = world.log.iter().filter(|one| one.shown.is_some()).count();
    assert!((3..=12).contains(&shown), "{shown} in a year");
}

/// A sample is the same on every page of a visit, and with `remember` in every visit; and it is about as large as it says.
#[test]
fn samples_are_sticky_and_true() {
    let prompts = json!([{"id": "a", "when": {"on": "view_item"}, "who": {"sample": 0.25}}]);
    let mut asked = 0;
    for nth in 0..2_000 {
        let mut world = World::new(&json!({"prompts": prompts, "scene": {"consent": "measure"}}));
        // Another journey for each.
        for step in ["visit /"; 3].iter().take(1) {
            world.step(step);
        }
        world.set_visit(nth);
        for step in ["load /", "11s", "did view_item", "1s"] {
            world.step(step);
        }
        let first = world.opened.len();
        for step in ["failed", "load /x", "did view_item", "1s"] {
            world.step(step);
        }
        assert_eq!(world.opened.len(), 2 * first, "another page of visit {nth} decides otherwise");
        asked += first;
    }
    assert!((430..=570).contains(&asked), "{asked} of 2000 for a quarter");
}
