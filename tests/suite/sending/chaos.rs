//! Everything breaks while a campaign is sent: workers are killed, the database stops at once and comes back, the mail
//! server is gone for a while, the campaign is paused. Counted afterwards in the mail server's mailbox and the database:
//! nobody is left out, nobody gets it twice, and what cannot be known is marked as uncertain.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rand::RngExt;
use rand::seq::SliceRandom;

use super::wreck::{Process, Wreck};

/// In `make test`; `make chaos` has 50,000.
const RECEIVERS: usize = 2_000;
const KILLS: usize = 10;
/// Of the receivers: refused by the mail server, and without consent.
const REFUSED: usize = 5;
const SKIPPED: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blow {
    Kill(usize),
    StopPostgres,
    StopMailServer,
    Pause,
}

/// All blows in random order, but what is slow not at the very end.
fn blows() -> Vec<Blow> {
    let kills = (0..2 * KILLS).map(|n| Blow::Kill(n % 2));
    let mut blows: Vec<Blow> = kills.chain([Blow::StopPostgres; 2]).chain([Blow::StopMailServer]).collect();
    blows.extend([Blow::Pause; 3]);
    blows.shuffle(&mut rand::rng());
    blows
}

#[test]
fn nobody_is_left_out_and_nobody_gets_it_twice() {
    let receivers = std::env::var("MUSTER_CHAOS_RECEIVERS").ok().map_or(RECEIVERS, |text| text.parse().unwrap());
    let mut wreck = Wreck::new(receivers, REFUSED, SKIPPED);
    let done = AtomicBool::new(false);
    let samples = AtomicU32::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let url = wreck.url.clone();
        let (done, samples) = (&done, &samples);
        scope.spawn(move || {
            while !done.load(Ordering::SeqCst) {
                samples.fetch_add(u32::from(super::wreck::ledger_adds_up(&url)), Ordering::SeqCst);
                sleep(Duration::from_millis(50));
            }
        });
        // also when an assertion fails
        let _stop = Stop(done);
        let mut workers = [wreck.worker(), wreck.worker()];
        let blows = blows();
        for (n, blow) in blows.iter().enumerate() {
            let progress = receivers * (n + 1) / (blows.len() + 2);
            until("progress", || wreck.mails() >= progress);
            sleep(Duration::from_millis(rand::rng().random_range(0..60)));
            eprintln!("{:6.1} s, {} mails: {blow:?}", begun.elapsed().as_secs_f64(), wreck.mails());
            strike(*blow, &mut wreck, &mut workers);
        }
        eprintln!("{:6.1} s: the end is awaited", begun.elapsed().as_secs_f64());
        until("the end", || {
            wreck.count("SELECT count(*) FROM message WHERE state IN ('queued', 'sending')") == Some(0)
        });
    });
    let took = begun.elapsed();
    count(&mut wreck, receivers, took, samples.into_inner());
}

struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn strike(blow: Blow, wreck: &mut Wreck, workers: &mut [Process; 2]) {
    match blow {
        Blow::Kill(which) => {
            workers[which].kill();
            workers[which] = wreck.worker();
        }
        Blow::StopPostgres => wreck.stop_postgres(),
        Blow::StopMailServer => {
            wreck.smtp.kill();
            sleep(Duration::from_millis(1_500));
            wreck.smtp.resume();
        }
        Blow::Pause => {
            until("pausing", || wreck.run("UPDATE campaign SET paused_at = now()"));
            sleep(Duration::from_millis(1_000));
            let mails = wreck.mails();
            sleep(Duration::from_millis(500));
            assert_eq!(wreck.mails(), mails, "sent while paused");
            until("resuming", || wreck.run("UPDATE campaign SET paused_at = NULL"));
        }
    }
}

fn count(wreck: &mut Wreck, receivers: usize, took: Duration, samples: u32) {
    let mut taken: HashMap<String, usize> = HashMap::new();
    for mail in wreck.smtp.mails() {
        *taken.entry(mail.to).or_default() += 1;
    }
    let rows = wreck.outcomes();
    assert_eq!(rows.len(), receivers);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in &rows {
        *counts.entry(row.state.as_str()).or_default() += 1;
        let got = taken.get(&row.email).copied().unwrap_or(0);
        match row.state.as_str() {
            "sent" => assert_eq!(got, 1, "{row:?}"),
            "uncertain" => assert!(got <= 1, "{row:?}: {got}"),
            "failed" => assert!(got == 0 && row.email.starts_with("refuse-550."), "{row:?}: {got}"),
            "skipped" => assert!(got == 0 && row.reason.as_deref() == Some("no_consent"), "{row:?}: {got}"),
            _ => panic!("{row:?}"),
        }
    }
    let of = |state| counts.get(state).copied().unwrap_or(0);
    eprintln!(
        "chaos: {receivers} receivers in {:.0} s, {counts:?}, {samples} samples of the ledger",
        took.as_secs_f64()
    );
    assert_eq!((of("failed"), of("skipped")), (REFUSED, SKIPPED));
    // each kill of a worker, and of the mail server for each worker, leaves one at most of which nobody knows
    assert!(of("uncertain") <= 2 * KILLS + 2, "{counts:?}");
    assert_eq!(of("sent") + of("uncertain"), receivers - REFUSED - SKIPPED);
    let ids: std::collections::HashSet<String> = wreck.smtp.mails().into_iter().map(|mail| mail.id).collect();
    assert_eq!(ids.len(), taken.len());
    assert!(samples > 5);
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(300), "{what} takes too long");
        sleep(Duration::from_millis(10));
    }
}
