//! Data for tests, with defaults, straight into the database.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use muster::ids::{CampaignId, GroupId, MemberId};
use muster::schema::{campaign, campaign_group, campaign_sending, code, member, member_group, membership};

use super::app::TestApp;

/// A member with this name, a phone, an e-mail and all consents.
pub fn member(app: &TestApp, name: &str) -> MemberId {
    let conn = &mut app.conn();
    let count: i64 = member::table.count().get_result(conn).unwrap();
    let place = count + 1;
    let id: i64 = diesel::insert_into(member::table)
        .values((
            member::name.eq(name),
            member::phone.eq(format!("+4915170{place:06}")),
            member::email.eq(format!("member{place}@example.com")),
            member::sms_consent.eq(true),
            member::email_consent.eq(true),
            member::push_consent.eq(true),
            member::created_at.eq(app.now() - Duration::days(100)),
        ))
        .returning(member::id)
        .get_result(conn)
        .unwrap();
    MemberId(id)
}

/// `n` members "Member 1" … in one statement; their ids, rising.
pub fn members(app: &TestApp, n: i64) -> Vec<MemberId> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "INSERT INTO member (name, phone, email, sms_consent, email_consent, push_consent, created_at)
         SELECT 'Member ' || n, '+4916' || lpad(n::text, 9, '0'), 'many' || n || '@example.com', true, true, true, now()
         FROM generate_series(1, $1) AS n RETURNING id",
    )
    .bind::<BigInt, _>(n)
    .load(&mut app.conn())
    .unwrap();
    rows.into_iter().map(|row| MemberId(row.id)).collect()
}

/// Someone invited as Marketer by a link with this token.
pub fn invitation(app: &TestApp, email: &str, token: &str) {
    use muster::schema::invitation;
    let hash = muster::accounts::LinkToken::read(token).unwrap().hash();
    let values = (
        invitation::id.eq(uuid::Uuid::now_v7()),
        invitation::email.eq(email),
        invitation::name.eq("Eva Eager"),
        invitation::role.eq("marketer"),
        invitation::token_hash.eq(hash),
        invitation::invited_by.eq("Ada Admin"),
        invitation::sent_at.eq(app.now()),
        invitation::expires_at.eq(app.now() + Duration::hours(72)),
    );
    diesel::insert_into(invitation::table).values(values).execute(&mut app.conn()).unwrap();
}

/// A link that resets a password.
pub fn reset_link(app: &TestApp, email: &str, token: &str) {
    let hash = muster::accounts::LinkToken::read(token).unwrap().hash();
    diesel::sql_query("INSERT INTO password_reset SELECT $1, id, $3 FROM account WHERE email = $2")
        .bind::<diesel::sql_types::Binary, _>(hash)
        .bind::<Text, _>(email)
        .bind::<diesel::sql_types::Timestamptz, _>(app.now() + Duration::hours(1))
        .execute(&mut app.conn())
        .unwrap();
}

/// A passkey that nobody holds, of the dashboard user with this address.
pub fn passkey(app: &TestApp, email: &str, id: &str) {
    diesel::sql_query(
        "INSERT INTO passkey SELECT $1::uuid, id, 'Phone', sha256('none'), 'none', 0, now(), NULL FROM account WHERE email = $2",
    )
    .bind::<Text, _>(id)
    .bind::<Text, _>(email)
    .execute(&mut app.conn())
    .unwrap();
}

/// A group about to be made.
pub struct GroupMaker<'a> {
    app: &'a TestApp,
    name: String,
    starts_at: DateTime<Utc>,
    stops_at: Option<DateTime<Utc>>,
    join_type: Option<&'static str>,
    campaign: Option<CampaignId>,
    order: i32,
}

/// A public group, active since yesterday, open-ended.
pub fn group<'a>(app: &'a TestApp, name: &str) -> GroupMaker<'a> {
    GroupMaker {
        app,
        name: name.into(),
        starts_at: app.now() - Duration::days(1),
        stops_at: None,
        join_type: Some("open"),
        campaign: None,
        order: 0,
    }
}

impl GroupMaker<'_> {
    /// The app does not show it.
    pub fn hidden(mut self) -> Self {
        self.join_type = None;
        self
    }

    /// Joined by a code of this campaign.
    pub fn by_code(mut self, campaign: CampaignId) -> Self {
        self.join_type = Some("code");
        self.campaign = Some(campaign);
        self
    }

    /// From and until these instants.
    pub fn between(mut self, starts_at: DateTime<Utc>, stops_at: Option<DateTime<Utc>>) -> Self {
        self.starts_at = starts_at;
        self.stops_at = stops_at;
        self
    }

    /// Its place in the app.
    pub fn order(mut self, order: i32) -> Self {
        self.order = order;
        self
    }

    /// Makes it.
    pub fn make(self) -> GroupId {
        let id: i64 = diesel::insert_into(member_group::table)
            .values((
                member_group::name.eq(&self.name),
                member_group::description.eq(format!("About {}", self.name)),
                member_group::starts_at.eq(self.starts_at),
                member_group::stops_at.eq(self.stops_at),
                member_group::viewable.eq(self.join_type.is_some()),
                member_group::join_type.eq(self.join_type),
                member_group::campaign_id.eq(self.campaign.map(|campaign| campaign.0)),
                member_group::display_order.eq(self.order),
                member_group::created_at.eq(self.app.now()),
            ))
            .returning(member_group::id)
            .get_result(&mut self.app.conn())
            .unwrap();
        GroupId(id)
    }
}

/// Puts members into a group, as an agent would, since now; issues nothing.
pub fn stay(app: &TestApp, group: GroupId, members: &[MemberId]) {
    let rows: Vec<_> = members
        .iter()
        .map(|member| {
            (
                membership::member_id.eq(member.0),
                membership::group_id.eq(group.0),
                membership::joined_at.eq(app.now()),
                membership::source.eq("support"),
            )
        })
        .collect();
    diesel::insert_into(membership::table).values(rows).execute(&mut app.conn()).unwrap();
}

/// A campaign about to be made.
pub struct CampaignMaker<'a> {
    app: &'a TestApp,
    name: String,
    channel: &'static str,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    published: bool,
    in_app: bool,
    code_source: &'static str,
    shared_code: Option<String>,
    uses: Option<i32>,
    per_member: i32,
    groups: Vec<(GroupId, bool)>,
    also_later: bool,
}

/// A live campaign for everyone, from yesterday for 30 days, on a channel: app, sms, email, code. One shared code
/// on the channel `code`, personal codes on the others.
pub fn campaign<'a>(app: &'a TestApp, name: &str, channel: &'static str) -> CampaignMaker<'a> {
    CampaignMaker {
        app,
        name: name.into(),
        channel,
        starts_at: app.now() - Duration::days(1),
        ends_at: app.now() + Duration::days(30),
        published: true,
        in_app: channel == "code",
        code_source: if channel == "code" { "one" } else { "personal" },
        shared_code: None,
        uses: None,
        per_member: 1,
        groups: Vec::new(),
        also_later: channel == "app",
    }
}

impl CampaignMaker<'_> {
    /// Not published.
    pub fn draft(mut self) -> Self {
        self.published = false;
        self
    }

    /// From and until these instants.
    pub fn between(mut self, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Self {
        self.starts_at = starts_at;
        self.ends_at = ends_at;
        self
    }

    /// Whether the code can be entered in the app.
    pub fn in_app(mut self, allowed: bool) -> Self {
        self.in_app = allowed;
        self
    }

    /// One code for all, with so many uses (none: unlimited).
    pub fn one_code(mut self, text: &str, uses: Option<i32>) -> Self {
        self.code_source = "one";
        self.shared_code = Some(text.into());
        self.uses = uses;
        self
    }

    /// Many codes, each for one use; the test makes them with `make::codes`.
    pub fn many_codes(mut self) -> Self {
        self.code_source = "many";
        self
    }

    /// Uses for each member.
    pub fn per_member(mut self, uses: i32) -> Self {
        self.per_member = uses;
        self
    }

    /// Only for members of these groups.
    pub fn include(mut self, group: GroupId) -> Self {
        self.groups.push((group, true));
        self
    }

    /// Not for members of this group.
    pub fn exclude(mut self, group: GroupId) -> Self {
        self.groups.push((group, false));
        self
    }

    /// Whether members who join later get it.
    pub fn also_later(mut self, also: bool) -> Self {
        self.also_later = also;
        self
    }

    /// Makes it, with its shared code.
    pub fn make(self) -> CampaignId {
        let conn = &mut self.app.conn();
        let id: i64 = diesel::insert_into(campaign::table)
            .values((
                (
                    campaign::kind.eq("coupon"),
                    campaign::channel.eq(self.channel),
                    campaign::created_at.eq(self.app.now()),
                    campaign::name.eq(&self.name),
                    campaign::title.eq(format!("{} title", self.name)),
                    campaign::body.eq("Come and get it"),
                    campaign::sms_sender.eq(if self.channel == "sms" { "Muster" } else { "" }),
                    campaign::sms_text.eq(if self.channel == "sms" { "Your coupon: {link}" } else { "" }),
                    campaign::email_subject.eq(if self.channel == "email" { "Your coupon" } else { "" }),
                    campaign::email_body.eq(if self.channel == "email" { "Here it is: {link}" } else { "" }),
                    campaign::offer.eq("entry_only"),
                ),
                (
                    campaign::code_source.eq(self.code_source),
                    campaign::shared_code.eq(&self.shared_code),
                    campaign::validations_in_all.eq(self.uses),
                    campaign::validations_per_member.eq(self.per_member),
                    campaign::allow_in_app_validation.eq(self.in_app),
                    campaign::everyone.eq(self.groups.is_empty()),
                    campaign::also_later.eq(self.also_later),
                    campaign::starts_at.eq(self.starts_at),
                    campaign::ends_at.eq(self.ends_at),
                    campaign::published_at.eq(self.published.then(|| self.app.now())),
                ),
            ))
            .returning(campaign::id)
            .get_result(conn)
            .unwrap();
        for (group, included) in &self.groups {
            diesel::insert_into(campaign_group::table)
                .values((
                    campaign_group::campaign_id.eq(id),
                    campaign_group::group_id.eq(group.0),
                    campaign_group::included.eq(included),
                ))
                .execute(conn)
                .unwrap();
        }
        if self.published {
            diesel::insert_into(campaign_sending::table)
                .values((
                    campaign_sending::campaign_id.eq(id),
                    campaign_sending::due_at.eq(self.starts_at.max(self.app.now())),
                ))
                .execute(conn)
                .unwrap();
        }
        if let Some(text) = &self.shared_code {
            diesel::insert_into(code::table)
                .values((code::text.eq(text), code::campaign_id.eq(id), code::uses_allowed.eq(self.uses)))
                .execute(conn)
                .unwrap();
        }
        CampaignId(id)
    }
}

/// Codes of a campaign, each for one use.
pub fn codes(app: &TestApp, campaign: CampaignId, texts: &[&str]) {
    let rows: Vec<_> = texts
        .iter()
        .map(|text| (code::text.eq(*text), code::campaign_id.eq(campaign.0), code::uses_allowed.eq(Some(1))))
        .collect();
    diesel::insert_into(code::table).values(rows).execute(&mut app.conn()).unwrap();
}

/// Changes what is stored.
pub fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The one number that a query returns.
pub fn count(app: &TestApp, sql: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    diesel::sql_query(format!("SELECT ({sql})::bigint AS count")).get_result::<Row>(&mut app.conn()).unwrap().count
}

/// The one text that a query returns.
pub fn text(app: &TestApp, sql: &str) -> String {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        text: String,
    }
    diesel::sql_query(format!("SELECT ({sql})::text AS text")).get_result::<Row>(&mut app.conn()).unwrap().text
}
