//! User support: find, the member's page, their groups, history, block.

mod block;
mod find;
mod find_names;
mod groups;
mod history;
mod page;
mod races;
mod roles;
