//! Members' native apps.

mod codes;
mod groups;
mod me;
mod push;
mod tokens;
