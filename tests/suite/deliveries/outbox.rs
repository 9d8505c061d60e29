//! Settings → Channels → Outbox.

use diesel::prelude::*;

use crate::support::TestApp;

const PATH: &str = "/settings/channels/outbox";

fn told(app: &TestApp, channel: &str, recipient: &str, subject: &str, body: &str, state: &str) {
    use muster::schema::message;
    diesel::insert_into(message::table)
        .values((
            message::purpose.eq("coupon"),
            message::channel.eq(channel),
            message::recipient.eq(recipient),
            message::subject.eq(subject),
            message::body.eq(body),
            message::state.eq(state),
            message::created_at.eq(app.now()),
        ))
        .execute(&mut app.conn())
        .unwrap();
}

#[test]
fn messages_are_listed_the_latest_first() {
    let app = TestApp::start();
    let admin = app.admin();
    assert!(admin.get(PATH).shows("Messages of SMS and e-mail coupons stand here"));
    told(&app, "sms", "+4915112345678", "", "Your coupon: <b>{link}</b>", "outbox");
    told(&app, "email", "ana@example.com", "Your coupon", "Here it is", "failed");
    let page = admin.get(PATH);
    assert_eq!(page.texts_at("tbody th"), ["ana@example.com", "+4915112345678"], "{}", page.text());
    assert_eq!(page.texts_at("tbody td[data-label=Channel]"), ["E-mail", "SMS"]);
    assert_eq!(page.texts_at("tbody td[data-label=Text]"), ["Your coupon Here it is", "Your coupon: <b>{link}</b>"]);
    assert_eq!(page.texts_at("tbody td[data-label=State]"), ["Failed", "In the Outbox"]);
    assert!(page.shows("24 Nov 2026") && page.shows("2 messages"));
}

#[test]
fn filters_live_in_the_address() {
    let app = TestApp::start();
    told(&app, "sms", "+4915112345678", "", "a", "outbox");
    told(&app, "sms", "+4915187654321", "", "b", "sent");
    told(&app, "email", "an_a@example.com", "s", "c", "outbox");
    told(&app, "email", "anna@example.com", "s", "d", "outbox");
    let admin = app.admin();
    for (q, channel, state, found) in [
        ("", "sms", "", vec!["+4915187654321", "+4915112345678"]),
        ("", "", "sent", vec!["+4915187654321"]),
        ("0151 1234 5678", "", "", vec!["+4915112345678"]),
        ("8765", "", "", vec!["+4915187654321"]),
        ("AN_A@", "", "", vec!["an_a@example.com"]),
        ("%", "", "", vec![]),
        ("'; DROP TABLE message; --", "sms", "sent", vec![]),
    ] {
        let query = serde_html_form::to_string([("q", q), ("channel", channel), ("state", state)]).unwrap();
        let page = admin.get(&format!("{PATH}?{query}"));
        assert_eq!(page.texts_at("tbody th"), found, "{q}");
        assert_eq!(page.value("To"), q);
        if found.is_empty() {
            assert!(page.shows("Nothing found for"));
        }
    }
}

#[test]
fn it_comes_in_pages() {
    let app = TestApp::start();
    diesel::sql_query("INSERT INTO message (purpose, channel, recipient, body, created_at) SELECT 'coupon', 'sms', '+49151' || n, 'x', now() FROM generate_series(1000000, 1000119) AS n")
        .execute(&mut app.conn())
        .unwrap();
    let first = app.admin().get(&format!("{PATH}?channel=sms"));
    let second = first.click("Next");
    let third = second.click("Next");
    assert_eq!([&first, &second, &third].map(|page| page.texts_at("tbody th").len()), [50, 50, 20]);
    assert!(first.shows("120 messages") && first.texts_at("tbody th")[0].ends_with("119"));
    assert_eq!(third.click("Previous").texts_at("tbody th"), second.texts_at("tbody th"));
}

#[test]
fn only_admins_see_it() {
    let app = TestApp::start();
    assert_eq!(app.visitor().get(PATH).status, 303);
    assert_eq!(app.support().get(PATH).status, 403);
    assert_eq!(app.marketer().get(PATH).status, 403);
    assert_eq!(app.admin().get(PATH).status, 200);
}

#[test]
fn texts_of_many_are_filled_in_and_campaigns_are_named() {
    use crate::support::make;
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let coffee = make::campaign(&app, "Coffee", "sms").make();
    let run = |sql: String| diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
    run(format!(
        "INSERT INTO delivery (member_id, campaign_id, issued_at, token) VALUES ({ann}, {coffee}, now(), '0192f0c1-2222-7000-8000-000000000000')"
    ));
    run(format!(
        "INSERT INTO message_text (id, campaign_id, subject, body) VALUES (5, {coffee}, '', 'Yours: {{link}}')"
    ));
    run(format!(
        "INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, subject, body, text_id, state, error, created_at, next_attempt_at, attempts)
         VALUES ({ann}, {coffee}, 'coupon', 'sms', '+4915112345678', '', '', 5, 'queued', 'HTTP 503', now(), now() + interval '1 hour', 2)"
    ));
    told(&app, "email", "staff@example.com", "s", "b", "sent");
    let admin = app.admin();
    let page = admin.get(&format!("{PATH}?campaign={coffee}&purpose=coupon"));
    assert!(page.shows("Only messages of Coffee .") && page.shows("1 message"), "{}", page.text());
    let text = page.text_at("td[data-label=Text]");
    assert!(text.starts_with("Yours: http") && text.ends_with("/c/0192f0c1-2222-7000-8000-000000000000"), "{text}");
    let state = page.text_at("td[data-label=State]");
    assert!(state.starts_with("Queued HTTP 503 Again "), "{state}");
    assert_eq!(page.click("Show those of all campaigns").texts_at("tbody th").len(), 2, "the purpose stays");
    for nonsense in ["campaign=x", "campaign=999", "purpose=x&state=y"] {
        assert_eq!(admin.get(&format!("{PATH}?{nonsense}")).status, 200);
    }
}
