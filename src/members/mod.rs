//! Members: the customers of the programme.

pub mod contact;
pub mod count;
pub mod email;
mod numbering_plan;
pub mod phone;
