//! A small house with one of everything, and all its visitors.

use muster::ids::{CampaignId, GroupId, MemberId};

use super::addresses::Route;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

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
}

impl World {
    pub fn fill() -> Self {
        let app = TestApp::start();
        let (ann, _) = (make::member(&app, "Ann Able"), make::member(&app, "Bob Bold"));
        let group = make::group(&app, "Regulars").make();
        make::stay(&app, group, &[ann]);
        let live = make::campaign(&app, "Live one", "app").make();
        let drafts = ["app", "sms", "email", "code"]
            .map(|channel| make::campaign(&app, &format!("Draft {channel}"), channel).draft().make());
        let many = make::campaign(&app, "Cards", "code").many_codes().make();
        make::codes(&app, many, &["CARD2345", "CARD6789"]);
        app.work();
        let (admin, marketer, support, member) = (app.admin(), app.marketer(), app.support(), app.member(ann));
        let stranger = app.visitor();
        Self { admin, marketer, support, member, stranger, ann, group, live, drafts, many, app }
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
            "text" => "CARD2345".into(),
            "part" => "receivers".into(),
            other => other.into(),
        })
    }

    /// All that is stored but for what counts tries and remembers visitors, in one fingerprint a table.
    pub fn everything(&self) -> String {
        use diesel::prelude::*;
        #[derive(QueryableByName)]
        struct Table {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let tables: Vec<Table> = diesel::sql_query(
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'
               AND table_type = 'BASE TABLE' AND table_name NOT IN ('throttle', 'session', 'code_attempt') ORDER BY 1",
        )
        .load(&mut self.app.conn())
        .unwrap();
        let each: Vec<String> = tables
            .iter()
            .map(|table| {
                let name = &table.name;
                format!("'{name} ' || (SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {name} AS t)")
            })
            .collect();
        make::text(&self.app, &format!("SELECT concat_ws(E'\\n', {})", each.join(", ")))
    }
}
