//! Settings → **Webhooks**: who is told what happens.

pub mod delete;
pub mod disable;
pub mod edit;
pub mod entry;
mod form;
pub mod index;
mod list;
mod log;
mod made;
pub mod new;
pub mod replay;
pub mod rotate;
pub mod show;
pub mod test_event;
