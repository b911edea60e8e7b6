//! Where a request comes from, for its limits alone: it is kept in memory for minutes and written nowhere.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The sender: one address, or one network where a house has many (IPv6 gives each a /64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sender(IpAddr);

impl Sender {
    /// This machine: a proxy of the shop's own, or somebody who tries it out. Behind a proxy all shoppers come from here.
    pub(super) fn is_house(self) -> bool {
        self.0.is_loopback()
    }

    pub(super) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(six) if !six.is_loopback() => {
                let net = u128::from(six) & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from(net))
            }
            other => other,
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self::of(known.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}
