//! The judge is judged: engines that do something wrong, each in its own way, and what is found of them.

use std::cell::Cell;
use std::rc::Rc;

use polku_core::{Config, Effect, Input, Millis, Sight, Topic, Watched};

use super::dice::Dice;
use super::faults::Faults;
use super::judge::{Totals, Wrong};
use super::script::Script;
use super::tab::{Machine, engine};
use super::{shopper, world};

/// What a bent engine does with an effect of the right one.
type Bend = Box<dyn FnMut(Effect) -> Vec<Effect>>;

/// What it hears of an input; nothing, where it does not hear it.
type Ear = for<'a> fn(&Watched, Input<'a>) -> Option<Input<'a>>;

/// An engine that does something wrong.
struct Bent {
    inner: Watched,
    bend: Bend,
    hears: Ear,
    /// Batches that it believes to be delivered.
    believed: Vec<u32>,
    out: Vec<Effect>,
}

impl Bent {
    fn new(config: Config, bend: Bend, hears: Ear) -> Self {
        Self { inner: Watched::new(config), bend, hears, believed: Vec::new(), out: Vec::new() }
    }

    /// One that is right in what it does.
    fn hearing(config: Config, hears: Ear) -> Box<dyn Machine> {
        Box::new(Self::new(config, Box::new(|effect| vec![effect]), hears))
    }
}

fn hears_all<'a>(_: &Watched, input: Input<'a>) -> Option<Input<'a>> {
    Some(input)
}

impl Machine for Bent {
    fn handle(&mut self, now: Millis, input: Input<'_>) {
        if let Some(input) = (self.hears)(&self.inner, input) {
            Machine::handle(&mut self.inner, now, input);
        }
        for batch in std::mem::take(&mut self.believed) {
            let body = r#"{"accepted":1,"duplicate":0,"rejected":[]}"#;
            let outcome = polku_core::Outcome::Reply { status: 200, body, retry_after: None };
            Machine::handle(&mut self.inner, now, Input::Delivered { batch, outcome });
        }
    }

    fn see(&mut self, now: Millis, sight: Sight<'_>) {
        Machine::see(&mut self.inner, now, sight);
    }

    fn poll(&mut self) -> Option<Effect> {
        while self.out.is_empty() {
            let effect = Machine::poll(&mut self.inner)?;
            let sent = if let Effect::Send { batch, .. } = &effect { Some(*batch) } else { None };
            self.out = (self.bend)(effect);
            // What is not sent it believes to be delivered.
            if self.out.is_empty() {
                self.believed.extend(sent);
            }
        }
        Some(self.out.remove(0))
    }

    fn deadline(&self) -> Option<Millis> {
        Machine::deadline(&self.inner)
    }

    fn journey(&self) -> Option<String> {
        Machine::journey(&self.inner)
    }
}

/// A shopper who lets us remember, looks around, buys, and comes back after an hour.
const PLAIN: &str = "shopper dice=5 mode=strict measure=yes remember=yes gpc=no shut=no locks=yes banner=yes steady=no second=no latency=30 linger=20000 torn=no back=3600000 restored=no
0 open 0 / typed
1000 track 0 view_item_list 1 1 api
3000 track 0 view_item 2 2 api
9000 go 0 /p/kettle-12 gone
9500 track 0 add_to_cart 3 1 api
16000 track 0 help_view 4 1 layer
18000 go 0 /thanks?order=1 cached
18500 track 0 purchase 5 1 api
19000 answer 0 6
";

/// The same, but the shopper decides in its middle, and withdraws.
const DECIDES: &str = "shopper dice=6 mode=strict measure=unsaid remember=unsaid gpc=no shut=no locks=yes banner=yes steady=no second=no latency=30 linger=2000 torn=no back=3600000 restored=no
0 open 0 / typed
1000 track 0 view_item_list 1 1 api
3000 consent 0 yes yes now
3500 track 0 view_item 2 1 api
9000 track 0 add_to_cart 3 1 api
15000 withdraw 0
16000 track 0 help_view 4 1 api
";

fn judged(script: &str, make: &dyn Fn(Config) -> Box<dyn Machine>) -> (Totals, Vec<Wrong>) {
    let script: Script = script.parse().expect("the script is well written");
    let outcome = world::run(&script, make, false);
    let mut wrongs: Vec<_> = outcome.findings.iter().map(|finding| finding.wrong).collect();
    wrongs.sort_unstable();
    wrongs.dedup();
    (outcome.totals, wrongs)
}

/// What is found of an engine that does `bend` with its effects.
fn bent(script: &str, bend: impl Fn() -> Bend) -> (Totals, Vec<Wrong>) {
    judged(script, &|config| Box::new(Bent::new(config, bend(), hears_all)))
}

/// Does `change` with the body of the first batch of all that holds `what`; where it gives nothing the batch is not sent.
fn first(what: &'static str, change: fn(String) -> Vec<String>) -> impl Fn() -> Bend {
    let done = Rc::new(Cell::new(false));
    move || {
        let done = done.clone();
        Box::new(move |effect| match effect {
            Effect::Send { batch, lane, body, leaving } if body.contains(what) && !done.replace(true) => {
                change(body).into_iter().map(|body| Effect::Send { batch, lane, body, leaving }).collect()
            }
            effect => vec![effect],
        })
    }
}

#[test]
fn the_engine_of_the_pages_is_innocent() {
    let (totals, wrongs) = judged(PLAIN, &engine);
    assert_eq!(wrongs, []);
    assert!(totals.captured > 10 && totals.delivered == totals.captured && totals.dropped.is_empty(), "{totals:?}");
    assert_eq!((totals.remembered, totals.remembered_delivered), (totals.captured, totals.captured));
    let (totals, wrongs) = judged(DECIDES, &engine);
    assert_eq!(wrongs, []);
    assert!(totals.captured > 2 && totals.delivered > 0, "{totals:?}");
}

#[test]
fn a_batch_that_is_lost_is_found() {
    let (totals, wrongs) = bent(PLAIN, first("add_to_cart", |_| vec![]));
    assert_eq!(wrongs, [Wrong::Lost]);
    assert!(totals.lost > 0 && totals.delivered + totals.lost == totals.captured, "{totals:?}");
}

#[test]
fn a_touchpoint_that_is_not_captured_is_found() {
    fn deaf<'a>(_: &Watched, input: Input<'a>) -> Option<Input<'a>> {
        (!matches!(input, Input::Track { name: "add_to_cart", .. })).then_some(input)
    }
    let (totals, wrongs) = judged(PLAIN, &|config| Bent::hearing(config, deaf));
    assert_eq!((wrongs, totals.lost), (vec![Wrong::Lost], 1));
}

#[test]
fn a_batch_that_is_sent_twice_is_no_matter() {
    let (totals, wrongs) = bent(PLAIN, first("add_to_cart", |body| vec![body.clone(), body]));
    assert_eq!(wrongs, []);
    assert_eq!(totals.delivered, totals.captured);
}

#[test]
fn what_is_stored_twice_is_found() {
    let other = |body: String| {
        let (before, leg) = body.split_once("\"leg\":\"").expect("a batch has a leg");
        let other = format!("{before}\"leg\":\"zzzzz{}", &leg[5..]);
        vec![body, other]
    };
    let (totals, wrongs) = bent(PLAIN, first("add_to_cart", other));
    assert_eq!(wrongs, [Wrong::Duplicated]);
    assert!(totals.duplicated > 0 && totals.delivered == totals.captured, "{totals:?}");
}

#[test]
fn what_is_stored_otherwise_than_captured_is_found() {
    let (totals, wrongs) = bent(PLAIN, first("add_to_cart", |body| vec![body.replace("add_to_cart", "view_cart")]));
    assert_eq!((wrongs, totals.duplicated > 0), (vec![Wrong::Duplicated], true));
}

#[test]
fn a_batch_out_of_order_is_found() {
    let (totals, wrongs) = bent(
        PLAIN,
        first("view_item_list", |body| {
            let (head, events) = body.split_once("\"events\":[").expect("a batch has events");
            let events = events.strip_suffix("]}").expect("a batch ends so");
            let at = events.find(",{\"seq\":").expect("it has two events");
            vec![format!("{head}\"events\":[{},{}]}}", &events[at + 1..], &events[..at])]
        }),
    );
    assert_eq!((wrongs, totals.out_of_order > 0), (vec![Wrong::OutOfOrder], true));
}

#[test]
fn time_that_goes_backwards_is_found() {
    // Both where it is captured and where it is sent.
    let back = |text: String| text.replace("\"seq\":5,\"at\":2900", "\"seq\":5,\"at\":100");
    let (_, wrongs) = bent(PLAIN, || {
        Box::new(move |effect| match effect {
            Effect::Send { batch, lane, body, leaving } => {
                vec![Effect::Send { batch, lane, body: back(body), leaving }]
            }
            Effect::Notify { topic: Topic::Touchpoint, detail } => {
                vec![Effect::Notify { topic: Topic::Touchpoint, detail: back(detail) }]
            }
            effect => vec![effect],
        })
    });
    assert_eq!(wrongs, [Wrong::OutOfOrder]);
}

#[test]
fn a_batch_that_is_sent_before_it_happened_is_found() {
    let early = |body: String| {
        let (before, rest) = body.split_once("\"sent\":17").expect("a batch says when");
        vec![format!("{before}\"sent\":16{rest}")]
    };
    assert_eq!(bent(PLAIN, first("add_to_cart", early)).1, [Wrong::OutOfOrder]);
}

#[test]
fn books_that_do_not_add_up_are_found() {
    let wrong = |body: String| vec![body.replacen("\"queued\":", "\"queued\":1", 1)];
    assert_eq!(bent(PLAIN, first("add_to_cart", wrong)).1, [Wrong::Books]);
}

#[test]
fn a_retry_that_is_another_batch_is_found() {
    let other = |body: String| vec![body.clone(), body.replacen("\"device\":\"desktop\"", "\"device\":\"mobile\"", 1)];
    assert_eq!(bent(PLAIN, first("add_to_cart", other)).1, [Wrong::Books]);
}

/// What is found of an engine that has an effect before it was told of anything.
fn early(script: &str, early: fn() -> Effect) -> Vec<Wrong> {
    let make = |config| -> Box<dyn Machine> {
        Box::new(Bent { out: vec![early()], ..Bent::new(config, Box::new(|effect| vec![effect]), hears_all) })
    };
    judged(script, &make).1
}

#[test]
fn what_is_stored_before_consent_is_found() {
    let keeps = || Effect::Persist { visit: "early".into(), past: String::new(), tab: String::new() };
    assert_eq!(early(DECIDES, keeps), [Wrong::AgainstConsent]);
}

#[test]
fn what_is_remembered_without_consent_to_that_is_found() {
    let keeps = || Effect::Persist { visit: "visit".into(), past: "past".into(), tab: String::new() };
    let visit = PLAIN.replace("remember=yes", "remember=no");
    assert_eq!(judged(&visit, &engine).1, []);
    let late = || -> Bend {
        Box::new(move |effect| match effect {
            Effect::Persist { .. } => vec![keeps()],
            effect => vec![effect],
        })
    };
    assert_eq!(bent(&visit, late).1, [Wrong::AgainstConsent]);
}

#[test]
fn what_is_read_before_consent_is_found() {
    assert_eq!(early(DECIDES, || Effect::Restore { past: false, shelf: false }), [Wrong::AgainstConsent]);
}

#[test]
fn what_is_sent_before_consent_is_found() {
    let sends = || {
        let body = r#"{"polku":1,"key":"k","batch":"1","sent":1795284000,"journey":{"id":"a","leg":"b","started":1795284000},"loss":{"captured":0,"sent":0,"queued":0,"dropped":{}},"events":[]}"#;
        Effect::Send { batch: 99, lane: 0, body: body.into(), leaving: false }
    };
    assert_eq!(early(DECIDES, sends), [Wrong::AgainstConsent]);
}

#[test]
fn what_is_left_after_a_withdrawal_is_found() {
    let keeps = || -> Bend { Box::new(|effect| if matches!(effect, Effect::Erase) { vec![] } else { vec![effect] }) };
    assert_eq!(bent(DECIDES, keeps).1, [Wrong::AgainstConsent]);
}

#[test]
fn a_withdrawal_that_the_collector_never_hears_of_is_found() {
    let silent = first("\"erase\"", |_| vec![]);
    assert_eq!(bent(DECIDES, silent).1, [Wrong::AgainstConsent]);
}

#[test]
fn a_second_erase_is_found() {
    let twice = first("\"erase\"", |body| vec![body.clone(), body]);
    assert_eq!(bent(DECIDES, twice).1, [Wrong::AgainstConsent]);
}

#[test]
fn what_is_sent_after_a_withdrawal_is_found() {
    let kept = Rc::new(Cell::new(None));
    let late = move || -> Bend {
        let kept = kept.clone();
        Box::new(move |effect| match effect {
            Effect::Send { batch, lane, body, leaving } if body.contains("\"erase\"") => {
                let again = kept.take().map(|body| Effect::Send { batch: batch + 1, lane, body, leaving });
                [Effect::Send { batch, lane, body, leaving }].into_iter().chain(again).collect()
            }
            Effect::Send { batch, lane, body, leaving } => {
                kept.set(Some(body.clone()));
                vec![Effect::Send { batch, lane, body, leaving }]
            }
            effect => vec![effect],
        })
    };
    assert_eq!(bent(DECIDES, late).1, [Wrong::AgainstConsent]);
}

#[test]
fn an_engine_that_never_rests_is_found() {
    struct Restless(Watched);
    impl Machine for Restless {
        fn handle(&mut self, now: Millis, input: Input<'_>) {
            Machine::handle(&mut self.0, now, input);
        }
        fn see(&mut self, now: Millis, sight: Sight<'_>) {
            Machine::see(&mut self.0, now, sight);
        }
        fn poll(&mut self) -> Option<Effect> {
            Machine::poll(&mut self.0)
        }
        fn deadline(&self) -> Option<Millis> {
            Some(Millis(0))
        }
        fn journey(&self) -> Option<String> {
            Machine::journey(&self.0)
        }
    }
    let (_, wrongs) = judged(PLAIN, &|config| Box::new(Restless(Watched::new(config))));
    assert!(wrongs.contains(&Wrong::Trap), "{wrongs:?}");
}

#[test]
fn the_same_script_gives_the_same_run() {
    let dice = Dice::new(3, 4).next();
    assert_eq!(dice, Dice::new(3, 4).next());
    for number in 0..20 {
        let script = shopper::journey(9, number, Faults::ALL);
        assert_eq!(script, shopper::journey(9, number, Faults::ALL));
        let read: Script = script.to_string().parse().expect("what is printed is read");
        assert_eq!(read, script);
        let (first, second) = (world::run(&script, &engine, true), world::run(&read, &engine, true));
        assert_eq!((first.totals, first.trace), (second.totals, second.trace));
    }
}

#[test]
fn journeys_are_rich() {
    let mut totals = Totals::default();
    for number in 0..200 {
        totals.add(&world::run(&shopper::journey(2, number, Faults::NONE), &engine, false).totals);
    }
    assert!(totals.captured >= 10 * totals.journeys, "{} events", totals.captured);
}

// What nobody could know or do is not wrong, and nothing else is excused by it.

/// It hears of no withdrawal.
fn stubborn<'a>(engine: &Watched, input: Input<'a>) -> Option<Input<'a>> {
    let gone = matches!(input, Input::Restored { visit: None, .. }) && Machine::journey(engine).is_some();
    let refused = matches!(input, Input::Consent { measure: Some(false), .. } | Input::Withdraw | Input::Withdrawn);
    (!gone && !refused).then_some(input)
}

/// What is found of the engine of the pages, and of one that hears of no withdrawal.
fn heard(setup: &str, lines: &str) -> (Vec<Wrong>, Vec<Wrong>) {
    let (decided, banner) = setup.split_once(" banner=").expect("the banner comes last");
    let script = format!(
        "shopper dice=9 mode=strict {decided} gpc=no shut=no locks=yes banner={banner} steady=no second=no latency=20 linger=5000 torn=no back=3600000 restored=no\n{lines}"
    );
    (judged(&script, &engine).1, judged(&script, &|config| Bent::hearing(config, stubborn)).1)
}

const GRANTED: &str = "measure=yes remember=no banner=yes";
const SILENT: &str = "measure=unsaid remember=unsaid banner=no";

#[test]
fn while_the_machine_sleeps_no_page_hears_of_a_withdrawal() {
    let sleeps = "0 open 0 / typed\n0 open 1 /cart typed\n4000 withdraw 1\n4000 sleep 2000\n4000 reload 0\n";
    assert_eq!(heard(GRANTED, sleeps).0, []);
    let awake = "0 open 0 / typed\n0 open 1 /cart typed\n4000 withdraw 1\n6000 track 0 view_item 1 1 api\n";
    let (right, stubborn) = heard(GRANTED, awake);
    assert_eq!((right, stubborn), (vec![], vec![Wrong::AgainstConsent]));
}

#[test]
fn without_a_banner_nobody_can_tell_a_page_that_has_stored_nothing_yet() {
    let at_once = "0 open 0 / typed\n0 open 1 /cart typed\n900 consent 0 yes no now\n900 withdraw 1\n9000 track 0 view_item 1 1 api\n";
    assert_eq!(heard(SILENT, at_once), (vec![], vec![]), "its grant came later, for all that anybody knows");
    let stored = at_once.replace("900 withdraw", "4000 withdraw");
    assert_eq!(heard(SILENT, &stored), (vec![], vec![Wrong::AgainstConsent]), "what is stored can be taken away");
    let told = SILENT.replace("banner=no", "banner=yes");
    assert_eq!(heard(&told, at_once), (vec![], vec![Wrong::AgainstConsent]), "the banner tells it");
    let full = format!("0 full 60000\n{stored}");
    let (right, stubborn) = heard(SILENT, &full);
    assert!(right.is_empty() && !stubborn.contains(&Wrong::AgainstConsent), "storage took nothing: {stubborn:?}");
}

#[test]
fn a_page_that_slept_through_a_withdrawal_may_do_what_is_allowed_by_now() {
    let slept = "0 open 0 / typed\n3000 go 0 /cart cached\n9000 withdraw 0\n12000 consent 0 yes no now\n20000 back 0\n21000 track 0 view_item 1 1 api\n";
    assert_eq!(heard(GRANTED, slept).0, []);
    let denied = slept.replace("12000 consent 0 yes no now\n", "");
    let (right, stubborn) = heard(&GRANTED.replace("yes b", "no b"), &denied);
    assert_eq!((right, stubborn), (vec![], vec![Wrong::AgainstConsent]));
}

#[test]
fn a_tab_in_an_older_visit_lets_every_visit_be_erased() {
    let idle = "0 open 0 / typed\n0 open 1 /cart typed\n2400000 track 1 view_item 1 1 api\n2404000 withdraw 0\n";
    let (right, stubborn) = heard(GRANTED, idle);
    assert_eq!((right, stubborn), (vec![], vec![Wrong::AgainstConsent]));
    let unknown = "0 open 0 / typed\n0 open 1 /cart typed\n900 consent 0 yes no now\n5000 withdraw 1\n";
    assert_eq!(heard(SILENT, unknown).0, [], "the tab that knows of it tells of it");
}

#[test]
fn a_copied_tab_sends_nothing_again() {
    let script = PLAIN.replace("second=no", "second=yes").replace("9500 track", "9100 copy 3 0\n9500 track");
    assert_eq!(judged(&script, &engine).1, []);
}

#[test]
fn without_locks_a_shelf_that_looks_too_young_is_kept() {
    let script = "shopper dice=7 mode=strict measure=yes remember=yes gpc=no shut=no locks=no banner=yes steady=no second=no latency=20 linger=0 torn=no back=660000 restored=no
0 open 0 / link
2247 jump -600000
2247 status 36046 408 0
";
    let (totals, wrongs) = judged(script, &engine);
    assert_eq!((wrongs, totals.dropped.contains_key("kept")), (vec![], true));
    // Nothing was set: it is taken over; and what was stored nowhere is not kept.
    let (totals, wrongs) = judged(&script.replace("2247 jump -600000\n", ""), &engine);
    assert_eq!((wrongs, totals.dropped.get("kept")), (vec![], None));
    let nowhere =
        || -> Bend { Box::new(|effect| if matches!(effect, Effect::Shelve { .. }) { vec![] } else { vec![effect] }) };
    assert_eq!(bent(script, nowhere).1, [Wrong::Lost]);
}

#[test]
fn legs_that_are_the_same_by_chance_are_drawn_again() {
    /// Its documents draw the same.
    fn alike<'a>(_: &Watched, input: Input<'a>) -> Option<Input<'a>> {
        Some(if matches!(input, Input::Entropy(_)) { Input::Entropy([7; 32]) } else { input })
    }
    let script: Script = PLAIN.parse().expect("the script is well written");
    let run = |most: u32| {
        let made = Cell::new(0);
        let make = |config| -> Box<dyn Machine> {
            made.set(made.get() + 1);
            Bent::hearing(config, if made.get() <= most { alike } else { hears_all })
        };
        let findings = super::command::guarded(&script, &make, false).findings;
        (findings.iter().any(|it| it.wrong == Wrong::Duplicated), made.get())
    };
    let (found, made) = run(u32::MAX);
    assert!(found, "what is wrong with the engine comes again");
    assert_eq!(run(made / 2), (false, made));
}
