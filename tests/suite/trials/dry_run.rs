//! Review → Dry run: its numbers are those that one counts by hand.

use muster::campaigns::dry_run::{DryRun, Report};
use muster::ids::CampaignId;

use super::run;
use crate::push::Device;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn start(app: &TestApp, by: &Visitor, id: CampaignId) -> Page {
    let review = format!("/campaigns/{id}/review");
    let page = by.get(&review).form("Start a dry run").send();
    assert_eq!(page.status, 303);
    app.work();
    by.get(&review)
}

fn report(app: &TestApp, id: CampaignId) -> Report {
    let run = DryRun::of(&mut app.conn(), id).unwrap().unwrap();
    assert!(run.finished_at.is_some());
    run.report()
}

/// Members of every sort, in two groups.
fn people(app: &TestApp) -> (muster::ids::GroupId, muster::ids::GroupId) {
    let members = make::members(app, 600);
    let (all, out) = (make::group(app, "All").make(), make::group(app, "Out").make());
    make::stay(app, all, &members[..500]);
    make::stay(app, out, &members[450..]);
    run(app, "UPDATE member SET phone = NULL WHERE id % 7 = 0");
    run(app, "UPDATE member SET sms_consent = false WHERE id % 11 = 0");
    run(app, "UPDATE member SET blocked_at = created_at, blocked_reason = 'x' WHERE id % 13 = 0");
    run(app, "UPDATE member SET time_zone = 'Asia/Tokyo' WHERE id % 5 = 0");
    (all, out)
}

#[test]
fn its_numbers_are_those_that_one_counts_by_hand() {
    let app = TestApp::start();
    let max = app.marketer();
    let (all, out) = people(&app);
    let id = make::campaign(&app, "Coffee", "sms").draft().include(all).exclude(out).make();
    run(
        &app,
        "UPDATE campaign SET sms_text = 'Hi {name}, your ☕: {link}', quiet_from = '18:00', quiet_until = '08:00'",
    );
    run(&app, "UPDATE channel SET is_on = true, rate = 10 WHERE key = 'sms'");
    run(&app, "UPDATE setting SET time_zone = 'Europe/Berlin'");
    let page = start(&app, &max, id);
    let found = report(&app, id);
    let of = format!("SELECT count(*) FROM membership WHERE left_at IS NULL AND group_id = {}", all);
    let member = |condition: &str| {
        make::count(
            &app,
            &format!(
                "SELECT count(*) FROM member WHERE id IN (SELECT member_id FROM membership WHERE group_id = {all})
                   AND id NOT IN (SELECT member_id FROM membership WHERE group_id = {out}) AND {condition}"
            ),
        )
    };
    assert_eq!(found.excluded, make::count(&app, &of) - member("true"));
    assert_eq!(found.blocked, member("blocked_at IS NOT NULL"));
    assert_eq!(found.no_address, member("blocked_at IS NULL AND phone IS NULL"));
    assert_eq!(found.no_consent, member("blocked_at IS NULL AND phone IS NOT NULL AND NOT sms_consent"));
    let receivers = "blocked_at IS NULL AND phone IS NOT NULL AND sms_consent";
    assert_eq!(found.receivers, member(receivers));
    assert_eq!((found.messages, found.receivers), (found.ucs2.messages, found.messages));
    // 22 characters and an address of 26 + 3 + 36 take two parts of 67
    let text = make::text(
        &app,
        "SELECT replace(sms_text, '{link}', public_url || '/c/' || gen_random_uuid()) FROM campaign, setting",
    );
    let parts = muster::campaigns::sms_parts::SmsParts::of(&text).parts as i64;
    assert!(parts > 1);
    assert_eq!((found.ucs2.parts, found.gsm7.parts), (parts * found.messages, 0));
    assert_eq!(found.placeholders, ["{name}"]);
    // 10:00 in UTC is 11:00 in Berlin and 19:00 in Tokyo
    let estimate = found.estimate.as_ref().unwrap();
    assert_eq!(estimate.waiting, member(&format!("{receivers} AND time_zone = 'Asia/Tokyo'")));
    assert_eq!(estimate.ends_at.unwrap().to_rfc3339(), {
        let minutes = (estimate.waiting + 599) / 600;
        assert_eq!(minutes, 1);
        let end = app.now() + chrono::Duration::hours(13) + chrono::Duration::milliseconds(estimate.waiting * 100);
        end.to_rfc3339()
    });
    for words in [
        format!("Receivers {}", found.receivers),
        format!("{} in UCS-2", found.ucs2.parts),
        format!(
            "{} excluded, {} blocked, {} without a phone number, {} without consent",
            found.excluded, found.blocked, found.no_address, found.no_consent
        ),
        "{name} stands in every message as it is".into(),
        format!("{} messages wait until they are over", estimate.waiting),
        "at 10 messages a second".into(),
    ] {
        assert!(page.shows(&words), "{words}: {}", page.text());
    }
    assert_eq!(
        make::count(&app, "SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM delivery)"),
        0,
        "nothing but the report"
    );
    let audit = "SELECT concat_ws('|', action, subject_name) FROM audit_entry ORDER BY id DESC LIMIT 1";
    assert_eq!(make::text(&app, audit), "dry run started|Coffee");
}

#[test]
fn chunks_add_up_and_a_new_run_replaces_the_old_one() {
    let app = TestApp::start();
    let max = app.marketer();
    let id = make::campaign(&app, "Coffee", "email").draft().make();
    run(
        &app,
        "INSERT INTO member (name, email, sms_consent, email_consent, push_consent, created_at)
         SELECT 'M' || n, 'm' || n || '@example.com', false, n % 3 <> 0, false, '2026-01-01' FROM generate_series(1, 45000) AS n",
    );
    let review = format!("/campaigns/{id}/review");
    max.get(&review).form("Start a dry run").send();
    let keys = &app.muster.keys;
    let work = || muster::deliveries::worker::run_once(&mut app.conn(), keys, app.now()).unwrap();
    work();
    let page = max.get(&review);
    assert!(page.shows("Under way: 13,334 receivers so far"), "{}", page.text());
    let part = max.get(&format!("/campaigns/{id}/dry-run"));
    assert!(part.html.contains("hx-get") && part.html.contains("max=\"45000\""));
    // anew, in the middle of it: from the beginning
    max.get(&review).form("Start a dry run").send();
    assert!(max.get(&review).shows("Under way: 0 receivers so far"));
    while work() {}
    assert_eq!(make::count(&app, "SELECT count(*) FROM dry_run"), 1);
    let found = report(&app, id);
    assert_eq!((found.receivers, found.messages, found.no_consent), (30_000, 30_000, 15_000));
    assert!(!max.get(&format!("/campaigns/{id}/dry-run")).html.contains("hx-get"));
    assert!(max.get(&review).shows("the channel is off, so all goes to the Outbox"));
}

#[test]
fn app_coupons_say_who_is_told() {
    let app = TestApp::start();
    let max = app.marketer();
    let members = make::members(&app, 10);
    let id = make::campaign(&app, "Coffee", "app").draft().many_codes().make();
    run(&app, "UPDATE campaign SET code_count = 7");
    let page = start(&app, &max, id);
    assert!(page.shows("Messages None: the coupon shows in the app") && page.shows("None for 3 receivers"));
    run(&app, "UPDATE campaign SET notify_push = true");
    run(&app, "UPDATE member SET push_consent = id % 2 = 0");
    for member in &members[..4] {
        Device::new(format!("https://push.example.com/{member}")).store(&app, *member);
        Device::new(format!("https://push.example.com/{member}/tablet")).store(&app, *member);
    }
    let page = start(&app, &max, id);
    let found = report(&app, id);
    assert_eq!((found.receivers, found.messages, found.no_consent, found.no_device), (10, 2, 5, 3));
    assert!(
        page.shows("5 without push consent, 3 without a device; they find the coupon in the app"),
        "{}",
        page.text()
    );
}

#[test]
fn it_needs_receivers_and_texts() {
    let app = TestApp::start();
    let max = app.marketer();
    let id = make::campaign(&app, "Coffee", "sms").draft().make();
    let review = format!("/campaigns/{id}/review");
    run(&app, "UPDATE campaign SET everyone = NULL");
    assert!(max.get(&review).shows("Choose who receives the campaign first"));
    let page = max.bypass(&format!("/campaigns/{id}/dry-run"), &[], &review).follow(&max);
    assert!(page.shows("Choose who receives the campaign. Then try it."));
    run(&app, "UPDATE campaign SET everyone = true, sms_text = ''");
    assert!(max.get(&review).shows("Enter the SMS text first"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM dry_run"), 0);
    let code = make::campaign(&app, "Paper", "code").draft().make();
    assert!(!max.get(&format!("/campaigns/{code}/review")).has_button("Start a dry run"));
    for other in [code.0, 999] {
        assert_eq!(max.bypass(&format!("/campaigns/{other}/dry-run"), &[], &review).status, 404);
        assert_eq!(max.get(&format!("/campaigns/{other}/dry-run")).status, 404);
    }
    assert_eq!(app.support().get(&format!("/campaigns/{id}/dry-run")).status, 403);
}
