//! What is not believed.

use chrono::Duration;
use serde_json::{Value, json};

use super::provider::{Provider, fields};
use super::{sent_to, sign_in, start, told};
use crate::accounts::audited;
use crate::support::{TestApp, make};

const NOW: i64 = 1_795_514_400;

fn nobody_is_in(app: &TestApp) {
    assert_eq!(make::count(app, "SELECT count(*) FROM account"), 0);
    assert_eq!(make::count(app, "SELECT count(*) FROM session WHERE account_id IS NOT NULL"), 0);
}

#[test]
fn a_token_that_does_not_fit_lets_nobody_in() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let lies = [
        ("another nonce", json!({ "nonce": "made-up" })),
        ("no nonce", json!({ "nonce": null })),
        ("another audience", json!({ "aud": "another-client" })),
        ("no audience", json!({ "aud": null })),
        ("a second audience", json!({ "aud": ["muster", "another-client"] })),
        ("made for another", json!({ "azp": "another-client" })),
        ("another issuer", json!({ "iss": "http://127.0.0.1:1" })),
        ("no issuer", json!({ "iss": null })),
        ("expired", json!({ "exp": NOW })),
        ("expired long ago", json!({ "exp": NOW - 86_400, "iat": NOW - 90_000 })),
        ("no expiry", json!({ "exp": null })),
        ("of the future", json!({ "iat": NOW + 3_600, "exp": NOW + 7_200 })),
        ("no subject", json!({ "sub": null })),
    ];
    for (what, lie) in lies {
        make::run(&app, "DELETE FROM throttle");
        let visitor = app.visitor();
        let page = sign_in(&provider, &visitor, lie);
        assert!(told(&page, &visitor).contains("was not accepted"), "{what}");
        assert_eq!(visitor.get("/").status, 303, "{what}");
    }
    nobody_is_in(&app);
    let visitor = app.visitor();
    assert_eq!(sign_in(&provider, &visitor, json!({})).location.as_deref(), Some("/"), "and one that fits does");
}

#[test]
fn a_signature_of_another_kind_or_key_lets_nobody_in() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    for header in [
        json!({ "alg": "none" }),
        json!({ "alg": "none", "typ": "JWT", "kid": "key-0" }),
        json!({ "alg": "HS256", "typ": "JWT" }),
        json!({ "alg": "RS256", "kid": "key-0", "forged": true }),
        json!({ "alg": "RS256", "kid": "key-7" }),
        json!({ "alg": "RS512", "kid": "key-0" }),
        json!({ "alg": "RS256", "kid": "key-0", "crit": ["exp"] }),
        json!({ "alg": "RSA-OAEP", "enc": "A128GCM" }),
        json!({ "alg": 7 }),
    ] {
        make::run(&app, "DELETE FROM throttle");
        provider.sign_with(Some(header.clone()));
        let visitor = app.visitor();
        let page = sign_in(&provider, &visitor, json!({}));
        assert!(told(&page, &visitor).contains("was not accepted"), "{header}");
    }
    nobody_is_in(&app);
    assert_eq!(audited(&app, "signed in"), 0);
    app.clock.advance(Duration::minutes(1));
    app.work();
    let entries = "SELECT sum((after->>'tries')::int) FROM audit_entry WHERE subject_kind = 'sign_in'
        AND after->>'why' = 'refused after the organisation''s sign-in'";
    assert_eq!(make::count(&app, entries), 9);
}

#[test]
fn a_state_works_once_in_its_own_browser_and_for_ten_minutes() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let over = "That took too long, or was used already.";
    let good = json!({ "groups": ["marketing"] });
    // in another browser: an attacker's sign-in is not planted into someone's
    let (attacker, victim) = (app.visitor(), app.visitor());
    let back = provider.let_in(&sent_to(&attacker), good.clone(), json!({}));
    assert!(told(&victim.get(&back), &victim).contains(over));
    // not even one that has begun to sign in itself, and it goes on with its own
    let own = sent_to(&victim);
    assert!(told(&victim.get(&back), &victim).contains(over));
    let own_back = provider.let_in(&own, good.clone(), json!({}));
    assert_eq!(victim.get(&own_back).location.as_deref(), Some("/"));
    // again: used
    let cookies = victim.cookies();
    assert_eq!(victim.get(&own_back).location.as_deref(), Some("/sign-in"));
    assert_eq!(app.visitor().get_with(&own_back, "cookie", &cookies).location.as_deref(), Some("/sign-in"));
    // too late
    let late = app.visitor();
    let back = provider.let_in(&sent_to(&late), good, json!({}));
    app.clock.advance(Duration::minutes(10));
    assert!(told(&late.get(&back), &late).contains(over));
    for path in ["", "?", "?code=x", "?state=x&code=y", "?error=access_denied", "?code=%00&state=%00", "?iss=x"] {
        let visitor = app.visitor();
        let page = visitor.get(&format!("/sign-in/openid/callback{path}"));
        assert!(told(&page, &visitor).contains(over), "{path}");
    }
}

#[test]
fn two_who_come_back_with_the_same_state_at_once_are_one() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let visitor = app.visitor();
    let back = provider.let_in(&sent_to(&visitor), json!({ "groups": ["it"] }), json!({}));
    let cookies = visitor.cookies();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let visit = || app.visitor().get_with(&back, "cookie", &cookies).location.unwrap();
        let visits: Vec<_> = (0..4).map(|_| scope.spawn(visit)).collect();
        visits.into_iter().map(|visit| visit.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|location| *location == "/").count(), 1, "{answers:?}");
    assert_eq!(make::count(&app, "SELECT count(*) FROM session WHERE account_id IS NOT NULL"), 1);
}

#[test]
fn a_code_without_its_proof_or_of_another_is_not_accepted() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let (thief, victim) = (app.visitor(), app.visitor());
    // the victim's code, with the thief's state and browser
    let stolen = provider.let_in(&sent_to(&victim), json!({ "groups": ["it"] }), json!({}));
    let own = fields(&sent_to(&thief));
    let code = fields(&stolen)["code"].clone();
    let page = thief.get(&format!("/sign-in/openid/callback?code={code}&state={}", own["state"]));
    assert!(told(&page, &thief).contains("was not accepted"));
    nobody_is_in(&app);
}

#[test]
fn a_no_and_another_provider_are_told() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let visitor = app.visitor();
    let state = fields(&sent_to(&visitor))["state"].clone();
    let page = visitor
        .get(&format!("/sign-in/openid/callback?state={state}&error=access_denied&error_description=%3Cscript%3E"));
    assert!(told(&page, &visitor).contains("did not let you in"));
    let state = fields(&sent_to(&visitor))["state"].clone();
    let page = visitor.get(&format!("/sign-in/openid/callback?state={state}&code=x&iss=https://evil.example"));
    assert!(told(&page, &visitor).contains("was not accepted"));
}

#[test]
fn addresses_that_nobody_has_verified_link_nobody() {
    let provider = Provider::start();
    let app = start(&provider, |args| args.openid_link_by_email = true);
    app.make_account("eva@example.com", "Eva", muster::accounts::Role::Support);
    let unverified: [Value; 4] = [
        json!({ "email_verified": false }),
        json!({ "email_verified": null }),
        json!({ "email": null }),
        json!({ "email": "not an address" }),
    ];
    for claims in unverified {
        let visitor = app.visitor();
        let page = sign_in(&provider, &visitor, claims.clone());
        assert!(told(&page, &visitor).contains("does not say that your e-mail address is yours"), "{claims}");
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM openid_identity"), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM account"), 1);
}

#[test]
fn beginning_again_and_again_is_throttled() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let visitor = app.visitor();
    for _ in 0..50 {
        assert_eq!(visitor.get("/sign-in/openid").status, 303);
    }
    assert_eq!(visitor.get("/sign-in/openid").status, 429);
}
