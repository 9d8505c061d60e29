//! The pages that `every_page` opens: a new page is one line here.

use std::fmt;

use diesel::RunQueryDsl;
use muster::demo;
use muster::ids::MemberId;

use crate::support::{TestApp, make};

/// A page, or the answer to a form on it.
pub struct Stop {
    pub path: String,
    /// The form's button, and fields that are changed before it is pressed.
    pub send: Option<(&'static str, &'static [(&'static str, &'static str)])>,
}

impl Stop {
    pub fn at(path: impl Into<String>) -> Self {
        Self { path: path.into(), send: None }
    }

    /// A form that is rejected.
    fn sent(path: impl Into<String>, button: &'static str, fields: &'static [(&'static str, &'static str)]) -> Self {
        Self { path: path.into(), send: Some((button, fields)) }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.send {
            Some((button, _)) => write!(f, "{} after {button:?}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

/// The demo, with a draft of every channel and a coupon, a link and a group of every kind.
/// Tokens of links that work.
const INVITED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const RESET: &str = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

pub struct World {
    users: Vec<String>,
    pub member: MemberId,
    campaigns: Vec<i64>,
    drafts: Vec<i64>,
    groups: Vec<i64>,
    held: i64,
    tokens: Vec<String>,
    /// Of someone who agreed to be written to.
    agreed: Vec<String>,
    ended_group: i64,
    gap: i64,
    /// Held, with messages that wait, failed and are uncertain.
    waiting: i64,
    many: i64,
    blocked: i64,
    codes: Vec<(i64, String)>,
    /// A draft of imported codes, with an import at every stage and a batch.
    imported: i64,
    imports: Vec<i64>,
    batch: i64,
}

impl World {
    pub fn fill(app: &TestApp) -> Self {
        assert!(demo::fill(&mut app.conn(), app.now()).unwrap());
        let list = |sql: &str| {
            let all = make::text(
                app,
                &format!("SELECT coalesce(string_agg(found::text, ','), '') FROM ({sql}) AS x (found)"),
            );
            all.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        let keys = |sql: &str| list(sql).iter().map(|key| key.parse().unwrap()).collect::<Vec<i64>>();
        let one = |sql: &str| *keys(sql).first().unwrap_or_else(|| panic!("nothing: {sql}"));
        let campaigns = keys("SELECT id FROM campaign ORDER BY id");
        let groups = keys("SELECT id FROM member_group ORDER BY id");
        for channel in ["app", "sms", "email", "code"] {
            make::campaign(app, &format!("Draft for {channel}"), channel).draft().make();
        }
        let imported = make::campaign(app, "Imported codes", "app").many_codes().draft().make().0;
        make::run(app, &format!("UPDATE campaign SET code_source = 'imported' WHERE id = {imported}"));
        for sql in IMPORTS {
            make::run(app, &sql.replace("{campaign}", &imported.to_string()));
        }
        let drafts = keys("SELECT id FROM campaign WHERE name LIKE 'Draft for %' ORDER BY id");
        tried_out(app, &drafts);
        let member = one("SELECT member_id FROM delivery JOIN member ON member.id = member_id WHERE blocked_at IS NULL
               AND phone IS NOT NULL AND withdrawn_at IS NULL AND validated_at IS NULL
             GROUP BY member_id ORDER BY count(*) DESC, member_id LIMIT 1");
        let waiting = make::campaign(app, "Waiting", "sms").make().0;
        for sql in WAITING {
            diesel::sql_query(sql.replace("$", &waiting.to_string())).execute(&mut app.conn()).unwrap();
        }
        make::invitation(app, "eva@example.com", INVITED);
        make::reset_link(app, "support@example.com", RESET);
        make::run(app, "UPDATE account SET disabled_at = now() WHERE email = 'marketer@example.com'");
        let world = Self {
            waiting,
            users: list("SELECT id FROM account ORDER BY email"),
            member: MemberId(member),
            campaigns,
            drafts,
            groups,
            held: one(&format!(
                "SELECT campaign_id FROM delivery WHERE member_id = {member} ORDER BY issued_at DESC LIMIT 1"
            )),
            tokens: list(
                "SELECT DISTINCT ON (campaign_id, validated_at IS NULL, withdrawn_at IS NULL) token FROM delivery WHERE token IS NOT NULL",
            ),
            agreed: list(
                "SELECT token FROM delivery JOIN campaign ON campaign.id = campaign_id JOIN member ON member.id = member_id
                 WHERE token IS NOT NULL AND CASE channel WHEN 'sms' THEN sms_consent ELSE email_consent END LIMIT 1",
            ),
            ended_group: one(&format!(
                "SELECT id FROM member_group WHERE stops_at < '{}' LIMIT 1",
                app.now().to_rfc3339()
            )),
            gap: one(
                "SELECT g.id FROM member_group AS g JOIN campaign AS c ON c.id = campaign_id WHERE ends_at < stops_at",
            ),
            many: one("SELECT campaign_id FROM code WHERE text LIKE 'ROAST%' LIMIT 1"),
            blocked: one("SELECT id FROM member WHERE blocked_at IS NOT NULL LIMIT 1"),
            codes: list("SELECT DISTINCT ON (campaign_id, uses_taken = 0) campaign_id || '/' || text FROM code")
                .iter()
                .map(|code| code.split_once('/').unwrap())
                .map(|(campaign, text)| (campaign.parse().unwrap(), text.to_owned()))
                .collect(),
            imported,
            imports: keys("SELECT id FROM code_import ORDER BY id"),
            batch: one("SELECT max(id) FROM code_batch"),
        };
        let last = world.tokens.last().unwrap();
        assert_eq!(app.visitor().post(&format!("/c/{last}/unsubscribe"), &[]).status, 200);
        world
    }
}

/// Uploaded, being checked, checked, not readable, being imported, imported, cancelled.
const IMPORTS: [&str; 4] = [
    "INSERT INTO code_batch (campaign_id, name, source, requested, made, created_at) VALUES ({campaign}, 'Sheet 1', 'imported', 500, 120, now())",
    "INSERT INTO code_import (campaign_id, file_name, created_at, uploaded_at, size, asked_at, checked_at, failure, batch_id, applied_at, cancelled_at,
       rows, fresh, duplicate, known, refused, shortest, has_digits, same_start, taken, read_up_to)
     SELECT {campaign}, 'codes ' || n || '.csv', now(), now(), 40, CASE WHEN n > 1 THEN now() END, CASE WHEN n > 2 AND n <> 4 THEN now() END,
       CASE WHEN n = 4 THEN 'Row 7 does not end: look for a quotation mark that is never closed.' END,
       CASE WHEN n IN (5, 6) THEN (SELECT max(id) FROM code_batch) END, CASE WHEN n = 6 THEN now() END, CASE WHEN n = 7 THEN now() END,
       520, 500, 10, 5, 5, 6, true, '7', 120, 20 FROM generate_series(1, 7) AS n",
    "INSERT INTO code_import_piece (import_id, start_at, bytes)
     SELECT id, 0, convert_to(E'Shop,Code\nBerlin,712345\nBonn,798765\n', 'UTF8') FROM code_import",
    "INSERT INTO code_import_row (import_id, line, text, refused)
     SELECT id, line, text, why FROM code_import, (VALUES (4, '712345', 'twice'), (9, '', 'empty'), (12, 'ÄÖÜ', 'characters')) AS row (line, text, why)",
];

/// A campaign in the middle of everything; uncertain ones, but none that failed.
const WAITING: [&str; 3] = [
    "UPDATE campaign SET issuing_since = now(), issued_at = now(), issued_up_to = 100000 WHERE id = $",
    "UPDATE campaign_sending SET held_at = now(), held_why = 'audience', confirmed_receivers = 20, held_receivers = 40 WHERE campaign_id = $",
    "INSERT INTO delivery (member_id, campaign_id, issued_at, queued_at, sent_at, bounced_at, uncertain_at, skipped_at, reason)
     SELECT id, $, now(), now(), CASE id % 5 WHEN 0 THEN now() END, CASE id % 5 WHEN 1 THEN now() END, CASE id % 5 WHEN 2 THEN now() END,
       CASE id % 5 WHEN 3 THEN now() END, CASE id % 5 WHEN 3 THEN 'blocked' END FROM member WHERE id <= 40",
];

/// Drafts with a test and a dry run behind them; the first is announced by push.
fn tried_out(app: &TestApp, drafts: &[i64]) {
    use muster::campaigns::dry_run::{DryRun, chunk};
    let conn = &mut app.conn();
    let run = |sql: &str, conn: &mut diesel::PgConnection| {
        diesel::RunQueryDsl::execute(diesel::sql_query(sql), conn).unwrap();
    };
    run(
        "UPDATE campaign SET notify_push = channel = 'app', sms_text = CASE channel WHEN 'sms' THEN 'For {name}: {link}' ELSE '' END
         WHERE name LIKE 'Draft for %'",
        conn,
    );
    run(
        "WITH told AS (INSERT INTO message (purpose, channel, recipient, subject, body, state, error, created_at)
           VALUES ('test', 'sms', '+4915112345678', '', 'A test', 'failed', 'The gateway says: no such number', now()) RETURNING id)
         INSERT INTO test_send (token, campaign_id, message_id, created_at, ends_at)
           SELECT repeat('a', 31), campaign.id, told.id, now(), '2030-01-01' FROM told, campaign WHERE name = 'Draft for sms'",
        conn,
    );
    drafts.iter().for_each(|draft| DryRun::start(conn, muster::ids::CampaignId(*draft), app.now()).unwrap());
    while chunk::work_next(conn, app.now(), &[]).unwrap().is_some() {}
    DryRun::start(conn, muster::ids::CampaignId(drafts[2]), app.now()).unwrap();
}

/// Before anyone signed in.
pub fn signed_out(world: &World) -> Vec<Stop> {
    let mut stops = vec![
        Stop::at("/api/docs"),
        Stop::at("/sign-in"),
        Stop::sent("/sign-in", "Sign in", &[("email", "nobody"), ("password", "wrong")]),
        Stop::at("/password-reset"),
        Stop::sent("/password-reset", "Send link", &[("email", "x")]),
        Stop::at("/password-reset/nothing"),
        Stop::at(format!("/password-reset/{RESET}")),
        Stop::sent(format!("/password-reset/{RESET}"), "Set password", &[("password", "short")]),
        Stop::at("/invitation/nothing"),
        Stop::at(format!("/invitation/{INVITED}")),
        Stop::sent(format!("/invitation/{INVITED}"), "Start", &[("name", ""), ("password", "passwordpassword")]),
        Stop::at("/app/sign-in"),
        Stop::sent("/app/sign-in", "Send code", &[("contact", "12")]),
        Stop::at("/c/nothing"),
        Stop::at(format!("/c/test/{}", "a".repeat(31))),
    ];
    stops.extend(world.tokens.iter().map(|token| Stop::at(format!("/c/{token}"))));
    stops.push(Stop::at("/c/nothing/unsubscribe"));
    stops.extend(world.tokens.iter().take(2).map(|token| Stop::at(format!("/c/{token}/unsubscribe"))));
    stops.extend(world.agreed.iter().map(|token| Stop::at(format!("/c/{token}/unsubscribe"))));
    stops
}

/// As Admin.
pub fn signed_in(world: &World) -> Vec<Stop> {
    let mut stops: Vec<Stop> = ["/", "/nowhere", "/settings/general", "/settings/channels/outbox"].map(Stop::at).into();
    stops.extend([
        Stop::at("/settings/channels/outbox?channel=email&q=nobody-at-all"),
        Stop::sent("/settings/general", "Save changes", &[("name", ""), ("colour", "red")]),
        Stop::at("/settings/webhooks"),
        Stop::at("/settings/webhooks/new"),
        Stop::sent("/settings/webhooks/new", "Add webhook", &[("url", "x"), ("events", "some")]),
        Stop::sent("/settings/webhooks/new", "Add webhook", &[("url", "http://127.0.0.1:9/x")]),
        Stop::at("/settings/webhooks/1"),
        Stop::at("/settings/webhooks/1?state=failed"),
        Stop::at("/settings/webhooks/1/edit"),
        Stop::at("/settings/webhooks/1/secret"),
        Stop::at("/settings/webhooks/1/replay"),
        Stop::sent("/settings/webhooks/1/replay", "Replay", &[("from", "time"), ("time", "")]),
        Stop::at("/settings/webhooks/1/deliveries/1"),
        Stop::at("/settings/webhooks/1/disabling"),
        Stop::at("/settings/webhooks/1/deletion"),
        Stop::at("/settings/api-keys"),
        Stop::at("/settings/api-keys/new"),
        Stop::sent("/settings/api-keys/new", "Add API key", &[("name", ""), ("shop", "a\u{1}")]),
        Stop::sent("/settings/api-keys/new", "Add API key", &[("name", "Till 3"), ("shop", "Airport")]),
        Stop::at("/settings/api-keys/1/rotation"),
        Stop::sent("/settings/api-keys/1/rotation", "Rotate", &[]),
        Stop::at("/settings/api-keys/1/revocation"),
        Stop::at("/settings/channels"),
        Stop::at("/settings/channels/email"),
        Stop::sent("/settings/channels/email", "Save changes", &[("host", ""), ("port", "x")]),
        Stop::at("/settings/channels/sms"),
        Stop::sent("/settings/channels/sms", "Save changes", &[("preset", "generic"), ("url", "x"), ("headers", "x")]),
        Stop::at("/settings/channels/push"),
        Stop::sent("/settings/channels/push", "Save changes", &[("contact", "x")]),
        Stop::at("/settings/channels/sms/test"),
        Stop::sent("/settings/channels/email/test", "Send test", &[("to", "x")]),
        Stop::at("/settings/audit-log"),
        Stop::at("/settings/audit-log?q=nothing+like+it&from=2026-11-01"),
        Stop::at("/settings/audit-log/1"),
        Stop::at("/settings/audit-log/verification?entry=one&link=short"),
    ]);
    stops.extend(account_pages(world));
    stops.extend(support_pages(world));
    stops.extend(group_pages(world));
    stops.extend(campaign_pages(world));
    stops
}

fn account_pages(world: &World) -> Vec<Stop> {
    let list = "/settings/dashboard-users";
    let mut stops: Vec<Stop> = [
        "/my-account",
        "/my-account/password",
        "/my-account/second-factor",
        "/my-account/second-factor/remove",
        "/my-account/recovery-codes",
        "/my-account/passkeys/new",
        "/my-account/openid",
        "/my-account/openid/remove",
        "/settings/dashboard-users?q=zzzzzz&role=support",
        "/settings/dashboard-users/new",
    ]
    .map(Stop::at)
    .into();
    stops.extend([
        Stop::at(list),
        Stop::sent("/my-account", "Save name", &[("name", "")]),
        Stop::sent("/my-account/password", "Change password", &[("current", "wrong"), ("password", "short")]),
        Stop::sent("/my-account/second-factor", "Add app", &[("code", "1")]),
        Stop::sent("/my-account/recovery-codes", "Make new codes", &[]),
        Stop::sent("/my-account/openid", "Go on", &[("current", "wrong")]),
        Stop::sent("/my-account/openid/remove", "Unlink", &[("current", "wrong")]),
        Stop::sent(format!("{list}/new"), "Send invitation", &[("name", ""), ("email", "x"), ("role", "x")]),
        Stop::sent(format!("{list}/{}", world.users[0]), "Save changes", &[("name", ""), ("role", "support")]),
    ]);
    for user in &world.users {
        stops.extend(["", "/disable", "/second-factor"].map(|page| Stop::at(format!("{list}/{user}{page}"))));
    }
    stops
}

fn support_pages(world: &World) -> Vec<Stop> {
    let member = world.member;
    let (at, blocked) = (format!("/user-support/{member}"), format!("/user-support/{}", world.blocked));
    vec![
        Stop::at("/members"),
        Stop::at("/members?q=zzzzzz"),
        Stop::at("/members/new"),
        Stop::sent("/members/new", "Add member", &[("name", ""), ("phone", "1"), ("email", "x")]),
        Stop::at(format!("/members/{member}/edit")),
        Stop::sent(format!("/members/{member}/edit"), "Save changes", &[("name", ""), ("email", "x")]),
        Stop::at("/user-support"),
        Stop::at("/user-support?q=an"),
        Stop::at("/user-support?q=zzzzzz"),
        Stop::at(at.clone()),
        Stop::at(blocked.clone()),
        Stop::at(format!("{at}/user-groups")),
        Stop::sent(format!("{at}/user-groups"), "SAVE", &[("reason", "a\u{1}b")]),
        Stop::at(format!("{at}/content")),
        Stop::at(format!("{at}/history")),
        Stop::at(format!("{at}/why")),
        Stop::at(format!("{at}/why?q=zzzzzz")),
        Stop::at(format!("{at}/why/{}", world.held)),
        Stop::at(format!("{at}/block")),
        Stop::sent(format!("{at}/block"), "Block member", &[("reason", "")]),
        Stop::at(format!("{blocked}/unblock")),
        Stop::sent(format!("{blocked}/unblock"), "Unblock member", &[("reason", "")]),
    ]
}

fn group_pages(world: &World) -> Vec<Stop> {
    let list = "/settings/user-groups";
    let mut stops = vec![
        Stop::at(list),
        Stop::at(format!("{list}?q=zzzzzz&state=active")),
        Stop::at(format!("{list}/new")),
        Stop::sent(format!("{list}/new"), "Save changes", &[("name", ""), ("viewable", "on"), ("join_type", "code")]),
        Stop::sent(
            format!("{list}/new"),
            "Save changes",
            &[
                ("viewable", "on"),
                ("join_type", "code"),
                ("campaign", "new"),
                ("order", "x"),
                ("stop_date", "1999-01-01"),
            ],
        ),
        Stop::at(format!("{list}/{}/coverage", world.gap)),
    ];
    for group in &world.groups {
        stops.push(Stop::at(format!("{list}/{group}")));
    }
    let group = world.groups[0];
    let at = format!("{list}/{group}");
    stops.extend([
        Stop::at(format!("{at}?at=nonsense")),
        Stop::at(format!("{at}?q=zzzzzz")),
        Stop::sent(at.clone(), "Add member", &[("contact", "nobody")]),
        Stop::at(format!("{at}/edit")),
        Stop::at(format!("{list}/{}/edit", world.ended_group)),
        Stop::sent(format!("{at}/edit"), "Save changes", &[("name", ""), ("description", "")]),
        Stop::at(format!("{at}/end")),
        Stop::at(format!("{list}/{}/delete", world.groups[world.groups.len() - 1])),
        Stop::at(format!("{at}/members/{}/removal", world.member)),
    ]);
    stops
}

fn campaign_pages(world: &World) -> Vec<Stop> {
    let mut stops =
        vec![Stop::at("/campaigns"), Stop::at("/campaigns?status=live&q=zzzzzz"), Stop::at("/campaigns/new")];
    for campaign in &world.campaigns {
        stops.push(Stop::at(format!("/campaigns/{campaign}")));
    }
    for (place, draft) in world.drafts.iter().enumerate() {
        let step = |step: &str| format!("/campaigns/{draft}/{step}");
        stops.extend(
            [step("content"), step("pos-input"), step("receivers"), step("time-settings"), step("review")]
                .map(Stop::at),
        );
        stops.push(Stop::sent(
            step("content"),
            "Save and continue",
            &[("name", ""), ("title", "a\u{1}"), ("sender", "far too long")],
        ));
        if place == 1 {
            stops.push(Stop::sent(step("review"), "Send a test", &[("to", "12")]));
        }
        if place == 0 || place == 3 {
            let wrong: &[_] =
                &[("code_source", "many"), ("products", "123"), ("offer", "percent_off"), ("percent_off", "900")];
            stops.push(Stop::sent(step("pos-input"), "Save and continue", wrong));
            stops.push(Stop::sent(step("receivers"), "Save and continue", &[("audience", "groups")]));
            let wrong: &[_] = &[
                ("start", "2026-12-24T10:00"),
                ("end", "2026-12-01T10:00"),
                ("validity", "days"),
                ("validity_days", "x"),
            ];
            stops.push(Stop::sent(step("time-settings"), "Save and continue", wrong));
        }
    }
    let at = |path: &str| Stop::at(format!("/campaigns/{}{path}", world.held));
    stops.extend([
        at("/deliveries"),
        at("/deliveries?state=failed"),
        at("/deliveries?q=zzzzzz"),
        at("/why"),
        at("/why?q=an"),
        at(&format!("/why/{}", world.member)),
        Stop::at(format!("/campaigns/{}", world.waiting)),
        Stop::at(format!("/campaigns/{}/release", world.waiting)),
        Stop::at(format!("/campaigns/{}/retry", world.waiting)),
        Stop::sent(format!("/campaigns/{}/retry", world.waiting), "Retry failed", &[]),
        at("/audience/receivers"),
        at("/audience/excluded"),
        at("/content"),
        at("/pos-input"),
        at("/receivers"),
        at("/time-settings"),
        at("/review"),
        at("/codes"),
        at("/cancel"),
        at("/end"),
    ]);
    stops.extend([
        Stop::at(format!("/campaigns/{}/delete", world.drafts[0])),
        Stop::at(format!("/campaigns/{}/codes", world.many)),
        Stop::at(format!("/campaigns/{}/codes?q=ZZZZ", world.many)),
        Stop::at(format!("/campaigns/{}/codes/new", world.many)),
        Stop::sent(format!("/campaigns/{}/codes/new", world.many), "Make codes", &[("number", "0")]),
        Stop::at(format!("/campaigns/{}/codes/print", world.many)),
        Stop::at(format!("/campaigns/{}/codes/print", world.campaigns[0])),
        Stop::at(format!("/campaigns/{}/codes/print", world.drafts[3])),
        Stop::sent(format!("/campaigns/{}/codes/print", world.many), "Make PDF", &[("from", "0"), ("title", "☕")]),
        Stop::at(format!("/campaigns/{}/codes/batches", world.many)),
        Stop::at(format!("/campaigns/{}/codes/batches", world.drafts[3])),
        Stop::at(format!("/campaigns/{}/codes/batches/{}/cancel", world.imported, world.batch)),
        Stop::at(format!("/campaigns/{}/codes/batches/{}/remove", world.imported, world.batch)),
        Stop::at(format!("/campaigns/{}/codes/import", world.imported)),
        Stop::sent(format!("/campaigns/{}/codes/import", world.imported), "Upload", &[]),
        Stop::at(format!("/campaigns/{}/pos-input", world.imported)),
    ]);
    stops.extend(
        world.imports.iter().map(|import| Stop::at(format!("/campaigns/{}/codes/imports/{import}", world.imported))),
    );
    stops.extend(world.codes.iter().map(|(campaign, code)| Stop::at(format!("/campaigns/{campaign}/codes/{code}"))));
    stops
}

/// As a member who has coupons and groups.
pub fn member_pages(world: &World) -> Vec<Stop> {
    vec![
        Stop::at("/app/coupons"),
        Stop::at(format!("/app/coupons/{}", world.held)),
        Stop::at("/app/coupons/999999"),
        Stop::at("/app/groups"),
        Stop::at(format!("/app/groups/{}/leave", world.groups[0])),
        Stop::at("/app/code"),
        Stop::sent("/app/code", "Use code", &[("code", "")]),
        Stop::at("/app/profile"),
        Stop::sent("/app/profile", "Save changes", &[("name", ""), ("email", "x")]),
        Stop::at("/app/profile/card"),
        Stop::at("/app/profile/card/new"),
        Stop::at("/app/profile/contact"),
        Stop::at("/app/profile/delete"),
    ]
}

/// Lists in an empty house.
pub fn alone() -> Vec<Stop> {
    let paths = [
        "/",
        "/campaigns",
        "/members",
        "/user-support",
        "/settings/user-groups",
        "/settings/user-groups/new",
        "/settings/channels",
        "/settings/channels/outbox",
        "/settings/api-keys",
        "/settings/webhooks",
    ];
    paths.map(Stop::at).into()
}
