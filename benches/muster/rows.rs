use std::sync::atomic::{AtomicU64, Ordering};

use muster::seed::Dice;

use crate::apps;
use crate::capture::{self, Marker, Script};
use crate::cookie::{TOKEN, signed};
use crate::http::Request;
use crate::server::Server;
use crate::tills;
use crate::world::{DESKS, SIGNED_IN, World};

pub type Next = Box<dyn FnMut() -> Option<Request> + Send>;

/// Something that is measured.
pub struct Row {
    pub name: &'static str,
    /// The requests of one connection of so many.
    pub requests: fn(&World, usize, usize) -> Next,
    /// The same work in SQL, as the server does it.
    pub scripts: fn(&World, &Server) -> Vec<Script>,
    /// How many requests a script stands for.
    pub saves_a_script: f64,
}

/// All of them, in the order of the table.
pub fn all() -> Vec<Row> {
    let row = |name, requests, scripts| Row { name, requests, scripts, saves_a_script: 1.0 };
    vec![
        row(
            "no session",
            |_, _, _| always(Request::get("/healthz", "none=1")),
            |world, server| capture::scripts(world, server, &[(&[Request::get("/healthz", "none=1")], &[])]),
        ),
        // all that it does is to see who is there, and to send them on
        row(
            "session check",
            |_, worker, _| always(Request::get("/settings", &desk(worker)).expecting(303)),
            |world, server| {
                // the first of two is sent once before: that a session is in use is noted once a minute
                let look = [Request::get("/settings", &desk(0)).expecting(303)];
                capture::scripts(world, server, &[(&look, &[]), (&look, &[])])
            },
        ),
        row(
            "groups list",
            |_, worker, _| always(Request::get("/settings/user-groups", &desk(worker))),
            |world, server| {
                capture::scripts(world, server, &[(&[Request::get("/settings/user-groups", &desk(0))], &[])])
            },
        ),
        row("member page", member_pages, |world, server| {
            let request = Request::get(&format!("/user-support/{}", sample(world)), &desk(0));
            capture::scripts(world, server, &[(&[request], &[Marker::member(sample(world), world.made.members)])])
        }),
        Row { saves_a_script: 2.0, ..row("save a member's groups", saves, save_scripts) },
        row(
            "find: phone",
            |world, worker, _| finds(&world.phones, worker, 303),
            |world, server| find_scripts(world, server, &world.phones, 303),
        ),
        row(
            "find: e-mail",
            |world, worker, _| finds(&world.emails, worker, 303),
            |world, server| find_scripts(world, server, &world.emails, 303),
        ),
        row(
            "find: part of a name",
            |world, worker, _| finds(&world.names, worker, 200),
            |world, server| find_scripts(world, server, &world.names, 200),
        ),
        row(
            "campaign page",
            |world, worker, _| always(Request::get(&format!("/campaigns/{}", world.ledger), &desk(worker))),
            |world, server| ledger_scripts(world, server, ""),
        ),
        row(
            "campaign's receivers",
            |world, worker, _| always(Request::get(&format!("/campaigns/{}/deliveries", world.ledger), &desk(worker))),
            |world, server| ledger_scripts(world, server, "/deliveries"),
        ),
        row("code entry", code_entries, code_scripts),
        row("till: validate", tills::validations, tills::validation_scripts),
        Row { saves_a_script: 2.0, ..row("till: reserve, validate", tills::reservations, tills::reservation_scripts) },
        row(
            "app: groups",
            |world, worker, _| app_pages("/app/groups", world, worker),
            |world, server| app_scripts(world, server, "/app/groups"),
        ),
        row("app API: groups", apps::groups, apps::group_scripts),
        row("app API: code entry", apps::entries, apps::entry_scripts),
        row(
            "app: coupons",
            |world, worker, _| app_pages("/app/coupons", world, worker),
            |world, server| app_scripts(world, server, "/app/coupons"),
        ),
    ]
}

fn desk(worker: usize) -> String {
    signed("muster_session", &format!("bench-desk-{}", worker % DESKS))
}

fn phone_of(member: u64) -> String {
    signed("muster_member", &format!("bench-member-{member}"))
}

fn sample(world: &World) -> u64 {
    world.made.members / 2 + 77
}

fn always(request: Request) -> Next {
    Box::new(move || Some(request.clone()))
}

fn member_pages(world: &World, worker: usize, _: usize) -> Next {
    let (members, cookie) = (world.made.members, desk(worker));
    let mut dice = Dice::of(1, worker as u64);
    Box::new(move || Some(Request::get(&format!("/user-support/{}", dice.below(members) + 1), &cookie)))
}

fn ledger_scripts(world: &World, server: &Server, part: &str) -> Vec<Script> {
    let request = Request::get(&format!("/campaigns/{}{part}", world.ledger), &desk(0));
    capture::scripts(world, server, &[(&[request], &[])])
}

/// Into the group and out again, each a save that changes something.
fn saves(world: &World, worker: usize, connections: usize) -> Next {
    let (cookie, group) = (desk(worker), world.save_group);
    let mut members = own_members(world, worker, connections);
    let mut inside = None;
    Box::new(move || match inside.take() {
        Some(member) => Some(save(member, &cookie, &format!("shown={group}"))),
        None => {
            inside = members.next();
            inside.map(|member| save(member, &cookie, &format!("groups={group}")))
        }
    })
}

/// Members that no other connection touches, in no order.
fn own_members(world: &World, worker: usize, connections: usize) -> impl Iterator<Item = u64> + Send + use<> {
    static ROUND: AtomicU64 = AtomicU64::new(1);
    let (members, connections) = (world.made.members, connections as u64);
    let mut dice = Dice::of(ROUND.fetch_add(1, Ordering::Relaxed), worker as u64);
    std::iter::from_fn(move || Some(dice.below(members / connections) * connections + worker as u64 + 1))
}

fn save(member: u64, cookie: &str, fields: &str) -> Request {
    Request::post(&format!("/user-support/{member}/user-groups"), cookie, &format!("csrf={TOKEN}&{fields}&reason="))
}

fn save_scripts(world: &World, server: &Server) -> Vec<Script> {
    let (member, group) = (sample(world), world.save_group);
    let both = [save(member, &desk(0), &format!("groups={group}")), save(member, &desk(0), &format!("shown={group}"))];
    capture::scripts(world, server, &[(&both, &[Marker::member(member, world.made.members)])])
}

fn find(value: &str, cookie: &str, status: u16) -> Request {
    let query = serde_html_form::to_string([("q", value)]).unwrap();
    Request::get(&format!("/user-support?{query}"), cookie).expecting(status)
}

fn finds(values: &[String], worker: usize, status: u16) -> Next {
    let (values, cookie) = (values.to_vec(), desk(worker));
    let mut dice = Dice::of(2, worker as u64);
    Box::new(move || Some(find(&values[dice.index(values.len())], &cookie, status)))
}

fn find_scripts(world: &World, server: &Server, values: &[String], status: u16) -> Vec<Script> {
    let few = values.iter().step_by((values.len() / 60).max(1)).take(60);
    let requests: Vec<[Request; 1]> = few.map(|value| [find(value, &desk(0), status)]).collect();
    let samples: Vec<(&[Request], &[Marker])> = requests.iter().map(|request| (&request[..], &[][..])).collect();
    capture::scripts(world, server, &samples)
}

/// Codes and members that were used up, so that each entry is the first of its member with a fresh code. The first one
/// is no number that stands for something else in the statements.
pub static USED: AtomicU64 = AtomicU64::new(3_017);

fn entry(member: u64) -> Request {
    let code = format!("bench-{member:07}");
    Request::post("/app/code", &phone_of(member), &format!("csrf={TOKEN}&code={code}"))
}

fn code_entries(world: &World, _: usize, _: usize) -> Next {
    let last = SIGNED_IN.min(world.made.members);
    Box::new(move || {
        let member = USED.fetch_add(1, Ordering::Relaxed);
        (member <= last).then(|| entry(member))
    })
}

/// pgbench takes the members after those who are signed in.
fn code_scripts(world: &World, server: &Server) -> Vec<Script> {
    let member = USED.fetch_add(1, Ordering::Relaxed);
    let markers = [
        Marker::session(member, ":signed_in"),
        Marker::of(&format!("BENCH{member:07}"), "('BENCH' || lpad((:member)::text, 7, '0'))"),
        Marker::fresh_member(member, world),
    ];
    capture::scripts(world, server, &[(&[entry(member)], &markers)])
}

fn app_pages(path: &'static str, world: &World, worker: usize) -> Next {
    let members = SIGNED_IN.min(world.made.members);
    let mut dice = Dice::of(3, worker as u64);
    // signing a cookie takes time that is not the server's
    let cookies: Vec<(u64, String)> =
        (0..2_000).map(|_| dice.below(members) + 1).map(|member| (member, phone_of(member))).collect();
    Box::new(move || Some(Request::get(path, &cookies[dice.index(cookies.len())].1)))
}

fn app_scripts(world: &World, server: &Server, path: &str) -> Vec<Script> {
    let members = SIGNED_IN.min(world.made.members);
    let member = members / 2 + 7;
    let markers = [Marker::session(member, ":member"), Marker::member(member, members)];
    capture::scripts(world, server, &[(&[Request::get(path, &phone_of(member))], &markers)])
}
