//! What the document's examples name is there.

use muster::api::Scope;

use super::{Caller, app_of};
use crate::support::{Program, TestApp, make};

/// Keys and a token.
pub struct World {
    pub till: String,
    pub office: String,
    pub app: Caller,
}

/// A member "ext:CRM-17", a public group 7, a campaign 17 with many codes and one whose code joins a private group.
pub fn make_world(app: &TestApp) -> World {
    let ann = make::member(app, "Ann Able");
    make::run(app, &format!("UPDATE member SET external_id = 'CRM-17' WHERE id = {ann}"));
    make::members(app, 20);
    make::run(app, "ALTER TABLE member_group ALTER COLUMN id RESTART WITH 7");
    make::run(app, "ALTER TABLE campaign ALTER COLUMN id RESTART WITH 17");
    make::group(app, "Coffee Club").make();
    let many = make::campaign(app, "Winter 2026", "app").many_codes().in_app(true).make();
    let codes: Vec<String> = (0..100).map(|n| format!("CAFE{:04}", 2000 + n)).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).chain(["CAFE7K2M9P"]).collect();
    make::codes(app, many, &codes);
    let course = make::campaign(app, "Barista course", "code").one_code("BARISTA24", None).make();
    make::group(app, "Baristas").by_code(course).make();
    app.issue();
    World {
        till: Program::new(app, Scope::Pos, "", "").key,
        office: Program::new(app, Scope::Office, "", "").key,
        app: app_of(app, ann),
    }
}
