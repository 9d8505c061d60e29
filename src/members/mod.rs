//! Members: the customers of the programme.

pub mod consent;
pub mod contact;
pub mod email;
pub mod member;
mod numbering_plan;
pub mod phone;

pub use consent::{ConsentChannel, ConsentSource};
pub use member::{Member, MemberRow, NewMember};
