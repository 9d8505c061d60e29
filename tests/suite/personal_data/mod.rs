//! *May see personal data*: who may not sees no phone number and no e-mail address of a member, anywhere.

mod find;
mod right;
mod seeded;
mod walk;

use muster::accounts::Role;

use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

/// A dashboard user without the right.
pub fn masked(app: &TestApp, role: Role) -> Visitor {
    let email = format!("masked-{}@staff.example", role.key());
    let visitor = app.signed_in(&email, "Mo Masked", role);
    make::run(app, &format!("UPDATE account SET sees_personal_data = false WHERE email = '{email}'"));
    visitor
}
