//! Why did (not) this member get it? Every rule, then and now, for every role.

use chrono::{DateTime, Duration, Utc};
use diesel::RunQueryDsl;
use muster::ids::{CampaignId, MemberId};

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

fn at(app: &TestApp, hours: i64) -> String {
    let at: DateTime<Utc> = app.now() + Duration::hours(hours);
    at.to_rfc3339()
}

/// Issued an hour ago, to all it is for.
fn issued(app: &TestApp, id: CampaignId) {
    run(
        app,
        &format!(
            "UPDATE campaign SET issuing_since = '{0}', issued_at = '{0}', issued_up_to = 1000 WHERE id = {id}",
            at(app, -1)
        ),
    );
}

fn deliver(app: &TestApp, id: CampaignId, member: MemberId, columns: &str, values: &str) {
    let comma = if columns.is_empty() { "" } else { ", " };
    run(
        app,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at{comma}{columns}) VALUES ({member}, {id}, '{}'{comma}{values})",
            at(app, -1)
        ),
    );
}

fn why(visitor: &Visitor, id: CampaignId, member: MemberId) -> Page {
    let page = visitor.get(&format!("/campaigns/{id}/why/{member}"));
    assert_eq!(page.status, 200, "{}", page.text());
    page
}

/// The verdict, and the rule that decided.
fn verdict(page: &Page) -> (String, String) {
    let decided = page.texts_at(".rule-decided .rule-name").first().cloned().unwrap_or_default();
    (page.text_at(".verdict h2"), decided)
}

fn says(page: &Page, sentence: &str, rule: &str) {
    let (said, decided) = verdict(page);
    assert_eq!(said, sentence);
    assert!(decided.ends_with(rule), "{decided} is not {rule}: {}", page.text());
}

#[test]
fn before_it_is_issued_it_says_who_would_get_it() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann");
    let vip = make::group(&app, "VIP").make();
    let staff = make::group(&app, "Staff").hidden().make();
    let id = make::campaign(&app, "Winter", "sms").include(vip).exclude(staff).draft().make();
    says(
        &why(&marketer, id, ann),
        "Ann does not get it, as things stand: it is not published, or cancelled.",
        "Published",
    );
    run(&app, "UPDATE campaign SET published_at = now()");
    let page = why(&marketer, id, ann);
    says(&page, "Ann does not get it, as things stand: in none of its groups.", "Included");
    assert!(page.shows("VIP: never in it") && page.has_link("Edit user groups"), "{}", page.text());
    make::stay(&app, vip, &[ann]);
    let page = why(&marketer, id, ann);
    says(&page, "Ann gets it, as things stand.", "");
    assert!(
        page.shows("Is in VIP since 24 Nov 2026, 11:00") && page.shows("It is issued any moment."),
        "{}",
        page.text()
    );
    make::stay(&app, staff, &[ann]);
    let page = why(&marketer, id, ann);
    says(&page, "Ann does not get it, as things stand: in an excluded group.", "Excluded");
    assert!(page.shows("Is in Staff, whose members do not get it. Exclude always wins."));
    run(
        &app,
        &format!("UPDATE membership SET left_at = '{}', left_source = 'app' WHERE group_id = {staff}", at(&app, 0)),
    );
    run(&app, "UPDATE member SET blocked_at = '2026-11-20', blocked_reason = 'sold codes'");
    let page = why(&marketer, id, ann);
    says(&page, "Ann does not get it, as things stand: blocked.", "Blocked");
    assert!(page.shows("sold codes") && page.has_link("Unblock"));
    run(&app, "UPDATE member SET blocked_at = NULL, blocked_reason = NULL, sms_consent = false");
    let page = why(&marketer, id, ann);
    says(&page, "Ann does not get it, as things stand: no consent or no address.", "Consent and address");
    assert!(page.shows("Now has no consent to SMS and a phone number (+4915170000001)."), "{}", page.text());
    run(&app, "UPDATE member SET phone = NULL, sms_consent = true");
    assert!(why(&marketer, id, ann).shows("Now has consent to SMS and no phone number."));
    // waiting is no refusal
    run(&app, "UPDATE member SET phone = '+4915170000001'");
    run(&app, &format!("UPDATE campaign SET starts_at = '{}'", at(&app, 48)));
    let page = why(&marketer, id, ann);
    says(&page, "Ann gets it, as things stand.", "");
    assert!(page.shows("It begins on 26 Nov 2026, 11:00."));
    run(&app, &format!("UPDATE campaign SET starts_at = '{}', paused_at = '{}'", at(&app, -2), at(&app, -1)));
    assert!(why(&marketer, id, ann).shows("Paused since 24 Nov 2026, 10:00"));
    run(&app, "UPDATE campaign SET paused_at = NULL");
    run(
        &app,
        &format!(
            "INSERT INTO campaign_sending (campaign_id, due_at, held_at, held_why) VALUES ({id}, '{}', '{}', 'late') ON CONFLICT (campaign_id) DO UPDATE SET held_at = excluded.held_at, held_why = 'late'",
            at(&app, -6),
            at(&app, -1)
        ),
    );
    let page = why(&marketer, id, ann);
    assert!(page.shows("Held since") && page.has_link("Send now"), "{}", page.text());
    run(&app, &format!("UPDATE campaign SET cancelled_at = '{}'", at(&app, 0)));
    says(
        &why(&marketer, id, ann),
        "Ann does not get it, as things stand: it is not published, or cancelled.",
        "Published",
    );
}

#[test]
fn those_who_were_no_receivers_are_told_from_their_history() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (ann, bob, eve, new) =
        (make::member(&app, "Ann"), make::member(&app, "Bob"), make::member(&app, "Eve"), make::member(&app, "New"));
    let vip = make::group(&app, "VIP").make();
    let staff = make::group(&app, "Staff").hidden().make();
    make::stay(&app, vip, &[ann, bob]);
    make::stay(&app, staff, &[bob]);
    let id = make::campaign(&app, "Winter", "app").include(vip).exclude(staff).also_later(false).make();
    issued(&app, id);
    // Ann joined after it was issued, Bob was in Staff then and has left, Eve never was in
    run(&app, "UPDATE membership SET joined_at = '2026-11-01' WHERE member_id = 2");
    run(
        &app,
        &format!("UPDATE membership SET left_at = '{}', left_source = 'app' WHERE group_id = {staff}", at(&app, 0)),
    );
    run(&app, "UPDATE member SET created_at = now() + interval '100 years' WHERE name = 'New'");
    let page = why(&marketer, id, ann);
    says(&page, "Ann did not get it: in none of its groups.", "Included");
    assert!(page.shows("Was in none of the groups that it is for when it was issued, on 24 Nov 2026, 10:00. It does not go to members who join later."), "{}", page.text());
    assert!(page.shows("VIP: from 24 Nov 2026, 11:00") && !page.has_link("Edit user groups"), "{}", page.text());
    let page = why(&marketer, id, bob);
    says(&page, "Bob did not get it: in an excluded group.", "Excluded");
    assert!(
        page.shows("Staff: from 1 Nov 2026, 01:00, by , to 24 Nov 2026, 11:00, by the member, in the app"),
        "{}",
        page.text()
    );
    says(&why(&marketer, id, eve), "Eve did not get it: in none of its groups.", "Included");
    says(&why(&marketer, id, new), "New did not get it: not a member by then.", "Member by then");
    run(&app, "UPDATE campaign SET also_later = true");
    let page = why(&marketer, id, eve);
    assert!(page.shows("Joining one of them now, they get it at once.") && page.has_link("Edit user groups"));
    // the group was over by then
    run(&app, &format!("UPDATE member_group SET stops_at = '{}' WHERE id = {vip}", at(&app, -2)));
    run(
        &app,
        "UPDATE membership SET left_at = joined_at, left_source = 'app' WHERE member_id = 2 AND left_at IS NOT NULL",
    );
    says(&why(&marketer, id, bob), "Bob did not get it: in none of its groups.", "Included");
    run(&app, "UPDATE member_group SET stops_at = NULL");
    run(&app, "DELETE FROM campaign_group WHERE NOT included");
    says(&why(&marketer, id, bob), "Bob did not get it. Their groups changed while it was being issued.", "");
}

#[test]
fn whoever_was_skipped_is_told_the_reason_that_is_stored() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Winter", "sms").many_codes().make();
    issued(&app, id);
    deliver(&app, id, ann, "skipped_at, reason", &format!("'{}', 'no_code'", at(&app, -1)));
    let cases = [
        ("no_code", "no code left", "Code", "All codes had been handed out."),
        ("blocked", "blocked", "Blocked", "Was blocked when it was issued; is not any more."),
        (
            "no_address",
            "no address",
            "Consent and address",
            "Had consent to SMS and no phone number. Now has consent to SMS and a phone number (+4915170000001).",
        ),
        (
            "no_consent",
            "no consent",
            "Consent and address",
            "Had no consent to SMS and a phone number (+4915170000001). Now has consent",
        ),
        ("unsubscribed", "unsubscribed", "Consent and address", "They had ended such messages by the link in one."),
        (
            "quiet",
            "quiet until after the end",
            "In time",
            "The quiet hours would have lasted until after the coupon’s end.",
        ),
        (
            "too_late",
            "too late for the coupon",
            "In time",
            "The message could only have arrived after the coupon’s end.",
        ),
        (
            "late",
            "campaign was late",
            "In time",
            "The campaign was late, and its rule for that says that nothing more goes out.",
        ),
    ];
    for (reason, words, rule, sentence) in cases {
        run(&app, &format!("UPDATE delivery SET reason = '{reason}'"));
        let page = why(&marketer, id, ann);
        says(&page, &format!("Ann did not get it: {words}."), rule);
        assert!(page.text_at(".verdict").contains(sentence), "{reason}: {}", page.text_at(".verdict"));
    }
    run(&app, "UPDATE delivery SET reason = 'no_code'");
    assert_eq!(why(&marketer, id, ann).link("Make more codes"), format!("/campaigns/{id}/codes/new"));
    let support = app.support();
    assert!(!support.get(&format!("/user-support/{ann}/why/{id}")).has_link("Make more codes"), "not theirs to do");
}

#[test]
fn whoever_has_it_is_told_where_it_stands_and_what_the_provider_said() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Winter", "email").make();
    issued(&app, id);
    deliver(&app, id, ann, "queued_at", &format!("'{}'", at(&app, -1)));
    run(&app, &format!(
        "INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, body, created_at, state, attempts, next_attempt_at, moved_at, error)
         VALUES ({ann}, {id}, 'coupon', 'email', 'old@example.com', '', '{0}', 'queued', 2, '{1}', '{0}', '451 try later')", at(&app, -1), at(&app, 1)
    ));
    let page = why(&marketer, id, ann);
    says(&page, "Ann gets it: the message waits for its turn.", "What came of it");
    assert!(page.shows("Its message waits until 24 Nov 2026, 12:00."), "{}", page.text());
    assert!(
        page.shows(
            "E-mail to old@example.com: queued on 24 Nov 2026, 10:00, 2 attempts. The provider said: 451 try later"
        ),
        "{}",
        page.text()
    );
    let steps = [
        ("uncertain_at", "Ann may have got it: nobody knows for sure."),
        ("sent_at", "Ann may have got it: nobody knows for sure."),
        ("accepted_at", "Ann got it."),
        ("seen_at", "Ann got it and opened it."),
        ("expired_at", "Ann had it; it has expired unused."),
        ("failed_at", "Ann did not get it: the message failed."),
        ("bounced_at", "Ann did not get it: the message bounced."),
        ("withdrawn_at", "Ann had it; it was taken back."),
        ("validated_at", "Ann got it and used it."),
    ];
    for (mark, sentence) in steps {
        run(&app, &format!("UPDATE delivery SET {mark} = '{}', reason = 'because of that'", at(&app, 0)));
        let page = why(&marketer, id, ann);
        says(&page, sentence, "What came of it");
        assert_eq!(page.has_link("Retry failed"), matches!(mark, "uncertain_at" | "sent_at" | "failed_at"), "{mark}");
        assert!(
            matches!(mark, "uncertain_at" | "sent_at" | "accepted_at" | "seen_at" | "expired_at" | "validated_at")
                || page.shows(": because of that."),
            "{mark}"
        );
    }
    assert!(why(&marketer, id, ann).shows("Withdrawn on 24 Nov 2026, 11:00"), "all its times");
}

#[test]
fn consent_and_block_are_told_then_and_now_with_their_history() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Winter", "sms").make();
    issued(&app, id);
    deliver(&app, id, ann, "sent_at", &format!("'{}'", at(&app, -1)));
    let form = marketer.get(&format!("/members/{ann}/edit")).form("Save changes");
    assert_eq!(form.untick("SMS consent").fill("Phone", "+4915199999999").send().status, 303);
    let support = app.support();
    support.get(&format!("/user-support/{ann}/block")).form("Block member").fill("Reason", "sold codes").send();
    let page = why(&marketer, id, ann);
    says(&page, "Ann got it.", "What came of it");
    assert!(
        page.shows("Was not blocked when it was issued, but is now. Blocked since 24 Nov 2026, 11:00: sold codes."),
        "{}",
        page.text()
    );
    assert!(page.shows("Blocked on 24 Nov 2026, 11:00, by Sue Support: sold codes"), "{}", page.text());
    assert!(
        page.shows("Had consent and a phone number. Now has no consent to SMS and a phone number (+4915199999999)."),
        "{}",
        page.text()
    );
    assert!(page.shows("Consent to SMS withdrawn on 24 Nov 2026, 11:00, by Max Marketer"), "{}", page.text());
    assert!(
        page.shows("Phone number changed from +4915170000001 to +4915199999999 on 24 Nov 2026, 11:00, by Max Marketer"),
        "{}",
        page.text()
    );
}

#[test]
fn it_is_found_from_the_campaign_and_from_the_member() {
    let app = TestApp::start();
    let (marketer, support) = (app.marketer(), app.support());
    let ann = make::member(&app, "Ann Able");
    make::member(&app, "Ann Bold");
    let id = make::campaign(&app, "Winter", "app").make();
    make::campaign(&app, "Draft", "app").draft().make();
    issued(&app, id);
    deliver(&app, id, ann, "", "");
    let find = marketer.get(&format!("/campaigns/{id}")).click("Who got it, and why");
    let found = find.form("Find").fill("Find a member", "ann").send();
    assert_eq!(found.texts_at("tbody tr th"), ["Ann Able", "Ann Bold"]);
    assert_eq!(found.texts_at("tbody td[data-label=State]"), ["Issued", "Nothing"]);
    says(&found.click("Ann Able"), "Ann Able has it, in the app.", "What came of it");
    for typed in ["0151 70000001", "member1@example.com", "able"] {
        let page = find.form("Find").fill("Find a member", typed).send();
        assert_eq!(page.location.as_deref(), Some(format!("/campaigns/{id}/why/{ann}").as_str()), "{typed}");
    }
    assert!(find.form("Find").fill("Find a member", "zzzz").send().shows("No member found for “zzzz”"));

    let member = support.get(&format!("/user-support/{ann}"));
    let choose = member.click("Why did they not get a campaign?");
    assert_eq!(choose.texts_at("tbody tr th"), ["Winter"], "drafts are not told to all");
    says(&choose.click("Winter"), "Ann Able has it, in the app.", "What came of it");
    assert!(choose.form("Find").fill("Campaign", "zz").send().shows("Nothing found for “zz”"));
    assert_eq!(support.get(&format!("/campaigns/{id}/why/{ann}")).status, 403);
    assert!(member.html.contains(&format!("/user-support/{ann}/why/{id}")), "each content item asks why");
    assert_eq!(app.visitor().get(&format!("/user-support/{ann}/why/{id}")).status, 303);
}

#[test]
fn a_code_coupon_is_for_those_who_may_use_it() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann");
    let vip = make::group(&app, "VIP").make();
    let id = make::campaign(&app, "Cards", "code").include(vip).make();
    says(&why(&marketer, id, ann), "Ann may not use it in the app: in none of its groups.", "Included");
    make::stay(&app, vip, &[ann]);
    says(&why(&marketer, id, ann), "Ann may use it in the app.", "");
}
