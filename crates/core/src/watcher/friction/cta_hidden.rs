//! The main action of a page cannot be used for long, while the shopper looks for it.
//!
//! | threshold | why |
//! |---|---|
//! | `LONG` 10 s in sum | a page that is being read hides its button too; a search that takes longer than this is a search |
//! | `SEEKS` 2 | one turn of the page is reading on, one idle click a slip |
//! | `TURN` 500 px | most of a screen; who reads a line again scrolls less |
//! | `TOGETHER` 20 s | who looks for something turns and clicks within seconds; readers do it now and then |
//! | `ANSWER` 1 s | what a click does shows within this, or the shopper takes it for nothing |
//!
//! No false alarm: as soon as the action can be used, all is forgotten; hidden time does not count; a click that is answered is none.

use crate::time::Millis;

/// Not usable for so long, in ms.
const LONG: u64 = 10_000;
/// Turns of the page and clicks without effect meanwhile.
const SEEKS: u32 = 2;
/// A turn goes back by so much, in CSS px.
const TURN: u32 = 500;
/// Each follows the one before within this, in ms.
const TOGETHER: u64 = 20_000;
/// A click is answered within this, in ms.
const ANSWER: u64 = 1_000;

/// Watches the main action of the page.
#[derive(Default)]
pub(crate) struct CtaHidden {
    /// The main action, while it cannot be used.
    pub(crate) target: String,
    bad: bool,
    told: bool,
    /// Not usable since (nothing while the page is hidden), and for how long before that.
    since: u64,
    sum: u64,
    seeks: u32,
    sought: Millis,
    /// When the last click was that nothing has answered yet.
    clicked: u64,
    /// How far the page went in its direction.
    edge: u32,
    up: bool,
}

impl CtaHidden {
    /// The action is in `state`: 0 is usable.
    pub(crate) fn state(&mut self, target: &str, state: u32, now: Millis) {
        if state == 0 {
            (self.told, self.since, self.sum, self.seeks, self.clicked) = (false, 0, 0, 0, 0);
        } else if !self.bad {
            target.clone_into(&mut self.target);
            self.since = now.0;
        }
        self.bad = state != 0;
    }

    /// The page was scrolled to `y`.
    pub(crate) fn scroll(&mut self, y: u32, now: Millis) {
        let (on, back) = if self.up { (self.edge, y) } else { (y, self.edge) };
        if on >= back {
            self.edge = y;
        } else if back - on >= TURN {
            (self.edge, self.up) = (y, !self.up);
            self.seek(now);
        }
    }

    /// Something was clicked.
    pub(crate) fn click(&mut self, now: Millis) {
        self.clicked = now.0;
        self.seek(now);
    }

    /// Something happened on the page: the answer to a click, if there was one just now.
    pub(crate) fn answer(&mut self, now: Millis) {
        if now.since(Millis(std::mem::take(&mut self.clicked))) <= ANSWER {
            self.seeks = self.seeks.saturating_sub(1);
        }
    }

    fn seek(&mut self, now: Millis) {
        if self.bad {
            self.seeks = if now.since(self.sought) > TOGETHER { 1 } else { self.seeks + 1 };
            self.sought = now;
        }
    }

    /// Time goes on until `now`, at which the page can be seen (or not any more): whether it is friction, and how sure that is, in
    /// hundredths.
    pub(crate) fn until(&mut self, now: Millis, seen: bool) -> Option<i64> {
        if self.bad {
            if self.since != 0 {
                self.sum += now.since(Millis(self.since));
            }
            self.since = if seen { now.0 } else { 0 };
        }
        // A click counts only when its answer has had its time.
        let waits = now.since(Millis(self.clicked)) <= ANSWER;
        let found = self.sum >= LONG && self.seeks - u32::from(waits && self.seeks > 0) >= SEEKS && !self.told;
        self.told |= found;
        found.then(|| i64::from(40 + self.seeks.min(5) * 10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Do {
        State(u32),
        Scroll(u32),
        Click,
        Answer,
        Hide,
        Look,
    }
    use Do::{Answer, Click, Hide, Look, Scroll, State};

    fn told(steps: &[(u64, Do)]) -> usize {
        let mut cta = CtaHidden::default();
        let mut told = 0;
        for (at, step) in steps {
            let now = Millis(1_000_000 + at * 100);
            told += usize::from(cta.until(now, !matches!(step, Hide)).is_some());
            match step {
                State(state) => cta.state("button#buy", *state, now),
                Scroll(y) => cta.scroll(*y, now),
                Click => cta.click(now),
                Answer => cta.answer(now),
                Hide | Look => {}
            }
        }
        told
    }

    #[test]
    fn looking_for_it_to_and_fro_is_told_once() {
        let steps = [
            (0, State(1)),
            (20, Scroll(1500)),
            (50, Scroll(200)),
            (80, Scroll(1400)),
            (110, Look),
            (120, Look),
            (400, Scroll(0)),
        ];
        assert_eq!(told(&steps), 1);
        assert_eq!(told(&[(0, State(3)), (20, Click), (60, Click), (101, Hide)]), 1, "a dead button, left");
    }

    #[test]
    fn what_looks_alike_is_not() {
        assert_eq!(
            told(&[
                (0, State(1)),
                (20, Scroll(1500)),
                (50, Scroll(200)),
                (80, Scroll(1400)),
                (95, State(0)),
                (150, Look)
            ]),
            0
        );
        assert_eq!(
            told(&[(0, State(1)), (30, Scroll(900)), (60, Scroll(700)), (90, Scroll(1300)), (150, Look)]),
            0,
            "reading"
        );
        assert_eq!(told(&[(0, State(1)), (30, Scroll(900)), (60, Scroll(100)), (150, Look)]), 0, "one turn");
        let slow = [(0, State(1)), (30, Scroll(900)), (60, Scroll(100)), (300, Scroll(900)), (301, Look)];
        assert_eq!(told(&slow), 0, "now and then");
        assert_eq!(
            told(&[(0, State(3)), (20, Click), (25, Answer), (60, Click), (64, Answer), (150, Look)]),
            0,
            "choosing"
        );
        assert_eq!(told(&[(0, State(1)), (20, Click), (60, Hide), (120, Click), (140, Look)]), 0, "hidden meanwhile");
    }

    #[test]
    fn the_last_click_waits_for_its_answer() {
        assert_eq!(told(&[(0, State(3)), (95, Click), (104, Click), (105, Look), (106, Answer), (130, Look)]), 0);
        assert_eq!(told(&[(0, State(3)), (95, Click), (104, Click), (105, Look), (130, Look)]), 1);
    }
}
