//! A small house with one of everything, and all its visitors.

use std::cell::RefCell;

use diesel::prelude::*;
use diesel::sql_types::Text;
use muster::channels::MessageChannel;
use muster::channels::stored::{Pace, StoredChannel};
use muster::ids::{CampaignId, GroupId, MemberId};

use super::addresses::Route;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

/// The token of the invitation's link.
pub const INVITED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The key of Sue Support's passkey.
pub const PASSKEY: &str = "00000000-0000-7000-8000-00000000beef";

pub struct World {
    pub app: TestApp,
    pub admin: Visitor,
    pub marketer: Visitor,
    pub support: Visitor,
    pub member: Visitor,
    pub stranger: Visitor,
    pub ann: MemberId,
    /// Public; Ann is in it.
    pub group: GroupId,
    /// A live App coupon.
    pub live: CampaignId,
    /// Drafts: App, SMS, E-mail, Code.
    pub drafts: [CampaignId; 4],
    /// A live Code coupon with many codes.
    pub many: CampaignId,
    /// Ada Admin's key, and an invitation's.
    pub account: String,
    pub invitation: String,
    conn: RefCell<PgConnection>,
    fingerprint: String,
}

impl World {
    pub fn fill() -> Self {
        Self::fill_with(|_| {})
    }

    /// With another configuration.
    pub fn fill_with(change: impl FnOnce(&mut muster::config::Config)) -> Self {
        // where browsers offer passkeys, and with an organisation's sign-in
        let app = TestApp::with_openid_away(change);
        let (ann, _) = (make::member(&app, "Ann Able"), make::member(&app, "Bob Bold"));
        let group = make::group(&app, "Regulars").make();
        make::stay(&app, group, &[ann]);
        let live = make::campaign(&app, "Live one", "app").make();
        let drafts = ["app", "sms", "email", "code"]
            .map(|channel| make::campaign(&app, &format!("Draft {channel}"), channel).draft().make());
        let many = make::campaign(&app, "Cards", "code").many_codes().make();
        make::codes(&app, many, &["CARD2345", "CARD6789"]);
        crate::support::Program::new(&app, muster::api::Scope::Pos, "Airport", "");
        make::run(&app, WEBHOOK);
        app.work();
        app.send_webhooks();
        reports_are_heard(&app);
        let (admin, marketer, support, member) = (app.admin(), app.marketer(), app.support(), app.member(ann));
        let stranger = app.visitor();
        let account = make::text(&app, "SELECT id::text FROM account WHERE email = 'admin@example.com'");
        make::invitation(&app, "eva@example.com", INVITED);
        make::passkey(&app, "support@example.com", PASSKEY);
        let invitation = make::text(&app, "SELECT id::text FROM invitation");
        let mut conn = app.conn();
        let fingerprint = fingerprint(&mut conn);
        let conn = RefCell::new(conn);
        Self {
            admin,
            marketer,
            support,
            member,
            stranger,
            ann,
            group,
            live,
            drafts,
            many,
            account,
            invitation,
            app,
            conn,
            fingerprint,
        }
    }

    /// The address with ids that there are.
    pub fn real(&self, route: &Route) -> String {
        let id = if route.path.contains("/codes") {
            self.many.to_string()
        } else if route.path.starts_with("/campaigns") {
            self.live.to_string()
        } else {
            self.group.to_string()
        };
        route.filled(|name| match name {
            "member" => self.ann.to_string(),
            "campaign" => self.live.to_string(),
            "group" => self.group.to_string(),
            "id" => id.clone(),
            "key" | "webhook" | "event" => "1".into(),
            "account" | "session" | "passkey" => self.account.clone(),
            "invitation" => self.invitation.clone(),
            "token" if route.path.starts_with("/invitation") => INVITED.into(),
            "text" => "CARD2345".into(),
            "batch" | "import" => "1".into(),
            "part" => "receivers".into(),
            "channel" => "sms".into(),
            "entry" => "1".into(),
            other => other.into(),
        })
    }

    /// All that is stored but for what counts tries and remembers visitors, in one fingerprint a table.
    pub fn everything(&self) -> String {
        diesel::sql_query(&self.fingerprint).get_result::<Row>(&mut *self.conn.borrow_mut()).unwrap().text
    }

    /// Nobody has tried too often.
    pub fn forget_tries(&self) {
        self.run("WITH tries AS (DELETE FROM throttle) DELETE FROM code_attempt");
    }

    /// Changes what is stored.
    pub fn run(&self, sql: &str) {
        let done = diesel::sql_query(sql).execute(&mut *self.conn.borrow_mut());
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// With an event on its way that nobody takes.
const WEBHOOK: &str = "WITH hook AS (INSERT INTO webhook (url, description, secret, created_at)
    VALUES ('http://127.0.0.1:9/', 'Newsletter tool', 'no secret', '2026-11-24 10:00Z'))
  INSERT INTO webhook_inbox (kind, at, payload) VALUES ('code.validated', '2026-11-24 10:00Z', '{\"code\": \"CARD2345\"}')";

/// At `/hooks/sms/secret` and `/hooks/email/secret`.
fn reports_are_heard(app: &TestApp) {
    let secret = serde_json::json!({ "hook": "secret" });
    for channel in [MessageChannel::Sms, MessageChannel::Email] {
        let pace = Pace { is_on: false, rate: None, connections: 1 };
        let stored = (&serde_json::json!({}), &secret);
        StoredChannel::store(&mut app.conn(), &app.muster.keys, channel, &pace, stored, app.now()).unwrap();
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The query that `everything` asks.
fn fingerprint(conn: &mut PgConnection) -> String {
    let tables = "SELECT string_agg(table_name, ',' ORDER BY table_name) AS text FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
          AND table_name NOT IN ('throttle', 'session', 'code_attempt', 'failed_sign_in', 'openid_attempt')";
    let tables = diesel::sql_query(tables).get_result::<Row>(conn).unwrap().text;
    let each = tables.split(',').map(|table| {
        let all = "count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '')";
        format!("(SELECT '{table} ' || {all} FROM {table} AS t)")
    });
    format!("SELECT concat_ws(E'\\n', {}) AS text", each.collect::<Vec<_>>().join(", "))
}
