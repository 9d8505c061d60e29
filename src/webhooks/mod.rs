//! Webhooks: other programs are told what happens, in the order in which it happened, at least once.

mod coverage;
mod due;
pub mod event;
mod fate;
pub mod give_up;
pub mod kind;
mod lane;
mod order;
mod post;
mod round;
pub mod signature;
pub mod sweep;
pub mod target;
pub mod webhook;

pub use kind::Kind;
pub use lane::run;
pub use order::keep_order;
pub use round::run_once;
pub use signature::Secret;
pub use target::Target;
pub use webhook::Webhook;
