//! How often somebody may try a password.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong passwords of one address before it has to wait: enough for somebody who mistypes.
const TRIES: u32 = 5;
/// How long, counted from the first of them: 5 tries in 15 minutes are 480 a day.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Addresses that are remembered. Beyond them nobody new may try until one is forgotten.
const REMEMBERED: usize = 10_000;

/// Tries of late, by address; in memory alone.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<HashMap<IpAddr, (u32, Instant)>>);

impl Attempts {
    /// Counts a try before it is judged, so that many at once are many; else after how many seconds.
    ///
    /// # Errors
    /// When this address has tried too often.
    pub(super) fn take(&self, from: IpAddr, now: Instant) -> Result<(), u64> {
        let from = network(from);
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= REMEMBERED {
            tries.retain(|_, (_, since)| now.duration_since(*since) < WINDOW);
        }
        let full = tries.len() >= REMEMBERED;
        match tries.get_mut(&from) {
            Some((count, since)) if now.duration_since(*since) < WINDOW => {
                if *count >= TRIES {
                    return Err((WINDOW - now.duration_since(*since)).as_secs() + 1);
                }
                *count += 1;
            }
            Some(entry) => *entry = (1, now),
            None if full => return Err(WINDOW.as_secs()),
            None => {
                tries.insert(from, (1, now));
            }
        }
        Ok(())
    }

    /// The password was right.
    pub(super) fn forget(&self, from: IpAddr) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&network(from));
    }
}

/// One house: IPv6 gives each a network of its own, a /64 at least (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
        four => four,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn five_tries_and_then_a_quarter_of_an_hour() {
        let (attempts, start) = (Attempts::default(), Instant::now());
        let [one, other] = ["203.0.113.7", "203.0.113.8"].map(|ip| ip.parse().unwrap());
        for _ in 0..TRIES {
            assert_eq!(attempts.take(one, start), Ok(()));
        }
        assert_eq!(attempts.take(one, start + Duration::from_secs(60)), Err(841));
        assert_eq!(attempts.take(other, start), Ok(()), "another house");
        assert_eq!(attempts.take(one, start + WINDOW), Ok(()));
    }

    #[test]
    fn a_right_password_clears_and_a_network_is_one() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for n in 0..TRIES {
            assert_eq!(attempts.take(format!("2001:db8::{n}").parse().unwrap(), now), Ok(()));
        }
        assert!(attempts.take("2001:db8::ffff:1".parse().unwrap(), now).is_err());
        assert!(attempts.take("2001:db8:0:1::1".parse().unwrap(), now).is_ok());
        attempts.forget("2001:db8::1".parse().unwrap());
        assert!(attempts.take("2001:db8::9".parse().unwrap(), now).is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for n in 0..REMEMBERED as u32 {
            assert!(attempts.take(std::net::Ipv4Addr::from_bits(n).into(), now).is_ok());
        }
        assert!(attempts.take("203.0.113.7".parse().unwrap(), now).is_err());
        assert!(attempts.take("203.0.113.7".parse().unwrap(), now + WINDOW).is_ok());
    }
}
