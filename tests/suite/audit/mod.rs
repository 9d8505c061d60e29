//! The audit log: its page, its chain, who may touch it.

mod chain;
mod page;
mod privileges;
