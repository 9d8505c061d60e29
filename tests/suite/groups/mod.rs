//! Settings → User Groups.

mod access;
mod adding;
mod bad_input;
mod code_campaign;
mod constraints;
mod coverage;
mod editing;
mod ending;
mod list;
mod members;
mod page;

use crate::support::page::Page;
use crate::support::visitor::Visitor;

const LIST: &str = "/settings/user-groups";
const NEW: &str = "/settings/user-groups/new";

/// The page after a form was accepted.
fn accepted(page: Page, visitor: &Visitor) -> Page {
    assert_eq!(page.status, 303, "{}", page.text());
    let page = page.follow(visitor);
    assert_eq!(page.status, 200, "{}", page.text());
    page
}
