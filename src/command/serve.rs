//! `muster serve` and `muster worker`.

use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use muster::clock::Clock;
use muster::config::{Config, DatabaseArgs, ServeArgs, WorkerArgs};
use muster::db::Db;
use muster::db::embedded::Cluster;
use muster::error::AppError;
use muster::settings::{Organisation, OrganisationHandle};
use muster::{Muster, deliveries, openid};

use super::cli::CommandResult;
use super::{database, demo, greeting, secret};

/// Runs the web server until a signal ends it.
pub fn serve(args: &DatabaseArgs, serve: &ServeArgs) -> CommandResult {
    let listener = listen(args, serve)?;
    // the port that was given, where any was asked for
    let serve = &ServeArgs { listen: listener.local_addr()?, ..serve.clone() };
    let config = Config::from_args(serve, secret::load(serve.secret.as_deref(), &args.data)?)?;
    // opened on the main thread: our PostgreSQL ends with the thread that started it
    let database = database::open(args)?;
    let clock = Clock::system();
    demo::prepare(&database, serve, clock.now())?;
    let db = Db::open(&database.app_url, config.connections)?;
    let organisation = db.blocking(|conn| -> Result<_, AppError> { Ok(Organisation::load(conn)?) })?;
    let organisation = OrganisationHandle::new(organisation);
    let openid = config.openid.clone().map(openid::Provider::new);
    let muster = Muster { config, db, clock, organisation, keys: secret::keys(args)?, openid };
    let stop = Arc::new(AtomicBool::new(false));
    let mut threads = vec![spawn("organisation", refresh_organisation(muster.clone(), stop.clone()))?];
    if !serve.no_worker {
        threads.push(spawn("worker", run_worker(muster.clone(), serve.worker.clone(), stop.clone()))?);
        threads.push(spawn("webhooks", run_webhooks(muster.clone(), stop.clone()))?);
    }
    let greeting = greeting::of(&muster.config, &database, serve);
    let outcome = actix_web::rt::System::new().block_on(until_signal(muster, listener, greeting));
    stop.store(true, Ordering::SeqCst);
    threads.into_iter().for_each(|thread| drop(thread.join()));
    database.close();
    Ok(outcome?)
}

/// A port that is taken by the Muster of the same folder is told as what it is.
fn listen(args: &DatabaseArgs, serve: &ServeArgs) -> Result<TcpListener, Box<dyn std::error::Error + Send + Sync>> {
    TcpListener::bind(serve.listen).or_else(|error| {
        if error.kind() != ErrorKind::AddrInUse {
            return Err(format!("cannot listen on {}: {error}", serve.listen).into());
        }
        if args.foreign_url().is_none() && args.data.exists() {
            Cluster::check_free(&args.data)?;
        }
        let other = SocketAddr::new(serve.listen.ip(), serve.listen.port().wrapping_add(1).max(1024));
        let listen = serve.listen;
        Err(format!("cannot listen on {listen}: another program does already. Stop it, or use --listen {other}").into())
    })
}

/// Runs the worker until a signal ends it.
pub fn worker(args: &DatabaseArgs, worker: &WorkerArgs) -> CommandResult {
    let database = database::open(args)?;
    let stop = Arc::new(AtomicBool::new(false));
    let db = Db::open(&database.app_url, 4)?;
    let keys = secret::keys(args)?;
    let webhooks = spawn("webhooks", {
        let (db, keys, target, stop) = (db.clone(), keys.clone(), worker.webhooks(), stop.clone());
        move || muster::webhooks::run(&db, &Clock::system(), &keys, target, &stop)
    })?;
    let thread = spawn("worker", {
        let (stop, patience) = (stop.clone(), worker.patience());
        move || deliveries::worker::run(&db, &Clock::system(), &keys, patience, &stop)
    })?;
    let greeting = format!("The worker runs (data {}).", database.place());
    let outcome = actix_web::rt::System::new().block_on(async {
        let signals = Signals::listen()?;
        say(&greeting);
        signals.received().await;
        Ok(())
    });
    stop.store(true, Ordering::SeqCst);
    [thread, webhooks].into_iter().for_each(|thread| drop(thread.join()));
    database.close();
    outcome
}

async fn until_signal(muster: Muster, listener: TcpListener, greeting: String) -> std::io::Result<()> {
    // before it says that it runs, so that whoever reads this can stop it
    let signals = Signals::listen()?;
    let server = muster::serve(muster, listener)?;
    let handle = server.handle();
    say(&greeting);
    actix_web::rt::spawn(async move {
        signals.received().await;
        handle.stop(true).await;
    });
    server.await
}

/// Ctrl-C, and what service managers send.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn received(mut self) {
        futures_util::future::select(Box::pin(self.interrupt.recv()), Box::pin(self.terminate.recv())).await;
    }
}

/// Tells whoever started it; that nobody listens any more is no reason to end.
fn say(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<thread::JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(work)
}

fn run_worker(muster: Muster, worker: WorkerArgs, stop: Arc<AtomicBool>) -> impl FnOnce() + Send {
    move || deliveries::worker::run(&muster.db, &muster.clock, &muster.keys, worker.patience(), &stop)
}

fn run_webhooks(muster: Muster, stop: Arc<AtomicBool>) -> impl FnOnce() + Send {
    move || muster::webhooks::run(&muster.db, &muster.clock, &muster.keys, muster.config.webhooks, &stop)
}

/// Another server may have changed the organisation's settings.
fn refresh_organisation(muster: Muster, stop: Arc<AtomicBool>) -> impl FnOnce() + Send {
    move || {
        let mut ticks = 0u32;
        while !stop.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(200));
            ticks += 1;
            if ticks.is_multiple_of(25)
                && let Ok(organisation) =
                    muster.db.blocking(|conn| -> Result<_, AppError> { Ok(Organisation::load(conn)?) })
            {
                muster.organisation.set(organisation);
            }
        }
    }
}
