//! Many tills at once, each request sent twice with the same key.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rand::RngExt;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::program::Answered;
use crate::support::{Program, TestApp, make};

/// What the tills were told.
#[derive(Debug, Default)]
pub struct Told {
    pub validated: AtomicI64,
    pub reversed: AtomicI64,
    pub refused: AtomicU64,
    pub requests: AtomicU64,
}

/// 1,000 codes: single ones that nobody owns, personal ones, and some that many may use a few times.
pub fn codes(app: &TestApp, now: chrono::DateTime<chrono::Utc>) -> Vec<String> {
    let day = chrono::Duration::days(1);
    let many = make::campaign(app, "Many", "code").many_codes().between(now - day, now + day * 30).make();
    let personal = make::campaign(app, "Personal", "app").per_member(2).between(now - day, now + day * 30).make();
    let shared = make::campaign(app, "Shared", "code").many_codes().between(now - day, now + day * 30).make();
    make::members(app, 150);
    for sql in [
        format!("INSERT INTO code (text, campaign_id, uses_allowed) SELECT 'SINGLE' || n, {many}, 1 FROM generate_series(1, 600) AS n"),
        // two codes a member, so that the member's limit is met before the codes'
        format!("INSERT INTO code (text, campaign_id, uses_allowed, member_id)
                 SELECT 'MINE' || n, {personal}, 2, (SELECT min(id) FROM member) + n % 150 FROM generate_series(1, 300) AS n"),
        "INSERT INTO delivery (member_id, campaign_id, issued_at, code) SELECT member_id, campaign_id, now(), min(text) FROM code WHERE member_id IS NOT NULL GROUP BY 1, 2".to_owned(),
        format!("INSERT INTO code (text, campaign_id, uses_allowed) SELECT 'SHARED' || n, {shared}, 7 FROM generate_series(1, 100) AS n"),
    ] {
        make::run(app, &sql);
    }
    let all = make::text(app, "SELECT string_agg(text, ',') FROM code");
    all.split(',').map(str::to_owned).collect()
}

/// Lets all tills work until then. Where a server may be away, a till asks again until it is answered.
pub fn rage(tills: &[Program], codes: &[String], until: Instant, told: &Told) {
    std::thread::scope(|scope| {
        for till in tills {
            scope.spawn(move || one(till, codes, until, told));
        }
    });
}

fn one(till: &Program, codes: &[String], until: Instant, told: &Told) {
    let mut rng = rand::rng();
    let (mut held, mut used): (Vec<String>, Vec<i64>) = (Vec::new(), Vec::new());
    while Instant::now() < until {
        let code = || codes[rand::rng().random_range(0..codes.len())].clone();
        match rng.random_range(0..10) {
            0..=2 => {
                let answer = twice(till, "/validations", &json!({ "code": code() }), told);
                used.extend(answer.body["id"].as_i64().filter(|_| answer.status == 201));
            }
            3..=4 => {
                let mut wanted = vec![code(), code(), code()];
                wanted.truncate(rng.random_range(1..=3));
                wanted.sort_unstable();
                wanted.dedup();
                let answer = twice(till, "/reservations", &json!({ "codes": wanted }), told);
                held.extend(answer.body["id"].as_str().map(str::to_owned).filter(|_| answer.status == 201));
            }
            5..=6 => {
                let Some(id) = pick(&mut held) else { continue };
                let answer = twice(till, &format!("/reservations/{id}/validation"), &json!({}), told);
                used.extend(
                    answer.body["validations"].as_array().into_iter().flatten().filter_map(|one| one["id"].as_i64()),
                );
            }
            7 => {
                let Some(id) = pick(&mut held) else { continue };
                twice(till, &format!("/reservations/{id}/cancellation"), &json!({}), told);
            }
            _ => {
                let Some(id) = pick(&mut used) else { continue };
                let answer = twice(till, &format!("/validations/{id}/reversal"), &json!({}), told);
                assert_eq!(answer.status, 200, "{}", answer.text);
                told.reversed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

fn pick<T>(from: &mut Vec<T>) -> Option<T> {
    let count = from.len();
    (count > 0).then(|| from.swap_remove(rand::rng().random_range(0..count)))
}

/// One after the other mostly, now and then both at the same moment.
fn twice(till: &Program, path: &str, body: &Value, told: &Told) -> Answered {
    let key = Uuid::new_v4().to_string();
    let send = || answered(till, path, &key, body);
    let (one, two) = if rand::rng().random_range(0..8) == 0 {
        std::thread::scope(|scope| {
            let other = scope.spawn(send);
            (send(), other.join().unwrap())
        })
    } else {
        (send(), send())
    };
    assert_eq!(one, two, "{path} {body}");
    assert!([200, 201, 409].contains(&one.status), "{path} {body}: {}", one.text);
    told.requests.fetch_add(2, Ordering::Relaxed);
    match (one.status, path) {
        (409, _) => drop(told.refused.fetch_add(1, Ordering::Relaxed)),
        (201, "/validations") => drop(told.validated.fetch_add(1, Ordering::Relaxed)),
        (201, path) if path.ends_with("/validation") => {
            let count = one.body["validations"].as_array().unwrap().len();
            told.validated.fetch_add(count as i64, Ordering::Relaxed);
        }
        _ => {}
    }
    one
}

fn answered(till: &Program, path: &str, key: &str, body: &Value) -> Answered {
    let begun = Instant::now();
    loop {
        match till.try_send("POST", path, &[("Idempotency-Key", key)], Some(&body.to_string())) {
            Ok(answer) if answer.status < 500 => return answer,
            Ok(answer) => panic!("{path}: {}", answer.text),
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(60), "{path}: {error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
