//! `polku serve`: open the database, listen, serve until a signal, stop in order.

use crate::app::{self, App};
use crate::cli::ServeOptions;
use crate::collector::policy::Policy;
use crate::failure::Failure;
use crate::map;
use crate::package::Package;
use crate::store::Store;
use std::future::Future;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How long requests that are under way may take after the signal. A batch takes milliseconds.
const GRACE: Duration = Duration::from_secs(3);

/// Runs the server until it is told to stop.
///
/// # Errors
/// When the package folder is missing, the database cannot be written or the port cannot be had.
pub fn run(options: &ServeOptions) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::System)?.block_on(serve(options))
}

async fn serve(options: &ServeOptions) -> Result<(), Failure> {
    let package = Package::open(&options.pkg)?;
    // The port before the database: a second start with the same arguments must not touch the file of the first.
    let listener = TcpListener::bind((options.host.as_str(), options.port))
        .await
        .map_err(|why| Failure::Listen(options.host.clone(), options.port, why))?;
    let address = listener.local_addr().map_err(Failure::System)?;
    let policy = Policy { retention_days: options.retention, gpc_wins: options.gpc.is_some() };
    let store = Store::open(&options.db, policy.retention_days)?;
    let stop_signal = stop_signal()?;

    let (stop, stopping) = watch::channel(false);
    let app = App {
        store: store.clone(),
        policy,
        package: Arc::new(package),
        map_cache: Arc::new(map::Cache::default()),
        loopback_only: address.ip().is_loopback(),
        stopping: stopping.clone(),
    };
    let cleaning = tokio::spawn(store.clone().purge_daily());
    if !app.loopback_only {
        eprintln!("polku: the journey map has no password yet: whoever reaches {address} can read it");
    }

    // One line, so that a script can read the address. A closed pipe is no reason to stop serving.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "listening on http://{address}").and_then(|()| out.flush());
    drop(out);

    let mut asked = stopping.clone();
    let server = axum::serve(listener, app::router(app)).with_graceful_shutdown(async move {
        let _ = asked.wait_for(|stop| *stop).await;
    });
    let mut asked = stopping;
    let ended = tokio::select! {
        ended = server => ended,
        () = async {
            stop_signal.await;
            let _ = stop.send(true);
            let _ = asked.wait_for(|stop| *stop).await;
            tokio::time::sleep(GRACE).await;
        } => Ok(()),
    };
    cleaning.abort();
    store.close().await;
    ended.map_err(Failure::System)
}

/// Resolves at SIGINT or SIGTERM. Set up before the address is printed, so that no signal is lost after it.
fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::System)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::System)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}
