//! User groups.

pub mod add_member;
pub mod code_campaign;
pub mod coverage;
pub mod coverage_mend;
pub mod coverage_of;
pub mod coverage_words;
pub mod destroy;
pub mod edit;
pub mod end;
pub mod export;
pub mod extend;
pub mod facts;
pub mod form;
pub mod group;
pub mod index;
pub mod join_choice;
pub mod kind;
pub mod list;
pub mod members;
pub mod new;
pub mod new_group;
pub mod remove_member;
pub mod search;
pub mod show;
pub mod statistics;
pub mod uses;

pub use coverage_mend::Trouble;
pub use form::GroupForm;
pub use group::{GroupRow, MemberGroup};
pub use kind::{GroupKind, GroupState};
pub use new_group::NewGroup;
