//! The list of dashboard users, their roles, disabling and enabling.

use super::{audited, path};
use crate::support::{TestApp, make};
use muster::accounts::Role;

const MAX: &str = "marketer@example.com";

#[test]
fn a_changed_role_counts_at_once() {
    let app = TestApp::start();
    let (admin, marketer) = (app.admin(), app.marketer());
    assert_eq!(marketer.get("/campaigns").status, 200);
    let form = admin.get(&path(&app, MAX)).form("Save changes").fill("Name", "Maxine Marketer").tick("Support");
    let page = form.send().follow(&admin);
    assert!(page.shows("Maxine Marketer was saved."));
    assert_eq!(marketer.get("/campaigns").status, 403);
    assert!(marketer.get("/").shows("Maxine Marketer"));
    let entry =
        "SELECT before->>'role' || ' ' || (after->>'role') FROM audit_entry WHERE action = 'dashboard user changed'";
    assert_eq!(make::text(&app, entry), "marketer support");
}

#[test]
fn who_is_disabled_is_out_at_once_and_may_come_back() {
    let app = TestApp::start();
    let (admin, marketer) = (app.admin(), app.marketer());
    let cookies = marketer.cookies();
    let page = admin.get(&path(&app, MAX)).click("Disable").form("Disable").send().follow(&admin);
    assert!(page.shows("Max Marketer can no longer sign in."));
    assert_eq!(marketer.get("/").status, 303);
    assert_eq!(super::try_password(&app.visitor(), MAX, "muster-demo").status, 422);

    let list = admin.get("/settings/dashboard-users?state=disabled");
    assert!(list.shows("Max Marketer") && !list.shows("admin@example.com"));
    let page = list.form("Enable").send().follow(&admin);
    assert!(page.shows("Max Marketer can sign in again."));
    // the cookie of before is worth nothing
    assert_eq!(app.visitor().get_with("/", "cookie", &cookies).status, 303);
    assert_eq!(super::try_password(&app.visitor(), MAX, "muster-demo").status, 303);
    assert_eq!((audited(&app, "dashboard user disabled"), audited(&app, "dashboard user enabled")), (1, 1));
}

#[test]
fn the_list_is_searched_filtered_and_paged() {
    let app = TestApp::start();
    let admin = app.admin();
    for n in 0..60 {
        app.make_account(&format!("user{n}@example.com"), &format!("Úser {n:02}"), Role::Support);
    }
    let page = admin.get("/settings/dashboard-users");
    assert!(page.shows("61 dashboard users") && page.shows("admin@example.com") && !page.shows("Úser 59"));
    let next = page.click("Next");
    assert!(next.shows("Úser 59") && !next.shows("admin@example.com"));
    assert!(next.click("Previous").shows("admin@example.com"));
    let found = admin.get("/settings/dashboard-users?q=user+07");
    assert!(found.shows("user7@example.com") && found.shows("1 dashboard user"));
    assert!(admin.get("/settings/dashboard-users?role=admin").shows("1 dashboard user"));
    let nothing = admin.get("/settings/dashboard-users?q=nobody-at-all&role=support");
    assert!(nothing.shows("Nothing found for “nobody-at-all”, Support"));
}

#[test]
fn a_bad_name_and_role_are_told_at_their_fields() {
    let app = TestApp::start();
    let admin = app.admin();
    app.marketer();
    let page = admin.get(&path(&app, MAX)).form("Save changes").fill("Name", " ").smuggle("role", "king").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Name"), "Error: Enter their name");
    assert!(page.error_on("Role").contains("Choose a role"));
    assert_eq!(admin.get("/settings/dashboard-users/00000000-0000-0000-0000-000000000000").status, 404);
    assert_eq!(admin.get("/settings/dashboard-users/nonsense").status, 404);
}
