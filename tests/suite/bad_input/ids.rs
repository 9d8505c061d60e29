//! Unknown and absurd ids, at every place an address has for one: a page that says there is nothing.

use super::addresses::{Guard, all};
use super::world::World;
use super::{none, wrong_answer};

const ABSURD: [&str; 14] = [
    "0",
    "-1",
    "999999999",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999",
    "1.5",
    "NaN",
    "abc",
    "%00",
    "%ff",
    "%F0%9F%98%80",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "00000000-0000-4000-8000-000000000000",
];

#[test]
fn under_ids_that_do_not_exist_there_is_nothing() {
    let world = World::fill();
    let before = world.everything();
    let long = "x".repeat(5_000);
    let mut found = Vec::new();
    for route in all().into_iter().filter(super::addresses::Route::has_ids) {
        let visitor = if route.guard == Guard::Members { &world.member } else { &world.admin };
        let home = if route.guard == Guard::Members { "/app/profile" } else { "/" };
        let token = visitor.get(home).hidden("csrf");
        let names: Vec<&str> = route.path.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect();
        for absurd in ABSURD.iter().copied().chain([long.as_str()]) {
            world.forget_tries();
            // each place by itself, the others as they should be
            for wrong in &names {
                let whole = world.real(&route);
                let path = place(&route.path, &whole, wrong, absurd);
                let mut pages = Vec::new();
                if route.get {
                    let page = visitor.get(&path);
                    // to the usual spelling of an address, where there is nothing either
                    let page = if page.status == 303 { page.follow(visitor) } else { page };
                    pages.push(("GET", page));
                }
                if route.post {
                    let fields = [("csrf", token.as_str()), ("reason", "x"), ("join", "on"), ("name", "x")];
                    pages.push(("POST", visitor.post(&path, &fields)));
                }
                for (method, page) in pages {
                    if page.status != 404 {
                        found.push(format!("{method} {path:.90}: {} {:?}", page.status, page.location));
                    }
                    let is_file = route.path.starts_with("/static") || route.path.starts_with("/pictures");
                    found.extend(
                        wrong_answer(&page).filter(|_| !is_file).map(|wrong| format!("{method} {path:.90}: {wrong}")),
                    );
                    if page.html.contains("<script>alert(1)") {
                        found.push(format!("{method} {path}: echoed"));
                    }
                }
            }
        }
    }
    none(&found);
    assert_eq!(world.everything(), before);
}

/// `whole` with `value` where `template` has `{name}`.
fn place(template: &str, whole: &str, name: &str, value: &str) -> String {
    let hole = format!("{{{name}}}");
    let parts = template.split('/').zip(whole.split('/'));
    parts.map(|(hoped, real)| if hoped == hole { value } else { real }).collect::<Vec<_>>().join("/")
}
