//! **Import codes**: a file of others' codes is uploaded, looked at, and taken in.

pub mod apply;
pub mod ask;
pub mod cancel;
pub mod check;
pub mod code_import;
mod decode;
pub mod keep;
pub mod new;
pub mod reason;
mod records;
pub mod refused;
pub mod show;
mod sniff;
pub mod take_in;
mod upload;
