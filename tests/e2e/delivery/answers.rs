//! What a collector may answer, and answers that never come.

use std::time::{Duration, Instant, SystemTime};

use anyhow::ensure;
use serde_json::json;

use super::gate::Fault;
use super::{BOTH, MEASURED, Pace, RECOVERY, Shop, rests, starts, tell};
use crate::Done;
use crate::browser::{self, Browser};

/// An outage of 20 seconds with both paces, and beside it a collector that takes longer than a request may: they wait together.
#[test]
fn twenty_seconds_of_failure_lose_nothing() {
    browser::with(async |browser| {
        let mut shops = Vec::new();
        let outage = Duration::from_secs(20);
        for (pace, fault, time) in [
            (Pace::Steady, Fault::Status(500), outage),
            (Pace::Burst, Fault::Status(500), outage),
            // The page gives up after 15 s and asks again; the collector has had it all along.
            (Pace::Burst, Fault::Slow(outage), Duration::from_secs(5)),
        ] {
            let shop = Shop::open(MEASURED).await?;
            shop.gate.fails_for(time, fault);
            let window = browser.open_window(&shop.site.at("/")).await?;
            starts(browser).await?;
            // A steady one goes on while the others are told theirs.
            browser.run(&format!("void {}", pace.tell("A"))).await?;
            shops.push((shop, window));
        }
        for (shop, window) in &shops {
            browser.to(window).await?;
            shop.arrive("A").await?;
            shop.balanced(browser).await?;
            ensure!(shop.gate.came().len() > 1, "it was tried again");
        }
        Ok(())
    });
}

#[test]
fn a_short_failure_loses_nothing() {
    for pace in BOTH {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            shop.gate.fails_times(2, Fault::Status(503));
            shop.visit(browser, "/").await?;
            tell(browser, pace, "A").await?;
            shop.arrive("A").await?;
            shop.balanced(browser).await
        });
    }
}

/// Nothing comes before `patience` is over; then everything does.
async fn is_patient(browser: &Browser, shop: &Shop, patience: Duration) -> Done {
    shop.visit(browser, "/").await?;
    tell(browser, Pace::Burst, "A").await?;
    // Nor does what is urgent, or asked for.
    browser.run("polku.track('purchase', { value: 20 }); return polku.flush()").await?;
    shop.knocked(1).await?;
    let first = shop.gate.came()[0].at;
    shop.knocked(2).await?;
    let waited = shop.gate.came()[1].at - first;
    ensure!(waited >= patience, "it waited {waited:?}");
    ensure!(waited < patience + Duration::from_secs(8), "it waited {waited:?}");
    shop.arrive("A").await?;
    shop.balanced(browser).await?;
    assert_eq!(browser.value("failed").await?, json!([]), "what passes is not worth a word");
    Ok(())
}

#[test]
fn a_collector_that_asks_for_seconds_gets_them() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.gate.fails_times(1, Fault::Later("3".into()));
        is_patient(browser, &shop, Duration::from_secs(3)).await
    });
}

#[test]
fn a_collector_that_names_a_time_is_left_alone_until_then() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        // Dates have whole seconds, and it takes the page up to two to come.
        let when = SystemTime::now() + Duration::from_secs(6);
        shop.gate.fails_times(1, Fault::Later(date(when)));
        let began = Instant::now();
        shop.visit(browser, "/").await?;
        shop.knocked(1).await?;
        ensure!(began.elapsed() < Duration::from_secs(4), "the machine is too slow for this");
        tell(browser, Pace::Burst, "A").await?;
        browser.run("polku.track('purchase', { value: 20 }); return polku.flush()").await?;
        shop.knocked(2).await?;
        ensure!(SystemTime::now() >= when - Duration::from_secs(1), "it came before the time");
        shop.arrive("A").await?;
        shop.balanced(browser).await
    });
}

/// As HTTP writes a time.
fn date(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days since 1 March of the year 0, in eras of 400 years.
    let day = days + 719_468;
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 2, era * 400 + year) } else { (month - 10, era * 400 + year + 1) };
    let names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let weekdays = "ThuFriSatSunMonTueWed";
    let three = |list: &'static str, at: u64| &list[at as usize * 3..][..3];
    format!(
        "{}, {date:02} {} {year} {:02}:{:02}:{:02} GMT",
        three(weekdays, days % 7),
        three(names, month),
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    )
}

#[test]
fn dates_are_written_as_http_does() {
    let at = |seconds| date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!(at(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(at(951_827_696), "Tue, 29 Feb 2000 12:34:56 GMT");
    assert_eq!(at(1_795_284_085), "Sat, 21 Nov 2026 18:01:25 GMT");
}

#[test]
fn a_collector_that_takes_only_small_batches_gets_small_ones() {
    for most in [16 * 1024, 4 * 1024] {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            shop.gate.fails(Fault::Over(most));
            shop.visit(browser, "/").await?;
            tell(browser, Pace::Burst, "A").await?;
            shop.arrive("A").await?;
            let came = shop.gate.came();
            ensure!(came.iter().any(|came| !came.passed), "nothing was too big");
            shop.balanced(browser).await?;
            assert_eq!(browser.value("failed").await?, json!([]), "halves are no failure");
            Ok(())
        });
    }
}

#[test]
fn a_collector_that_takes_only_small_batches_gets_them_as_they_come_too() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.gate.fails(Fault::Over(4 * 1024));
        shop.visit(browser, "/").await?;
        tell(browser, Pace::Steady, "A").await?;
        shop.arrive("A").await?;
        shop.balanced(browser).await
    });
}

#[test]
fn slow_answers_lose_and_double_nothing() {
    for pace in BOTH {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            shop.gate.fails_times(3, Fault::Slow(Duration::from_secs(2)));
            shop.visit(browser, "/").await?;
            tell(browser, pace, "A").await?;
            shop.arrive("A").await?;
            shop.balanced(browser).await?;
            let came = shop.gate.came();
            let batches = shop.gate.batches()?;
            assert_eq!(came.len(), batches.len(), "who waits for an answer does not ask again");
            Ok(())
        });
    }
}

#[test]
fn answers_that_are_lost_on_their_way_double_nothing() {
    for pace in BOTH {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            shop.gate.fails_times(3, Fault::Cut);
            shop.visit(browser, "/").await?;
            tell(browser, pace, "A").await?;
            shop.arrive("A").await?;
            shop.balanced(browser).await?;
            let came = shop.gate.came();
            ensure!(came.len() > shop.gate.batches()?.len(), "a batch came again, the same to the byte");
            Ok(())
        });
    }
}

/// The collector is on another origin and forgets to let pages read what it says: the batch is stored, and the page cannot know.
#[test]
fn answers_that_the_page_may_not_read_double_nothing() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.gate.fails(Fault::Opaque);
        shop.visit(browser, "/").await?;
        tell(browser, Pace::Burst, "A").await?;
        // It cannot be read, so it is sent again; that is said, once.
        shop.knocked(3).await?;
        browser.until("failed.length").await?;
        assert_eq!(browser.value("failed").await?, json!(["E301 data-collector"]));
        let loss = browser.value("polku.journey().loss").await?;
        assert_eq!(
            (loss["sent"].as_u64(), super::dropped(&loss)),
            (Some(0), 0),
            "nothing is sent that is not known to be"
        );
        shop.gate.heals();
        shop.arrive_within(RECOVERY, "A", super::EVENTS).await?;
        rests(browser).await?;
        shop.balanced(browser).await
    });
}
