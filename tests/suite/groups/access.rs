//! Marketers and Admins only.

use super::{LIST, NEW};
use crate::support::{TestApp, make};

#[test]
fn support_and_strangers_are_kept_out() {
    let app = TestApp::start();
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &[make::member(&app, "Ana")]);
    let (support, stranger, admin) = (app.support(), app.visitor(), app.admin());
    let paths = ["", "/edit", "/end", "/delete", "/coverage", "/members.csv", "/members/1/removal"];
    let mut paths: Vec<String> = paths.iter().map(|path| format!("{LIST}/{group}{path}")).collect();
    paths.extend([LIST.to_owned(), NEW.to_owned()]);
    for path in &paths {
        assert_eq!(support.get(path).status, 403, "{path}");
        let sent = stranger.get(path);
        assert_eq!(sent.status, 303, "{path}");
        assert!(sent.location.unwrap().starts_with("/sign-in?next="));
        assert!(matches!(admin.get(path).status, 200 | 303), "{path}");
    }
    let posts = ["", "/end", "/delete", "/coverage", "/members", "/members/1/removal"];
    let mut posts: Vec<String> = posts.iter().map(|path| format!("{LIST}/{group}{path}")).collect();
    posts.push(LIST.to_owned());
    for path in &posts {
        let fields = [("name", "Hacked"), ("start_date", "2026-11-24"), ("contact", "member1@example.com")];
        assert_eq!(support.bypass(path, &fields, "/").status, 403, "{path}");
        assert_eq!(stranger.post(path, &fields).status, 303, "{path}");
        assert_eq!(admin.post(path, &fields).status, 403, "{path}: no token");
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE subject_kind <> 'account'"), 0);
    assert_eq!(make::text(&app, "SELECT name FROM member_group WHERE stops_at IS NULL"), "Regulars");
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership WHERE left_at IS NULL"), 1);
}
