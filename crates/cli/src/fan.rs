//! Work in parts, by several threads, whose results come in the order of the parts: what is made of them does not hang on who was faster.

use std::sync::mpsc::sync_channel;

/// Threads beyond these would wait for the one that takes their results.
const THREADS: u64 = 4;
/// Results that a thread may be ahead.
const AHEAD: usize = 4;

/// Lets threads work on the parts from 0 up to `parts`, each with a hand of its own, and hands the results over until they are no longer wanted.
pub(crate) fn out<T: Send, W: FnMut(u64) -> T, R>(
    parts: u64,
    hand: impl Fn() -> W + Sync,
    wanted: impl FnOnce(&mut dyn Iterator<Item = T>) -> R,
) -> R {
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64).min(THREADS);
    std::thread::scope(|scope| {
        // Each thread does every so manieth part, and they are asked in turn.
        let lines: Vec<_> = (0..threads)
            .map(|first| {
                let (done, line) = sync_channel(AHEAD);
                let hand = &hand;
                scope.spawn(move || {
                    let mut hand = hand();
                    // Until nobody listens any more.
                    (first..parts).step_by(threads as usize).all(|part| done.send(hand(part)).is_ok())
                });
                line
            })
            .collect();
        let mut results = lines.iter().cycle().map_while(|line| line.recv().ok());
        wanted(&mut results)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_parts_and_may_be_left() {
        let slow_when_odd = || {
            |part: u64| {
                if part % 2 == 1 {
                    std::thread::sleep(std::time::Duration::from_millis(2));
                }
                part
            }
        };
        assert_eq!(out(40, slow_when_odd, |results| results.collect::<Vec<_>>()), (0..40).collect::<Vec<_>>());
        assert_eq!(out(u64::MAX, slow_when_odd, |results| results.take(9).sum::<u64>()), 36);
        assert_eq!(out(0, slow_when_odd, |results| results.count()), 0);
    }
}
