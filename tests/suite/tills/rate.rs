//! How often a key may ask.

use chrono::Duration;
use serde_json::json;

use super::till;
use crate::support::TestApp;

#[test]
fn it_is_told_with_every_answer_and_kept() {
    let app = TestApp::configured(|config| config.api_requests = 2);
    let (harbour, airport) = (till(&app, ""), till(&app, ""));
    let ask = || {
        let path = format!("{}/reservations/4f3c2f5e-7d0a-4c59-9d0c-1f2b3c4d5e6f", harbour.base);
        let answer = harbour.agent.get(path).header("Authorization", format!("Bearer {}", harbour.key)).call().unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        (answer.status().as_u16(), header("ratelimit"), header("ratelimit-policy"))
    };
    let policy = "\"requests\";q=2;w=60".to_owned();
    assert_eq!(ask(), (404, "\"requests\";r=1;t=60".into(), policy.clone()));
    app.clock.advance(Duration::seconds(20));
    assert_eq!(ask(), (404, "\"requests\";r=0;t=40".into(), policy.clone()));
    assert_eq!(ask(), (429, "\"requests\";r=0;t=40".into(), policy.clone()));
    let refused = harbour.post("/lookups", json!({ "code": "X" }));
    assert_eq!((refused.refusal(), refused.retry_after.as_deref()), ((429, "too_many_requests"), Some("40")));
    assert_eq!(airport.post("/lookups", json!({ "code": "X" })).status, 404, "another key has its own");
    app.clock.advance(Duration::seconds(40));
    assert_eq!(ask(), (404, "\"requests\";r=1;t=60".into(), policy));
}
