//! Codes: made at publishing, listed, exported.

mod batches;
mod list;
mod more;
mod one;
mod preparing;
