//! Settings → **API keys**: what other programs are let in with.

pub mod index;
mod list;
pub mod new;
mod made;
pub mod revoke;
pub mod rotate;
