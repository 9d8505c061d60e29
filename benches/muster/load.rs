use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use crate::http::{Connection, Request};

/// What came of a load.
pub struct Served {
    /// Requests a second that were answered as expected.
    pub rate: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Answers with another status.
    pub wrong: u64,
    /// One of them.
    pub example: Option<String>,
    /// Bytes of an answer's body.
    pub size: usize,
}

#[derive(Default)]
struct Tally {
    times: Vec<Duration>,
    wrong: u64,
    example: Option<String>,
    size: usize,
}

/// Sends what `plan` makes for each connection, one after the other, for so many seconds.
pub fn run<P>(address: SocketAddr, seconds: f64, connections: usize, plan: P) -> Served
where
    P: Fn(usize) -> Box<dyn FnMut() -> Option<Request> + Send> + Sync,
{
    let begun = Instant::now();
    let end = begun + Duration::from_secs_f64(seconds);
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|worker| {
                let next = plan(worker);
                scope.spawn(move || one(address, end, next))
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let elapsed = begun.elapsed().as_secs_f64();
    let mut times: Vec<Duration> = tallies.iter().flat_map(|tally| tally.times.iter().copied()).collect();
    times.sort_unstable();
    let at =
        |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1))).copied();
    Served {
        rate: times.len() as f64 / elapsed,
        p50: at(0.50).unwrap_or_default(),
        p99: at(0.99).unwrap_or_default(),
        wrong: tallies.iter().map(|tally| tally.wrong).sum(),
        example: tallies.iter().find_map(|tally| tally.example.clone()),
        size: tallies.iter().map(|tally| tally.size).max().unwrap_or(0),
    }
}

fn one(address: SocketAddr, end: Instant, mut next: Box<dyn FnMut() -> Option<Request> + Send>) -> Tally {
    let mut connection = Connection::open(address);
    let mut tally = Tally::default();
    while Instant::now() < end {
        let Some(request) = next() else { break };
        let begun = Instant::now();
        match connection.send(&request) {
            Ok(status) if status == request.expected => tally.times.push(begun.elapsed()),
            Ok(status) => {
                tally.wrong += 1;
                tally.example.get_or_insert_with(|| format!("{status} {:.300}", connection.body()));
            }
            Err(error) => {
                tally.wrong += 1;
                tally.example.get_or_insert_with(|| error.to_string());
                connection = Connection::open(address);
            }
        }
        tally.size = tally.size.max(connection.body_size());
    }
    tally
}
