//! Members: list, add, edit.

mod edit;
mod index;
mod new;
