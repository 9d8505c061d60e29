//! The back office.

mod access;
mod bulk;
mod codes;
mod deliveries;
mod members;
mod memberships;
mod reports;
