//! A worker is killed while it sends: the event is sent again, and the receiver can tell that it is the same.

use std::process::Command;

use chrono::{Duration, Utc};
use diesel::prelude::*;
use muster::sealed::Keys;
use muster::webhooks::Target;

use super::hook;
use super::receiver::Receiver;
use crate::command::running::{Folder, Running};
use crate::support::{TestApp, make};

#[test]
fn an_event_survives_its_worker() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    receiver.answer("silent");
    let (_, secret) = hook(&app, &receiver.url, &[]);
    let text = Keys::random_text();
    let keys = Keys::parse(&text).unwrap();
    diesel::update(muster::schema::webhook::table)
        .set(muster::schema::webhook::secret.eq(secret.seal(&keys).unwrap()))
        .execute(&mut app.conn())
        .unwrap();
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 1));
    let folder = Folder::new("webhooks");
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(["worker", "--webhooks-private-network", "--log", "error", "--data", folder.name()]);
    command.env("DATABASE_URL", app.database_url()).env("MUSTER_SECRET_KEY", &text);
    let worker = Running::start(&mut command);
    let first = receiver.wait_for(1).remove(0);

    worker.stop(libc::SIGKILL);

    receiver.answer("204 So");
    let target = Target { private_network: true, ..Target::default() };
    let send = |at| muster::webhooks::run_once(&mut app.app_conn(), &keys, target, at).unwrap();
    send(Utc::now());
    assert_eq!(receiver.all().len(), 1, "as long as it may still be alive, nobody else sends");
    send(Utc::now() + Duration::minutes(3));
    let [_, again] = &receiver.all()[..] else { panic!() };
    assert_eq!((again.id(), &again.body), (first.id(), &first.body));
    assert!(first.is_signed_by(&secret) && again.is_signed_by(&secret));
    assert_eq!(make::text(&app, "SELECT state || ' ' || attempts FROM webhook_delivery"), "delivered 2");
}

/// The worker's own threads: a slow receiver holds up no other, and all that is due goes out.
#[test]
fn a_running_worker_sends_to_all() {
    let app = TestApp::start();
    let (quick, slow) = (Receiver::start(), Receiver::start());
    slow.answer("silent");
    let (_, secret) = hook(&app, &quick.url, &[]);
    hook(&app, &slow.url, &[]);
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 300));
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (muster, stop) = (&app.muster, &stop);
        scope.spawn(move || {
            muster::webhooks::run(&muster.db, &muster.clock, &muster.keys, muster.config.webhooks, stop)
        });
        quick.wait_for(300);
        slow.wait_for(1);
        stop.store(true, std::sync::atomic::Ordering::SeqCst);
    });
    let ids: std::collections::BTreeSet<String> = quick.all().iter().map(|told| told.id().to_owned()).collect();
    assert_eq!((ids.len(), quick.all().len()), (300, 300));
    assert!(quick.all().iter().all(|told| told.is_signed_by(&secret)));
    let states = "SELECT string_agg(state || ' ' || n, ', ' ORDER BY state) FROM (SELECT state, count(*) AS n FROM webhook_delivery GROUP BY 1) AS s";
    assert_eq!(make::text(&app, states), "delivered 300, queued 300");
}
