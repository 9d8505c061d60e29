//! Who sees them masked finds members by a whole phone number or e-mail address, and by no part of one.

use muster::accounts::Role;

use super::masked;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

/// Names in the list behind an address; one exact hit that opens counts as its name.
fn found(visitor: &Visitor, path: &str) -> Vec<String> {
    let page = visitor.get(path);
    if page.status == 303 {
        return vec![page.follow(visitor).text_at("h1")];
    }
    page.texts_at("tbody th a")
}

#[test]
fn whole_numbers_and_addresses_are_found_and_parts_are_not() {
    let app = TestApp::start();
    let ids = [make::member(&app, "Ana Alder"), make::member(&app, "Bo Birch")];
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &ids);
    let campaign = make::campaign(&app, "Winter", "app").make();
    app.work();
    let (masked, seeing) = (masked(&app, Role::Marketer), app.marketer());
    let lists = [
        "/user-support?q=".to_owned(),
        "/members?q=".to_owned(),
        format!("/settings/user-groups/{group}?q="),
        format!("/campaigns/{campaign}/deliveries?q="),
        format!("/campaigns/{campaign}/why?q="),
    ];
    for list in &lists {
        let is_why = list.contains("/why");
        for whole in ["0151+70000001", "%2B4915170000001", "member1@example.com", "ana"] {
            let names = found(&masked, &format!("{list}{whole}"));
            let right = names.first().is_some_and(|name| name == "Ana Alder" || (is_why && !name.is_empty()));
            assert!(right && names.len() == 1, "{list}{whole}: {names:?}");
        }
        for part in ["7000000", "member1@", "%40example.com", "015170"] {
            assert_eq!(found(&masked, &format!("{list}{part}")), Vec::<String>::new(), "{list}{part}");
            assert!(!found(&seeing, &format!("{list}{part}")).is_empty(), "{list}{part}");
        }
    }
    let page = masked.get(&format!("/user-support/{}", ids[0]));
    assert!(page.shows("+49 1517 •••••01") && page.shows("m•••@example.com"), "{}", page.text());
    assert!(!page.html.contains("data-copy"), "nothing to copy");
}

#[test]
fn what_was_typed_while_one_types_is_masked_as_well() {
    let app = TestApp::start();
    make::member(&app, "Ana Alder");
    make::member(&app, "Ana Birch");
    let page = masked(&app, Role::Support).get_with("/user-support?q=ana", "hx-request", "true");
    assert!(page.html.contains("m•••@example.com"), "{}", page.html);
    assert!(!page.html.contains("member1@"), "{}", page.html);
}
