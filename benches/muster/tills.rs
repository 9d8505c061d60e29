use diesel::prelude::*;
use muster::seed::Dice;

use crate::capture::{self, Marker, Script};
use crate::http::Request;
use crate::rows::Next;
use crate::server::Server;
use crate::sql;
use crate::world::World;

const KEY: &str = "mk_only-for-the-benchmark";
/// Members with a coupon that tills use again and again.
const HOLDERS: u64 = 20_000;

/// A key, and personal coupons for any number of uses.
pub fn prepare(conn: &mut PgConnection, members: u64) {
    let holders = HOLDERS.min(members);
    sql::run(
        conn,
        &format!(
            "INSERT INTO api_key (name, scope, shop, key_hash, hint, created_at)
               VALUES ('Bench', 'pos', 'Bench', sha256(convert_to('{KEY}', 'UTF8')), 'mark', now());
             INSERT INTO campaign (kind, channel, created_at, name, title, offer, percent, code_source, validations_per_member,
                 everyone, starts_at, ends_at, published_at, issued_at)
               VALUES ('coupon', 'app', now(), 'Bench tills', 'Bench tills', 'percent_off', 1000, 'personal', 1000000,
                 true, now() - interval '1 day', now() + interval '100 days', now() - interval '1 day', now());
             INSERT INTO code (text, campaign_id, member_id)
               SELECT 'TILL' || lpad(n::text, 7, '0'), (SELECT max(id) FROM campaign), n FROM generate_series(1, {holders}) AS n;
             INSERT INTO delivery (member_id, campaign_id, issued_at, code)
               SELECT member_id, campaign_id, now(), text FROM code WHERE text LIKE 'TILL%';"
        ),
    );
}

fn validate(member: u64) -> Request {
    Request::program("/api/pos/v1/validations", KEY, &format!("{{\"code\":\"till-{member:07}\"}}"))
}

fn reserve(member: u64) -> Request {
    Request::program("/api/pos/v1/reservations", KEY, &format!("{{\"codes\":[\"till-{member:07}\"]}}"))
}

fn validate_reserved() -> Request {
    Request::program("/api/pos/v1/reservations/{id}/validation", KEY, "{}")
}

fn holders(world: &World) -> u64 {
    HOLDERS.min(world.made.members)
}

/// One call.
pub fn validations(world: &World, worker: usize, _: usize) -> Next {
    let (holders, mut dice) = (holders(world), Dice::of(4, worker as u64));
    Box::new(move || Some(validate(dice.below(holders) + 1)))
}

/// Two calls, the second for what the first made.
pub fn reservations(world: &World, worker: usize, _: usize) -> Next {
    let (holders, mut dice, mut held) = (holders(world), Dice::of(5, worker as u64), false);
    Box::new(move || {
        held = !held;
        Some(if held { reserve(dice.below(holders) + 1) } else { validate_reserved() })
    })
}

fn markers(world: &World) -> (u64, [Marker; 2]) {
    let member = holders(world) / 2 + 77;
    let code = Marker::of(&format!("TILL{member:07}"), "('TILL' || lpad((:member)::text, 7, '0'))");
    (member, [code, Marker::member(member, holders(world))])
}

/// As one call does it.
pub fn validation_scripts(world: &World, server: &Server) -> Vec<Script> {
    let (member, markers) = markers(world);
    capture::scripts(world, server, &[(&[validate(member)], &markers)])
}

/// As both calls do it.
pub fn reservation_scripts(world: &World, server: &Server) -> Vec<Script> {
    let (member, markers) = markers(world);
    capture::scripts(world, server, &[(&[reserve(member), validate_reserved()], &markers)])
}
