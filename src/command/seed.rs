//! `muster seed`.

use std::time::Instant;

use chrono::NaiveDate;
use clap::Args;
use diesel::{Connection, PgConnection};
use muster::clock::Clock;
use muster::config::DatabaseArgs;
use muster::seed::{self, Plan};
use muster::settings::Organisation;
use muster::web::number::grouped;

use super::cli::CommandResult;
use super::database;

/// How much is made.
#[derive(Args)]
pub struct SeedArgs {
    /// How many members.
    #[arg(long, env = "MUSTER_SEED_MEMBERS")]
    members: u64,
    /// How many groups, of all types and states.
    #[arg(long, env = "MUSTER_SEED_GROUPS")]
    groups: u64,
    /// Memberships of a member on average, ended ones included.
    #[arg(long, env = "MUSTER_SEED_MEMBERSHIPS_PER_MEMBER", default_value_t = 5)]
    memberships_per_member: u64,
    /// Coupon campaigns, besides those that private groups are joined by.
    #[arg(long, env = "MUSTER_SEED_CAMPAIGNS", default_value_t = 0)]
    campaigns: u64,
    /// The same seed makes the same people; another, others.
    #[arg(long, env = "MUSTER_SEED", default_value_t = 1)]
    seed: u64,
    /// The day that is today in the data, as 2026-11-24; none: today. The same seed and day make the same rows.
    #[arg(long, env = "MUSTER_SEED_UNTIL")]
    until: Option<NaiveDate>,
}

/// Does it.
pub fn run(args: &DatabaseArgs, seed: &SeedArgs) -> CommandResult {
    let database = database::open(args)?;
    let mut conn = PgConnection::establish(&database.owner_url)?;
    let today = Organisation::load(&mut conn)?.today(Clock::system().now());
    let plan = Plan {
        members: seed.members,
        groups: seed.groups,
        memberships_per_member: seed.memberships_per_member,
        campaigns: seed.campaigns,
        seed: seed.seed,
        until: seed.until.unwrap_or(today),
    };
    let begun = Instant::now();
    let made = seed::run(&mut conn, &plan)?;
    let number = |count: u64| grouped(&count.to_string());
    println!(
        "Made {} members, {} groups, {} memberships, {} campaigns and {} issued coupons in {:.1} s (data {}).",
        number(made.members),
        number(made.groups),
        number(made.memberships),
        number(made.campaigns),
        number(made.deliveries),
        begun.elapsed().as_secs_f64(),
        database.place(),
    );
    database.close();
    Ok(())
}
