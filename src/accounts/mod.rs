//! Dashboard users: who may sign in, and how they prove who they are.

pub mod account;
pub mod common_passwords;
pub mod disable;
pub mod edit;
pub mod factor;
pub mod factor_reset;
pub mod factor_rule;
pub mod hash_cost;
pub mod index;
pub mod invitation;
pub mod invitation_accept;
pub mod invitation_again;
pub mod invitation_withdraw;
pub mod invite;
pub mod link_token;
pub mod list;
pub mod notice;
pub mod password;
pub mod recovery_code;
pub mod strength;
pub mod totp;

pub use account::{Account, Credentials, NewAccount, Role};
pub use hash_cost::HashCost;
pub use link_token::LinkToken;
