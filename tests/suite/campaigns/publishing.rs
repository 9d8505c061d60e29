//! **Publish**: complete or not at all, and once.

use std::sync::Barrier;

use super::{audited, begin, column, complete, newest};
use crate::support::{TestApp, make};

#[test]
fn an_incomplete_draft_names_what_is_missing_with_links() {
    let app = TestApp::start();
    let marketer = app.marketer();
    begin(&marketer, "E-mail coupon");
    let id = newest(&app);
    let page = marketer.get(&format!("/campaigns/{id}/review")).form("Publish").send();
    assert_eq!(page.status, 422);
    for (words, link) in [
        ("Enter a campaign name", "content#field-name"),
        ("Enter a title", "content#field-title"),
        ("Enter the e-mail’s subject", "content#field-subject"),
        ("Enter the e-mail’s body", "content#field-body"),
        ("Choose an offer", "pos-input#field-offer"),
        ("Choose where the codes come from", "pos-input#field-codes"),
        ("Choose who receives the campaign", "receivers#field-audience"),
        ("Enter a start", "time-settings#field-start"),
        ("Enter an end", "time-settings#field-end"),
    ] {
        assert_eq!(page.link(words), format!("/campaigns/{id}/{link}"));
        let (step, field) = link.split_once('#').unwrap();
        let target = marketer.get(&format!("/campaigns/{id}/{step}"));
        assert!(target.html.contains(&format!("id=\"{field}\"")), "{link} leads nowhere");
    }
    assert_eq!(column(&app, id, "published_at"), "");
}

#[test]
fn what_became_wrong_meanwhile_is_missing_too() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let review = complete(&marketer, "Late", "LATE1");
    let id = newest(&app);
    app.clock.advance(chrono::Duration::days(40));
    let marketer = app.marketer();
    let page = marketer.get(&format!("/campaigns/{id}/review")).form("Publish").send();
    assert_eq!(page.status, 422, "{}", review.text());
    assert!(page.has_link("Enter an end in the future"));
}

#[test]
fn twice_at_once_is_once() {
    let app = TestApp::start();
    let marketer = app.marketer();
    complete(&marketer, "Once", "ONCE1");
    let id = newest(&app);
    let sheets: Vec<_> = (0..8).map(|_| marketer.get(&format!("/campaigns/{id}/review")).form("Publish")).collect();
    let barrier = Barrier::new(sheets.len());
    let told: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = sheets
            .into_iter()
            .map(|sheet| {
                let (barrier, visitor) = (&barrier, marketer.clone());
                scope.spawn(move || {
                    barrier.wait();
                    let page = sheet.send();
                    assert_eq!(page.status, 303, "{}", page.text());
                    drop(visitor);
                    page.headers
                        .iter()
                        .filter(|(name, _)| name == "set-cookie")
                        .map(|(_, value)| value.clone())
                        .collect()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(told.len(), 8);
    assert_eq!(audited(&app, "campaign published"), 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE text = 'ONCE1'"), 1);
}

#[test]
fn a_code_taken_meanwhile_is_an_error_at_code() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let review = complete(&marketer, "Mine", "TAKEN1");
    let id = newest(&app);
    make::campaign(&app, "Quicker", "code").one_code("TAKEN1", None).make();

    let page = review.form("Publish").send();

    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Code"), "Error: Another campaign has this code: enter another one");
    assert_eq!(page.value("Code"), "TAKEN1");
    assert_eq!(column(&app, id, "published_at"), "");
    // mended there, it can be published
    let page = page.form("Save and continue").fill("Code", "FREE1").send();
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(page.follow(&marketer).form("Publish").send().status, 303);
}

#[test]
fn many_codes_are_made_by_then() {
    let app = TestApp::start();
    let marketer = app.marketer();
    complete(&marketer, "Many", "MANY1");
    let id = newest(&app);
    let page = marketer.get(&format!("/campaigns/{id}/pos-input"));
    let form = page.form("Save and continue").tick("Many codes, each validated once");
    let page = form.fill("Number of codes", "500").send();
    assert_eq!(page.location, Some(format!("/campaigns/{id}/review")));
    let page = page.follow(&marketer);
    assert!(page.shows("500 codes, each validated once"));
    page.form("Publish").send();
    assert_eq!(make::count(&app, &format!("SELECT count(*) FROM code WHERE campaign_id = {id}")), 500);
}

#[test]
fn the_review_warns_of_what_should_be_looked_at() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 3);
    let vip = make::group(&app, "VIP").make();
    begin(&marketer, "App coupon");
    let id = newest(&app);
    let page = marketer.get(&format!("/campaigns/{id}/receivers")).form("Save draft");
    page.tick("Send to member group").tick("Include VIP").send();
    let page = marketer.get(&format!("/campaigns/{id}/review"));
    assert!(page.shows("Nobody receives this campaign now."));
    assert_eq!(page.text_at(".sum-equals"), "0 receivers");
    make::stay(&app, vip, &[muster::ids::MemberId(1), muster::ids::MemberId(2), muster::ids::MemberId(3)]);
    let form = marketer.get(&format!("/campaigns/{id}/pos-input")).form("Save draft").tick("Free item");
    form.tick("One code, validated many times").fill("Validations in all", "2").send();
    let page = marketer.get(&format!("/campaigns/{id}/review"));
    assert!(page.shows("2 validations for 3 receivers. Change the codes"), "{}", page.text());
}
