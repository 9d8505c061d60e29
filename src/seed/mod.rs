//! Many members, groups and stays that look like life, for trying and measuring: `muster seed`.

mod campaigns;
mod codes_used;
mod copy;
pub mod dice;
mod empty;
mod group;
mod group_names;
mod members;
mod memberships;
pub mod names;
pub mod person;
mod plan;
pub mod rhythm;
mod run;
mod set_aside;
mod stays;

pub use dice::Dice;
pub use empty::what_is_there;
pub use person::{People, Person};
pub use plan::{Plan, SeedError, Seeded};
pub use run::run;
