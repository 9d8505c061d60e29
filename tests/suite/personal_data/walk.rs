//! Every page and every export of `routes.rs`, on the demo's data: nothing is given away.

use muster::accounts::Role;
use muster::demo;

use super::{masked, seeded::Seeded};
use crate::bad_input::addresses::{Guard, Route, all};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

/// Ids of what there is, some of each.
struct Ids {
    campaigns: Vec<String>,
    groups: Vec<String>,
    members: Vec<String>,
    codes: Vec<(String, String)>,
}

impl Ids {
    fn of(app: &TestApp) -> Self {
        let list = |sql: &str| -> Vec<String> {
            let all =
                make::text(app, &format!("SELECT coalesce(string_agg(key::text, ' '), '') FROM ({sql}) AS x (key)"));
            all.split(' ').filter(|key| !key.is_empty()).map(str::to_owned).collect()
        };
        let codes = list("SELECT DISTINCT ON (campaign_id) campaign_id || '/' || text FROM code WHERE uses_taken > 0");
        Self {
            campaigns: list("SELECT id FROM campaign ORDER BY id"),
            groups: list("SELECT id FROM member_group ORDER BY id"),
            // one for each state that a delivery can be in, and those whom staff changed
            members: list(
                "SELECT member_id FROM (SELECT DISTINCT ON (state) member_id FROM delivery) AS one UNION
                 SELECT id FROM member WHERE blocked_at IS NOT NULL UNION
                 (SELECT DISTINCT subject_id::bigint FROM audit_entry WHERE subject_kind = 'member' LIMIT 20)",
            ),
            codes: codes.iter().map(|code| code.split_once('/').unwrap()).map(|(a, b)| (a.into(), b.into())).collect(),
        }
    }

    /// All addresses of a line of `routes.rs`.
    fn paths(&self, route: &Route) -> Vec<String> {
        if route.path.contains("{text}") {
            let fill = |(campaign, text): &(String, String)| {
                route.filled(|name| if name == "text" { text.clone() } else { campaign.clone() })
            };
            return self.codes.iter().map(fill).collect();
        }
        let mut paths = vec![route.path.clone()];
        for (hole, values) in [
            ("{id}", if route.path.starts_with("/campaigns") { &self.campaigns } else { &self.groups }),
            ("{campaign}", &self.campaigns),
            ("{member}", &self.members),
            ("{part}", &["included", "excluded", "blocked", "unreachable", "receivers"].map(str::to_owned).to_vec()),
        ] {
            paths = paths
                .into_iter()
                .flat_map(|path| match path.contains(hole) {
                    true => values.iter().map(|value| path.replace(hole, value)).collect(),
                    false => vec![path],
                })
                .collect();
        }
        paths.retain(|path| !path.contains('{'));
        paths
    }
}

/// Pages of lists beyond the first, searches, filters.
const FURTHER: [&str; 3] = ["?q=an", "?after=1", "?state=failed"];

fn open(visitor: &Visitor, routes: &[Route], ids: &Ids, mut look: impl FnMut(&str, &Page)) {
    for route in routes {
        for path in ids.paths(route) {
            look(&path, &visitor.get(&path));
        }
        let further = if route.path.ends_with("/deliveries") { usize::MAX } else { 1 };
        for path in ids.paths(route).iter().take(further) {
            for query in FURTHER {
                let path = format!("{path}{query}");
                look(&path, &visitor.get(&path));
            }
        }
    }
}

/// What staff did with members, so that their history and the why pages have something to tell, and what providers say.
fn told(app: &TestApp, admin: &Visitor, member: &str) {
    let page = admin.get(&format!("/members/{member}/edit"));
    let form = page.form("Save changes").fill("Phone", "+43 664 1234512").fill("E-mail", "someone.new@example.com");
    assert_eq!(form.send().status, 303);
    let said = "UPDATE delivery SET reason = 'The gateway says: no such number ' || member.phone || ' <' || coalesce(member.email, '') || '>'
                FROM member WHERE member.id = member_id AND state IN ('failed', 'bounced')";
    make::run(app, said);
    make::run(
        app,
        "UPDATE message SET error = 'rejected: ' || recipient WHERE state IN ('failed', 'bounced', 'queued', 'uncertain')",
    );
}

#[test]
fn who_may_not_see_personal_data_sees_none_on_any_page_and_in_any_export() {
    let app = TestApp::start();
    assert!(demo::fill(&mut app.conn(), app.now()).unwrap());
    let ids = Ids::of(&app);
    let before = Seeded::of(&app);
    told(&app, &app.admin(), &ids.members[0]);
    let after = Seeded::of(&app);
    let given_away = |page: &Page| before.within(&page.html).or_else(|| after.within(&page.html));
    for role in [Role::Marketer, Role::Support] {
        let visitor = masked(&app, role);
        let may = |route: &Route| match route.guard {
            Guard::Everyone => true,
            Guard::Marketers => role == Role::Marketer,
            _ => false,
        };
        let routes: Vec<Route> = all().into_iter().filter(|route| route.get && may(route)).collect();
        let (mut found, mut opened) = (Vec::new(), 0);
        open(&visitor, &routes, &ids, |path, page| {
            opened += usize::from(page.status == 200);
            assert!(page.status < 500, "{path}: {}", page.text());
            found.extend(given_away(page).map(|what| format!("{path}: {what}")));
        });
        assert!(found.is_empty(), "{role:?}: {} given away:\n{}", found.len(), found.join("\n"));
        assert!(opened > if role == Role::Marketer { 300 } else { 50 }, "{role:?} opened {opened} pages");
        // and with the right, the same pages do show them: what looks for them finds them
        make::run(&app, "UPDATE account SET sees_personal_data = true");
        let mut shown = Vec::new();
        open(&visitor, &routes, &ids, |path, page| {
            if given_away(page).is_some() {
                shown.push(path.to_owned());
            }
        });
        for part in ["/members?", "/user-support/", "/history", "/edit", "/user-groups", "?q="] {
            let is_there = shown.iter().any(|path| path.contains(part));
            assert!(is_there || (role == Role::Support && part == "/edit"), "{role:?}: {part}: {shown:#?}");
        }
        if role == Role::Marketer {
            for part in ["/members.csv", "/deliveries.csv", "/audience/", "/deliveries?", "/why/"] {
                assert!(shown.iter().any(|path| path.contains(part)), "{part}: {shown:#?}");
            }
        }
    }
}
