//! Kaffeekontor, a chain of coffee shops with a corner shop in each: what `serve --demo` fills an empty database with,
//! so that everything can be tried at once. All of it is made up.

mod accounts;
mod calendar;
mod campaign;
mod coupons;
mod deliveries;
mod diary;
mod fate;
mod fill;
mod groups;
mod members;
mod messages;
mod pictures;
mod sending;
mod stays;
mod store;
mod story;
mod tries;

pub use accounts::{EMAILS, PASSWORD, known_sign_ins};
pub use fill::{DemoError, fill, is_there};
pub use members::{MIA_EMAIL, MIA_PHONE};
