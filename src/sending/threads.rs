//! The senders of a worker: for each channel that is on, a thread for each of its connections. What is changed in
//! Settings counts from the next half second on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::channel_row::ChannelRow;
use super::lane::Lane;
use super::sender::send_all;
use super::transports::transport_of;
use crate::channels::transport::Transport;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::AppError;
use crate::sealed::Keys;

const BETWEEN_LOOKS: Duration = Duration::from_millis(500);
/// How long a worker that is told to stop tries to store its last answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A channel at work.
struct Running {
    channel: ChannelRow,
    over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// Sends until told to stop.
pub fn run(db: &Db, clock: &Clock, keys: &Keys, stop: &AtomicBool) {
    let mut running: Vec<Running> = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        // while the database is away, all stays as it is
        if let Ok(channels) = db.blocking(|conn| -> Result<_, AppError> { Ok(ChannelRow::all_on(conn)?) }) {
            running = adjust(running, channels, db, clock, keys);
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    running.iter().for_each(|lane| lane.over.store(true, Ordering::SeqCst));
    running.into_iter().for_each(|lane| drop(lane.thread.join()));
}

/// Ends what was changed or switched off, begins what is not yet there.
fn adjust(running: Vec<Running>, channels: Vec<ChannelRow>, db: &Db, clock: &Clock, keys: &Keys) -> Vec<Running> {
    let (mut kept, over): (Vec<_>, Vec<_>) =
        running.into_iter().partition(|lane| !lane.thread.is_finished() && channels.contains(&lane.channel));
    over.iter().for_each(|lane| lane.over.store(true, Ordering::SeqCst));
    // one that is busy with a message ends with it; its successor must not hand over beside it
    let (ended, ending): (Vec<_>, Vec<_>) = over.into_iter().partition(|lane| lane.thread.is_finished());
    ended.into_iter().for_each(|lane| drop(lane.thread.join()));
    for channel in channels {
        let is_there = |lane: &Running| lane.channel.channel == channel.channel;
        if !kept.iter().any(is_there) && !ending.iter().any(is_there) {
            kept.extend(begin(channel, db.clone(), clock.clone(), keys.clone()));
        }
    }
    kept.into_iter().chain(ending).collect()
}

fn begin(channel: ChannelRow, db: Db, clock: Clock, keys: Keys) -> Option<Running> {
    let over = Arc::new(AtomicBool::new(false));
    let (told, row) = (over.clone(), channel.clone());
    let name = format!("{} sender", channel.channel.key());
    let work = move || work(&row, db, clock, &keys, &told);
    match std::thread::Builder::new().name(name).spawn(work) {
        Ok(thread) => Some(Running { channel, over, thread }),
        Err(error) => {
            tracing::error!(%error, "a sender's thread could not be started");
            None
        }
    }
}

fn work(channel: &ChannelRow, db: Db, clock: Clock, keys: &Keys, told: &AtomicBool) {
    let transports: Result<Vec<Box<dyn Transport>>, String> =
        (0..channel.connections.max(1)).map(|_| transport_of(channel, keys, &clock)).collect();
    let mut lane = Lane::of(db, channel, clock);
    let over = || told.load(Ordering::SeqCst);
    match transports {
        Err(words) => {
            tracing::error!(channel = channel.channel.key(), why = words, "the channel cannot be used");
            lane.refuse(&words);
            while !over() {
                std::thread::sleep(BETWEEN_LOOKS);
            }
        }
        Ok(mut transports) => {
            let shared = Mutex::new(lane);
            let shared_ref = &shared;
            std::thread::scope(|scope| {
                let mut transports = transports.iter_mut();
                let first = transports.next();
                for transport in transports {
                    scope.spawn(move || send_all(shared_ref, &mut **transport, &|| told.load(Ordering::SeqCst)));
                }
                if let Some(transport) = first {
                    send_all(shared_ref, &mut **transport, &over);
                }
            });
            lane = shared.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
            lane.finish(PATIENCE);
        }
    }
}
