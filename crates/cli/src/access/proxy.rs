//! What a proxy in front of the server says, and when that is believed.

use crate::store::Scope;
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Headers that a proxy adds and a browser does not.
const FORWARDED: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

/// Whom the server believes: this machine, and the networks that the settings name.
#[derive(Debug, Clone, Default)]
pub struct Trusted(Vec<IpNet>);

impl Trusted {
    /// These networks, and the loopback.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Whether `peer` may speak for others.
    pub fn holds(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        peer.is_loopback() || self.0.iter().any(|network| network.contains(&peer))
    }

    /// Who asks: the peer, or the last address before the trusted proxies. What stands further left, anybody could have written.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.holds(peer) {
            return peer;
        }
        let mut client = peer;
        for value in headers.get_all("x-forwarded-for").iter().rev() {
            for address in value.to_str().unwrap_or_default().rsplit(',') {
                let Ok(address) = address.trim().parse() else { return client };
                client = address;
                if !self.holds(address) {
                    return client;
                }
            }
        }
        client
    }
}

/// Whether somebody else than a proxy would have sent this.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDED.iter().any(|name| headers.contains_key(*name))
}

/// Whether the shopper's end of the connection is encrypted. Who says so without reason harms nobody else.
pub fn is_https(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

/// A header in which the proxy says who has signed in, and what each of them may read.
#[derive(Debug, Clone)]
pub struct Identity {
    header: HeaderName,
    /// Empty: everybody whom the proxy lets through reads all.
    readers: BTreeMap<String, Scope>,
}

impl Identity {
    /// With the name of the header and the readers of the settings.
    pub fn new(header: HeaderName, readers: impl IntoIterator<Item = (String, Scope)>) -> Self {
        Self { header, readers: readers.into_iter().collect() }
    }

    /// Whose journeys the headers open, if they name exactly one reader.
    pub fn of(&self, headers: &HeaderMap) -> Option<Scope> {
        let mut names = headers.get_all(&self.header).iter();
        let name = names.next()?.to_str().ok()?.trim();
        if name.is_empty() || names.next().is_some() {
            return None;
        }
        if self.readers.is_empty() { Some(Scope::All) } else { self.readers.get(name).cloned() }
    }
}

/// Reads `NAME=KEY,KEY`, or `NAME=*` for all keys.
///
/// # Errors
/// When it is neither.
pub fn reader(text: &str) -> Result<(String, Scope), String> {
    let wrong = || "write NAME=KEY,KEY or NAME=*".to_owned();
    let (name, keys) = text.rsplit_once('=').ok_or_else(wrong)?;
    if name.trim().is_empty() {
        return Err(wrong());
    }
    if keys == "*" {
        return Ok((name.trim().to_owned(), Scope::All));
    }
    let keys: Result<Vec<_>, _> = keys.split(',').map(|key| crate::collector::allow::key(key.trim())).collect();
    Ok((name.trim().to_owned(), Scope::keys(keys.map_err(|_| wrong())?)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_a_trusted_peer_says_who_asks() {
        let trusted = Trusted::new(vec!["10.0.0.0/8".parse().unwrap()]);
        let client = |peer: &str, said: &'static str| {
            trusted.client(peer.parse().unwrap(), &headers(&[("x-forwarded-for", said)])).to_string()
        };
        assert_eq!(client("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(
            client("10.1.2.3", "1.1.1.1, 198.51.100.1, 10.9.9.9"),
            "198.51.100.1",
            "what stands left of it is hearsay"
        );
        assert_eq!(client("::ffff:10.1.2.3", "nonsense"), "::ffff:10.1.2.3");
        assert_eq!(trusted.client("127.0.0.1".parse().unwrap(), &HeaderMap::new()).to_string(), "127.0.0.1");
    }

    #[test]
    fn an_identity_is_one_name_of_the_list() {
        let name = HeaderName::from_static("x-user");
        let all = Identity::new(name.clone(), []);
        assert_eq!(all.of(&headers(&[("x-user", "anna")])), Some(Scope::All));
        for bad in [&[][..], &[("x-user", " ")], &[("x-user", "anna"), ("x-user", "bo")]] {
            assert_eq!(all.of(&headers(bad)), None);
        }
        let some = Identity::new(name, [reader("anna=pk_a").unwrap(), reader("bo=*").unwrap()]);
        assert_eq!(some.of(&headers(&[("x-user", "anna")])), Some(Scope::keys(vec!["pk_a".into()])));
        assert_eq!(some.of(&headers(&[("x-user", "bo")])), Some(Scope::All));
        assert_eq!(some.of(&headers(&[("x-user", "eve")])), None);
        for bad in ["", "anna", "=pk_a", "anna=", "anna=pk ä"] {
            assert!(reader(bad).is_err(), "{bad}");
        }
    }
}
