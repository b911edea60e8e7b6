//! `polku serve`: open the database, listen, serve until a signal, stop in order.

use crate::access::{Access, Locks};
use crate::app::{self, App, Shared};
use crate::chat::Chat;
use crate::cli::ServeOptions;
use crate::collector::allow::Allowed;
use crate::collector::policy::Policy;
use crate::collector::rate::Rate;
use crate::failure::Failure;
use crate::map;
use crate::operate::log;
use crate::package::Package;
use crate::seed;
use crate::store::Store;
use std::future::Future;
use std::io::Write as _;
use std::net::SocketAddr;
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
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::System)?;
    let ended = runtime.block_on(serve(options));
    // Whoever still reads for the map is not waited for: a million journeys may take a minute.
    runtime.shutdown_background();
    ended
}

async fn serve(options: &ServeOptions) -> Result<(), Failure> {
    let package = Package::open(&options.pkg)?;
    let locks = Locks::of(options)?;
    if !locks.any() && !is_loopback(options).await? {
        return Err(Failure::Open(options.host.clone()));
    }
    if options.check {
        return Ok(());
    }
    log::begin(options.log);
    // The port before the database: a second start with the same arguments must not touch the file of the first.
    let listener = TcpListener::bind((options.host.as_str(), options.port))
        .await
        .map_err(|why| Failure::Listen(options.host.clone(), options.port, why))?;
    let address = listener.local_addr().map_err(Failure::System)?;
    let policy = Policy {
        retention_days: options.retention,
        gpc_wins: options.gpc.is_some(),
        allowed: Arc::new(Allowed::new(&options.key, &options.origin)),
        rate: Arc::new(Rate::new(options.rate)),
    };
    if let Some(journeys) = options.seed_demo {
        let remote = options.clickhouse.as_ref().map(|address| (address, options.retention));
        tokio::task::block_in_place(|| seed::fill(&options.db, remote, journeys, &options.key))?;
    }
    let open = || Store::open(&options.db, policy.retention_days, options.clickhouse.as_ref());
    let store = tokio::task::block_in_place(open)?;
    let access = Access::new(locks, options, store.signer())?;
    let (chat, drawn) = Chat::open(options)?;
    let stop_signal = stop_signal()?;

    let (stop, stopping) = watch::channel(false);
    let app = App::new(Shared {
        store: store.clone(),
        policy,
        package: Arc::new(package),
        facts: map::facts::Shelf::default(),
        chat: chat.clone(),
        loopback_only: !access.is_set(),
        access: Arc::new(access),
        metrics: Arc::default(),
        metrics_token: options.metrics_token.as_deref().map(Arc::from),
        stopping: stopping.clone(),
    });
    let watching = tokio::spawn(store.clone().watch_others());
    let warming = tokio::spawn(app.facts.clone().warm(store.clone()));
    let cleaning = tokio::spawn(store.clone().purge_daily());
    let sweeping = tokio::spawn(chat.clone().purge_daily());

    if let Some(key) = drawn {
        eprintln!(
            "polku: conversations are answered at http://{address}/inbox/#key={key} (told this once; --inbox-key names another key)"
        );
    }

    // One line, so that a script can read the address. A closed pipe is no reason to stop serving.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "listening on http://{address}").and_then(|()| out.flush());
    drop(out);
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        port = address.port(),
        locked = app.access.is_set(),
        keys = options.key.len(),
        origins = options.origin.len(),
        retention_days = options.retention,
        "started"
    );

    let mut asked = stopping.clone();
    let routes = app::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, routes).with_graceful_shutdown(async move {
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
    watching.abort();
    warming.abort();
    cleaning.abort();
    sweeping.abort();
    store.close().await;
    chat.close().await;
    tracing::info!("stopped");
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

/// Whether nobody but this machine can reach the address to listen on.
async fn is_loopback(options: &ServeOptions) -> Result<bool, Failure> {
    let mut addresses = tokio::net::lookup_host((options.host.as_str(), options.port))
        .await
        .map_err(|why| Failure::Listen(options.host.clone(), options.port, why))?;
    Ok(addresses.all(|address| address.ip().is_loopback()))
}
