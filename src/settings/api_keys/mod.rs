//! Settings → **API keys**: what other programs are let in with.

pub mod index;
mod list;
mod made;
pub mod new;
pub mod revoke;
pub mod rotate;
