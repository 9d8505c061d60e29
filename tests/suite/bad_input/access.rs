//! Who may not, may not: at every address, whatever is sent.

use super::addresses::{Guard, Route, all};
use super::world::World;
use super::{none, wrong_answer};
use crate::support::page::Page;
use crate::support::visitor::Visitor;

fn answers(found: &mut Vec<String>, who: &str, path: &str, page: &Page, status: u16, location: Option<&str>) {
    let to = page.location.as_deref().map(|to| to.split('?').next().unwrap_or_default());
    if page.status != status || (location.is_some() && to != location) {
        found.push(format!("{who} {path}: {} {:?} instead of {status} {location:?}", page.status, page.location));
    }
    found.extend(wrong_answer(page).map(|wrong| format!("{who} {path}: {wrong}")));
}

/// Tries every address as someone who may not pass.
fn try_all(
    found: &mut Vec<String>,
    world: &World,
    who: &str,
    visitor: &Visitor,
    token: &str,
    told: impl Fn(&Route) -> Told,
) {
    for route in all() {
        let path = world.real(&route);
        let Told::Refused(status, location) = told(&route) else { continue };
        if route.get {
            answers(found, &format!("GET as {who}"), &path, &visitor.get(&path), status, location);
        }
        if route.post {
            let page = visitor.post(&path, &[("csrf", token), ("name", "x"), ("reason", "x")]);
            answers(found, &format!("POST as {who}"), &path, &page, status, location);
        }
    }
}

enum Told {
    Refused(u16, Option<&'static str>),
    MayPass,
}

fn sign_in_first(route: &Route) -> Told {
    match route.guard {
        Guard::Open => Told::MayPass,
        Guard::Members => Told::Refused(303, Some("/app/sign-in")),
        _ => Told::Refused(303, Some("/sign-in")),
    }
}

#[test]
fn who_may_not_pass_is_turned_away_everywhere() {
    let world = World::fill();
    let before = world.everything();
    let mut found = Vec::new();
    let stranger = world.app.visitor();
    let token = stranger.get("/sign-in").hidden("csrf");
    try_all(&mut found, &world, "stranger", &stranger, &token, sign_in_first);
    let token = world.member.get("/app/profile").hidden("csrf");
    try_all(&mut found, &world, "member", &world.member, &token, |route| match route.guard {
        Guard::Members => Told::MayPass,
        _ => sign_in_first(route),
    });
    let token = world.support.get("/").hidden("csrf");
    try_all(&mut found, &world, "support", &world.support, &token, |route| match route.guard {
        Guard::Marketers | Guard::Admins => Told::Refused(403, None),
        Guard::Members => sign_in_first(route),
        _ => Told::MayPass,
    });
    let token = world.marketer.get("/").hidden("csrf");
    try_all(&mut found, &world, "marketer", &world.marketer, &token, |route| match route.guard {
        Guard::Admins => Told::Refused(403, None),
        Guard::Members => sign_in_first(route),
        _ => Told::MayPass,
    });
    none(&found);
    assert_eq!(world.everything(), before);
}

#[test]
fn nothing_is_done_without_the_token_of_the_form() {
    let world = World::fill();
    let mut found = Vec::new();
    let (other_admin, other_member) = (world.app.admin(), world.app.member(world.ann));
    let before = world.everything();
    let others = [other_admin.get("/").hidden("csrf"), other_member.get("/app/profile").hidden("csrf")];
    for route in all().into_iter().filter(|route| route.post && route.has_token()) {
        let path = world.real(&route);
        let is_app = route.path.starts_with("/app");
        let visitor = if is_app { &world.member } else { &world.admin };
        // another visitor's token is as good as none, and so is one of another session of the same person
        let strange = world.app.visitor().get("/sign-in").hidden("csrf");
        let other = others[usize::from(is_app)].as_str();
        for token in ["", "x", strange.as_str(), other, "\0", "<script>alert(1)</script>"] {
            let page = visitor.post(&path, &[("csrf", token), ("join", "on"), ("code", "X"), ("reason", "x")]);
            answers(&mut found, "POST without token", &path, &page, 403, None);
        }
        answers(&mut found, "POST of nothing", &path, &visitor.post(&path, &[]), 403, None);
        let page = visitor.post_raw(&path, "text/plain", b"csrf=x".to_vec());
        answers(&mut found, "POST as text", &path, &page, 403, None);
    }
    none(&found);
    assert_eq!(world.everything(), before);
}

#[test]
fn nothing_is_done_for_a_page_elsewhere_even_with_the_right_token() {
    let world = World::fill();
    let before = world.everything();
    let (token, own) = (world.admin.get("/").hidden("csrf"), world.member.get("/app/profile").hidden("csrf"));
    let mut found = Vec::new();
    for route in all().into_iter().filter(|route| route.post && route.has_token()) {
        let path = world.real(&route);
        let is_app = route.path.starts_with("/app");
        let (visitor, token) = if is_app { (&world.member, &own) } else { (&world.admin, &token) };
        let fields = [("csrf", token.as_str()), ("join", "on"), ("code", "CARD2345"), ("reason", "x"), ("name", "x")];
        for (header, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let page = visitor.post_with(&path, &fields, header, value);
            answers(&mut found, &format!("POST with {header}: {value}"), &path, &page, 403, None);
        }
    }
    none(&found);
    assert_eq!(world.everything(), before);
}
