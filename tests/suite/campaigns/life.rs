//! Pause, resume, cancel, end now, duplicate, delete.

use diesel::RunQueryDsl;

use super::{audited, begin, column, complete, newest};
use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

#[test]
fn a_campaign_is_paused_and_resumed() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "app").make();
    let path = format!("/campaigns/{id}");
    let page = marketer.get(&path).form("Pause").send().follow(&marketer);
    assert!(page.shows("Winter is paused.") && page.shows("Paused") && !page.has_button("Pause"));
    // again, from a page that is old by now
    let page = marketer.bypass(&format!("{path}/pause"), &[], &path).follow(&marketer);
    assert!(page.shows("Nothing was changed: the campaign is paused."));
    let page = page.form("Resume").send().follow(&marketer);
    assert!(page.shows("Winter runs again.") && page.shows("Live"));
    assert_eq!((audited(&app, "campaign paused"), audited(&app, "campaign resumed")), (1, 1));
    assert_eq!(column(&app, id, "paused_at"), "");
}

#[test]
fn cancelling_says_what_it_will_do_and_withdraws_what_is_unused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "app").in_app(true).make();
    make::group(&app, "Barista club").by_code(id).make();
    make::members(&app, 3);
    run(&app, &format!("INSERT INTO delivery (member_id, campaign_id, issued_at) SELECT id, {id}, now() FROM member"));
    run(&app, "UPDATE delivery SET validated_at = now() WHERE member_id = 1");

    let page = marketer.get(&format!("/campaigns/{id}")).click("Cancel");
    assert!(page.shows("Cancel Winter?") && page.shows("2 members hold it unused; it is withdrawn."));
    assert!(page.shows("nobody can join any more until the group has another campaign"), "{}", page.text());
    assert_eq!(column(&app, id, "cancelled_at"), "");
    let page = page.form("Cancel campaign").send().follow(&marketer);

    assert!(page.shows("Winter is cancelled. 2 unused coupons are withdrawn."), "{}", page.text());
    assert!(page.shows("Cancelled") && !page.has_link("Edit") && page.has_button("Duplicate"));
    let withdrawn = "SELECT count(*) FROM delivery WHERE withdrawn_at IS NOT NULL AND reason = 'campaign cancelled'";
    assert_eq!(make::count(&app, withdrawn), 2);
    let again = marketer.bypass(&format!("/campaigns/{id}/cancel"), &[], "/campaigns/new").follow(&marketer);
    assert!(again.shows("Nothing was changed: the campaign is cancelled."));
    assert_eq!(audited(&app, "campaign cancelled"), 1);
    for step in ["content", "pos-input", "receivers", "time-settings"] {
        let path = format!("/campaigns/{id}/{step}");
        assert!(marketer.get(&path).shows("This campaign is cancelled and changes no more."));
        assert_eq!(
            marketer.bypass(&path, &[("name", "x"), ("audience", "everyone")], "/campaigns/new").status,
            422,
            "{step}"
        );
    }
}

#[test]
fn a_campaign_is_ended_now() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "app").make();
    let page = marketer.get(&format!("/campaigns/{id}")).click("End now");
    assert!(page.shows("End Winter now?"));
    let page = page.form("End now").send().follow(&marketer);
    assert!(page.shows("Winter has ended.") && page.shows("Ended"));
    assert_eq!(
        make::count(&app, &format!("SELECT count(*) FROM campaign WHERE id = {id} AND ends_at <= '2026-11-24T10:00Z'")),
        1
    );
    let again = marketer.get(&format!("/campaigns/{id}/end")).follow(&marketer);
    assert!(again.shows("Nothing was changed: the campaign is ended."));
    assert_eq!(audited(&app, "campaign ended"), 1);

    let later = app.now() + chrono::Duration::days(2);
    let scheduled = make::campaign(&app, "Spring", "app").between(later, later + chrono::Duration::days(9)).make();
    let page = marketer.get(&format!("/campaigns/{scheduled}"));
    assert!(!page.has_link("End now") && page.has_link("Cancel") && page.shows("Scheduled"));
}

#[test]
fn any_campaign_can_be_duplicated() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (vip, staff) = (make::group(&app, "VIP").make(), make::group(&app, "Staff").make());
    let maker = make::campaign(&app, "Winter", "code").one_code("WINTER", Some(50)).include(vip).exclude(staff);
    let id = maker.make();

    let page = marketer.get(&format!("/campaigns/{id}")).form("Duplicate").send();

    let copy = newest(&app);
    assert_eq!(page.location, Some(format!("/campaigns/{copy}/content")));
    let page = page.follow(&marketer);
    assert_eq!(page.value("Campaign name"), "Winter (copy)");
    assert!(page.shows("This is the copy, a draft."));
    assert_eq!(
        column(&app, copy, "concat_ws('|', code_source, shared_code, validations_in_all, published_at)"),
        "one|50"
    );
    let groups = format!("SELECT count(*) FROM campaign_group WHERE campaign_id = {copy}");
    assert_eq!(make::count(&app, &groups), 2);
    assert_eq!(audited(&app, "campaign duplicated"), 1);
    // it can be published: its code is generated then
    let page = marketer.get(&format!("/campaigns/{copy}/review")).form("Publish").send();
    assert_eq!(page.status, 303, "{}", page.text());
    assert_ne!(column(&app, copy, "shared_code"), "");
}

#[test]
fn the_name_of_a_copy_still_fits() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, &"é".repeat(120), "app").make();
    marketer.get(&format!("/campaigns/{id}")).form("Duplicate").send();
    assert_eq!(column(&app, newest(&app), "name"), format!("{} (copy)", "é".repeat(113)));
}

#[test]
fn drafts_are_deleted_and_nothing_else() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "App coupon").form("Save draft").fill("Campaign name", "Idea").send();
    let id = newest(&app);
    assert_eq!(page.status, 303);
    let page = marketer.get(&format!("/campaigns/{id}")).click("Delete draft");
    assert!(page.shows("Delete the draft Idea?"));
    let page = page.form("Delete draft").send();
    assert_eq!(page.location.as_deref(), Some("/campaigns"));
    assert!(page.follow(&marketer).shows("The draft Idea is deleted."));
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign"), 0);

    complete(&marketer, "Live", "LIVE1").form("Publish").send();
    let id = newest(&app);
    let page = marketer.bypass(&format!("/campaigns/{id}/delete"), &[], "/campaigns/new").follow(&marketer);
    assert!(page.shows("Only drafts can be deleted."));
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign"), 1);
}

#[test]
fn a_draft_that_a_group_joins_by_stays() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Join", "code").draft().make();
    make::group(&app, "Barista club").by_code(id).make();
    let page = marketer.get(&format!("/campaigns/{id}/delete")).form("Delete draft").send().follow(&marketer);
    assert!(page.shows("Members are to join “Barista club” by this draft’s codes."), "{}", page.text());
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign"), 1);
}
