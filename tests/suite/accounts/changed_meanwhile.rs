//! A sign-in that is under way while the password changes, or the account is disabled, leaves no session.

use diesel::connection::SimpleConnection;
use muster::accounts::account::end_sessions;

use super::{add_app, code, key, path, try_code, try_password};
use crate::support::{TestApp, make};

const MAX: &str = "marketer@example.com";

/// Waits until as many of the app's connections wait for a lock.
fn until_waiting(app: &TestApp, count: i64) {
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let begun = std::time::Instant::now();
    while make::count(app, waiting) < count {
        assert!(begun.elapsed().as_secs() < 30, "nobody waits");
        std::thread::yield_now();
    }
}

fn sessions(app: &TestApp) -> i64 {
    make::count(app, "SELECT count(*) FROM session WHERE account_id IS NOT NULL")
}

#[test]
fn the_password_changes_after_it_was_found_right() {
    let app = TestApp::start();
    app.make_account(MAX, "Max", muster::accounts::Role::Marketer);
    let id = key(&app, MAX).parse().unwrap();
    let mut changing = app.conn();
    changing.batch_execute("BEGIN; UPDATE account SET password_hash = 'another'").unwrap();
    std::thread::scope(|scope| {
        // the old password is still right for whoever does not see the change
        let sign_in = scope.spawn(|| try_password(&app.visitor(), MAX, "muster-demo"));
        until_waiting(&app, 1);
        end_sessions(&mut changing, id, None).unwrap();
        changing.batch_execute("COMMIT").unwrap();
        let page = sign_in.join().unwrap();
        assert_eq!(page.status, 422);
        assert!(page.error_on("E-mail").contains("Your sign-in was changed a moment ago"));
    });
    assert_eq!(sessions(&app), 0);
    assert_eq!(super::audited(&app, "signed in"), 0);
}

#[test]
fn the_account_changes_between_the_answer_and_its_session() {
    let changes = [
        "UPDATE account SET disabled_at = now()",
        "UPDATE account SET generation = generation + 1, password_hash = 'another'",
    ];
    for change in changes {
        let app = TestApp::start();
        app.make_account(MAX, "Max", muster::accounts::Role::Marketer);
        let visitor = app.visitor();
        let mut changing = app.conn();
        // whoever makes a session waits here, when all else is done
        changing.batch_execute("BEGIN; LOCK TABLE session IN SHARE MODE").unwrap();
        std::thread::scope(|scope| {
            let sign_in = scope.spawn(|| try_password(&visitor, MAX, "muster-demo"));
            until_waiting(&app, 1);
            changing.batch_execute(change).unwrap();
            changing.batch_execute("COMMIT").unwrap();
            assert!(matches!(sign_in.join().unwrap().status, 303 | 422));
        });
        assert_eq!(sessions(&app), 0, "{change}");
        assert_eq!(visitor.get("/").location.as_deref(), Some("/sign-in"), "{change}");
    }
}

#[test]
fn the_second_half_comes_while_the_factor_is_reset() {
    let app = TestApp::start();
    let (seed, _) = add_app(&app, &app.marketer());
    app.clock.advance(chrono::Duration::minutes(2));
    let visitor = app.visitor();
    try_password(&visitor, MAX, "muster-demo");
    make::run(&app, "DELETE FROM session");
    let id = key(&app, MAX).parse().unwrap();
    let mut changing = app.conn();
    changing.batch_execute("BEGIN; UPDATE account SET name = 'Maxi'").unwrap();
    std::thread::scope(|scope| {
        let code = code(&seed, app.now());
        let (app, visitor) = (&app, &visitor);
        let second = scope.spawn(move || try_code(visitor, &code));
        until_waiting(app, 1);
        end_sessions(&mut changing, id, None).unwrap();
        changing.batch_execute("COMMIT").unwrap();
        assert_eq!(second.join().unwrap().location.as_deref(), Some("/sign-in"));
    });
    assert_eq!(sessions(&app), 0);
}

#[test]
fn an_ended_session_is_not_brought_back_by_a_request_under_way() {
    use actix_session::storage::{SessionStore, generate_session_key};
    let app = TestApp::start();
    let store = muster::sessions::SessionRows::new(
        app.muster.db.clone(),
        app.clock.clone(),
        muster::sessions::Audience::Dashboard,
    );
    let ttl = actix_web::cookie::time::Duration::hours(1);
    let state = [("csrf".to_owned(), "\"x\"".to_owned())].into();
    actix_web::rt::System::new().block_on(async { store.update(generate_session_key(), state, &ttl).await.unwrap() });
    assert_eq!(make::count(&app, "SELECT count(*) FROM session"), 0);
}

#[test]
fn whoever_disables_wins_against_any_number_of_sign_ins() {
    let app = TestApp::start();
    let admin = app.admin();
    app.make_account(MAX, "Max", muster::accounts::Role::Marketer);
    let (disable, enable) = (format!("{}/disable", path(&app, MAX)), format!("{}/enable", path(&app, MAX)));
    let token = admin.get("/my-account").hidden("csrf");
    for round in 0..6 {
        admin.post(&enable, &[("csrf", &token)]);
        make::run(&app, "DELETE FROM throttle");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let visitor = app.visitor();
                scope.spawn(move || try_password(&visitor, MAX, "muster-demo"));
            }
            admin.post(&disable, &[("csrf", &token)]);
        });
        let left = "SELECT count(*) FROM session JOIN account ON account.id = account_id WHERE disabled_at IS NOT NULL";
        assert_eq!(make::count(&app, left), 0, "round {round}");
    }
}
