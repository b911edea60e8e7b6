//! Adds to a journey what goes wrong in it.

use super::dice::Dice;
use super::faults::{Faults, Kind};
use super::script::{Act, End, Line, Setup};
use super::shopper::Pen;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;

/// Of a hundred journeys so many meet a kind of fault, where it is let loose: most real journeys meet few, and a judge learns most where some meet
/// each other.
const OFTEN: u64 = 14;
/// … a kind that loses much by design.
const SELDOM: u64 = 3;

/// Each kind that is let loose comes to some journeys.
pub(crate) fn add(pen: &mut Pen<'_>, setup: &mut Setup, faults: Faults) {
    let end = pen.now + setup.linger;
    let one_kind = faults.kinds() == 1;
    for (kind, ..) in super::faults::KINDS {
        let seldom = matches!(kind, Kind::Refused | Kind::TooBig | Kind::Rejected | Kind::Quota);
        let often = match kind {
            _ if one_kind => 80,
            // Hundreds of touchpoints are cut short then: one journey in a thousand.
            Kind::Loop => u64::from(pen.dice.chance(10)),
            _ if seldom => SELDOM,
            _ => OFTEN,
        };
        if faults.has(kind) && pen.dice.chance(often) {
            let times = if kind == Kind::Loop { 1 } else { pen.dice.skewed(1, 3) };
            for _ in 0..times {
                pen.now = pen.dice.between(0, end);
                one(pen, setup, kind);
            }
        }
    }
}

/// How long something lasts: mostly seconds, now and then long.
fn spell(dice: &mut Dice) -> u64 {
    if dice.chance(8) { dice.skewed(MINUTE, 20 * MINUTE) } else { dice.skewed(SECOND, MINUTE) }
}

#[allow(clippy::too_many_lines)]
fn one(pen: &mut Pen<'_>, setup: &mut Setup, kind: Kind) {
    let tab = usize::from(pen.dice.chance(25));
    let ms = spell(pen.dice);
    let count = pen.dice.skewed(1, 6);
    let act = match kind {
        Kind::Lost if pen.dice.chance(50) => Act::Lose(count),
        Kind::Lost => Act::Mute(count),
        Kind::Doubled => Act::Double { count, late: pen.dice.skewed(0, MINUTE) },
        Kind::Timeout => Act::Hang { count, late: pen.dice.pick(&[0, 0, 5 * SECOND, 16 * SECOND, 70 * SECOND]) },
        Kind::Errors => match pen.dice.between(0, 9) {
            0..6 => Act::Status { ms, code: pen.dice.pick(&[500, 502, 503, 504, 408, 425]), after: 0 },
            6..8 => Act::Nonsense(ms),
            _ => Act::Belie { count, code: pen.dice.pick(&[500, 502, 504]) },
        },
        Kind::Busy => {
            let after = pen.dice.pick(&[0, 1, 5, 30, 120, 3600]);
            Act::Status { ms, code: pen.dice.pick(&[429, 429, 503]), after }
        }
        Kind::Refused => match pen.dice.between(0, 9) {
            0..4 => Act::Poison(ms),
            _ => {
                let code = pen.dice.pick(&[400, 401, 403, 404, 410, 422]);
                Act::Status { ms: ms.min(20 * SECOND), code, after: 0 }
            }
        },
        Kind::TooBig => Act::Limit { ms, bytes: pen.dice.pick(&[16_384, 16_384, 4_096, 1_500, 700]) },
        Kind::Rejected => Act::Reject(ms),
        Kind::Offline => Act::Offline(ms),
        Kind::Slow => Act::Slow { ms, latency: pen.dice.skewed(500, 12 * SECOND) },
        Kind::MidSend => {
            let end = pen.dice.pick(&[End::Close, End::Crash, End::Go]);
            if end == End::Crash {
                revive(pen, tab, 5 * SECOND);
            }
            Act::MidSend { tab, end, after: pen.dice.skewed(0, 2 * SECOND) }
        }
        Kind::Crash => {
            let all = pen.dice.chance(25);
            revive(pen, tab, 0);
            if all {
                revive(pen, 1 - tab, 0);
                Act::Kill
            } else {
                Act::Crash { tab }
            }
        }
        Kind::Tabs => match pen.dice.between(0, 9) {
            0..2 => {
                setup.locks = false;
                // Without locks a shelf is adopted ten minutes after it was written.
                setup.back = setup.back.map(|back| back.max(11 * MINUTE));
                return;
            }
            _ => {
                copied(pen, tab);
                return;
            }
        },
        Kind::Cache => {
            let path = super::script::PATHS[3];
            pen.act(Act::Go { tab, path, cached: true });
            pen.now += if pen.dice.chance(80) {
                pen.dice.skewed(100, 20 * SECOND)
            } else {
                pen.dice.skewed(MINUTE, 50 * MINUTE)
            };
            Act::Back { tab }
        }
        Kind::Quota => match pen.dice.between(0, 9) {
            0 => {
                setup.shut = true;
                // Nobody else could tell a page what was decided on another.
                setup.banner = true;
                return;
            }
            1..4 => Act::FullSession(ms),
            _ => Act::Full(ms),
        },
        Kind::Clock => {
            let by = pen.dice.pick(&[500, 20 * SECOND, 45 * SECOND, 10 * MINUTE, 59 * MINUTE, 25 * 60 * MINUTE]) as i64;
            Act::Jump(if pen.dice.chance(50) { by } else { -by })
        }
        Kind::Sleep => {
            Act::Sleep(if pen.dice.chance(60) { ms } else { pen.dice.skewed(20 * MINUTE, 10 * 60 * MINUTE) })
        }
        Kind::Loop => {
            let count = pen.dice.between(210, 700);
            let serial = pen.serials(count);
            Act::Burst { tab, name: "view_item_list", serial, count, gap: pen.dice.between(0, 2) }
        }
        Kind::Withdraw => match pen.dice.between(0, 9) {
            0..2 => Act::Consent { tab, measure: None, remember: Some(false), earlier: false },
            2..5 => Act::Consent { tab, measure: Some(false), remember: None, earlier: false },
            _ => Act::Withdraw { tab },
        },
    };
    pen.act(act);
    // Some who withdraw think better of it.
    if kind == Kind::Withdraw && pen.dice.chance(20) {
        pen.now += pen.dice.skewed(SECOND, MINUTE);
        let remember = Some(pen.dice.chance(50));
        pen.act(Act::Consent { tab, measure: Some(true), remember, earlier: false });
    }
}

/// A tab that is torn away now is loaded again, most times.
fn revive(pen: &mut Pen<'_>, tab: usize, more: u64) {
    if pen.dice.chance(80) {
        let at = pen.now + more + pen.dice.skewed(500, 5 * MINUTE);
        pen.lines.push(Line { at, act: Act::Revive { tab } });
    }
}

/// A tab is duplicated, and both are used.
fn copied(pen: &mut Pen<'_>, of: usize) {
    let tab = 2 + pen.dice.between(0, 1) as usize;
    pen.act(Act::Copy { tab, of });
    for _ in 0..pen.dice.between(1, 4) {
        pen.now += pen.dice.skewed(50, 10 * SECOND);
        let serial = pen.serials(1);
        let tab = pen.dice.pick(&[tab, of]);
        pen.act(Act::Track { tab, name: "view_item", serial, items: 1, layer: false });
    }
    if pen.dice.chance(50) {
        pen.now += pen.dice.skewed(50, 10 * SECOND);
        let end = match pen.dice.between(0, 2) {
            0 => Act::Close { tab },
            1 => Act::Close { tab: of },
            _ => Act::Crash { tab },
        };
        pen.act(end);
    }
}
