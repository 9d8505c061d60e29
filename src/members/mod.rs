//! Members: the customers of the programme.

pub mod card;
pub mod consent;
pub mod contact;
pub mod count;
pub mod edit;
pub mod email;
pub mod erase;
pub mod form;
pub mod guarded;
pub mod index;
pub mod list;
pub mod many;
mod many_rows;
mod mask;
pub mod member;
pub mod new;
mod numbering_plan;
pub mod phone;
pub mod search;
pub mod search_words;
pub mod unsubscribe;

pub use consent::ConsentSource;
pub use guarded::{Guarded, Sight};
pub use member::{Member, MemberRow, NewMember};
