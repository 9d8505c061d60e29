//! Members: the customers of the programme.

pub mod consent;
pub mod contact;
pub mod email;
pub mod erase;
mod numbering_plan;
pub mod phone;
