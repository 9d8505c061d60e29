//! How long an answer takes for an address that is known, unknown or disabled: reported, since a shared machine is too
//! noisy to assert.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use super::try_password;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

const ROUNDS: usize = 30;

/// Seconds of each address, asked in turns so that the machine's moods fall on all alike.
fn times<const N: usize>(app: &TestApp, addresses: [&str; N], ask: impl Fn(&Visitor, &str) -> Page) -> [Vec<f64>; N] {
    let mut times = [const { Vec::new() }; N];
    let visitor = app.visitor();
    for _ in 0..ROUNDS {
        for (kind, address) in addresses.into_iter().enumerate() {
            make::run(app, "DELETE FROM throttle");
            let begun = Instant::now();
            ask(&visitor, address);
            times[kind].push(begun.elapsed().as_secs_f64());
        }
    }
    times
}

fn mean(times: &[f64]) -> f64 {
    times.iter().sum::<f64>() / times.len() as f64
}

/// The variance of the mean.
fn spread(times: &[f64]) -> f64 {
    let mean = mean(times);
    times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (times.len() - 1) as f64 / times.len() as f64
}

/// Welch's t: beyond about 3 either way the two could be told apart with so many tries.
fn report(what: &str, known: &[f64], other: &[f64]) {
    let t = (mean(known) - mean(other)) / (spread(known) + spread(other)).sqrt();
    let apart = (mean(known) / mean(other) - 1.0) * 100.0;
    println!("{what}: {:.2} ms against {:.2} ms ({apart:+.1} %), t = {t:+.1}", mean(known) * 1e3, mean(other) * 1e3);
}

#[test]
fn known_and_unknown_take_as_long() {
    let app = TestApp::start();
    app.make_account("marketer@example.com", "Max", muster::accounts::Role::Marketer);
    app.make_account("gone@example.com", "Gone", muster::accounts::Role::Support);
    make::run(&app, "UPDATE account SET disabled_at = now() WHERE email = 'gone@example.com'");
    let addresses = ["marketer@example.com", "nobody@example.com", "gone@example.com"];
    let [known, unknown, disabled] = times(&app, addresses, |visitor, email| try_password(visitor, email, "wrong"));
    report("wrong password, known against unknown", &known, &unknown);
    report("wrong password, known against disabled", &known, &disabled);

    let reset =
        |visitor: &Visitor, email: &str| visitor.get("/password-reset").form("Send link").fill("E-mail", email).send();
    let [known, unknown, disabled] = times(&app, addresses, reset);
    report("password reset, known against unknown", &known, &unknown);
    report("password reset, known against disabled", &known, &disabled);

    make::member(&app, "Ann Able");
    let send = |visitor: &Visitor, contact: &str| {
        visitor.get("/app/sign-in").form("Send code").fill("Phone or e-mail", contact).send()
    };
    let [known, unknown] = times(&app, ["member1@example.com", "nobody@example.com"], send);
    report("app sign-in, known against unknown", &known, &unknown);
}
