//! Who may see and change campaigns.

use super::{complete, newest};
use crate::support::{TestApp, make};

const PAGES: [&str; 14] = [
    "",
    "/content",
    "/pos-input",
    "/receivers",
    "/receivers/arithmetic?audience=everyone",
    "/time-settings",
    "/review",
    "/cancel",
    "/end",
    "/delete",
    "/progress",
    "/deliveries",
    "/audience/receivers",
    "/audience/blocked",
];
const ACTIONS: [&str; 11] = [
    "/content",
    "/pos-input",
    "/receivers",
    "/time-settings",
    "/publication",
    "/pause",
    "/resume",
    "/cancel",
    "/end",
    "/duplicate",
    "/delete",
];

#[test]
fn support_may_not_and_visitors_sign_in_first() {
    let app = TestApp::start();
    let marketer = app.marketer();
    complete(&marketer, "Winter", "WINTER1");
    let id = newest(&app);
    let before = make::text(&app, "SELECT string_agg(campaign::text, '') FROM campaign");
    let (support, visitor) = (app.support(), app.visitor());
    for page in PAGES
        .map(|page| format!("/campaigns/{id}{page}"))
        .iter()
        .map(String::as_str)
        .chain(["/campaigns", "/campaigns/new"])
    {
        assert_eq!(support.get(page).status, 403, "{page}");
        let turned_away = visitor.get(page);
        assert_eq!(turned_away.status, 303, "{page}");
        assert!(turned_away.location.unwrap().starts_with("/sign-in"), "{page}");
    }
    for action in
        ACTIONS.map(|action| format!("/campaigns/{id}{action}")).iter().map(String::as_str).chain(["/campaigns"])
    {
        assert_eq!(support.bypass(action, &[("kind", "app")], "/").status, 403, "{action}");
        assert_eq!(visitor.post(action, &[("kind", "app")]).status, 303, "{action}");
        // and no form without its token
        assert_eq!(marketer.post(action, &[("kind", "app")]).status, 403, "{action}");
    }
    assert_eq!(make::text(&app, "SELECT string_agg(campaign::text, '') FROM campaign"), before);
    assert_eq!(app.admin().get("/campaigns").status, 200);
}
