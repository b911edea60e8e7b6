//! From a journey that fails to the shortest one that fails in the same way: lines are taken away as long as it still does (delta debugging,
//! Zeller and Hildebrandt 2002), then what is left is made plainer.

use super::script::{Act, Line, Script, Setup};

/// Runs that are spent on one journey, at most.
const MOST: u32 = 4_000;

/// The shortest script that `fails`, as far as can be found.
pub(crate) fn shrink(script: &Script, fails: &dyn Fn(&Script) -> bool) -> Script {
    let mut it = Shrinker { best: script.clone(), fails, runs: 0 };
    it.lines();
    it.plainer();
    it.lines();
    it.best
}

struct Shrinker<'a> {
    best: Script,
    fails: &'a dyn Fn(&Script) -> bool,
    runs: u32,
}

impl Shrinker<'_> {
    /// Goes on from `script` if it fails as well.
    fn keeps(&mut self, script: Script) -> bool {
        self.runs += 1;
        let fails = self.runs <= MOST && script != self.best && (self.fails)(&script);
        if fails {
            self.best = script;
        }
        fails
    }

    /// Takes away as many lines as it can: halves first, then ever smaller parts, until no single one can go.
    fn lines(&mut self) {
        let mut size = self.best.lines.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            let mut less = false;
            while at < self.best.lines.len() {
                let mut script = self.best.clone();
                let end = (at + size).min(script.lines.len());
                script.lines.drain(at..end);
                if self.keeps(script) {
                    less = true;
                } else {
                    at += size;
                }
            }
            if size > 1 || !less {
                size /= 2;
            }
        }
    }

    /// Makes the shopper ordinary, and what is left smaller.
    fn plainer(&mut self) {
        let plain: [fn(&mut Setup); 9] = [
            |it| it.second = false,
            |it| it.banner = true,
            |it| it.linger = 0,
            |it| it.torn = false,
            |it| it.restored = false,
            |it| it.steady = false,
            |it| it.mode = polku_core::Mode::Strict,
            |it| it.locks = true,
            |it| it.latency = 20,
        ];
        for change in plain {
            let mut script = self.best.clone();
            change(&mut script.setup);
            self.keeps(script);
        }
        for at in 0..self.best.lines.len() {
            while let Some(act) = smaller(&self.best.lines[at].act) {
                let mut script = self.best.clone();
                script.lines[at].act = act;
                if !self.keeps(script) {
                    break;
                }
            }
        }
        // Idle time is of no interest, unless it is what fails.
        for at in 0..self.best.lines.len() {
            let before = if at == 0 { 0 } else { self.best.lines[at - 1].at };
            let gap = self.best.lines[at].at - before;
            for keep in [0, gap / 10, gap / 2] {
                let mut script = self.best.clone();
                let sooner = gap - keep;
                script.lines[at..].iter_mut().for_each(|line: &mut Line| line.at -= sooner);
                if self.keeps(script) {
                    break;
                }
            }
        }
    }
}

/// The same, but less of it.
fn smaller(act: &Act) -> Option<Act> {
    let mut act = act.clone();
    match &mut act {
        Act::Burst { count, .. } if *count > 1 => *count /= 2,
        Act::Track { items, .. } if *items > 1 => *items /= 2,
        Act::Lose(count) | Act::Mute(count) if *count > 1 => *count /= 2,
        Act::Double { count, .. } | Act::Hang { count, .. } | Act::Belie { count, .. } if *count > 1 => *count /= 2,
        _ => return None,
    }
    Some(act)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::faults::Faults;
    use crate::simulate::shopper;

    #[test]
    fn what_matters_is_left() {
        let mut script = shopper::journey(1, 7, Faults::ALL);
        script.lines.push(Line { at: 900_000, act: Act::Kill });
        script.lines.push(Line { at: 900_500, act: Act::Lose(8) });
        let fails = |script: &Script| {
            let killed = script.lines.iter().position(|line| line.act == Act::Kill);
            let lost = script.lines.iter().position(|line| matches!(line.act, Act::Lose(count) if count > 1));
            matches!((killed, lost), (Some(killed), Some(lost)) if killed < lost)
        };
        let short = shrink(&script, &fails);
        let acts: Vec<_> = short.lines.iter().map(|line| line.act.clone()).collect();
        assert_eq!(acts, [Act::Kill, Act::Lose(2)]);
        assert_eq!((short.lines[1].at, short.setup.linger), (0, 0));
    }

    #[test]
    fn what_does_not_fail_stays() {
        let script = shopper::journey(1, 7, Faults::ALL);
        assert_eq!(shrink(&script, &|_| false), script);
    }
}
