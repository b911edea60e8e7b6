//! The demo shop behind a proxy that writes down every request.

use anyhow::Result;
use serde_json::Value;

use crate::browser::Browser;
use crate::proxy::Proxy;
use crate::server::Server;
use crate::walk::Shopper;

/// A shop whose every request is written down.
pub(crate) struct House {
    pub(crate) server: Server,
    pub(crate) proxy: Proxy,
}

impl House {
    pub(crate) async fn open() -> Result<Self> {
        let server = Server::start()?;
        let proxy = Proxy::before(&server.origin).await?;
        Ok(Self { server, proxy })
    }

    pub(crate) fn shopper<'a>(&self, browser: &'a Browser) -> Shopper<'a> {
        Shopper::new(browser, &self.proxy.origin, "en")
    }

    /// The batches that were sent.
    pub(crate) fn batches(&self) -> Vec<Value> {
        self.proxy.batches()
    }
}
