//! The thread that keeps the server: it launches it, starts it again when it dies, stops it when asked.
//!
//! A thread of its own because the system ends the server with the thread that launched it: this one lives exactly
//! as long as the server may.

use std::fs;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::error::ClusterError;
use super::server::{Launch, Server};

const LOOK_EVERY: Duration = Duration::from_millis(250);
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Holds the thread; dropping it stops the server and waits.
#[derive(Debug)]
pub struct Keeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the server and returns when it accepts connections.
    pub fn start(launch: Launch) -> Result<Self, ClusterError> {
        let (stop, stopped) = mpsc::channel();
        let (started, outcome) = mpsc::sync_channel(1);
        let keep = move || match launch.run() {
            Ok(server) => {
                let _ = started.send(Ok(()));
                keep_running(&launch, server, &stopped);
            }
            Err(error) => drop(started.send(Err(error))),
        };
        let spawned = thread::Builder::new().name("postgres-keeper".to_owned()).spawn(keep);
        let thread = spawned.map_err(ClusterError::io("start a thread for", "PostgreSQL".as_ref()))?;
        match outcome.recv() {
            Ok(Ok(())) => Ok(Self { stop: Some(stop), thread: Some(thread) }),
            Ok(Err(error)) => Err(error),
            Err(gone) => Err(ClusterError::io("start", "PostgreSQL".as_ref())(std::io::Error::other(gone))),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep_running(launch: &Launch, server: Server, stopped: &Receiver<()>) {
    let mut server = Some(server);
    let mut wait = LOOK_EVERY;
    while matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout)) {
        wait = LOOK_EVERY;
        if let Some(status) = server.as_mut().and_then(Server::ended) {
            tracing::error!(%status, log = %launch.place.log().display(), "PostgreSQL ended; it is started again");
            server = None;
        }
        if server.is_none() {
            match launch.run() {
                Ok(again) => server = Some(again),
                Err(error) => {
                    tracing::error!(%error, "PostgreSQL could not be started again");
                    wait = TRY_AGAIN_AFTER;
                }
            }
        }
    }
    if let Some(server) = server {
        server.stop();
    }
    // Empty now; it matters where it lies in /tmp.
    let _ = fs::remove_dir(&launch.sockets);
}
