//! Codes at tills: looked up, reserved, validated, cancelled, reversed.

pub mod attempt;
mod checks;
pub mod coupon;
pub mod held;
mod lock;
pub mod look_up;
pub mod overdue;
pub mod refusal;
mod reverse;
mod standing;
mod take;

pub use attempt::{Act, Till};
pub use coupon::Coupon;
pub use held::{Basket, cancel, find, validate_basket};
pub use look_up::{Found, look_up};
pub use refusal::{Refused, TillRefusal};
pub use reverse::reverse;
pub use take::{Taken, Validated, Wanted, reserve, validate};
